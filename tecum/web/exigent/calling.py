"""The call back on its page: which agency, which number, what was heard."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tecum.agencies import queries as agencies
from tecum.exigent import operations as exigent
from tecum.exigent.queries import RequestView
from tecum.exigent.rules.calling import MUST_HEAR, Heard
from tecum.exigent.states import CallState
from tecum.kernel import numbers
from tecum.web.acts import Row, calls, posted, run
from tecum.web.exigent.frame import at_request, back_to, page, pathway
from tecum.web.gates import opens
from tecum.web.requests import Asked

OUTCOMES = {
    CallState.VERIFIED: "Somebody of the agency stood by it",
    CallState.DENIED: "The agency knows nothing of it",
    CallState.DOUBTFUL: "Somebody answered, and something did not fit",
    CallState.UNREACHED: "Nobody answered",
}
MOST = 8


class Call(forms.Form):
    """What a call back was and came to."""

    entry = forms.ChoiceField(label="Number you called", widget=forms.RadioSelect)
    outcome = forms.ChoiceField(
        label="What it came to", choices=[(each.value, words) for each, words in OUTCOMES.items()], widget=forms.RadioSelect,
    )  # fmt: skip
    spoke_with = forms.CharField(label="Who answered", required=False, max_length=120)
    badge = forms.CharField(label="Badge or employee number", required=False, max_length=60)
    supervisor = forms.CharField(label="Supervisor who stands by it", required=False, max_length=120)
    challenge = forms.CharField(
        label="What you asked that only the agency knows, and the answer", required=False, max_length=300,
    )  # fmt: skip
    ground = forms.CharField(label="The emergency in their words", required=False, max_length=300)
    designation = forms.CharField(
        label="Who designated the official, as the agency says", required=False, max_length=200
    )
    minutes = forms.IntegerField(
        label="Minutes since the call",
        initial=0,
        min_value=0,
        max_value=240,
        help_text="0: you have just put down the receiver.",
    )
    nobody = forms.CharField(
        label="Whom you tried to find the number for you", required=False, max_length=200,
        help_text="Only where another person could not be reached to find it in a second source.",
    )  # fmt: skip

    def __init__(
        self, *args: Any, entries: list[tuple[str, str]], certified: bool, found: bool, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.fields["entry"].choices = entries  # type: ignore[attr-defined]
        if len(entries) == 1:
            self.initial["entry"] = entries[0][0]
        stood = self.data.get("outcome", CallState.VERIFIED) == CallState.VERIFIED
        for name in (*MUST_HEAR, "designation"):
            self.fields[name].required = stood
        if not certified:
            del self.fields["designation"]
        if not found:
            del self.fields["nobody"]

    def heard(self) -> Heard:
        """Return what was heard."""
        return Heard.read({name: str(value) for name, value in self.cleaned_data.items() if value})


class Source(forms.Form):
    """A number and the public source that it stands in."""

    number = forms.CharField(label="Number of the agency", max_length=30)
    where = forms.CharField(
        label="Public source", max_length=300,
        help_text="So that another can look: the state's directory of PSAPs, the county's official site. Never the message.",
    )  # fmt: skip


class Find(forms.Form):
    """Words of an agency's name."""

    q = forms.CharField(label="Name or mail domain", required=False, max_length=80)


def form_of(request: Asked, found: RequestView) -> Call | None:
    """Return the form of a call back, with every number that may be called; none before the agency is known."""
    if not found.case.agency:
        return None
    home = agencies.agency(id=found.case.agency, by=request.actor, now=request.now)
    entries = [
        (f"entry:{each.id}", f"{numbers.grouped(each.number)}, {each.label} (directory: {each.source})")
        for each in home.call_back_numbers
        if each.confirmed_at
    ]
    sources = {each.number: each for each in found.sources}
    if not entries:
        entries = [
            (f"number:{number}", f"{numbers.grouped(number)} (found: {each.where})")
            for number, each in sources.items()
        ]
    way = pathway(request, found)
    return Call(
        posted(request), entries=entries, certified=bool(way and way.certifiers), found=bool(sources),
        initial={"outcome": CallState.VERIFIED.value},
    )  # fmt: skip


@opens(read="emergency.work", write="emergency.work")
def call(request: Asked, case: str) -> HttpResponse:
    """Write a call back down."""
    found = at_request(request, case)
    form = form_of(request, found)
    if form is None:
        return agency(request, case)

    def do(given: dict[str, Any]) -> str:
        kind, _, value = given["entry"].partition(":")
        exigent.call_back(
            case=case, outcome=CallState(given["outcome"]), heard=form.heard(),
            called_at=request.now - timedelta(minutes=given["minutes"]), entry=value if kind == "entry" else "",
            number=value if kind == "number" else "", nobody=given.get("nobody", ""), by=request.actor, now=request.now,
        )  # fmt: skip
        return back_to(case)

    lead = "Call the number of the carrier's own directory, never one that the message gives (control 5). Whoever calls does not approve."
    said = page(found, "Call back", "Write the call down", lead=lead)
    return run(request, form=form, page=said, do=do, done="The call is written down.")


@opens(read="emergency.work", write="emergency.work")
def source(request: Asked, case: str) -> HttpResponse:
    """Write down a public source of a number."""
    found = at_request(request, case)
    known = [f"{numbers.grouped(each.number)}: {each.where}" for each in found.sources]
    rows = (
        Row("Found so far", "" if known else "Nothing.", known),
        Row(
            "What counts",
            points=[
                "A source that has nothing to do with the message, which another person can look up.",
                "Somebody else than who calls finds it, where one can be reached.",
                "A number of the directory that was changed within 72 hours needs one too.",
            ],
        ),
    )
    said = page(found, "Find a number in a second source", "Write it down", rows=rows)
    do = calls(request, exigent.find_source, case=case)
    return run(request, form=Source(posted(request)), page=said, do=do, done="Written down.")


@opens(read="emergency.work", write="emergency.work")
def agency(request: Asked, case: str) -> HttpResponse:
    """Say which agency of the directory a request comes from."""
    by, now = request.actor, request.now
    found = at_request(request, case)
    asked = request.GET.get("q", found.said.agency).strip()
    if request.method == "POST":

        def do(given: dict[str, Any]) -> str:
            exigent.correct(case=case, said=found.said, agency=given["agency"], by=by, now=now)
            return back_to(case)

        form = Chosen(request.POST)
        return run(
            request,
            form=form,
            page=page(found, "Which agency it is", "It is this agency"),
            do=do,
            done="Written down.",
        )
    words = [asked, *sorted(asked.split(), key=len, reverse=True)[:2]]
    listed: dict[str, Any] = {}
    for each in filter(None, words):
        listed |= {one.id: one for one in agencies.agencies(by=by, now=now, words=each)[:MOST]}
        if listed:
            break
    context = {
        "title": "Which agency it is", "found": found, "asked": asked, "filter": Find(initial={"q": asked}),
        "agencies": list(listed.values())[:MOST], "here": reverse("exigent:agency", args=[case]),
        "crumbs": page(found, "Which agency it is", "").crumbs, "back": back_to(case),
    }  # fmt: skip
    return render(request, "exigent/agency.html", context)


class Chosen(forms.Form):
    """An agency of the directory."""

    agency = forms.CharField(max_length=26, widget=forms.HiddenInput)
