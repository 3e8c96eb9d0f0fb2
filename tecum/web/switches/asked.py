"""Agencies that ask for an end: noted, called back at a number of the directory, obeyed or refused (decisions, E)."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tecum.agencies import queries as agencies
from tecum.kernel import numbers
from tecum.surveillance import operations as surveillance
from tecum.surveillance import queries as known
from tecum.surveillance.queries import asking as queries
from tecum.web import acts
from tecum.web.acts import Nothing, Page, Row
from tecum.web.gates import opens
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb

TITLE = "Ends asked for"
CHANNELS = [("mail", "By mail"), ("fax", "By fax"), ("telephone", "By telephone"), ("in_person", "In person")]


class Note(forms.Form):
    """That an agency asked for an end."""

    channel = forms.ChoiceField(label="How did the agency ask", choices=CHANNELS, widget=forms.RadioSelect)
    words = forms.CharField(label="What it said", widget=forms.Textarea, max_length=2000)


class Called(forms.Form):
    """The call back."""

    called = forms.ChoiceField(label="Number you called", widget=forms.RadioSelect)
    spoke_with = forms.CharField(label="Whom you spoke with", max_length=200)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["called"].choices = choices  # type: ignore[attr-defined]


@opens(read="surveillance.end")
def queue(request: Asked) -> HttpResponse:
    """List the requests that wait for a call back."""
    rows = queries.end_requests(by=request.actor, now=request.now)
    names = agencies.names({row.agency for row in rows})
    context = {"title": TITLE, "rows": [(row, names.get(row.agency, "")) for row in rows]}
    return render(request, "switches/asked.html", context)


@opens(read="surveillance.end", write="surveillance.end")
def note(request: Asked, surveillance_id: str) -> HttpResponse:
    """Note that an agency asked; nothing ends by it."""
    view = known.surveillance(surveillance=surveillance_id, by=request.actor, now=request.now)

    def do(given: dict[str, Any]) -> str:
        surveillance.note_end(
            surveillance=view.id, channel=given["channel"], words=given["words"], evidence="", by=request.actor, now=request.now
        )  # fmt: skip
        return reverse("switches:asked")

    page = Page(
        title="Note a request to end", button="Note it", back=reverse("switches:one", args=[view.id]),
        heading=f"The agency asks for the end of {view.reference}", lead="Nothing ends by this. Whoever is on call is paged and calls back.",
        crumbs=[Crumb(TITLE, reverse("switches:asked")), Crumb("Note a request")],
    )  # fmt: skip
    return acts.run(
        request, form=Note(acts.posted(request)), page=page, do=do, done="It is noted. Call back at once."
    )


@opens(read="surveillance.end", write="surveillance.end")
def obey(request: Asked, end_request: str) -> HttpResponse:
    """End it after the call back."""
    row = queries.end_request(id=end_request, by=request.actor, now=request.now)
    whose = agencies.agency(id=row.agency, by=request.actor, now=request.now)
    choices = [
        (each.id, f"{numbers.grouped(each.number)}, {each.label}")
        for each in whose.call_back_numbers
        if not each.waits
    ]

    def do(given: dict[str, Any]) -> str:
        surveillance.obey_end(request=row.id, **given, by=request.actor, now=request.now)
        return reverse("switches:asked")

    rows = [
        Row("The request", facts={"Surveillance": row.reference, "Agency": whose.name, "Came by": row.channel}, verbatim=row.said),
        Row("What happens", points=[
            "Every switch is told at once to take it off. The agency is told in writing when that is done.",
            "The authority ends with it: starting again takes an order in force and two people.",
            "The number comes from the agency’s directory, never from the message.",
        ]),
    ]  # fmt: skip
    title = "End what the agency asked to end"
    page = Page(
        title=title, button="End it", back=reverse("switches:asked"), heading=f"{title}?", rows=rows, grave=True,
        crumbs=[Crumb(TITLE, reverse("switches:asked")), Crumb(title)],
    )  # fmt: skip
    form = Called(acts.posted(request), choices=choices)
    return acts.run(request, form=form, page=page, do=do, done="It is ended. The switches are being told.")


@opens(read="surveillance.end", write="surveillance.end")
def refuse(request: Asked, end_request: str) -> HttpResponse:
    """Refuse it: the agency did not ask."""
    row = queries.end_request(id=end_request, by=request.actor, now=request.now)

    def do(_: dict[str, Any]) -> str:
        surveillance.refuse_end(request=row.id, by=request.actor, now=request.now)
        return reverse("switches:asked")

    title = "Refuse the request"
    rows = [
        Row("The request", facts={"Surveillance": row.reference, "Came by": row.channel}, verbatim=row.said),
        Row("What happens", points=["You called back, and the agency did not ask. Nothing changes.", "The agency may ask again at any time."]),
    ]  # fmt: skip
    page = Page(
        title=title, button=title, back=reverse("switches:asked"), heading=f"{title}?", rows=rows,
        crumbs=[Crumb(TITLE, reverse("switches:asked")), Crumb(title)],
    )  # fmt: skip
    return acts.run(
        request, form=Nothing(acts.posted(request)), page=page, do=do, done="The request is refused."
    )
