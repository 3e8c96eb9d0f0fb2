"""
Storing and reading files. Whoever stores records why in its own event, and whoever lets a person read notes that:
these functions are the shelf, not the desk.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import transaction

from tecum.documents.drivers.folder import Folder, Missing
from tecum.documents.models import StoredFile
from tecum.documents.queries import FileView, view
from tecum.kernel.actors import Actor
from tecum.kernel.ids import unguessable
from tecum.kernel.refusals import NotYours, Refused
from tecum.secrecy import operations as secrecy

PIECE = 1 << 20
SETTLED = timedelta(days=1)  # a file without a row for so long belongs to nobody


class FileMissing(Refused):
    """A stored file is not where it was put: the disk lost it, or a restore is not finished."""


class _Measured:
    """Counts and hashes what passes through."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self.pieces, self.digest, self.size = pieces, sha256(), 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.pieces:
            self.digest.update(piece)
            self.size += len(piece)
            yield piece


@dataclass(frozen=True, slots=True)
class Kept:
    """A content that is on the disk, sealed, and that no row knows yet."""

    id: str
    matter: str
    address: str
    sealed_size: int
    sha256: str
    size: int


def put(content: bytes | Iterable[bytes], *, matter: str) -> Kept:
    """
    Seal a content under its matter's key and write it to the disk: needs no transaction, and should be in none.

    :raises Destroyed: when the matter's key is gone
    """
    file = unguessable()
    measured = _Measured(_pieces(content))
    there = _folder().put(secrecy.seal_stream(measured, matter=matter, about=_about(file)))
    return Kept(file, matter, there.address, there.size, measured.digest.hexdigest(), measured.size)


def enter(kept: Kept, *, purpose: str, media_type: str, by: Actor, now: datetime) -> FileView:
    """
    Let the database know of a content that is on the disk.

    In a transaction that is undone the row goes and the bytes stay, which nothing can read any more and
    `remove_strays` clears away.
    """
    row = StoredFile(
        id=kept.id, matter=kept.matter, address=kept.address, sealed_size=kept.sealed_size, sha256=kept.sha256,
        size=kept.size, media_type=media_type, purpose=purpose, stored_at=now, stored_by=by.ref,
    )  # fmt: skip
    row.save(force_insert=True)
    return view(row)


def discard(kept: Iterable[Kept]) -> None:
    """Take contents away that no row knows, because what they were for is not going to happen."""
    for each in kept:
        if not StoredFile.objects.filter(address=each.address, removed_at=None).exists():
            _folder().remove(each.address)


def store(
    content: bytes | Iterable[bytes], *, matter: str, purpose: str, media_type: str, by: Actor, now: datetime
) -> FileView:
    """Put a content on the disk and let the database know, in this order. :raises Destroyed: when the key is gone"""
    return enter(put(content, matter=matter), purpose=purpose, media_type=media_type, by=by, now=now)


def read(file: str) -> bytes:
    """
    Return the content of a stored file. Whoever shows it to a person notes that first.

    :raises NotYours: for a file that there is not
    :raises Destroyed: when its epoch's key is gone
    :raises FileMissing: when the disk does not have it
    :raises Tampered: when it is not what was stored
    """
    return b"".join(stream(file))


def stream(file: str) -> Iterator[bytes]:
    """Return the content of a stored file in pieces, each proven before it comes; raises as `read` does."""
    row = _row(file)
    sealed = _folder().pieces(row.address)
    try:
        yield from secrecy.read_stream(sealed, matter=row.matter, about=_about(row.id))
    except Missing:
        raise FileMissing(f"The stored file {file} is not on the disk.") from None


def remove(file: str, *, now: datetime) -> None:
    """Take a file's bytes away for good; the row stays and says when. The caller records why."""
    row = _row(file)
    if StoredFile.objects.filter(pk=row.pk, removed_at=None).update(removed_at=now) == 1:
        # Only once that is certain: a change that is undone keeps its bytes; what stays behind is a stray.
        transaction.on_commit(partial(_folder().remove, row.address))


def remove_strays(*, now: datetime) -> int:
    """Clear away files that no row knows, a day after they came: traces of what was undone. Return how many."""
    folder, gone = _folder(), 0
    for address in folder.addresses(untouched_since=(now - SETTLED).timestamp()):
        if not StoredFile.objects.filter(address=address, removed_at=None).exists():
            folder.remove(address)
            gone += 1
    return gone


def _row(file: str) -> StoredFile:
    row = StoredFile.objects.filter(pk=file, removed_at=None).first()
    if row is None:
        raise NotYours
    return row


def _about(file: str) -> str:
    return f"file {file}"


def _pieces(content: bytes | Iterable[bytes]) -> Iterable[bytes]:
    if isinstance(content, bytes):
        return (content[at : at + PIECE] for at in range(0, len(content), PIECE))
    return content


def _folder() -> Folder:
    return Folder(Path(settings.MEDIA_ROOT))
