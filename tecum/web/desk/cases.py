"""A case at the desk: facts, targets, papers, correspondence, gates, people, history. Review pages stand with demands."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tecum.access.rules import may
from tecum.accounts import queries as people
from tecum.agencies import queries as agencies
from tecum.approvals import queries as proposals
from tecum.cases import operations as cases
from tecum.cases import queries
from tecum.cases.operations.gates import TITLES
from tecum.cases.operations.keeping import HOLD
from tecum.cases.queries import CaseView, Filter
from tecum.cases.states import KIND_TITLES, CaseKind
from tecum.demands import queries as demands
from tecum.kernel import numbers
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy
from tecum.secrecy import queries as secrecy
from tecum.web import acts, past
from tecum.web.acts import Page
from tecum.web.gates import opens
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb, View

ROWS = 50


class Note(forms.Form):
    """What a person writes down."""

    text = forms.CharField(label="Note", max_length=10_000, widget=forms.Textarea(attrs={"rows": 5}))


@opens(read="case.read")
def queue(request: Asked) -> HttpResponse:
    """List the open cases by what is due, as far as this person may know of them."""
    here, show = reverse("desk:cases"), request.GET.get("show", "")
    mine, start = request.actor.ref, _number(request.GET.get("from", ""))
    narrowed = {
        "mine": Filter(owner=mine),
        "new": Filter(unowned=True),
        "closed": Filter(state="CLOSED", order="received"),
    }
    page = queries.cases(
        by=request.actor, now=request.now, narrowed=narrowed.get(show, Filter()), offset=start, limit=ROWS
    )
    owners = people.names({line.owner for line in page.lines})
    homes = agencies.names({line.agency for line in page.lines})
    counts = {
        name: queries.count(by=request.actor, now=request.now, narrowed=each)
        for name, each in narrowed.items()
        if name != "closed"  # of very many, and nobody works by their number
    }
    context = {
        "title": "Cases",
        "lines": [
            (each, KIND_TITLES[each.kind], homes.get(each.agency, ""), owners.get(each.owner, ""))
            for each in page.lines
        ],
        "older": f"{here}?show={show}&from={start + ROWS}" if page.more else "",
        "views": [
            View("Open", here, queries.count(by=request.actor, now=request.now), show == ""),
            View("Yours", f"{here}?show=mine", counts["mine"], show == "mine"),
            View("Nobody's", f"{here}?show=new", counts["new"], show == "new"),
            View("Closed", f"{here}?show=closed", None, show == "closed"),
        ],
    }
    return render(request, "desk/cases.html", context)


@opens(read="case.read")
def case(request: Asked, case: str) -> HttpResponse:
    """Show one case; that it was read is recorded."""
    shown = past.show(request, case)
    context = {
        "title": "Case",
        "crumbs": [Crumb("Cases", reverse("desk:cases")), Crumb(shown.file.case.reference, mono=True)],
        "file": shown.file,
        "case": shown.file.case,
        "kind": KIND_TITLES[shown.file.case.kind],
        "agency": agencies.names({shown.file.case.agency}).get(shown.file.case.agency, ""),
        "owner": people.names({shown.file.case.owner}).get(shown.file.case.owner, ""),
        "desk": next(
            (each.name for each in policy.at(request.now).desks if each.id == shown.file.case.desk), ""
        ),
        "targets": [
            (each, numbers.grouped(each.value) if numbers.is_canonical(each.value) else each.value)
            for each in shown.file.targets
        ],
        "products": {each.id: each.name for each in policy.at(request.now).products},
        "gates": [(each, TITLES.get(each.kind, each.kind.replace("_", " "))) for each in shown.file.gates],
        "may_work": may(request.actor, "case.work"),
        "may_hold": may(request.actor, "case.legal_hold"),
        "held": secrecy.is_held(shown.file.case.matter),
        "hold_waits": proposals.waiting(HOLD, case) is not None,
        "may_search": shown.file.case.kind is CaseKind.DEMAND and may(request.actor, "production.prepare"),
        **_of_a_demand(request, shown.file.case),
        **past.past(request, shown),
    }
    return render(request, "desk/case.html", context)


def _of_a_demand(request: Asked, case: CaseView) -> dict[str, Any]:
    """Return what only the case of a legal demand has: its form C, and whom the guide owes a notice."""
    if case.kind is not CaseKind.DEMAND or not may(request.actor, "demand.read"):
        return {}
    by, now = request.actor, request.now
    try:
        form = demands.surveillance_form(case=case.id, by=by, now=now)
    except NotYours:  # a case by hand, of which no demand was made
        return {}
    return {
        "form_c": form,
        "owed": demands.owed(case=case.id, by=by, now=now),
        "may_tell": may(request.actor, "demand.tell_customer"),
        "reviews": True,
    }


@opens(read="case.read")
def document(request: Asked, document: str, form: str) -> HttpResponse:
    """Give a paper, its harmless copy or as it came, as a file to keep; that it was taken is recorded."""
    original = form == "original"
    kind, name, content = cases.take_document(
        document=document, original=original, by=request.actor, now=request.now
    )
    answer = HttpResponse(content, content_type="application/octet-stream" if original else kind)
    safe = "".join(c if c.isascii() and (c.isalnum() or c in ".-_") else "_" for c in name)[:80] or "paper"
    answer["Content-Disposition"] = f'attachment; filename="{safe}"'
    answer["Cache-Control"] = "no-store"
    return answer


@opens(read="case.work", write="case.work")
def note(request: Asked, case: str) -> HttpResponse:
    """Write a note into a case."""
    known = queries.case(case=case, by=request.actor, now=request.now)
    there = reverse("desk:case", args=[case])

    def do(given: dict[str, Any]) -> str:
        cases.add_note(case=case, text=given["text"], by=request.actor, now=request.now)
        return there

    page = Page(
        title="Write a note",
        button="Keep the note",
        back=there,
        crumbs=[
            Crumb("Cases", reverse("desk:cases")),
            Crumb(known.reference, there, mono=True),
            Crumb("Note"),
        ],
    )
    return acts.run(
        request, form=Note(acts.posted(request)), page=page, do=do, done="The note is kept with the case."
    )


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 7 else 0
