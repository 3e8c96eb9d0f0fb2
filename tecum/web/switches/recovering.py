"""After a copy was put back: what the copy says is on, resumed one by one by two people, and left by two people."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from tecum.access.rules import may
from tecum.accounts import queries as people
from tecum.approvals import queries as approvals
from tecum.kernel.refusals import NotYours
from tecum.recovery import operations as recovery
from tecum.recovery import queries
from tecum.recovery.rules import LEAVE
from tecum.surveillance import operations as surveillance
from tecum.surveillance.queries import resuming
from tecum.surveillance.queries.resuming import ResumeLine
from tecum.web import acts
from tecum.web.acts import Nothing, Page, Row
from tecum.web.gates import opens
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb

TITLE = "Recovery"


@opens(read="recovery.read")
@never_cache
def state(request: Asked) -> HttpResponse:
    """Show the recovery, what of it is known to be lost, and what waits for two people."""
    by, now = request.actor, request.now
    found = queries.under_way()
    lines = resuming.to_resume(by=by, now=now) if found and may(by, "surveillance.read") else []
    leaving = approvals.waiting(LEAVE, found.id) if found else None
    context = {
        "title": TITLE,
        "found": found,
        "lines": lines,
        "leaving": leaving,
        "names": people.names(
            {line.proposed_by for line in lines} | ({leaving.proposed_by} if leaving else set()) - {""}
        ),
        "may_resume": may(by, "surveillance.activate"),
        "may_leave": may(by, "recovery.leave"),
        "me": by.ref,
    }
    return render(request, "switches/recovery.html", context)


@opens(read="surveillance.activate", write="surveillance.activate")
def resume(request: Asked, surveillance_id: str) -> HttpResponse:
    """Propose, or as another person approve, that one surveillance may start again."""
    line = _line(request, surveillance_id)

    def do(_: dict[str, Any]) -> None:
        if line.proposal:
            surveillance.approve_resume(
                surveillance=line.surveillance, approval=line.proposal, by=request.actor, now=request.now
            )
        else:
            surveillance.propose_resume(surveillance=line.surveillance, by=request.actor, now=request.now)

    title = "Approve that it starts again" if line.proposal else "Propose that it starts again"
    points = [
        "You looked at the order and at what came since: it is in force, and nobody asked for its end.",
        "What waits to start goes to its switch. What the switch lost can be put back."
        if line.proposal
        else "Another person approves it. Until then nothing of it starts.",
    ]
    facts = {
        "Surveillance": line.reference,
        "Waits to start": line.starting,
        "Not on its switch": line.missing,
    }
    done = "It may start again." if line.proposal else "It waits for a second person."
    return acts.run(
        request, form=Nothing(acts.posted(request)), page=_page(title, facts, points), do=do, done=done
    )


@opens(read="recovery.leave", write="recovery.leave")
def leave(request: Asked) -> HttpResponse:
    """Propose, or as another person approve, that everything is as it was."""
    found = queries.under_way()
    if found is None:
        raise NotYours
    waits = approvals.waiting(LEAVE, found.id)

    def do(_: dict[str, Any]) -> None:
        if waits:
            surveillance.approve_leave(approval=waits.id, by=request.actor, now=request.now)
        else:
            recovery.propose_leave(by=request.actor, now=request.now)

    title = "Approve that the recovery ends" if waits else "Propose that the recovery ends"
    points = [
        "What ended since the copy was made was entered again: ends, withdrawn consents, suspended people, holds.",
        "Everything that waits to start goes to its switch. Agencies and customers are answered again."
        if waits
        else "Another person approves it.",
    ]
    facts = {
        "Copy made": f"{found.copied_at:%Y-%m-%d %H:%M} UTC",
        "Entries of the trail since": found.lost,
    }
    done = "The recovery is over." if waits else "It waits for a second person."
    return acts.run(
        request, form=Nothing(acts.posted(request)), page=_page(title, facts, points), do=do, done=done
    )


def _line(request: Asked, surveillance_id: str) -> ResumeLine:
    lines = resuming.to_resume(by=request.actor, now=request.now) if queries.is_under_way() else []
    found = [each for each in lines if each.surveillance == surveillance_id]
    if not found:
        raise NotYours
    return found[0]


def _page(title: str, facts: dict[str, Any], points: list[str]) -> Page:
    back = reverse("switches:recovery")
    return Page(
        title=title, button=title, back=back, heading=f"{title}?",
        rows=[Row("What it is about", facts=facts), Row("What you say by it", points=points)],
        crumbs=[Crumb(TITLE, back), Crumb(title)],
    )  # fmt: skip
