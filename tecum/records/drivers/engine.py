"""What an engine does: one interface, two engines, one conformance suite. An engine knows parts and questions, never a scope."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

RawRow = Sequence[
    Any
]  # the columns of layout.COLUMNS in order, start_at as microseconds since 1970, charge as text


@dataclass(frozen=True, slots=True)
class Ask:
    """
    The rows of one number in one half-open period, from these files.

    `calling`: the files in which it may have called, empty where only calls *to* it are wanted; `called`: those in which it may have
    been called. `distinct`: files may hold the same row (what several holds of one matter kept), and it counts once.
    """

    number: str
    start: datetime
    end: datetime
    calling: tuple[str, ...]
    called: tuple[str, ...]
    distinct: bool = False


class RecordEngine(ABC):
    """Answers questions from Parquet files."""

    name: str

    @abstractmethod
    def rows(self, asks: Sequence[Ask]) -> Iterator[tuple[int, RawRow]]:
        """
        Yield (index of the question, row), question by question, in order of start and record id; closing it ends the search.

        :raises PartGone: if a file is not there
        """

    @abstractmethod
    def counts(self, asks: Sequence[Ask]) -> list[int]:
        """Return how many rows each question has."""

    @abstractmethod
    def close(self) -> None:
        """Let go of processes and sessions."""
