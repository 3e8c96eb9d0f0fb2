"""Findings about hours, clocks, ladders and the ends of surveillance."""

import itertools
from collections import defaultdict
from collections.abc import Iterator

from tecum.guide.checking.findings import Finding, finding
from tecum.guide.model.desks import Calendar, Desk
from tecum.guide.model.guide import Guide
from tecum.guide.model.timing import Clock
from tecum.guide.values import Span, Unit

DAYS = {Unit.DAY: 1, Unit.WEEK: 7, Unit.MONTH: 31, Unit.YEAR: 366}


def hours(guide: Guide) -> Iterator[Finding]:
    """Find hours that differ: a desk's from those of its capability, and one capability's at two desks."""
    by_id = {calendar.id: calendar for calendar in guide.calendars}
    by_capability: dict[str, list[tuple[Desk, Calendar]]] = defaultdict(list)
    for desk in guide.desks:
        own = by_id.get(desk.calendar)
        for capability, name in desk.capabilities.items():
            calendar = by_id[name]
            by_capability[capability].append((desk, calendar))
            if own is not None and _differ(own, calendar):
                sentence = f"'{desk.name}' is staffed {own.text}, but for {capability} {calendar.text}."
                yield finding("hours-differ", "contradiction", desk, sentence, own, calendar)
    for capability, several in by_capability.items():
        for (one, first), (other, second) in itertools.combinations(several, 2):
            if _differ(first, second):
                sentence = (
                    f"For {capability} '{one.name}' is staffed {first.text}, '{other.name}' {second.text}."
                )
                yield finding("hours-differ", "contradiction", capability, sentence, first, second)


def _differ(one: Calendar, other: Calendar) -> bool:
    if one.kernel.always or other.kernel.always:
        return False
    return (one.kernel.shifts, one.kernel.zone) != (other.kernel.shifts, other.kernel.zone)


def zones(guide: Guide) -> Iterator[Finding]:
    """Find a printed zone that is not the zone of the calendar all the year."""
    for calendar in guide.calendars:
        if calendar.printed_zone:
            sentence = f"“{calendar.printed_zone}” is printed; the calendar counts in {calendar.kernel.zone}."
            yield finding("printed-zone", "doubt", calendar, sentence)


def desks(guide: Guide) -> Iterator[Finding]:
    """Find desks without hours or without a way to reach them, contacts without a value, faxes without a number."""
    for desk in guide.desks:
        if not desk.calendar:
            yield finding("desk-without-hours", "gap", desk, f"The guide gives no hours for '{desk.name}'.")
        reached = desk.address or desk.phone or desk.fax or desk.email or any(c.value for c in desk.contacts)
        if not reached and desk.public:
            yield finding(
                "desk-without-contact",
                "gap",
                desk,
                f"'{desk.name}' has no address, telephone, fax or e-mail.",
            )
        for contact in desk.contacts:
            if not contact.value:
                sentence = f"'{contact.label}' of '{desk.name}' is named, but not given."
                yield finding("contact-missing", "gap", desk, sentence, contact)
    for channel in guide.channels:
        desk_ = next((d for d in guide.desks if d.id == channel.desk), None)
        numbers = [c for c in desk_.contacts if c.kind == "fax" and c.value] if desk_ else []
        if (
            channel.kind == "fax"
            and channel.accepted
            and desk_
            and not desk_.fax
            and not numbers
            and not channel.address
        ):
            sentence = f"Faxes are accepted at '{desk_.name}', which has no fax number."
            yield finding("emergency-fax-missing", "gap", channel, sentence, desk_)


def clocks(guide: Guide) -> Iterator[Finding]:
    """Find clocks that end when nobody is on duty, have no length, or end before another that they cover."""
    for clock in guide.clocks:
        if clock.length is None:
            sentence = f"'{clock.name or clock.id}' runs for a “reasonable” time, and counsel has set none."
            yield finding("reasonable-without-time", "gap", clock, sentence)
            continue
        calendar = _duty(guide, clock)
        counts_really = clock.length.unit is not Unit.BUSINESS_DAY
        if (
            (clock.capability or clock.desk)
            and counts_really
            and calendar is not None
            and not calendar.kernel.always
        ):
            sentence = f"'{clock.name or clock.id}' ({clock.length}) can end when nobody is on duty: {calendar.text}."
            yield finding("clock-ends-unstaffed", "contradiction", clock, sentence, calendar)
        yield from _covered(guide, clock, clock.length)


def _duty(guide: Guide, clock: Clock) -> Calendar | None:
    name = clock.calendar
    if not name and clock.desk:
        desk = guide.desk(clock.desk)
        name = desk.capabilities.get(clock.capability, desk.calendar)
    return guide.calendar(name) if name else None


def _covered(guide: Guide, clock: Clock, length: Span) -> Iterator[Finding]:
    other = next((one for one in guide.clocks if one.id == clock.not_before), None)
    if other is None or other.length is None or length.unit not in DAYS:
        return
    days = length.low * DAYS[length.unit]
    business = other.length.unit is Unit.BUSINESS_DAY
    longest = (
        other.length.high // 5 * 7 + other.length.high % 5
        if business
        else other.length.high * DAYS.get(other.length.unit, 1)
    )
    if longest > days or (business and longest >= days):
        because = ", over a holiday" if business and longest == days else ""
        sentence = f"'{clock.name or clock.id}' ({length}) can come before '{other.name or other.id}' ({other.length}) ends{because}."
        yield finding("inquiry-before-window", "contradiction", clock, sentence, other)


def ladders(guide: Guide) -> Iterator[Finding]:
    """Find ladders that need the caller, steps without a number, and a last step that does not repeat."""
    for ladder in guide.ladders:
        by_caller = [step for step in ladder.steps if step.acts == "caller"]
        if by_caller:
            sentence = f"{len(by_caller)} of {len(ladder.steps)} steps must be taken by the caller, according to the source."
            yield finding("ladder-needs-caller", "doubt", ladder, sentence, *by_caller)
        for step in ladder.steps:
            if not step.to and step.told_in:
                sentence = f"The number of '{step.who}' is told only in the {step.told_in}."
                yield finding("step-without-number", "gap", ladder, sentence, step)
        if ladder.steps and ladder.steps[-1].repeat_every is None:
            sentence = f"The last step ({ladder.steps[-1].who}) does not repeat: the ladder ends with nobody."
            yield finding("ladder-ends", "gap", ladder, sentence, ladder.steps[-1])


def expiry(guide: Guide) -> Iterator[Finding]:
    """Find ends that fall outside staffed hours, several readings of an end, and rules that counsel has not approved."""
    taps = [product for product in guide.products if product.kind == "surveillance" and product.offered]
    if not taps:
        return
    rule = guide.expiry
    able = [
        d for d in guide.desks if d.id == rule.desk or (not rule.desk and rule.capability in d.capabilities)
    ]
    for desk in able:
        name = desk.capabilities.get(rule.capability, desk.calendar)
        if not name:
            continue
        calendar = guide.calendar(name)
        if not calendar.kernel.always:
            sentence = f"An order can end when nobody can cut: '{desk.name}' cuts {calendar.text}."
            yield finding("expiry-unstaffed", "contradiction", "", sentence, rule, calendar)
    readings = len(rule.starts) * len(rule.countings)
    if readings > 1:
        sentence = f"An order without words of its own can be read in {readings} ways; the earliest governs."
        yield finding("expiry-readings", "doubt", "", sentence, rule)
    for one in guide.expiry_rules:
        if not one.approved_by:
            yield finding(
                "rule-not-approved", "remark", one, f"'{one.name}' is shown and not used: nobody approved it."
            )


CHECKS = (hours, zones, desks, clocks, ladders, expiry)
