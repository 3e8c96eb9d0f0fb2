"""The desk's pages about consents: recording, withdrawing, the document, and the campaign with its coverage."""

from datetime import UTC, datetime, time
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tecum.access.rules import may
from tecum.customers import operations, queries
from tecum.customers.rules import CampaignRow, Paper
from tecum.customers.states import CampaignState
from tecum.reports import queries as reports
from tecum.web import acts, lists
from tecum.web.acts import Page, Reason, Row
from tecum.web.coverage import coverage_of
from tecum.web.desk import forms
from tecum.web.gates import opens
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb, View


@opens(read="consent.read")
def campaign(request: Asked) -> HttpResponse:
    """Show where each customer stands, the share of the inventory covered, and the reminders due (R-035, R-036)."""
    reach = reports.reach(by=request.actor, now=request.now)
    rows, counts, reached = list(reach.rows), reach.counts, reach.reached
    filter = forms.CampaignFilter(request.GET, auto_id="filter_%s")
    shown = [row for row in rows if _wanted(row, filter, request)]
    page = lists.page_of(shown, request)
    today = request.now.date()
    context = {
        "title": "Consents",
        "crumbs": [Crumb("Customers", reverse("desk:customers")), Crumb("Consent campaign")],
        "filter": filter,
        "page": page,
        "rows": [
            (row, counts.get(row.customer, 0), reached[row.customer], row.due(today))
            for row in page.object_list
        ],
        "coverage": coverage_of(rows, counts, reached),
        "views": _views(rows, request),
        "may_note": may(request.actor, "consent.campaign"),
    }
    return render(request, "desk/consents.html", context)


@opens(read="consent.campaign", write="consent.campaign")
def note(request: Asked, customer: str) -> HttpResponse:
    """Note a step of the campaign."""
    found = queries.customer(id=customer, by=request.actor, now=request.now)

    def do(given: dict[str, Any]) -> str:
        operations.note_campaign(customer=customer, by=request.actor, now=request.now, **given)
        return _address(customer)

    page = _page(found.name, customer, title="Note a step of the campaign", button="Keep the note")
    return acts.run(
        request, form=forms.CampaignStep(acts.posted(request)), page=page, do=do, done="The note is kept."
    )


@opens(read="consent.record", write="consent.record")
def record(request: Asked, customer: str) -> HttpResponse:
    """Record a consent that reached the carrier on paper or by word."""
    found = queries.customer(id=customer, by=request.actor, now=request.now)
    form = forms.RecordedConsent(acts.posted(request), request.FILES or None)

    def do(given: dict[str, Any]) -> str:
        file = given.pop("document")
        given["good_until"] = midnight(given["good_until"])
        paper = Paper(file.name, _media_type(file.name), file.read())
        operations.give_consent(customer=customer, paper=paper, by=request.actor, now=request.now, **given)
        return _address(customer)

    page = _page(
        found.name,
        customer,
        title="Record a consent",
        lead="It replaces the one in force at once. The document is the evidence and is kept with it (47 CFR 64.2007).",
        button="Record the consent",
        upload=True,
    )
    return acts.run(request, form=form, page=page, do=do, done="The consent is recorded and in force.")


@opens(read="consent.withdraw_for", write="consent.withdraw_for")
def withdraw(request: Asked, customer: str) -> HttpResponse:
    """Withdraw a consent because the customer asked so elsewhere."""
    found = queries.customer(id=customer, by=request.actor, now=request.now)

    def do(given: dict[str, Any]) -> str:
        operations.withdraw_consent(customer=customer, by=request.actor, now=request.now, **given)
        return _address(customer)

    rows = [Row("What happens", points=[
        "From this moment none of its numbers is a hit, for look-ups under way too.",
        "Officers see the same non-result as for any other number; nobody is told that a consent was withdrawn.",
        "Answers already given stay recorded, with the consent they rested on.",
    ])]  # fmt: skip
    page = _page(
        found.name, customer, title="Withdraw a consent", heading=f"Withdraw the consent of {found.name}?",
        button="Withdraw the consent", rows=rows, grave=True,
    )  # fmt: skip
    return acts.run(
        request, form=Reason(acts.posted(request)), page=page, do=do, done="The consent is withdrawn."
    )


@opens(read="consent.read")
def document(request: Asked, document: str) -> HttpResponse:
    """Hand a consent's document out, as an attachment."""
    return attachment(queries.consent_document(id=document, by=request.actor, now=request.now))


def attachment(paper: Paper) -> HttpResponse:
    """Serve a document so that no browser runs or guesses anything."""
    answer = HttpResponse(paper.content, content_type=paper.media_type)
    kind = paper.media_type.rpartition("/")[2].replace("plain", "txt").replace("jpeg", "jpg")
    answer["Content-Disposition"] = f'attachment; filename="consent.{kind}"'
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = "no-store"
    return answer


def midnight(day: Any) -> datetime | None:
    """Return the first instant of a day in UTC, for a consent that is good until then."""
    return datetime.combine(day, time(), tzinfo=UTC) if day else None


def _media_type(name: str) -> str:
    """Return the type of an upload by its ending; the operation refuses what is not on its list."""
    kinds = {
        "pdf": "application/pdf",
        "png": "image/png",
        "jpg": "image/jpeg",
        "jpeg": "image/jpeg",
        "txt": "text/plain",
    }
    return kinds.get(name.rpartition(".")[2].lower(), "application/octet-stream")


def _wanted(row: CampaignRow, filter: Any, request: Asked) -> bool:
    if not filter.is_valid():
        return True
    state, due = filter.cleaned_data["state"], "due" in request.GET
    return (not state or row.state == state) and (not due or row.due(request.now.date()))


def _views(rows: list[CampaignRow], request: Asked) -> list[View]:
    address, today = reverse("desk:consents"), request.now.date()
    state, due = request.GET.get("state", ""), bool(request.GET.get("due"))
    views = [View("All", address, len(rows), current=not state and not due)]
    views.append(View("Reminders due", f"{address}?due=on", sum(row.due(today) for row in rows), current=due))
    views += [
        View(
            each.value.capitalize(),
            f"{address}?state={each.value}",
            sum(row.state == each for row in rows),
            state == each.value,
        )
        for each in CampaignState
    ]
    return views


def _page(name: str, customer: str, *, title: str, **more: Any) -> Page:
    crumbs = [Crumb("Customers", reverse("desk:customers")), Crumb(name, _address(customer)), Crumb(title)]
    return Page(title=title, back=_address(customer), crumbs=crumbs, **more)


def _address(customer: str) -> str:
    return reverse("desk:customer", args=[customer])
