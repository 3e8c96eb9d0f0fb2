"""Trouble tickets: the agency's loss, what we know of it, what engineers saw, the finding; and accounts of targets that may end."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from tecum.access.rules import may
from tecum.accounts import queries as people
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy
from tecum.surveillance import queries as surveillance
from tecum.surveillance.operations import trouble
from tecum.surveillance.queries import trouble as queries
from tecum.surveillance.queries import visits
from tecum.surveillance.queries.trouble import TroubleView
from tecum.surveillance.rules import trouble as rules
from tecum.surveillance.rules.trouble import OUTCOMES, PARTS, Cause
from tecum.surveillance.states import TroubleState
from tecum.web.acts import Page, Row, calls, pages, posted, run
from tecum.web.gates import opens
from tecum.web.lists import page_of
from tecum.web.orders.later import WHEN
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb

SHOWS = {"open": "Open", "all": "All"}
TEXT = forms.Textarea(attrs={"rows": 4})
FORMAT = ["%Y-%m-%dT%H:%M"]
S = TroubleState
NEXT_ACT = {
    S.REPORTED: "Look at account and provisioning",
    S.TROUBLESHOOTING: "Engineers look",
    S.FOUND: "Tell the agency",
    S.WITH_AGENCY: "Wait for the agency",
    S.CLOSED: "Nothing",
}
CAUSES = {
    "account_closed": "The account is closed",
    "provisioning": "Provisioning: an authority ended, or not all is on",
    "carrier": "A fault on our side, mended",
    "agency": "Ruled out on our side",
}
_page = pages("Trouble", "switches:tickets", "switches:ticket")
STATUS = {"unpaid": "not paid", "closing": "closing", "closed": "closed"}


@opens(read="surveillance.read")
def tickets(request: Asked) -> HttpResponse:
    """Show the trouble tickets, and the accounts of targets that may end."""
    by, now = request.actor, request.now
    show = request.GET.get("show", "open")
    show = show if show in SHOWS else "open"
    page = page_of(queries.tickets(by=by, now=now, show=show), request)
    context = {
        "title": "Trouble",
        "page": page,
        "rows": [(row, NEXT_ACT[row.state]) for row in page],
        "show": show,
        "shows": [(key, label, key == show) for key, label in SHOWS.items()],
        "warnings": [(row, STATUS.get(row.status, row.status)) for row in queries.warnings(by=by, now=now)],
        "may_work": may(by, "trouble.work"),
        "causes": CAUSES,
    }
    return render(request, "switches/tickets.html", context)


class Report(forms.Form):
    """What an agency says of its loss."""

    surveillance = forms.CharField(
        label="Surveillance", max_length=40, help_text="Its reference, or that of its order's case."
    )
    channel = forms.ChoiceField(
        label="It came by",
        choices=[("telephone", "Telephone"), ("fax", "Fax"), ("email", "E-mail"), ("person", "In person")],
    )
    reporter = forms.CharField(label="Who reported it", max_length=200)
    phone = forms.CharField(label="Telephone to call back", required=False, max_length=40)
    reported_at = forms.DateTimeField(label="Reported", widget=WHEN, input_formats=FORMAT)
    lost_at = forms.DateTimeField(label="Lost since", required=False, widget=WHEN, input_formats=FORMAT)
    words = forms.CharField(label="What they say", max_length=4000, widget=TEXT)


@opens(read="trouble.work", write="trouble.work")
def report(request: Asked) -> HttpResponse:
    """Open a ticket for an agency that lost its capability."""
    zone = policy.at(request.now).carrier.zone.tz
    first = {
        "reported_at": request.now.astimezone(zone).replace(tzinfo=None),
        "surveillance": request.GET.get("of", ""),
    }
    form = Report(posted(request), initial=first)

    def do(given: dict[str, Any]) -> str:
        lost = given["lost_at"].replace(tzinfo=zone) if given["lost_at"] else None
        made = trouble.report(
            surveillance=_home(given["surveillance"], request), channel=given["channel"], reporter=given["reporter"],
            phone=given["phone"], words=given["words"], lost_at=lost, reported_at=given["reported_at"].replace(tzinfo=zone),
            by=request.actor, now=request.now,
        )  # fmt: skip
        return reverse("switches:ticket", args=[made])

    back = reverse("switches:tickets")
    page = Page(
        "An agency lost its capability", "Open the ticket", back, crumbs=(Crumb("Trouble", back), Crumb("Open")),
        lead="Nothing of it is told to anybody yet. Account and provisioning are looked at first.",
    )  # fmt: skip
    return run(request, form=form, page=page, do=do, done="The ticket is open.")


@opens(read="surveillance.read")
@never_cache
def ticket(request: Asked, ticket: str) -> HttpResponse:
    """Show one ticket: what the agency says, both questions of R-149, what engineers saw, the finding."""
    by, now = request.actor, request.now
    view = queries.ticket(ticket=ticket, by=by, now=now)
    looks = rules.looks(queries.known(view.surveillance, now=now), now)
    context = {
        "title": view.reference,
        "crumbs": [among(), Crumb(view.reference, mono=True)],
        "view": view,
        "looks": looks,
        "explained": next((each for each in looks if each.so), None),
        "causes": CAUSES,
        "parts": PARTS,
        "outcomes": OUTCOMES,
        "names": people.names(
            {view.opened_by, view.owner, view.found_by, view.told_by, *(each.by for each in view.steps)}
            - {""}
        ),
        "next": NEXT_ACT[view.state],
        "visits": visits.of_ticket(ticket=ticket, by=by, now=now),
        "may_visit": may(by, "visit.ask"),
        "may_work": may(by, "trouble.work"),
    }
    return render(request, "switches/ticket.html", context)


class Explain(forms.Form):
    """Which of the two explains it."""

    cause = forms.ChoiceField(
        label="What explains it",
        choices=[(str(each), CAUSES[str(each)]) for each in (Cause.ACCOUNT, Cause.PROVISIONING)],
        widget=forms.RadioSelect,
    )
    finding = forms.CharField(label="What was found", max_length=2000, widget=TEXT, help_text="For us; the letter names the cause alone.")  # fmt: skip


@opens(read="trouble.work", write="trouble.work")
def explain(request: Asked, ticket: str) -> HttpResponse:
    """Say that the account or the provisioning explains it."""
    view = _view(request, ticket)
    found = rules.cause(queries.known(view.surveillance, now=request.now), request.now)
    form = Explain(posted(request), initial={"cause": str(found) if found else ""})
    page = _page(
        view, "Say what explains it", "Write it down", lead="The agency is to be advised of it next."
    )
    return run(request, form=form, page=page, do=calls(request, trouble.explain, ticket=ticket), done="Written down. Tell the agency.")  # fmt: skip


class Despite(forms.Form):
    """Why it is troubleshot although something explains it."""

    despite = forms.CharField(
        label="Why that is not it", required=False, max_length=400, help_text="Needed only where account or provisioning explain it."
    )  # fmt: skip


@opens(read="trouble.work", write="trouble.work")
def troubleshoot(request: Asked, ticket: str) -> HttpResponse:
    """Open the internal ticket for the engineers."""
    view = _view(request, ticket)
    looks = rules.looks(queries.known(view.surveillance, now=request.now), request.now)
    rows = (
        Row("What we know", points=[each.sentence for each in looks]),
        Row(
            "What follows",
            "Engineers see the switches, the services and what the switch knows it by; no number, no case, no agency. "
            "They look at the switch, the delivery and the agency's demarcation point.",
        ),
    )
    page = _page(view, "Open the internal ticket", "Open it", rows=rows)
    return run(
        request, form=Despite(posted(request)), page=page, do=calls(request, trouble.troubleshoot, ticket=ticket), done="Engineers have it.",
    )  # fmt: skip


class Advise(forms.Form):
    """How the agency is told."""

    how = forms.ChoiceField(
        label="How",
        choices=[
            ("letter", "By letter now, to the case's contact"),
            ("telephone", "I told them by telephone, called back"),
            ("person", "I told them in person"),
            ("fax", "I sent a fax"),
        ],
        widget=forms.RadioSelect,
    )


@opens(read="trouble.work", write="trouble.work")
def advise(request: Asked, ticket: str) -> HttpResponse:
    """Tell the agency what was found."""
    view = _view(request, ticket)
    if view.state is not S.FOUND:
        raise NotYours
    rows = (
        Row("What was found", facts={"Cause": CAUSES[view.cause], "Finding": view.said.get("finding", "")}),
        Row("What the letter says", verbatim=trouble.SENTENCE[Cause(view.cause)].capitalize() + "."),
        Row(
            "What follows",
            "The agency looks from its demarcation point to its collection facility; the ticket waits for what it finds."
            if view.cause == Cause.AGENCY
            else "The ticket is closed.",
        ),
    )
    page = _page(view, "Tell the agency", "Tell them", rows=rows)
    return run(request, form=Advise(posted(request)), page=page, do=calls(request, trouble.advise, ticket=ticket), done="The agency is told.")  # fmt: skip


class Close(forms.Form):
    """What the agency found."""

    finding = forms.CharField(label="What the agency found", max_length=2000, widget=TEXT)


@opens(read="trouble.work", write="trouble.work")
def close(request: Asked, ticket: str) -> HttpResponse:
    """Write down what the agency found on its side."""
    page = _page(_view(request, ticket), "What the agency found", "Close the ticket", lead="Found nothing there? Then open the internal ticket again instead.")  # fmt: skip
    return run(request, form=Close(posted(request)), page=page, do=calls(request, trouble.close, ticket=ticket), done="The ticket is closed.")  # fmt: skip


# -- engineers -------------------------------------------------------------------------------------------------


class Look(forms.Form):
    """What an engineer saw."""

    part = forms.ChoiceField(label="Where you looked", choices=list(PARTS.items()), widget=forms.RadioSelect)
    outcome = forms.ChoiceField(label="It", choices=list(OUTCOMES.items()), widget=forms.RadioSelect)
    said = forms.CharField(label="What you saw", max_length=2000, widget=TEXT)


@opens(read="trouble.fix", write="trouble.fix")
@never_cache
def look(request: Asked, ticket: str) -> HttpResponse:
    """Show an engineer where to look, and keep what was seen."""
    view = trouble.show_work(ticket=ticket, by=request.actor, now=request.now)
    back = reverse("switches:work")
    switches = {each.id: each.name for each in policy.at(request.now).switches}
    rows = [
        Row("Where", points=[f"{switches.get(name, name)}: {service}, task {task}" for name, service, task in view.switches] or ["Nothing is on."]),
        Row("Seen so far", points=[f"{PARTS[each.part]}: {OUTCOMES[each.outcome].lower()}. {each.said}" for each in view.steps] or ["Nothing yet."]),
    ]  # fmt: skip
    page = Page(
        "Troubleshoot", "Keep what I saw", reverse("switches:look", args=[ticket]), f"Troubleshoot {view.reference}", rows=rows,
        crumbs=(Crumb("Work on switches", back), Crumb(view.reference, mono=True)), keep="Look again without keeping",
        lead="Up to the agency's demarcation point, and no further.",
    )  # fmt: skip
    return run(request, form=Look(posted(request)), page=page, do=calls(request, trouble.look, ticket=ticket), done="Kept.")  # fmt: skip


class Conclude(forms.Form):
    """What the engineers found."""

    cause = forms.ChoiceField(
        label="What was found",
        choices=[(str(each), CAUSES[str(each)]) for each in (Cause.CARRIER, Cause.AGENCY)],
        widget=forms.RadioSelect,
    )
    finding = forms.CharField(label="The finding", max_length=2000, widget=TEXT)


@opens(read="trouble.fix", write="trouble.fix")
@never_cache
def conclude(request: Asked, ticket: str) -> HttpResponse:
    """Say what the engineers found."""
    view = trouble.show_work(ticket=ticket, by=request.actor, now=request.now)
    back = reverse("switches:work")

    def do(given: dict[str, Any]) -> None:
        trouble.conclude(ticket=ticket, cause=given["cause"], finding=given["finding"], by=request.actor, now=request.now)  # fmt: skip

    page = Page(
        "Conclude", "Conclude", back, f"Conclude {view.reference}", crumbs=(Crumb("Work on switches", back), Crumb(view.reference, mono=True)),
        lead="Ruled out on our side takes a look at every part up to the demarcation point.",
    )  # fmt: skip
    return run(request, form=Conclude(posted(request)), page=page, do=do, done="Concluded. The administrator tells the agency.")  # fmt: skip


def among() -> Crumb:
    """Return the list of tickets as a step of the way."""
    return Crumb("Trouble", reverse("switches:tickets"))


def _view(request: Asked, ticket: str) -> TroubleView:
    return queries.ticket(ticket=ticket, by=request.actor, now=request.now)


def _home(text: str, request: Asked) -> str:
    """Return the surveillance of a reference, its own or its case's. :raises NotYours: where there is none for this person"""
    return surveillance.named(reference=text, by=request.actor, now=request.now)
