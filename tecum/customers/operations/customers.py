"""Customers: entering, suspending, closing, standing."""

import re
from datetime import datetime

from django.db import transaction

from tecum.access.rules import require
from tecum.audit import operations as audit
from tecum.customers.models import ContactCard, Customer
from tecum.customers.operations.cards import checked_card
from tecum.customers.refusals import AlreadySo, AlreadyThere, CustomerSuspended, NotAnEntry
from tecum.customers.rules import CustomerView
from tecum.customers.states import CUSTOMER_NEXT, CardState, CustomerStanding
from tecum.kernel import numbers
from tecum.kernel.actors import Actor
from tecum.kernel.locks import before_change, for_share
from tecum.kernel.prepared import Question
from tecum.kernel.refusals import NotYours

STANDING_OF = Question(lambda customer: Customer.objects.filter(pk=customer).values_list("standing"))
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")


@transaction.atomic
def create_customer(
    *,
    id: str,
    legal_name: str,
    is_carrier: bool,
    by: Actor,
    now: datetime,
    address: str = "",
    contact_person: str = "",
    phone: str = "",
    email: str = "",
    website: str = "",
) -> CustomerView:
    """
    Enter a wholesale customer under the id the inventory uses, with the carrier's own record as its first card.

    :raises NotAnEntry: when the id cannot be one
    :raises NotACard: when the card has no name or no readable telephone number
    :raises AlreadyThere: when the id is taken
    """
    require(by, "customer.create", now=now)
    if not ID.fullmatch(id) or numbers.is_canonical(re.sub(r"\D", "", id)):
        raise NotAnEntry(
            "A customer's id is up to 40 letters, digits, dots and dashes, as in the inventory, and no telephone number."
        )
    if Customer.objects.filter(pk=id).exists():
        raise AlreadyThere(f"Customer {id} is entered already.")
    card = checked_card(
        legal_name=legal_name,
        address=address,
        contact_person=contact_person,
        phone=phone,
        email=email,
        website=website,
    )
    customer = Customer.objects.create(
        pk=id,
        is_carrier=is_carrier,
        standing_since=now,
        standing_by=by.ref,
        created_at=now,
        created_by=by.ref,
    )
    ContactCard.objects.create(
        customer=customer, version=1, state=CardState.IN_FORCE, proposed_at=now, proposed_by=by.ref, **card
    )
    audit.record("customer.created", by=by, at=now, customer=id)
    return customer.view(card["legal_name"])


@transaction.atomic
def suspend(*, customer: str, reason: str, by: Actor, now: datetime) -> None:
    """
    Keep a customer's people out. What it consented to stays (A2).

    Doors call `accounts.operations.suspend_customer`, which ends its people's visits as well.

    :raises AlreadySo: when it is not active
    """
    _turn(customer, CustomerStanding.SUSPENDED, reason=reason, event="customer.suspended", by=by, now=now)


@transaction.atomic
def reinstate_customer(*, customer: str, by: Actor, now: datetime) -> None:
    """
    Let a suspended customer's people in again.

    :raises AlreadySo: when it is not suspended
    """
    _turn(customer, CustomerStanding.ACTIVE, reason="", event="customer.reinstated", by=by, now=now)


@transaction.atomic
def close_customer(*, customer: str, reason: str, by: Actor, now: datetime) -> None:
    """
    Record that a customer is one no longer.

    :raises AlreadySo: when it is closed
    """
    _turn(customer, CustomerStanding.CLOSED, reason=reason, event="customer.closed", by=by, now=now)


def stand(*, customer: str) -> None:
    """
    Hold the customer in its standing until the transaction ends (T15).

    :raises CustomerSuspended: when it is not in good standing
    """
    held = for_share(STANDING_OF(customer), [f"customer:{customer}"])
    if not held or held[0].standing != CustomerStanding.ACTIVE:
        raise CustomerSuspended("Your company's access is suspended.")


def locked(customer: str) -> Customer:
    """
    Return a customer's row, locked for a change.

    :raises NotYours: when unknown
    """
    before_change(Customer.objects.all(), [f"customer:{customer}"])
    found = Customer.objects.select_for_update().filter(pk=customer).first()
    if found is None:
        raise NotYours
    return found


def _turn(
    customer: str, standing: CustomerStanding, *, reason: str, event: str, by: Actor, now: datetime
) -> None:
    require(by, "customer.change", now=now)
    found = locked(customer)
    if standing not in CUSTOMER_NEXT[CustomerStanding(found.standing)]:
        raise AlreadySo(f"The customer is {found.standing.lower()}.")
    if standing is not CustomerStanding.ACTIVE and not reason.strip():
        raise NotAnEntry("Say why; the customer's people are told.")
    found.turn(standing, by=by.ref, at=now, reason=reason.strip())
    audit.record(event, by=by, at=now, customer=customer)
