"""What agencies ask to be ended, and what an officer may end: only what each may know of."""

from dataclasses import dataclass
from datetime import datetime

from tecum.access.rules import require
from tecum.cases import sealed
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours
from tecum.secrecy import queries as lists
from tecum.surveillance.models import EndRequest, Surveillance
from tecum.surveillance.queries.reading import readable
from tecum.surveillance.states import ON, EndRequestState


@dataclass(frozen=True, slots=True)
class EndRequestView:
    """One request to end, with what was said."""

    id: str
    surveillance: str
    reference: str
    agency: str
    state: EndRequestState
    channel: str
    evidence: str
    said: str
    asked_at: datetime


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
    rows = EndRequest.objects.select_related("surveillance__case").filter(
        state=EndRequestState.WAITING, surveillance__in=readable(by=by, now=now).values("pk")
    )
    return [_view(row) for row in rows.order_by("asked_at", "pk")]


def end_request(*, id: str, by: Actor, now: datetime) -> EndRequestView:
    """Return one that waits. :raises NotYours: for one that is unknown or settled"""
    found = [each for each in end_requests(by=by, now=now) if each.id == id]
    if not found:
        raise NotYours
    return found[0]


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


def _view(row: EndRequest) -> EndRequestView:
    home = row.surveillance
    said: str = sealed.opened(sealed.key_of(home.matter), f"end request {row.pk}", row.said)
    return EndRequestView(
        row.pk, home.pk, home.reference, home.case.agency, EndRequestState(row.state), row.channel, row.evidence, said,
        row.asked_at,
    )  # fmt: skip
