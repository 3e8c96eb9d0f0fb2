"""The retention verdict: what of an interval still exists when a request is received."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from tecum.guide.calculators import calendars
from tecum.guide.calculators.results import Result
from tecum.guide.model.guide import Guide, NotInGuide
from tecum.guide.model.timing import Retention
from tecum.guide.questions import Question, best, presumed, resolved
from tecum.guide.values import Span, Unit, add, shift
from tecum.kernel.business import BusinessCalendar, midnight
from tecum.kernel.periods import Period

State = Literal["available", "uncertain", "archived", "expired", "not_kept", "not_yet"]
Verdict = Literal["available", "uncertain", "archived", "expired", "partly", "not_kept", "not_yet", "unknown"]
#: Kinds of records of our own of which we know when each is over, so that the clock destroys them (A14).
BY_THE_CLOCK = ("cases", "mail", "certifications", "visits")
BEGINNING = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Interval:
    """From `start` up to, and without, `end`, in the carrier's zone."""

    start: datetime
    end: datetime


@dataclass(frozen=True, kw_only=True)
class Piece(Interval):
    """A part of the interval in one state."""

    state: State


@dataclass(frozen=True, kw_only=True)
class Coverage(Result):
    """What exists of the interval. `covered` is what is surely available."""

    verdict: Verdict
    rule: str
    asked: Interval | None
    received: datetime
    covered: tuple[Interval, ...] = ()
    pieces: tuple[Piece, ...] = ()
    surely_from: datetime | None = None
    perhaps_from: datetime | None = None
    archived_from: datetime | None = None


def verdict(
    guide: Guide,
    question: Question,
    asked: Period | None,
    received: datetime,
    *,
    processed: datetime | None = None,
    closed: date | None = None,
) -> Coverage:
    """
    Return what exists, at receipt, of the records of an interval; without an interval only from when on.

    :raises NotInGuide: when the guide knows no such product
    """
    said, question = question, resolved(guide, question)
    rule, warnings = best(guide.retentions, question, guide)
    if rule is None:
        because = "The guide does not say how long these records are kept."
        shown = _interval(asked, guide.carrier.zone.tz) if asked else None
        return Coverage(verdict="unknown", rule="", asked=shown, received=received, because=because)
    if rule.judged_at == "processing" and processed is not None:
        received = processed
    zone = guide.carrier.zone
    bounds = _bounds(rule, received, closed, zone)
    span = asked or Period(BEGINNING, received)
    pieces = _pieces(rule, span, received, bounds, zone)
    return Coverage(
        verdict=_verdict(pieces) if asked else "unknown",
        rule=rule.id,
        asked=_interval(asked, zone.tz) if asked else None,
        received=received.astimezone(zone.tz),
        covered=tuple(Interval(start=p.start, end=p.end) for p in pieces if p.state == "available")
        if asked
        else (),
        pieces=tuple(pieces) if asked else (),
        surely_from=bounds[0].astimezone(zone.tz) if bounds[0] > BEGINNING else None,
        perhaps_from=bounds[1].astimezone(zone.tz) if bounds[1] not in {bounds[0], BEGINNING} else None,
        archived_from=bounds[2].astimezone(zone.tz) if bounds[2] not in {bounds[1], BEGINNING} else None,
        because=_sentence(rule) + presumed(said, question),
        used=(rule,),
        warnings=warnings,
    )


Bounds = tuple[datetime, datetime, datetime]


def _bounds(rule: Retention, received: datetime, closed: date | None, zone: str) -> Bounds:
    """Return from when on records surely exist, perhaps exist, and are archived."""
    if rule.counted_from == "account_closed":
        return _after_closing(rule, received, closed, zone)
    if rule.indefinitely or (rule.keeps is None and rule.archived is None):
        sure = perhaps = BEGINNING
    elif rule.keeps is None:
        sure = perhaps = received.astimezone(UTC)
    else:
        sure, perhaps = (_back(received, n, rule.keeps.unit, zone) for n in (rule.keeps.low, rule.keeps.high))
    archived = (
        perhaps if rule.archived is None else _back(received, rule.archived.high, rule.archived.unit, zone)
    )
    return sure, perhaps, min(archived, perhaps)


def _after_closing(rule: Retention, received: datetime, closed: date | None, zone: str) -> Bounds:
    """Everything is kept while the account is open and for so long after it closed; then nothing is."""
    now = received.astimezone(UTC)
    if closed is None or rule.keeps is None:
        return BEGINNING, BEGINNING, BEGINNING

    def until(span: Span | None, end: str) -> datetime:
        if span is None:
            return BEGINNING
        return midnight(zone, add(closed, span.low if end == "low" else span.high, span.unit))

    return (
        BEGINNING if now < until(rule.keeps, "low") else now,
        BEGINNING if now < until(rule.keeps, "high") else now,
        BEGINNING if now < max(until(rule.archived, "high"), until(rule.keeps, "high")) else now,
    )


def _back(received: datetime, count: int, unit: Unit, zone: str) -> datetime:
    """Go back from receipt: hours really pass; days and longer go to the beginning of the local day."""
    calendar = BusinessCalendar(zone, ())
    if unit in {Unit.MINUTE, Unit.HOUR}:
        return shift(received, -count, unit, calendar).astimezone(UTC)
    plain = Unit.DAY if unit in {Unit.BUSINESS_DAY, Unit.BUSINESS_HOUR} else unit
    return midnight(zone, add(received.astimezone(calendar.tz).date(), -count, plain)).astimezone(UTC)


def _interval(period: Period, zone: ZoneInfo) -> Interval:
    return Interval(start=period.start.astimezone(zone), end=period.end.astimezone(zone))


def _piece(state: State, period: Period, zone: ZoneInfo) -> Piece:
    return Piece(state=state, start=period.start.astimezone(zone), end=period.end.astimezone(zone))


def _pieces(rule: Retention, span: Period, received: datetime, bounds: Bounds, zone: str) -> list[Piece]:
    sure, perhaps, archived = bounds
    floor = midnight(zone, rule.since).astimezone(UTC) if rule.since else BEGINNING
    ceiling = midnight(zone, rule.until).astimezone(UTC) if rule.until else received.astimezone(UTC)
    marks: list[tuple[State, datetime, datetime]] = [
        ("available", sure, received),
        ("uncertain", perhaps, sure),
        ("archived", archived, perhaps),
    ]
    found: list[tuple[Period, State]] = []
    for state, begins, ends in () if rule.not_kept else marks:
        begins, ends = max(begins, floor), min(ends, ceiling)
        part = Period(begins, ends).intersection(span) if begins < ends else None
        if part is not None:
            found.append((part, state))
    gone: State = "not_kept" if rule.not_kept else "expired"
    for gap in span.minus([period for period, _ in found]):
        past = gap.intersection(Period(BEGINNING, received))
        future = gap.intersection(Period(received, max(received, span.end)))
        found += [(past, gone)] if past else []
        found += [(future, "not_yet")] if future else []
    return [_piece(state, period, ZoneInfo(zone)) for period, state in sorted(found)]


def _verdict(pieces: list[Piece]) -> Verdict:
    states = {piece.state for piece in pieces}
    if len(states) > 1:
        states -= {"not_yet"}
    return states.pop() if len(states) == 1 else "partly"


def _sentence(rule: Retention) -> str:
    if rule.not_kept:
        return "Such records are not kept."
    parts = []
    if rule.keeps is not None:
        after = " after the account is closed" if rule.counted_from == "account_closed" else ""
        sure = "" if rule.keeps.exact else f", surely for {rule.keeps.low}"
        parts.append(f"kept for {rule.keeps}{after}{sure}")
    if rule.archived is not None:
        parts.append(f"archived up to {rule.archived}")
    if rule.indefinitely:
        parts.append("kept without an end")
    parts += [f"only from {rule.since} on"] if rule.since else []
    parts += [f"only before {rule.until}"] if rule.until else []
    return f"Records are {', '.join(parts)}; age is judged at {rule.judged_at}."


def closed_before(guide: Guide, kind: str, now: datetime) -> datetime | None:
    """Return the instant before which an epoch of our own records must have closed to be over; none where nothing says so."""
    try:
        keep = guide.keeps(kind).keep
    except NotInGuide:
        return None
    return calendars.later(guide, now, keep, back=True)
