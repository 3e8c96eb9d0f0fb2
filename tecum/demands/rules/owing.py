"""When a customer is to be told that legal process asks for records about them (issue D, 7): the guide, the gag, the seal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tecum.guide.calculators.secrecy import Silence

Why = Literal["", "gag", "seal", "production", "day", "guide"]
SENTENCES: dict[str, str] = {
    "": "Due: nothing forbids it.",
    "gag": "A gag forbids to tell; it is due when that ends.",
    "seal": "The case is sealed: nobody outside its list learns of it.",
    "production": "It goes out once records have left.",
    "day": "Its day has not come.",
    "guide": "The guide does not owe it.",
    "scope": "What is granted no longer touches them.",
    "ended": "The demand ended before anything left.",
    "nothing_left": "No records about them left.",
    "exception": "A person found an exception of the guide.",
}


@dataclass(frozen=True, slots=True)
class Owing:
    """What becomes of one notice: owed or not; due now, on a day, or kept back by something."""

    owed: bool
    why: Why
    day: date | None = None
    gates: bool = False

    @property
    def due(self) -> bool:
        """Tell whether it is to go out now."""
        return self.owed and not self.why


def owing(found: Iterable[Silence], *, today: date, sealed: bool, produced: bool) -> Owing:
    """
    Return what becomes of the notice to a customer of whom several products may be granted: the earliest that is owed.

    A gag that is not over, or whose length was not said yet, keeps it back, and so does a seal.
    """
    said = [each for each in found if each.customer_told or each.put_off]
    if not said:
        return Owing(False, "guide")
    if sealed:
        return Owing(True, "seal")
    free = [each for each in said if not _gagged(each, today)]
    if not free:
        return Owing(True, "gag", min((each.told_on for each in said if each.told_on), default=None))
    gates = any(each.before_production for each in free)
    ready = [each for each in free if produced or each.told_when != "after_production"]
    if not ready:
        return Owing(True, "production", gates=gates)
    day = min(each.told_on or today for each in ready)
    return Owing(True, "" if day <= today else "day", day, gates)


def _gagged(found: Silence, today: date) -> bool:
    if found.gag == "in_force":
        return found.gag_until is None or today < found.gag_until
    return found.gag in {"indefinite", "ask"}
