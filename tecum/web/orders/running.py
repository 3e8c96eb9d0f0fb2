"""What may be changed while a surveillance runs: a later end, a cut that is held, a switch more, another handset or number."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpResponse

from tecum.guide.calculators.expiry import spoken
from tecum.kernel import numbers
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy
from tecum.process import queries as received_queries
from tecum.surveillance import operations as surveillance
from tecum.surveillance import queries
from tecum.surveillance.operations import orders as operations
from tecum.surveillance.queries import SurveillanceView
from tecum.surveillance.queries.orders import OrderView
from tecum.surveillance.rules.ordered import Authority, Service
from tecum.web.acts import Nothing, Row, calls, posted, run
from tecum.web.gates import opens
from tecum.web.orders.acts import at_order, page
from tecum.web.orders.later import WHEN
from tecum.web.requests import Asked

PROPOSED = "Proposed; another administrator affirms it."
FORMAT = ["%Y-%m-%dT%H:%M"]


@opens(read="surveillance.authorize", write="surveillance.authorize")
def longer(request: Asked, case: str) -> HttpResponse:
    """Propose the later end that an order has since its surveillance began (R-129)."""
    order = at_order(request, case)
    _, standing = _running(order, request)
    rows = (
        Row("Ends until now", spoken(_local(standing.ends_at, request))),
        Row("By the order, since it began", spoken(_local(order.expires_at, request)) if order.expires_at else "not known"),
        Row("What follows", "Another administrator approves exactly this end. The receipt is issued again."),
    )  # fmt: skip
    said = page(order, "Propose the later end", "Propose it", rows=rows)
    do = calls(request, operations.propose_longer, case=case)
    return run(request, form=Nothing(posted(request)), page=said, do=do, done="Proposed; another administrator approves it.")  # fmt: skip


class Hold(forms.Form):
    """What came before the end, and what it states."""

    received_at = forms.DateTimeField(label="The papers were received", widget=WHEN, input_formats=FORMAT)
    states_until = forms.DateTimeField(label="The end that they state", widget=WHEN, input_formats=FORMAT)
    evidence = forms.ChoiceField(label="The paper")
    verified = forms.BooleanField(
        label="They name the target, are signed and dated, and I verified them by a call back to a number of the directory"
    )


@opens(read="surveillance.hold", write="surveillance.hold")
def hold(request: Asked, case: str) -> HttpResponse:
    """Hold a cut while papers that came in time are read (C3)."""
    order = at_order(request, case)
    _, standing = _running(order, request)
    zone = policy.at(request.now).carrier.zone.tz
    form = Hold(posted(request))
    form.fields["evidence"].choices = _papers(order, request)  # type: ignore[attr-defined]

    def do(given: dict[str, Any]) -> None:
        surveillance.hold_cut(
            authority=standing.id, received_at=given["received_at"].replace(tzinfo=zone),
            states_until=given["states_until"].replace(tzinfo=zone), evidence=given["evidence"], by=request.actor, now=request.now,
        )  # fmt: skip

    grace = policy.at(request.now).surveillance.review_grace
    rows = (
        Row("Would be cut", spoken(_local(standing.ends_at, request))),
        Row("What follows", f"The cut is held for at most {grace}, never past the end that the papers state. Refused or unread by then, it is cut. It is held once."),
    )  # fmt: skip
    said = page(order, "Hold the cut", "Hold it", rows=rows, grave=True)
    return run(request, form=form, page=said, do=do, done="The cut is held.")


@opens(read="surveillance.end", write="surveillance.end")
def release(request: Asked, case: str) -> HttpResponse:
    """Let a held cut happen after all."""
    order = at_order(request, case)
    _, standing = _running(order, request)
    if standing.held_until is None:
        raise NotYours
    rows = (
        Row("Held until", spoken(_local(standing.held_until, request))),
        Row("What follows", f"It is cut at its own end, {spoken(_local(standing.ends_at, request))}: at once, where that has passed."),
    )  # fmt: skip
    said = page(order, "Let the cut happen", "Let it happen", rows=rows, grave=True)
    do = calls(request, surveillance.release_hold, authority=standing.id)
    return run(request, form=Nothing(posted(request)), page=said, do=do, done="It is cut at its own end.")


class AddSwitch(forms.Form):
    """One switch more."""

    number = forms.ChoiceField(label="Target")
    service = forms.ChoiceField(
        label="Service", choices=[(each.value, each.value.capitalize()) for each in Service]
    )
    switch = forms.ChoiceField(label="Switch")
    evidence = forms.ChoiceField(label="The agency's wish in writing")


@opens(read="surveillance.activate", write="surveillance.activate")
def add_switch(request: Asked, case: str) -> HttpResponse:
    """Propose one switch more for a target that runs (R-123)."""
    order = at_order(request, case)
    _, standing = _running(order, request)
    form = _offering(AddSwitch(posted(request)), order, standing, request)
    form.fields["switch"].choices = [(each.id, each.name) for each in policy.at(request.now).switches]  # type: ignore[attr-defined]

    def do(given: dict[str, Any]) -> None:
        surveillance.add_switch(
            authority=standing.id, number=given["number"], service=Service(given["service"]), switch=given["switch"],
            evidence=given["evidence"], by=request.actor, now=request.now,
        )  # fmt: skip

    said = page(
        order, "Add a switch", "Propose it", lead="The types are those of the order for that target and service. Another administrator approves it and affirms it by name."
    )  # fmt: skip
    return run(request, form=form, page=said, do=do, done=PROPOSED)


class Handset(forms.Form):
    """What the target's handset or number is now."""

    number = forms.ChoiceField(label="Target")
    imei = forms.CharField(label="IMEI now", required=False, max_length=20)
    imsi = forms.CharField(label="IMSI now", required=False, max_length=20)
    new_number = forms.CharField(label="Number now", required=False, max_length=20)
    evidence = forms.ChoiceField(label="The paper that says so")


@opens(read="surveillance.activate", write="surveillance.activate")
def handset(request: Asked, case: str) -> HttpResponse:
    """Propose to follow a changed handset or number, where the order's text allows it (R-119)."""
    order = at_order(request, case)
    _, standing = _running(order, request)
    form = _offering(Handset(posted(request)), order, standing, request)
    allows = [words for so, words in ((standing.allows.new_handset, "another handset"), (standing.allows.new_number, "another number")) if so]  # fmt: skip
    said = page(
        order, "Follow a changed handset or number", "Propose it",
        lead=f"The order's text allows {' and '.join(allows) or 'neither another handset nor another number'} (R-119). Another administrator approves it and affirms it by name.",
    )  # fmt: skip
    do = calls(request, surveillance.change_handset, authority=standing.id)
    return run(request, form=form, page=said, do=do, done=PROPOSED)


def _running(order: OrderView, request: Asked) -> tuple[SurveillanceView, Authority]:
    """Return what rests on an order, and the authority in force. :raises NotYours: where there is none"""
    found = queries.of_case(case=order.extends_case or order.case.id, by=request.actor, now=request.now)
    standing = next((each for each in found if each.authority is not None), None)
    if standing is None or standing.authority is None:
        raise NotYours
    return standing, standing.authority


def _offering(form: forms.Form, order: OrderView, standing: Authority, request: Asked) -> forms.Form:
    """Return a form that asks for a target of what runs and for the paper that a change rests on, with those to choose."""
    form.fields["number"].choices = _targets(standing)  # type: ignore[attr-defined]
    form.fields["evidence"].choices = _papers(order, request)  # type: ignore[attr-defined]
    return form


def _targets(standing: Authority) -> list[tuple[str, str]]:
    return [(each, numbers.grouped(each)) for each in dict.fromkeys(one.number for one in standing.ordered)]


def _papers(order: OrderView, request: Asked) -> list[tuple[str, str]]:
    papers = received_queries.papers(received=order.received, by=request.actor, now=request.now)
    return [(each.document, each.name) for each in papers]


def _local(at: datetime | None, request: Asked) -> datetime:
    return (at or request.now).astimezone(policy.at(request.now).carrier.zone.tz)
