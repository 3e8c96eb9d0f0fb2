"""The board of starts and ends, the state of the switches, one surveillance with what was desired, told and seen."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from tecum.access.rules import may
from tecum.accounts import queries as people
from tecum.cases import queries as cases
from tecum.kernel import words
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy
from tecum.surveillance import operations as surveillance
from tecum.surveillance import queries
from tecum.surveillance.queries import MismatchLine, asking
from tecum.web import acts
from tecum.web.acts import Page, Row
from tecum.web.gates import opens
from tecum.web.requests import Asked
from tecum.web.switches.picture import life
from tecum.web.templatetags.frame import Crumb

DAYS = 28
KINDS = {
    "overrun": "On after its authorised end",
    "returned": "On again after it was off",
    "unknown": "Not ours: nobody here put it there",
    "missing": "Lost by the switch",
    "altered": "Something else than was ordered",
    "silent": "The switch does not answer",
    "unrecorded": "No record of the interception",
    "unfounded": "A record of no interception",
}
HOWS = [
    ("looked", "I looked: it is off, or the switch answers again"),
    ("reported", "Reported to those whom the law names"),
    ("not_ours", "It belongs to another system, which confirmed it"),
    ("drill", "It was a drill"),
]


class Settle(forms.Form):
    """How a difference was settled."""

    how = forms.ChoiceField(label="How was it settled", choices=HOWS, widget=forms.RadioSelect)


class Affirm(forms.Form):
    """The employee who affirms, by name (47 CFR 1.20003)."""

    name = forms.CharField(label="Your full name", help_text="As it stands in your account.", max_length=200)


@opens(read="surveillance.read")
def board(request: Asked) -> HttpResponse:
    """Show what starts and ends within 72 hours, and the days of the next four weeks."""
    by, now = request.actor, request.now
    lines = queries.board(by=by, now=now)
    month = queries.board(by=by, now=now, ahead=timedelta(days=DAYS))
    open_ones = queries.differences(by=by, now=now)
    context = {
        "title": "Starts and ends",
        "late": [line for line in lines if line.what == "cut" and line.until <= now],
        "lines": [line for line in lines if line.what == "start" or line.until > now],
        "unaccepted": sum(
            1 for line in lines if line.by_hand and not line.accepted_by and line.what == "cut"
        ),
        "differences": len(open_ones),
        "names": people.names({line.accepted_by for line in lines} - {""}),
        "switches": _names(now),
        "weeks": _weeks([(line.at, line.what) for line in month], now),
        "may_work": may(by, "switch.work"),
        "may_end": may(by, "surveillance.end"),
        "asked": len(asking.end_requests(by=by, now=now)) if may(by, "surveillance.end") else 0,
    }
    return render(request, "switches/board.html", context)


@opens(read="surveillance.read")
def state(request: Asked) -> HttpResponse:
    """Show each switch as it was last read, and every difference with its age."""
    by, now = request.actor, request.now
    guide = policy.at(now)
    context = {
        "title": "Switches",
        "switches": [
            (line, guide.switch(line.switch) if line.switch in _names(now) else None)
            for line in queries.switches(by=by, now=now)
        ],
        "differences": [(line, KINDS[line.kind]) for line in queries.differences(by=by, now=now)],
        "names": _names(now),
        "may_settle": may(by, "switch.settle"),
        "may_put_back": may(by, "surveillance.activate"),
    }
    return render(request, "switches/state.html", context)


@opens(read="surveillance.read")
@never_cache
def one(request: Asked, surveillance: str) -> HttpResponse:
    """Show one surveillance: its authorities, what each switch is to do, and what was desired, told and seen."""
    by, now = request.actor, request.now
    view = queries.surveillance(surveillance=surveillance, by=by, now=now)
    turns = queries.turns(surveillance=surveillance, by=by, now=now)
    refs = {turn.by for turn in turns} | {tap.affirmed_by for tap in view.taps}
    refs |= {ref for each in view.authorities for ref in (each.proposed_by, each.approved_by)}
    context = {
        "title": "Surveillance",
        "may_end": may(by, "surveillance.end"),
        "crumbs": [Crumb("Starts and ends", reverse("switches:board")), Crumb(view.reference, mono=True)],
        "view": view,
        "case": cases.case(case=view.case, by=by, now=now),
        "turns": turns,
        "places": {tap.id: tap for tap in view.taps},
        "names": people.names(refs),
        "switches": _names(now),
        "picture": life(view, turns, now=now, zone=_zone(now)),
        "waiting": queries.acts(surveillance=surveillance, by=by, now=now),
    }
    return render(request, "switches/one.html", context)


@opens(read="switch.settle", write="switch.settle")
def settle(request: Asked, mismatch: str) -> HttpResponse:
    """Settle a difference as somebody who looked."""
    line = _difference(request, mismatch)

    def do(given: dict[str, Any]) -> str:
        surveillance.settle_mismatch(mismatch=mismatch, how=given["how"], by=request.actor, now=request.now)
        return reverse("switches:state")

    points = [
        "It is no longer raised. The trail keeps that you settled it, and how.",
        "An overrun that is still on cannot be settled.",
    ]
    page = _page("Settle a difference", "Settle it", line, points, request.now)
    return acts.run(
        request, form=Settle(acts.posted(request)), page=page, do=do, done="The difference is settled."
    )


@opens(read="surveillance.activate", write="surveillance.activate")
def put_back(request: Asked, mismatch: str) -> HttpResponse:
    """Put back what two people approved and a switch lost; a named employee affirms it."""
    line = _difference(request, mismatch)

    def do(given: dict[str, Any]) -> str:
        surveillance.put_back(mismatch=mismatch, affirmed_as=given["name"], by=request.actor, now=request.now)
        return reverse("switches:state")

    points = [
        "The switch is told again exactly what two people approved, with the same end.",
        "You affirm it as a named employee of the carrier (47 CFR 1.20003).",
    ]
    page = _page("Put back on the switch", "Put it back", line, points, request.now)
    return acts.run(
        request, form=Affirm(acts.posted(request)), page=page, do=do, done="The switch is being told again."
    )


def _difference(request: Asked, mismatch: str) -> MismatchLine:
    found = [each for each in queries.differences(by=request.actor, now=request.now) if each.id == mismatch]
    if not found:
        raise NotYours
    return found[0]


def _page(title: str, button: str, line: MismatchLine, points: list[str], now: datetime) -> Page:
    facts = {
        "Switch": _names(now).get(line.switch, line.switch),
        "What": KINDS[line.kind],
        "Surveillance": line.reference or "none of ours",
    }
    return Page(
        title=title, button=button, back=reverse("switches:state"), heading=f"{title}?",
        rows=[Row("The difference", facts=facts), Row("What happens", points=points)],
        crumbs=[Crumb("Switches", reverse("switches:state")), Crumb(title)],
    )  # fmt: skip


def _weeks(at: list[tuple[datetime, str]], now: datetime) -> list[list[dict[str, Any]]]:
    """Return four weeks of days, each with how many start and end on it, in the zone of the desk."""
    zone = _zone(now)
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    days = []
    for count in range(DAYS):
        day = monday + timedelta(days=count)
        mine = [what for when, what in at if when.astimezone(zone).date() == day]
        days.append({
            "day": day, "words": words.day(day), "today": day == today, "past": day < today,
            "starts": mine.count("start"), "cuts": mine.count("cut"),
        })  # fmt: skip
    return [days[week : week + 7] for week in range(0, DAYS, 7)]


def _names(now: datetime) -> dict[str, str]:
    return {each.id: each.name for each in policy.at(now).switches}


def _zone(now: datetime) -> ZoneInfo:
    guide = policy.at(now)
    return ZoneInfo(guide.expiry.zone) if guide.expiry.zone else guide.carrier.zone.tz
