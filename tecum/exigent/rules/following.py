"""What must follow an emergency, within which time of the guide (R-097, R-180, C3), and how an agency kept to it before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tecum.guide.calculators import clocks
from tecum.guide.model.emergency import Emergency
from tecum.guide.model.guide import Guide, NotInGuide
from tecum.guide.questions import Question

TITLES = {
    "order": "The court order",
    "application": "The application for an order",
    "paper": "What must follow",
    "written": "The request in writing",
    "confirmation": "Another person's confirmation",
}
CAUSES = {
    "exigent_request": "An emergency request came in",
    "exigent_order": "An order for a running emergency came in",
    "exigent_end": "An agency says that an emergency is over: call back",
    "exigent_alone": "One person decided alone for a life: another confirms it",
    "exigent_denied": "An agency knows nothing of an emergency that was acted on: what ran has ended",
}
AHEAD = (timedelta(hours=12), timedelta(hours=4), timedelta(hours=1))
CONFIRM_WITHIN = timedelta(hours=24)  # decisions, part E


@dataclass(frozen=True, slots=True)
class Due:
    """Something that must follow and its end; `reminders` are how long before it somebody is reminded."""

    what: str
    words: str
    clock: str
    at: datetime | None
    otherwise: str = ""
    reminders: tuple[timedelta, ...] = AHEAD


def must_follow(
    pathway: Emergency, guide: Guide, *, started: datetime, order_by: datetime | None = None
) -> tuple[Due, ...]:
    """
    Return what the guide wants to follow, from the instant at which its clocks start.

    `order_by` is the end of the emergency authority, which is that of the order too.
    """
    found: dict[str, Due] = {}
    for each in pathway.follow_ups:
        what = _kind(each.what, surveils=order_by is not None)
        at, reminders = ended(guide, each.clock, started)
        if what == "order" and order_by is not None:
            at = order_by
        found.setdefault(what, Due(what, each.what, each.clock, at, each.otherwise, reminders))
    if order_by is not None and "order" not in found:
        _, reminders = ended(guide, pathway.clock, started)
        found["order"] = Due(
            "order", "an authorised and valid court order", pathway.clock, order_by, "cut", reminders
        )
    return tuple(found.values())


def ended(guide: Guide, clock: str, started: datetime) -> tuple[datetime | None, tuple[timedelta, ...]]:
    """Return when a clock of the guide ends that starts now, and its reminders; nothing where it gives no time."""
    if not clock:
        return None, ()
    try:
        run = clocks.run(
            guide, Question(on=started.astimezone(guide.carrier.zone.tz).date()), clock, started, {}
        )
    except NotInGuide:
        return None, ()
    ends = run.ends_utc
    ahead = tuple(ends - each.at for each in run.reminders if ends is not None)
    return ends, ahead or AHEAD


def _kind(words: str, *, surveils: bool) -> str:
    said = words.lower()
    if "application" in said:
        return "application"
    if "written" in said or "writing" in said or "form" in said:
        return "written"
    return "order" if surveils and "order" in said else "paper"


@dataclass(frozen=True, slots=True)
class Score:
    """How often what had to follow came: in time, late, never, and what is still open."""

    came: int = 0
    late: int = 0
    missing: int = 0
    waiting: int = 0

    @property
    def settled(self) -> int:
        """Return how many have an outcome."""
        return self.came + self.late + self.missing

    @property
    def share(self) -> float | None:
        """Return the share that came in time; nothing before there is one."""
        return self.came / self.settled if self.settled else None

    @property
    def words(self) -> str:
        """Return it in a sentence."""
        if not self.settled:
            return "Nothing had to follow from it yet."
        return f"Of {self.settled} that had to follow, {self.came} came in time, {self.late} late, {self.missing} never."


def score(states: Iterable[str]) -> Score:
    """Return the score of some follow-ups, by their states."""
    every: Sequence[str] = list(states)
    return Score(*(every.count(each) for each in ("CAME", "LATE", "MISSING", "WAITING")))
