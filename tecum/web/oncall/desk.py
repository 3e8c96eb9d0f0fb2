"""The on-call desk: who is on duty, what climbs, whom to call; and one escalation with all that happened in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from tecum.access.rules import may
from tecum.kernel import words
from tecum.kernel.periods import Period
from tecum.oncall import queries
from tecum.oncall.rules.ladder import Rung
from tecum.oncall.rules.views import EntryView, EscalationView
from tecum.oncall.states import ENTRY_WORDS, EntryKind
from tecum.web.gates import opens
from tecum.web.lists import page_of
from tecum.web.oncall.picture import climb
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb

AHEAD = timedelta(days=7)
EITHER = "oncall.read|oncall.escalate"
CAUSES = {
    "voicemail": "A voicemail on the emergency line",
    "call": "A call that somebody typed in",
    "message": "A message in the mailbox of emergencies",
    "exigent_request": "An emergency request",
    "exigent_order": "An order for an emergency that runs",
    "exigent_end": "Word that an emergency is over",
    "exigent_alone": "One person decided alone for a life",
    "exigent_denied": "An agency knows nothing of an emergency that was acted on",
    "end_unaccepted": "A cut by hand that nobody accepted to make",
    "switch_disobeys": "A switch holds what may not be on",
    "end_asked": "An agency asks for an end, and somebody calls back",
    "invariant_broken": "Something that must hold at every moment does not",
    "watch_silent": "Nobody watches the invariants",
    "drill": "A drill",
}
WAYS = {
    "mail": "by mail",
    "sms": "by text message",
    "call": "by telephone",
    "pager": "by pager",
    "link": "by the link",
    "page": "on the page",
}
STOOD = {"SENT": "delivered", "FAILED": "not delivered", "BOUNCED": "came back", "NOT_SENT": "not sent"}


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the record as people read it; `minute` is counted from receipt."""

    entry: EntryView
    minute: int
    says: str
    who: str
    more: str


def cause_of(row: EscalationView) -> str:
    """Return why it began, in words."""
    return CAUSES.get(row.cause, row.cause.replace("_", " ").capitalize())


@opens(read=EITHER)
@never_cache
def desk(request: Asked) -> HttpResponse:
    """Show who is on call, the open escalations first, and what is over."""
    by, now = request.actor, request.now
    over = page_of(queries.over(by=by, now=now), request)
    duties = queries.on_duty(at=now)
    gaps = queries.gaps(within=Period(now, now + AHEAD))
    context = {
        "title": "On call",
        "page": over,
        "climbing": [(row, cause_of(row), queries.names_in(row)) for row in queries.climbing(by=by, now=now)],
        "over": [(row, cause_of(row)) for row in over],
        "duties": duties,
        "gaps": gaps,
        "gap_now": bool(gaps) and gaps[0].start <= now,
        "contacts": queries.contacts(by=by, now=now) if may(by, "oncall.escalate") else (),
        "may_answer": may(by, "oncall.answer"),
        "may_escalate": may(by, "oncall.escalate"),
        "may_read": may(by, "oncall.read"),
    }
    return render(request, "oncall/desk.html", context)


@opens(read=EITHER)
@never_cache
def one(request: Asked, escalation: str) -> HttpResponse:
    """Show one escalation: what to do while it climbs; when it is over, who was paged when, and the minutes to each step."""
    by, now = request.actor, request.now
    row = queries.escalation(id=escalation, by=by, now=now)
    context = {
        "title": "An escalation",
        "crumbs": [Crumb("On call", reverse("oncall:desk")), Crumb(row.reference)],
        "row": row,
        "cause": cause_of(row),
        "names": queries.names_in(row),
        "happened": happened(row),
        "rungs": queries.rungs(id=escalation, by=by, now=now),
        "picture": climb(row, _rungs(escalation, request), now=now),
        "about": _leads_to(row),
        "findings": row.signal and may(by, "invariant.read"),
        "may_answer": may(by, "oncall.answer"),
        "may_escalate": may(by, "oncall.escalate"),
        "taken": words.span(row.taken_at - row.received_at) if row.taken_at else "",
        "may_end": row.drill and may(by, "oncall.roster"),
    }
    return render(request, "oncall/escalation.html", context)


def happened(row: EscalationView) -> list[Happened]:
    """Return the record as people read it, with what became of each page."""
    names = queries.names_in(row)
    stood = queries.how_pages_stand(row)
    found = []
    for each in row.entries:
        minute = int((each.at - row.received_at).total_seconds() // 60)
        who = names.get(each.who, "")
        if each.kind in {
            EntryKind.CALLED_BACK,
            EntryKind.AGAIN,
            EntryKind.VOICEMAIL_LEFT,
            EntryKind.PAGE_ATTEMPTED,
        }:
            who = names.get(each.by, "")
        more = [f"step {each.step}" if each.step else "", f"repeat {each.round}" if each.round else ""]
        more += [WAYS.get(each.way, each.way), _became(each, stood)]
        found.append(Happened(each, minute, ENTRY_WORDS[each.kind], who, ", ".join(filter(None, more))))
    return found


def _became(entry: EntryView, stood: dict[str, str]) -> str:
    if entry.kind is not EntryKind.PAGED:
        return ""
    return STOOD.get(stood.get(entry.notice, ""), "on its way")


def _rungs(escalation: str, request: Asked) -> tuple[Rung, ...]:
    return queries.rungs(id=escalation, by=request.actor, now=request.now)


def _leads_to(row: EscalationView) -> tuple[str, str]:
    """Return the words and the address of what it is about, where there is a page of it."""
    kind, _, id = row.about.partition(":")
    if kind == "case":
        return "The case", reverse("desk:case", args=[id])
    if kind == "message":
        return "The message", reverse("desk:message", args=[id])
    if kind == "finding" and id in {"I1", "I2", "I3"}:
        return "Starts and ends", reverse("switches:board")
    if kind == "finding" and id == "I4":
        return "Switches", reverse("switches:state")
    if kind == "surveillance":
        return "Starts and ends", reverse("switches:board")
    return "", ""


def local(at: datetime, request: Asked) -> datetime:
    """Return an instant as the carrier's clocks show it, for a field of a form."""
    return at.astimezone(queries.zone(now=request.now)).replace(tzinfo=None)
