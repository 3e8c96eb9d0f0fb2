"""The turnaround window, and whether a desk is open."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tecum.guide.calculators import calendars
from tecum.guide.calculators.calendars import Found
from tecum.guide.calculators.results import Result
from tecum.guide.model.guide import Guide, NotInGuide
from tecum.guide.model.timing import Expedite, Turnaround
from tecum.guide.questions import Question, best, presumed, resolved, word
from tecum.guide.values import Span, Unit, shift
from tecum.kernel import business
from tecum.kernel.business import BusinessCalendar, NeverStaffed


@dataclass(frozen=True, kw_only=True)
class Window(Result):
    """When an answer may be expected. Dates are the carrier's local days; `latest` is the last moment."""

    kind: str
    rule: str
    time: Span | None = None
    promised: bool = False
    received: datetime
    counted_from: datetime | None = None
    earliest_on: date | None = None
    latest_on: date | None = None
    earliest: datetime | None = None
    latest: datetime | None = None
    starts: str = "receipt"
    calendar: str = ""
    expedited: bool = False
    expedite_available: bool = False
    expedite_refused_because: str = ""
    order: tuple[str, ...] = ()
    conditions: str = ""


def window(
    guide: Guide, question: Question, received: datetime, *, expedite: bool = False, in_arrears: bool = False
) -> Window:
    """
    Return the window in which an answer may be expected; arrears (see `payment`) may take the faster answer away.

    :raises NotInGuide: when the guide knows no such product, process or brand
    """
    said, question = question, resolved(guide, question)
    rule, warnings = best(guide.turnarounds, question, guide)
    if rule is None:
        because = "The guide promises no time for this."
        return Window(kind="none", rule="", received=received, because=because)
    found = calendars.for_question(guide, question, rule.calendar)
    refusal = "Lost by arrears." if in_arrears and rule.expedite else _refusal(rule.expedite, question)
    faster = rule.expedite if expedite and not refusal else None
    time = faster.time if faster else rule.time
    base = _base(rule, found.kernel, received)
    kind = "if_resources_permit" if faster and faster.if_resources_permit else rule.kind
    low, high = calendars.window(base, time, found.kernel) if time else (None, None)
    return Window(
        kind=kind,
        rule=rule.id,
        time=time,
        promised=kind in {"fixed", "range"},
        received=received.astimezone(found.kernel.tz),
        counted_from=base,
        earliest_on=_on(base, time, found, "low"),
        latest_on=_on(base, time, found, "high"),
        earliest=low,
        latest=high,
        starts=rule.starts,
        calendar=found.id,
        expedited=faster is not None,
        expedite_available=not refusal,
        expedite_refused_because=refusal,
        order=rule.order,
        conditions=" ".join(filter(None, (rule.conditions, faster.conditions if faster else ""))),
        because=_sentence(rule, time, faster, refusal if expedite else "") + presumed(said, question),
        used=(rule, *found.used),
        warnings=warnings,
    )


def moved(guide: Guide, rule_id: str, start: datetime, *, paused: datetime, resumed: datetime) -> datetime:
    """
    Return from when a promise counts after it stood still: its beginning, later by the pause in the promise's own unit.

    Five business days of which two were used are three business days when it goes on, whatever lay between. A pause that
    began before the counting, or a rule that the guide no longer has, moves the beginning by the time that passed.
    """
    rule = next((each for each in guide.turnarounds if each.id == rule_id), None)
    if rule is None or rule.time is None or resumed <= paused:
        return start + max(resumed - paused, timedelta())
    calendar = calendars.for_question(guide, Question(on=start.date()), rule.calendar).kernel
    first, last = (at.astimezone(calendar.tz).date() for at in (max(paused, start), resumed))
    if rule.time.unit is Unit.BUSINESS_DAY:
        counted = _base(rule, calendar, start)
        return shift(
            counted, business.business_days_between(calendar, first, last), Unit.BUSINESS_DAY, calendar
        )
    if rule.time.unit is Unit.BUSINESS_HOUR:
        lost = business.staffed_between(calendar, max(paused, start), resumed)
        return business.staffed_after(calendar, start, lost)
    if rule.time.unit in calendars.CALENDAR_UNITS:
        return shift(start, (last - first).days, Unit.DAY, calendar)
    return start + (resumed - paused)


def _base(rule: Turnaround, calendar: BusinessCalendar, received: datetime) -> datetime:
    """Return the moment a request counts as received."""
    elapsed = rule.time is not None and rule.time.unit in {Unit.MINUTE, Unit.HOUR}
    if rule.after_hours == "same_day" or elapsed:
        return received.astimezone(calendar.tz)
    at = business.next_staffed(calendar, received)
    while not business.is_business_day(calendar, at.date()):
        at = business.next_staffed(calendar, business.closes_next(calendar, at))
    return at


def _on(base: datetime, time: Span | None, found: Found, end: str) -> date | None:
    if time is None:
        return None
    return calendars.last_day(base, time.low if end == "low" else time.high, time.unit, found.kernel)


def _refusal(expedite: Expedite | None, question: Question) -> str:
    facts = set(map(word, question.facts))
    if expedite is None or not expedite.available:
        return "There is no faster answer for this."
    lost = facts & set(map(word, expedite.lost_by))
    if lost:
        return f"Lost by {', '.join(sorted(lost))}."
    if expedite.facts and not facts & set(map(word, expedite.facts)):
        return f"Only for {', '.join(expedite.facts)}."
    return ""


def _sentence(rule: Turnaround, time: Span | None, faster: Expedite | None, refusal: str) -> str:
    words = {
        "fixed": f"Answered within {time}.",
        "range": f"Answered in {time}.",
        "goal": f"The goal is {time}; it is no promise.",
        "if_resources_permit": f"If resources permit{f', in {time}' if time else ''}.",
        "open_ended": f"No time is promised{f'; usually {time}' if time else ''}.",
    }
    text = f"Expedited: within {time}." if faster and faster.time else words[rule.kind]
    return f"{text} {refusal}".strip()


@dataclass(frozen=True, kw_only=True)
class Duty(Result):
    """Whether somebody is on duty, and when next."""

    open: bool
    desk: str
    capability: str
    calendar: str
    hours: str
    zone: str
    at: datetime
    business_day: bool
    holiday: str = ""
    next_staffed: datetime | None = None
    closes: datetime | None = None
    last_staffed_before: datetime | None = None
    ladder: str = ""
    may_only_escalate: bool = False


def duty(guide: Guide, at: datetime, *, desk: str = "", capability: str = "", calendar: str = "") -> Duty:
    """
    Return whether a desk (for a capability) is staffed at an instant.

    :raises NotInGuide: when there is no such desk, or the guide gives it no hours
    """
    found = calendars.by_id(guide, calendar) if calendar else _of(guide, desk, capability)
    kernel, entry = found.kernel, found.entry
    day = at.astimezone(kernel.tz).date()
    opened = business.is_staffed(kernel, at)
    return Duty(
        open=opened,
        desk=found.desk.id if found.desk else "",
        capability=capability,
        calendar=found.id,
        hours=entry.text if entry else "",
        zone=kernel.zone,
        at=at.astimezone(kernel.tz),
        business_day=business.is_business_day(kernel, day),
        holiday=business.holiday(kernel, day),
        next_staffed=_moment(business.next_staffed, found, at),
        closes=None if kernel.always else _moment(business.closes_next, found, at),
        last_staffed_before=_moment(business.last_staffed_before, found, at),
        ladder=found.desk.ladder if found.desk else "",
        may_only_escalate=found.desk.may_only_escalate if found.desk else False,
        because=f"{'Open' if opened else 'Closed'}: staffed {entry.text if entry else ''}.",
        used=found.used,
    )


def _of(guide: Guide, desk: str, capability: str) -> Found:
    if desk:
        return calendars.of_desk(guide, guide.desk(desk), capability)
    able = [one for one in guide.desks if capability in one.capabilities]
    if not able:
        raise NotInGuide(f"No desk has the capability '{capability}'. Name a desk.")
    return calendars.of_desk(guide, able[0], capability)


def _moment(
    ask: Callable[[business.BusinessCalendar, datetime], datetime], found: Found, at: datetime
) -> datetime | None:
    try:
        return ask(found.kernel, at)
    except NeverStaffed:
        return None
