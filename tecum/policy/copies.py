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

from tecum.guide.loading import load_all
from tecum.guide.model.guide import Guide
from tecum.guide.problems import FaultyGuide

KINDS = {".toml", ".md"}

log = logging.getLogger(__name__)


def keep(folders: Sequence[Path]) -> None:
    """Copy a guide that was read without a mistake, with those it inherits; its own folder comes first."""
    name = _digest(folders)
    target = _place() / name
    try:
        if not target.exists():
            _place().mkdir(parents=True, exist_ok=True)
            _copy(folders, target)
        load_all(target / folders[0].name)  # an edit while it was copied would show here
        _point(folders[0], name)
    except FaultyGuide:
        log.exception("guide.not_kept")
    except OSError:
        # A full or read-only disk must not stop the desk: only the next restart over a faulty edit would miss it.
        log.exception("guide.not_kept")


def last_good(folder: Path) -> tuple[Guide, ...] | None:
    """Return the versions of the copy that was last in force, or nothing."""
    pointer = _pointer(folder)
    copy = _place() / pointer.read_text().strip() / folder.resolve().name if pointer.is_file() else None
    if copy is None or not copy.is_dir():
        return None
    try:
        return load_all(copy)
    except FaultyGuide:  # a newer program may read an old copy otherwise
        return None


def _copy(folders: Sequence[Path], target: Path) -> None:
    with tempfile.TemporaryDirectory(dir=_place()) as scratch:
        for folder in folders:
            shutil.copytree(folder, Path(scratch) / "guides" / folder.name, ignore=_others)
        # A worker beside us may have been first: then its copy is as good.
        if not target.exists():
            os.replace(Path(scratch) / "guides", target)


def _others(folder: str, names: list[str]) -> list[str]:
    return [n for n in names if (Path(folder) / n).is_file() and Path(n).suffix not in KINDS]


def _point(folder: Path, name: str) -> None:
    pointer = _pointer(folder)
    if pointer.is_file() and pointer.read_text() == name:
        return
    with tempfile.NamedTemporaryFile("w", dir=_place(), delete=False) as scratch:
        scratch.write(name)
    os.replace(scratch.name, pointer)


def _pointer(folder: Path) -> Path:
    where = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    return _place() / f"{folder.resolve().name}-{where}.current"


def _place() -> Path:
    return Path(settings.DATA) / "guides-in-force"


def _digest(folders: Sequence[Path]) -> str:
    seen = hashlib.sha256()
    for folder in folders:
        for path in sorted(p for p in folder.rglob("*") if p.suffix in KINDS and p.is_file()):
            seen.update(f"{folder.name}/{path.relative_to(folder)}\0".encode())
            seen.update(hashlib.sha256(path.read_bytes()).digest())
    return seen.hexdigest()[:32]
