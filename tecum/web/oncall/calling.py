"""Taking an escalation, reading who called, recording the call-back; and typing in a call that reached a person."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from tecum.kernel import numbers
from tecum.kernel.refusals import NotYours, Refused
from tecum.oncall import operations as oncall
from tecum.oncall import queries
from tecum.oncall.operations import Call
from tecum.oncall.rules.views import Caller
from tecum.web.acts import Nothing, Page, at_once, posted, run
from tecum.web.gates import opens
from tecum.web.oncall.desk import local
from tecum.web.refusals import remember
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb

FORMAT = "%Y-%m-%dT%H:%M"


def when(label: str, help_text: str = "") -> forms.DateTimeField:
    """Return a field for an instant of the carrier's clocks, to the minute."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=FORMAT)
    return forms.DateTimeField(label=label, help_text=help_text, widget=widget, input_formats=[FORMAT])


def instant(given: datetime, request: Asked) -> datetime:
    """Return what a field says as an instant; in the hour that comes twice, its latest reading that is not to come."""
    wall = given.replace(tzinfo=queries.zone(now=request.now))
    second = wall.replace(fold=1)
    return (second if second <= request.now else wall).astimezone(UTC)


class CalledBack(forms.Form):
    """Who was spoken to, at which number, at which minute."""

    spoke_with = forms.CharField(label="I spoke with", max_length=200)
    number = forms.CharField(
        label="At this number", max_length=40, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    at = when("When")


class NewCall(forms.Form):
    """What a caller says on the telephone."""

    number = forms.CharField(
        label="Number to call back", max_length=60, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    name = forms.CharField(label="Who called", max_length=120, required=False)
    agency = forms.CharField(label="Of which agency", max_length=120, required=False)
    at = when("When they first left word", "The voicemail, or this call. The steps are counted from here.")
    voicemail_left = forms.BooleanField(label="A voicemail was left on the emergency line", required=False)
    page_attempted = forms.BooleanField(label="They tried to page the person on call", required=False)


class Said(forms.Form):
    """What the caller says was tried already (R-088)."""

    voicemail_left = forms.BooleanField(label="A voicemail was left on the emergency line", required=False)
    page_attempted = forms.BooleanField(label="They tried to page the person on call", required=False)


@opens(write="oncall.answer|oncall.escalate")
def take(request: Asked, escalation: str) -> HttpResponse:
    """Take it: name the owner."""
    said = "It is yours. The pages go on until the call-back is recorded."
    back = reverse("oncall:escalation", args=[escalation])
    return at_once(request, oncall.acknowledge, done=said, back=back, escalation=escalation)


@opens(read="oncall.answer", write="oncall.answer")
@never_cache
def call_back(request: Asked, escalation: str) -> HttpResponse:
    """Show who called (which is recorded), and record the call-back, which alone stops the pages."""
    by, now = request.actor, request.now
    row = queries.escalation(id=escalation, by=by, now=now)
    caller, called, sealed = None, None, False
    try:
        caller, called = oncall.read_caller(escalation=escalation, by=by, now=now)
    except NotYours:  # a sealed matter, off whose list they are: they may still say that the call was made
        sealed = True
    begins = {"number": caller.number if caller else "", "at": local(now, request)}
    form = CalledBack(posted(request), initial=begins)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        at = instant(given["at"], request)
        try:
            oncall.call_back(
                escalation=escalation,
                spoke_with=given["spoke_with"],
                number=given["number"],
                at=at,
                by=by,
                now=now,
            )
        except NotYours:
            raise
        except Refused as refusal:
            remember(request, type(refusal).__name__)
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The call-back is recorded. The pages have stopped.")
            return redirect("oncall:escalation", escalation)
    context = {
        "title": "Call back",
        "crumbs": [Crumb("On call", reverse("oncall:desk")), Crumb(row.reference, reverse("oncall:escalation", args=[row.id])), Crumb("Call back")],
        "row": row,
        "caller": caller,
        "called": called,
        "sealed": sealed,
        "form": form,
        "shown": _shown(caller.number) if caller else "",
        "dial": "".join(each for each in caller.number if each.isdigit() or each == "+") if caller else "",
    }  # fmt: skip
    return render(request, "oncall/call_back.html", context, status=422 if form.errors else 200)


def _shown(number: str) -> str:
    """Return a number as people read it; what is none of ours stays as it was given."""
    try:
        return numbers.grouped(numbers.read(number))
    except numbers.NotANumber:
        return number


@opens(read="oncall.escalate", write="oncall.escalate")
def call(request: Asked) -> HttpResponse:
    """Type in a call: the ladder begins, and who called is sealed."""
    form = NewCall(posted(request), initial={"at": local(request.now, request)})
    page = Page(
        "A call came in", "Begin the escalation", reverse("oncall:desk"),
        lead="Whoever is on call is paged at once. What you type is sealed: you cannot read it again.",
        crumbs=[Crumb("On call", reverse("oncall:desk")), Crumb("A call came in")], keep="Leave without beginning",
    )  # fmt: skip

    def do(given: dict[str, Any]) -> str:
        caller = Caller(given["name"], given["number"], given["agency"])
        said = Call(caller, instant(given["at"], request), given["voicemail_left"], given["page_attempted"])
        return reverse(
            "oncall:escalation", args=[oncall.take_call(call=said, by=request.actor, now=request.now).id]
        )

    return run(request, form=form, page=page, do=do, done="The ladder climbs.")


@opens(read="oncall.escalate", write="oncall.escalate")
def said(request: Asked, escalation: str) -> HttpResponse:
    """Write down what the caller told us while it climbs (R-088)."""
    row = queries.escalation(id=escalation, by=request.actor, now=request.now)
    back = reverse("oncall:escalation", args=[escalation])
    page = Page(
        "What the caller says", "Write it down", back, heading=f"The caller of {row.reference} says",
        crumbs=[Crumb("On call", reverse("oncall:desk")), Crumb(row.reference, back), Crumb("What the caller says")],
    )  # fmt: skip

    def do(given: dict[str, Any]) -> str:
        oncall.caller_says(escalation=escalation, by=request.actor, now=request.now, **given)
        return back

    return run(request, form=Said(posted(request)), page=page, do=do, done="Written down.")


@opens(read="oncall.roster", write="oncall.roster")
def end_drill(request: Asked, escalation: str) -> HttpResponse:
    """End a drill without a call-back."""
    row = queries.escalation(id=escalation, by=request.actor, now=request.now)
    back = reverse("oncall:escalation", args=[escalation])
    page = Page(
        "End the drill", "End the drill", back, heading=f"End the drill {row.reference}",
        lead="The pages stop. Its record stays as the report.",
        crumbs=[Crumb("On call", reverse("oncall:desk")), Crumb(row.reference, back), Crumb("End the drill")],
    )  # fmt: skip

    def do(_given: dict[str, Any]) -> str:
        oncall.end_drill(escalation=escalation, by=request.actor, now=request.now)
        return back

    return run(request, form=Nothing(posted(request)), page=page, do=do, done="The drill is over.")
