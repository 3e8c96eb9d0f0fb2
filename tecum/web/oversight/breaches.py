"""After a compromised account: the list of its answers, the clocks, the notices."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from tecum.access.rules import may
from tecum.accounts import queries as people
from tecum.breaches import operations as breaches
from tecum.breaches import queries
from tecum.breaches.operations import Found
from tecum.breaches.rules import BreachView, NoticeView
from tecum.breaches.states import DUTIES
from tecum.customers import queries as customers
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy
from tecum.web import acts
from tecum.web.acts import Page, Reason, Row
from tecum.web.gates import opens
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb

HOME = "oversight:breaches"
ON_A_PAGE = 100


class Moment(forms.DateTimeInput):
    """An instant in the carrier's zone, entered with the browser's own picker."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


def _moment(label: str, hint: str) -> forms.DateTimeField:
    return forms.DateTimeField(label=label, help_text=hint, widget=Moment(), input_formats=["%Y-%m-%dT%H:%M"])


class Opening(forms.Form):
    """What is known when a breach is opened."""

    since = _moment("In other hands from", "Rather too early than too late.")
    until = _moment("Until", "When the account was closed to them; now at the latest.")
    found_at = _moment("Determined on", "The clocks run from here.")
    what = forms.CharField(label="What happened", widget=forms.Textarea(attrs={"rows": 4}))
    how = forms.CharField(
        label="How the information was reached", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    loss = forms.CharField(label="Estimated loss", required=False, max_length=300)


class Words(forms.Form):
    """The words of a draft."""

    subject = forms.CharField(label="Subject", max_length=250)
    text = forms.CharField(label="Text", widget=forms.Textarea(attrs={"rows": 18}))


class Given(forms.Form):
    """How a notice was given."""

    how = forms.CharField(
        label="How it was given",
        help_text="Channel, receiver, confirmation number. It is kept.",
        max_length=300,
    )
    urgent = forms.BooleanField(
        label="The investigating agency was consulted and agrees to tell customers at once, to avoid immediate and irreparable harm",
        required=False,
    )


class Hold(forms.Form):
    """An agency's direction to wait."""

    until = _moment("No customer is told before", "As directed.")
    why = forms.CharField(label="Which agency directed it, and how", max_length=300)


@opens(read="breach.read")
@never_cache
def queue(request: Asked) -> HttpResponse:
    """List the breaches, open ones first."""
    rows = queries.breaches(by=request.actor, now=request.now)
    context = {
        "title": "Breaches",
        "rows": rows,
        "names": people.names({row.person for row in rows}),
        "may_open": may(request.actor, "breach.manage"),
    }
    return render(request, "oversight/breaches.html", context)


@opens(read="breach.manage", write="breach.manage")
@never_cache
def start(request: Asked, person: str) -> HttpResponse:
    """Open the breach of a person's account."""
    who = people.person(id=person, by=request.actor, now=request.now)
    # Without its zone: the form shows an instant as it stands, and `_in_zone` reads it back as one of this zone.
    now = request.now.astimezone(policy.at(request.now).carrier.zone.tz).replace(tzinfo=None)
    form = Opening(request.POST or None, initial={"until": now, "found_at": now})

    def do(given: dict[str, Any]) -> str:
        found = Found(person=person, **{name: _in_zone(value, request) for name, value in given.items()})
        return _address(breaches.open_breach(found=found, by=request.actor, now=request.now))

    rows = [
        Row("Whose account", facts={"Name": who.name, "User name": who.email}),
        Row(
            "What happens",
            points=[
                "The account is suspended now, if it is not.",
                "Every answer it got in the interval is listed.",
                "The clocks of every version of the rule in the guide start.",
                "A notice to each agency and to each customer that was revealed is drafted. None is sent.",
            ],
        ),
    ]
    page = Page(
        title="Open a breach",
        heading=f"Rewind the account of {who.name}",
        button="Open the breach",
        back=reverse("desk:person", args=[person]),
        crumbs=[Crumb("Breaches", reverse(HOME)), Crumb("Open")],
        rows=rows,
        grave=True,
    )
    return acts.run(request, form=form, page=page, do=do, done="The breach is open. Its clocks run.")


@opens(read="breach.read", write="breach.read")
@never_cache
def case(request: Asked, breach: str) -> HttpResponse:
    """Show one breach; its numbers are hidden until asked for, and either is recorded."""
    view = queries.breach(id=breach, by=request.actor, now=request.now)
    shown = request.method == "POST"
    answers = breaches.read_answers(breach=breach, by=request.actor, now=request.now, reveal=shown)
    fetched = breaches.read_productions(breach=breach, by=request.actor, now=request.now)
    refs = {view.person, view.opened_by} | {one.given_by for one in view.notices}
    revealed = {one.customer for one in answers if one.customer}
    context = {
        "title": f"Breach {view.reference}",
        "crumbs": [Crumb("Breaches", reverse(HOME)), Crumb(view.reference, mono=True)],
        "view": view,
        "person": view.person.removeprefix("person:"),
        "answers": answers,
        "fetched": fetched,
        "page": Paginator(answers, ON_A_PAGE).get_page(request.GET.get("page")),
        "shown": shown,
        "revealed": len(revealed),
        "customers": customers.cards(revealed),
        "names": people.names(refs),
        "duties": {duty.value: words for duty, words in DUTIES.items()},
        "rules": {rule.id: rule.title for rule in policy.at(request.now).breach_rules},
        "others": [rule for rule in policy.at(request.now).breach_rules if not rule.applied],
        "may_act": may(request.actor, "breach.manage") and view.closed_at is None,
    }
    return render(request, "oversight/breach.html", context)


@opens(read="breach.read")
@never_cache
def export(request: Asked, breach: str, form: str) -> HttpResponse:
    """Hand the list of answers over as a file."""
    file = breaches.export_answers(breach=breach, form=form, by=request.actor, now=request.now)
    answer = HttpResponse(file.content, content_type=file.media_type)
    answer["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return answer


@opens(read="breach.manage", write="breach.manage")
@never_cache
def word(request: Asked, breach: str, notice: str) -> HttpResponse:
    """Mend the words of a draft."""
    view, one = _notice(request, breach, notice)
    form = Words(request.POST or None, initial={"subject": one.subject, "text": one.text})

    def do(given: dict[str, Any]) -> str:
        breaches.word(notice=notice, by=request.actor, now=request.now, **given)
        return _address(view)

    page = _page(view, "Mend a notice", f"Notice to {_name(one)}", "Keep the words")
    return acts.run(request, form=form, page=page, do=do, done="The draft is kept.")


@opens(read="breach.manage", write="breach.manage")
@never_cache
def give(request: Asked, breach: str, notice: str) -> HttpResponse:
    """Record that a notice was given."""
    view, one = _notice(request, breach, notice)
    form = Given(request.POST or None)
    if one.customer == "":
        del form.fields["urgent"]

    def do(given: dict[str, Any]) -> str:
        breaches.give(notice=notice, by=request.actor, now=request.now, **given)
        return _address(view)

    rows = [
        Row("To whom", text=_name(one)),
        Row("What was said", verbatim=f"{one.subject}\n\n{one.text}"),
        Row(
            "What happens",
            text="The words can no longer be mended. Clocks that waited only for this notice stop.",
        ),
    ]
    page = _page(view, "Record a notice", f"Was {_name(one)} told?", "Record that it was given", rows=rows)
    return acts.run(request, form=form, page=page, do=do, done="It is recorded.")


@opens(read="breach.manage", write="breach.manage")
@never_cache
def hold(request: Asked, breach: str) -> HttpResponse:
    """Record an agency's direction that customers are not told yet."""
    view = queries.breach(id=breach, by=request.actor, now=request.now)

    def do(given: dict[str, Any]) -> str:
        until = _in_zone(given["until"], request)
        breaches.hold_customers(
            breach=breach, until=until, why=given["why"], by=request.actor, now=request.now
        )
        return _address(view)

    page = _page(
        view,
        "Hold the customers' notices",
        "An agency directs that customers wait",
        "Hold the notices",
        lead="Customers are not told before the moment you give; the agency may direct it again.",
    )
    return acts.run(
        request, form=Hold(request.POST or None), page=page, do=do, done="Customers' notices wait."
    )


@opens(read="breach.manage", write="breach.manage")
@never_cache
def close(request: Asked, breach: str) -> HttpResponse:
    """Close a breach."""
    view = queries.breach(id=breach, by=request.actor, now=request.now)

    def do(given: dict[str, Any]) -> str:
        breaches.close(breach=breach, why=given["reason"], by=request.actor, now=request.now)
        return _address(view)

    rows = [Row("What happens", text="The breach is closed with what came of it. Everything stays readable.")]
    page = _page(view, "Close a breach", f"Close breach {view.reference}?", "Close the breach", rows=rows)
    return acts.run(
        request, form=Reason(request.POST or None), page=page, do=do, done="The breach is closed."
    )


def _notice(request: Asked, breach: str, notice: str) -> tuple[BreachView, NoticeView]:
    view = queries.breach(id=breach, by=request.actor, now=request.now)
    one = next((each for each in view.notices if each.id == notice), None)
    if one is None:
        raise NotYours
    return view, one


def _name(one: NoticeView) -> str:
    cards = customers.cards({one.customer}) if one.customer else {}
    return cards[one.customer].legal_name if one.customer in cards else one.name


def _page(view: BreachView, title: str, heading: str, button: str, **more: Any) -> Page:
    crumbs = [
        Crumb("Breaches", reverse(HOME)),
        Crumb(view.reference, _address(view), mono=True),
        Crumb(title),
    ]
    return Page(title=title, heading=heading, button=button, back=_address(view), crumbs=crumbs, **more)


def _address(view: BreachView) -> str:
    return reverse("oversight:breach", args=[view.id])


def _in_zone(value: Any, request: Asked) -> Any:
    """Read an instant that somebody typed as one of the carrier's zone; leave everything else as it is."""
    if not isinstance(value, datetime):
        return value
    return value.replace(tzinfo=policy.at(request.now).carrier.zone.tz)
