"""Folders that keep a copy of every checkpoint where this machine's administrators cannot take it back."""

import os
import re
from pathlib import Path
from typing import TypeVar

SUFFIX = ".checkpoint"
Row = TypeVar("Row")


class Contradicted(Exception):
    """A place holds another checkpoint of the same size: one of the two histories is false."""


def file_of(place: Path, *, origin: str, size: int) -> Path:
    """Return where a checkpoint belongs."""
    return place / f"{re.sub(r'[^A-Za-z0-9.-]', '_', origin)}-{size:012d}{SUFFIX}"


def leave(place: Path, *, origin: str, size: int, note: str) -> None:
    """
    Leave a checkpoint at a place, whole or not at all; once is enough.

    :raises Contradicted: where another one of this size is there
    :raises OSError: where the place cannot be reached
    """
    place.mkdir(parents=True, exist_ok=True)
    file = file_of(place, origin=origin, size=size)
    part = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with part.open("w", encoding="utf-8") as writer:
            writer.write(note)
            writer.flush()
            os.fsync(writer.fileno())
        os.link(part, file)  # unlike a rename, this never replaces what is there
    except FileExistsError:
        if file.read_text(encoding="utf-8") != note:
            raise Contradicted(f"{file} holds another checkpoint of {size} entries.") from None
    finally:
        part.unlink(missing_ok=True)
    folder = os.open(place, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def kept(place: Path, *, origin: str, most: int = 200) -> list[tuple[str, str]]:
    """Return name and text of the checkpoints of a log at a place, at most so many, evenly spread, the newest among them."""
    first = file_of(place, origin=origin, size=0).name.removesuffix(f"{0:012d}{SUFFIX}")
    if not place.is_dir():
        return []
    files = sorted(file for file in place.iterdir() if file.name.startswith(first) and file.suffix == SUFFIX)
    return [(str(file), file.read_text(encoding="utf-8")) for file in thinned(files, most)]


def thinned(rows: list[Row], most: int) -> list[Row]:
    """Return at most so many of some rows, evenly spread, the last among them."""
    if len(rows) <= most:
        return rows
    step = len(rows) / most
    return [rows[len(rows) - 1 - int(i * step)] for i in range(most)][::-1]
