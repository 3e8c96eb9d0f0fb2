"""
A copy is a folder: the database, `files/`, `records/`, `inventory/`, and `manifest.json` that names each with its SHA-256.

Never a key: neither the sealing key nor those of the epochs, nor what signs. Files are taken after the database, so that
whatever the database names is there; what was removed in between is missing, and the manifest says so by its absence.
"""

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from tecum.kernel.refusals import Refused
from tecum.recovery.drivers import databases

MANIFEST = "manifest.json"
FORMAT = 1
SQLITE_ENDS = (".sqlite3", ".sqlite", ".db")
LEFT_OUT = ("-wal", "-shm", "-journal", ".tmp", ".lock")


class NotACopy(Refused):
    """A folder that is no copy of ours, or not as it was made."""


class NotEmpty(Refused):
    """The place that a copy would be put into, or made in, holds something already."""


@dataclass(frozen=True, slots=True)
class Copy:
    """What a manifest says."""

    folder: Path
    made_at: datetime
    digest: str
    files: Mapping[str, tuple[str, int]]
    checkpoint: str
    entries: int
    migration: str
    database: str

    @property
    def size(self) -> int:
        """Return how many bytes its files have."""
        return sum(size for _, size in self.files.values())


def places() -> dict[str, Path]:
    """Return the folders that are copied, by their name in a copy."""
    data = Path(settings.DATA)
    records = str(getattr(settings, "TECUM_RECORDS", "") or "")
    return {
        "files": Path(settings.MEDIA_ROOT),
        "records": Path(records) if records else data / "records",
        "inventory": data / "inventory",
        "switches": data / "switches",
    }


def key_places() -> tuple[Path, ...]:
    """Return everything that holds a key and so is never copied."""
    return tuple(
        Path(each)
        for each in (
            settings.TECUM_SEALING_KEY_FILE, settings.TECUM_EPOCH_KEYS, settings.TECUM_TRAIL_KEY_FILE,
            settings.TECUM_SIGNING_FILE, settings.TECUM_FACTOR_KEY_FILE, settings.TECUM_SECRETS,
        )
    )  # fmt: skip


def make(folder: Path, *, checkpoint: str, entries: int, now: datetime) -> Copy:
    """Make a copy in a folder that is not there yet. :raises NotEmpty: where it is"""
    if folder.exists():
        raise NotEmpty(f"{folder} is there already; a copy goes into a folder of its own.")
    draft = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True, mode=0o700)
    database = databases.dump(draft)
    for name, place in places().items():
        _take(place, draft / name)
    files = {name: _measured(draft / name) for name in _names(draft)}
    said = {
        "format": FORMAT, "made_at": now.isoformat(), "database": database.name, "migration": _migration(),
        "checkpoint": checkpoint, "entries": entries, "files": {name: list(each) for name, each in files.items()},
    }  # fmt: skip
    text = json.dumps(said, indent=1, sort_keys=True)
    (draft / MANIFEST).write_text(text)
    _sync(draft)
    draft.rename(folder)
    return _read(folder, text)


def read(folder: Path) -> Copy:
    """Return what a copy says of itself, every byte held against its manifest. :raises NotACopy: where one differs"""
    try:
        text = (folder / MANIFEST).read_text()
        copy = _read(folder, text)
    except (OSError, ValueError, KeyError, TypeError):
        raise NotACopy(f"{folder} is no copy that `tecum backup` made.") from None
    names = set(_names(folder)) - {MANIFEST}
    wrong = sorted(names ^ copy.files.keys())
    wrong += [
        name for name in sorted(names & copy.files.keys()) if _measured(folder / name) != copy.files[name]
    ]
    if wrong:
        raise NotACopy(
            f"{len(wrong)} files of this copy are missing, strange or changed; the first: {wrong[0]}."
        )
    return copy


def put_back(copy: Copy) -> None:
    """Put a copy into the empty places that the settings name. :raises NotEmpty: where one is not"""
    full = [str(place) for place in places().values() if place.exists() and any(place.iterdir())]
    if full or not databases.is_empty():
        raise NotEmpty(
            f"Not empty: {', '.join(full) or 'the database'}. A copy is put into an empty installation only."
        )
    Path(settings.DATA).mkdir(parents=True, exist_ok=True)
    for name, place in places().items():
        if (copy.folder / name).exists():
            shutil.copytree(copy.folder / name, place, dirs_exist_ok=True)
    databases.load(copy.folder)


def _take(source: Path, target: Path) -> None:
    """Copy a folder that others write; a SQLite file by its own backup, what vanishes meanwhile is left out."""
    if not source.is_dir():
        return
    for path in _walk(source):
        place = target / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            if path.name.endswith(SQLITE_ENDS):
                databases.copy_sqlite(path, place)
            else:
                shutil.copyfile(path, place)
        except FileNotFoundError:
            continue


def _walk(folder: Path) -> Iterator[Path]:
    keys = {each.resolve() for each in key_places()}
    for here, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if (Path(here) / name).resolve() not in keys]
        for name in sorted(names):
            path = Path(here) / name
            if path.resolve() not in keys and not name.endswith(LEFT_OUT):
                yield path


def _names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def _measured(path: Path) -> tuple[str, int]:
    digest = sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest(), path.stat().st_size


def _read(folder: Path, text: str) -> Copy:
    said: dict[str, Any] = json.loads(text)
    if said["format"] != FORMAT:
        raise ValueError
    files = {str(name): (str(each[0]), int(each[1])) for name, each in said["files"].items()}
    return Copy(
        folder, datetime.fromisoformat(said["made_at"]), sha256(text.encode()).hexdigest(), files,
        str(said["checkpoint"]), int(said["entries"]), str(said["migration"]), str(said["database"]),
    )  # fmt: skip


def _migration() -> str:
    rows = MigrationRecorder(connection).migration_qs.filter(app="tecum").order_by("-name")
    return str(rows.values_list("name", flat=True).first() or "")


def _sync(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
