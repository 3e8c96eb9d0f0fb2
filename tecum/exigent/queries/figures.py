"""Transparency figures of emergencies: requests by ground, agency type and outcome, minutes to decision, paper followed or not."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median

from tecum.exigent.models import ExigentRequest
from tecum.exigent.queries.reading import readable
from tecum.exigent.rules.following import Score, score
from tecum.exigent.states import RequestState
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period

FOLLOWS = ("order", "application", "paper", "written")


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one period, counted by receipt. Minutes are those from receipt to the decision, whatever it was."""

    period: Period
    requests: int
    by_path: Mapping[str, int] = field(default_factory=dict)
    by_ground: Mapping[str, int] = field(default_factory=dict)
    by_requester: Mapping[str, int] = field(default_factory=dict)
    by_agency_type: Mapping[str, int] = field(default_factory=dict)
    by_channel: Mapping[str, int] = field(default_factory=dict)
    by_outcome: Mapping[str, int] = field(default_factory=dict)
    alone: int = 0
    targets: int = 0
    minutes: float | None = None
    slowest: float | None = None
    followed: Score = field(default_factory=Score)


def figures(*, period: Period, by: Actor, now: datetime) -> Figures:
    """
    Return the figures of the requests that were received in a period and that somebody may know of.

    A request with two grounds counts under both; a repeated one and an ordinary demand count as such and nowhere else.
    """
    rows = readable(by=by, now=now).filter(received_at__gte=period.start, received_at__lt=period.end)
    found = list(rows.prefetch_related("follow_ups", "decisions").select_related("case"))
    real = [row for row in found if row.state not in {RequestState.REPEATED, RequestState.ORDINARY}]
    took = [(row.decided_at - row.received_at).total_seconds() / 60 for row in real if row.decided_at]
    return Figures(
        period=period,
        requests=len(real),
        by_path=Counter(row.path for row in real),
        by_ground=Counter(each for row in real for each in row.grounds.split() or ["none"]),
        by_requester=Counter(row.requester or "unknown" for row in real),
        by_agency_type=Counter(row.agency_type or "not verified" for row in real),
        by_channel=Counter(row.channel for row in real),
        by_outcome=Counter(_outcome(row) for row in found),
        alone=sum(bool(row.alone_by) for row in real),
        targets=sum(row.case.targets.count() for row in real),
        minutes=round(median(took), 1) if took else None,
        slowest=round(max(took), 1) if took else None,
        followed=score(each.state for row in real for each in row.follow_ups.all() if each.what in FOLLOWS),
    )


def _outcome(row: ExigentRequest) -> str:
    if row.state in {RequestState.RECEIVED, RequestState.VERIFIED}:
        return "open"
    if row.state in {RequestState.APPROVED, RequestState.CLOSED}:
        return "acted on"
    if row.state == RequestState.REFUSED and any(each.state == "DONE" for each in row.decisions.all()):
        return "acted on, then the agency knew nothing of it"
    return {
        "FORGED": "forged",
        "ELSEWHERE": "handed over",
        "REPEATED": "repeated",
        "ORDINARY": "no emergency",
    }.get(row.state, f"refused: {row.refusal or 'no reason'}")
