"""Contact cards: proposed by the customer, confirmed by another channel, approved by an administrator (A16)."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from tecum.access.rules import require
from tecum.audit import operations as audit
from tecum.customers.models import ContactCard, Customer
from tecum.customers.refusals import AlreadyThere, NotACard, SamePerson
from tecum.customers.rules import Card
from tecum.customers.states import CARD_NEXT, CardState
from tecum.kernel import numbers
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours


@transaction.atomic
def propose_card(
    *,
    customer: str,
    legal_name: str,
    by: Actor,
    now: datetime,
    address: str = "",
    contact_person: str = "",
    phone: str = "",
    email: str = "",
    website: str = "",
) -> Card:
    """
    Propose what officers shall be shown of the own company. Until it is confirmed and approved the old card stays.

    :raises NotACard: without a name, with an unreadable number or address, or without any change
    :raises AlreadyThere: while an earlier change waits
    """
    require(by, "card.propose", now=now, customer=customer)
    if not Customer.objects.select_for_update().filter(pk=customer).exists():
        raise NotYours
    fields = checked_card(
        legal_name=legal_name,
        address=address,
        contact_person=contact_person,
        phone=phone,
        email=email,
        website=website,
    )
    cards = ContactCard.objects.filter(customer=customer)
    if cards.filter(state__in=[CardState.PROPOSED, CardState.CONFIRMED]).exists():
        raise AlreadyThere("A change of this card waits already; it is decided first.")
    standing = cards.filter(state=CardState.IN_FORCE).first()
    if standing and all(getattr(standing, name) == value for name, value in fields.items()):
        raise NotACard("Nothing differs from the card in force.")
    last = cards.order_by("-version").first()
    proposed = ContactCard.objects.create(
        customer_id=customer,
        version=(last.version if last else 0) + 1,
        state=CardState.PROPOSED,
        proposed_at=now,
        proposed_by=by.ref,
        **fields,
    )
    audit.record(
        "card.proposed", by=by, at=now, customer=customer, card=proposed.pk, version=proposed.version
    )
    return proposed.view()


@transaction.atomic
def confirm_card(*, card: str, how: str, by: Actor, now: datetime) -> Card:
    """
    Record that the customer confirmed its change by another channel: whom one spoke to, on which number known before.

    :raises NotACard: without saying how, or when the card is not waiting for this
    :raises SamePerson: for the person who proposed it
    """
    require(by, "card.confirm", now=now)
    found = _at(card, CardState.CONFIRMED)
    if not how.strip():
        raise NotACard(
            "Say how it was confirmed: whom you reached, by which channel known before this change."
        )
    if found.proposed_by == by.ref:
        raise SamePerson("You proposed this change; somebody else confirms it.")
    found.state, found.confirmed_at, found.confirmed_by, found.confirmed_how = (
        CardState.CONFIRMED,
        now,
        by.ref,
        how.strip(),
    )
    found.save(update_fields=["state", "confirmed_at", "confirmed_by", "confirmed_how"])
    audit.record("card.confirmed", by=by, at=now, customer=found.customer_id, card=card)
    return found.view()


@transaction.atomic
def approve_card(*, card: str, by: Actor, now: datetime) -> Card:
    """
    Put a confirmed card in force: from now on officers are shown it.

    :raises NotACard: when it has not been confirmed by another channel
    :raises SamePerson: for the person who proposed it
    """
    require(by, "card.approve", now=now)
    found = _at(card, CardState.IN_FORCE)
    if found.proposed_by == by.ref:
        raise SamePerson("You proposed this change; somebody else approves it.")
    ContactCard.objects.filter(customer=found.customer_id, state=CardState.IN_FORCE).update(
        state=CardState.REPLACED
    )
    found.state, found.decided_at, found.decided_by = CardState.IN_FORCE, now, by.ref
    found.save(update_fields=["state", "decided_at", "decided_by"])
    audit.record("card.approved", by=by, at=now, customer=found.customer_id, card=card, version=found.version)
    return found.view()


@transaction.atomic
def refuse_card(*, card: str, reason: str, by: Actor, now: datetime) -> Card:
    """
    Refuse a proposed change; the old card stays.

    :raises NotACard: without a reason, or when the card is decided already
    """
    require(by, "card.approve", now=now)
    found = _at(card, CardState.REFUSED)
    if not reason.strip():
        raise NotACard("Say why the change is refused; the customer is shown it.")
    found.state, found.decided_at, found.decided_by, found.reason = (
        CardState.REFUSED,
        now,
        by.ref,
        reason.strip(),
    )
    found.save(update_fields=["state", "decided_at", "decided_by", "reason"])
    audit.record("card.refused", by=by, at=now, customer=found.customer_id, card=card)
    return found.view()


def checked_card(
    *, legal_name: str, address: str, contact_person: str, phone: str, email: str, website: str
) -> dict[str, str]:
    """
    Return the fields of a card as they are stored: the number as ten digits, the rest without stray spaces.

    :raises NotACard: without a name, or with an unreadable number, mail address or site
    """
    if not legal_name.strip():
        raise NotACard("A contact card needs the legal name.")
    if email.strip():
        try:
            validate_email(email.strip())
        except ValidationError:
            raise NotACard("That is no e-mail address.") from None
    site = website.strip()
    if site and not site.startswith(("https://", "http://")):
        site = f"https://{site}"
    return {
        "legal_name": " ".join(legal_name.split()),
        "address": ", ".join(line.strip() for line in address.splitlines() if line.strip()),
        "contact_person": " ".join(contact_person.split()),
        "phone": _number(phone) if phone.strip() else "",
        "email": email.strip(),
        "website": site,
    }


def _number(text: str) -> str:
    try:
        return numbers.read(text)
    except numbers.NotANumber as reason:
        raise NotACard(f"The telephone number: {reason.reason}") from reason


def _at(card: str, wanted: CardState) -> ContactCard:
    """Return a card, locked, that may go to the wanted state."""
    found = ContactCard.objects.select_for_update().filter(pk=card).first()
    if found is None:
        raise NotYours
    if wanted not in CARD_NEXT[CardState(found.state)]:
        raise NotACard(
            f"This card is {found.state.replace('_', ' ').lower()}; that cannot be done to it now."
        )
    return found
