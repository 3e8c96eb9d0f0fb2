"""What waits, what runs and what must follow: the board of the administrator on call."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Min, Q

from tecum.exigent.models import ExigentFollowUp, ExigentRequest
from tecum.exigent.queries.reading import is_denied, readable
from tecum.exigent.states import WAITING, DecisionState, FollowUpState, RequestState
from tecum.kernel.actors import Actor
from tecum.kernel.lists import Long

SHOWS: dict[str, Collection[RequestState]] = {
    "waiting": WAITING,
    "running": (RequestState.APPROVED,),
    "over": tuple(set(RequestState) - WAITING - {RequestState.APPROVED}),
    "all": tuple(RequestState),
}


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One request as the board shows it."""

    case: str
    reference: str
    state: RequestState
    path: str
    requester: str
    grounds: tuple[str, ...]
    channel: str
    received_at: datetime
    owner: str
    agency: str
    verified: bool
    written: bool
    proposed_by: str
    due: str
    due_at: datetime | None
    missing: tuple[str, ...]
    alone: bool
    denied: bool
    surveils: bool


def board(*, by: Actor, now: datetime, show: str = "waiting") -> Long[BoardLine]:
    """Return the requests that somebody may know of: what waits longest first, what runs by its nearest end."""
    rows = readable(by=by, now=now).filter(state__in=SHOWS.get(show, SHOWS["waiting"]))
    rows = rows.select_related("case").prefetch_related("decisions", "follow_ups", "calls")
    if show == "running":
        waits = Q(follow_ups__state=FollowUpState.WAITING)
        rows = rows.annotate(next_due=Min("follow_ups__due_at", filter=waits))
        return Long.of(rows.order_by(F("next_due").asc(nulls_last=True), "received_at", "pk"), _line)
    return Long.of(rows.order_by("received_at" if show == "waiting" else "-received_at", "pk"), _line)


def waiting(*, by: Actor, now: datetime) -> int:
    """Return how many requests wait that somebody may know of."""
    return readable(by=by, now=now).filter(state__in=WAITING).count()


def _line(row: ExigentRequest) -> BoardLine:
    follow: list[ExigentFollowUp] = list(row.follow_ups.all())
    next_one = min(
        (each for each in follow if each.state == FollowUpState.WAITING and each.due_at),
        key=lambda each: each.due_at or row.received_at, default=None,
    )  # fmt: skip
    proposed = next((each for each in row.decisions.all() if each.state == DecisionState.PROPOSED), None)
    return BoardLine(
        case=row.case_id, reference=row.case.reference, state=RequestState(row.state), path=row.path,
        requester=row.requester, grounds=tuple(row.grounds.split()), channel=row.channel, received_at=row.received_at,
        owner=row.case.owner, agency=row.case.agency, verified=row.state == RequestState.VERIFIED,
        written=row.written_at is not None, proposed_by=proposed.proposed_by if proposed else "",
        due=next_one.what if next_one else "", due_at=next_one.due_at if next_one else None,
        missing=tuple(each.what for each in follow if each.state == FollowUpState.MISSING),
        alone=bool(row.alone_by) and row.confirmed_at is None, denied=is_denied(row),
        surveils=any(each.authority for each in row.decisions.all()),
    )  # fmt: skip
