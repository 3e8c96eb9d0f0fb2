"""Opening a case, and the turns of its own life."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from tecum.access.rules import require
from tecum.accounts import operations as accounts
from tecum.accounts import queries as people
from tecum.audit import operations as audit
from tecum.cases import sealed
from tecum.cases.facts import Contact
from tecum.cases.models import CaseLink, LegalCase
from tecum.cases.operations.register import refuse_outside_register
from tecum.cases.queries.reading import CaseView, readable, view
from tecum.cases.states import CASE_NEXT, CaseKind, CaseState
from tecum.kernel import ids
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused
from tecum.policy import queries as policy
from tecum.secrecy import operations as secrecy
from tecum.secrecy import queries as lists

PREFIX = {CaseKind.DEMAND: "LD", CaseKind.ORDER: "CO", CaseKind.EMERGENCY: "EM"}
NOBODY = Contact()
KEPT_AS = "cases"  # the kind of retention that a case's matter joins


class CaseClosed(Refused):
    """The case is over, or joined to another: nothing more is done in it before it is opened again."""


class CannotJoin(Refused):
    """Two cases that cannot be one."""


@transaction.atomic
def open_case(
    *,
    kind: CaseKind,
    channel: str,
    received_at: datetime,
    by: Actor,
    now: datetime,
    agency: str = "",
    contact: Contact = NOBODY,
    desk: str = "",
    people_on_it: tuple[str, ...] = (),
) -> CaseView:
    """
    Open a case with a random id, a reference that says nothing, and a matter of its own.

    `received_at` is when the first paper of it arrived, by whatever channel; `people_on_it` are the officers who may
    see how it stands.

    :raises NotYours: for a person without the permission to work on cases
    """
    require(by, "case.work", now=now)
    matter = secrecy.open_matter(kind=KEPT_AS, by=by, now=now)
    row = LegalCase(
        id=ids.unguessable(), reference=ids.reference(PREFIX[kind]), kind=kind, matter=matter, agency=agency, desk=desk,
        channel=channel, received_at=min(received_at, now), opened_at=now, opened_by=by.ref,
        guide_version=policy.at(now).version,
    )  # fmt: skip
    _write_contact(row, contact)
    row.save(force_insert=True)
    audit.record(
        "case.opened",
        by=by,
        at=now,
        matter=matter,
        case=row.pk,
        kind=kind.value,
        channel=channel,
        agency=agency or None,
        received=row.received_at,
    )
    for ref in dict.fromkeys(people_on_it):
        secrecy.let_know(matter, ref, by=by, now=now)
        audit.record("case.person_added", by=by, at=now, matter=matter, case=row.pk, person=ref)
    return view(row)


def locked(case: str, *, by: Actor, now: datetime, writing: bool = True) -> LegalCase:
    """
    Return a case's row, locked for a change by somebody who may work on it, for this capability and those above.

    :raises NotYours: when it is unknown, or not for this person to know of or to work on
    :raises CaseClosed: when it is over and `writing` was not given as false
    """
    require(by, "case.work", now=now)
    accounts.stand(by=by, now=now)
    row = LegalCase.objects.select_for_update().filter(pk=case).first()
    # Asked after the lock is ours: whoever sealed the case while we waited is obeyed.
    if row is None or by.agency or not readable(by=by, now=now).filter(pk=case).exists():
        raise NotYours
    if writing and row.state != CaseState.OPEN:
        raise CaseClosed(f"Case {row.reference} is {row.state.lower()}; open it again first.")
    return row


@transaction.atomic
def assign(*, case: str, owner: str, by: Actor, now: datetime) -> CaseView:
    """
    Give a case to a person of the carrier, or to nobody. In a sealed case only to somebody on its list.

    :raises NotYours: for a case, or a person, that is not to be known of
    """
    row = locked(case, by=by, now=now)
    if owner and (people.agency_of(owner) or owner not in people.names({owner})):
        raise NotYours
    if owner and lists.is_sealed(row.matter) and not lists.may_know(row.matter, owner):
        raise NotYours
    LegalCase.objects.filter(pk=row.pk).update(owner=owner)
    audit.record("case.assigned", by=by, at=now, matter=row.matter, case=row.pk, owner=owner or None)
    row.owner = owner
    return view(row)


@transaction.atomic
def change_kind(*, case: str, kind: CaseKind, by: Actor, now: datetime) -> CaseView:
    """Find that a case is of another kind than it was opened as: an emergency that is none, or the reverse. Its reference stays."""
    row = locked(case, by=by, now=now)
    was = row.kind
    LegalCase.objects.filter(pk=row.pk).update(kind=kind)
    row.kind = kind
    audit.record("case.kind_changed", by=by, at=now, matter=row.matter, case=row.pk, was=was, kind=kind.value)
    return view(row)


@transaction.atomic
def change_contact(*, case: str, contact: Contact, agency: str, by: Actor, now: datetime) -> CaseView:
    """
    Write down who stands behind a case: as the papers say it, and which agency of the directory that is.

    :raises OutsideRegister: when that agency names others for this subject
    """
    row = locked(case, by=by, now=now)
    if contact.email:
        refuse_outside_register(replace(view(row), agency=agency), contact.email, by=by, now=now)
    _write_contact(row, contact)
    row.agency = agency
    row.save(update_fields=["contact", "contact_print", "agency"])
    audit.record("case.contact_changed", by=by, at=now, matter=row.matter, case=row.pk, agency=agency or None)
    return view(row)


@transaction.atomic
def close(*, case: str, outcome: str, by: Actor, now: datetime) -> CaseView:
    """Close a case; `outcome` is a word of the capability that worked on it. :raises CaseClosed: when it is over"""
    row = locked(case, by=by, now=now)
    _turn(row, CaseState.CLOSED, closed_at=now, closed_by=by.ref, outcome=outcome)
    audit.record("case.closed", by=by, at=now, matter=row.matter, case=row.pk, outcome=outcome)
    return view(row)


@transaction.atomic
def reopen(*, case: str, by: Actor, now: datetime) -> CaseView:
    """Open a closed case again. :raises CaseClosed: for one that is open, or joined to another"""
    row = locked(case, by=by, now=now, writing=False)
    if row.state != CaseState.CLOSED:
        raise CaseClosed(f"Case {row.reference} is {row.state.lower()}.")
    _turn(row, CaseState.OPEN, closed_at=None, closed_by="", outcome="")
    audit.record("case.reopened", by=by, at=now, matter=row.matter, case=row.pk)
    return view(row)


@transaction.atomic
def join(*, case: str, to: str, by: Actor, now: datetime) -> CaseView:
    """
    Join a case to the one it repeats: that one is worked on, and shows the papers of both. `part` undoes it.

    The older arrival rules: the case that stays counts from whichever paper came first.

    :raises CannotJoin: for itself, another agency's, another kind, or one that is itself joined
    """
    first, second = sorted(
        (case, to)
    )  # in one order, so that two people who join crosswise do not lock each other
    rows = {each: locked(each, by=by, now=now) for each in dict.fromkeys((first, second))}
    row, stays = rows[case], rows[to]
    if row.pk == stays.pk or row.kind != stays.kind:
        raise CannotJoin("These two cannot be one case.")
    if row.agency and stays.agency and row.agency != stays.agency:
        raise CannotJoin("The two cases are of different agencies.")
    if LegalCase.objects.filter(joined_to=row).exists():
        raise CannotJoin(f"Other cases are joined to {row.reference}; join this one's original instead.")
    _turn(row, CaseState.JOINED, joined_to=stays)
    if row.received_at < stays.received_at:
        LegalCase.objects.filter(pk=stays.pk).update(received_at=row.received_at)
    for matter in (row.matter, stays.matter):
        audit.record("case.joined", by=by, at=now, matter=matter, case=row.pk, other=stays.pk)
    return view(row)


@transaction.atomic
def part(*, case: str, by: Actor, now: datetime) -> CaseView:
    """Undo a joining: the case is worked on by itself again. :raises CannotJoin: when it is not joined"""
    row = locked(case, by=by, now=now, writing=False)
    if row.state != CaseState.JOINED or row.joined_to is None:
        raise CannotJoin(f"Case {row.reference} is not joined to another.")
    other = row.joined_to
    _turn(row, CaseState.OPEN, joined_to=None)
    for matter in (row.matter, other.matter):
        audit.record("case.parted", by=by, at=now, matter=matter, case=row.pk, other=other.pk)
    return view(row)


@transaction.atomic
def link(*, case: str, other: str, why: str, by: Actor, now: datetime) -> None:
    """Say that two cases have to do with each other; each is shown at the other to whoever may know of both (D6)."""
    row, there = locked(case, by=by, now=now, writing=False), locked(other, by=by, now=now, writing=False)
    _, fresh = CaseLink.objects.get_or_create(
        one=row, other=there, why=why, defaults={"at": now, "by": by.ref}
    )
    if fresh:
        audit.record("case.linked", by=by, at=now, matter=row.matter, case=row.pk, other=there.pk, why=why)


def _turn(row: LegalCase, to: CaseState, **changes: object) -> None:
    """Change the state, only as the life cycle allows and only from what was read."""
    was = CaseState(row.state)
    if to not in CASE_NEXT[was] or not LegalCase.objects.filter(pk=row.pk, state=was).update(
        state=to, **changes
    ):
        raise CaseClosed(f"Case {row.reference} is already {was.lower()}.")
    row.refresh_from_db()


def _write_contact(row: LegalCase, contact: Contact) -> None:
    row.contact = sealed.close(sealed.key_of(row.matter), f"case {row.pk} contact", contact.as_dict())
    row.contact_print = sealed.fingerprint(contact.email, purpose="contact")
