"""What keeps a person's account good, at the desk: confirmations, addresses, signs of shared use."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from tecum.accounts import operations as accounts
from tecum.accounts import queries as people
from tecum.accounts.rules import PersonView
from tecum.kernel import words
from tecum.policy import queries as policy
from tecum.web import acts
from tecum.web.acts import Page, Row
from tecum.web.gates import opens
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb


class HowGiven(forms.Form):
    """How a supervisor's word reached staff."""

    how = forms.CharField(
        label="How it reached you",
        help_text="Which supervisor, by which channel, and on which number of the directory you called back.",
        max_length=300,
    )


class Address(forms.Form):
    """The address that a link goes to."""

    address = forms.EmailField(
        label="E-mail address", help_text="The same one, or a new one in a domain verified for the agency."
    )


class Finding(forms.Form):
    """What somebody found."""

    finding = forms.CharField(
        label="What you found",
        help_text="Whom you asked, and what it was: a telephone and a desk, a colleague, a stranger.",
        max_length=300,
    )


@opens(read="person.attest_for", write="person.attest_for")
def attest(request: Asked, person: str) -> HttpResponse:
    """Record a supervisor's confirmation that reached the carrier elsewhere."""
    who = people.person(id=person, by=request.actor, now=request.now)

    def do(given: dict[str, Any]) -> str:
        accounts.attest(person=person, by=request.actor, now=request.now, how=given["how"])
        return _address(who)

    rows = [
        Row(
            "Before you do it",
            text="A supervisor confirms in the portal. Record a confirmation only where that is not possible, after calling the agency back.",
        ),
        Row("What happens", text="Their look-ups go on until the next confirmation is due."),
    ]
    page = _page(
        who, "Record a confirmation", f"Record that a supervisor confirmed {who.name}", "Record it", rows
    )
    return acts.run(
        request, form=HowGiven(request.POST or None), page=page, do=do, done="The confirmation is recorded."
    )


@opens(read="person.address", write="person.address")
def address(request: Asked, person: str) -> HttpResponse:
    """Send a link that proves an address."""
    who = people.person(id=person, by=request.actor, now=request.now)
    form = Address(request.POST or None, initial={"address": who.email})

    def do(given: dict[str, Any]) -> str:
        accounts.ask_address(person=person, address=given["address"], by=request.actor, now=request.now)
        return _address(who)

    rows = [
        Row("Now", facts={"User name": who.email}),
        Row(
            "What happens",
            points=[
                f"A link goes to the address; it is good once, for {policy.at(request.now).link_life}. "
                "Until it is used nothing changes.",
                "The address so far is told that another is to take its place.",
                "Once proved, the address is the user name, and the person signs in afresh.",
            ],
        ),
    ]
    page = _page(who, "Prove an address", f"Prove an address of {who.name}", "Send the link", rows)
    return acts.run(request, form=form, page=page, do=do, done="The link is on its way.")


@opens(read="person.signs")
@never_cache
def signs(request: Asked) -> HttpResponse:
    """List the accounts that were used at two places within a short time."""
    rows = people.signs(by=request.actor, now=request.now)
    done = people.signs(by=request.actor, now=request.now, settled=True)[:20]
    refs = {f"person:{row.person}" for row in (*rows, *done)} | {row.looked_by for row in done}
    guide = policy.at(request.now)
    context = {
        "title": "Signs of shared use",
        "crumbs": [Crumb("People", reverse("desk:people")), Crumb("Signs of shared use")],
        "rows": rows,
        "done": done,
        "names": people.names(refs),
        "within": guide.lookups[0].upkeep.two_places_within if guide.lookups else None,
    }
    return render(request, "desk/signs.html", context)


@opens(read="person.signs", write="person.signs")
@never_cache
def sign(request: Asked, sign: str) -> HttpResponse:
    """Look at one sign, and write down what it was."""
    seen = people.sign(id=sign, by=request.actor, now=request.now)
    who = people.person(id=seen.person, by=request.actor, now=request.now)
    zone = policy.at(request.now).carrier.zone.tz

    def do(given: dict[str, Any]) -> str:
        accounts.settle_sign(sign=sign, by=request.actor, now=request.now, finding=given["finding"])
        return reverse("desk:signs")

    rows = [
        Row(
            "What was seen",
            facts={
                "Person": who.name,
                "First place": f"{seen.first_address}, last used {words.moment(seen.first_seen_at, zone)}",
                "Second place": f"{seen.second_address}, signed in {words.moment(seen.noticed_at, zone)}",
                "Between them": words.span(seen.apart),
            },
        ),
        Row(
            "What it may be",
            points=[
                "A telephone and a desk of the same person: nothing to do.",
                "A colleague with their password: credentials are one person’s (R-006).",
                "A stranger: suspend the account, then rewind it.",
            ],
        ),
        Row("What happens", text="Your finding is kept. Nobody’s standing changes by it."),
    ]
    page = Page(
        title="A sign of shared use",
        heading="What was this?",
        button="Keep the finding",
        back=reverse("desk:signs"),
        crumbs=[
            Crumb("People", reverse("desk:people")),
            Crumb("Signs of shared use", reverse("desk:signs")),
            Crumb("One"),
        ],
        rows=rows,
    )
    return acts.run(
        request, form=Finding(request.POST or None), page=page, do=do, done="The finding is kept."
    )


def _page(who: PersonView, title: str, heading: str, button: str, rows: list[Row]) -> Page:
    crumbs = [Crumb("People", reverse("desk:people")), Crumb(who.name, _address(who)), Crumb(title)]
    return Page(title=title, heading=heading, button=button, rows=rows, back=_address(who), crumbs=crumbs)


def _address(who: PersonView) -> str:
    return reverse("desk:person", args=[who.id])
