"""What starts, what ends, what is doubtful: the queue of the order administrator."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render

from tecum.access.rules import may
from tecum.accounts import queries as people
from tecum.surveillance.queries import orders
from tecum.surveillance.queries.orders import QueueRow
from tecum.surveillance.states import OrderState
from tecum.web.gates import opens
from tecum.web.requests import Asked

SHOWS = {"open": "To decide", "ending": "Ending within 14 days", "running": "In force", "all": "All"}
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


@dataclass(frozen=True)
class Line:
    """One order as the queue shows it, with what comes next and what is doubtful about it."""

    row: QueueRow
    kind: str
    next: str
    doubt: str


def lined(row: QueueRow, now: datetime) -> Line:
    """Return a row with its next act and its doubt."""
    following = NEXT.get(row.state, "Read it" if not row.read else "Check and decide")
    doubt = ""
    if row.state is OrderState.AUTHORISED and row.expires_at and row.expires_at <= now:
        doubt = "Its end has come"
    elif row.provisional:
        doubt = "Its end is provisional"
    elif row.read and row.expires_at is None and row.kind in {"order", "extension"}:
        doubt = "It has no end"
    return Line(row, KINDS.get(row.kind, row.kind), following, doubt)


@opens(read="order.read")
def queue(request: Asked) -> HttpResponse:
    """Show the orders, what is due first first."""
    by, now = request.actor, request.now
    show = request.GET.get("show", "open")
    show = show if show in SHOWS else "open"
    rows = orders.queue(by=by, now=now, show=show)
    doubtful = [
        each for each in (lined(row, now) for row in orders.queue(by=by, now=now, show="all")) if each.doubt
    ]
    context = {
        "title": "Court orders",
        "lines": [lined(row, now) for row in rows],
        "doubtful": doubtful,
        "show": show,
        "shows": [(key, words, key == show) for key, words in SHOWS.items()],
        "names": people.names({row.owner for row in rows} - {""}),
        "me": by.ref,
        "may_work": may(by, "order.work"),
    }
    return render(request, "orders/queue.html", context)
