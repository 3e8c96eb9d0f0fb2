"""A bag (RFC 8493) in a folder or in a ZIP: what is in it, and whether it is what its manifests say."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import IO

# As sha256sum writes it, to the letter: no hash is kept of the tag manifest, so a laxer reading would let a change pass.
LINE = re.compile(r"([0-9a-f]{64})  (.+)")
MANIFEST, TAGMANIFEST, INFO = "manifest-sha256.txt", "tagmanifest-sha256.txt", "bag-info.txt"
PIECE = 1 << 20
LARGEST_TEXT = 50_000_000


class NoBag(Exception):
    """There is nothing that can be checked; the text says why."""


class About(IntEnum):
    """What a finding is about; the number is the exit code."""

    FILE = 2
    ROW = 3
    PAPER = 4


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, in a sentence that names it."""

    about: About
    path: str
    words: str

    def __str__(self) -> str:
        return f"{self.path}: {self.words}"


class Bag:
    """Gives the names of the files, and their bytes."""

    def __init__(self, names: "set[str]") -> None:
        self.names = names

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """Open a file of the bag."""
        raise NotImplementedError

    def text(self, name: str) -> str:
        """Return a small text file. :raises NoBag: when it is missing, too large, or no text"""
        if name not in self.names:
            raise NoBag(f"{name} is missing")
        with self.open(name) as file:
            data = file.read(LARGEST_TEXT + 1)
        if len(data) > LARGEST_TEXT:
            raise NoBag(f"{name} is too large")
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise NoBag(f"{name} is no text in UTF-8") from None

    def digest(self, name: str) -> str:
        """Return the SHA-256 of a file."""
        digest = sha256()
        with self.open(name) as file:
            while piece := file.read(PIECE):
                digest.update(piece)
        return digest.hexdigest()

    def size(self, name: str) -> int:
        """Return the size of a file in bytes."""
        with self.open(name) as file:
            return sum(len(piece) for piece in iter(lambda: file.read(PIECE), b""))


class Folder(Bag):
    """A bag that was unpacked."""

    def __init__(self, root: Path) -> None:
        self.root = root
        found = [path for path in root.rglob("*") if not path.is_dir() or path.is_symlink()]
        if links := [path for path in found if path.is_symlink()]:
            raise NoBag(f"{links[0].relative_to(root).as_posix()} is a link, not a file")
        super().__init__({path.relative_to(root).as_posix() for path in found})

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """Open a file."""
        with (self.root / name).open("rb") as file:
            yield file


class Zipped(Bag):
    """A bag as it was fetched, never unpacked to the disk."""

    def __init__(self, path: Path) -> None:
        self.archive = zipfile.ZipFile(path)
        names = [each.filename for each in self.archive.infolist() if not each.is_dir()]
        tops = {PurePosixPath(name).parts[0] for name in names if PurePosixPath(name).parts}
        if len(tops) != 1 or len(set(names)) != len(names) or any(_strange(name) for name in names):
            raise NoBag("the ZIP does not hold one folder with each name once")
        self.top = tops.pop()
        super().__init__({name[len(self.top) + 1 :] for name in names})

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """Open a file."""
        try:
            with self.archive.open(f"{self.top}/{name}") as file:
                yield file
        except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as fault:
            raise NoBag(f"{name} cannot be read from the ZIP ({fault})") from None


def _strange(name: str) -> bool:
    path = PurePosixPath(name)
    return path.is_absolute() or ".." in path.parts or "\\" in name or len(path.parts) < 2


def opened(path: Path) -> Bag:
    """Return the bag at a path. :raises NoBag: where there is none"""
    if path.is_dir():
        inner = [each for each in path.iterdir() if each.is_dir()]
        root = inner[0] if not (path / "bagit.txt").exists() and len(inner) == 1 else path
        bag: Bag = Folder(root)
    elif path.is_file() and zipfile.is_zipfile(path):
        try:
            bag = Zipped(path)
        except zipfile.BadZipFile as fault:
            raise NoBag(f"the ZIP cannot be read ({fault})") from None
    else:
        raise NoBag("there is no folder and no ZIP of that name")
    if MANIFEST not in bag.names:
        raise NoBag(f"{MANIFEST} is missing: this is not a production")
    return bag


def manifest(bag: Bag, name: str, found: list[Finding]) -> dict[str, str]:
    """Return path → hash of a manifest; a line that is none is a finding."""
    said: dict[str, str] = {}
    text = bag.text(name)
    for at, line in enumerate(text.removesuffix("\n").split("\n") if text else (), 1):
        match = LINE.fullmatch(line)
        if match is None or match[2] in said:
            found.append(
                Finding(About.FILE, name, f"line {at} is no line of a manifest, or names a file twice.")
            )
            continue
        said[match[2]] = match[1]
    return said


def check(bag: Bag) -> tuple[list[Finding], dict[str, str]]:
    """Hold every file against the manifests; return what is wrong, and what the manifest says of data/."""
    found: list[Finding] = []
    payload = manifest(bag, MANIFEST, found)
    tags: dict[str, str] = {}
    if TAGMANIFEST in bag.names:
        tags = manifest(bag, TAGMANIFEST, found)
    else:
        found.append(Finding(About.FILE, TAGMANIFEST, "this file is missing."))
    for name, digest in sorted({**payload, **tags}.items()):
        if name not in bag.names:
            found.append(Finding(About.FILE, name, "this file is missing."))
        elif bag.digest(name) != digest:
            found.append(
                Finding(
                    About.FILE, name, "this file was changed: it has another SHA-256 than the manifest says."
                )
            )
    for name in sorted(bag.names - payload.keys() - tags.keys() - {TAGMANIFEST}):
        found.append(Finding(About.FILE, name, "this file was added: no manifest names it."))
    for name in sorted(name for name in payload if not name.startswith("data/")):
        found.append(Finding(About.FILE, name, "the manifest names a file outside data/."))
    found += _oxum(bag, payload)
    return found, payload


def _oxum(bag: Bag, payload: dict[str, str]) -> list[Finding]:
    """Hold bag-info.txt against the number and size of the files."""
    if INFO not in bag.names:
        return []
    match = re.search(r"^Payload-Oxum: *(\d+)\.(\d+) *$", bag.text(INFO), re.MULTILINE)
    there = [name for name in payload if name in bag.names]
    actual = (sum(bag.size(name) for name in there), len(payload))
    if match is None or (int(match[1]), int(match[2])) != actual:
        return [
            Finding(
                About.FILE, INFO, f"it does not say {actual[0]} bytes in {actual[1]} files (Payload-Oxum)."
            )
        ]
    return []
