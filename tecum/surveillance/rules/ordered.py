"""What was ordered, and what an authority allows: frozen values, with one canonical text and its hash."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any


class Service(StrEnum):
    """Which of the carrier's services is listened to (decision D3)."""

    INTERCONNECT = "interconnect"
    DISPATCH = "dispatch"


class Intercept(StrEnum):
    """The type of a surveillance; "eavesdropping" is the sources' other word for Title III (decision D3)."""

    PEN_REGISTER = "pen_register"
    TRAP_AND_TRACE = "trap_and_trace"
    TITLE_III = "title_iii"


CONTENT = frozenset({Intercept.TITLE_III})  # what is said, not only who called whom (18 USC 2510(8), 3127(3))


class AuthorityKind(StrEnum):
    ORDER = "order"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class Ordered:
    """One line of an order: a target number (ten digits), a service, a type, and the switches it is to run on."""

    number: str
    service: Service
    type: Intercept
    switches: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Allows:
    """What the text of an order permits beyond its lines (R-118, R-119), and whether it gives an exact time (R-132)."""

    new_handset: bool = False
    new_number: bool = False
    beyond_jurisdiction: bool = False
    exact_time: bool = False


@dataclass(frozen=True, slots=True)
class Authority:
    """
    What a surveillance rests on, as its readers see it; the end belongs to it and to nothing else.

    `evidence` is the paper, by the id of its document. `until` is the first instant at which nothing may be on any
    more: the end, or what an administrator held it to while papers that came in time are read (C3).
    """

    id: str
    surveillance: str
    kind: AuthorityKind
    state: str
    case: str
    matter: str
    starts_at: datetime
    ends_at: datetime
    held_until: datetime | None
    evidence: str
    ordered: tuple[Ordered, ...]
    allows: Allows
    digest: str
    proposed_by: str
    approved_by: str
    approved_at: datetime

    @property
    def until(self) -> datetime:
        """Return the first instant at which nothing may be on any more."""
        return max(self.ends_at, self.held_until) if self.held_until else self.ends_at


@dataclass(frozen=True, slots=True)
class Line:
    """What one switch is to do for one target and service: all types together are one object on the switch."""

    number: str
    service: Service
    switch: str
    types: frozenset[Intercept]


def compiled(ordered: Iterable[Ordered]) -> tuple[Line, ...]:
    """Return what every switch is to do, in a fixed order."""
    found: dict[tuple[str, Service, str], set[Intercept]] = {}
    for each in ordered:
        for switch in each.switches:
            found.setdefault((each.number, each.service, switch), set()).add(each.type)
    return tuple(Line(*key, frozenset(types)) for key, types in sorted(found.items()))


def covered(ordered: Iterable[Ordered], line: Line) -> frozenset[Intercept]:
    """Return those types of a line that the order covers for its number, service and switch: never more than it says."""
    for each in compiled(ordered):
        if (each.number, each.service, each.switch) == (line.number, line.service, line.switch):
            return each.types & line.types
    return frozenset()


def only(lines: Iterable[Line], within: Iterable[Ordered]) -> bool:
    """Tell whether every type of every line is ordered."""
    ordered = tuple(within)
    return all(line.types and covered(ordered, line) == line.types for line in lines)


def written(types: Iterable[Intercept]) -> str:
    """Return types as one text in a fixed order, for a column."""
    return " ".join(sorted(types))


def read(text: str) -> frozenset[Intercept]:
    """Return the types of such a text."""
    return frozenset(Intercept(word) for word in text.split())


def as_data(ordered: Iterable[Ordered]) -> list[dict[str, Any]]:
    """Return lines as plain data, in a fixed order."""
    rows = [
        {"number": o.number, "service": o.service, "type": o.type, "switches": sorted(o.switches)}
        for o in ordered
    ]
    return sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))


def from_data(rows: Iterable[Mapping[str, Any]]) -> tuple[Ordered, ...]:
    """Return lines from plain data."""
    return tuple(
        Ordered(row["number"], Service(row["service"]), Intercept(row["type"]), tuple(row["switches"]))
        for row in rows
    )


def allows_data(allows: Allows) -> dict[str, bool]:
    """Return what an order allows as plain data."""
    return asdict(allows)


def digest(act: str, content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of exactly what will happen; instants in UTC, keys in order."""
    said = {"act": act, **content}
    return sha256(json.dumps(said, sort_keys=True, default=_plain).encode()).hexdigest()


def stamp(at: datetime) -> str:
    """Return an instant as the one text that is hashed and kept."""
    return at.astimezone(UTC).isoformat()


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return stamp(value)
    raise TypeError(f"{type(value).__name__} has no canonical text.")
