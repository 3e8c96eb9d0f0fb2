"""A supervisor's people: confirm that they still serve, or report who left."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from tecum.accounts import operations as accounts
from tecum.accounts import queries
from tecum.agencies import queries as agencies
from tecum.policy import queries as policy
from tecum.web import acts
from tecum.web.acts import Nothing, Page, Row
from tecum.web.gates import opens
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb

HOME = "supervisor:people"


@opens(read="person.team")
@never_cache
def people(request: Asked) -> HttpResponse:
    """Show who of the agency may look numbers up, and until when each is confirmed."""
    guide = policy.at(request.now)
    agency = request.actor.agency
    context = {
        "title": "Your people",
        "team": queries.team(by=request.actor, now=request.now),
        "agency": agencies.names({agency}).get(agency, ""),
        "term": guide.lookups[0].upkeep.attested_every if guide.lookups else None,
    }
    return render(request, "supervisor/people.html", context)


@opens(read="person.attest", write="person.attest")
@never_cache
def confirm(request: Asked, person: str) -> HttpResponse:
    """Confirm that one of them still serves and needs the account."""
    who = queries.member(id=person, by=request.actor, now=request.now)

    def do(_: dict[str, Any]) -> str:
        accounts.attest(person=person, by=request.actor, now=request.now)
        return reverse(HOME)

    rows = [
        Row("Who", facts={"Name": who.name, "Title": who.title or "–", "User name": who.email}),
        Row(
            "What you confirm",
            points=[
                "This person serves at your agency today.",
                "Their work still needs the look-up.",
                "Nobody else uses their account.",
            ],
        ),
        Row(
            "What happens", text="Their look-ups go on until the next confirmation is due. Your word is kept."
        ),
    ]
    page = _page("Confirm a person", f"Does {who.name} still serve?", f"Confirm {who.name}", rows)
    return acts.run(
        request, form=Nothing(request.POST or None), page=page, do=do, done=f"{who.name} is confirmed."
    )


@opens(read="person.left", write="person.left")
@never_cache
def left(request: Asked, person: str) -> HttpResponse:
    """Report that one of them left."""
    who = queries.member(id=person, by=request.actor, now=request.now)

    def do(_: dict[str, Any]) -> str:
        accounts.report_left(person=person, by=request.actor, now=request.now)
        return reverse(HOME)

    rows = [
        Row("Who", facts={"Name": who.name, "Title": who.title or "–", "User name": who.email}),
        Row(
            "What happens",
            points=[
                "They are signed out everywhere, now, and cannot sign in.",
                "The carrier’s portal administrator is told, and may let them in again if this was a mistake.",
                "Nothing they did before changes.",
            ],
        ),
    ]
    page = _page("Report who left", f"Has {who.name} left?", f"Report that {who.name} left", rows, grave=True)
    return acts.run(
        request, form=Nothing(request.POST or None), page=page, do=do, done=f"{who.name} is kept out."
    )


def _page(title: str, heading: str, button: str, rows: list[Row], *, grave: bool = False) -> Page:
    crumbs = [Crumb("Your people", reverse(HOME)), Crumb(title)]
    return Page(
        title=title, heading=heading, button=button, rows=rows, back=reverse(HOME), crumbs=crumbs, grave=grave
    )
