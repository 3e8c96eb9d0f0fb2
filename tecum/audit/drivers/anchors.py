"""Folders that keep a copy of every checkpoint where this machine's administrators cannot take it back."""

import os
import re
from pathlib import Path
from typing import TypeVar

SUFFIX = ".checkpoint"
IN_ONE_FOLDER = 4096
Row = TypeVar("Row")


class Contradicted(Exception):
    """A place holds another checkpoint of the same size: one of the two histories is false."""


def file_of(place: Path, *, origin: str, size: int) -> Path:
    """Return where a checkpoint belongs: no folder ever holds more than 4,096 of them."""
    return folder_of(place, origin) / f"{size // IN_ONE_FOLDER:09d}" / f"{size:012d}{SUFFIX}"


def folder_of(place: Path, origin: str) -> Path:
    """Return the folder of a log."""
    return place / re.sub(r"[^A-Za-z0-9.-]", "_", origin)


def leave(place: Path, *, origin: str, size: int, note: str) -> None:
    """
    Leave a checkpoint at a place, whole or not at all; once is enough.

    :raises Contradicted: where another one of this size is there
    :raises OSError: where the place cannot be reached
    """
    file = file_of(place, origin=origin, size=size)
    file.parent.mkdir(parents=True, exist_ok=True)
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
    for folder in (file.parent, file.parent.parent, place):
        _keep_names(folder)


def kept(place: Path, *, origin: str, most: int = 200) -> list[tuple[str, str]]:
    """Return name and text of checkpoints of a log at a place, at most so many, evenly spread, the newest among them."""
    folders = sorted(folder for folder in folder_of(place, origin).glob("[0-9]*") if folder.is_dir())
    if not folders:
        return []
    newest = sorted(folders[-1].glob(f"*{SUFFIX}"))
    older = [max(folder.glob(f"*{SUFFIX}"), default=None) for folder in thinned(folders[:-1], most)]
    files = thinned([file for file in older if file is not None] + newest, most)
    return [(str(file), file.read_text(encoding="utf-8")) for file in files]


def _keep_names(folder: Path) -> None:
    """Make the names in a folder survive a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def thinned(rows: list[Row], most: int) -> list[Row]:
    """Return at most so many of some rows, evenly spread, the last among them."""
    if len(rows) <= most:
        return rows
    step = len(rows) / most
    return [rows[len(rows) - 1 - int(i * step)] for i in range(most)][::-1]
