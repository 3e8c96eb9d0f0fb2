"""A file as the switch left it: its hash, whether it is whole, its header; one pass without understanding a single row."""

import gzip
import hashlib
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from tecum.records.rules.reading import CannotLoad

BLOCK = 1 << 20
MOST_BLANKS = 100_000
PARQUET, GZIP = b"PAR1", b"\x1f\x8b"


@dataclass
class Look:
    """What one pass over a file saw."""

    kind: str
    sha256: str = ""
    header: list[str] = field(default_factory=list)
    lines: int = 0  # of text, the header too
    blanks: list[int] = field(default_factory=list)
    quotes: bool = False
    ends: bool = True  # the last line ends with a line break
    last: str = ""


def kind_of(path: Path) -> str:
    """
    Return csv, csv.gz or parquet by the first bytes.

    :raises CannotLoad: if it cannot be opened
    """
    try:
        with path.open("rb") as file:
            head = file.read(4)
    except OSError as error:
        raise CannotLoad(f"{path.name} cannot be opened: {error.strerror}.") from None
    if head.startswith(PARQUET):
        return "parquet"
    return "csv.gz" if head.startswith(GZIP) else "csv"


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def durable(path: Path) -> None:
    """Wait until a file or a folder is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class _Hashed:
    """A file that is hashed while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self.file.read(size)
        self.digest.update(block)
        return block


def look(path: Path, delimiter: str) -> Look:
    """
    Read a file once from its beginning to its end.

    :raises CannotLoad: for a damaged gzip file, UTF-16, or nothing
    """
    found = Look(kind_of(path))
    if found.kind == "parquet":
        found.sha256 = sha256_of(path)
        return found
    with path.open("rb") as file:
        hashed = _Hashed(file)
        try:
            _lines(found, _blocks(hashed, found.kind))
        except (OSError, EOFError, zlib.error):
            raise CannotLoad(
                f"{path.name} is a truncated or damaged gzip file. Nothing was loaded."
            ) from None
        while hashed.read(BLOCK):
            pass
        found.sha256 = hashed.digest.hexdigest()
    if not found.lines:
        raise CannotLoad(f"{path.name} is empty. Nothing was loaded.")
    if "\0" in found.header[0]:
        raise CannotLoad(
            f"{path.name} is written in UTF-16. Save it as UTF-8, then load it again. Nothing was loaded."
        )
    found.header = [title.strip().strip('"') for title in found.header[0].lstrip("\ufeff").split(delimiter)]
    return found


def _blocks(file: Any, kind: str) -> Iterator[bytes]:
    opened = gzip.GzipFile(fileobj=file) if kind == "csv.gz" else file
    while block := opened.read(BLOCK):
        yield block


def _lines(found: Look, blocks: Iterator[bytes]) -> None:
    tail = b""
    for block in blocks:
        text = tail + block
        if not found.lines and not found.header:
            found.header = [text.split(b"\n", 1)[0].decode("utf-8", "replace").rstrip("\r")]
        found.quotes = found.quotes or b'"' in block
        whole, _, tail = text.rpartition(b"\n")
        if whole or text.startswith(b"\n"):
            _blank(found, whole)
            found.lines += whole.count(b"\n") + 1
            found.last = whole.rpartition(b"\n")[2].decode("utf-8", "replace").rstrip("\r")
    if tail:
        found.ends = False
        found.lines += 1
        found.last = tail.decode("utf-8", "replace")


def _blank(found: Look, whole: bytes) -> None:
    if b"\n\n" not in whole and b"\n\r\n" not in whole and not whole.startswith((b"\n", b"\r\n")):
        return
    for at, line in enumerate(whole.split(b"\n"), start=found.lines + 1):
        if not line.strip(b"\r") and len(found.blanks) < MOST_BLANKS:
            found.blanks.append(at)
