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
from tecum.guide.calculators.expiry_words import paragraph, spoken
from tecum.guide.calculators.results import Result, once
from tecum.guide.model.emergency import Counting, ExpiryCap, ExpiryRule, StartEvent
from tecum.guide.model.guide import Guide, NotInGuide
from tecum.guide.questions import Question, fitting, word
from tecum.guide.values import Span, Unit, instant, parse_hours, shift
from tecum.kernel import business
from tecum.kernel.business import BusinessCalendar, NeverStaffed, midnight
from tecum.kernel.periods import after

TEN_DAYS = timedelta(days=10)
__all__ = ["NAMES", "Ending", "Notice", "Order", "Reading", "ending", "spoken"]
NAMED_BY_LAW = "earlier_of_interception_and_ten_days"
NAMES: dict[str, str] = {
    "order": "from date of order",
    "implementation": "from implementation",
    "collection": "when the agency begins collecting",
    "earlier_of_interception_and_ten_days": "earlier of first interception and ten days after the order",
    "former_end": "from the end of the earlier period",
    "first_day_counts": "the first day counts",
    "first_day_does_not_count": "the first day does not count",
    "exact_hours": "exact hours",
}


@dataclass(frozen=True, kw_only=True)
class Order:
    """
    What an order says and what happened under it. A plain date has no clock time: no exact hours then.

    `start` and `counting` are the order's own words, which exclude the other readings; `ends` is its own date. `former`
    is the end of the period that an extension prolongs. `assumed` stands for an implementation or a collection that has
    not begun, where nothing else gives an end: nothing can begin before it, so the end is provisional and never late.
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
    former: datetime | None = None
    assumed: datetime | None = None


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
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class _Desk:
    found: Found
    zone: str
    unattended: bool
    exact: bool
    at_the_end: bool  # the guide schedules staff for the end itself


def ending(guide: Guide, question: Question, order: Order) -> Ending:
    """
    Return when an order ends and when access is cut.

    :raises NotInGuide: when the order gives neither a duration and a start nor an end
    """
    order = replace(order, types=tuple(_type(guide, one) for one in order.types))
    desk = _cutter(guide, question, order)
    cap = _cap(guide, question, order)
    said = order
    readings = tuple(_readings(guide, order, desk, cap))
    left = [reading for reading in readings if not reading.excluded_because]
    if not left and order.assumed is not None:
        order = _assumed(order, order.assumed)
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
        not_known=tuple(_not_known(guide, said)),
        provisional=_provisional(said, chosen),
        because=paragraph(chosen, rule, readings, cap, duration=order.duration, assumed=said is not order),
        used=once([guide.expiry, rule, cap, *desk.found.used]),
        warnings=tuple(f"Rule '{r.id}' ({r.name}) has no approval and is not used." for r in unapproved),
    )


def _assumed(order: Order, at: datetime) -> Order:
    return replace(order, implemented=order.implemented or at, collection=order.collection or at)


def _provisional(said: Order, chosen: Reading) -> bool:
    """Tell whether the end moves once the surveillance begins."""
    if chosen.start in {"implementation", "collection"}:
        return getattr(said, {"implementation": "implemented"}.get(chosen.start, chosen.start)) is None
    return chosen.start == NAMED_BY_LAW and said.implemented is None and said.collection is None


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
    return _Desk(
        found, rule.zone or found.kernel.zone, unattended, order.exact_time, rule.cut_by_hand == "expiry"
    )


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
    for event in _events(guide, order):
        at = _event(event, order, guide.carrier.zone)
        if at is not None:
            yield event, at


def _events(guide: Guide, order: Order) -> tuple[StartEvent, ...]:
    """Return the guide's events, with the one that the order's own words name and the one that only extensions have."""
    own: list[StartEvent] = [order.start] if order.start is not None else []
    if order.former is not None:
        own.append("former_end")
    return tuple(dict.fromkeys((*guide.expiry.starts, *own)))


def _event(event: StartEvent, order: Order, zone: str) -> date | datetime | None:
    plain: dict[str, date | datetime | None] = {
        "order": order.ordered,
        "implementation": order.implemented,
        "collection": order.collection,
        "former_end": order.former,
    }
    if event in plain:
        return plain[event]
    if order.ordered is None:
        return None
    tenth: date | datetime = order.ordered + TEN_DAYS
    known = [at for at in (order.collection, order.implemented) if at is not None]
    return min([*known, tenth], key=lambda at: instant(at, zone).astimezone(UTC))


def _not_known(guide: Guide, order: Order) -> Iterator[str]:
    for event in _events(guide, order):
        if order.duration is not None and _event(event, order, guide.carrier.zone) is None:
            yield NAMES[event]


def _readings(guide: Guide, order: Order, desk: _Desk, cap: ExpiryCap | None) -> Iterator[Reading]:
    """
    Yield a reading for each start that is known and each way of counting; the order's own end may be earlier.

    An order that gives nothing but its own end is read against the law's longest time from each start.
    """
    own = _own_end(order, desk)
    starts = [
        (event, at, counting)
        for event, at in _starts(guide, order)
        for counting in guide.expiry.countings
        if counting != "exact_hours" or isinstance(at, datetime)
    ]
    if order.duration is None and own is not None and not (cap and starts):
        yield _reading(order, "order_text", "as_written", own, desk, "")
    if order.duration is None and (own is None or cap is None):
        return
    for event, at, counting in starts:
        ends, capped = _earliest(guide, order, desk, cap, at, counting)
        if own is not None and _before(own, ends, or_same=True):
            ends, capped = own, "the order's own date"
        yield replace(
            _reading(order, event, counting, ends, desk, capped),
            excluded_because=_excluded(order, event, counting),
        )


def _earliest(
    guide: Guide, order: Order, desk: _Desk, cap: ExpiryCap | None, at: date | datetime, counting: Counting
) -> tuple[datetime, str]:
    """Return the end of the stated duration, or of the law's longest time where that is earlier."""
    found = [] if order.duration is None else [(_end(at, order.duration, counting, desk), "")]
    if cap is not None:
        lawful = None if cap.start is None else _event(cap.start, order, guide.carrier.zone)
        found += [(_end(each, cap.time, counting, desk), cap.id) for each in (at, lawful) if each is not None]
    return min(found, key=lambda pair: pair[0].astimezone(UTC))


def _before(one: datetime, other: datetime, *, or_same: bool = False) -> bool:
    """Compare instants: two times of one zone would be compared by the wall clock, wrong in the repeated hour."""
    first, second = one.astimezone(UTC), other.astimezone(UTC)
    return first < second or (or_same and first == second)


def _reading(order: Order, event: str, counting: str, ends: datetime, desk: _Desk, capped: str) -> Reading:
    cut, why = _cut(ends, desk, _begins(order, desk))
    title = "the order's own date" if event == "order_text" else f"{NAMES[event]}; {NAMES[counting]}"
    return Reading(
        start=event, counting=counting, title=title, ends=ends, cut=cut, cut_because=why, capped_by=capped
    )


def _begins(order: Order, desk: _Desk) -> datetime | None:
    """Return the earliest moment at which there can be access: a cut before it would be none."""
    known = [at for at in (order.implemented, order.ordered) if at is not None]
    return instant(known[0], desk.zone) if known else None


def _own_end(order: Order, desk: _Desk) -> datetime | None:
    if order.ends is None:
        return None
    if isinstance(order.ends, datetime):
        return instant(order.ends, desk.zone)
    return midnight(desk.zone, order.ends + timedelta(days=1))


def _end(at: date | datetime, span: Span, counting: Counting, desk: _Desk) -> datetime:
    """
    Return the end: of the last day, or at the clock time.

    Hours are counted on instants. A day of "exact hours" has 24 of them and ends at the same clock time; where daylight
    saving makes these two, the earlier counts.
    """
    start = instant(at, desk.zone).astimezone(business.BusinessCalendar(desk.zone, ()).tz)
    calendar = BusinessCalendar(desk.zone, (), business_week=desk.found.kernel.business_week)
    if span.unit in {Unit.HOUR, Unit.MINUTE}:
        return after(start, span.elapsed)
    if counting == "exact_hours":
        by_clock = shift(start, span.high, span.unit, calendar)
        if span.unit not in {Unit.DAY, Unit.WEEK}:
            return by_clock
        return min(after(start, span.elapsed), by_clock, key=lambda end: end.astimezone(UTC))
    last = calendars.last_day(start, span.high, span.unit, calendar)
    days = 0 if counting == "first_day_counts" else 1
    return midnight(desk.zone, last + timedelta(days=days))


def _cut(ends: datetime, desk: _Desk, begins: datetime | None) -> tuple[datetime, str]:
    """Return when access is cut (C8): never after the end."""
    kernel = desk.found.kernel
    if desk.unattended:
        return ends, "the switch deactivates by itself"
    if desk.exact:
        return ends, "the order gives an exact time: staff are scheduled"
    if desk.at_the_end:
        return ends, "the guide schedules staff for the end itself"
    if business.is_staffed(kernel, ends):
        return ends, "somebody is on duty"
    try:
        last = business.last_staffed_before(kernel, ends)
    except NeverStaffed:
        return ends, "nobody is ever on duty: staff are scheduled"
    if begins is not None and _before(last, begins, or_same=True):
        return ends, "nobody is on duty between its begin and its end: staff are scheduled"
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
