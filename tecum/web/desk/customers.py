"""The desk's pages about customers: their cards, their consents, and the campaign."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tecum.access.rules import may
from tecum.accounts import operations as accounts
from tecum.accounts import queries as people
from tecum.customers import operations, queries
from tecum.customers.rules import Card, CustomerView
from tecum.kernel import numbers
from tecum.web import acts, lists
from tecum.web.acts import Nothing, Page, Reason, Row
from tecum.web.desk import forms
from tecum.web.gates import opens
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb, View

FIELDS = {
    "legal_name": "Legal name",
    "address": "Business address",
    "contact_person": "Contact person",
    "phone": "Telephone",
    "email": "E-mail address",
    "website": "Web site",
}


@opens(read="customer.read")
def queue(request: Asked) -> HttpResponse:
    """List the wholesale customers; changes of cards that wait come first."""
    filter = forms.CustomerFilter(request.GET, auto_id="filter_%s")
    wanted = filter.cleaned_data if filter.is_valid() else {}
    found = queries.customers(by=request.actor, now=request.now, **wanted)
    waiting = {card.customer: card for card in queries.cards_waiting(by=request.actor, now=request.now)}
    found.sort(key=lambda each: each.id not in waiting)
    states = {row.customer: row for row in queries.campaign(by=request.actor, now=request.now)}
    page = lists.page_of(found, request)
    rows = [(each, states.get(each.id), waiting.get(each.id)) for each in page.object_list]
    context = {
        "title": "Customers",
        "filter": filter,
        "page": page,
        "rows": rows,
        "waiting": len(waiting),
        "may_create": may(request.actor, "customer.create"),
        "views": [
            View("All", reverse("desk:customers"), len(states), current=True),
            View("Consent campaign", reverse("desk:consents")),
        ],
    }
    return render(request, "desk/customers.html", context)


@opens(read="customer.create", write="customer.create")
def create(request: Asked) -> HttpResponse:
    """Enter a customer."""

    def do(given: dict[str, Any]) -> str:
        return _address(operations.create_customer(by=request.actor, now=request.now, **given).id)

    page = Page(
        title="Enter a customer",
        lead="Its first contact card is the carrier's own record. Without a consent its numbers stay non-results.",
        button="Enter the customer",
        back=reverse("desk:customers"),
        crumbs=[Crumb("Customers", reverse("desk:customers")), Crumb("Enter")],
    )
    return acts.run(
        request,
        form=forms.NewCustomer(acts.posted(request)),
        page=page,
        do=do,
        done="The customer is entered.",
    )


@opens(read="customer.read")
def case(request: Asked, customer: str) -> HttpResponse:
    """Show one customer: card, consent, campaign, people."""
    by, now = request.actor, request.now
    found = queries.customer(id=customer, by=by, now=now)
    cards = queries.card_history(customer=customer, by=by, now=now)
    consents = queries.consent_history(customer=customer, by=by, now=now)
    notes = queries.campaign_notes(customer=customer, by=by, now=now)
    refs = (
        {card.proposed_by for card in cards}
        | {each.given_by for each in consents}
        | {each.ended_by for each in consents}
    )
    in_force = next((card for card in cards if card.state == "IN_FORCE"), None)
    waiting = next((card for card in cards if card.state in {"PROPOSED", "CONFIRMED"}), None)
    context = {
        "title": "Customer",
        "crumbs": [Crumb("Customers", reverse("desk:customers")), Crumb(found.name)],
        "customer": found,
        "card": in_force,
        "waiting": waiting,
        "changes": changes(in_force, waiting),
        "cards": cards,
        "consent": next((each for each in consents if each.state == "IN_FORCE"), None),
        "consents": consents,
        "notes": notes,
        "who": people.names(refs | {note.by for note in notes}),
        "people": people.people(by=by, now=now, customer=customer) if may(by, "person.read") else [],
        "may": {
            name.replace(".", "_"): may(by, name)
            for name in (
                "customer.change",
                "card.confirm",
                "card.approve",
                "consent.record",
                "consent.withdraw_for",
                "consent.campaign",
            )
        },
        "may_create_person": may(by, "person.create"),
    }
    return render(request, "desk/customer.html", context)


@opens(read="card.confirm", write="card.confirm")
def confirm_card(request: Asked, customer: str, card: str) -> HttpResponse:
    """Record that a change of a card was confirmed by another channel."""
    found = queries.customer(id=customer, by=request.actor, now=request.now)
    rows = _card_rows(request, customer, card)
    rows.append(
        Row(
            "Why",
            text="A hijacked account must not redirect process. Call the number of the card in force, not the new one (A16).",
        )
    )

    def do(given: dict[str, Any]) -> str:
        operations.confirm_card(card=card, by=request.actor, now=request.now, **given)
        return _address(customer)

    page = _page(found, title="Confirm a change of a card", button="Record the confirmation", rows=rows)
    return acts.run(
        request,
        form=forms.Confirmed(acts.posted(request)),
        page=page,
        do=do,
        done="The confirmation is recorded; the card waits for approval.",
    )


@opens(read="card.approve", write="card.approve")
def approve_card(request: Asked, customer: str, card: str) -> HttpResponse:
    """Put a confirmed card in force."""
    found = queries.customer(id=customer, by=request.actor, now=request.now)
    rows = _card_rows(request, customer, card)
    confirmed = queries.card(id=card, by=request.actor, now=request.now)
    rows.append(Row("Confirmed", text=confirmed.confirmed_how or "Not yet. It cannot be approved before."))
    rows.append(
        Row("What happens", text="Officers are shown the new card from now on, and serve process by it.")
    )

    def do(_: dict[str, Any]) -> str:
        operations.approve_card(card=card, by=request.actor, now=request.now)
        return _address(customer)

    page = _page(found, title="Approve a card", button="Put the new card in force", rows=rows)
    return acts.run(
        request, form=Nothing(acts.posted(request)), page=page, do=do, done="The new card is in force."
    )


@opens(read="card.approve", write="card.approve")
def refuse_card(request: Asked, customer: str, card: str) -> HttpResponse:
    """Refuse a change of a card."""
    found = queries.customer(id=customer, by=request.actor, now=request.now)
    rows = [
        *_card_rows(request, customer, card),
        Row("What happens", text="The card in force stays. The customer is shown why."),
    ]

    def do(given: dict[str, Any]) -> str:
        operations.refuse_card(card=card, by=request.actor, now=request.now, **given)
        return _address(customer)

    page = _page(found, title="Refuse a change of a card", button="Refuse the change", rows=rows, grave=True)
    return acts.run(
        request, form=Reason(acts.posted(request)), page=page, do=do, done="The change is refused."
    )


@opens(read="customer.change", write="customer.change")
def suspend(request: Asked, customer: str) -> HttpResponse:
    """Keep a customer's people out."""
    found = queries.customer(id=customer, by=request.actor, now=request.now)

    def do(given: dict[str, Any]) -> str:
        accounts.suspend_customer(customer=customer, by=request.actor, now=request.now, **given)
        return _address(customer)

    rows = [Row("What happens", points=[
        "Its people are signed out, now, and cannot sign in.",
        "Its consent stays in force: an active number of a consenting customer is a hit (A2). Withdraw the consent for that.",
    ])]  # fmt: skip
    page = _page(
        found,
        title="Suspend a customer",
        heading=f"Suspend {found.name}?",
        button="Suspend the customer's people",
        rows=rows,
        grave=True,
    )
    return acts.run(
        request, form=Reason(acts.posted(request)), page=page, do=do, done="The customer is suspended."
    )


@opens(read="customer.change", write="customer.change")
def reinstate(request: Asked, customer: str) -> HttpResponse:
    """Let a customer's people in again."""
    found = queries.customer(id=customer, by=request.actor, now=request.now)

    def do(_: dict[str, Any]) -> str:
        operations.reinstate_customer(customer=customer, by=request.actor, now=request.now)
        return _address(customer)

    rows = [
        Row("Suspended because", text=found.standing_reason),
        Row("What happens", text="Its people may sign in again."),
    ]
    page = _page(
        found,
        title="Let a customer in again",
        heading=f"Let {found.name} in again?",
        button="Let the customer in again",
        rows=rows,
    )
    return acts.run(
        request,
        form=Nothing(acts.posted(request)),
        page=page,
        do=do,
        done="The customer's people may sign in again.",
    )


def changes(old: Card | None, new: Card | None) -> list[tuple[str, str, str]]:
    """Return label, old and new value of each field that differs."""
    if new is None:
        return []
    pairs = [(label, getattr(old, name, ""), getattr(new, name)) for name, label in FIELDS.items()]
    return [
        (label, _shown(label, before), _shown(label, after))
        for label, before, after in pairs
        if before != after
    ]


def _shown(label: str, value: str) -> str:
    return numbers.grouped(value) if label == FIELDS["phone"] and numbers.is_canonical(value) else value


def _card_rows(request: Asked, customer: str, card: str) -> list[Row]:
    cards = queries.card_history(customer=customer, by=request.actor, now=request.now)
    new = next((each for each in cards if each.id == card), None)
    old = next((each for each in cards if each.state == "IN_FORCE"), None)
    differs = changes(old, new)
    return [
        Row("Now", facts={label: before or "nothing" for label, before, _ in differs}),
        Row("Then", facts={label: after or "nothing" for label, _, after in differs}),
    ]


def _page(found: CustomerView, *, title: str, **more: Any) -> Page:
    crumbs = [
        Crumb("Customers", reverse("desk:customers")),
        Crumb(found.name, _address(found.id)),
        Crumb(title),
    ]
    return Page(title=title, back=_address(found.id), crumbs=crumbs, **more)


def _address(customer: str) -> str:
    return reverse("desk:customer", args=[customer])
