"""The reports: which there are, what one says and how to check it, and the acts on it."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache

from tecum.access.rules import may
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy
from tecum.reports import operations as reports
from tecum.reports import queries
from tecum.reports.drivers import drawing
from tecum.reports.operations import File
from tecum.reports.queries import ReportView
from tecum.reports.rules.content import Picture
from tecum.reports.states import TITLES, Name, ReportState
from tecum.web import acts
from tecum.web.acts import Page, Row
from tecum.web.gates import opens
from tecum.web.lists import page_of
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb, View

HOME = "reports:reports"
WORDS = "Where there was nothing, say that there was nothing."


class Wanted(forms.Form):
    """Which report of which period."""

    name = forms.ChoiceField(label="Report", choices=[(name.value, TITLES[name]) for name in Name])
    period = forms.CharField(
        label="Period", max_length=10, help_text="A period that is over: 2026, 2026-H1, 2026-Q3 or 2026-09."
    )

    def __init__(self, *words: Any, known: list[str], **more: Any) -> None:
        super().__init__(*words, **more)
        self.fields["period"].help_text += f" The last ones that are over: {', '.join(known)}."


class Statement(forms.Form):
    """What an officer states beside the statement itself."""

    title = forms.CharField(label="Your office", max_length=120, help_text="As it is signed.")
    procedures = forms.CharField(
        label="How the carrier’s procedures ensure compliance",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    brokers = forms.CharField(
        label="Actions taken against data brokers in that year", max_length=4000, help_text=WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    complaints = forms.CharField(
        label="Customers’ complaints about unauthorised release", max_length=4000, help_text=WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    digest = forms.CharField(widget=forms.HiddenInput)


@opens(read="report.read")
@never_cache
def queue(request: Asked) -> HttpResponse:
    """List the reports, what was asked for last first."""
    name = request.GET.get("name", "")
    name = name if name in set(Name) else ""
    page = page_of(queries.reports(by=request.actor, now=request.now, name=name), request)
    rows = list(page)
    here = reverse(HOME)
    context = {
        "title": "Reports",
        "page": page,
        "rows": rows,
        "who": queries.who(rows),
        "views": [
            View("All", here, None, not name),
            *(View(TITLES[each], f"{here}?name={each}", None, each == name) for each in Name),
        ],
        "may_make": may(request.actor, "report.make"),
    }
    return render(request, "reports/reports.html", context)


@opens(read="report.make", write="report.make")
@never_cache
def make(request: Asked) -> HttpResponse:
    """Ask for a report; the jobs make it."""
    known = queries.periods(request.now)
    form = Wanted(acts.posted(request), known=known, initial={"name": request.GET.get("name", "")})

    def do(given: dict[str, Any]) -> str:
        asked = reports.ask(by=request.actor, now=request.now, **given)
        return reverse("reports:report", args=[asked.id])

    page = Page(
        title="Make a report", button="Make the report", back=reverse(HOME),
        crumbs=[Crumb("Reports", reverse(HOME)), Crumb("Make")],
        lead="It is derived from the trail alone, as it is sealed now. A report is never changed: made again, it is another one.",
    )  # fmt: skip
    return acts.run(request, form=form, page=page, do=do, done="It is asked for.")


@opens(read="report.read")
@never_cache
def case(request: Asked, report: str) -> HttpResponse:
    """Show one report: figures, pictures, tables, how it was counted and how to check it."""
    view = queries.report(id=report, by=request.actor, now=request.now)
    content = queries.named(view.content) if view.content else None
    guide = policy.at(request.now)
    yearly = view.name is Name.DISCLOSURES and len(view.period) == 4
    context = {
        "title": TITLES[view.name],
        "crumbs": [Crumb("Reports", reverse(HOME)), Crumb(view.reference, mono=True)],
        "view": view,
        "content": content,
        "pictures": [_drawn(one, f"p{at}") for at, one in enumerate(content.pictures)] if content else [],
        "about": queries.about(view, now=request.now) if content else [],
        "signed": queries.signed(view, now=request.now),
        "who": queries.who([view]),
        "register": view.name is Name.DISCLOSURES,
        "due_on": queries.due_on(guide, int(view.period)) if yearly else "",
        "certified_by": guide.disclosure_register.citation,
        "may_certify": yearly and content and not view.certificate and may(request.actor, "report.certify"),
    }
    return render(request, "reports/report.html", context)


def _drawn(picture: Picture, ident: str) -> tuple[Picture, SafeString]:
    """Return a picture with its SVG, in which every text is escaped."""
    return picture, mark_safe(drawing.svg(picture, ident=ident))  # noqa: S308


@opens(read="report.read", write="report.read")
@never_cache
def again(request: Asked, report: str) -> HttpResponse:
    """Ask that a report be derived again."""
    view = _made(request, report)

    def do(given: dict[str, Any]) -> str:
        reports.ask_again(report=view.id, by=request.actor, now=request.now)
        return _address(view)

    rows = [
        Row("What is derived again", facts={"Report": view.title, "From": f"the first {view.size:,} entries"}),
        Row("What happens", points=[
            "The same entries of the trail are read and counted again by the same version of the guide.",
            "The root over the entries and the hash of the content are compared with those of the report.",
            "What comes of it stands on the report and in the trail.",
        ]),
    ]  # fmt: skip
    page = _page(view, "Derive it again", "Derive it again", rows=rows)
    return acts.run(request, form=acts.Nothing(acts.posted(request)), page=page, do=do, done="The jobs derive it again.")  # fmt: skip


@opens(read="report.certify", write="report.certify")
@never_cache
def certify(request: Asked, report: str) -> HttpResponse:
    """Let an officer of the carrier state what the rule asks."""
    view = _made(request, report)
    rule = policy.at(request.now).disclosure_register
    form = Statement(acts.posted(request), initial={"digest": view.digest})

    def do(given: dict[str, Any]) -> str:
        reports.certify(report=view.id, by=request.actor, now=request.now, **given)
        return _address(view)

    rows = [
        Row("What you state", text=rule.statement),
        Row("About", facts={"Report": view.title, "SHA-256": _in_groups(view.digest)}, text=view.content.lead if view.content else ""),
        Row("What happens", text="Your name, your office, the moment and these words are kept with the report and in the trail. Nobody can change them."),
    ]  # fmt: skip
    page = _page(view, "Certify as an officer of the carrier", "Certify", rows=rows, grave=True)
    return acts.run(request, form=form, page=page, do=do, done="It is certified.")


@opens(read="report.read")
@never_cache
def export(request: Asked, report: str, form: str) -> HttpResponse:
    """Hand a report over as PDF, CSV or XLSX."""
    return _file(reports.export(report=report, form=form, by=request.actor, now=request.now))


@opens(read="report.read")
@never_cache
def lines(request: Asked, report: str, form: str) -> HttpResponse:
    """Hand the lines of a register over."""
    return _file(reports.export(report=report, form=form, what="lines", by=request.actor, now=request.now))


def _file(file: File) -> HttpResponse:
    answer = HttpResponse(file.content, content_type=file.media_type)
    answer["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return answer


def _made(request: Asked, report: str) -> ReportView:
    view = queries.report(id=report, by=request.actor, now=request.now)
    if view.state is not ReportState.MADE:
        raise NotYours
    return view


def _page(view: ReportView, title: str, button: str, **more: Any) -> Page:
    crumbs = [Crumb("Reports", reverse(HOME)), Crumb(view.reference, _address(view), mono=True), Crumb(title)]
    return Page(title=title, button=button, back=_address(view), crumbs=crumbs, **more)


def _in_groups(digest: str) -> str:
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


def _address(view: ReportView) -> str:
    return reverse("reports:report", args=[view.id])
