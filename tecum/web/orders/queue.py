"""What starts, what ends, what is doubtful: the queue of the order administrator."""

from dataclasses import dataclass

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tecum.access.rules import may
from tecum.accounts import queries as people
from tecum.agencies import queries as agencies
from tecum.cases import queries as files
from tecum.cases.states import QuoteState
from tecum.surveillance.queries import queue as orders
from tecum.surveillance.queries.queue import QueueRow
from tecum.surveillance.states import OrderState
from tecum.web.gates import opens
from tecum.web.lists import page_of
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import View

SHOWS = {"open": "To decide", "ending": "Ending within 14 days", "running": "In force", "all": "All"}
MOST_DOUBTFUL = 20
DOUBTS = {"late": "Its end has come", "provisional": "Its end is provisional", "endless": "It has no end"}
KINDS = {
    "order": "Order",
    "extension": "Extension",
    "cancellation": "Cancellation",
    "coverage": "Coverage inquiry",
}
NEXT = {
    OrderState.RECEIVED: "Take it",
    OrderState.DEFICIENT: "Wait for the agency",
    OrderState.SOUND: "Propose the authority",
    OrderState.AUTHORISED: "Watch its end",
    OrderState.ANSWERED: "Nothing",
    OrderState.REFUSED: "Nothing",
    OrderState.ELSEWHERE: "Nothing, or the copy",
}
PRICES = {
    QuoteState.OFFERED: ("Wait for the agency’s answer to the price", ""),
    QuoteState.LAPSED: ("Quote it again", "Its price was not accepted in time"),
    QuoteState.REFUSED: ("Talk to the agency", "Its price was refused"),
}


@dataclass(frozen=True)
class Line:
    """One order as the queue shows it, with what comes next and what is doubtful about it."""

    row: QueueRow
    kind: str
    next: str
    doubt: str


class Narrow(forms.Form):
    """Narrows the queue; the address is the filter."""

    show = forms.ChoiceField(required=False, choices=list(SHOWS.items()), widget=forms.HiddenInput)
    find = forms.CharField(
        label="Reference or agency",
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    owner = forms.ChoiceField(
        label="Owner", required=False, choices=[("", "Anybody"), ("me", "Me"), ("nobody", "Nobody")]
    )

    def narrowed(self, me: str) -> orders.Filter:
        """Return the filter; nonsense in the address narrows nothing."""
        said = self.cleaned_data if self.is_valid() else {}
        owner, find = said.get("owner") or "", said.get("find") or ""
        return orders.Filter(
            said.get("show") or "open", find, me if owner == "me" else owner, agencies.found_by(find)
        )


def lined(row: QueueRow, price: QuoteState | None = None) -> Line:
    """Return a row with its next act and its doubt; `price` is what became of its newest quote."""
    following = NEXT.get(row.state, "Read it" if not row.read else "Check and decide")
    doubt = DOUBTS.get(row.doubt, "")
    if row.state is OrderState.SOUND and price in PRICES:
        following, over = PRICES[price]
        doubt = over or doubt
    return Line(row, KINDS.get(row.kind, row.kind), following, doubt)


@opens(read="order.read")
def queue(request: Asked) -> HttpResponse:
    """Show the orders, what is due first first."""
    by, now = request.actor, request.now
    form = Narrow(request.GET, auto_id="filter_%s")
    narrowed = form.narrowed(by.ref)
    page = page_of(orders.queue(by=by, now=now, narrowed=narrowed), request)
    rows, doubtful = list(page), orders.doubtful(by=by, now=now)
    prices, here = files.last_answers([row.case for row in rows]), reverse("orders:orders")
    context = {
        "title": "Court orders",
        "filter": form,
        "page": page,
        "lines": [lined(row, prices.get(row.case)) for row in rows],
        "doubtful": [lined(row) for row in doubtful[:MOST_DOUBTFUL]],
        "doubts": len(doubtful),
        "show": narrowed.show,
        "views": [
            View(words, f"{here}?show={key}", None, key == narrowed.show) for key, words in SHOWS.items()
        ],
        "names": people.names({row.owner for row in rows} - {""}),
        "agencies": agencies.names({row.agency for row in rows} - {""}),
        "me": by.ref,
        "may_work": may(by, "order.work"),
    }
    return render(request, "orders/queue.html", context)
