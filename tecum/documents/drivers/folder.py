"""A folder of files, each named by the SHA-256 of its bytes: `ab/cd/abcd…`."""

import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

DRAFTS = "drafts"
PIECE = 1 << 20


class Missing(Exception):
    """There are no such bytes here."""


@dataclass(frozen=True, slots=True)
class Put:
    """Where bytes lie now, and how many they are."""

    address: str
    size: int


class Folder:
    """Keeps bytes that never change. A name is a proof: whoever reads can compare."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, pieces: Iterable[bytes]) -> Put:
        """Keep bytes; when this returns, they and their names are on the disk, whatever happens to this machine."""
        drafts = self.root / DRAFTS
        drafts.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = drafts / secrets.token_hex(16)
        try:
            digest, size = self._write(draft, pieces)
            self._settle(draft, self.path(digest))
        finally:
            draft.unlink(missing_ok=True)
        return Put(digest, size)

    def pieces(self, address: str) -> Iterator[bytes]:
        """Yield the bytes of a file. :raises Missing: where there are none"""
        try:
            file = self.path(address).open("rb")
        except FileNotFoundError:
            raise Missing(address) from None
        with file:
            while piece := file.read(PIECE):
                yield piece

    def remove(self, address: str) -> None:
        """Take a file away; one that is gone already is no fault."""
        self.path(address).unlink(missing_ok=True)

    def addresses(self, *, untouched_since: float) -> Iterator[str]:
        """Yield the names of all files that lie here since before an instant (seconds of the epoch)."""
        for path in self.root.glob("??/??/*"):
            if path.stat().st_mtime < untouched_since:
                yield path.name

    def whole(self, address: str) -> bool:
        """Tell whether a file is there and is what its name says."""
        digest = sha256()
        try:
            for piece in self.pieces(address):
                digest.update(piece)
        except Missing:
            return False
        return digest.hexdigest() == address

    def path(self, address: str) -> Path:
        """Return the place of a name."""
        return self.root / address[:2] / address[2:4] / address

    @staticmethod
    def _write(draft: Path, pieces: Iterable[bytes]) -> tuple[str, int]:
        digest, size = sha256(), 0
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        return digest.hexdigest(), size

    def _settle(self, draft: Path, place: Path) -> None:
        """Give a file its name, and write every folder on the way to the disk."""
        fresh = [folder for folder in (place.parent.parent, place.parent) if not folder.exists()]
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft.replace(place)
        for folder in {place.parent, *(folder.parent for folder in fresh)}:
            _sync(folder)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
