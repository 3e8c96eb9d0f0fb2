"""The call back (control 5): which number may be called, by whom, and what must have been heard."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from tecum.agencies.rules import AgencyView, NumberView, fresh
from tecum.exigent.states import CallState


@dataclass(frozen=True, slots=True)
class Heard:
    """What was asked and answered on a call back, in words."""

    number: str = ""
    spoke_with: str = ""
    badge: str = ""
    supervisor: str = ""
    challenge: str = ""
    ground: str = ""
    designation: str = ""
    note: str = ""

    def as_dict(self) -> dict[str, str]:
        """Return it by name of field."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def read(cls, given: dict[str, str]) -> "Heard":
        """Return what `as_dict` wrote."""
        known = {field.name for field in fields(cls)}
        return cls(
            **{name: " ".join(str(value).split())[:400] for name, value in given.items() if name in known}
        )


@dataclass(frozen=True, slots=True)
class Source:
    """Where a number was found besides: who found it, and in what."""

    id: str
    number: str
    where: str
    found_by: str
    found_at: datetime


MUST_HEAR = {
    "spoke_with": "who answered",
    "badge": "the badge or employee number",
    "supervisor": "the supervisor who stands by it",
    "challenge": "what you asked that only the agency knows",
    "ground": "the emergency in their own words",
}


def missing(heard: Heard, *, certified: bool) -> tuple[str, ...]:
    """Return what has to be written down before a call counts as verification; `certified`: the designation too (R-176)."""
    wanted = {**MUST_HEAR, **({"designation": "who designated the official"} if certified else {})}
    return tuple(words for name, words in wanted.items() if len(getattr(heard, name).strip()) < 2)


def entry_fault(
    agency: AgencyView, entry: NumberView | None, sources: Sequence[Source], *, caller: str, now: datetime
) -> str:
    """
    Return why an entry of the directory may not be called for a verification, or nothing.

    Two people must have confirmed it; changed within 72 hours it needs a second source, found by somebody who had no
    hand in the entry.
    """
    if agency.suspended:
        return "This agency is suspended: nothing is disclosed to it."
    if entry is None:
        return "Choose a number of this agency in the carrier's own directory."
    if entry.confirmed_at is None:
        return "Only one person has entered this number; another must confirm it first."
    if not fresh(confirmed_at=entry.confirmed_at, now=now):
        return ""
    hands = {entry.proposed_by, entry.confirmed_by}
    second = [each for each in sources if each.number == entry.number and each.found_by not in hands]
    if not second:
        return "This number was changed within 72 hours: write down a second, independent source of it (control 5)."
    return ""


def source_fault(
    number: str, sources: Sequence[Source], *, in_message: Collection[str], caller: str, nobody: str
) -> str:
    """
    Return why a number that is in no directory may not be called for a verification, or nothing (decisions, E).

    Somebody else than the caller found it where one can be reached, else `nobody` says who was tried. A number that also
    stands in the message needs two people who found it elsewhere.
    """
    found = [each for each in sources if each.number == number]
    if not found:
        return "Write down the public source that this number was found in; never the message itself."
    finders = {each.found_by for each in found}
    if number in in_message and len(finders) < 2:
        return (
            "This number stands in the message: two people must each have found it in a source of their own."
        )
    if finders == {caller} and len(nobody.strip()) < 3:
        return "Another person finds the number where one can be reached; else write down whom you tried."
    return ""


def decides(call_by: str, approver: str) -> bool:
    """Tell whether whoever approves is another than who called back (control 5)."""
    return call_by != approver


def good(state: CallState, *, void_at: datetime | None) -> bool:
    """Tell whether a call still verifies its request."""
    return state is CallState.VERIFIED and void_at is None
