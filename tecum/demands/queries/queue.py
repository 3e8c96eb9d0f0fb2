"""The desk: demands by what is due and why, the board of the next 72 hours, views that people keep."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, QuerySet

from tecum.cases import queries as cases
from tecum.demands.models import Demand, SavedView
from tecum.demands.queries.reading import readable
from tecum.demands.rules.next_act import NextAct, next_act
from tecum.demands.states import OPEN, WAITS_FOR_AGENCY, DemandState
from tecum.kernel.actors import Actor
from tecum.secrecy import queries as secrecy

BOARD = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Filter:
    """How the queue is narrowed, as it stands in the address; what is empty narrows nothing."""

    state: str = "open"
    owner: str = ""
    agency: str = ""
    due: str = ""  # late, 72h
    reference: str = ""
    order: str = "due"  # or received, oldest


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One demand in the queue: nothing of what it says."""

    case: str
    reference: str
    state: DemandState
    agency: str
    channel: str
    received_at: datetime
    owner: str
    due_at: datetime | None
    due_clock: str
    targets_open: int
    sealed: bool
    next: NextAct


@dataclass(frozen=True, slots=True)
class KeptView:
    """A way to look at the queue that somebody keeps: the filters as they stand in the address."""

    id: str
    name: str
    query: str
    shared: bool
    mine: bool


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Some lines; `more` tells whether others follow."""

    lines: list[QueueLine]
    more: bool


def queue(
    *, by: Actor, now: datetime, narrowed: Filter = Filter(), offset: int = 0, limit: int = 50
) -> QueuePage:
    """Return demands in their order, as far as this person may know of them."""
    rows = _narrowed(readable(by=by, now=now), narrowed, now=now)
    ordered = {
        "due": rows.order_by(F("case__due_at").asc(nulls_last=True), "pk"),
        "received": rows.order_by("-case__received_at", "pk"),
        "oldest": rows.order_by("case__received_at", "pk"),
    }[narrowed.order if narrowed.order in {"received", "oldest"} else "due"]
    found = list(ordered[offset : offset + limit + 1])
    hidden = secrecy.sealed_among({row.matter for row in found})
    return QueuePage([_line(row, row.matter in hidden, now=now) for row in found[:limit]], len(found) > limit)


def counts(*, by: Actor, now: datetime) -> Mapping[str, int]:
    """Return how many demands are in each state, as far as this person may know of them."""
    rows = readable(by=by, now=now).order_by().values("state").annotate(count=Count("pk"))
    return {row["state"]: row["count"] for row in rows}


def board(*, by: Actor, now: datetime) -> list[QueueLine]:
    """Return what is late or due within 72 hours, the most urgent first."""
    return queue(by=by, now=now, narrowed=Filter(due="72h"), limit=200).lines


def owners(*, by: Actor, now: datetime) -> list[str]:
    """Return who owns an open demand."""
    rows = readable(by=by, now=now).filter(state__in=OPEN).exclude(case__owner="")
    return sorted(set(rows.values_list("case__owner", flat=True)))


def saved_views(*, by: Actor) -> list[KeptView]:
    """Return the views that a person keeps, and those that others share."""
    mine = SavedView.objects.filter(person=by.ref)
    rows = (mine | SavedView.objects.filter(shared=True)).order_by("name", "pk")
    return [KeptView(row.pk, row.name, row.query, row.shared, row.person == by.ref) for row in rows]


def naming_number(*, number: str, by: Actor, now: datetime) -> list[str]:
    """Return the cases of pending demands that name a number and on whose own list a person stands (D11)."""
    ids = cases.naming_number(number=number, by=by, now=now)
    rows = readable(by=by, now=now).filter(case__in=ids, state__in=OPEN)
    return list(rows.order_by("case__received_at").values_list("case", flat=True))


def _narrowed(rows: "QuerySet[Demand]", narrowed: Filter, *, now: datetime) -> "QuerySet[Demand]":
    if narrowed.state == "open":
        rows = rows.filter(state__in=OPEN)
    elif narrowed.state == "agency":
        rows = rows.filter(state__in=WAITS_FOR_AGENCY)
    elif narrowed.state in DemandState.__members__:
        rows = rows.filter(state=narrowed.state)
    if narrowed.owner == "nobody":
        rows = rows.filter(case__owner="")
    elif narrowed.owner:
        rows = rows.filter(case__owner=narrowed.owner)
    if narrowed.agency:
        rows = rows.filter(case__agency=narrowed.agency)
    if narrowed.reference.strip():
        rows = rows.filter(case__reference__startswith=narrowed.reference.strip().upper())
    limits = {"late": now, "72h": now + BOARD}
    return rows.filter(case__due_at__lt=limits[narrowed.due]) if narrowed.due in limits else rows


def _line(row: Demand, sealed: bool, *, now: datetime) -> QueueLine:
    case = row.case
    state = DemandState(row.state)
    return QueueLine(
        case.pk, case.reference, state, case.agency, case.channel, case.received_at, case.owner, case.due_at,
        case.due_clock, case.targets_open, sealed, next_act(state, due_at=case.due_at, owner=case.owner, now=now),
    )  # fmt: skip
