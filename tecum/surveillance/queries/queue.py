"""The queue of the order administrator: what is to decide, what runs, what ends, and what is doubtful."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from tecum.cases import queries as cases
from tecum.kernel.actors import Actor
from tecum.kernel.lists import Long
from tecum.surveillance.models import Authority, CourtOrder, Tap
from tecum.surveillance.queries.orders import readable
from tecum.surveillance.states import ON, ORDER_OPEN, OrderState

SOON = timedelta(days=14)
OVER = ("REFUSED", "ELSEWHERE", "ANSWERED")
WITH_AN_END = ("order", "extension")


@dataclass(frozen=True, slots=True)
class Filter:
    """
    What narrows the queue. `show`: open (to be decided), running (in force), ending (within 14 days), or all.

    `find` is a case's reference; what it finds besides is of one of the `agencies`. `owner` is a person, or "nobody".
    """

    show: str = "open"
    find: str = ""
    owner: str = ""
    agencies: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the queue of the order administrator."""

    case: str
    reference: str
    kind: str
    state: OrderState
    agency: str
    owner: str
    received_at: datetime
    expires_at: datetime | None
    cut_at: datetime | None
    provisional: bool
    authority: str
    read: bool
    doubt: str  # late, provisional or endless, as long as that may still be mended; or nothing


def queue(*, by: Actor, now: datetime, narrowed: Filter = Filter()) -> Long[QueueRow]:
    """Return orders, what is cut first first; all of them by the time of receipt, the youngest first."""
    rows = _with_ends(_narrowed(readable(by=by, now=now), narrowed, now), now)
    if narrowed.show == "all":
        return Long.of(rows.order_by("-received__received_at", "-pk"), _line)
    return Long.of(rows.order_by(F("due").asc(nulls_last=True), "received__received_at", "pk"), _line)


def doubtful(*, by: Actor, now: datetime) -> Long[QueueRow]:
    """Return what may be wrong: an end that has come while something is still on, one that is provisional or missing."""
    on = Tap.objects.filter(state__in=ON).values("authority")
    live = Q(state__in=sorted(ORDER_OPEN)) | Q(authority__in=on) | Q(authority__in=lasting(now))
    rows = _with_ends(readable(by=by, now=now).filter(live), now).exclude(doubt="")
    return Long.of(rows.order_by(F("due").asc(nulls_first=True), "received__received_at", "pk"), _line)


def naming(*, targets_of: str, by: Actor, now: datetime) -> list[QueueRow]:
    """Return the orders that name a target of a case, as its marks tell, the youngest first. :raises NotYours"""
    cases.case(case=targets_of, by=by, now=now)
    near = cases.with_targets(prints=cases.prints(targets_of)[1], by=by, now=now)
    rows = _with_ends(readable(by=by, now=now).filter(case__in=near).exclude(case=targets_of), now)
    return [_line(row) for row in rows.order_by("-received__received_at", "-pk")]


def lasting(now: datetime) -> "QuerySet[Authority]":
    """Return the authorities in force whose end has not come."""
    return Authority.objects.filter(state="IN_FORCE", ends_at__gt=now)


def _narrowed(rows: "QuerySet[CourtOrder]", narrowed: Filter, now: datetime) -> "QuerySet[CourtOrder]":
    if narrowed.show == "open":
        rows = rows.filter(state__in=sorted(ORDER_OPEN))
    elif narrowed.show == "running":
        rows = rows.filter(Q(expires_at__gt=now) | Q(authority__in=lasting(now)), state=OrderState.AUTHORISED)
    elif narrowed.show == "ending":
        ends = Q(expires_at__gt=now, expires_at__lte=now + SOON) & ~Q(authority__in=lasting(now + SOON))
        ends |= Q(authority__in=lasting(now).filter(ends_at__lte=now + SOON))
        rows = rows.filter(ends).exclude(state__in=OVER)
    if narrowed.find.strip():
        reference = narrowed.find.strip().upper()
        rows = rows.filter(Q(case__reference=reference) | Q(case__agency__in=list(narrowed.agencies)))
    if narrowed.owner:
        rows = rows.filter(case__owner="" if narrowed.owner == "nobody" else narrowed.owner)
    return rows


def _with_ends(rows: "QuerySet[CourtOrder]", now: datetime) -> "QuerySet[Any]":
    """Add when each is cut and ends, which for what an extension prolonged is the end of the authority in force; and what is doubtful."""
    instant = DateTimeField()
    mine = lasting(now).filter(pk=OuterRef("authority"))
    taps = Tap.objects.filter(authority=OuterRef("authority"), state__in=ON)
    rows = rows.annotate(
        force=Subquery(mine.values("ends_at")[:1], output_field=instant),
        first=Subquery(taps.order_by("cut_at").values("cut_at")[:1], output_field=instant),
        on=Exists(taps),
    )
    later = Q(force__gt=F("expires_at"))
    goes_on = Q(state__in=sorted(ORDER_OPEN)) | Q(on=True) | Q(force__isnull=False)
    late = Q(state=OrderState.AUTHORISED, on=True, force=None, expires_at__lte=now)
    endless = Q(read_at__isnull=False, expires_at=None, kind__in=WITH_AN_END)
    return rows.annotate(
        ends=Case(When(later, then=F("force")), default=F("expires_at"), output_field=instant),
        due=Case(When(later, then=Coalesce("first", "force")), default=F("cut_at"), output_field=instant),
        doubt=Case(
            When(late, then=Value("late")),
            When(Q(provisional=True) & goes_on, then=Value("provisional")),
            When(endless & goes_on, then=Value("endless")),
            default=Value(""),
        ),
    )


def _line(row: Any) -> QueueRow:
    return QueueRow(
        row.case_id, row.case.reference, row.kind, OrderState(row.state), row.case.agency, row.case.owner,
        row.received.received_at, row.ends, row.due, row.provisional, row.authority, row.read_at is not None, row.doubt,
    )  # fmt: skip
