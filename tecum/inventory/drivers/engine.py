"""What an engine does: one interface, two engines, one conformance suite."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from tecum.inventory.rules.runs import Edit, Holding, Run, Span
from tecum.inventory.rules.timeline import Fact, Past
from tecum.kernel.refusals import Refused


class NothingLoaded(Refused):
    """There is no inventory yet, so no number can be answered for."""

    def __init__(self) -> None:
        super().__init__("No numbers are loaded yet: `tecum numbers load FILE` loads them.")


class LoadInProgress(Refused):
    """Somebody else is loading; two loads at once would compare with a state that moves."""

    def __init__(self) -> None:
        super().__init__("Another load is running. Wait until it ends, then start again.")


class Meta(NamedTuple):
    """What is loaded: written in the same transaction as the numbers themselves."""

    version: int
    as_of: datetime
    snapshot_as_of: datetime
    source_sha256: str
    feed_position: int
    total: int
    load: str


class Source(NamedTuple):
    """One file that was applied, with the version that it made."""

    version: int
    load: str
    kind: str
    name: str
    sha256: str
    as_of: datetime
    applied_at: datetime


RawRun = tuple[int, int, str, int]  # s, e, customer, days since 1970: a run without the cost of making one


class PastRow(NamedTuple):
    """A row of the history; `source_id` is the version that wrote it."""

    s: int
    e: int
    past: Past
    source_id: int


class Numbered(NamedTuple):
    """A fact about one number, a row of the journal."""

    number: int
    fact: Fact


@dataclass
class Outcome:
    """What was done: facts that were new or known already, and numbers that came, went or changed hands or date."""

    new: int = 0
    known: int = 0
    added: int = 0
    removed: int = 0
    moved: int = 0

    def count(self, edits: Iterable[Edit]) -> "Outcome":
        """Add what edits do."""
        for edit in edits:
            numbers = edit.e - edit.s + 1
            if edit.was is None:
                self.added += numbers
            elif edit.now is None:
                self.removed += numbers
            else:
                self.moved += numbers
        return self

    @property
    def changed(self) -> int:
        return self.added + self.removed + self.moved

    @property
    def grown(self) -> int:
        return self.added - self.removed


class Editor(ABC):
    """The open transaction of a change: nothing is seen by readers until it ends well."""

    @abstractmethod
    def meta(self) -> Meta | None: ...

    @abstractmethod
    def runs_touching(self, spans: Sequence[Span]) -> list[Run]:
        """Return, in order, the runs that share a number with one of the sorted, disjoint spans."""

    @abstractmethod
    def change_runs(self, delete: Sequence[int], insert: Sequence[Run]) -> None: ...

    @abstractmethod
    def past_of(self, numbers: Sequence[int]) -> list[PastRow]: ...

    @abstractmethod
    def change_past(self, delete: Sequence[PastRow], insert: Iterable[PastRow]) -> None: ...

    @abstractmethod
    def journal_of(self, numbers: Sequence[int]) -> list[Numbered]:
        """Return what the journal holds about the sorted numbers, ordered by number."""

    @abstractmethod
    def add_to_journal(self, rows: Sequence[Numbered]) -> None: ...

    @abstractmethod
    def journaled_after(self, at: datetime) -> list[int]:
        """Return, sorted, the numbers about which the journal holds something later than an instant."""

    @abstractmethod
    def source_times(self) -> dict[int, datetime]:
        """Return the as-of of every snapshot by version."""

    @abstractmethod
    def finish(self, meta: Meta, source: Source) -> None:
        """Write what is now loaded and which file made it so."""


class Engine(ABC):
    """Where the numbers live. Readers never wait for a writer."""

    name: str
    where: str

    @abstractmethod
    def look_up(self, numbers: Sequence[int]) -> tuple[Meta, dict[int, Holding]]:
        """
        Return who has each number in service, and what is loaded, from one consistent state.

        :raises NothingLoaded: before the first load
        """

    @abstractmethod
    def meta(self) -> Meta | None: ...

    @abstractmethod
    def past(self, number: int) -> list[PastRow]: ...

    @abstractmethod
    def counts(self) -> dict[str, int]:
        """Count the numbers in service by customer."""

    @abstractmethod
    def counts_within(self, spans: Sequence[Span]) -> dict[str, int]:
        """Count the numbers in service by customer within sorted, disjoint spans."""

    @abstractmethod
    def sources(self, limit: int) -> list[Source]:
        """Return the last files applied, newest first."""

    @abstractmethod
    def applied(self, load: str) -> int | None:
        """Return the version that a load made, None if it made none."""

    @abstractmethod
    def dump(self, path: Path) -> None:
        """Write every run in order, from one consistent state: s, e, customer, days since 1970, parted by tabs."""

    @abstractmethod
    def lock(self) -> AbstractContextManager[None]:
        """
        Hold the one load lock while inside.

        :raises LoadInProgress: if somebody holds it
        """

    @abstractmethod
    def edit(self) -> AbstractContextManager[Editor]:
        """Open a transaction; it commits at the end of the block and rolls back on an exception."""

    @abstractmethod
    def replace(
        self, runs: Iterable[Sequence[RawRun]], past: Iterable[PastRow]
    ) -> AbstractContextManager[Editor]:
        """
        Build a new state beside the current one and swap when the block ends well.

        `runs` come sorted, in chunks; history, journal and sources are carried over, `past` is added.
        """

    @abstractmethod
    def close(self) -> None:
        """Let go of every connection of this process."""


def day_number(day: date) -> int:
    """Return a date as the number that engines store: days since 1 January 1970."""
    return day.toordinal() - 719_163


def day_of(number: int) -> date:
    """Return the date that a stored number stands for."""
    return date.fromordinal(number + 719_163)
