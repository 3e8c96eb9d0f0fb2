"""The acts of two people on an order: its authority, its start, an extension; and its end, for which one is enough."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect

from tecum.accounts import queries as people
from tecum.guide.calculators.expiry import spoken
from tecum.kernel import numbers
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy
from tecum.surveillance import operations as surveillance
from tecum.surveillance import queries
from tecum.surveillance.operations import orders as operations
from tecum.surveillance.operations.ending import WHYS
from tecum.surveillance.queries import ActView, SurveillanceView
from tecum.surveillance.queries.orders import OrderView
from tecum.surveillance.rules.ordered import Intercept
from tecum.surveillance.rules.reviewing import TYPES
from tecum.web.acts import Nothing, Row, posted, run
from tecum.web.gates import opens
from tecum.web.orders.acts import at_order, back_to, page
from tecum.web.requests import Asked

STARTS = frozenset({"surveillance.activate", "surveillance.add_switch", "surveillance.change_handset"})
WORDS = {
    "surveillance.authorize": "Authorise what the order says",
    "surveillance.replace": "Let the order take the emergency's place",
    "surveillance.extend": "Prolong the authority",
    "surveillance.activate": "Start the surveillance",
    "surveillance.add_switch": "Add a switch",
    "surveillance.change_handset": "Follow a changed handset or number",
}


@opens(read="surveillance.authorize", write="surveillance.authorize")
def propose(request: Asked, case: str) -> HttpResponse:
    """Propose what a sound order authorises."""
    order = at_order(request, case)
    rows = (
        Row("Ends", spoken(_local(order.expires_at, request)) if order.expires_at else "It has no end.", [f"Access is cut {spoken(_local(order.cut_at, request))}"] if order.cut_at else []),
        Row("Targets", points=[numbers.grouped(each.number) for each in order.said.subjects]),
        Row("Types", points=[f"{TYPES[kind]}, {service}" for service, kind in order.said.lines]),
        Row("Switches", ", ".join(order.said.all_switches) or "none is named: ask the agency in writing"),
        Row("What follows", "Another person approves exactly this. Nothing is started by it."),
    )  # fmt: skip

    def do(_: dict[str, Any]) -> None:
        operations.propose(case=case, by=request.actor, now=request.now)

    title = "Propose the extension" if order.extension else "Propose the authority"
    said = page(order, title, "Propose exactly this", rows=rows)
    return run(request, form=Nothing(posted(request)), page=said, do=do, done="It waits for a second person.")


@opens(read="surveillance.activate", write="surveillance.activate")
def start(request: Asked, case: str) -> HttpResponse:
    """Propose to start everything that the authority in force covers."""
    order = at_order(request, case)
    found = _standing(order, request)
    if found.authority is None:
        raise NotYours
    standing = found.authority
    lines = [
        f"{numbers.grouped(each.number)}: {TYPES[each.type]}, {each.service}, on {', '.join(each.switches)}"
        for each in standing.ordered
    ]
    rows = (
        Row("Starts", points=lines),
        Row("Until", spoken(_local(standing.ends_at, request))),
        Row(
            "Delivered to",
            order.said.dial_up_number and numbers.grouped(order.said.dial_up_number) or "no dial-up number",
        ),
        Row("What follows", "Another person approves exactly this and affirms it by name (47 CFR 1.20003)."),
    )

    def do(_: dict[str, Any]) -> None:
        delivery = {each.number: order.said.dial_up_number for each in order.said.subjects}
        handsets = {each.number: (each.imei, each.imsi) for each in order.said.subjects}
        surveillance.activate(
            authority=standing.id, delivery=delivery, handsets=handsets, by=request.actor, now=request.now
        )

    said = page(order, "Start the surveillance", "Propose the start", rows=rows)
    return run(request, form=Nothing(posted(request)), page=said, do=do, done="It waits for a second person.")


class Affirm(forms.Form):
    """The name of whoever affirms a start."""

    name = forms.CharField(
        label="Your own name", max_length=120,
        help_text="You affirm, as the employee who answers for it, that this surveillance is lawfully authorised.",
    )  # fmt: skip


@opens(read="surveillance.read", write="surveillance.authorize|surveillance.activate")
def approve(request: Asked, case: str, act: str) -> HttpResponse:
    """Approve exactly what another proposed; or take one's own proposal back."""
    order = at_order(request, case)
    made = queries.act(act=act, by=request.actor, now=request.now)
    mine = made.proposed_by == request.actor.ref
    starts = made.act in STARTS
    who = people.names({made.proposed_by}).get(made.proposed_by, "somebody")
    rows = (
        Row("Proposed", f"by {who}, {spoken(_local(made.proposed_at, request))}"),
        *_content(made, request),
        Row("What follows", _follows(made, mine=mine)),
    )

    def do(given: dict[str, Any]) -> str | HttpResponse:
        if mine:
            surveillance.withdraw(act=act, by=request.actor, now=request.now)
        else:
            surveillance.approve(
                act=act, by=request.actor, now=request.now, affirmed_as=given.get("name", "")
            )
        return redirect(back_to(case))

    form = Affirm(posted(request)) if starts and not mine else Nothing(posted(request))
    title = WORDS.get(made.act, "What was proposed")
    button = "Take it back" if mine else "Approve and affirm" if starts else "Approve exactly this"
    said = page(order, title, button, rows=rows, grave=starts and not mine)
    return run(request, form=form, page=said, do=do, done="Taken back." if mine else "Approved.")


class End(forms.Form):
    """Why a surveillance ends."""

    why = forms.ChoiceField(
        label="Why", choices=[(each, each.replace("_", " ").capitalize()) for each in sorted(WHYS)]
    )


@opens(read="surveillance.end", write="surveillance.end")
def end(request: Asked, case: str) -> HttpResponse:
    """End a surveillance at once; one person is enough."""
    order = at_order(request, case)
    found = _standing(order, request)
    on = [f"{numbers.grouped(tap.number)}: {tap.service} on {tap.switch}" for tap in found.taps if tap.on]
    rows = (
        Row("Ends now", "" if on else "Nothing is on.", on),
        Row("What follows", "The switches are told at once. Nothing can be started under this order again."),
    )

    def do(given: dict[str, Any]) -> None:
        surveillance.end(surveillance=found.id, why=given["why"], by=request.actor, now=request.now)

    said = page(order, "End it now", "End it now", rows=rows, grave=True)
    return run(request, form=End(posted(request)), page=said, do=do, done="It ends now.")


def _standing(order: OrderView, request: Asked) -> SurveillanceView:
    """Return the surveillance that rests on an order. :raises NotYours: where there is none"""
    found = queries.of_case(case=order.extends_case or order.case.id, by=request.actor, now=request.now)
    if not found:
        raise NotYours
    return found[0]


def _follows(made: ActView, *, mine: bool) -> str:
    if mine:
        return "You proposed it, so another person approves. You can take it back."
    if made.act in STARTS:
        return "The switches are told at once. You are named in the record of 47 CFR 1.20004."
    return "It comes into force at once. Nothing is started by it."


def _content(made: ActView, request: Asked) -> list[Row]:
    """Return the exact content of an act as rows."""
    said: Mapping[str, Any] = made.content
    rows = []
    if "ordered" in said:
        lines = [
            f"{numbers.grouped(each['number'])}: {each['type'].replace('_', ' ')}, {each['service']}, on {', '.join(each['switches'])}"
            for each in said["ordered"]
        ]
        rows.append(Row("Authorises", points=lines))
    if "lines" in said:
        lines = [
            f"{numbers.grouped(each['number'])}: {_types(each['types'])}, {each['service']}, on {each['switch']}"
            for each in said["lines"]
        ]
        rows.append(Row("Starts", points=lines))
    for name, label in (("starts_at", "From"), ("was", "Ended until now"), ("ends_at", "Ends")):
        if name in said:
            rows.append(Row(label, spoken(_local(datetime.fromisoformat(said[name]), request))))
    return rows


def _types(text: str) -> str:
    return ", ".join(TYPES[Intercept(each)].lower() for each in text.split())


def _local(at: datetime | None, request: Asked) -> datetime:
    return (at or request.now).astimezone(policy.at(request.now).carrier.zone.tz)
