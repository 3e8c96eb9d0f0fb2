"""What can be read of productions."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from tecum.access.rules import require
from tecum.accounts.rules import token_hash
from tecum.audit.rules import Receipt
from tecum.kernel.actors import Actor
from tecum.kernel.lists import Long
from tecum.kernel.refusals import NotYours
from tecum.production import sealed
from tecum.production.models import Download, Handover, Production, ScopeInForce
from tecum.production.rules.views import Delivered, DownloadView, HandoverView, Line, Offer, Opened
from tecum.production.states import OUT, HandoverState, ProductionState, Way
from tecum.records.rules.scope import Scope
from tecum.secrecy import queries as secrecy
from tecum.secrecy.operations import Destroyed


def productions(*, by: Actor, now: datetime, case: str = "", states: Iterable[str] = ()) -> Long[Line]:
    """Return productions, newest first, without those of matters that are sealed to the actor."""
    require(by, "production.read", now=now)
    rows = Production.objects.exclude(matter__in=secrecy.hidden_from(by.ref)).order_by("-prepared_at", "-pk")
    if case:
        rows = rows.filter(case=case)
    if wanted := list(states):
        rows = rows.filter(state__in=wanted)
    return Long.of(rows, line)


def not_over(matters: Iterable[str], *, closed_before: datetime, now: datetime) -> dict[str, datetime]:
    """Return which of these matters hold a package that left and whose own retention runs, each with its release."""
    rows = Production.objects.filter(matter__in=list(matters), state__in=OUT, released_at__gt=closed_before)
    return {row.matter: row.released_at or now for row in rows.order_by("released_at")}


def opened(*, id: str, by: Actor, now: datetime) -> Opened:
    """
    Return one production with what is under its seal; a door calls `operations.open_production`, which records it.

    :raises NotYours: when unknown, sealed to others, or not for this actor
    :raises Destroyed: when its retention is over
    """
    require(by, "production.read", now=now)
    row = Production.objects.select_related("supplements").filter(pk=id).first()
    if row is None or row.matter in secrecy.hidden_from(by.ref):
        raise NotYours
    if row.state == ProductionState.PURGED:
        raise Destroyed(f"What was in {row.reference} was taken away when its retention was over.")
    handovers = row.handovers.prefetch_related("downloads").order_by("-issued_at", "-pk")
    return Opened(
        line=line(row), inputs=sealed.inputs(row), scope=sealed.scope(row), scope_digest=row.scope_digest,
        kind=row.kind, sha256=row.sha256, manifest=row.manifest,
        receipt=Receipt(row.leaf).text if row.leaf else "",
        supplements=row.supplements.reference if row.supplements else "", why=sealed.opened(row, "why"),
        wanted=sealed.receivers(row, "wanted"), receivers=sealed.receivers(row, "receivers"),
        handovers=tuple(_handover(each) for each in handovers),
    )  # fmt: skip


def offers(*, by: Actor, now: datetime) -> list[Offer]:
    """Return what was handed to the actor's account and not taken back, newest first."""
    require(by, "production.own", now=now)
    return [_offer(row, now=now) for row in _mine(by) if row.production.state in OUT]


def offer(*, id: str, by: Actor, now: datetime) -> Offer:
    """Return one offer to the actor. :raises NotYours: for anybody else's, and for what was taken back"""
    require(by, "production.own", now=now)
    row = _mine(by).filter(pk=id).first()
    if row is None or row.production.state not in OUT:
        raise NotYours
    return _offer(row, now=now)


def link_good(*, token: str, now: datetime) -> bool:
    """Tell whether a link would still take a code, without using it: mail scanners follow links."""
    rows = Handover.objects.filter(
        token_sha256=token_hash(token), state=HandoverState.OPEN, expires_at__gt=now, tries_left__gt=0
    )
    return rows.filter(production__state__in=OUT).exists()


def delivered_to(
    person: str, *, since: datetime | None = None, until: datetime | None = None
) -> list[Delivered]:
    """Return every production that an identity ever fetched, oldest first; the caller has asked for the permission."""
    rows = Download.objects.filter(by=person).select_related("handover__production").order_by("at", "pk")
    if since is not None:
        rows = rows.filter(at__gte=since)
    if until is not None:
        rows = rows.filter(at__lt=until)
    return [_delivered(row) for row in rows]


def scope_of(*, case: str) -> Scope | None:
    """Return the scope that a case has now, for the capability whose case it is."""
    row = ScopeInForce.objects.filter(case=case, ended_at=None).first()
    return sealed.scope_in_force(row) if row else None


def line(row: Production) -> Line:
    """Return a row as lists show it."""
    return Line(
        id=row.pk, reference=row.reference, case=row.case, case_reference=row.case_reference, matter=row.matter,
        agency=row.agency, ordinal=row.ordinal, state=ProductionState(row.state), prepared_at=row.prepared_at,
        prepared_by=row.prepared_by, made_at=row.made_at, released_at=row.released_at,
        released_by=row.released_by, ended_at=row.ended_at, ended_by=row.ended_by, size=row.size,
    )  # fmt: skip


def _handover(row: Handover) -> HandoverView:
    return HandoverView(
        id=row.pk, way=Way(row.way), person=row.person, address=sealed.address(row), issued_at=row.issued_at,
        issued_by=row.issued_by, expires_at=row.expires_at, downloads_left=row.downloads_left,
        state=HandoverState(row.state), ended_at=row.ended_at, downloads=_downloads(row),
    )  # fmt: skip


def _downloads(row: Handover) -> tuple[DownloadView, ...]:
    rows = sorted(row.downloads.all(), key=lambda each: (each.at, each.pk))
    return tuple(DownloadView(each.at, each.by, each.receipt) for each in rows)


def _mine(by: Actor) -> "QuerySet[Handover]":
    rows = Handover.objects.filter(way=Way.ACCOUNT, person=by.ref, production__agency=by.agency)
    return rows.select_related("production").prefetch_related("downloads").order_by("-issued_at", "-pk")


def _offer(row: Handover, *, now: datetime) -> Offer:
    made = row.production
    inputs = sealed.inputs(made)
    over = row.state == HandoverState.OPEN and now >= row.expires_at
    return Offer(
        id=row.pk, reference=made.reference, case_reference=made.case_reference, kind=made.kind, sha256=made.sha256,
        size=made.size, made_at=made.made_at or made.prepared_at, expires_at=row.expires_at,
        downloads_left=row.downloads_left, state=HandoverState.OVER if over else HandoverState(row.state),
        files=tuple((part.path, part.product) for part in inputs.parts), receipt=Receipt(made.leaf).text,
        process=inputs.case.process, downloads=_downloads(row),
    )  # fmt: skip


def _delivered(row: Download) -> Delivered:
    made = row.handover.production
    gone = made.state == ProductionState.PURGED
    try:
        grants = () if gone else sealed.scope(made).grants
    except Destroyed:
        grants = ()
    return Delivered(
        production=made.pk, reference=made.reference, case_reference=made.case_reference, matter=made.matter, at=row.at,
        receipt=row.receipt, sha256=made.sha256, numbers=tuple(sorted({each.number for each in grants})),
        products=tuple(sorted({each.product for each in grants})),
    )  # fmt: skip
