"""What every connector is."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, Protocol

from tecum.kernel.refusals import Refused


class CannotList(Refused):
    """The list could not be had, or not wholly; nothing was changed."""


class Unchanged(Refused):
    """The other system says that its list is the one it gave before."""


class Line(NamedTuple):
    """A line of the list: its place, its columns, and why it cannot be read at all (then `columns` is empty)."""

    at: int
    columns: Mapping[str, str]
    fault: str = ""


class Connector(Protocol):
    """A full list of one billing system. Nothing can be asked of it."""

    @property
    def name(self) -> str:
        """Return the name of the file, the view or the host, without any secret."""

    @property
    def etag(self) -> str:
        """Return what the other system calls this state of its list, once it was read; empty where it says nothing."""

    def header(self) -> list[str]:
        """Return the names of the columns. :raises CannotList: where there is no list"""

    def lines(self) -> Iterator[Line]:
        """Yield every line. :raises CannotList: where the list ends before its end"""
