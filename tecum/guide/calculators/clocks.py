"""Every clock: when it ends, who is reminded, whether somebody is on duty then; and the on-call ladder in time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tecum.guide.calculators import calendars
from tecum.guide.calculators.calendars import Found
from tecum.guide.calculators.results import Result, once
from tecum.guide.model.desks import Ladder, Step
from tecum.guide.model.guide import Guide, NotInGuide
from tecum.guide.model.timing import Clock
from tecum.guide.problems import meant
from tecum.guide.questions import Question, best, presumed, resolved, word
from tecum.guide.values import Span, Unit, shift
from tecum.kernel import business
from tecum.kernel.business import midnight
from tecum.kernel.periods import after


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """Somebody is reminded."""

    before: Span
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Rung:
    """One step of a ladder in time."""

    step: int
    who: str
    by: str
    to: str
    at: datetime
    after: timedelta = field(metadata={"hidden": True})
    repeats_every: Span | None = None
    acts: str = "system"
    tell: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Running(Result):
    """A clock that was started. `ends` is its last moment; `ended` when an event ended it before."""

    clock: str
    name: str
    starts: str
    started: datetime
    length: Span | None
    reasonable: bool
    earliest: datetime | None = None
    ends: datetime | None = None
    ends_utc: datetime | None = None
    ended: datetime | None = None
    ended_by: str = ""
    then: str = ""
    ends_when: tuple[str, ...] = ()
    reminders: tuple[Reminder, ...] = ()
    staffed_at_end: bool | None = None
    last_staffed_before_end: datetime | None = None
    hold_until: datetime | None = None
    ladder: tuple[Rung, ...] = ()


def run(
    guide: Guide, question: Question, clock: str, started: datetime, events: Mapping[str, datetime]
) -> Running:
    """
    Return how a clock runs that was started at an instant; `events` are those that happened, by name.

    Where the event that starts it is among them, its instant counts: readings may start at another event.

    :raises NotInGuide: when there is no such clock, product or process
    """
    said, question = question, resolved(guide, question)
    rule, warnings = _clock(guide, question, clock)
    found = _calendar(guide, question, rule)
    zone = found.kernel.tz
    started = next((at for name, at in events.items() if word(name) == word(rule.starts)), started)
    low, high = _ends(rule, started, found)
    ended_by, ended = _ended(rule, events, high)
    notes = list(warnings)
    if rule.length is None:
        notes.append("The source says only “reasonable”, and counsel has set no time.")
    duty = business.is_staffed(found.kernel, high) if high and found.id else None
    return Running(
        clock=rule.id,
        name=rule.name or rule.id,
        starts=rule.starts,
        started=started.astimezone(zone),
        length=rule.length,
        reasonable=rule.reasonable,
        earliest=low if low != high else None,
        ends=high,
        ends_utc=high.astimezone(UTC) if high else None,
        ended=ended,
        ended_by=ended_by,
        then=rule.then,
        ends_when=rule.ends_when,
        reminders=_reminders(rule, high, found),
        staffed_at_end=duty,
        last_staffed_before_end=business.last_staffed_before(found.kernel, high)
        if high and duty is False
        else None,
        hold_until=shift(high, rule.grace.high, rule.grace.unit, found.kernel)
        if high and rule.grace
        else None,
        ladder=_rungs(_ladder(guide, rule.ladder).steps, high) if high and rule.ladder else (),
        because=_sentence(rule, high, ended_by, ended) + presumed(said, question),
        used=once([rule, *found.used]),
        warnings=tuple(notes),
    )


@dataclass(frozen=True, kw_only=True)
class Climb(Result):
    """A ladder in time, measured from receipt."""

    ladder: str
    received: datetime
    requesters: tuple[str, ...]
    stops_at: str
    caller_first: tuple[Rung, ...]
    steps: tuple[Rung, ...]


def climb(guide: Guide, ladder_id: str, received: datetime) -> Climb:
    """Return the steps of a ladder in time, measured from receipt. :raises NotInGuide: when there is none"""
    rule = _ladder(guide, ladder_id)
    local = received.astimezone(guide.carrier.zone.tz)
    return Climb(
        ladder=rule.id,
        received=local,
        requesters=rule.requesters,
        stops_at=rule.stops_at,
        caller_first=_rungs(rule.caller_first, local),
        steps=_rungs(rule.steps, local),
        because=f"{len(rule.steps)} steps until {rule.stops_at.replace('_', ' ')}.",
        used=(rule,),
    )


def _ladder(guide: Guide, ladder_id: str) -> Ladder:
    for rule in guide.ladders:
        if word(ladder_id) in {word(rule.id), word(rule.name)}:
            return rule
    raise NotInGuide(
        f"There is no ladder '{ladder_id}'. {meant(ladder_id, [one.id for one in guide.ladders])}".strip()
    )


def _clock(guide: Guide, question: Question, name: str) -> tuple[Clock, tuple[str, ...]]:
    alike = [clock for clock in guide.clocks if word(name) in {word(clock.id), word(clock.name)}]
    if not alike:
        alike = [clock for clock in guide.clocks if word(name) == word(clock.starts)]
    rule, warnings = best(alike, question, guide)
    held = [clock for clock in alike if clock.holds(question.on)]
    if rule is None and len(held) == 1:
        return held[0], ()
    if rule is None:
        known = [clock.id for clock in guide.clocks]
        raise NotInGuide(f"There is no clock '{name}'. {meant(name, known)}".strip())
    return rule, warnings


def _calendar(guide: Guide, question: Question, rule: Clock) -> Found:
    if rule.desk and not rule.calendar:
        return calendars.of_desk(guide, guide.desk(rule.desk), rule.capability)
    return calendars.for_question(guide, question, rule.calendar, rule.desk)


def _ends(rule: Clock, started: datetime, found: Found) -> tuple[datetime | None, datetime | None]:
    length = rule.length
    if length is None:
        return None, None
    low, high = (_end(rule, started, count, length.unit, found) for count in (length.low, length.high))
    return low, high


def _end(rule: Clock, started: datetime, count: int, unit: Unit, found: Found) -> datetime:
    if unit is Unit.BUSINESS_DAY:
        return calendars.ends(started, count, unit, found.kernel)
    if rule.end_of_day:
        day = calendars.last_day(started, count, unit, found.kernel)
        return midnight(found.kernel.zone, day + timedelta(days=1))
    return shift(started, count, unit, found.kernel).astimezone(found.kernel.tz)


def _ended(rule: Clock, events: Mapping[str, datetime], ends: datetime | None) -> tuple[str, datetime | None]:
    """Return the first event that ended the clock; one that came after the deadline ends nothing."""
    known = {word(name): name for name in rule.ends_when}
    found = [
        (at.astimezone(UTC), known[word(name)], at) for name, at in events.items() if word(name) in known
    ]
    if not found:
        return "", None
    _, name, at = min(found)
    if ends is not None and at.astimezone(UTC) > ends.astimezone(UTC):
        return "", None
    return name, at.astimezone(ends.tzinfo if ends else UTC)


def _reminders(rule: Clock, ends: datetime | None, found: Found) -> tuple[Reminder, ...]:
    if ends is None:
        return ()
    return tuple(
        Reminder(before=span, at=shift(ends, -span.high, span.unit, found.kernel)) for span in rule.reminders
    )


def _rungs(steps: tuple[Step, ...], received: datetime) -> tuple[Rung, ...]:
    rungs: list[Rung] = []
    passed = timedelta()
    for number, step in enumerate(steps, 1):
        rungs.append(
            Rung(
                step=number,
                who=step.who,
                by=step.by,
                to=step.to or (f"told in the {step.told_in}" if step.told_in else ""),
                at=after(received, passed),
                after=passed,
                repeats_every=step.repeat_every,
                acts=step.acts,
                tell=step.tell,
            )
        )
        passed += step.wait.elapsed if step.wait else timedelta()
    return tuple(rungs)


def _sentence(rule: Clock, ends: datetime | None, ended_by: str, ended: datetime | None) -> str:
    if ended is not None:
        unless = f"; it would have run until {ends:%Y-%m-%d %H:%M %Z}" if ends is not None else ""
        return f"Ended by {words(ended_by)} at {ended:%Y-%m-%d %H:%M %Z}{unless}."
    if ends is None:
        return f"Runs from {words(rule.starts)} for a reasonable time."
    then = f"; then: {rule.then}" if rule.then else ""
    counsel = " (set by counsel for “reasonable”)" if rule.time is None else ""
    return f"Runs {rule.length}{counsel} from {words(rule.starts)}, until {ends:%Y-%m-%d %H:%M %Z}{then}."


def words(name: str) -> str:
    """Return an event's name as people read it."""
    return name.replace("_", " ")
