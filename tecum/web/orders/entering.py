"""Entering an order that came by fax, post or at the counter; adding its particulars and other papers."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tecum.agencies import queries as agencies
from tecum.kernel import numbers
from tecum.policy import queries as policy
from tecum.surveillance.operations import orders as operations
from tecum.surveillance.operations.orders.opening import KINDS
from tecum.web import acts
from tecum.web.acts import Page, posted
from tecum.web.gates import opens
from tecum.web.orders.acts import at_order, back_to, page
from tecum.web.requests import Asked
from tecum.web.response.entering import MOST_FOUND, AddPaper, Search, as_brought
from tecum.web.response.entering import Enter as EnterDemand
from tecum.web.templatetags.frame import Crumb


class Enter(EnterDemand):
    """What stands on the paper, and when it came."""

    kind = forms.ChoiceField(label="What came", choices=list(KINDS.items()))
    field_order = (
        "kind", "channel", "day", "clock", "zone", "agency_name", "name", "phone", "fax", "email", "address", "numbers", "papers",
    )  # fmt: skip

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more, products=())
        for name in ("product", "since", "through", "testimony"):
            del self.fields[name]
        self.fields["numbers"].label = "Target numbers, one on a line"
        self.fields["numbers"].help_text = "Left empty, they are read from the paper later."

    def target_numbers(self) -> list[str]:
        """Return the target numbers as ten digits."""
        return [numbers.read(line) for line in self.cleaned_data["numbers"].splitlines() if line.strip()]


@opens(read="order.work", write="order.work")
def enter(request: Asked) -> HttpResponse:
    """Enter an order by hand; the agency is searched in the directory, or stands as the paper says."""
    by, now = request.actor, request.now
    guide = policy.at(now)
    here, chosen = reverse("orders:enter"), request.GET.get("agency", "")
    known = agencies.agency(id=chosen, by=by, now=now) if chosen else None
    asked = request.GET.get("q", "").strip()
    found = agencies.agencies(by=by, now=now, words=asked)[: MOST_FOUND + 1] if asked and not known else []
    files = request.FILES if request.method == "POST" else None
    form = Enter(posted(request), files, now=now, zone=guide.carrier.zone.tz.key)
    around = Page(
        title="Enter a court order", button="Enter the order", back=reverse("orders:orders"), upload=True,
        crumbs=(Crumb("Court orders", reverse("orders:orders")), Crumb("Enter by hand")),
        lead="What came by fax, by post or at the counter. A case opens, and the agency gets its receipt at once.",
    )  # fmt: skip

    def do(given: dict[str, Any]) -> str:
        made = operations.enter(
            kind=given["kind"], channel=given["channel"], received_at=form.received_at,
            contact=form.contact(known.name if known else ""), agency=known.id if known else "", targets=form.target_numbers(),
            brought=as_brought(given["papers"]), by=by, now=now,
        )  # fmt: skip
        for said in made.told:
            messages.warning(request, said)
        return back_to(made.received.case)

    if request.method == "POST":
        return acts.run(
            request, form=form, page=around, do=do, done="The case is open and its receipt is issued."
        )
    context = {
        "form": form, "page": around, "title": around.title, "crumbs": around.crumbs, "known": known, "here": here,
        "filter": Search(initial={"q": asked}), "asked": asked, "found": found[:MOST_FOUND],
        "more": len(found) > MOST_FOUND,
    }  # fmt: skip
    return render(request, "response/enter.html", context)


@opens(read="order.work", write="order.work")
def add_paper(request: Asked, case: str) -> HttpResponse:
    """Add papers to an order: particulars on letterhead, a better scan, a corrected order."""
    order = at_order(request, case)
    form = AddPaper(posted(request), request.FILES if request.method == "POST" else None)

    def do(given: dict[str, Any]) -> None:
        brought = as_brought(given["papers"])
        for said in operations.add_papers(case=case, brought=brought, by=request.actor, now=request.now):
            messages.warning(request, said)

    said = page(order, "Add a paper", "Add it")
    around = Page(said.title, said.button, said.back, said.heading, crumbs=said.crumbs, upload=True)
    return acts.run(request, form=form, page=around, do=do, done="Kept with the case.")
