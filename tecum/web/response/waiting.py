"""What waits for a person beside the demands: messages whose senders nobody vouches for, and numbers nobody was told."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tecum.access.rules import may
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases.queries import EntryView
from tecum.cases.states import EntryState, Sender
from tecum.demands import queries as demands
from tecum.demands.queries import OwedView
from tecum.kernel.refusals import NotYours
from tecum.process import queries as process
from tecum.web import acts
from tecum.web.acts import Page, Row, posted
from tecum.web.gates import opens
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb

MOST = 200
WHY = {
    Sender.UNPROVEN: "The address is known, but no mail system vouches that it wrote this. Anybody can write an address.",
    Sender.STRANGER: "The address is neither the case's contact nor of the agency's verified domain.",
}


class Settle(forms.Form):
    """What becomes of a held message."""

    finding = forms.ChoiceField(
        label="It",
        choices=[
            ("join", "belongs to the case: put it into the correspondence"),
            ("refuse", "does not belong to it: keep it out, and remember that it came"),
        ],
        widget=forms.RadioSelect,
    )


@opens(read="case.work")
def waiting(request: Asked) -> HttpResponse:
    """List the held messages and the numbers not delivered, oldest first."""
    by, now = request.actor, request.now
    held, untold = files.held_entries(by=by, now=now), process.unanswered(by=by, now=now)
    owed: Sequence[OwedView] = demands.to_tell(by=by, now=now) if may(by, "demand.tell_customer") else ()
    counts = [len(held), len(untold), len(owed)]
    waits, untold_first, owed_first = held[:MOST], untold[:MOST], owed[:MOST]
    names = {each.case: files.case(case=each.case, by=by, now=now).reference for each in waits}
    context = {
        "title": "Waits for a person",
        "crumbs": (Crumb("Legal demands", reverse("response:demands")), Crumb("Waits for a person")),
        "held": [(each, names[each.case], WHY.get(each.sender, "") if each.sender else "") for each in waits],
        "untold": untold_first,
        "owed": owed_first,
        "counts": counts,
        "most": MOST,
        "may_tell": may(by, "demand.work"),
    }
    return render(request, "response/waiting.html", context)


@opens(read="case.work", write="case.work")
def settle(request: Asked, entry: str) -> HttpResponse:
    """Say whether a held message belongs to its case."""
    by, now = request.actor, request.now
    found = _held(entry, request)
    home = files.case(case=found.case, by=by, now=now)
    there = reverse("response:waiting")
    contact = {"Named": home.contact.name, "E-mail": home.contact.email, "Telephone": home.contact.phone}
    rows = (
        Row("Case", facts={"Reference": home.reference, **{k: v for k, v in contact.items() if v}}),
        Row("The message", facts={k.capitalize(): v for k, v in found.said.items() if v and k != "text"}),
        Row("Its words", verbatim=found.said.get("text") or "It has no words of its own."),
        Row("Why it waits", WHY.get(found.sender, "Nobody vouches for its sender.") if found.sender else ""),
        Row(
            "What follows",
            points=[
                "Joined, it stands in the correspondence. It changes no contact and withdraws nothing by itself.",
                "In doubt, call back at the number in the directory, never at one in the message.",
            ],
        ),
    )

    def do(given: dict[str, Any]) -> str:
        cases.settle(entry=entry, join=given["finding"] == "join", by=by, now=now)
        return there

    page = Page(
        title="Settle a held message", button="Decide so", back=there, rows=rows,
        heading=f"Does this message belong to {home.reference}?",
        crumbs=(Crumb("Waits for a person", there), Crumb("Settle")),
    )  # fmt: skip
    return acts.run(request, form=Settle(posted(request)), page=page, do=do, done="Decided, and kept.")


def _held(entry: str, request: Asked) -> EntryView:
    """Return an entry that waits. :raises NotYours: when this person may not know of it, or it waits no more"""
    for each in files.held_entries(by=request.actor, now=request.now):
        if each.id == entry and each.state is EntryState.HELD:
            return each
    raise NotYours
