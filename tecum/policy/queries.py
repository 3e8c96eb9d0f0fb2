"""The guide in force, read from the folder that the setting TECUM_GUIDE names."""

import logging
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from tecum.guide.loading import NoGuide, find, load_all, sources
from tecum.guide.model.guide import Guide
from tecum.guide.problems import FaultyGuide, Problem
from tecum.policy import copies

RELOOK = timedelta(seconds=2)  # how long an edit of the files may go unseen

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Shelf:
    """What was read last; a faulty edit leaves the versions that were in force in force, also after a restart."""

    folder: Path
    versions: tuple[Guide, ...] = ()
    problems: tuple[Problem, ...] = ()
    folders: tuple[Path, ...] = ()
    stamp: frozenset[tuple[str, int, int]] = frozenset()
    looked_at: datetime | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def refresh(self, now: datetime) -> None:
        if self.looked_at is not None and abs(now - self.looked_at) < RELOOK:
            return
        stamp = _stamp(self.folders or (self.folder,))
        if stamp != self.stamp or not self.versions:
            self._read()
        self.looked_at = now

    def _read(self) -> None:
        self.folders = sources(self.folder)
        stamp = _stamp(self.folders)  # before reading: an edit meanwhile is seen the next time
        try:
            self.versions, self.problems = load_all(self.folder), ()
        except FaultyGuide as faulty:
            log.error("guide.faulty", extra={"mistakes": len(faulty.problems)})
            if not self.versions:
                self.versions = copies.last_good(self.folder) or ()
            if not self.versions:
                raise
            self.problems = faulty.problems
        else:
            copies.keep(self.folders)
        self.stamp = stamp


_shelves: dict[str, _Shelf] = {}


def at(now: datetime) -> Guide:
    """
    Return the version of the carrier's guide that is in force at an instant, frozen.

    An edit that has mistakes changes nothing: what was in force stays in force (see `problems`).
    :raises FaultyGuide: when the guide has mistakes and no version was ever read by this process
    :raises NoGuide: when there is no such guide, or no version at that instant
    """
    shelf = _shelf()
    with shelf.lock:
        shelf.refresh(now)
        versions = shelf.versions
    for guide in reversed(versions):
        day = now.astimezone(guide.carrier.zone.tz).date()
        until = guide.guide.effective_until
        if guide.guide.effective_from <= day and (until is None or day < until):
            return guide
    raise NoGuide(f"No version of the guide '{shelf.folder.name}' is in force at {now:%Y-%m-%d %H:%M %Z}.")


def problems(now: datetime) -> tuple[Problem, ...]:
    """Return the mistakes of the files as they are now; empty when what they say is in force."""
    shelf = _shelf()
    with shelf.lock:
        shelf.refresh(now)
        return shelf.problems


def version(name: str, now: datetime) -> Guide:
    """
    Return a version by its name: a case remembers which version decided what.

    :raises NoGuide: when the guide has none of that name
    """
    shelf = _shelf()
    with shelf.lock:
        shelf.refresh(now)
        for guide in shelf.versions:
            if guide.version == name:
                return guide
    raise NoGuide(f"The guide '{shelf.folder.name}' has no version '{name}'.")


def _shelf() -> _Shelf:
    named = str(settings.TECUM_GUIDE)
    if named not in _shelves:
        _shelves[named] = _Shelf(find(named, Path(settings.ROOT) / "guides"))
    return _shelves[named]


def _stamp(folders: Iterable[Path]) -> frozenset[tuple[str, int, int]]:
    """Return what changes whenever a file of the guide, or of a guide that it inherits, changes."""
    files = [path for folder in folders for kind in ("*.toml", "*.md") for path in folder.rglob(kind)]
    stats = [(str(path), path.stat()) for path in files]
    return frozenset((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)
