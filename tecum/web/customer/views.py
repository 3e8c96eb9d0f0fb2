"""A wholesale customer's own pages: keep the card current, give, scope and withdraw consent."""

from typing import Any

from django import forms as django_forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tecum.accounts import queries as people
from tecum.customers import operations, queries, rules
from tecum.customers.states import ConsentScope
from tecum.inventory import queries as inventory
from tecum.kernel import numbers
from tecum.web import acts
from tecum.web.acts import Nothing, Page, Row
from tecum.web.desk.consents import attachment, midnight
from tecum.web.desk.customers import changes
from tecum.web.desk.forms import BASIS_LABELS, CardFacts, ConsentTerms
from tecum.web.gates import opens
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb

HOME = "customer:company"


@opens(read="card.read_own")
def company(request: Asked) -> HttpResponse:
    """Show what officers are shown of the company, and what it consented to."""
    by, now, own = request.actor, request.now, request.actor.customer
    cards = queries.card_history(customer=own, by=by, now=now)
    consents = queries.consent_history(customer=own, by=by, now=now)
    card = next((each for each in cards if each.state == "IN_FORCE"), None)
    waiting = next((each for each in cards if each.state in {"PROPOSED", "CONFIRMED"}), None)
    refused = next((each for each in cards if each.state == "REFUSED"), None)
    refs = (
        {card.proposed_by for card in cards}
        | {each.given_by for each in consents}
        | {each.ended_by for each in consents}
    )
    consent = next((each for each in consents if each.state == "IN_FORCE"), None)
    context = {
        "title": "Your company",
        "customer": queries.customer(id=own, by=by, now=now),
        "card": card,
        "cards": cards,
        "waiting": waiting,
        "changes": changes(card, waiting),
        "refused": refused if refused and (card is None or refused.version > card.version) else None,
        "consent": consent,
        "consents": consents,
        "bases": [BASIS_LABELS[basis] for basis in consent.bases] if consent else [],
        "in_service": inventory.counts_by_customer().get(own, 0),
        "reached": _reached(own, consent),
        "who": people.names(refs),
    }
    return render(request, "customer/company.html", context)


@opens(read="card.propose", write="card.propose")
def card(request: Asked) -> HttpResponse:
    """Propose a change of the card."""
    own = request.actor.customer
    cards = queries.card_history(customer=own, by=request.actor, now=request.now)
    old = next((each for each in cards if each.state == "IN_FORCE"), None)
    form = CardFacts(
        acts.posted(request), initial={name: getattr(old, name, "") for name in CardFacts.base_fields}
    )

    def do(given: dict[str, Any]) -> str:
        operations.propose_card(customer=own, by=request.actor, now=request.now, **given)
        return reverse(HOME)

    page = Page(
        title="Change your contact card",
        lead="Officers are shown the change after we confirmed it with you by another channel and approved it. Until then they are shown the card in force.",
        button="Propose the change",
        back=reverse(HOME),
        crumbs=[Crumb("Your company", reverse(HOME)), Crumb("Change the card")],
    )
    return acts.run(
        request,
        form=form,
        page=page,
        do=do,
        done="Your change is received. We will call the number of the card in force to confirm it.",
    )


class Confirmation(ConsentTerms):
    """The terms once more, unseen, with the agreement to the very words shown."""

    agree = django_forms.BooleanField(
        label="I have the authority to give this consent and agree to the words above."
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name in ConsentTerms.base_fields:
            widget = django_forms.MultipleHiddenInput() if name == "bases" else django_forms.HiddenInput()
            self.fields[name].widget = widget


@opens(read="consent.give", write="consent.give")
def give(request: Asked) -> HttpResponse:
    """Give a consent in two steps on one address: the terms, then the very words they make, to agree to."""
    form = ConsentTerms(acts.posted(request), initial={"signer_name": request.actor.name})
    if request.method == "POST" and form.is_valid() and _complete(form):
        return _agree(request, form.cleaned_data)
    context = {
        "form": form,
        "title": "Give consent",
        "crumbs": [Crumb("Your company", reverse(HOME)), Crumb("Give consent")],
        "page": Page(
            title="Give consent",
            heading="Consent to the look-up of your numbers",
            lead="It replaces what you consented to before. The next page shows the exact words.",
            button="Show the words to agree to",
            back=reverse(HOME),
        ),
    }
    return render(request, "shapes/form.html", context, status=422 if form.errors else 200)


@opens(read="consent.withdraw", write="consent.withdraw")
def withdraw(request: Asked) -> HttpResponse:
    """Withdraw the consent; the page says exactly what happens."""
    own = request.actor.customer
    consent = queries.consent_in_force(customer=own, by=request.actor, now=request.now)
    reached = _reached(own, consent)

    def do(_: dict[str, Any]) -> str:
        operations.withdraw_consent(customer=own, by=request.actor, now=request.now)
        return reverse(HOME)

    rows = [
        Row("What happens", points=[
            f"From this moment none of the {reached:,} numbers your consent reaches is answered, for look-ups under way too.",
            "Officers see the same words as for any number that is not found. Nobody is told that you withdrew.",
            "They may serve a Legal Demand on the carrier instead.",
        ]),
        Row("What stays", points=[
            "What was shown before stays recorded, with the version of your consent it rested on.",
            "Your service, your contact card and your account.",
        ]),
        Row("Undo", text="You can give consent again at any time; it counts from then on."),
    ]  # fmt: skip
    page = Page(
        title="Withdraw consent",
        heading=f"Withdraw your consent for {reached:,} numbers?",
        button="Withdraw the consent now",
        back=reverse(HOME),
        rows=rows,
        crumbs=[Crumb("Your company", reverse(HOME)), Crumb("Withdraw")],
        grave=True,
        keep="Keep the consent",
    )
    return acts.run(
        request,
        form=Nothing(acts.posted(request)),
        page=page,
        do=do,
        done="Your consent is withdrawn. It took effect at once.",
    )


@opens(read="consent.read_own")
def document(request: Asked, document: str) -> HttpResponse:
    """Hand out the document of an own consent."""
    return attachment(queries.consent_document(id=document, by=request.actor, now=request.now))


def _agree(request: Asked, terms: dict[str, Any]) -> HttpResponse:
    """Show the words; give the consent once they are agreed to."""
    own = request.actor.customer
    confirmed = "agree" in request.POST
    form = Confirmation(
        request.POST if confirmed else None, initial={**terms, "ranges": _lines(terms["ranges"])}
    )
    until = midnight(terms["good_until"])

    def do(given: dict[str, Any]) -> str:
        given = {**given, "good_until": until}
        given.pop("agree")
        operations.give_consent(customer=own, by=request.actor, now=request.now, **given)
        return reverse(HOME)

    scope = ConsentScope(terms["scope"])
    words = rules.statement(
        name=queries.customer(id=own, by=request.actor, now=request.now).name,
        bases=terms["bases"],
        scope=scope,
        ranges=rules.merged(terms["ranges"]),
        account=terms["account"],
        good_until=until,
    )
    rows = [
        Row("You agree to", verbatim=words),
        Row("Given by", text=f"{terms['signer_name']}, {terms['signer_title']}"),
        Row(
            "What happens",
            text="Your numbers are answered from this moment on. These words are kept as the evidence, with your name, the time and a receipt.",
        ),
    ]
    page = Page(
        title="Agree to the consent",
        heading="Agree to these words?",
        button="Give this consent",
        back=reverse("customer:give"),
        rows=rows,
        crumbs=[
            Crumb("Your company", reverse(HOME)),
            Crumb("Give consent", reverse("customer:give")),
            Crumb("Agree"),
        ],
        keep="Change the terms",
    )
    if not confirmed:
        return render(
            request, page.template, {"form": form, "page": page, "title": page.title, "crumbs": page.crumbs}
        )
    return acts.run(request, form=form, page=page, do=do, done="Your consent is in force.")


def _complete(form: ConsentTerms) -> bool:
    """Ask for the numbers and the account that a scope needs, before showing any words."""
    given = form.cleaned_data
    if given["scope"] != ConsentScope.ALL and not given["ranges"]:
        form.add_error("ranges", "List the numbers the consent is for.")
    if given["scope"] == ConsentScope.ACCOUNT and not given["account"].strip():
        form.add_error("account", "Name the account.")
    return not form.errors


def _lines(ranges: list[tuple[str, str]]) -> str:
    return "\n".join(f"{numbers.grouped(first)} to {numbers.grouped(last)}" for first, last in ranges)


def _reached(customer: str, consent: Any) -> int:
    if consent is None:
        return 0
    if consent.scope is ConsentScope.ALL:
        return inventory.counts_by_customer().get(customer, 0)
    return inventory.counts_within(consent.ranges).get(customer, 0)
