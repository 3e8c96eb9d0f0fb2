"""How an emergency goes on: its order, its other ends, and what one person decided alone."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpResponse

from tecum.exigent import operations as exigent
from tecum.exigent import queries as exigent_queries
from tecum.guide.calculators.expiry import spoken
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy
from tecum.surveillance import operations as surveillance
from tecum.surveillance import queries as taps
from tecum.surveillance.queries import queue as orders
from tecum.web.acts import Row, calls, posted, run
from tecum.web.exigent.deciding import ACTS, content
from tecum.web.exigent.frame import at_request, back_to, page
from tecum.web.gates import opens
from tecum.web.requests import Asked
from tecum.web.switches.asked import Note


@opens(read="emergency.work", write="emergency.work")
def report(request: Asked, case: str) -> HttpResponse:
    """Write down that somebody says it is over."""
    found = at_request(request, case)

    def do(given: dict[str, Any]) -> str:
        heard = request.now - timedelta(minutes=given.pop("minutes"))
        exigent.report_end(case=case, heard_at=heard, by=request.actor, now=request.now, **given)
        return back_to(case)

    lead = "Nothing ends by it yet: the agency is called back first. A forged word would cut a life short."
    said = page(found, "Somebody says that it is over", "Write it down", lead=lead)
    return run(
        request, form=Note(posted(request)), page=said, do=do, done="Written down: call the agency back now."
    )


class Why(forms.Form):
    """Why the carrier ends it."""

    why = forms.ChoiceField(
        label="Why",
        choices=[(key, words) for key, words in exigent.OURS.items() if key not in exigent.REPORTED],
    )


@opens(read="surveillance.end", write="surveillance.end")
def end_now(request: Asked, case: str) -> HttpResponse:
    """End it at once."""
    found = at_request(request, case)
    rows = (Row("What follows", "Everything of it that runs is told to stop at once. One person is enough."),)
    said = page(found, "End it now", "End it now", rows=rows, grave=True)
    do = calls(request, exigent.end_now, case=case)
    return run(request, form=Why(posted(request)), page=said, do=do, done="It ends now.")


class Order(forms.Form):
    """Which order it is."""

    order_case = forms.ChoiceField(label="The order", widget=forms.RadioSelect)


def _orders(request: Asked, case: str) -> list[tuple[str, str]]:
    """Return the court orders that name a target of the emergency."""
    found = orders.naming(targets_of=case, by=request.actor, now=request.now)
    return [(each.case, each.reference) for each in found]


@opens(read="order.work", write="order.work")
def order(request: Asked, case: str) -> HttpResponse:
    """Find an order to be the one that follows; hold the cut for it; let it take the emergency's place."""
    found = at_request(request, case)
    known = _orders(request, case)
    act = request.GET.get("act", "note")
    form = Order(posted(request))
    form.fields["order_case"].choices = known  # type: ignore[attr-defined]
    verbs = {
        "note": (exigent.note_order, "The order came", "This is its order", "What had to follow came when the order arrived."),
        "hold": (exigent.hold, "Hold the cut", "Hold the cut", "For the guide's grace, while the order is read (C3)."),
        "replace": (exigent.propose_replacement, "The order takes its place", "Propose it", "Another person approves it on the order's page."),
    }  # fmt: skip
    verb, title, button, lead = verbs.get(act, verbs["note"])
    lead = (
        lead
        if known
        else "No order that was read names a target of it. Enter it under Court orders, and write down what it says."
    )
    said = page(found, title, button, lead=lead)
    return run(request, form=form, page=said, do=calls(request, verb, case=case), done="Written down.")


class Alone(forms.Form):
    """Whom one tried, and one's own name."""

    tried = forms.CharField(
        label="Whom you tried to reach, and how", max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    affirmed_as = forms.CharField(label="Your own name", max_length=120)


@opens(read="emergency.decide", write="emergency.decide")
def alone(request: Asked, case: str, decision: str) -> HttpResponse:
    """Decide alone, for a life."""
    found = at_request(request, case)
    made = next((each for each in found.decisions if each.id == decision), None)
    if made is None:
        raise NotYours
    rows = (
        *content(made, request),
        Row("Only for a life", points=[
            "The ground is danger to life, and nobody else can be reached now.",
            "Another person confirms it within 24 hours; without that it goes to counsel. Nothing is cut by it.",
        ]),
    )  # fmt: skip
    said = page(
        found, f"Decide alone: {ACTS[made.act].lower()}", "Decide alone, for a life", rows=rows, grave=True
    )
    do = calls(request, exigent.decide_alone, decision=decision)
    return run(
        request, form=Alone(posted(request)), page=said, do=do, done="Decided. Another person confirms it."
    )


class Confirm(forms.Form):
    """What another person finds."""

    agrees = forms.TypedChoiceField(
        label="What you find", widget=forms.RadioSelect, coerce=lambda value: value == "yes",
        choices=[("yes", "I would have decided the same"), ("no", "I would not")],
    )  # fmt: skip
    said = forms.CharField(
        label="What you looked at", max_length=600, widget=forms.Textarea(attrs={"rows": 3})
    )


@opens(read="emergency.decide", write="emergency.decide")
def confirm(request: Asked, case: str) -> HttpResponse:
    """Confirm what one person decided alone."""
    found = at_request(request, case)
    rows = tuple(row for each in found.decided if each.alone for row in content(each, request))
    said = page(found, "Confirm what one decided alone", "Write it down", rows=rows)
    do = calls(request, exigent.confirm, case=case)
    return run(request, form=Confirm(posted(request)), page=said, do=do, done="Written down.")


@opens(read="surveillance.read", write="surveillance.authorize")
def replace(request: Asked, case: str, act: str) -> HttpResponse:
    """Approve that an order takes the emergency's place, as another person than proposed it."""
    found = at_request(request, case)
    made = taps.act(act=act, by=request.actor, now=request.now)
    zone = policy.at(request.now).carrier.zone.tz
    rows = [
        Row("Takes its place", "The court order, from its approval on; the 48 hours end nothing any more."),
        Row(
            "What follows",
            "What the order does not cover ends at once. The agency gets a receipt with the end in force.",
        ),
    ]
    if "ends_at" in made.content:
        rows.insert(1, Row("Ends", spoken(datetime.fromisoformat(made.content["ends_at"]).astimezone(zone))))

    def do(_: dict[str, Any]) -> str:
        surveillance.approve(act=act, by=request.actor, now=request.now)
        return back_to(case)

    said = page(found, "The order takes its place", "Approve exactly this", rows=rows, grave=True)
    return run(request, form=forms.Form(posted(request)), page=said, do=do, done="The order is in force.")


class Later(forms.Form):
    """Why it may end later."""

    why = forms.CharField(
        label="Why: which switch obeyed late, and how that is known",
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@opens(read="emergency.decide", write="emergency.decide")
def later(request: Asked, case: str) -> HttpResponse:
    """Propose the later end that the guide's clock gives, because the first switch obeyed late (C3)."""
    found = at_request(request, case)
    gives = exigent_queries.later(case=case, by=request.actor, now=request.now)
    if gives is None:
        raise NotYours
    rows = (
        Row("Ends until now", _spoken(gives.was, request)),
        Row("First command obeyed", _spoken(gives.started_at, request)),
        *_by_rule(gives.rule, gives.ends_at, request),
        Row(
            "What follows",
            "Another person approves exactly this end. Until then the earlier one stands, and cuts.",
        ),
    )
    said = page(found, "Propose the later end", "Propose it", rows=rows)
    do = calls(request, exigent.propose_later, case=case)
    return run(
        request, form=Later(posted(request)), page=said, do=do, done="Proposed; another person approves it."
    )


@opens(read="surveillance.read", write="surveillance.authorize")
def approve_later(request: Asked, case: str, act: str) -> HttpResponse:
    """Approve the later end, as another person than proposed it."""
    found = at_request(request, case)
    made = taps.act(act=act, by=request.actor, now=request.now)
    if "rule" not in made.content or made.state != "PROPOSED":
        raise NotYours
    rows = (
        Row("Ends until now", _spoken(datetime.fromisoformat(made.content["was"]), request)),
        *_by_rule(made.content["rule"], datetime.fromisoformat(made.content["ends_at"]), request),
        Row("Why", made.content["said"]),
    )

    def do(_: dict[str, Any]) -> str:
        surveillance.approve(act=act, by=request.actor, now=request.now)
        return back_to(case)

    said = page(found, "The later end", "Approve exactly this", rows=rows, grave=True)
    return run(
        request, form=forms.Form(posted(request)), page=said, do=do, done="It ends then, and not before."
    )


def _by_rule(rule: str, ends_at: datetime, request: Asked) -> tuple[Row, Row]:
    """Return the end that a clock of the guide gives, and the clock by its name."""
    clock = next((each for each in policy.at(request.now).clocks if each.id == rule), None)
    named = (
        f"{clock.name}: {clock.length}, from the first command that a switch did not reject"
        if clock
        else rule
    )
    return Row("By the guide's clock", _spoken(ends_at, request)), Row(
        "The rule", f"{named} ({rule}; decision C3)"
    )


def _spoken(at: datetime, request: Asked) -> str:
    return spoken(at.astimezone(policy.at(request.now).carrier.zone.tz))
