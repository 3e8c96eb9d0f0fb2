"""What can be asked of customers, cards and consents."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from tecum.access.rules import require
from tecum.customers import rules
from tecum.customers.models import CampaignNote, Consent, ConsentDocument, ContactCard, Customer
from tecum.customers.rules import CampaignRow, Card, ConsentView, CustomerView, NoteView, Paper
from tecum.customers.states import CardState, ConsentScope, ConsentState
from tecum.documents import operations as stored
from tecum.kernel.actors import Actor
from tecum.kernel.prepared import Question
from tecum.kernel.refusals import NotYours

CARD = ["customer_id" if name == "customer" else name for name in Card.__dataclass_fields__]
CARDS = Question(
    lambda customers: ContactCard.objects.filter(
        customer__in=customers, state=CardState.IN_FORCE
    ).values_list(*CARD)
)


def cards(customers: Collection[str]) -> dict[str, Card]:
    """Return the card in force of each customer, for a hit that may be shown (R-020)."""
    found = [Card(*row) for row in CARDS(("", *sorted(set(customers))))]
    return {card.customer: card for card in found}


def known_names() -> list[str]:
    """Return the legal names on the cards in force, for whoever must not let one out."""
    rows = ContactCard.objects.filter(state=CardState.IN_FORCE)
    return list(rows.values_list("legal_name", flat=True).distinct())


def customer(*, id: str, by: Actor, now: datetime) -> CustomerView:
    """
    Return one customer, to the carrier's staff or to its own people.

    :raises NotYours: when unknown or not for this actor
    """
    _may_read(by, "customer.read", "card.read_own", customer=id, now=now)
    found = Customer.objects.filter(pk=id).first()
    if found is None:
        raise NotYours
    return found.view(_names({id})[id])


def customers(*, by: Actor, now: datetime, words: str = "", standing: str = "") -> list[CustomerView]:
    """Return the customers in order of name, narrowed by words of name or id, and standing."""
    require(by, "customer.read", now=now)
    rows = Customer.objects.all()
    if standing:
        rows = rows.filter(standing=standing)
    found = list(rows)
    names = _names({row.pk for row in found})
    wanted = words.strip().lower()
    views = [row.view(names[row.pk]) for row in found]
    return sorted(
        (view for view in views if wanted in view.name.lower() or wanted in view.id.lower()),
        key=lambda view: (view.name.lower(), view.id),
    )


def card_history(*, customer: str, by: Actor, now: datetime) -> list[Card]:
    """Return all versions of a customer's card, newest first."""
    _may_read(by, "customer.read", "card.read_own", customer=customer, now=now)
    return [row.view() for row in ContactCard.objects.filter(customer=customer).order_by("-version")]


def card(*, id: str, by: Actor, now: datetime) -> Card:
    """
    Return one version of a card.

    :raises NotYours: when unknown or not for this actor
    """
    found = ContactCard.objects.filter(pk=id).first()
    if found is None:
        raise NotYours
    _may_read(by, "customer.read", "card.read_own", customer=found.customer_id, now=now)
    return found.view()


def cards_waiting(*, by: Actor, now: datetime) -> list[Card]:
    """Return the changes of cards that wait for confirmation or approval, oldest first."""
    require(by, "customer.read", now=now)
    waiting = ContactCard.objects.filter(state__in=[CardState.PROPOSED, CardState.CONFIRMED])
    return [row.view() for row in waiting.order_by("proposed_at", "id")]


def consent_in_force(*, customer: str, by: Actor, now: datetime) -> ConsentView | None:
    """Return a customer's consent in force, None if there is none."""
    _may_read(by, "consent.read", "consent.read_own", customer=customer, now=now)
    found = _consents().filter(customer=customer, state=ConsentState.IN_FORCE).first()
    return found.view() if found else None


def consent_history(*, customer: str, by: Actor, now: datetime) -> list[ConsentView]:
    """Return all versions of a customer's consent, newest first."""
    _may_read(by, "consent.read", "consent.read_own", customer=customer, now=now)
    return [row.view() for row in _consents().filter(customer=customer).order_by("-version")]


def consent_document(*, id: str, by: Actor, now: datetime) -> Paper:
    """
    Return the bytes that prove a consent.

    :raises NotYours: when unknown or not for this actor
    """
    found = ConsentDocument.objects.filter(pk=id).first()
    if found is None:
        raise NotYours
    _may_read(by, "consent.read", "consent.read_own", customer=found.customer_id, now=now)
    content = stored.read(found.file) if found.content is None else bytes(found.content)
    return Paper(found.name, found.media_type, content)


def campaign(*, by: Actor, now: datetime) -> list[CampaignRow]:
    """Return where every customer stands in the pursuit of consents, those due first (R-035)."""
    require(by, "consent.read", now=now)
    found = list(Customer.objects.exclude(standing="CLOSED"))
    names = _names({row.pk for row in found})
    in_force = {row.customer_id: row for row in _consents().filter(state=ConsentState.IN_FORCE)}
    withdrawn = set(Consent.objects.filter(state=ConsentState.WITHDRAWN).values_list("customer", flat=True))
    notes: dict[str, list[CampaignNote]] = defaultdict(list)
    for note in CampaignNote.objects.order_by("at", "id"):
        notes[note.customer_id].append(note)
    rows = [
        _row(row, names[row.pk], in_force.get(row.pk), row.pk in withdrawn, notes[row.pk]) for row in found
    ]
    return sorted(
        rows, key=lambda row: (row.remind_at is None, row.remind_at or now.date(), row.name.lower())
    )


def campaign_notes(*, customer: str, by: Actor, now: datetime) -> list[NoteView]:
    """Return what was done to win a customer's consent, newest first."""
    require(by, "consent.read", now=now)
    rows = CampaignNote.objects.filter(customer=customer).order_by("-at", "-id")
    return [NoteView(row.at, row.by, row.step, row.text) for row in rows]


def _row(
    customer: Customer, name: str, consent: Consent | None, withdrawn: bool, notes: list[CampaignNote]
) -> CampaignRow:
    return CampaignRow(
        customer=customer.pk,
        name=name,
        state=rules.campaign_state(
            in_force=consent is not None, withdrawn=withdrawn, steps=[note.step for note in notes]
        ),
        last_step=notes[-1].step if notes else "",
        last_at=notes[-1].at if notes else None,
        remind_at=customer.remind_at,
        scope=ConsentScope(consent.scope) if consent else None,
        ranges=consent.reach() if consent else (),
        consent_since=consent.given_at if consent else None,
    )


def _consents() -> QuerySet[Consent]:
    return Consent.objects.select_related("document").prefetch_related("ranges").defer("document__content")


def _names(ids: Collection[str]) -> dict[str, str]:
    return {id: card.legal_name for id, card in cards(ids).items()}


def _may_read(by: Actor, staff: str, own: str, *, customer: str, now: datetime) -> None:
    if by.customer:
        require(by, own, now=now, customer=customer)
    else:
        require(by, staff, now=now)


def exists(customer: str) -> bool:
    """Tell whether a customer is entered."""
    return Customer.objects.filter(pk=customer).exists()
