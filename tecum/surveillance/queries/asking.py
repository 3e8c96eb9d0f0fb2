"""What agencies ask to be ended, and what an officer may end: only what each may know of."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from tecum.access.rules import require
from tecum.cases import queries as cases
from tecum.cases import sealed
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours
from tecum.secrecy import queries as lists
from tecum.surveillance.models import EndRequest, Surveillance
from tecum.surveillance.queries.reading import readable
from tecum.surveillance.states import ON, EndRequestState


@dataclass(frozen=True, slots=True)
class Heard:
    """A call back: the entry or call that it was, the number, who answered."""

    called: str
    number: str
    spoke_with: str


@dataclass(frozen=True, slots=True)
class EndRequestView:
    """One request to end, with what was said."""

    id: str
    case: str
    surveillance: str
    reference: str
    agency: str
    state: EndRequestState
    why: str
    channel: str
    evidence: str
    said: str
    asked_at: datetime
    noted_by: str
    settled_at: datetime | None
    settled_by: str


@dataclass(frozen=True, slots=True)
class OwnLine:
    """One surveillance of the officer's agency on whose list they stand: by reference, never by number."""

    id: str
    reference: str
    case: str
    until: datetime


def end_requests(*, by: Actor, now: datetime) -> list[EndRequestView]:
    """Return the requests that wait for a call back, the oldest first. :raises NotYours: without the permission"""
    require(by, "surveillance.end", now=now)
    rows = _rows().filter(_known(by, now), state=EndRequestState.WAITING)
    return [_view(row) for row in rows.order_by("asked_at", "pk")]


def end_request(*, id: str, by: Actor, now: datetime) -> EndRequestView:
    """Return one that waits. :raises NotYours: for one that is unknown or settled"""
    found = [each for each in end_requests(by=by, now=now) if each.id == id]
    if not found:
        raise NotYours
    return found[0]


def of_case(*, case: str, by: Actor, now: datetime) -> tuple[EndRequestView, ...]:
    """Return every request about a case, oldest first, for somebody who may know of the case."""
    rows = _rows().filter(cases.allowed(by=by, now=now, of="case__"), case=case)
    return tuple(_view(row) for row in rows.order_by("asked_at", "pk"))


def obeyed(*, case: str) -> str:
    """Return why what an agency asked to end was ended last; nothing where nothing was. For the clockwork."""
    rows = EndRequest.objects.filter(case=case, state=EndRequestState.OBEYED).order_by("-settled_at")
    return rows.values_list("why", flat=True).first() or ""


def own(*, by: Actor, now: datetime, number: str = "") -> list[OwnLine]:
    """
    Return what an officer may end: what is on, of the own agency, on whose list they stand; of one target, if given.

    :raises NotYours: without the permission
    """
    require(by, "surveillance.ask_end", now=now)
    known = lists.known_to(by.ref).values("matter")
    rows = Surveillance.objects.select_related("case").filter(case__agency=by.agency, matter__in=known)
    rows = rows.filter(targets__taps__state__in=ON).exclude(case__agency="").distinct()
    if number:
        rows = rows.filter(targets__print=sealed.fingerprint(number, purpose="target"))
    found = []
    for row in rows.order_by("reference"):
        untils = [
            tap.until_at for target in row.targets.all() for tap in target.taps.all() if tap.state in ON
        ]
        found.append(OwnLine(row.pk, row.reference, row.case.reference, min(untils)))
    return found


def home_of(row: EndRequest) -> str:
    """Return the reference of what is to end: a surveillance, else the case of an emergency."""
    return row.surveillance.reference if row.surveillance else row.case.reference


def told(row: EndRequest) -> str:
    """Return what was said; nothing where its retention is over."""
    about = f"{row.kept_as or 'end request'} {row.pk}"
    said = sealed.opened(sealed.key_of(row.case.matter), about, row.said) or ""
    return str(said.get("words", "") if isinstance(said, dict) else said)


def _rows() -> "QuerySet[EndRequest]":
    return EndRequest.objects.select_related("surveillance", "case")


def _known(by: Actor, now: datetime) -> Q:
    mine = Q(surveillance__in=readable(by=by, now=now).values("pk"))
    return mine | Q(surveillance=None) & cases.allowed(by=by, now=now, of="case__")


def _view(row: EndRequest) -> EndRequestView:
    return EndRequestView(
        id=row.pk, case=row.case_id, surveillance=row.surveillance_id or "", reference=home_of(row), agency=row.case.agency,
        state=EndRequestState(row.state), why=row.why, channel=row.channel, evidence=row.evidence, said=told(row),
        asked_at=row.asked_at, noted_by=row.noted_by, settled_at=row.settled_at, settled_by=row.settled_by,
    )  # fmt: skip
