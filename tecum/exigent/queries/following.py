"""How agencies kept to what must follow, and what happened minute by minute around one request."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tecum.cases import queries as files
from tecum.exigent.models import ExigentFollowUp, ExigentRequest
from tecum.exigent.queries.reading import readable, row_of
from tecum.exigent.rules.following import TITLES, Score, score
from tecum.kernel.actors import Actor, ActorKind
from tecum.kernel.refusals import NotYours
from tecum.oncall import queries as ladders
from tecum.oncall.rules.views import EscalationView
from tecum.surveillance.queries import asking
from tecum.surveillance.queries.asking import EndRequestView

HOUSE = Actor("system:exigent", ActorKind.SYSTEM, permissions=frozenset({"oncall.read"}))
AGENCYS = ("order", "application", "paper", "written")  # what the agency owes; a confirmation is ours


def score_of(*, agency: str, by: Actor, now: datetime) -> Score:
    """Return how often the paper of an agency's emergencies came (W1)."""
    if not agency:
        return Score()
    rows = ExigentFollowUp.objects.filter(
        request__in=readable(by=by, now=now).filter(case__agency=agency), what__in=AGENCYS
    )
    return score(rows.values_list("state", flat=True))


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened, and how many minutes after receipt."""

    at: datetime
    minutes: float
    words: str
    who: str = ""

    @property
    def after(self) -> timedelta:
        """Return how long after receipt."""
        return timedelta(minutes=self.minutes)


def moments(*, case: str, by: Actor, now: datetime) -> tuple[Moment, ...]:
    """Return what happened around a request, in order: pages, calls, decisions, what followed; minutes from receipt."""
    row = row_of(case, by=by, now=now)
    ends = asking.of_case(case=case, by=by, now=now)
    # of one moment, the request comes first
    found = [*_of_request(row), *_of_ladders(row, ends, now=now), *_of_acts(row), *_of_ends(ends)]
    return tuple(
        Moment(at, (at - row.received_at).total_seconds() / 60, words, who)
        for at, words, who in sorted(found, key=lambda each: each[0])
    )


def _of_request(row: ExigentRequest) -> list[tuple[datetime, str, str]]:
    found = [(row.received_at, f"The request came by {row.channel}", row.entered_by)]
    if row.written_at:
        found.append((row.written_at, "The written request was in", row.written_by))
    if row.ended_at:
        found.append((row.ended_at, "It was done", ""))
    return found


def _of_ladders(
    row: ExigentRequest, ends: Iterable[EndRequestView], *, now: datetime
) -> list[tuple[datetime, str, str]]:
    """Return what every ladder did: about the request, about the order that came, about each end that was asked for."""
    about = [f"case:{row.case_id}", *(f"end_request:{each.id}" for each in ends)]
    every = [one for each in about for one in ladders.about(about=each, by=HOUSE, now=now)]
    return [
        (entry.at, LADDER.get(entry.kind.value, entry.kind.value.replace("_", " ")), entry.who or entry.by)
        for one in every
        for entry in one.entries
    ]


def _of_acts(row: ExigentRequest) -> list[tuple[datetime, str, str]]:
    found = [(each.called_at, CALLS[each.state], each.called_by) for each in row.calls.all()]
    for made in row.decisions.all():
        found.append((made.proposed_at, f"It was proposed to {made.act}", made.proposed_by))
        if made.decided_at:
            found.append((made.decided_at, f"{DECIDED[made.state]} to {made.act}", made.decided_by))
    found += [
        (each.settled_at, f"{TITLES.get(each.what, each.what)}: {each.state.lower()}", each.settled_by)
        for each in row.follow_ups.all()
        if each.settled_at
    ]
    return found


def _of_ends(ends: Iterable[EndRequestView]) -> list[tuple[datetime, str, str]]:
    found = []
    for each in ends:
        found.append((each.asked_at, f"An end was asked for: {each.why.replace('_', ' ')}", each.noted_by))
        if each.settled_at:
            words = f"That was {each.state.lower()} after a call back"
            found.append((each.settled_at, words, each.settled_by))
    return found


def ladder(*, case: str, by: Actor, now: datetime) -> EscalationView | None:
    """Return the ladder that climbed about a request; nothing where none did."""
    files.case(case=case, by=by, now=now)
    try:
        return ladders.escalation(about=f"case:{case}", by=Actor.system("exigent"), now=now)
    except NotYours:
        return None


CALLS = {
    "VERIFIED": "The agency was called back and stood by it",
    "DENIED": "The agency was called back and knew nothing of it",
    "UNREACHED": "A call back reached nobody",
    "DOUBTFUL": "A call back left doubts",
}
DECIDED = {"DONE": "It was decided", "WITHDRAWN": "It was taken back", "VOID": "It fitted no more"}
LADDER = {
    "begun": "The ladder began",
    "step": "A step of the ladder fired",
    "paged": "Somebody was paged",
    "nobody": "There was nobody to page",
    "undelivered": "A page did not arrive",
    "taken": "Somebody took it",
    "called_back": "The call back stopped the ladder",
    "again": "It came again",
    "ended": "The ladder ended",
}
