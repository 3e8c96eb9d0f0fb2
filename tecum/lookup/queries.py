"""What can be read of look-ups: one's own answers and quota, the carrier's figures, the disclosure records."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet, Sum

from tecum.access.rules import require
from tecum.guide.model.lookup import Quota
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours
from tecum.lookup import rules
from tecum.lookup.models import UNITS_OF, Disclosure, Lookup, LookupLine
from tecum.lookup.rules import (
    DisclosureView,
    GivenAnswer,
    HistoryRow,
    HitView,
    LineView,
    LookupView,
    QuotaView,
    SpentUnit,
    WeekOfHits,
)
from tecum.lookup.states import Outcome
from tecum.policy import queries as policy

WEEK = timedelta(days=7)
COUNTED = ("hits", "non_results", "not_in_service", "no_consent")


def line_view(line: LookupLine, disclosure: Disclosure | None) -> LineView:
    """Translate a stored line; its cause stays behind (A2)."""
    hit = None
    if disclosure is not None:
        hit = HitView(
            disclosure.customer, disclosure.shown, disclosure.in_service, disclosure.consent, disclosure.id
        )
    return LineView(
        line.place,
        line.typed,
        line.number,
        Outcome(line.outcome),
        line.problem,
        line.offence,
        line.repeats,
        hit,
    )


def view_of(lookup: Lookup) -> LookupView:
    """Translate a stored submission for the person who made it; its caller has checked whose it is."""
    disclosures = {row.line_id: row for row in Disclosure.objects.filter(line__lookup=lookup)}
    return assembled(lookup, [line_view(line, disclosures.get(line.pk)) for line in lookup.lines.all()])


def assembled(lookup: Lookup, lines: Iterable[LineView]) -> LookupView:
    """Put a submission and its lines together as the view of who asked."""
    return LookupView(
        id=lookup.id,
        reference=lookup.reference,
        case_number=lookup.case_number,
        purpose=lookup.purpose,
        asked_at=lookup.asked_at,
        inventory_version=lookup.inventory_version,
        inventory_as_of=lookup.inventory_as_of,
        guide_version=lookup.guide_version,
        charged=lookup.charged,
        left=lookup.left,
        more_at=lookup.more_at,
        receipt=lookup.receipt,
        lines=tuple(lines),
    )


def answer(lookup_id: str, *, by: Actor, now: datetime) -> LookupView:
    """
    Return one of the viewer's own look-ups.

    :raises NotYours: if it is unknown, or somebody else's
    """
    require(by, "lookup.history", now=now)
    row = Lookup.objects.filter(id=lookup_id, person=by.ref, by_staff=False).first()
    if row is None:
        raise NotYours
    return view_of(row)


def door_is_open(door: str, *, now: datetime) -> bool:
    """Tell whether the guide opens a door (page, api, cli) for look-ups (A17)."""
    return door in policy.at(now).lookup.doors


def history(*, by: Actor, now: datetime, search: str = "") -> "HistoryRows":
    """Return the viewer's own look-ups, newest first, those whose reference or case number contains a text."""
    require(by, "lookup.history", now=now)
    rows = Lookup.objects.filter(person=by.ref, by_staff=False).order_by("-asked_at", "id")
    if search:
        rows = rows.filter(Q(reference__icontains=search) | Q(case_number__icontains=search))
    return HistoryRows(rows)


class HistoryRows:
    """A list of history rows that reads only the page that is asked for, as a paginator does."""

    def __init__(self, rows: "QuerySet[Lookup]") -> None:
        self.rows = rows

    def __len__(self) -> int:
        return self.rows.count()

    def __getitem__(self, part: slice) -> list[HistoryRow]:
        fields = ("id", "reference", "case_number", "asked_at", "hits", "non_results")
        return [HistoryRow(*row) for row in self.rows.values_list(*fields)[part]]


def quota(*, by: Actor, now: datetime) -> QuotaView:
    """Return how many more numbers the viewer may ask now (A1)."""
    require(by, "lookup.run", now=now)
    terms = policy.at(now).lookup.quota
    units = spent(units_of(by), by=by, window=terms.window, now=now)
    return left_of(terms, [unit.free_at for unit in units], by=by, now=now)


def left_of(terms: Quota, spent: Sequence[datetime], *, by: Actor, now: datetime) -> QuotaView:
    """Say what is left, from the instants at which the spent units come back."""
    limit = rules.limit_of(terms.limit, ramp=ramp_of(terms), age=age_of(by, now=now))
    return QuotaView(limit, max(0, limit - len(spent)), min(spent, default=None))


def units_of(by: Actor) -> list[SpentUnit]:
    """Return the units that a person spent last, those that came back since included."""
    return [SpentUnit(*row) for row in UNITS_OF(by.ref)]


def spent(units: Iterable[SpentUnit], *, by: Actor, window: str, now: datetime) -> list[SpentUnit]:
    """Return those units that have not come back yet."""
    session = by.session if window == "session" else None
    return [unit for unit in units if unit.free_at > now and session in (None, unit.session)]


def ramp_of(terms: Quota) -> list[tuple[int, int]]:
    """Return the guide's ramp as (days, limit) pairs."""
    return [(step.days, step.limit) for step in terms.ramp]


def age_of(by: Actor, *, now: datetime) -> timedelta | None:
    """Return for how long this person's account has been active; None where nobody counts it."""
    return now - by.active_since if by.active_since is not None else None


def hit_rate(*, by: Actor, weeks: int, now: datetime) -> list[WeekOfHits]:
    """Return the hit rate of officers' look-ups by week of the portal's zone, the newest first (R-036)."""
    require(by, "lookup.figures", now=now)
    zone = portal_zone(now)
    monday = now.astimezone(zone).date() - timedelta(days=now.astimezone(zone).weekday())
    return [_week(monday - WEEK * back, zone) for back in range(weeks)]


def _week(monday: date, zone: ZoneInfo) -> WeekOfHits:
    span = (_midnight(monday, zone), _midnight(monday + WEEK, zone))
    rows = Lookup.objects.filter(by_staff=False, asked_at__gte=span[0], asked_at__lt=span[1])
    sums = rows.aggregate(*(Sum(name, default=0) for name in COUNTED))
    hits, non_results, not_in_service, no_consent = (sums[f"{name}__sum"] for name in COUNTED)
    return WeekOfHits(
        first=monday,
        asked=hits + non_results,
        hits=hits,
        not_in_service=not_in_service,
        no_consent=no_consent,
    )


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone)


def portal_zone(now: datetime) -> ZoneInfo:
    """Return the zone whose midnight ends the portal's day."""
    guide = policy.at(now)
    return ZoneInfo(str(guide.lookup.quota.zone or guide.carrier.zone))


def scanning(*, by: Actor, since: datetime, now: datetime) -> dict[str, list[rules.Scan]]:
    """
    Return per agency what looks like mapping of our numbers since an instant: numbers in a row, or one block (W10).

    The thresholds are the guide's.
    """
    require(by, "lookup.figures", now=now)
    terms = policy.at(now).lookup.scanning
    asked: dict[str, list[str]] = {}
    lines = LookupLine.objects.filter(lookup__by_staff=False, lookup__asked_at__gte=since).exclude(number="")
    for agency, number in lines.values_list("lookup__agency", "number").distinct():
        asked.setdefault(agency, []).append(number)
    found = {
        agency: rules.scans(
            numbers, consecutive=terms.consecutive, block=terms.block, block_asked=terms.block_asked
        )
        for agency, numbers in asked.items()
    }
    return {agency: scans for agency, scans in found.items() if scans}


def disclosures(
    *, by: Actor, now: datetime, customer: str = "", person: str = "", number: str = ""
) -> "DisclosureRows":
    """Return the records of revealed answers, newest first, by exact customer, person or number (47 CFR 64.2009(c))."""
    require(by, "disclosure.read", now=now)
    rows = Disclosure.objects.select_related("line__lookup").order_by("-disclosed_at", "id")
    wanted = {"customer": customer, "to_person": person, "number": number}
    return DisclosureRows(rows.filter(**{field: value for field, value in wanted.items() if value}))


class DisclosureRows:
    """A list of disclosure records that reads only the page that is asked for."""

    def __init__(self, rows: "QuerySet[Disclosure]") -> None:
        self.rows = rows

    def __len__(self) -> int:
        return self.rows.count()

    def __getitem__(self, part: slice) -> list[DisclosureView]:
        # The ids first: a page far down would otherwise join every row above it.
        ids = list(self.rows.values_list("pk", flat=True)[part])
        found = {row.pk: row for row in self.rows.filter(pk__in=ids)}
        return [_disclosure_view(found[key]) for key in ids]


def _disclosure_view(row: Disclosure) -> DisclosureView:
    lookup = row.line.lookup
    return DisclosureView(
        id=row.id,
        lookup=lookup.id,
        reference=lookup.reference,
        number=row.number,
        customer=row.customer,
        consent=row.consent,
        to_person=row.to_person,
        to_agency=row.to_agency,
        case_number=lookup.case_number,
        disclosed_at=row.disclosed_at,
    )


def answers_of(
    *, person: str, since: datetime, until: datetime, by: Actor, now: datetime
) -> list[GivenAnswer]:
    """
    Return every answer that a person's account got in a half-open interval, in order: found and not found alike.

    It is read for a breach; the caller records that. `person` is a ref.
    """
    require(by, "breach.read", now=now)
    lines = (
        LookupLine.objects.filter(
            lookup__person=person,
            lookup__asked_at__gte=since,
            lookup__asked_at__lt=until,
            outcome__in=[Outcome.HIT, Outcome.NON_RESULT],
        )
        .select_related("lookup", "disclosure")
        .order_by("lookup__asked_at", "lookup_id", "place")
    )
    return [_given(line) for line in lines]


def _given(line: LookupLine) -> GivenAnswer:
    shown = getattr(line, "disclosure", None)
    return GivenAnswer(
        at=line.lookup.asked_at,
        lookup=line.lookup.id,
        reference=line.lookup.reference,
        case_number=line.lookup.case_number,
        by_staff=line.lookup.by_staff,
        number=line.number,
        outcome=Outcome(line.outcome),
        customer=shown.customer if shown else line.customer,
        consent=shown.consent if shown else "",
        receipt=line.lookup.receipt,
    )
