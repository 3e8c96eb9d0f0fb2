"""The complete object that is written to a switch and read back, and what a difference means."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from tecum.surveillance.rules.ordered import Intercept


@dataclass(frozen=True, slots=True)
class Task:
    """
    One surveillance as a switch holds it (a task of ETSI TS 103 221-1, whose XId is `task`).

    It is always written whole and has an end of its own, so that a switch which nobody reaches any more ends by itself;
    `generation` counts what we desired, which a switch may ignore.
    """

    task: str
    generation: int
    number: str
    imei: str
    imsi: str
    service: str
    types: frozenset[Intercept]
    delivery: str
    ends_at: datetime

    def as_data(self) -> dict[str, Any]:
        """Return the object as plain data."""
        return {
            "task": self.task, "generation": self.generation, "number": self.number, "imei": self.imei,
            "imsi": self.imsi, "service": self.service, "types": sorted(self.types), "delivery": self.delivery,
            "ends_at": self.ends_at.isoformat(),
        }  # fmt: skip

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "Task":
        """Return the object from plain data."""
        types = frozenset(Intercept(each) for each in data["types"])
        return cls(**{**data, "types": types, "ends_at": datetime.fromisoformat(data["ends_at"])})


class Verdict(StrEnum):
    """What a switch shows beside what is desired of it."""

    SAME = "same"
    GONE = "gone"  # desired on, not there
    LATER = "later"  # the same, but the switch would end it later: it is written again
    LESS = "less"  # fewer types than desired: left so, and raised; nothing is widened without a person
    OTHER = "other"  # anything else, content above all: switched off, and raised


def judge(desired: Task, shown: Task | None) -> Verdict:
    """
    Hold what a switch shows against what is desired: on conflict the intersection, never more (control 2).

    A type that was not ordered makes it another thing: a pen register can never become a content intercept.
    """
    if shown is None:
        return Verdict.GONE
    alike = replace(shown, generation=desired.generation, ends_at=desired.ends_at, types=desired.types)
    if alike != desired or not shown.types <= desired.types:
        return Verdict.OTHER
    if shown.types != desired.types:
        return Verdict.LESS if shown.types else Verdict.OTHER
    return Verdict.SAME if shown.ends_at <= desired.ends_at else Verdict.LATER


@dataclass(frozen=True, slots=True)
class Seen:
    """What a technician reads on the terminal of a switch: one entry."""

    number: str
    service: str
    types: frozenset[Intercept]
    imei: str = ""
    imsi: str = ""
    delivery: str = ""

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "number": self.number, "service": self.service, "types": sorted(self.types), "imei": self.imei,
            "imsi": self.imsi, "delivery": self.delivery,
        }  # fmt: skip


def as_ordered(desired: Task, seen: Seen | None) -> Verdict:
    """Hold what a technician read against what is desired; the end and the generation are not on a terminal."""
    if seen is None:
        return Verdict.GONE
    shown = replace(
        desired, number=seen.number, service=seen.service, types=seen.types, imei=seen.imei, imsi=seen.imsi,
        delivery=seen.delivery,
    )  # fmt: skip
    return judge(desired, shown)
