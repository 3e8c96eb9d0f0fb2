"""Which cases a person may know of, and one case."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from tecum.access.rules import may, require
from tecum.cases import sealed
from tecum.cases.facts import Contact
from tecum.cases.models import LegalCase
from tecum.cases.states import CaseKind, CaseState
from tecum.kernel.actors import Actor, ActorKind
from tecum.kernel.refusals import NotYours
from tecum.secrecy import operations as keys
from tecum.secrecy import queries as secrecy

READ = {
    CaseKind.DEMAND: "demand.read",
    CaseKind.ORDER: "order.read",
    CaseKind.EMERGENCY: "emergency.read",
}


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case without its papers."""

    id: str
    reference: str
    kind: CaseKind
    state: CaseState
    matter: str
    agency: str
    desk: str
    channel: str
    received_at: datetime
    opened_at: datetime
    owner: str
    due_at: datetime | None
    due_clock: str
    closed_at: datetime | None
    outcome: str
    joined_to: str
    guide_version: str
    targets_open: int
    sealed: bool
    contact: Contact
    gone: bool = False  # its key was destroyed at the end of its retention


def readable(*, by: Actor, now: datetime) -> "QuerySet[LegalCase]":
    """
    Return the cases that somebody may know of, as a question that the database joins to others.

    Staff see the kinds their role is for, except what is sealed to others; an officer sees the own agency's cases on
    whose list they stand; everybody else sees none.
    """
    return LegalCase.objects.filter(allowed(by=by, now=now))


def allowed(*, by: Actor, now: datetime, of: str = "") -> Q:
    """
    Return the same as a condition on rows that belong to a case: `of` is the way to it, such as `case__`.

    It is judged row by row: a subquery of all readable cases would be read whole before the first row (D2).
    """
    if by.kind is ActorKind.SYSTEM:
        return Q()
    if by.agency:
        require(by, "case.own", now=now)
        mine = secrecy.known_to(by.ref).values("matter")
        return Q(**{f"{of}agency": by.agency, f"{of}matter__in": mine})
    kinds = [kind for kind, permission in READ.items() if may(by, permission)]
    if not kinds or by.customer:
        return Q(pk__in=[])
    return Q(**{f"{of}kind__in": kinds}) & ~Q(secrecy.hides_from(by.ref, f"{of}matter"))


def sees_all_but_sealed(*kinds: CaseKind, by: Actor) -> bool:
    """Tell whether a person sees every case of these kinds that is not sealed to them: then all less the sealed can be counted."""
    return (
        by.kind is not ActorKind.SYSTEM
        and not by.agency
        and not by.customer
        and all(may(by, READ[each]) for each in kinds)
    )


def case(*, case: str, by: Actor, now: datetime) -> CaseView:
    """
    Return one case.

    :raises NotYours: when it is unknown, or not for this person to know of
    """
    return view(row_of(case, by=by, now=now))


def by_reference(*, reference: str, by: Actor, now: datetime) -> CaseView:
    """Return a case by the reference that people read aloud, which opens nothing by itself. :raises NotYours"""
    row = readable(by=by, now=now).filter(reference=reference.strip().upper()).first()
    if row is None:
        raise NotYours
    return view(row)


def by_matter(*, matter: str, by: Actor, now: datetime) -> CaseView:
    """Return the case that a matter belongs to. :raises NotYours: when there is none for this person"""
    row = readable(by=by, now=now).filter(matter=matter).first()
    if row is None:
        raise NotYours
    return view(row)


def row_of(case: str, *, by: Actor, now: datetime) -> LegalCase:
    """Return a case's row for the functions of this capability. :raises NotYours: when it is not to be known of"""
    row = readable(by=by, now=now).filter(pk=case).first()
    if row is None:
        raise NotYours
    return row


def view(row: LegalCase) -> CaseView:
    """Return a row as its readers see it."""
    key = keys.keys_of([row.matter]).get(row.matter)
    said = sealed.opened(key, f"case {row.pk} contact", row.contact)
    return CaseView(
        id=row.pk, reference=row.reference, kind=CaseKind(row.kind), state=CaseState(row.state), matter=row.matter,
        agency=row.agency, desk=row.desk, channel=row.channel, received_at=row.received_at, opened_at=row.opened_at,
        owner=row.owner, due_at=row.due_at, due_clock=row.due_clock, closed_at=row.closed_at, outcome=row.outcome,
        joined_to=row.joined_to_id or "", guide_version=row.guide_version, targets_open=row.targets_open,
        sealed=secrecy.is_sealed(row.matter), contact=Contact.read(said or {}), gone=key is None,
    )  # fmt: skip
