"""The lines of a demand as they stand now: what was demanded against process, retention and the history of the number."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time

from tecum.cases.queries import TargetView
from tecum.cases.states import Identifier, TargetState
from tecum.demands.models import Demand
from tecum.demands.queries import forms
from tecum.demands.queries.reading import Read, choices, read, row_of
from tecum.demands.rules.compiling import Asked, Kept, Line, Supported, Tenure, World, compiled, grants
from tecum.guide.calculators import retention
from tecum.guide.model.guide import Guide, NotInGuide
from tecum.guide.questions import Question
from tecum.inventory import queries as inventory
from tecum.inventory.drivers.engine import NothingLoaded
from tecum.kernel.actors import Actor
from tecum.kernel.numbers import is_canonical
from tecum.kernel.periods import Period
from tecum.policy import queries as policy
from tecum.process import queries as process
from tecum.process.queries import ReceivedView
from tecum.process.rules.checklist import Finding
from tecum.process.states import ReceivedState
from tecum.records.queries import subscribers
from tecum.records.rules.scope import Scope

LIVE = frozenset({TargetState.ASKED, TargetState.ANSWERED})
PERSONAL = frozenset({"calls", "subscriber", "work_order", "live"})  # what is one subscriber's alone
STILL = datetime(9000, 1, 1, tzinfo=UTC)  # the end of what has not ended


def lines(*, case: str, by: Actor, now: datetime) -> tuple[Line, ...]:
    """
    Return every line of a demand, judged by the guide, the retention and the history of the number as of now.

    :raises NotYours: when the case is unknown, or not for this person
    """
    return of_row(row_of(case, by=by, now=now), by=by, now=now)


def of_row(row: Demand, *, by: Actor, now: datetime) -> tuple[Line, ...]:
    """Return the lines of a row that was read already."""
    return of(read(row, by=by, now=now), now=now)


def of(one: Read, *, now: datetime) -> tuple[Line, ...]:
    """Return the lines of a demand that was read already."""
    wanted = asked(one.targets, one.received)
    return compiled(wanted, world(wanted, one, policy.at(now), now=now))


def asked(targets: Iterable[TargetView], received: ReceivedView) -> list[Asked]:
    """Return what is asked completely: a number, an interval and a product; the rest is a deficiency (R-110)."""
    found = []
    for each in targets:
        if each.identifier is Identifier.NUMBER and each.period and each.product and each.state in LIVE:
            clause = each.words or f"item {each.place} of {received.said.number or 'the process'}"
            found.append(Asked(each.id, each.product, each.value, each.period, clause))
    return found


def world(wanted: list[Asked], one: Read, guide: Guide, *, now: datetime) -> World:
    """Return what the lines are judged by."""
    row, received = one.row, one.received
    products = sorted({each.product for each in wanted})
    how = {each.id: each.answered_by for each in guide.products}
    spans = {name: _span(each for each in wanted if each.product == name) for name in products}
    findings = process.judged(received, one.targets)
    sound = received.state is ReceivedState.SOUND
    return World(
        supported={name: supported(name, findings, sound=sound) for name in products},
        kept={name: kept(guide, name, span, received.received_at, now=now) for name, span in spans.items()},
        tenures=tenures_of(
            {
                number: _span(each for each in wanted if each.number == number)
                for number in sorted({each.number for each in wanted})
            },
            guide,
            now=now,
        ),
        about_a_person=frozenset(name for name in products if how.get(name) in PERSONAL),
        about_a_provider=frozenset(name for name in products if how.get(name) == "provider"),
        choices=choices(row),
        unreached=forms.unreached(row, [(each.target, each.product) for each in wanted], guide),
    )


def _span(asked: Iterable[Asked]) -> Period:
    periods = [each.period for each in asked]
    return Period(min(each.start for each in periods), max(each.end for each in periods))


def supported(product: str, findings: Iterable[Finding], *, sound: bool) -> Supported:
    """
    Return whether the process supports a product, by the checklist; what a person found sound is, except what is hard.
    """
    mine = [each for each in findings if each.product in {"", product}]
    law = next((each.citation for each in mine if each.product and each.citation), "")
    wrong = [each for each in mine if each.met is False and (each.hard or not sound)]
    if wrong:
        return Supported(False, f"{wrong[0].title}: {wrong[0].sentence}", wrong[0].citation or law)
    open_ones = [each for each in mine if each.met is None]
    if open_ones and not sound:
        return Supported(None, f"Not judged yet: {open_ones[0].title.lower()}.", law)
    return Supported(True, "A person found the process sound." if sound else "The checklist is met.", law)


def kept(guide: Guide, product: str, span: Period, received: datetime, *, now: datetime) -> list[Kept]:
    """Return what exists of a product's records, piece by piece, judged as the guide says (C6)."""
    question = Question(on=received.astimezone(guide.carrier.zone.tz).date(), product=product)
    try:
        found = retention.verdict(guide, question, span, received, processed=now)
    except NotInGuide as fault:
        return [Kept(span, "not_kept", str(fault))]
    return [Kept(Period(piece.start, piece.end), piece.state, found.because) for piece in found.pieces]


def tenures(number: str, span: Period, guide: Guide, *, now: datetime) -> list[Tenure]:
    """Return who had a number and when: our own subscribers by the bill, and the wholesale customers of the inventory."""
    return tenures_of({number: span}, guide, now=now)[number]


def tenures_of(spans: Mapping[str, Period], guide: Guide, *, now: datetime) -> dict[str, list[Tenure]]:
    """Return the same for many numbers, each in its span."""
    known = subscribers.spells_of({each: span for each, span in spans.items() if is_canonical(each)}, now=now)
    found: dict[str, list[Tenure]] = {each: [] for each in spans}
    for number, one in known.items():
        ours = [Tenure(each.period, each.id, "ours") for each in one.spells]
        customers = _wholesale(number, guide, now=now)
        others = [each for each in customers if not any(each.period.overlaps(mine.period) for mine in ours)]
        found[number] = sorted([*ours, *others], key=lambda each: each.period)
    return found


def _wholesale(number: str, guide: Guide, *, now: datetime) -> list[Tenure]:
    zone = guide.carrier.zone.tz
    try:
        history = inventory.assignments(number, now=now)
    except NothingLoaded:
        return []
    found = []
    if history.current is not None:
        since = datetime.combine(history.current.in_service_date, time(), zone)
        found.append(Tenure(Period(since, STILL), history.current.customer, "wholesale"))
    for past in history.past:
        since = datetime.combine(past.in_service_date, time(), zone)
        if past.believed and since < past.until:
            found.append(Tenure(Period(since, past.until), past.customer, "wholesale"))
    return found


def scope(row: Demand, found: Iterable[Line], guide: Guide) -> Scope:
    """Return what the searched lines come to."""
    return Scope(row.matter, guide.version, grants(found))
