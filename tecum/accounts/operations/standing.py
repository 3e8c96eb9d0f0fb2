"""Standing: who is kept out, at once and for requests in flight (assurance control 12, T15)."""

from datetime import datetime
from typing import Any

from django.db import transaction

from tecum.access import rules as access
from tecum.access.rules import require
from tecum.accounts.models import HeldRole, PasswordLink, Person
from tecum.accounts.operations import beginning
from tecum.accounts.operations.people import locked
from tecum.accounts.operations.visits import end_visits
from tecum.accounts.refusals import (
    AddressNotProved,
    AlreadySo,
    NoLongerHeld,
    NotAnAccount,
    NotAttested,
    NotOnOneself,
    PersonSuspended,
    TermsNotAccepted,
)
from tecum.accounts.rules import PersonView, terms_wait, withheld
from tecum.accounts.states import PERSON_NEXT, Cause, PersonStanding, VisitEnd
from tecum.agencies import operations as agencies
from tecum.agencies.rules import AgencyView
from tecum.audit import operations as audit
from tecum.customers import operations as customers
from tecum.kernel.actors import Actor, ActorKind
from tecum.kernel.locks import for_share
from tecum.kernel.prepared import Question
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy
from tecum.recovery import operations as recovery

STANDING_OF = Question(
    lambda person: Person.objects.filter(pk=person).values_list(
        "id", "standing", "agency_id", "customer_id", "attested_until", "terms_sha256"
    )
)
ROLES_OF = Question(lambda person: HeldRole.objects.filter(person=person, ended_at=None).values_list("role"))


def stand(*, by: Actor, now: datetime, to_end: bool = False) -> None:
    """
    Hold the actor in good standing until the caller's transaction ends; refuse who is not.

    An `Actor` was read when the request began. An operation that reveals, releases, activates or approves begins
    with this: the rows of person, agency and customer are read again FOR SHARE, so that a suspension commits either
    before this act, and it is refused, or after it. A role taken away since then refuses as well. `to_end`: the act only
    restricts, and a restriction never waits, not for a recovery either (decisions, E).

    :raises PersonSuspended: when the person is suspended
    :raises NotAttested: when the supervisor's confirmation ran out, for acts that rest on it
    :raises TermsNotAccepted: when the terms of use in force are not accepted, for somebody who looks numbers up
    :raises AgencySuspended: when the agency is
    :raises CustomerSuspended: when the customer is
    :raises NoLongerHeld: when a permission the actor carries is held no longer
    :raises InRecovery: for people outside the carrier, while it is checked after it was put back from a copy
    :raises NotInTransaction: outside a transaction
    """
    if by.kind is ActorKind.STRANGER:
        raise NotYours
    if by.kind is not ActorKind.PERSON:
        return
    held = for_share(STANDING_OF(by.ref.removeprefix("person:")), [by.ref])
    if not held or held[0].standing != PersonStanding.ACTIVE:
        raise PersonSuspended("Your access is suspended.")
    person = held[0]
    if (person.agency_id or person.customer_id) and not to_end:
        recovery.refuse()
    if person.agency_id:
        agencies.stand(agency=person.agency_id)
    if person.customer_id:
        customers.stand(customer=person.customer_id)
    _nothing_waits(person, by=by, now=now)
    roles = [row.role for row in ROLES_OF(person.id)]
    if not by.permissions <= access.permissions_of(roles):
        raise NoLongerHeld("Your roles changed a moment ago; reload the page.")


def _nothing_waits(person: Any, *, by: Actor, now: datetime) -> None:
    """Refuse what waits for a supervisor's confirmation, or for the terms to be accepted."""
    if by.permissions & withheld(attested_until=person.attested_until, now=now):
        raise NotAttested("Your supervisor's confirmation has run out; look-ups wait for the next one.")
    if terms_wait(
        accepted=person.terms_sha256,
        agency=person.agency_id or "",
        permissions=by.permissions,
        guide=policy.at(now),
    ):
        raise TermsNotAccepted("Accept the terms of use on the welcome page first.")


@transaction.atomic
def suspend_person(*, person: str, reason: str, by: Actor, now: datetime) -> PersonView:
    """
    Keep a person out at once: their visits end, their link is void, and what they have in flight fails.

    :raises NotOnOneself: for the own account
    :raises AlreadySo: when suspended
    """
    require(by, "person.suspend", now=now)
    found = locked(person)
    if found.ref == by.ref:
        raise NotOnOneself("Nobody suspends themselves.")
    if not reason.strip():
        raise NotAnAccount("Say why the person is suspended.")
    keep_out(found, cause=Cause.PERSON, reason=reason.strip(), by=by, now=now)
    return found.view()


def keep_out(found: Person, *, cause: Cause, reason: str, by: Actor, now: datetime) -> None:
    """
    Suspend a person whose row is locked, in the caller's transaction: visits end, an open link is void.

    :raises AlreadySo: when suspended
    """
    _turn(found, PersonStanding.SUSPENDED, by=by, now=now, reason=reason, cause=cause)
    ended = end_visits(found, VisitEnd.SUSPENDED, by=by, now=now)
    PasswordLink.objects.filter(person=found, used_at=None, voided_at=None).update(voided_at=now)
    audit.record("person.suspended", by=by, at=now, person=found.pk, visits=ended, cause=cause.value)


@transaction.atomic
def reinstate_person(*, person: str, by: Actor, now: datetime) -> PersonView:
    """
    Let a suspended person in again; they sign in afresh.

    :raises NotOnOneself: for the own account
    :raises AlreadySo: when not suspended
    :raises AddressNotProved: while mail to the address comes back
    """
    require(by, "person.reinstate", now=now)
    found = locked(person)
    if found.ref == by.ref:
        raise NotOnOneself("Nobody reinstates themselves.")
    if found.standing_cause == Cause.BOUNCED:
        raise AddressNotProved(
            "Mail to the address came back: send a link that proves the address, the same or a new one."
        )
    _turn(found, PersonStanding.ACTIVE, by=by, now=now, reason="")
    if found.agency_id:
        beginning.watch_inactivity(found, guide=policy.at(now), now=now)
    audit.record("person.reinstated", by=by, at=now, person=person)
    return found.view()


@transaction.atomic
def suspend_agency(*, agency: str, reason: str, by: Actor, now: datetime) -> AgencyView:
    """
    Keep an agency and all its people out at once; their visits end and what they have in flight fails.

    :raises AlreadySo: when suspended
    """
    view = agencies.suspend(agency=agency, reason=reason, by=by, now=now)
    for person in Person.objects.filter(
        agency=agency, visits__ended_at=None, visits__isnull=False
    ).distinct():
        end_visits(person, VisitEnd.SUSPENDED, by=by, now=now)
    return view


@transaction.atomic
def suspend_customer(*, customer: str, reason: str, by: Actor, now: datetime) -> None:
    """
    Keep a customer's people out at once. What the customer consented to stays in force (A2).

    :raises AlreadySo: when not active
    """
    customers.suspend(customer=customer, reason=reason, by=by, now=now)
    for person in Person.objects.filter(
        customer=customer, visits__ended_at=None, visits__isnull=False
    ).distinct():
        end_visits(person, VisitEnd.SUSPENDED, by=by, now=now)


def _turn(
    person: Person,
    standing: PersonStanding,
    *,
    by: Actor,
    now: datetime,
    reason: str,
    cause: Cause | None = None,
) -> None:
    if standing not in PERSON_NEXT[PersonStanding(person.standing)]:
        raise AlreadySo(f"The person is {person.standing.lower()} already.")
    person.turn(standing, by=by.ref, at=now, reason=reason, cause=cause)
