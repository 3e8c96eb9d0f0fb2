"""Whether two legal process received are the same one, by another channel or sent again (W7)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

WITHIN = timedelta(days=60)  # beyond that equal numbers of one agency are another demand


class Sign(StrEnum):
    """In what two are alike, the surest first; the last is only a hint."""

    PROCESS_NUMBER = "process_number"
    PAPER = "paper"
    NUMBERS = "numbers"


SENTENCES = {
    Sign.PROCESS_NUMBER: "the same agency and process number",
    Sign.PAPER: "a paper of the same content",
    Sign.NUMBERS: "the same agency and the same numbers",
}


@dataclass(frozen=True, slots=True)
class Marks:
    """What is compared: marks that tell equal from different, never what they are made of."""

    received_at: datetime
    agency: str
    number: str = ""
    papers: frozenset[str] = frozenset()
    targets: frozenset[str] = frozenset()


def alike(one: Marks, other: Marks) -> tuple[Sign, ...]:
    """Return in what two are alike, the surest first; nothing where they are two demands."""
    found = []
    if one.number and one.number == other.number:
        found.append(Sign.PROCESS_NUMBER)
    if one.papers & other.papers:
        found.append(Sign.PAPER)
    near = abs(one.received_at - other.received_at) <= WITHIN
    if near and one.agency and one.agency == other.agency and one.targets and one.targets == other.targets:
        found.append(Sign.NUMBERS)
    return tuple(found)


def said(signs: Collection[Sign]) -> str:
    """Return the reasons as a part of a sentence."""
    return ", ".join(SENTENCES[sign] for sign in signs)
