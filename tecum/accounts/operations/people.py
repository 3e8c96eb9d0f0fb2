"""People and the roles they hold."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from tecum.access import rules as access
from tecum.access.catalogue import ROLES, Side
from tecum.access.rules import require
from tecum.accounts.models import HeldRole, Person, Visit
from tecum.accounts.operations.visits import end_visits
from tecum.accounts.refusals import AlreadyThere, NotAnAccount, NotOnOneself, NotThisRole
from tecum.accounts.rules import PersonView
from tecum.accounts.states import JobRole, VisitEnd
from tecum.agencies import queries as agencies
from tecum.audit import operations as audit
from tecum.customers import queries as customers
from tecum.kernel.actors import Actor
from tecum.kernel.locks import before_change
from tecum.kernel.refusals import NotYours


@transaction.atomic
def create_person(
    *,
    email: str,
    name: str,
    roles: Collection[str],
    by: Actor,
    now: datetime,
    agency: str = "",
    customer: str = "",
    title: str = "",
    job_role: str = "",
    phone: str = "",
    supervisor_name: str = "",
    supervisor_email: str = "",
) -> PersonView:
    """
    Create the account of one human being (R-005), without a password: a link sets it.

    An officer's address lies in a mail domain verified for the agency (R-050).

    :raises NotAnAccount: without a name, an address, a role, or the agency or customer its roles need
    :raises AlreadyThere: when the address has an account
    :raises NotThisRole: when the roles do not go together, or are not this actor's to give
    """
    require(by, "person.create", now=now)
    address = _address(email)
    if not name.strip():
        raise NotAnAccount("An account is one person's: give the name.")
    _fits(roles, agency=agency, customer=customer, address=address)
    _may_grant(roles, by=by, now=now)
    if job_role and job_role not in set(JobRole):
        raise NotAnAccount(f"'{job_role}' is no job role of R-008.")
    if Person.objects.filter(email=address).exists():
        raise AlreadyThere(
            "That address has an account; credentials are one person's and are not shared (R-006)."
        )
    person = Person(
        email=address,
        name=" ".join(name.split()),
        title=title.strip(),
        job_role=job_role,
        phone=phone.strip(),
        agency_id=agency or None,
        customer_id=customer or None,
        supervisor_name=supervisor_name.strip(),
        supervisor_email=supervisor_email.strip(),
        standing_since=now,
        standing_by=by.ref,
        created_at=now,
        created_by=by.ref,
        roles_changed_at=now,
    )
    person.set_unusable_password()
    person.save()
    party: dict[str, Any] = {"agency": agency} if agency else {"customer": customer} if customer else {}
    audit.record("person.created", by=by, at=now, person=person.pk, **party)
    for role in sorted(set(roles)):
        _grant(person, role, by=by, now=now)
    return person.view()


@transaction.atomic
def change_person(
    *,
    person: str,
    name: str,
    by: Actor,
    now: datetime,
    title: str = "",
    job_role: str = "",
    phone: str = "",
    supervisor_name: str = "",
    supervisor_email: str = "",
) -> PersonView:
    """
    Correct what is recorded of a person. The address, being the user name, stays: a new address is a new account.

    :raises NotAnAccount: without a name
    """
    require(by, "person.change", now=now)
    found = locked(person)
    if not name.strip():
        raise NotAnAccount("An account is one person's: give the name.")
    if job_role and job_role not in set(JobRole):
        raise NotAnAccount(f"'{job_role}' is no job role of R-008.")
    found.name, found.title, found.job_role, found.phone = (
        " ".join(name.split()),
        title.strip(),
        job_role,
        phone.strip(),
    )
    found.supervisor_name, found.supervisor_email = supervisor_name.strip(), supervisor_email.strip()
    found.save()
    audit.record("person.changed", by=by, at=now, person=person)
    return found.view()


@transaction.atomic
def grant_role(*, person: str, role: str, by: Actor, now: datetime) -> PersonView:
    """
    Give a person a role; it counts from their next request.

    :raises NotOnOneself: for the own account
    :raises NotThisRole: when it does not go with the roles held, the party, or is not this actor's to give
    :raises AlreadyThere: when it is held
    """
    found = locked(person)
    _may_grant([role], by=by, now=now)
    if found.ref == by.ref:
        raise NotOnOneself("Nobody gives themselves a role.")
    if role in found.held():
        raise AlreadyThere("The person holds that role.")
    _fits(
        [*found.held(), role],
        agency=found.agency_id or "",
        customer=found.customer_id or "",
        address=found.email,
    )
    _grant(found, role, by=by, now=now)
    _touch(found, now)
    # Two sessions may be open from before the role that allows one only.
    if ROLES[role].one_session and Visit.objects.filter(person=found, ended_at=None).exists():
        end_visits(found, VisitEnd.ROLES_CHANGED, by=by, now=now)
    return Person.objects.get(pk=person).view()


@transaction.atomic
def end_role(*, person: str, role: str, by: Actor, now: datetime) -> PersonView:
    """
    Take a role from a person at once, for requests in flight too.

    :raises NotOnOneself: for the own account
    """
    found = locked(person)
    _may_grant([role], by=by, now=now)
    if found.ref == by.ref:
        raise NotOnOneself("Nobody changes their own roles.")
    if not HeldRole.objects.filter(person=found, role=role, ended_at=None).update(
        ended_at=now, ended_by=by.ref
    ):
        raise NotYours
    _touch(found, now)
    audit.record("role.ended", by=by, at=now, person=person, role=role)
    return Person.objects.get(pk=person).view()


def locked(person: str) -> Person:
    """
    Return a person's row, locked for a change.

    :raises NotYours: when unknown
    """
    before_change(Person.objects.all(), [f"person:{person}"])
    found = Person.objects.select_for_update().filter(pk=person).first()
    if found is None:
        raise NotYours
    return found


def _touch(person: Person, now: datetime) -> None:
    """Write the person's own row, so that an operation holding it FOR SHARE and this change exclude each other."""
    person.roles_changed_at = now
    person.save(update_fields=["roles_changed_at"])


def _grant(person: Person, role: str, *, by: Actor, now: datetime) -> None:
    HeldRole.objects.create(person=person, role=role, granted_at=now, granted_by=by.ref)
    audit.record("role.granted", by=by, at=now, person=person.pk, role=role)


def _may_grant(roles: Collection[str], *, by: Actor, now: datetime) -> None:
    for role in roles:
        if role not in ROLES:
            raise NotThisRole(f"There is no role '{role}'.")
        require(by, ROLES[role].granted_with, now=now)


def _fits(roles: Collection[str], *, agency: str, customer: str, address: str) -> None:
    """Refuse roles that do not go together, or not with the party the person belongs to."""
    if not roles:
        raise NotAnAccount("An account needs at least one role.")
    for role in roles:
        if role not in ROLES:
            raise NotThisRole(f"There is no role '{role}'.")
    if sentence := access.conflict(roles):
        raise NotThisRole(sentence)
    side = ROLES[next(iter(roles))].side
    wrong = {
        Side.AGENCY: not agency or bool(customer),
        Side.CUSTOMER: not customer or bool(agency),
        Side.CARRIER: bool(agency or customer),
        Side.PARTNER: bool(agency or customer),
    }[side]
    if wrong:
        raise NotThisRole(
            "An officer belongs to an agency, a customer's contact to a customer, staff to neither."
        )
    if agency and not agencies.has_domain_of(agency=agency, address=address):
        raise NotAnAccount("The address does not lie in a mail domain verified for this agency (R-050).")
    if customer and not customers.exists(customer):
        raise NotAnAccount("There is no such customer.")


def _address(email: str) -> str:
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise NotAnAccount("That is no e-mail address.") from None
    return address
