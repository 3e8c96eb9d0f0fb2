"""The board: what waits, what runs, what is still to follow."""

from django.http import HttpResponse
from django.shortcuts import render

from tecum.access.rules import may
from tecum.accounts import queries as people
from tecum.agencies import queries as agencies
from tecum.exigent import queries
from tecum.exigent.queries import BoardLine
from tecum.exigent.rules.following import TITLES
from tecum.exigent.states import RequestState
from tecum.oncall import queries as oncall
from tecum.policy import queries as policy
from tecum.web.gates import opens
from tecum.web.lists import page_of
from tecum.web.requests import Asked

SHOWS = {"waiting": "Waiting", "running": "Decided and running", "over": "Over", "all": "All"}


@opens(read="emergency.read")
def board(request: Asked) -> HttpResponse:
    """Show emergencies: what waits longest first."""
    by, now = request.actor, request.now
    show = request.GET.get("show", "waiting")
    show = show if show in SHOWS else "waiting"
    page = page_of(queries.board(by=by, now=now, show=show), request)
    lines = list(page)
    guide = policy.at(now)
    context = {
        "title": "Emergencies",
        "page": page,
        "lines": [(line, following(line, by.ref)) for line in lines],
        "paths": {each.id: each.name for each in guide.emergencies},
        "grounds": {each.id: each.label for one in guide.emergencies for each in one.grounds},
        "titles": TITLES,
        "show": show,
        "shows": [(key, words, key == show) for key, words in SHOWS.items()],
        "names": people.names({line.owner for line in lines} - {""}),
        "agencies": agencies.names({line.agency for line in lines} - {""}),
        "on_duty": oncall.on_duty(at=now),
        "may_work": may(by, "emergency.work"),
    }
    return render(request, "exigent/board.html", context)


def following(line: BoardLine, me: str) -> str:
    """Return what comes next for a request."""
    if line.state is RequestState.RECEIVED:
        return "Call the agency back" if line.agency else "Find the agency, then call it back"
    if line.state is RequestState.VERIFIED:
        if line.proposed_by:
            return "Another person approves it" if line.proposed_by == me else "Look at the proposal"
        return "Propose what is done" if line.written else "Wait for the written request"
    if line.denied and line.state is RequestState.APPROVED:
        return "The agency knows nothing of it: decide what it was"
    if line.alone:
        return "Another person confirms it"
    if line.missing:
        return f"{TITLES.get(line.missing[0], line.missing[0])} is missing"
    if line.state is RequestState.APPROVED:
        return f"Wait: {TITLES.get(line.due, line.due).lower()}" if line.due else _settled(line)
    return "Nothing"


def _settled(line: BoardLine) -> str:
    """Return what is left to do of what nothing is waited for any more."""
    return "Let the order take its place, or end it" if line.surveils else "Release it, or end it"
