"""The records of interceptions: which wait for a signature, one with all it says, and the act of signing it."""

from datetime import datetime
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
from tecum.surveillance.operations import certifying
from tecum.surveillance.queries import certifications as queries
from tecum.surveillance.queries.certifications import CertificationView
from tecum.surveillance.rules.interceptions import Record
from tecum.surveillance.rules.reviewing import TYPES
from tecum.surveillance.states import CertificationState
from tecum.web.acts import Nothing, Page, Row, calls, pages, posted, run
from tecum.web.gates import opens
from tecum.web.lists import page_of
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb

SHOWS = {"open": "To be signed", "all": "All"}
MOST_COMPROMISES = 50  # those of which no agency was told stand first
WHY = {"started": "The start", "extended": "An extension", "changed": "A change", "ended": "The end"}

_page = pages("Certifications", "orders:certifications", "orders:certification")


@opens(read="surveillance.read")
def certifications(request: Asked) -> HttpResponse:
    """Show the records that wait for a signature, what has no record, and the reports of compromise."""
    by, now = request.actor, request.now
    show = request.GET.get("show", "open")
    show = show if show in SHOWS else "open"
    compromises = queries.compromises(by=by, now=now)
    rows = page_of(queries.certifications(by=by, now=now, show=show), request)
    context = {
        "title": "Certifications",
        "rows": rows,
        "show": show,
        "shows": [(key, label, key == show) for key, label in SHOWS.items()],
        "unbalanced": queries.unbalanced(by=by, now=now),
        "compromises": compromises[:MOST_COMPROMISES],
        "compromised": len(compromises),
        "names": people.names({row.overseer for row in rows} - {""}),
        "switches": {each.id: each.name for each in policy.at(now).switches},
        "me": by.ref,
        "may_certify": may(by, "surveillance.certify"),
        "may_report": may(by, "surveillance.report"),
    }
    return render(request, "orders/certifications.html", context)


@opens(read="surveillance.read")
@never_cache
def certification(request: Asked, certification: str) -> HttpResponse:
    """Show one record with everything that 47 CFR 1.20004 asks for, and every signature under it."""
    by, now = request.actor, request.now
    view, said = certifying.show(certification=certification, by=by, now=now)
    context = {
        "title": view.reference,
        "crumbs": [among(), Crumb(view.reference, mono=True)],
        "view": view,
        "said": said,
        "begins": _at(said.begins),
        "stretches": [(each, _at(each.begins), _at(each.ends)) for each in said.stretches],
        "switches": {each.id: each.name for each in policy.at(now).switches},
        "lacks": said.lacks(),
        "why": WHY,
        "names": people.names({view.overseer, *(each.signed_by for each in view.sheets)} - {""}),
        "mine": view.overseer == by.ref,
        "open": view.state is CertificationState.OPEN,
        "may_certify": may(by, "surveillance.certify"),
        "may_report": may(by, "surveillance.report"),
    }
    return render(request, "orders/certification.html", context)


class Sign(forms.Form):
    """The own name, under the hash of what was read."""

    name = forms.CharField(label="Your full name", help_text="As it stands in your account.", max_length=200)
    digest = forms.CharField(widget=forms.HiddenInput)


@opens(read="surveillance.certify", write="surveillance.certify")
@never_cache
def sign(request: Asked, certification: str) -> HttpResponse:
    """Sign a record as the employee who oversees the interception."""
    view, said = certifying.show(certification=certification, by=request.actor, now=request.now)
    form = Sign(posted(request), initial={"digest": view.digest})
    rows = (
        Row("The record", facts=_facts(view, said)),
        Row("What the switches did", points=[_line(each, request) for each in said.stretches]),
        Row(
            "Appended",
            points=[f"{paper.kind.capitalize()} {paper.number}: {name}" for paper in said.papers for name, _, _ in paper.files]
            or ["No paper is known."],
        ),
        Row(
            "What you certify",
            "That you oversee this interception, and that this record is complete and accurate (47 CFR 1.20004). "
            "It is printed with your name, kept under seal, and cannot be changed; a change later is signed anew.",
        ),
        Row("Hash of exactly this", verbatim=" ".join(view.digest[at : at + 8] for at in range(0, 64, 8))),
    )  # fmt: skip

    page = _page(view, "Sign the record", "Sign it", rows=rows)
    return run(
        request,
        form=form,
        page=page,
        do=calls(request, certifying.sign, certification=certification),
        done="Signed. The PDF is kept with the papers appended.",
    )


class Why(forms.Form):
    """Why another employee oversees it."""

    why = forms.CharField(label="Why", help_text="It stands in the record.", max_length=300)


class Complete(forms.Form):
    """What the rule asks for and our papers lack."""

    officer = forms.CharField(label="Officer who presented the authorization", max_length=200)
    signer = forms.CharField(
        label="Person who signed the authorization", max_length=200, help_text="Name and office, as in: Hon. R. Okonkwo, judge"
    )  # fmt: skip
    number = forms.CharField(
        label="Number it was about", required=False, max_length=40, help_text="Where somebody found it out."
    )
    types = forms.MultipleChoiceField(
        label="Type", required=False, widget=forms.CheckboxSelectMultiple, choices=[(str(each), label) for each, label in TYPES.items()]
    )  # fmt: skip


@opens(read="surveillance.certify", write="surveillance.certify")
@never_cache
def complete(request: Asked, certification: str) -> HttpResponse:
    """Write down what a record lacks."""
    view, said = certifying.show(certification=certification, by=request.actor, now=request.now)
    form = Complete(posted(request), initial={"officer": said.officer, "signer": said.signer})
    if view.authorized:
        del form.fields["number"], form.fields["types"]

    page = _page(
        view,
        "Write down what it lacks",
        "Write it down",
        lead="It is kept with the record, and signed with it.",
    )
    return run(
        request,
        form=form,
        page=page,
        do=calls(request, certifying.complete, certification=certification),
        done="Written down.",
    )


@opens(read="surveillance.certify", write="surveillance.certify")
def take_over(request: Asked, certification: str) -> HttpResponse:
    """Become the employee who oversees an interception."""
    view = queries.view(queries.row_of(certification, by=request.actor, now=request.now))

    page = _page(
        view, "Take it over", "Take it over", lead="From now on you are the employee who oversees this interception; the record says why."
    )  # fmt: skip
    return run(
        request,
        form=Why(posted(request)),
        page=page,
        do=calls(request, certifying.take_over, certification=certification),
        done="You oversee it now.",
    )


@opens(read="surveillance.certify", write="surveillance.certify")
def record_now(request: Asked, surveillance: str) -> HttpResponse:
    """Open a record that is missing."""
    back = reverse("orders:certifications")

    page = Page(
        "Open the missing record", "Open it", back, crumbs=(among(), Crumb("Open")),
        lead="Everything that the switches showed of this surveillance gets its record. Say on the case why it was missing.",
    )  # fmt: skip
    return run(
        request,
        form=Nothing(posted(request)),
        page=page,
        do=calls(request, certifying.record_now, surveillance=surveillance),
        done="The record is open.",
    )


@opens(read="surveillance.read")
@never_cache
def sheet(request: Asked, certification: str, ordinal: int) -> HttpResponse:
    """Show what was signed as PDF, with the papers appended; that it was taken is kept."""
    content = certifying.print_sheet(
        certification=certification, ordinal=ordinal, by=request.actor, now=request.now
    )
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="certification-{ordinal}.pdf"'
    return answer


def among() -> Crumb:
    """Return the list of records as a step of the way."""
    return Crumb("Certifications", reverse("orders:certifications"))


def _facts(view: CertificationView, said: Record) -> dict[str, str]:
    return {
        "Officer presenting it": ", ".join(filter(None, (said.officer, said.agency))) or "not known",
        "Person signing it": said.signer or "not known",
        "Employee overseeing": ", ".join(filter(None, (said.overseer, said.title))) or "nobody yet",
        "Surveillance": view.surveillance_reference or "none of ours",
    }


def _line(each: Any, request: Asked) -> str:
    zone = policy.at(request.now).carrier.zone.tz
    began, ended = _at(each.begins), _at(each.ends)
    kinds = ", ".join(kind.replace("_", " ") for kind in each.types) or "type not known"
    said = f"{each.number or each.circuit}: {kinds}, {each.service}, on {each.switch}"
    if began:
        said += f", from {words.moment(began, zone)}"
    said += f" until {words.moment(ended, zone)}" if ended else ", still on"
    return f"{said}. Without authorization: {each.without}." if each.without else f"{said}."


def _at(iso: str) -> datetime | None:
    return datetime.fromisoformat(iso) if iso else None
