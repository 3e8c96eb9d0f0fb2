"""
The guide in force, read from the folder that the setting TECUM_GUIDE names.

Until two people first activate the files of a guide, what they say is in force as soon as it is written. From then on
nothing is in force but the content that was activated last; see `operations`.
"""

import logging
import os
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError

from tecum.access.rules import require
from tecum.approvals import queries as approvals
from tecum.approvals.rules import ApprovalView
from tecum.guide.loading import NoGuide, find, load_all, sources
from tecum.guide.model.guide import Guide
from tecum.guide.problems import FaultyGuide, Problem
from tecum.kernel.actors import Actor
from tecum.policy import copies, gate

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
    activated: str = ""
    looked_at: datetime | None = None
    looked: float = 0.0  # by this machine's own count of seconds
    lock: threading.Lock = field(default_factory=threading.Lock)

    def refresh(self, now: datetime) -> None:
        if self.looked_at is not None and not self._due(now, self.looked_at):
            return
        stamp = _stamp(self.folder, self.folders or (self.folder,))
        if stamp != self.stamp or not self.versions:
            self._read()
        self.looked_at, self.looked = now, time.monotonic()

    def _due(self, now: datetime, looked_at: datetime) -> bool:
        """
        Tell whether the files are to be looked at again: once time has gone on, or the clock was set back.

        Many ask what was in force at an earlier instant, one after another: for each of them alone nobody looks again.
        """
        if now >= looked_at:
            return now - looked_at >= RELOOK
        return time.monotonic() - self.looked >= RELOOK.total_seconds()

    def _read(self) -> None:
        self.folders = sources(self.folder)
        stamp = _stamp(self.folder, self.folders)  # before reading: an edit meanwhile is seen the next time
        try:
            activated = gate.activated(self.folder)
        except DatabaseError:
            # Nobody can say what was activated: what was in force here stays, and the next look asks again.
            log.exception("guide.activation_unknown")
            self.versions = self.versions or copies.last_good(self.folder) or load_all(self.folder)
            return
        if activated:
            self._take_activated(activated)
        else:
            self._take_files()
        self.stamp = stamp

    def _take_activated(self, activated: str) -> None:
        """Put the content in force that two people activated last, whatever the files say now."""
        self.problems = _mistakes(self.folder)
        if activated == self.activated and self.versions:
            return
        found = copies.kept(self.folder, activated)
        if found is None and not self.problems and copies.digest(self.folders) == activated:
            copies.keep(self.folders)
            found = load_all(self.folder)
        if found is not None:
            self.versions, self.activated = found, activated
            return
        log.error("guide.activated_copy_missing")
        if not self.versions:
            raise NoGuide(
                f"What was activated of the guide '{self.folder.name}' is neither in its folder nor among the copies. "
                "Put those files back."
            )

    def _take_files(self) -> None:
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


@dataclass(frozen=True, slots=True)
class Files:
    """
    The guide's files as they are now, beside what is in force.

    `digest` is the SHA-256 of what they say; `activated` that of what two people put in force last, "" where nobody ever did.
    """

    name: str
    digest: str
    versions: tuple[Guide, ...]
    problems: tuple[Problem, ...]
    in_force: tuple[Guide, ...]
    activated: str
    waiting: ApprovalView | None
    history: tuple[ApprovalView, ...]

    @property
    def fits(self) -> bool:
        """Tell whether the proposal that waits is about the files as they are now."""
        return self.waiting is not None and self.waiting.digest == self.digest

    @property
    def may_be_proposed(self) -> bool:
        """Tell whether these files can be proposed: no mistake, not in force already, not proposed already."""
        return bool(self.versions) and self.digest != self.activated and not self.fits

    def before(self, guide: Guide) -> Guide | None:
        """Return what a version of the files is compared with: the same version in force where it differs, else the one before it."""
        same = [one for one in self.in_force if one.version == guide.version]
        if same and same[0] != guide:
            return same[0]
        starts = guide.guide.effective_from
        others = [one for one in self.in_force if one.version != guide.version]
        earlier = [one for one in others if one.guide.effective_from <= starts]
        return earlier[-1] if earlier else next(iter(same), None)


def files(*, by: Actor, now: datetime) -> Files:
    """Return the guide's files as they are, with what waits for a second person. :raises NotYours: without guide.read"""
    require(by, "guide.read", now=now)
    shelf = _shelf()
    with shelf.lock:
        shelf.refresh(now)
        in_force = shelf.versions
    folders = sources(shelf.folder)
    problems = _mistakes(shelf.folder)
    about = gate.subject(shelf.folder)
    return Files(
        name=shelf.folder.resolve().name,
        digest=copies.digest(folders),
        versions=() if problems else load_all(shelf.folder),
        problems=problems,
        in_force=in_force,
        activated=gate.activated(shelf.folder),
        waiting=approvals.waiting(gate.ACT, about),
        history=approvals.history(gate.ACT, about),
    )


def kept() -> bool:
    """Tell whether a copy of files without mistakes is kept, from which the desk goes on when those in the folder have some."""
    return copies.last_good(_shelf().folder) is not None


def folder() -> Path:
    """Return the folder of the guide that the setting names."""
    return _shelf().folder


def _mistakes(folder: Path) -> tuple[Problem, ...]:
    try:
        load_all(folder)
    except FaultyGuide as faulty:
        return faulty.problems
    return ()


def _shelf() -> _Shelf:
    named = str(settings.TECUM_GUIDE)
    if named not in _shelves:
        _shelves[named] = _Shelf(find(named, Path(settings.ROOT) / "guides"))
    return _shelves[named]


def _stamp(folder: Path, folders: Iterable[Path]) -> frozenset[tuple[str, int, int]]:
    """Return what changes whenever a file of the guide, or of one that it inherits, changes, or another is in force."""
    files = [
        os.path.join(where, name)
        for one in folders
        for where, _, names in os.walk(one)
        for name in names
        if name.endswith((".toml", ".md"))
    ]
    pointer = copies.pointer_of(folder)
    stats = [(path, os.stat(path)) for path in (*files, *([str(pointer)] if pointer.is_file() else []))]
    return frozenset((path, stat.st_mtime_ns, stat.st_size) for path, stat in stats)
