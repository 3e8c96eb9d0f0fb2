"""Visits to switching offices: asked for, agreed, at the door; and the visitor log."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from tecum.access.rules import may
from tecum.accounts import queries as people
from tecum.kernel import words
from tecum.policy import queries as policy
from tecum.surveillance import queries as surveillance
from tecum.surveillance.operations import visits
from tecum.surveillance.queries import trouble as tickets
from tecum.surveillance.queries import visits as queries
from tecum.surveillance.queries.visits import VisitView
from tecum.surveillance.rules.visits import IDENTIFICATIONS, SENTENCES, WHYS
from tecum.surveillance.states import VisitState
from tecum.web.acts import Nothing, Page, Row, calls, pages, posted, run
from tecum.web.gates import opens
from tecum.web.lists import page_of
from tecum.web.orders.later import WHEN
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb

SHOWS = {"open": "To come", "all": "All", "log": "Visitor log"}
LATEST = 20
FORMAT = ["%Y-%m-%dT%H:%M"]
WHAT = {"admitted": "Let in", "left": "Left", "turned_away": "Turned away"}
CALLED_OFF = [
    ("mended", "What failed works again"),
    ("agency_asked", "The agency asked"),
    ("not_needed", "It is not needed"),
]
_page = pages("Visits", "switches:visits", "switches:visit")
NEXT = {
    VisitState.ASKED: "Security and Fraud agrees date and time",
    VisitState.AGREED: "The office looks at the picture ID",
    VisitState.INSIDE: "The office writes down who leaves",
    VisitState.OVER: "Nothing",
    VisitState.CANCELLED: "Nothing",
}


@opens(read="visit.read")
def index(request: Asked) -> HttpResponse:
    """Show the visits that come, and who was turned away."""
    by, now = request.actor, request.now
    show = request.GET.get("show", "open")
    show = show if show in SHOWS else "open"
    page = page_of(queries.visits(by=by, now=now, show=show), request)
    everything = queries.log(by=by, now=now)
    logged = page_of(everything, request)
    log = list(logged) if show == "log" else everything[:LATEST]
    context = {
        "title": "Visits",
        "logged": logged,
        "page": page,
        "rows": [(row, NEXT[row.state]) for row in page],
        "show": show,
        "shows": [(key, label, key == show) for key, label in SHOWS.items()],
        "log": [(line, WHAT[line.what]) for line in log],
        "whys": WHYS,
        "identifications": IDENTIFICATIONS,
        "names": people.names({line.by for line in log}),
        "switches": _switches(request),
        "may_ask": may(by, "visit.ask"),
        # That something is on in an office, its own staff need not know.
        "knows": may(by, "visit.ask") or may(by, "visit.coordinate"),
        "may_admit": may(by, "visit.admit"),
    }
    return render(request, "switches/visits.html", context)


@opens(read="visit.read")
@never_cache
def one(request: Asked, visit: str) -> HttpResponse:
    """Show one visit: why, who comes, when, and what happened at the door."""
    by, now = request.actor, request.now
    view = queries.visit(visit=visit, by=by, now=now)
    log = queries.log_of(visit=visit, by=by, now=now)
    context = {
        "title": view.reference,
        "crumbs": [_among(), Crumb(view.reference, mono=True)],
        "view": view,
        "next": NEXT[view.state],
        "log": [(line, WHAT[line.what]) for line in log],
        "whys": WHYS,
        "identifications": IDENTIFICATIONS,
        "names": people.names({view.asked_by, view.agreed_by, *(line.by for line in log)} - {""}),
        "switches": _switches(request),
        "may_ask": may(by, "visit.ask"),
        "knows": may(by, "visit.ask") or may(by, "visit.coordinate"),
        "knows_trouble": may(by, "surveillance.read"),
        "may_agree": may(by, "visit.coordinate"),
        "may_admit": may(by, "visit.admit"),
        "now_is_the_time": view.starts_at is not None
        and view.ends_at is not None
        and view.starts_at <= now < view.ends_at,
    }
    return render(request, "switches/visit.html", context)


class Ask(forms.Form):
    """What a visit is for, and who comes."""

    surveillance = forms.CharField(
        label="Surveillance", max_length=40, help_text="Its reference, or that of its order's case."
    )
    switch = forms.ChoiceField(label="Switching office")
    found_at = forms.DateTimeField(label="The failure was found", widget=WHEN, input_formats=FORMAT)
    agency = forms.CharField(label="Agency", max_length=200)
    contact = forms.CharField(label="Its contact", max_length=200, required=False)
    phone = forms.CharField(label="Telephone", max_length=40, required=False)
    visitors = forms.CharField(
        label="Who comes, a line each", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Name as on the picture ID; another agency than the one above after a comma.",
    )  # fmt: skip
    reason = forms.CharField(label="Why they need to enter", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))  # fmt: skip
    ticket = forms.CharField(required=False, max_length=26, widget=forms.HiddenInput)

    def clean_visitors(self) -> list[tuple[str, str]]:
        """Return names with their agencies."""
        parts = [line.partition(",") for line in self.cleaned_data["visitors"].splitlines() if line.strip()]
        return [(name.strip(), of.strip()) for name, _, of in parts]


@opens(read="visit.ask", write="visit.ask")
def ask(request: Asked) -> HttpResponse:
    """Coordinate a visit with the administrator."""
    zone = policy.at(request.now).carrier.zone.tz
    about = request.GET.get("ticket", "") or request.POST.get("ticket", "")
    led = tickets.ticket(ticket=about, by=request.actor, now=request.now) if about else None
    found = (led.lost_at or led.reported_at) if led else request.now
    first = {
        "found_at": found.astimezone(zone).replace(tzinfo=None),
        "surveillance": led.surveillance_reference if led else request.GET.get("of", ""),
        "contact": led.said.get("reporter", "") if led else "",
        "phone": led.said.get("phone", "") if led else "",
        "ticket": about,
    }
    form = Ask(posted(request), initial=first)
    form.fields["switch"].choices = list(_switches(request).items())  # type: ignore[attr-defined]

    def do(given: dict[str, Any]) -> str:
        home = surveillance.named(reference=given.pop("surveillance"), by=request.actor, now=request.now)
        found_at = given.pop("found_at").replace(tzinfo=zone)
        made = visits.ask(surveillance=home, found_at=found_at, **given, by=request.actor, now=request.now)
        return reverse("switches:visit", args=[made])

    back = reverse("switches:visits")
    lead = f"For trouble ticket {led.reference}. " if led else ""
    page = Page(
        "Ask for a visit", "Ask for it", back, crumbs=(_among(), Crumb("Ask")),
        lead=f"{lead}This is the prior coordination that R-155 asks for. Security and Fraud agrees date and time; nobody enters without a picture ID as well.",
    )  # fmt: skip
    return run(request, form=form, page=page, do=do, done="Asked. Security and Fraud agrees date and time.")


class Agree(forms.Form):
    """Date and time."""

    starts_at = forms.DateTimeField(label="From", widget=WHEN, input_formats=FORMAT)
    ends_at = forms.DateTimeField(label="Until", widget=WHEN, input_formats=FORMAT)


@opens(read="visit.coordinate", write="visit.coordinate")
def agree(request: Asked, visit: str) -> HttpResponse:
    """Agree date and time, as Security and Fraud."""
    view = queries.visit(visit=visit, by=request.actor, now=request.now)
    zone = policy.at(request.now).carrier.zone.tz

    def do(given: dict[str, Any]) -> None:
        starts, ends = (given[name].replace(tzinfo=zone) for name in ("starts_at", "ends_at"))
        visits.agree(visit=visit, starts_at=starts, ends_at=ends, by=request.actor, now=request.now)

    by_when = words.moment(view.latest_at, zone) if view.latest_at else "no later time is set"
    rows = (
        Row("Who comes", points=[f"{each.name}, {each.agency}" for each in view.visitors]),
        Row(
            "What the rule says",
            facts={
                "Failure found": words.moment(view.found_at, zone),
                "During a live wiretap": "yes, as soon as reasonably possible"
                if view.live
                else "no, in business hours",
                "Access from": words.moment(view.earliest_at, zone),
                "By": by_when,
            },
        ),
    )
    page = _page(view, "Agree date and time", "Agree it", rows=rows)
    return run(request, form=Agree(posted(request)), page=page, do=do, done="Agreed. The office sees it.")


class Admit(forms.Form):
    """What was looked at at the door."""

    identification = forms.ChoiceField(
        label="Picture identification",
        choices=[("", "None was shown"), *IDENTIFICATIONS.items()],
        required=False,
    )
    alike = forms.BooleanField(
        label="The picture is theirs, and the name is the one that was announced", required=False
    )


@opens(read="visit.admit", write="visit.admit")
def admit(request: Asked, visit: str, place: int) -> HttpResponse:
    """Let a visitor in, as the office."""
    view = queries.visit(visit=visit, by=request.actor, now=request.now)
    who = next((each for each in view.visitors if each.place == place), None)
    rows = (
        Row("Who", f"{who.name}, {who.agency}" if who else "Not among those who were announced."),
        Row("When", _when(view, request)),
    )
    page = _page(view, "Let in", "Let them in", rows=rows)
    do = calls(request, visits.admit, visit=visit, place=place)
    return run(request, form=Admit(posted(request)), page=page, do=do, done="In the log.")


@opens(read="visit.admit", write="visit.admit")
def left(request: Asked, visit: str, place: int) -> HttpResponse:
    """Write down that a visitor left."""
    view = queries.visit(visit=visit, by=request.actor, now=request.now)
    page = _page(view, "They left", "Write it down", lead="With the last visitor the visit is over.")
    do = calls(request, visits.left, visit=visit, place=place)
    return run(request, form=Nothing(posted(request)), page=page, do=do, done="In the log.")


class TurnAway(forms.Form):
    """Who was turned away, and why."""

    switch = forms.ChoiceField(label="Switching office")
    name = forms.CharField(label="Who they said they are", max_length=200)
    agency = forms.CharField(label="Of which agency", max_length=200, required=False)
    why = forms.ChoiceField(label="Why", choices=list(WHYS.items()), widget=forms.RadioSelect)


@opens(read="visit.admit", write="visit.admit")
def turn_away(request: Asked) -> HttpResponse:
    """Write down who was turned away at the door; the sentence that they are told stands on the page."""
    about = request.GET.get("visit", "") or request.POST.get("visit", "")
    form = TurnAway(posted(request))
    form.fields["switch"].choices = list(_switches(request).items())  # type: ignore[attr-defined]
    if about:
        view = queries.visit(visit=about, by=request.actor, now=request.now)
        form.fields["switch"].initial = view.switch
    back = reverse("switches:visits")
    rows = (Row("What they are told", points=[f"{WHYS[why]}: {said}" for why, said in SENTENCES.items()]),)
    page = Page(
        "Turn somebody away", "Write it down", back, rows=rows, crumbs=(_among(), Crumb("Turn away")),
    )  # fmt: skip
    return run(request, form=form, page=page, do=_away(request, about), done="In the log.")


class CallOff(forms.Form):
    """Why a visit is called off."""

    why = forms.ChoiceField(label="Why", choices=CALLED_OFF, widget=forms.RadioSelect)


@opens(read="visit.ask", write="visit.ask")
def cancel(request: Asked, visit: str) -> HttpResponse:
    """Call a visit off."""
    view = queries.visit(visit=visit, by=request.actor, now=request.now)
    page = _page(view, "Call the visit off", "Call it off", lead="Nobody is let in for it any more. Tell the agency.")  # fmt: skip
    return run(request, form=CallOff(posted(request)), page=page, do=calls(request, visits.cancel, visit=visit), done="Called off.")  # fmt: skip


def _away(request: Asked, about: str) -> Any:
    def do(given: dict[str, Any]) -> None:
        visits.turn_away(visit=about, **given, by=request.actor, now=request.now)

    return do


def _when(view: VisitView, request: Asked) -> str:
    zone = policy.at(request.now).carrier.zone.tz
    if view.starts_at is None or view.ends_at is None:
        return "No date and time is agreed."
    return f"{words.moment(view.starts_at, zone)} until {words.moment(view.ends_at, zone)}"


def _among() -> Crumb:
    return Crumb("Visits", reverse("switches:visits"))


def _switches(request: Asked) -> dict[str, str]:
    return {each.id: each.name for each in policy.at(request.now).switches}
