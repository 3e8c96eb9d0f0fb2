"""
A copy of the guide that was last in force, so that a restart over a faulty edit finds it again.

Copies lie in the data folder by the hash of their content; a pointer per guide, replaced in one step, names the good one.
"""

import hashlib
import logging
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from tecum.guide.loading import load_all, sources
from tecum.guide.model.guide import Guide
from tecum.guide.problems import FaultyGuide
from tecum.kernel.refusals import Refused

KINDS = {".toml", ".md"}

log = logging.getLogger(__name__)


class NotKept(Refused):
    """A copy of the guide's files could not be made."""


def keep(folders: Sequence[Path]) -> None:
    """Copy a guide that was read without a mistake, with those it inherits, and point to it; its own folder comes first."""
    try:
        point(folders[0], store(folders))
    except (FaultyGuide, NotKept, OSError):
        # A full or read-only disk must not stop the desk: only the next restart over a faulty edit would miss it.
        log.exception("guide.not_kept")


def store(folders: Sequence[Path]) -> str:
    """
    Copy a guide and those it inherits, and return the SHA-256 of the copy's content, which is the copy's name.

    :raises NotKept: when the disk refuses, or the files are being edited at this moment
    :raises FaultyGuide: when the files have mistakes
    """
    name = digest(folders)
    target = _place() / name
    try:
        if not target.exists():
            _place().mkdir(parents=True, exist_ok=True)
            _copy(folders, target, name)
    except OSError as error:
        raise NotKept(
            "The guide's files could not be copied: the disk refuses. Nothing was changed."
        ) from error
    load_all(target / folders[0].name)
    return name


def kept(folder: Path, name: str) -> tuple[Guide, ...] | None:
    """Return the versions of the copy with this digest, or nothing where it is gone, altered or not to be read."""
    copy = _place() / name / folder.resolve().name
    if not (copy / "guide.toml").is_file() or digest(sources(copy)) != name:
        return None
    try:
        return load_all(copy)
    except FaultyGuide:  # a newer program may read an old copy otherwise
        return None


def last_good(folder: Path) -> tuple[Guide, ...] | None:
    """Return the versions of the copy that was last in force, or nothing."""
    pointer = pointer_of(folder)
    copy = _place() / pointer.read_text().strip() / folder.resolve().name if pointer.is_file() else None
    if copy is None or not copy.is_dir():
        return None
    try:
        return load_all(copy)
    except FaultyGuide:  # a newer program may read an old copy otherwise
        return None


def _copy(folders: Sequence[Path], target: Path, name: str) -> None:
    with tempfile.TemporaryDirectory(dir=_place()) as scratch:
        for folder in folders:
            shutil.copytree(folder, Path(scratch) / "guides" / folder.name, ignore=_others)
        if digest([Path(scratch) / "guides" / folder.name for folder in folders]) != name:
            raise NotKept("The guide's files are being edited at this moment. Try again.")
        # A worker beside us may have been first: then its copy is as good.
        if not target.exists():
            os.replace(Path(scratch) / "guides", target)


def _others(folder: str, names: list[str]) -> list[str]:
    return [n for n in names if (Path(folder) / n).is_file() and Path(n).suffix not in KINDS]


def point(folder: Path, name: str) -> None:
    """Name the copy that is in force; the other processes see it by this file."""
    pointer = pointer_of(folder)
    if pointer.is_file() and pointer.read_text() == name:
        return
    with tempfile.NamedTemporaryFile("w", dir=_place(), delete=False) as scratch:
        scratch.write(name)
    os.replace(scratch.name, pointer)


def pointer_of(folder: Path) -> Path:
    """Return the file that names the copy in force."""
    where = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    return _place() / f"{folder.resolve().name}-{where}.current"


def _place() -> Path:
    return Path(settings.DATA) / "guides-in-force"


def digest(folders: Sequence[Path]) -> str:
    """Return the SHA-256 of what a guide and those it inherits say; other files in their folders do not count."""
    seen = hashlib.sha256()
    for folder in folders:
        for path in sorted(p for p in folder.rglob("*") if p.suffix in KINDS and p.is_file()):
            seen.update(f"{folder.name}/{path.relative_to(folder)}\0".encode())
            seen.update(hashlib.sha256(path.read_bytes()).digest())
    return seen.hexdigest()
