"""Agencies that ask for an end: noted, called back at a number of the directory, obeyed or refused (decisions, E)."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tecum.agencies import queries as agencies
from tecum.exigent import operations as exigent
from tecum.exigent import queries as emergencies
from tecum.kernel import numbers
from tecum.surveillance import operations as surveillance
from tecum.surveillance import queries as known
from tecum.surveillance.queries import asking as queries
from tecum.surveillance.queries.asking import EndRequestView
from tecum.web import acts
from tecum.web.acts import Page, Row
from tecum.web.gates import opens
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb

TITLE = "Ends asked for"


class Note(forms.Form):
    """That an agency asked for an end, of a surveillance or of an emergency."""

    why = forms.ChoiceField(
        label="What is said", choices=list(surveillance.END_REASONS.items()), widget=forms.RadioSelect
    )
    channel = forms.ChoiceField(
        label="How it came",
        choices=[(key, words.capitalize()) for key, words in surveillance.END_CHANNELS.items()],
    )
    words = forms.CharField(
        label="Who said it, in which words", max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    minutes = forms.IntegerField(label="Minutes since then", initial=0, min_value=0, max_value=3000)


class Called(forms.Form):
    """The call back."""

    called = forms.ChoiceField(label="Number you called", widget=forms.RadioSelect)
    spoke_with = forms.CharField(label="Whom you spoke with", max_length=200, required=False)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["called"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.initial["called"] = choices[0][0]
        self.fields["spoke_with"].required = not any(key.startswith(exigent.CALL) for key, _ in choices)


@opens(read="surveillance.end")
def queue(request: Asked) -> HttpResponse:
    """List the requests that wait for a call back."""
    rows = queries.end_requests(by=request.actor, now=request.now)
    names = agencies.names({row.agency for row in rows})
    context = {
        "title": TITLE, "rows": [(row, names.get(row.agency, "")) for row in rows],
        "channels": surveillance.END_CHANNELS, "reasons": surveillance.END_REASONS,
    }  # fmt: skip
    return render(request, "switches/asked.html", context)


@opens(read="surveillance.end", write="surveillance.end")
def note(request: Asked, surveillance_id: str) -> HttpResponse:
    """Note that an agency asked; nothing ends by it."""
    view = known.surveillance(surveillance=surveillance_id, by=request.actor, now=request.now)

    def do(given: dict[str, Any]) -> str:
        asked_at = request.now - timedelta(minutes=given.pop("minutes"))
        surveillance.note_end(
            surveillance=view.id, asked_at=asked_at, **given, by=request.actor, now=request.now
        )
        return reverse("switches:asked")

    page = Page(
        title="Note a request to end", button="Note it", back=reverse("switches:one", args=[view.id]),
        heading=f"The agency asks for the end of {view.reference}", lead="Nothing ends by this. Whoever is on call is paged and calls back.",
        crumbs=[Crumb(TITLE, reverse("switches:asked")), Crumb("Note a request")],
    )  # fmt: skip
    return acts.run(
        request, form=Note(acts.posted(request)), page=page, do=do, done="It is noted. Call back at once."
    )


def _called(request: Asked, row: EndRequestView) -> tuple[Called, str]:
    """Return the form of the call back, with every number that counts, and the agency's name."""
    whose = agencies.agency(id=row.agency, by=request.actor, now=request.now) if row.agency else None
    choices = [
        (each.id, f"{numbers.grouped(each.number)}, {each.label}")
        for each in (whose.call_back_numbers if whose else ())
        if not each.waits
    ]
    choices += [
        (f"{exigent.CALL}{call.id}", f"The call back written down at {call.called_at:%H:%M} UTC, with {call.heard.spoke_with}")
        for call in emergencies.calls_since(case=row.case, at=row.asked_at, by=request.actor, now=request.now)
    ]  # fmt: skip
    return Called(acts.posted(request), choices=choices), whose.name if whose else "not in the directory"


def _settles(request: Asked, end_request: str, *, obey: bool) -> HttpResponse:
    row = queries.end_request(id=end_request, by=request.actor, now=request.now)
    form, whose = _called(request, row)

    def do(given: dict[str, Any]) -> str:
        exigent.settle_end(request=row.id, obey=obey, **given, by=request.actor, now=request.now)
        return reverse("switches:asked")

    facts = {
        "Surveillance" if row.surveillance else "Emergency": row.reference, "Agency": whose,
        "Says": surveillance.END_REASONS.get(row.why, row.why),
        "Came": surveillance.END_CHANNELS.get(row.channel, row.channel),
    }  # fmt: skip
    title = "End what the agency asked to end" if obey else "Refuse the request"
    page = Page(
        title=title, button="End it" if obey else title, back=reverse("switches:asked"), heading=f"{title}?", grave=obey,
        rows=[Row("The request", facts=facts, verbatim=row.said), Row("What happens", points=OBEYS if obey else REFUSES)],
        crumbs=[Crumb(TITLE, reverse("switches:asked")), Crumb(title)],
    )  # fmt: skip
    done = "It is ended. The switches are being told." if obey else "The request is refused."
    return acts.run(request, form=form, page=page, do=do, done=done)


OBEYS = (
    "Every switch is told at once to take it off; nothing is located any more. The agency is told in writing when that is done.",
    "The authority ends with it: starting again takes an order in force and two people.",
    "The number comes from the agency’s directory, never from the message. The call back also stops the ladder.",
)
REFUSES = (
    "You called back, and the agency did not ask. Nothing changes, and the ladder stops.",
    "The agency is told in writing that somebody asked in its name. It may ask again at any time.",
)


@opens(read="surveillance.end", write="surveillance.end")
def obey(request: Asked, end_request: str) -> HttpResponse:
    """End it after the call back."""
    return _settles(request, end_request, obey=True)


@opens(read="surveillance.end", write="surveillance.end")
def refuse(request: Asked, end_request: str) -> HttpResponse:
    """Refuse it: the agency did not ask."""
    return _settles(request, end_request, obey=False)
