"""The records of interceptions and the reports of compromise, as their readers see them: those of surveillances they may know of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from tecum.access.rules import may
from tecum.cases import sealed
from tecum.kernel.actors import Actor, ActorKind
from tecum.kernel.lists import Long
from tecum.kernel.refusals import NotYours
from tecum.surveillance.models import Certification, CertificationSheet, CompromiseReport, Mismatch
from tecum.surveillance.queries import reading
from tecum.surveillance.rules.interceptions import Record
from tecum.surveillance.states import CertificationState, CompromiseState


@dataclass(frozen=True, slots=True)
class SheetView:
    """One signature: over which hash, by whom, when, and with which second factor."""

    ordinal: int
    why: str
    digest: str
    signed_at: datetime
    signed_by: str
    factor_at: datetime
    carrier: str


@dataclass(frozen=True, slots=True)
class CertificationView:
    """One record with its signatures, newest first; what it says is shown by an operation, which remembers that."""

    id: str
    reference: str
    surveillance: str
    surveillance_reference: str
    case: str
    mismatch: str
    overseer: str
    state: CertificationState
    digest: str
    opened_at: datetime
    due_at: datetime
    ended_at: datetime | None
    runs: int
    sheets: tuple[SheetView, ...]

    @property
    def authorized(self) -> bool:
        """Tell whether it is about something that we were authorized to start."""
        return bool(self.surveillance)


@dataclass(frozen=True, slots=True)
class CompromiseView:
    """One report of compromise, without its words."""

    id: str
    reference: str
    kind: str
    surveillance: str
    surveillance_reference: str
    state: CompromiseState
    discovered_at: datetime
    recorded_at: datetime
    recorded_by: str
    due_at: datetime
    told_at: datetime | None
    told_by: str
    told_how: str


def readable(*, by: Actor, now: datetime) -> "QuerySet[Certification]":
    """Return the records that somebody may know of."""
    rows = Certification.objects.select_related("surveillance", "mismatch")
    if by.kind is ActorKind.SYSTEM:
        return rows
    if by.agency or by.customer or not may(by, "surveillance.read"):
        return rows.none()
    mine = reading.readable(by=by, now=now)
    return rows.filter(Q(surveillance=None) | Q(surveillance__in=mine))


def row_of(certification: str, *, by: Actor, now: datetime) -> Certification:
    """Return a row. :raises NotYours: when it is unknown, or not for this person"""
    row = readable(by=by, now=now).filter(pk=certification).first()
    if row is None:
        raise NotYours
    return row


def certifications(*, by: Actor, now: datetime, show: str = "open") -> Long[CertificationView]:
    """Return the records that wait for a signature, what is due first first; or, with `show` all, every one, newest first."""
    rows = readable(by=by, now=now)
    if show == "open":
        rows = rows.filter(state=CertificationState.OPEN).order_by("due_at", "pk")
    else:
        rows = rows.order_by("-opened_at", "pk")
    return Long.of(rows, view)


def of_surveillance(*, surveillance: str, by: Actor, now: datetime) -> tuple[CertificationView, ...]:
    """Return the records of a surveillance, oldest first."""
    rows = readable(by=by, now=now).filter(surveillance=surveillance).order_by("begun_at")
    return tuple(view(row) for row in rows)


def unbalanced(*, by: Actor, now: datetime) -> tuple[tuple[str, str, str, datetime], ...]:
    """Return what has no record, or a record without anything: kind, switch, surveillance, since when."""
    may_know = reading.readable(by=by, now=now)
    rows = Mismatch.objects.filter(
        kind__in=["unrecorded", "unfounded"], state="OPEN", tap__target__surveillance__in=may_know
    )
    found = rows.order_by("since").values_list("kind", "switch", "tap__target__surveillance", "since")
    return tuple((kind, switch, str(home), since) for kind, switch, home, since in found)


def view(row: Certification) -> CertificationView:
    """Return a row as its readers see it."""
    home = row.surveillance
    return CertificationView(
        row.pk, row.reference, home.pk if home else "", home.reference if home else "", home.case_id if home else "",
        row.mismatch_id or "", row.overseer, CertificationState(row.state), row.digest, row.opened_at, row.due_at, row.ended_at,
        row.runs.count() if home else 1,
        tuple(
            SheetView(each.ordinal, each.why, each.digest, each.signed_at, each.signed_by, each.factor_at, each.carrier)
            for each in row.sheets.order_by("-ordinal")
        ),
    )  # fmt: skip


def sheet_said(row: Certification, sheet: CertificationSheet) -> Record:
    """Return exactly what was signed. :raises Destroyed: at the end of its retention"""
    return Record.read(sealed.opened(sealed.key_of(row.matter), f"sheet {sheet.pk}", sheet.content))


def compromises(*, by: Actor, now: datetime) -> Long[CompromiseView]:
    """Return the reports of compromise, those that are not told first."""
    rows = _compromises(by=by, now=now).order_by("state", "due_at", "pk")
    return Long.of(rows, compromise_view)


def compromise(*, report: str, by: Actor, now: datetime) -> tuple[CompromiseView, dict[str, str]]:
    """Return one report with its words: what, to whom, which agencies, whom we told. :raises NotYours"""
    row = compromise_row(report, by=by, now=now)
    said: dict[str, str] = sealed.opened(sealed.key_of(row.matter), f"compromise {row.pk}", row.said)
    return compromise_view(row), said


def compromise_row(report: str, *, by: Actor, now: datetime) -> CompromiseReport:
    """Return a row. :raises NotYours: when it is unknown, or not for this person"""
    row = _compromises(by=by, now=now).filter(pk=report).first()
    if row is None:
        raise NotYours
    return row


def compromise_view(row: CompromiseReport) -> CompromiseView:
    """Return a row as its readers see it."""
    home = row.surveillance
    return CompromiseView(
        row.pk, row.reference, row.kind, home.pk if home else "", home.reference if home else "", CompromiseState(row.state),
        row.discovered_at, row.recorded_at, row.recorded_by, row.due_at, row.told_at, row.told_by, row.told_how,
    )  # fmt: skip


def not_over(matters: Mapping[str, str], *, closed_before: datetime, now: datetime) -> dict[str, datetime]:
    """Return which of these matters are records kept on, each with the instant from which its retention counts."""
    kept: dict[str, datetime] = {}
    rows = Certification.objects.filter(matter__in=list(matters)).values_list("matter", "state", "ended_at")
    for matter, state, ended_at in rows:
        if state == CertificationState.OPEN or ended_at is None:
            kept[matter] = now
        elif ended_at > closed_before:
            kept[matter] = ended_at
    told = CompromiseReport.objects.filter(matter__in=list(matters)).values_list("matter", "told_at")
    for matter, told_at in told:
        if told_at is None or told_at > closed_before:
            kept[matter] = told_at or now
    return kept


def _compromises(*, by: Actor, now: datetime) -> "QuerySet[CompromiseReport]":
    rows = CompromiseReport.objects.select_related("surveillance")
    if by.agency or by.customer or not may(by, "surveillance.read"):
        return rows.none()
    mine = reading.readable(by=by, now=now)
    return rows.filter(Q(surveillance=None) | Q(surveillance__in=mine))
