"""What is stored, and whether it is whole."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from tecum.documents.drivers.folder import Folder
from tecum.documents.models import StoredFile


@dataclass(frozen=True, slots=True)
class FileView:
    """One stored file; `sha256` and `size` are of the content, not of the sealed bytes."""

    id: str
    matter: str
    sha256: str
    size: int
    media_type: str
    purpose: str
    stored_at: datetime


def files(*, matter: str) -> list[FileView]:
    """Return the files of a matter in the order in which they came."""
    return [
        view(row)
        for row in StoredFile.objects.filter(matter=matter, removed_at=None).order_by("stored_at", "id")
    ]


def media_type(file: str) -> str:
    """Return the type of a stored file, "" for one that there is not."""
    return (
        StoredFile.objects.filter(pk=file, removed_at=None).values_list("media_type", flat=True).first() or ""
    )


def count(*, purpose: str) -> int:
    """Return how many files were ever stored for a purpose."""
    return StoredFile.objects.filter(purpose=purpose).count()


def stored_for(purpose: str) -> dict[str, datetime]:
    """Return every file ever stored for a purpose, with when it came."""
    return dict(StoredFile.objects.filter(purpose=purpose).values_list("pk", "stored_at"))


def damaged() -> list[str]:
    """Read every stored file and return the ids of those that are missing or not what they were; needs no key."""
    folder = Folder(Path(settings.MEDIA_ROOT))
    rows = StoredFile.objects.filter(removed_at=None).order_by("stored_at").values_list("id", "address")
    return [file for file, address in rows.iterator() if not folder.whole(address)]


def view(row: StoredFile) -> FileView:
    """Return a row as its readers see it."""
    return FileView(row.id, row.matter, row.sha256, row.size, row.media_type, row.purpose, row.stored_at)
