"""When each end of a breach falls, by the versions of the rule in the guide (47 CFR 64.2011)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tecum.breaches.states import NAMES, BreachState, Duty, Receiver
from tecum.guide.calculators import calendars
from tecum.guide.model.breach import BreachRule
from tecum.guide.model.guide import Guide
from tecum.guide.questions import Question
from tecum.guide.values import Span


@dataclass(frozen=True, slots=True)
class End:
    """One end: what for, when, by which version of the rule; `remind_at` is when the desk is reminded."""

    rule: str
    duty: Duty
    due_at: datetime
    remind_at: datetime
    basis: str


@dataclass(frozen=True, slots=True)
class ClockView:
    """A clock of a breach."""

    rule: str
    duty: Duty
    due_at: datetime
    basis: str
    met_at: datetime | None

    @property
    def waits(self) -> bool:
        """Tell whether it is an end to wait for, not one to keep."""
        return self.duty is Duty.CUSTOMERS_AFTER


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice of a breach: a draft until it was given."""

    id: str
    receiver: Receiver
    customer: str
    subject: str
    text: str
    given_at: datetime | None
    given_by: str
    how: str

    @property
    def name(self) -> str:
        """Return who is told, in words."""
        return self.customer or NAMES[self.receiver]


@dataclass(frozen=True, slots=True)
class BreachView:
    """A breach, with its clocks by end and its notices, agencies first."""

    id: str
    reference: str
    matter: str
    person: str
    since: datetime
    until: datetime
    found_at: datetime
    opened_at: datetime
    opened_by: str
    what: str
    how: str
    loss: str
    guide_version: str
    state: BreachState
    held_until: datetime | None
    held_why: str
    closed_at: datetime | None
    closing: str
    clocks: tuple[ClockView, ...]
    notices: tuple[NoticeView, ...]

    @property
    def next(self) -> ClockView | None:
        """Return the end to keep that comes first."""
        return next((one for one in self.clocks if one.met_at is None and not one.waits), None)

    @property
    def to_give(self) -> int:
        """Return how many notices nobody has given."""
        return sum(one.given_at is None for one in self.notices)


def applied(guide: Guide, day: datetime) -> list[BreachRule]:
    """Return the versions of the rule that the carrier applies on a day."""
    here = day.astimezone(guide.carrier.zone.tz).date()
    return [rule for rule in guide.breach_rules if rule.applied and rule.holds(here)]


def first_ends(guide: Guide, *, found_at: datetime) -> list[End]:
    """Return the ends that the finding of a breach starts: for agencies, and for customers at the latest."""
    ends = []
    for rule in applied(guide, found_at):
        ends.append(_end(guide, rule, Duty.AGENCIES_BY, rule.agencies_by, found_at))
        if rule.customers_by is not None:
            ends.append(_end(guide, rule, Duty.CUSTOMERS_BY, rule.customers_by, found_at))
    return ends


def waits(guide: Guide, rule: BreachRule, *, told_at: datetime) -> End | None:
    """Return until when no customer is told, once the agencies were; None where the version knows no such wait."""
    span = rule.customers_after
    return _end(guide, rule, Duty.CUSTOMERS_AFTER, span, told_at) if span is not None else None


def receivers(rules: Iterable[BreachRule]) -> list[Receiver]:
    """Return the agencies that some version names, each once, in the order of the vocabulary."""
    named = {name for rule in rules for name in rule.receivers}
    return [each for each in Receiver if each.value in named]


def longest_hold(guide: Guide, *, now: datetime) -> datetime:
    """Return until when an agency may direct today that customers are not told; this moment where none may."""
    spans = [rule.delay for rule in applied(guide, now) if rule.delay is not None]
    return max((calendars.later(guide, now, span) for span in spans), default=now)


def _end(guide: Guide, rule: BreachRule, duty: Duty, span: Span, start: datetime) -> End:
    kernel = calendars.for_question(guide, Question(on=start.date()), rule.calendar).kernel
    due_at = calendars.ends(start, span.high, span.unit, kernel)
    remind_at = calendars.later(guide, due_at, rule.remind, back=True, calendar_id=rule.calendar)
    return End(rule.id, duty, due_at, max(remind_at, start), rule.basis)
