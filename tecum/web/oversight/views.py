"""The state of the numbers, the records of disclosure, the figures of look-ups."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from tecum.access.rules import may
from tecum.accounts import queries as people
from tecum.agencies import queries as agencies
from tecum.audit.rules import Receipt
from tecum.customers import queries as customers
from tecum.inventory import operations as numbers
from tecum.inventory import queries as inventory
from tecum.kernel.refusals import NotYours, Refused
from tecum.lookup import operations as lookup
from tecum.lookup import queries as lookups
from tecum.lookup.operations import Purpose
from tecum.lookup.rules import DisclosureView, LookupView, StaffLine
from tecum.policy import queries as policy
from tecum.web.gates import opens
from tecum.web.oversight import figures
from tecum.web.oversight.forms import AssistForm, DisclosureFilter, HistoryForm, NumberForm
from tecum.web.refusals import remember
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import View

PAGE = 50
NUMBERS = (
    ("State and loads", "oversight:numbers", "inventory.read"),
    ("Who has a number now", "oversight:number_now", "lookup.assist"),
    ("Past of a number", "oversight:number_past", "inventory.history"),
    ("Subscriber lists", "oversight:subscribers", "subscriber.read"),
    ("The guide", "desk:guide", "guide.read"),
)
LOOK_UPS = (
    ("Disclosures", "oversight:disclosures", "disclosure.read"),
    ("Look-ups by week", "oversight:look_ups", "lookup.figures"),
    ("Reports", "reports:reports", "report.read"),
    ("The guide", "desk:guide", "guide.read"),
)
WEEKS = 13


@opens(read="inventory.read")
@never_cache
def numbers_state(request: Asked) -> HttpResponse:
    """Show what is loaded, how old it is, and the last loads."""
    loads = inventory.loads(by=request.actor, now=request.now)
    rule = inventory.freshness(request.now)
    context = {
        "title": "Numbers",
        "views": _views(request, "oversight:numbers", *NUMBERS),
        "state": inventory.state(now=request.now),
        "rule": rule,
        "most": float(rule.max_change),
        "loads": loads,
        "names": people.names({load.by for load in loads}),
    }
    return render(request, "oversight/numbers.html", context)


@opens(read="lookup.assist", write="lookup.assist")
@never_cache
def number_now(request: Asked) -> HttpResponse:
    """Look numbers up for a case of ours: staff see the customer, and why an officer would have no result (A17)."""
    guide = policy.at(request.now)
    form = AssistForm(request.POST if request.method == "POST" else None, batch=guide.lookup.quota.batch)
    view, lines = _assisted(request, form) if form.is_bound and form.is_valid() else (None, [])
    context = {
        "title": "Who has a number now",
        "views": _views(request, "oversight:number_now", *NUMBERS),
        "form": form,
        "allowed": guide.lookup.assisted.allowed,
        "view": view,
        "lines": lines,
        "receipt": Receipt(view.receipt).text if view else "",
        "customers": customers.cards({line.customer for line in lines if line.customer}),
    }
    return render(request, "oversight/now.html", context, status=422 if form.errors else 200)


def _assisted(request: Asked, form: AssistForm) -> tuple[LookupView | None, list[StaffLine]]:
    given = form.cleaned_data
    purpose = Purpose(given["case"], attested=given["confirmed"], says=given["purpose"])
    try:
        return lookup.assist(text=given["numbers"], purpose=purpose, by=request.actor, now=request.now)
    except NotYours:
        raise
    except Refused as refusal:
        remember(request, type(refusal).__name__)
        form.add_error("numbers", str(refusal))
        return None, []


@opens(read="inventory.history", write="inventory.history")
@never_cache
def number_past(request: Asked) -> HttpResponse:
    """Show who had a number and when, for a case of ours; that somebody looked is recorded first (A17)."""
    form = HistoryForm(request.POST if request.method == "POST" else None)
    past = _past(request, form) if form.is_bound and form.is_valid() else None
    context = {
        "title": "Past of a number",
        "views": _views(request, "oversight:number_past", *NUMBERS),
        "form": form,
        "past": past,
        "asked": form.cleaned_data["number"] if past else "",
        "case": form.cleaned_data["case"] if past else "",
        "customers": customers.cards(_owners(past)) if past else {},
    }
    return render(request, "oversight/past.html", context, status=422 if form.errors else 200)


@opens(read="disclosure.read", write="disclosure.read")
@never_cache
def disclosures(request: Asked) -> HttpResponse:
    """
    List every revealed answer, newest first (47 CFR 64.2009(c)); numbers are hidden until asked for.

    A number is searched for, and numbers are shown, by POST: neither may stand in an address. Both are recorded.
    """
    narrowed = DisclosureFilter(request.GET, auto_id="filter_%s")
    given = narrowed.cleaned_data if narrowed.is_valid() else {}
    search = NumberForm(request.POST if "number" in request.POST else None)
    number = search.cleaned_data["number"] if search.is_bound and search.is_valid() else ""
    shown = request.method == "POST" and not search.errors
    at = _page_number(request)
    rows, count = lookup.read_disclosures(
        by=request.actor,
        now=request.now,
        customer=given.get("customer", ""),
        person=_ref(given.get("person", "")),
        number=number,
        start=(at - 1) * PAGE,
        most=PAGE,
        reveal=shown,
    )
    context = {
        "title": "Disclosures",
        "views": _views(request, "oversight:disclosures", *LOOK_UPS),
        "filter": narrowed,
        "search": search,
        "page": _window(rows, count, at),
        "rows": rows,
        "shown": shown,
        "customers": customers.cards({row.customer for row in rows}),
        "people": people.names({row.to_person for row in rows}),
        "agencies": agencies.names({row.to_agency for row in rows}),
        "may_breaches": may(request.actor, "breach.read"),
    }
    return render(request, "oversight/disclosures.html", context, status=422 if search.errors else 200)


@opens(read="lookup.figures")
@never_cache
def look_ups(request: Asked) -> HttpResponse:
    """Show the hit rate by week (R-036) and what looks like mapping of our numbers (W10)."""
    weeks = lookups.hit_rate(by=request.actor, weeks=WEEKS, now=request.now)
    terms = policy.at(request.now).lookup.scanning
    found = lookups.scanning(by=request.actor, since=request.now - terms.within.elapsed, now=request.now)
    names = agencies.names(set(found))
    asked = [week for week in weeks if week.asked]
    context = {
        "title": "Look-ups",
        "views": _views(request, "oversight:look_ups", *LOOK_UPS),
        "weeks": asked,
        "bars": figures.bars(weeks) if asked else [],
        "terms": terms,
        "warnings": [
            figures.warning(names.get(agency, agency), scan)
            for agency, scans in found.items()
            for scan in scans
        ],
    }
    return render(request, "oversight/look_ups.html", context)


def numbers_views(request: Asked, here: str) -> list[View]:
    """Return the pages about numbers and subscribers that the reader may open."""
    return _views(request, here, *NUMBERS)


def _views(request: Asked, here: str, *pages: tuple[str, str, str]) -> list[View]:
    """Return the pages beside this one that the reader may open; nothing where it stands alone."""
    mine = [page for page in pages if request.actor.may(page[2])]
    return (
        [View(label, reverse(page), current=page == here) for label, page, _ in mine] if len(mine) > 1 else []
    )


def _past(request: Asked, form: HistoryForm) -> inventory.NumberHistory | None:
    given = form.cleaned_data
    try:
        return numbers.read_history(given["number"], case=given["case"], by=request.actor, now=request.now)
    except NotYours:
        raise
    except Refused as refusal:
        remember(request, type(refusal).__name__)
        form.add_error(None, str(refusal))
        return None


def _owners(past: inventory.NumberHistory) -> set[str]:
    now = {past.current.customer} if past.current else set()
    return now | {row.customer for row in past.past}


def _ref(person: str) -> str:
    return f"person:{person}" if person and not person.startswith("person:") else person


def _page_number(request: Asked) -> int:
    text = request.GET.get("page", "1")
    return max(int(text), 1) if text.isdecimal() and len(text) < 9 else 1


def _window(rows: list[DisclosureView], count: int, at: int) -> Page[Any]:
    """Return the page that was read as a paginator shows it; its rows are not read again."""
    paginator: Paginator[Any] = Paginator(range(count), PAGE)
    return paginator.get_page(at)
