"""Trouble tickets and accounts of targets as their readers see them; an engineer learns only where to look."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from tecum.access.rules import may
from tecum.cases import sealed
from tecum.kernel.actors import Actor
from tecum.kernel.lists import Long
from tecum.kernel.refusals import NotYours
from tecum.records.queries import lists
from tecum.surveillance.models import AccountWarning, Authority, Mismatch, Surveillance, Tap, TroubleTicket
from tecum.surveillance.queries.reading import authority_view, readable
from tecum.surveillance.rules.trouble import Known, Line
from tecum.surveillance.states import (
    ON,
    TROUBLE_OPEN,
    AuthorityState,
    MismatchState,
    TapState,
    TroubleState,
    WarningState,
)


@dataclass(frozen=True, slots=True)
class StepView:
    """One look of an engineer."""

    part: str
    outcome: str
    said: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class TroubleView:
    """One trouble ticket; `said` holds reporter, phone, words, finding and what the agency found."""

    id: str
    reference: str
    surveillance: str
    surveillance_reference: str
    case: str
    state: TroubleState
    channel: str
    reported_at: datetime
    lost_at: datetime | None
    opened_by: str
    cause: str
    owner: str
    found_at: datetime | None
    found_by: str
    told_at: datetime | None
    told_by: str
    told_how: str
    closed_at: datetime | None
    said: dict[str, str]
    steps: tuple[StepView, ...]


@dataclass(frozen=True, slots=True)
class WorkTicket:
    """What an engineer is told: where to look, and nothing of whom it is for."""

    id: str
    reference: str
    lost_at: datetime | None
    reported_at: datetime
    owner: str
    switches: tuple[tuple[str, str, str], ...]  # switch, service, what the switch knows it by
    steps: tuple[StepView, ...]


@dataclass(frozen=True, slots=True)
class WarningView:
    """One target's account that may end, by the place of the target: never by its number."""

    id: str
    surveillance: str
    surveillance_reference: str
    case: str
    place: int
    source: str
    status: str
    service_until: date | None
    since: datetime
    seen_at: datetime
    told: int
    asked_at: datetime | None
    agreed_at: datetime | None


def tickets(*, by: Actor, now: datetime, show: str = "open") -> Long[TroubleView]:
    """Return the open trouble tickets that somebody may know of, oldest first; or, with `show` all, every one, the youngest first."""
    rows = _readable(by=by, now=now)
    if show == "open":
        return Long.of(rows.filter(state__in=sorted(TROUBLE_OPEN)).order_by("reported_at", "pk"), view)
    return Long.of(rows.order_by("-reported_at", "pk"), view)


def ticket(*, ticket: str, by: Actor, now: datetime) -> TroubleView:
    """Return one. :raises NotYours: when it is unknown, or not for this person"""
    row = _readable(by=by, now=now).filter(pk=ticket).first()
    if row is None:
        raise NotYours
    return view(row)


def of_surveillance(*, surveillance: str, by: Actor, now: datetime) -> tuple[TroubleView, ...]:
    """Return the tickets of a surveillance, newest first."""
    rows = _readable(by=by, now=now).filter(surveillance=surveillance)
    return tuple(view(row) for row in rows.order_by("-reported_at"))


def for_engineers(*, by: Actor, now: datetime) -> tuple[WorkTicket, ...]:
    """Return the internal tickets that engineers look at, oldest first, without a number or a case."""
    if not may(by, "trouble.fix") or by.agency:
        return ()
    rows = TroubleTicket.objects.filter(state=TroubleState.TROUBLESHOOTING).select_related("surveillance")
    return tuple(work_view(row) for row in rows.order_by("reported_at", "pk"))


def work_view(row: TroubleTicket) -> WorkTicket:
    """Return what an engineer is told of a ticket."""
    taps = Tap.objects.filter(target__surveillance=row.surveillance, state__in=ON).order_by(
        "switch", "service"
    )
    return WorkTicket(
        row.pk, row.reference, row.lost_at, row.reported_at, row.owner,
        tuple((tap.switch, tap.service, str(tap.task)) for tap in taps), _steps(row),
    )  # fmt: skip


def known(surveillance: str, *, now: datetime) -> Known:
    """Return what Tecum knows of a surveillance: full lists compared here, so that no other system learns for whom (part E)."""
    home = Surveillance.objects.get(pk=surveillance)
    standing = Authority.objects.filter(surveillance=home, state=AuthorityState.IN_FORCE).first()
    taps = list(Tap.objects.filter(target__surveillance=home).order_by("switch", "service"))
    differ: dict[str, list[str]] = {}
    open_ones = Mismatch.objects.filter(tap__in=taps, state=MismatchState.OPEN)
    for tap, kind in open_ones.exclude(kind__in=["unrecorded", "unfounded"]).values_list("tap", "kind"):
        differ.setdefault(str(tap), []).append(kind)
    lines = [
        Line(
            tap.switch, tap.service, tap.state in ON, tap.state == TapState.ACTIVE,
            "" if tap.state in ON else tap.why, tuple(differ.get(tap.pk, ())),
        )
        for tap in taps
    ]  # fmt: skip
    warned = AccountWarning.objects.filter(target__surveillance=home, state=WarningState.OPEN)
    return Known(
        until=authority_view(standing).until if standing else None,
        accounts=tuple(warned.values_list("status", flat=True)), lines=tuple(lines),
        accounts_known=lists.any_list(),
    )  # fmt: skip


def warnings(*, by: Actor, now: datetime) -> tuple[WarningView, ...]:
    """Return the open warnings about accounts of targets that somebody may know of, oldest first."""
    rows = AccountWarning.objects.select_related("target__surveillance").filter(
        state=WarningState.OPEN, target__surveillance__in=readable(by=by, now=now)
    )
    return tuple(warning_view(row) for row in rows.order_by("seen_at", "pk"))


def warning_view(row: AccountWarning) -> WarningView:
    """Return a row as its readers see it."""
    home = row.target.surveillance
    return WarningView(
        row.pk, home.pk, home.reference, home.case_id, row.target.place, row.source, row.status, row.service_until, row.since,
        row.seen_at, row.told, row.asked_at, row.agreed_at,
    )  # fmt: skip


def view(row: TroubleTicket) -> TroubleView:
    """Return a row as its readers see it."""
    home = row.surveillance
    kept: dict[str, str] = sealed.opened(sealed.key_of(home.matter), f"trouble {row.pk}", row.said) or {}
    return TroubleView(
        row.pk, row.reference, home.pk, home.reference, home.case_id, TroubleState(row.state), row.channel, row.reported_at,
        row.lost_at, row.opened_by, row.cause, row.owner, row.found_at, row.found_by, row.told_at, row.told_by, row.told_how,
        row.closed_at, kept, _steps(row),
    )  # fmt: skip


def _steps(row: TroubleTicket) -> tuple[StepView, ...]:
    key: Any = sealed.key_of(row.surveillance.matter)
    return tuple(
        StepView(each.part, each.outcome, sealed.opened(key, f"step {each.pk}", each.said), each.at, each.by)
        for each in row.steps.order_by("at", "pk")
    )


def _readable(*, by: Actor, now: datetime) -> "QuerySet[TroubleTicket]":
    rows = TroubleTicket.objects.select_related("surveillance")
    return rows.filter(surveillance__in=readable(by=by, now=now))
