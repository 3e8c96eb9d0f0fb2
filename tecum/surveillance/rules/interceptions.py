"""
What an interception was, read from what was desired of a switch and what it showed; and what its record says (1.20004).

A *run* is one tap from a start to its end: extensions, other handsets and a push after a restart go on with it. A run
happened when the switch showed it, as ordered or as something else.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

UNKNOWN = "not known"
RETURNED = "on its switch again after it had been taken off; nobody had started it again"
NEEDED = {
    "numbers": "telephone numbers or circuits",
    "begins": "start date and time",
    "officer": "officer who presented the authorization",
    "signer": "person who signed the authorization",
    "types": "type of the interception",
    "overseer": "employee responsible for overseeing it",
}


@dataclass(frozen=True, slots=True)
class Turn:
    """One generation of a tap as it was desired, told and seen."""

    generation: int
    on: bool
    types: tuple[str, ...]
    authority: str
    at: datetime
    by: str
    commanded_at: datetime | None
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Run:
    """One tap from a start to its end. `other_at`: when its switch was seen to hold something else than was ordered."""

    generation: int
    started_at: datetime
    by: str
    types: tuple[str, ...]
    authorities: tuple[str, ...]
    began_at: datetime | None
    ended_at: datetime | None
    other_at: datetime | None = None

    @property
    def happened(self) -> bool:
        """Tell whether the switch showed it."""
        return self.began_at is not None or self.other_at is not None


def runs(turns: Iterable[Turn], others: Sequence[datetime] = ()) -> list[Run]:
    """Return the runs of one tap; `others` are the instants at which something else than ordered was seen on it."""
    found: list[list[Turn]] = []
    fresh = True
    for turn in sorted(turns, key=lambda each: each.generation):
        if turn.on and fresh:
            found.append([])
        if found:
            found[-1].append(turn)
        fresh = not turn.on
    return [_run(each, others) for each in found]


def _run(turns: list[Turn], others: Sequence[datetime]) -> Run:
    on = [each for each in turns if each.on]
    off = [each.confirmed_at for each in turns if not each.on and each.confirmed_at]
    ended = max(off, default=None)
    began = [each.commanded_at or each.confirmed_at for each in on if each.confirmed_at]
    seen = [at for at in others if on[0].at <= at and (ended is None or at <= ended)]
    return Run(
        generation=on[0].generation,
        started_at=on[0].at,
        by=on[0].by,
        types=tuple(sorted({kind for each in on for kind in each.types})),
        authorities=tuple(dict.fromkeys(each.authority for each in on)),
        began_at=min((at for at in began if at is not None), default=None),
        ended_at=ended,
        other_at=min(seen, default=None),
    )


@dataclass(frozen=True, slots=True)
class Stretch:
    """One line of the record: what ran where, from when to when. `without`: how it had no authorization, "" where it had."""

    number: str
    circuit: str
    service: str
    switch: str
    types: list[str]
    begins: str
    ends: str = ""
    without: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """One authorization with what is appended of it: name and SHA-256 of each file."""

    kind: str
    case: str
    number: str
    issuer: str
    issued_on: str
    signer: str
    ends: str
    files: list[list[str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Record:
    """What a certification says: the minimum fields of 47 CFR 1.20004(a), and what is appended (d)."""

    reference: str
    surveillance: str
    stretches: list[Stretch]
    officer: str
    agency: str
    signer: str
    overseer: str
    title: str
    papers: list[Paper]
    remark: str = ""

    def digest(self) -> str:
        """Return the SHA-256 of all it says."""
        return sha256(
            json.dumps(asdict(self), sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
        ).hexdigest()

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON knows it."""
        return asdict(self)

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "Record":
        """Return what `as_dict` wrote."""
        kept = dict(given)
        kept["stretches"] = [Stretch(**each) for each in given["stretches"]]
        kept["papers"] = [Paper(**each) for each in given["papers"]]
        return cls(**kept)

    @property
    def begins(self) -> str:
        """Return the instant of the first start, in ISO and UTC; "" while there is none."""
        return min((each.begins for each in self.stretches if each.begins), default="")

    @property
    def ended(self) -> bool:
        """Tell whether all of it was seen off."""
        return bool(self.stretches) and all(each.ends for each in self.stretches)

    @property
    def authorized(self) -> bool:
        """Tell whether all of it had an authorization all the time."""
        return not any(each.without for each in self.stretches)

    def lacks(self) -> list[str]:
        """Return which of the fields that the rule asks for are empty."""
        said = {
            "numbers": all(each.number or each.circuit for each in self.stretches) and bool(self.stretches),
            "begins": bool(self.begins),
            "officer": bool(self.officer),
            "signer": bool(self.signer),
            "types": all(each.types for each in self.stretches),
            "overseer": bool(self.overseer),
        }
        return [words for name, words in NEEDED.items() if not said[name]]


def why_signed(before: Record | None, now: Record) -> str:
    """Return what makes another signature necessary: a start, a longer authority, the end, or a change."""
    if before is None:
        return "started"
    if now.ended and not before.ended:
        return "ended"
    if [each.ends for each in now.papers] != [each.ends for each in before.papers]:
        return "extended"
    return "changed"


def without(
    *, began_at: datetime | None, other_at: datetime | None, late_from: datetime | None, zone: Any
) -> str:
    """Say in what an interception had no authorization; "" where it had one all the time."""
    said = []
    if other_at is not None:
        said.append(f"the switch held something else than was ordered, seen {_spoken(other_at, zone)}")
    if late_from is not None:
        said.append(f"on after its authorized end, {_spoken(late_from, zone)}")
    return "; ".join(said)


def _spoken(at: datetime, zone: Any) -> str:
    local = at.astimezone(zone)
    return f"{local:%-d %B %Y %H:%M:%S} (UTC{local:%z})"
