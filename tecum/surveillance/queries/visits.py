"""Visits to switching offices as their readers see them: whoever coordinates and admits learns who comes, never for which target."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from tecum.access.rules import may, require
from tecum.cases import sealed
from tecum.kernel.actors import Actor
from tecum.kernel.lists import Long
from tecum.kernel.refusals import NotYours
from tecum.surveillance.models import SiteVisit, VisitorEntry
from tecum.surveillance.queries.reading import readable
from tecum.surveillance.states import VISIT_OPEN, VisitState

AT_THE_DOOR = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Visitor:
    """One person who comes, and what became of it at the door."""

    place: int
    name: str
    agency: str
    admitted_at: datetime | None = None
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class VisitView:
    """One visit. `surveillance`, `case` and `ticket` are empty for whoever may not know of them."""

    id: str
    reference: str
    switch: str
    state: VisitState
    live: bool
    found_at: datetime
    earliest_at: datetime
    latest_at: datetime | None
    rule: str
    asked_at: datetime
    asked_by: str
    agency: str
    contact: str
    phone: str
    reason: str
    visitors: tuple[Visitor, ...]
    starts_at: datetime | None
    ends_at: datetime | None
    agreed_by: str
    why: str
    surveillance: str
    surveillance_reference: str
    case: str
    ticket: str
    ticket_reference: str

    @property
    def late(self) -> bool:
        """Tell whether it was agreed for later than the rule says."""
        return self.latest_at is not None and self.starts_at is not None and self.starts_at > self.latest_at


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the visitor log."""

    at: datetime
    switch: str
    what: str
    name: str
    agency: str
    identification: str
    why: str
    visit: str
    by: str


def visible(*, by: Actor, now: datetime) -> "QuerySet[SiteVisit]":
    """Return the visits that somebody may know of: coordinators all, the office those that are agreed, others their cases'."""
    rows = SiteVisit.objects.select_related("surveillance", "ticket")
    if by.agency or by.customer or not may(by, "visit.read"):
        return rows.none()
    if may(by, "visit.coordinate"):
        return rows
    mine = Q(surveillance__in=readable(by=by, now=now))
    if may(by, "visit.admit"):
        mine |= Q(state__in=[VisitState.AGREED, VisitState.INSIDE], starts_at__lt=now + AT_THE_DOOR)
        mine |= Q(state=VisitState.OVER, ends_at__gt=now - AT_THE_DOOR)
    return rows.filter(mine)


def visits(*, by: Actor, now: datetime, show: str = "open") -> Long[VisitView]:
    """Return the visits to come, what comes first first; or, with `show` all, every one, the youngest first. :raises NotYours: without the permission"""
    require(by, "visit.read", now=now)
    rows = visible(by=by, now=now)
    if show == "open":
        rows = rows.filter(state__in=sorted(VISIT_OPEN))
    order = ("starts_at", "earliest_at", "pk") if show == "open" else ("-asked_at", "pk")

    def views(found: Sequence[SiteVisit]) -> list[VisitView]:
        homes = readable(by=by, now=now).filter(pk__in=[row.surveillance_id for row in found])
        known = set(homes.values_list("pk", flat=True))
        return [view(row, known) for row in found]

    return Long(rows.order_by(*order), views)


def visit(*, visit: str, by: Actor, now: datetime) -> VisitView:
    """Return one visit. :raises NotYours: when it is unknown, or not for this person"""
    row = visible(by=by, now=now).filter(pk=visit).first()
    if row is None:
        raise NotYours
    return view(
        row, set(readable(by=by, now=now).filter(pk=row.surveillance_id).values_list("pk", flat=True))
    )


def of_ticket(*, ticket: str, by: Actor, now: datetime) -> tuple[VisitView, ...]:
    """Return the visits that a trouble ticket led to, as far as somebody may know of them, oldest first."""
    rows = list(visible(by=by, now=now).filter(ticket=ticket).order_by("asked_at", "pk"))
    known = readable(by=by, now=now).filter(pk__in=[row.surveillance_id for row in rows])
    mine = set(known.values_list("pk", flat=True))
    return tuple(view(row, mine) for row in rows)


def log(*, by: Actor, now: datetime) -> Long[LogLine]:
    """Return the visitor log, newest first. :raises NotYours: without the permission"""
    require(by, "visit.read", now=now)
    rows = VisitorEntry.objects.select_related("visit")
    seen = Q(visit__in=visible(by=by, now=now))
    if may(by, "visit.coordinate") or may(by, "visit.admit"):
        seen |= Q(visit=None)
    return Long.of(rows.filter(seen).order_by("-at", "-pk"), log_line)


def log_of(*, visit: str, by: Actor, now: datetime) -> tuple[LogLine, ...]:
    """Return the log of one visit, oldest first. :raises NotYours: without the permission"""
    require(by, "visit.read", now=now)
    rows = VisitorEntry.objects.select_related("visit").filter(visit=visit)
    return tuple(log_line(row) for row in rows.order_by("at", "place", "pk"))


def said_of(row: SiteVisit) -> Mapping[str, Any]:
    """Return what is sealed of a visit; nothing once its retention is over."""
    return sealed.opened(sealed.key_of(row.matter), f"visit {row.pk}", row.said) or {}


def view(row: SiteVisit, known: set[str]) -> VisitView:
    """Return a row as its readers see it."""
    said, mine = said_of(row), row.surveillance_id in known
    admitted: dict[int | None, datetime] = {}
    left: dict[int | None, datetime] = {}
    for place, what, at in row.log.values_list("place", "what", "at"):
        if what == "admitted":
            admitted[place] = at
        elif what == "left":
            left[place] = at
    comers = tuple(
        Visitor(place, each["name"], each["agency"], admitted.get(place), left.get(place))
        for place, each in enumerate(said.get("visitors", []), 1)
    )
    home = row.surveillance
    return VisitView(
        row.pk, row.reference, row.switch, VisitState(row.state), row.live, row.found_at, row.earliest_at, row.latest_at, row.rule,
        row.asked_at, row.asked_by, said.get("agency", ""), said.get("contact", ""), said.get("phone", ""), said.get("reason", ""),
        comers, row.starts_at, row.ends_at, row.agreed_by, row.why, home.pk if mine else "", home.reference if mine else "",
        home.case_id if mine else "", row.ticket.pk if mine and row.ticket else "",
        row.ticket.reference if mine and row.ticket else "",
    )  # fmt: skip


def log_line(row: VisitorEntry) -> LogLine:
    """Return a row of the log as its readers see it."""
    said = sealed.opened(sealed.key_of(row.matter), f"visitor {row.pk}", row.said) or {}
    return LogLine(
        row.at, row.switch, row.what, said.get("name", ""), said.get("agency", ""), row.identification, row.why,
        row.visit.reference if row.visit else "", row.by,
    )  # fmt: skip


def not_over(matters: Mapping[str, str], *, closed_before: datetime, now: datetime) -> dict[str, datetime]:
    """Return which of these matters are visits kept on, each with the instant from which its retention counts."""
    kept: dict[str, datetime] = {}
    for matter, ended_at in SiteVisit.objects.filter(matter__in=list(matters)).values_list(
        "matter", "ended_at"
    ):
        if ended_at is None or ended_at > closed_before:
            kept[matter] = ended_at or now
    lone = VisitorEntry.objects.filter(matter__in=list(matters), visit=None, at__gt=closed_before)
    return {**dict(lone.values_list("matter", "at")), **kept}
