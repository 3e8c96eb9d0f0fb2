"""What of the own agency is on, by reference; ended at once when a signed-in person on its list says so (decisions, E)."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from tecum.kernel.refusals import NotYours
from tecum.surveillance import operations as surveillance
from tecum.surveillance.queries import asking as queries
from tecum.surveillance.queries import telling
from tecum.web import acts
from tecum.web.acts import Page, Row
from tecum.web.gates import opens
from tecum.web.lists import page_of
from tecum.web.portal import requesting
from tecum.web.portal.cases import views
from tecum.web.portal.handing import drafts_of
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb

TITLE = "Surveillances"


class Why(forms.Form):
    """Why it is to end."""

    words = forms.CharField(label="Why it is to end", help_text="It is kept with the case.", max_length=500)


@opens(read="surveillance.ask_end")
@never_cache
def queue(request: Asked) -> HttpResponse:
    """List what was asked for and what is on, of the own agency, on whose list the person stands."""
    form = telling.form_on_page(now=request.now) if request.actor.may("demand.submit") else None
    context = {
        "title": TITLE, "views": views("surveillances"), "rows": queries.own(by=request.actor, now=request.now),
        "orders": page_of(telling.mine(by=request.actor, now=request.now), request), "form": form,
        "drafts": drafts_of(request, requesting.paperwork(form)) if form else [],
    }  # fmt: skip
    return render(request, "portal/surveillances.html", context)


@opens(read="surveillance.ask_end", write="surveillance.ask_end")
@never_cache
def end(request: Asked, surveillance_id: str) -> HttpResponse:
    """End one at once."""
    found = [each for each in queries.own(by=request.actor, now=request.now) if each.id == surveillance_id]
    if not found:
        raise NotYours
    row, back = found[0], reverse("portal:surveillances")

    def do(given: dict[str, Any]) -> str:
        surveillance.ask_end(surveillance=row.id, words=given["words"], by=request.actor, now=request.now)
        return back

    points = [
        "The carrier’s switches are told at once to take it off. You are told in writing when that is done.",
        "It cannot be undone: starting again takes an order in force, and two people of the carrier.",
    ]
    page = Page(
        title="End a surveillance", button="End it now", back=back, heading=f"End {row.reference} now?", grave=True,
        rows=[Row("What it is about", facts={"Surveillance": row.reference, "Case": row.case}), Row("What happens", points=points)],
        crumbs=[Crumb(TITLE, back), Crumb(row.reference, mono=True)],
    )  # fmt: skip
    return acts.run(
        request,
        form=Why(acts.posted(request)),
        page=page,
        do=do,
        done="It is ended. The switches are being told.",
    )
