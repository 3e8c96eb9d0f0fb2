"""The roster: who is on call in the coming days, with its gaps; entering shifts, covers, rotations; ways; drills."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tecum.access.rules import may
from tecum.kernel import words
from tecum.kernel.periods import Period
from tecum.kernel.refusals import NotYours
from tecum.oncall import operations as oncall
from tecum.oncall import queries
from tecum.oncall.states import ShiftKind
from tecum.web.acts import Nothing, Page, Row, posted, run
from tecum.web.forms import Day
from tecum.web.gates import opens
from tecum.web.oncall.calling import when
from tecum.web.oncall.picture import days
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb

SHOWN = 14
HOME = "oncall:roster"


class NewShift(forms.Form):
    """One person for one period."""

    person = forms.ChoiceField(label="Who")
    begins = when("From")
    ends = when("Until", "The hand-over: from this minute on it is somebody else.")
    cover = forms.BooleanField(
        label="Covers for whoever has this time", required=False, help_text="A swap, a holiday, an illness."
    )
    place = forms.TypedChoiceField(
        label="Paged", coerce=int, choices=[(1, "First"), (2, "Second, from the second step on")], initial=1
    )

    def __init__(self, *args: Any, staff: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["person"].choices = staff  # type: ignore[attr-defined]


class NewRotation(forms.Form):
    """People in turn."""

    people = forms.MultipleChoiceField(label="Who takes turns", widget=forms.CheckboxSelectMultiple)
    first = forms.DateField(label="First day", widget=Day())
    at = forms.TimeField(
        label="Hand-over at", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), initial="08:00",
        help_text="By the carrier’s clocks, also in the nights in which they change.",
    )  # fmt: skip
    days = forms.IntegerField(label="Days each", min_value=1, max_value=35, initial=7)
    turns = forms.IntegerField(label="How many shifts", min_value=1, max_value=200, initial=8)

    def __init__(self, *args: Any, staff: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["people"].choices = staff  # type: ignore[attr-defined]


class Ways(forms.Form):
    """How a person is reached."""

    ways = forms.CharField(
        label="Ways, one to a line, the first first", required=False,
        help_text="An e-mail address, sms:2925550142, call:2925550142, or pager: and its id in the guide. "
        "Empty: the address of the account.",
        widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip


@opens(read="oncall.read")
def roster(request: Asked) -> HttpResponse:
    """Show the coming two weeks: a row to a day, the gaps in red, and the shifts as a table."""
    by, now = request.actor, request.now
    whole = Period(now - timedelta(days=1), now + timedelta(days=SHOWN))
    shifts = queries.shifts(within=whole, by=by, now=now)
    ahead = Period(now, now + timedelta(days=SHOWN))
    context = {
        "title": "On-call roster",
        "picture": days(queries.standing(shifts), now=now, zone=queries.zone(now=now), count=SHOWN),
        "gaps": queries.gaps(within=ahead),
        "soon": now + timedelta(days=7),
        "shifts": [each for each in shifts if each.period.end > now],
        "people": [(each, each.person.removeprefix("person:")) for each in queries.contacts(by=by, now=now)] if may(by, "oncall.escalate") else (),
        "rehearsed": next(iter(queries.over(by=by, now=now, drills=True)[:1]), None),
        "may_keep": may(by, "oncall.roster"),
    }  # fmt: skip
    return render(request, "oncall/roster.html", context)


@opens(read="oncall.roster", write="oncall.roster")
def shift(request: Asked) -> HttpResponse:
    """Enter one shift or cover."""
    zone = queries.zone(now=request.now)
    form = NewShift(posted(request), staff=queries.able(), initial=_asked(request))

    def do(given: dict[str, Any]) -> str:
        begins, ends = (given[name].replace(tzinfo=zone) for name in ("begins", "ends"))
        if ends <= begins:
            raise oncall.CannotRoster("A shift ends after it begins.")
        kind = ShiftKind.COVER if given["cover"] else ShiftKind.ORDINARY
        oncall.add_shift(
            person=given["person"], period=Period(begins, ends), kind=kind, place=given["place"], by=request.actor,
            now=request.now,
        )  # fmt: skip
        return reverse(HOME)

    return run(
        request, form=form, page=_page("Enter a shift", "Enter it"), do=do, done="The shift is entered."
    )


@opens(read="oncall.roster", write="oncall.roster")
def rotation(request: Asked) -> HttpResponse:
    """Let people take turns."""
    form = NewRotation(posted(request), staff=queries.able())

    def do(given: dict[str, Any]) -> str:
        oncall.enter_rotation(by=request.actor, now=request.now, **given)
        return reverse(HOME)

    return run(
        request, form=form, page=_page("Enter a rotation", "Enter it"), do=do, done="The rotation is entered."
    )


@opens(read="oncall.roster", write="oncall.roster")
def remove(request: Asked, shift: str) -> HttpResponse:
    """Take a shift off; one that runs ends now."""
    whole = Period(request.now, request.now + timedelta(days=400))
    found = next(
        (
            each
            for each in queries.shifts(within=whole, by=request.actor, now=request.now)
            if each.id == shift
        ),
        None,
    )
    if found is None:
        raise NotYours
    zone = queries.zone(now=request.now)
    facts = {"From": words.moment(found.period.start, zone), "Until": words.moment(found.period.end, zone)}
    page = _page("Take a shift off", "Take it off", rows=[Row("The shift", found.name, facts=facts)])

    def do(_given: dict[str, Any]) -> str:
        oncall.remove_shift(shift=shift, by=request.actor, now=request.now)
        return reverse(HOME)

    return run(
        request,
        form=Nothing(posted(request)),
        page=page,
        do=do,
        done="The shift is taken off. Look for a gap.",
    )


@opens(read="oncall.answer|oncall.roster", write="oncall.answer|oncall.roster")
def ways(request: Asked, person: str) -> HttpResponse:
    """Say how somebody is reached: one's own ways, or anybody's with the roster."""
    ref = f"person:{person}"
    name = dict(queries.able()).get(ref)
    if name is None or not (ref == request.actor.ref or may(request.actor, "oncall.roster")):
        raise NotYours
    known = queries.ways([ref])[ref]
    page = _page("How somebody is reached", "Keep it", heading=f"How {name} is reached")

    def do(given: dict[str, Any]) -> str:
        oncall.set_ways(person=ref, ways=given["ways"].splitlines(), by=request.actor, now=request.now)
        return reverse(HOME)

    form = Ways(posted(request), initial={"ways": "\n".join(known)})
    return run(request, form=form, page=page, do=do, done="Kept. Try it with a drill.")


@opens(read="oncall.roster", write="oncall.roster")
def drill(request: Asked) -> HttpResponse:
    """Begin a drill."""
    lead = "Whoever is on call is paged as in an emergency, and the page says that it is a drill. The NOC is paged as well."
    page = _page("Begin a drill", "Begin the drill", lead=lead)

    def do(_given: dict[str, Any]) -> str:
        row = oncall.start_drill(by=request.actor, now=request.now)
        return reverse("oncall:escalation", args=[row.id])

    return run(request, form=Nothing(posted(request)), page=page, do=do, done="The drill began.")


def _page(title: str, button: str, **more: Any) -> Page:
    crumbs = [Crumb("Roster", reverse(HOME)), Crumb(title)]
    return Page(title, button, reverse(HOME), crumbs=crumbs, **more)


def _asked(request: Asked) -> dict[str, str]:
    """Return what a link of a gap fills in: from and until."""
    return {name: request.GET[name][:16] for name in ("begins", "ends") if name in request.GET}
