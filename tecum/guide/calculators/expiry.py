"""
When an authorised surveillance ends, and when it is cut: every reading side by side (decisions, part C).

The earliest reading that the order's own words leave governs, unless a named rule of counsel's says otherwise.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import get_args

from tecum.guide.calculators import calendars
from tecum.guide.calculators.calendars import Found
from tecum.guide.calculators.results import Result, once
from tecum.guide.model.emergency import Counting, ExpiryCap, ExpiryRule, StartEvent
from tecum.guide.model.guide import Guide, NotInGuide
from tecum.guide.questions import Question, fitting, word
from tecum.guide.values import Span, Unit, instant, parse_hours, shift
from tecum.kernel import business
from tecum.kernel.business import BusinessCalendar, NeverStaffed, midnight
from tecum.kernel.periods import after

TEN_DAYS = timedelta(days=10)
NAMES: dict[str, str] = {
    "order": "from date of order",
    "implementation": "from implementation",
    "collection": "when the agency begins collecting",
    "earlier_of_interception_and_ten_days": "earlier of first interception and ten days after the order",
    "first_day_counts": "the first day counts",
    "first_day_does_not_count": "the first day does not count",
    "exact_hours": "exact hours",
}


@dataclass(frozen=True, kw_only=True)
class Order:
    """
    What an order says and what happened under it. A plain date has no clock time: no exact hours then.

    `start` and `counting` are the order's own words, which exclude the other readings; `ends` is its own date.
    """

    types: tuple[str, ...] = ()
    ordered: date | datetime | None = None
    implemented: date | datetime | None = None
    collection: date | datetime | None = None
    duration: Span | None = None
    ends: date | datetime | None = None
    start: StartEvent | None = None
    counting: Counting | None = None
    exact_time: bool = False
    unattended: bool | None = None
    switch: str = ""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One way to read the order, with the end and the cut it gives."""

    start: str
    counting: str
    title: str
    ends: datetime
    cut: datetime
    cut_because: str
    capped_by: str = ""
    excluded_because: str = ""


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A written notice ahead of the end."""

    before: Span
    on: datetime


@dataclass(frozen=True, kw_only=True)
class Ending(Result):
    """The end in force, the cut, and every reading."""

    expires: datetime
    cut: datetime
    cut_because: str
    staffed_at_expiry: bool
    zone: str
    governed_by: str
    rule: str
    readings: tuple[Reading, ...]
    notices: tuple[Notice, ...]
    not_known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Desk:
    found: Found
    zone: str
    unattended: bool
    exact: bool


def ending(guide: Guide, question: Question, order: Order) -> Ending:
    """
    Return when an order ends and when access is cut.

    :raises NotInGuide: when the order gives neither a duration and a start nor an end
    """
    order = replace(order, types=tuple(_type(guide, one) for one in order.types))
    desk = _cutter(guide, question, order)
    cap = _cap(guide, question, order)
    readings = tuple(_readings(guide, order, desk, cap))
    left = [reading for reading in readings if not reading.excluded_because]
    if not left:
        raise NotInGuide("An order needs an end of its own, or a duration and the event from which it runs.")
    rule, unapproved = _rule(guide, question, order, left)
    ruled = [r for r in left if rule is None or _obeys(rule, r)]
    chosen = min(ruled, key=lambda reading: reading.ends.astimezone(UTC))
    return Ending(
        expires=chosen.ends,
        cut=chosen.cut,
        cut_because=chosen.cut_because,
        staffed_at_expiry=business.is_staffed(desk.found.kernel, chosen.ends),
        zone=desk.zone,
        governed_by=chosen.title,
        rule=rule.id if rule else "earliest",
        readings=readings,
        notices=_notices(guide, chosen, desk),
        not_known=tuple(_not_known(guide, order)),
        because=_sentence(chosen, rule),
        used=once([guide.expiry, rule, cap, *desk.found.used]),
        warnings=tuple(f"Rule '{r.id}' ({r.name}) has no approval and is not used." for r in unapproved),
    )


def _type(guide: Guide, said: str) -> str:
    for product in guide.products:
        for name in product.types:
            if word(name) == word(said):
                return name
    for process in guide.process_types:
        if word(said) in map(word, process.synonyms):
            return process.id
    return word(said)


def _cutter(guide: Guide, question: Question, order: Order) -> _Desk:
    rule = guide.expiry
    found = _calendar(guide, question)
    by_switch = order.switch and word(order.switch) in map(word, rule.unattended_switches)
    unattended = order.unattended if order.unattended is not None else bool(by_switch)
    return _Desk(found, rule.zone or found.kernel.zone, unattended, order.exact_time)


def _calendar(guide: Guide, question: Question) -> Found:
    rule = guide.expiry
    able = [desk for desk in guide.desks if rule.capability in desk.capabilities]
    if rule.desk:
        return calendars.of_desk(guide, guide.desk(rule.desk), rule.capability)
    if able:
        return calendars.of_desk(guide, able[0], rule.capability)
    if any(desk.calendar for desk in guide.desks):
        return calendars.for_question(guide, question)
    return Found(kernel=BusinessCalendar(guide.carrier.zone, parse_hours("always").shifts), id="")


def _cap(guide: Guide, question: Question, order: Order) -> ExpiryCap | None:
    types = set(map(word, order.types))
    fits = [c for c in fitting(guide.expiry_caps, question, guide) if types & set(map(word, c.types))]
    return min(
        fits,
        key=lambda c: (
            c.time.elapsed
            if c.time.unit in {Unit.DAY, Unit.WEEK, Unit.HOUR}
            else timedelta(days=31 * c.time.high)
        ),
        default=None,
    )


def _starts(guide: Guide, order: Order) -> Iterator[tuple[StartEvent, date | datetime]]:
    for event in guide.expiry.starts:
        at = _event(event, order, guide.carrier.zone)
        if at is not None:
            yield event, at


def _event(event: StartEvent, order: Order, zone: str) -> date | datetime | None:
    if event == "order":
        return order.ordered
    if event == "implementation":
        return order.implemented
    if event == "collection":
        return order.collection
    first = order.collection or order.implemented
    if order.ordered is None:
        return None
    tenth: date | datetime = order.ordered + TEN_DAYS
    return tenth if first is None else min(first, tenth, key=lambda at: instant(at, zone).astimezone(UTC))


def _not_known(guide: Guide, order: Order) -> Iterator[str]:
    for event in guide.expiry.starts:
        if order.duration is not None and _event(event, order, guide.carrier.zone) is None:
            yield NAMES[event]


def _readings(guide: Guide, order: Order, desk: _Desk, cap: ExpiryCap | None) -> Iterator[Reading]:
    """Yield a reading for each start that is known and each way of counting; the order's own end may be earlier."""
    own = _own_end(order, desk)
    if order.duration is None and own is not None:
        yield _reading("order_text", "as_written", own, desk, "")
    if order.duration is None:
        return
    for event, at in _starts(guide, order):
        for counting in guide.expiry.countings:
            if counting == "exact_hours" and not isinstance(at, datetime):
                continue
            ends = _end(at, order.duration, counting, desk)
            capped = ""
            if cap is not None and _end(at, cap.time, counting, desk) < ends:
                ends, capped = _end(at, cap.time, counting, desk), cap.id
            if own is not None and own <= ends:
                ends, capped = own, "the order's own date"
            yield replace(
                _reading(event, counting, ends, desk, capped),
                excluded_because=_excluded(order, event, counting),
            )


def _reading(event: str, counting: str, ends: datetime, desk: _Desk, capped: str) -> Reading:
    cut, why = _cut(ends, desk)
    title = "the order's own date" if event == "order_text" else f"{NAMES[event]}; {NAMES[counting]}"
    return Reading(
        start=event, counting=counting, title=title, ends=ends, cut=cut, cut_because=why, capped_by=capped
    )


def _own_end(order: Order, desk: _Desk) -> datetime | None:
    if order.ends is None:
        return None
    if isinstance(order.ends, datetime):
        return instant(order.ends, desk.zone)
    return midnight(desk.zone, order.ends + timedelta(days=1))


def _end(at: date | datetime, span: Span, counting: Counting, desk: _Desk) -> datetime:
    """Return the end: of the last day, or at the clock time. Arithmetic on hours is on instants."""
    start = instant(at, desk.zone).astimezone(business.BusinessCalendar(desk.zone, ()).tz)
    calendar = BusinessCalendar(desk.zone, (), business_week=desk.found.kernel.business_week)
    if span.unit in {Unit.HOUR, Unit.MINUTE}:
        return after(start, span.elapsed)
    if counting == "exact_hours":
        if span.unit in {Unit.DAY, Unit.WEEK}:
            return after(start, span.elapsed)
        return shift(start, span.high, span.unit, calendar)
    last = calendars.last_day(start, span.high, span.unit, calendar)
    days = 0 if counting == "first_day_counts" else 1
    return midnight(desk.zone, last + timedelta(days=days))


def _cut(ends: datetime, desk: _Desk) -> tuple[datetime, str]:
    """Return when access is cut (C8): never after the end."""
    kernel = desk.found.kernel
    if desk.unattended:
        return ends, "the switch deactivates by itself"
    if desk.exact:
        return ends, "the order gives an exact time: staff are scheduled"
    if business.is_staffed(kernel, ends):
        return ends, "somebody is on duty"
    try:
        last = business.last_staffed_before(kernel, ends)
    except NeverStaffed:
        return ends, "nobody is ever on duty: staff are scheduled"
    if last.astimezone(UTC) == ends.astimezone(UTC):
        return ends, "the last shift ends then"
    return last.astimezone(ends.tzinfo), "the last moment before it when somebody is on duty"


def _excluded(order: Order, event: StartEvent, counting: Counting) -> str:
    if order.start is not None and event != order.start:
        return f"The order says {NAMES[order.start]}."
    if order.counting is not None and counting != order.counting:
        return f"The order says {NAMES[order.counting]}."
    return ""


def _rule(
    guide: Guide, question: Question, order: Order, left: list[Reading]
) -> tuple[ExpiryRule | None, list[ExpiryRule]]:
    types = set(map(word, order.types))
    fits = [
        rule
        for rule in fitting(guide.expiry_rules, question, guide)
        if (not rule.types or types & set(map(word, rule.types))) and any(_obeys(rule, r) for r in left)
    ]
    approved = [rule for rule in fits if rule.approved_by]
    return (approved[0] if approved else None), [rule for rule in fits if not rule.approved_by]


def _obeys(rule: ExpiryRule, reading: Reading) -> bool:
    if reading.start not in get_args(StartEvent):
        return True
    return (rule.start is None or reading.start == rule.start) and (
        rule.counting is None or reading.counting == rule.counting
    )


def _notices(guide: Guide, chosen: Reading, desk: _Desk) -> tuple[Notice, ...]:
    found = []
    for span in guide.expiry.notices:
        on = shift(chosen.ends, -span.high, span.unit, desk.found.kernel)
        found.append(Notice(before=span, on=on))
    return tuple(found)


def _sentence(chosen: Reading, rule: ExpiryRule | None) -> str:
    why = (
        f"by the rule '{rule.name}', approved by {rule.approved_by}"
        if rule
        else "the earliest reading that remains"
    )
    return f"Ends {chosen.ends:%Y-%m-%d %H:%M %Z}: {chosen.title} ({why}). Cut {chosen.cut:%Y-%m-%d %H:%M %Z}: {chosen.cut_because}."
