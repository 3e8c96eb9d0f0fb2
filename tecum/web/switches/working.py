"""A technician's work: what to type, what to report back, and another technician's look."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from tecum.accounts import queries as people
from tecum.kernel import numbers
from tecum.policy import queries as policy
from tecum.surveillance import operations as surveillance
from tecum.surveillance import queries
from tecum.surveillance.operations import WorkView
from tecum.surveillance.queries import trouble
from tecum.surveillance.rules.ordered import Intercept, Service
from tecum.surveillance.rules.tasks import Seen
from tecum.surveillance.states import WorkOrderState
from tecum.web import acts
from tecum.web.acts import Page, Row
from tecum.web.gates import opens
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb

WHAT = {"on": "Switch on", "off": "Switch off", "check": "Look again"}
SIGNS = {
    WorkOrderState.OPEN: ("ask", "Nobody has it"),
    WorkOrderState.ACCEPTED: ("to", "Accepted"),
    WorkOrderState.REPORTED: ("to", "Done, to be confirmed"),
    WorkOrderState.CONFIRMED: ("ok", "Confirmed"),
    WorkOrderState.DIFFERENT: ("no", "Not as ordered"),
    WorkOrderState.VOID: ("no", "Void"),
}
TYPES = [(each.value, each.value.replace("_", " ").capitalize()) for each in Intercept]


class SeenOnIt(forms.Form):
    """What the terminal shows after the work."""

    there = forms.ChoiceField(
        label="Is there an entry for this number",
        choices=[("no", "No, the list shows none"), ("yes", "Yes, as follows")],
        widget=forms.RadioSelect,
    )
    number = forms.CharField(label="Number it shows", required=False, max_length=20)
    service = forms.ChoiceField(
        label="Service", required=False, choices=[(each.value, each.value.capitalize()) for each in Service]
    )
    types = forms.MultipleChoiceField(
        label="Types it shows as on", required=False, choices=TYPES, widget=forms.CheckboxSelectMultiple
    )
    delivery = forms.CharField(label="Delivered to", required=False, max_length=40)
    imei = forms.CharField(label="IMEI it shows", required=False, max_length=20)
    imsi = forms.CharField(label="IMSI it shows", required=False, max_length=20)

    def seen(self) -> Seen | None:
        """Return the entry, or nothing."""
        given = self.cleaned_data
        if given["there"] == "no":
            return None
        types = frozenset(Intercept(each) for each in given["types"])
        return Seen(
            numbers.read(given["number"]), given["service"], types, given["imei"].strip(), given["imsi"].strip(),
            given["delivery"].strip(),
        )  # fmt: skip


@opens(read="switch.work")
def queue(request: Asked) -> HttpResponse:
    """List the work on switches, by what is due; no number stands here."""
    rows = queries.work(by=request.actor, now=request.now)
    context = {
        "title": "Work on switches",
        "troubles": trouble.for_engineers(by=request.actor, now=request.now),
        "rows": [(row, WHAT[row.what], SIGNS[row.state]) for row in rows],
        "names": people.names({row.reported_by or row.accepted_by for row in rows} - {""}),
        "switches": {each.id: each.name for each in policy.at(request.now).switches},
    }
    return render(request, "switches/work.html", context)


@opens(read="switch.work")
@never_cache
def one(request: Asked, order: str) -> HttpResponse:
    """Show one work order with what to type; that it was opened is recorded."""
    view = surveillance.show(order=order, by=request.actor, now=request.now)
    guide = policy.at(request.now)
    context = {
        "title": "Work on a switch",
        "crumbs": [Crumb("Work on switches", reverse("switches:work")), Crumb(WHAT[view.what])],
        "order": view,
        "what": WHAT[view.what],
        "sign": SIGNS[view.state],
        "switch": guide.switch(view.switch),
        "types": sorted(each.replace("_", " ") for each in view.desired.types),
        "names": people.names({view.accepted_by, view.reported_by, view.confirmed_by} - {""}),
        "mine": view.accepted_by == request.actor.ref,
        "did_it": view.reported_by == request.actor.ref,
    }
    return render(request, "switches/order.html", context)


@opens(write="switch.work")
def accept(request: Asked, order: str) -> HttpResponse:
    """Accept to do it, by name."""
    said = "It is yours. Do it when it is due, then report what the switch shows."
    back = reverse("switches:order", args=[order])
    return acts.at_once(request, surveillance.accept, done=said, back=back, order=order)


@opens(read="switch.work", write="switch.work")
@never_cache
def report(request: Asked, order: str) -> HttpResponse:
    """Report what the switch shows, or confirm what another technician reported."""
    view = surveillance.show(order=order, by=request.actor, now=request.now)
    confirming = view.state is WorkOrderState.REPORTED
    form = SeenOnIt(acts.posted(request))

    def do(_given: dict[str, Any]) -> str:
        verb = surveillance.confirm if confirming else surveillance.report
        verb(order=order, seen=form.seen(), by=request.actor, now=request.now)
        return reverse("switches:order", args=[order])

    title = "Confirm what the switch shows" if confirming else "Report what the switch shows"
    return acts.run(
        request,
        form=form,
        page=_page(view, title),
        do=do,
        done="Kept. What differs from the order is raised at once.",
    )


def _page(view: WorkView, title: str) -> Page:
    back = reverse("switches:order", args=[view.id])
    points = [
        "Copy what the terminal shows, not what was ordered: the two are compared here.",
        "What is not exactly as ordered is switched off and raised at once.",
    ]
    return Page(
        title=title, button="Keep what I saw", back=back, heading=f"{title}",
        rows=[Row("The work", facts={"Switch": view.switch, "What": WHAT[view.what]}), Row("What happens", points=points)],
        crumbs=[Crumb("Work on switches", reverse("switches:work")), Crumb(title)],
    )  # fmt: skip
