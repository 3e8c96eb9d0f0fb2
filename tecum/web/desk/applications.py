"""The vetting desk: the applications by age, one on one page, and each decision with its letter before it is sent."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tecum.access.rules import may
from tecum.accounts import queries as people
from tecum.agencies import queries as agencies
from tecum.agencies.states import SUBDIVISIONS, Country
from tecum.documents.forms.application import COUNTRIES, worded
from tecum.inbox import operations as inbox
from tecum.policy import queries as policy
from tecum.vetting import operations as vetting
from tecum.vetting import queries
from tecum.vetting.queries import ApplicationLine, ApplicationView
from tecum.vetting.states import SIX, TITLES, TOLD, ApplicationState, Check
from tecum.web import acts
from tecum.web.acts import Nothing, Page, Row
from tecum.web.gates import opens
from tecum.web.lists import page_of
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb, View

PERSONAL = (
    ("Name", "applicant_name"), ("Title", "applicant_title"), ("Job role", "applicant_role"), ("Badge or ID", "applicant_badge"),
    ("E-mail", "applicant_email"), ("Desk telephone", "applicant_phone"), ("Mobile", "applicant_mobile"),
)  # fmt: skip
OFFICIAL = (
    ("Name", "agency_name"), ("Kind", "agency_type"), ("Country", "agency_country"), ("State or province", "agency_subdivision"),
    ("Street address", "agency_address"), ("Switchboard", "agency_switchboard"), ("ORI", "agency_ori"),
)  # fmt: skip
SUPERVISOR = (
    ("Name", "supervisor_name"), ("Title", "supervisor_title"), ("E-mail", "supervisor_email"), ("Telephone", "supervisor_phone"),
)  # fmt: skip
CHOICES = frozenset({"applicant_role", "agency_type"})
PICTURES = frozenset({"image/png", "image/jpeg"})


class Reasons(forms.Form):
    """Which checks the letter names, and further words."""

    checks = forms.MultipleChoiceField(
        label="Reasons",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(each.value, TITLES[each]) for each in TOLD],
    )
    note = forms.CharField(
        label="Further words of the letter",
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class Settled(forms.Form):
    """The same, already chosen: what the letter on the page was made of."""

    checks = forms.CharField(widget=forms.HiddenInput, required=False)
    note = forms.CharField(widget=forms.HiddenInput, required=False)


class Acceptance(forms.Form):
    """To which agency a new domain belongs, and why a rule is waived."""

    agency = forms.ChoiceField(label="Agency", required=False)
    despite = forms.CharField(
        label="Why it is accepted although a rule is not met",
        required=False,
        max_length=600,
        help_text="It is kept with the application.",
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["agency"].choices = choices  # type: ignore[attr-defined]


@opens(read="application.read")
def queue(request: Asked) -> HttpResponse:
    """List the applications that wait, oldest first."""
    everything = request.GET.get("show") == "all"
    waiting, late = queries.waiting(by=request.actor, now=request.now)
    here = reverse("desk:applications")
    context = {
        "title": "Applications",
        "rows": page_of(queries.queue(by=request.actor, now=request.now, everything=everything), request),
        "waiting": waiting,
        "late": late,
        "everything": everything,
        "views": [
            View("Waiting", here, waiting, not everything),
            View("All", f"{here}?show=all", None, everything),
        ],
    }
    return render(request, "desk/applications.html", context)


@opens(read="application.read")
def case(request: Asked, application: str) -> HttpResponse:
    """Show one application with everything it is decided by."""
    view = vetting.open_application(application=application, by=request.actor, now=request.now)
    names = people.names({view.proposed_by, view.decided_by} - {""})
    context = {
        "title": "Application",
        "crumbs": [Crumb("Applications", reverse("desk:applications")), Crumb(view.reference, mono=True)],
        "application": view,
        "six": [answer for answer in view.answers if answer.is_rule],
        "further": [answer for answer in view.answers if not answer.is_rule],
        "parts": [
            _facts(view, "Applicant", PERSONAL),
            _facts(view, "Agency", OFFICIAL),
            _facts(view, "Supervisor", SUPERVISOR),
        ],
        "credentials": [file for file in view.mail.files if file.kind != "form"],
        "may_look": may(request.actor, "mail.read"),
        "may_decide": may(request.actor, "application.decide"),
        "proposer": names.get(view.proposed_by, view.proposed_by),
        "decider": names.get(view.decided_by, view.decided_by),
        "mine": view.proposed_by == request.actor.ref,
        "reasons": Reasons(
            initial={"checks": [a.check.value for a in view.answers if not a.met and a.is_rule]}
        ),
        "told": [TITLES[check] for check in view.reasons],
    }
    return render(request, "desk/application.html", context)


@opens(read="mail.read")
def credential(request: Asked, application: str, part: str) -> HttpResponse:
    """Give the harmless copy of a file that came with an application; that it was taken is recorded."""
    message = queries.message_of(application, by=request.actor, now=request.now)
    kind, content = inbox.take_part(
        message=message, part=part, original=False, by=request.actor, now=request.now
    )
    answer = HttpResponse(content, content_type=kind if kind in PICTURES else "application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="credential-{part}"'
    answer["Cache-Control"] = "no-store"
    return answer


@opens(read="application.decide", write="application.decide")
def accept(request: Asked, application: str) -> HttpResponse:
    """Accept an application, or propose to where its domain was never seen before."""
    line = queries.line(application, by=request.actor, now=request.now)
    known = queries.homes(application, by=request.actor, now=request.now)
    form = Acceptance(request.POST or None, choices=_choices(request, known))

    def do(given: dict[str, Any]) -> str:
        vetting.accept(application=application, by=request.actor, now=request.now, **given)
        return _address(application)

    unmet = [TITLES[check] for check in line.unmet if check in SIX]
    points = [
        "A profile is made in this person's name, with the role of a law-enforcement user.",
        "Two messages leave at once: one with the code word, one with the link that sets the password "
        f"({policy.at(request.now).link_life}).",
    ]
    if not known:
        second = line.state is ApplicationState.PROPOSED
        points.insert(0, "The domain was never seen before: " + (
            "you are the second person, and confirm exactly what was proposed." if second
            else "this proposes it; a second person confirms it."
        ))  # fmt: skip
    rows = [Row("What happens", points=points)]
    if unmet:
        rows.append(Row("Not met", points=unmet))
    return acts.run(
        request,
        form=form,
        page=_page(line, "Accept", "Accept the application", rows),
        do=do,
        done="The decision is kept.",
    )


@opens(read="application.decide", write="application.decide")
def send_back(request: Asked, application: str) -> HttpResponse:
    """Return an application, with the letter as it will be sent."""
    return _with_letter(request, application, "return")


@opens(read="application.decide", write="application.decide")
def refuse(request: Asked, application: str) -> HttpResponse:
    """Refuse an application, with the letter as it will be sent."""
    return _with_letter(request, application, "refuse")


@opens(read="application.decide", write="application.decide")
def take_back(request: Asked, application: str) -> HttpResponse:
    """Undo a proposal that nobody confirmed."""
    line = queries.line(application, by=request.actor, now=request.now)

    def do(_: dict[str, Any]) -> str:
        vetting.take_proposal_back(application=application, by=request.actor, now=request.now)
        return _address(application)

    rows = [Row("What happens", text="The proposal is void, and the application waits again.")]
    page = _page(line, "Take the proposal back", "Take the proposal back", rows)
    return acts.run(
        request, form=Nothing(request.POST or None), page=page, do=do, done="The proposal is taken back."
    )


@opens(read="application.decide", write="application.decide")
def new_link(request: Asked, application: str) -> HttpResponse:
    """Send a new link to somebody whose link ran out."""
    line = queries.line(application, by=request.actor, now=request.now)

    def do(_: dict[str, Any]) -> str:
        vetting.issue_again(application=application, by=request.actor, now=request.now)
        return _address(application)

    points = [
        f"A new link is sent to the address of the profile. It is good for {policy.at(request.now).link_life} (R-066).",
        "The link before it stops working.",
    ]
    page = _page(line, "Send a new link", "Send a new link", [Row("What happens", points=points)])
    return acts.run(
        request, form=Nothing(request.POST or None), page=page, do=do, done="A new link is on its way."
    )


def _with_letter(request: Asked, application: str, decision: str) -> HttpResponse:
    line = queries.line(application, by=request.actor, now=request.now)
    chosen = Reasons(request.GET)
    given: dict[str, Any] = chosen.cleaned_data if chosen.is_valid() else {"checks": [], "note": ""}
    if request.method == "POST":
        given = {"checks": request.POST.get("checks", "").split(), "note": request.POST.get("note", "")}
    checks = tuple(Check(name) for name in given["checks"] if name in set(Check))
    letter = queries.letter(
        application, decision=decision, checks=checks, note=given["note"], by=request.actor, now=request.now
    )
    act = vetting.return_ if decision == "return" else vetting.refuse

    def do(_: dict[str, Any]) -> str:
        act(application=application, checks=checks, note=given["note"], by=request.actor, now=request.now)
        return _address(application)

    said = "Return the application" if decision == "return" else "Refuse the application"
    rows = [
        Row("The letter", facts={"Subject": letter.subject}, verbatim=letter.text),
        Row(
            "What happens",
            points=[
                "The letter leaves at once, in the thread of the applicant's message.",
                "Nothing is promised any more; a new application is a new one.",
            ],
        ),
    ]
    form = Settled(
        request.POST or None,
        initial={"checks": " ".join(check.value for check in checks), "note": given["note"]},
    )
    page = _page(line, said.split()[0], said, rows, grave=decision == "refuse")
    return acts.run(request, form=form, page=page, do=do, done="The letter is on its way.")


def _page(line: ApplicationLine, verb: str, button: str, rows: list[Row], *, grave: bool = False) -> Page:
    back = _address(line.id)
    crumbs = [
        Crumb("Applications", reverse("desk:applications")),
        Crumb(line.reference, back, mono=True),
        Crumb(verb),
    ]
    return Page(
        title=button,
        heading=f"{button} {line.reference}?",
        button=button,
        back=back,
        rows=rows,
        crumbs=crumbs,
        grave=grave,
    )


def _choices(request: Asked, known: list[tuple[str, str]]) -> list[tuple[str, str]]:
    if known:
        return known
    entered = [
        (each.id, f"{each.name}, {each.subdivision}")
        for each in agencies.agencies(by=request.actor, now=request.now)
    ]
    return [("", "Enter the agency from the form"), *entered]


def _facts(
    view: ApplicationView, title: str, fields: tuple[tuple[str, str], ...]
) -> tuple[str, list[tuple[str, str]]]:
    return title, [(label, _read(view, name)) for label, name in fields]


def _read(view: ApplicationView, name: str) -> str:
    """Return a field of the form as its printed choice reads; what is no choice of the form stays as it was typed."""
    value = str(getattr(view.form, name))
    country = view.form.agency_country
    if name == "agency_subdivision":
        names = SUBDIVISIONS[Country(country)] if country in set(Country) else {}
        return f"{names[value]} ({value})" if value in names else value
    if name == "agency_country":
        return COUNTRIES.get(value, value)
    return worded(value) if name in CHOICES and value else value


def _address(application: str) -> str:
    return reverse("desk:application", args=[application])
