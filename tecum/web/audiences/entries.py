"""One entry of the navigation, and the people it is for."""

from dataclasses import dataclass

MOST = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its words, the name of its page, the permission that opens it ("" for everybody)."""

    label: str
    page: str
    permission: str = ""
    #: Pages that stand under this entry: the entry is marked as the section while one of them is open.
    section: tuple[str, ...] = ()
    #: What stands in its place for somebody whom only a part of it is for.
    otherwise: "Entry | None" = None


@dataclass(frozen=True, slots=True)
class Audience:
    """The people that a part of the house is for. `name` is the namespace of its addresses."""

    name: str
    place: str
    home: str
    entries: tuple[Entry, ...]
