"""Search for staff: only inside a case, only what its approved scope grants; counted first, then started, watched, cancelled."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from tecum.accounts import queries as people
from tecum.cases import queries as cases
from tecum.demands import operations as demands
from tecum.demands import queries
from tecum.kernel import numbers
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy
from tecum.web import acts
from tecum.web.acts import Nothing, Page, Row
from tecum.web.gates import opens
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb

SIGNS = {
    "WAITING": ("ask", "Waits"),
    "RUNNING": ("to", "Running"),
    "DONE": ("ok", "Done"),
    "STOPPED": ("no", "Stopped"),
    "CANCELLED": ("no", "Cancelled"),
}
STRETCHES = {
    "covered": ("ok", "covered"),
    "uncovered": ("no", "not covered"),
    "expired": ("no", "expired"),
    "not_yet": ("ask", "not yet"),
}


@opens(read="production.prepare", write="production.prepare")
@never_cache
def search(request: Asked, case: str) -> HttpResponse:
    """Show what the scope would find, how far a search is and what became of earlier ones; start one."""
    home = cases.case(case=case, by=request.actor, now=request.now)
    here = reverse("desk:case_search", args=[case])
    if request.method == "POST":

        def do(_: dict[str, Any]) -> str:
            demands.gather(case=case, by=request.actor, now=request.now)
            return here

        page = Page("Search", "Search", here, rows=[Row("Case", home.reference)])
        return acts.run(
            request, form=Nothing(request.POST), page=page, do=do, done="The search is asked for and runs by itself."
        )  # fmt: skip
    runs = queries.searches(case=case, by=request.actor, now=request.now)
    refused, counted = "", []
    try:
        counted = demands.count(case=case, by=request.actor, now=request.now)
    except demands.CannotSearch as fault:
        refused = str(fault)
    context = {
        "title": "Search",
        "crumbs": [
            Crumb("Cases", reverse("desk:cases")),
            Crumb(home.reference, reverse("desk:case", args=[case]), mono=True),
            Crumb("Search"),
        ],
        "case": home,
        "refused": refused,
        "counted": [
            (each, _grouped(each.number), [(part.period, STRETCHES[part.state]) for part in each.coverage])
            for each in counted
        ],
        "total": sum(each.rows for each in counted),
        "runs": [(each, SIGNS[each.state]) for each in runs],
        "open": next((each for each in runs if each.open), None),
        "orders": [
            (each, _grouped(each.number))
            for each in queries.work_orders(case=case, by=request.actor, now=request.now)
        ],
        "products": {product.id: product.name for product in policy.at(request.now).products},
        "names": people.names({each.asked_by for each in runs}),
    }
    return render(request, "desk/search.html", context)


@opens(read="production.prepare", write="production.prepare")
@never_cache
def cancel(request: Asked, case: str, search: str) -> HttpResponse:
    """Cancel a search."""
    here = reverse("desk:case_search", args=[case])
    runs = queries.searches(case=case, by=request.actor, now=request.now)
    known = next((each for each in runs if each.id == search), None)
    if known is None:
        raise NotYours

    def do(_: dict[str, Any]) -> str:
        demands.cancel_search(search=search, by=request.actor, now=request.now)
        return here

    page = Page(
        title="Cancel a search", button="Cancel the search", back=here, heading="Cancel this search?",
        rows=[Row("What happens", "It ends at the next look, and nothing that it found is kept.")],
        keep="Let it run",
    )  # fmt: skip
    return acts.run(
        request,
        form=Nothing(acts.posted(request)),
        page=page,
        do=do,
        done="Cancelled. Nothing of it was kept.",
    )


def _grouped(number: str) -> str:
    return numbers.grouped(number) if numbers.is_canonical(number) else number
