"""What waits in a recovery: which surveillances the copy says are on, and whether two people said that this is still so."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from tecum.access.rules import require
from tecum.approvals import queries as approvals
from tecum.kernel.actors import Actor
from tecum.recovery import queries as recovery
from tecum.recovery.rules import RESUME
from tecum.surveillance.models import Mismatch, Surveillance, Tap
from tecum.surveillance.queries.reading import readable
from tecum.surveillance.states import ON, MismatchState, TapState


@dataclass(frozen=True, slots=True)
class ResumeLine:
    """One surveillance that the copy desires on: how much of it waits to start or is not on its switch."""

    surveillance: str
    reference: str
    until: datetime
    starting: int
    missing: int
    resumed: bool
    proposal: str
    proposed_by: str


def to_resume(*, by: Actor, now: datetime) -> list[ResumeLine]:
    """Return them, the next end first: only what this person may know of. :raises NotYours: without the permission"""
    require(by, "surveillance.read", now=now)
    found: dict[str, list[Tap]] = {}
    for tap in Tap.objects.select_related("target").filter(state__in=ON).order_by("until_at", "pk"):
        found.setdefault(tap.target.surveillance_id, []).append(tap)
    known = readable(by=by, now=now).in_bulk(list(found))
    may = recovery.may_start(list(known))
    lost = set(
        Mismatch.objects.filter(state=MismatchState.OPEN, kind="missing").values_list("tap", flat=True)
    )
    return [_line(known[key], taps, lost, key in may) for key, taps in found.items() if key in known]


def _line(row: Surveillance, taps: list[Tap], lost: Collection[str | None], resumed: bool) -> ResumeLine:
    waits = approvals.waiting(RESUME, row.pk)
    return ResumeLine(
        row.pk, row.reference, taps[0].until_at, sum(tap.state == TapState.STARTING for tap in taps),
        sum(tap.pk in lost for tap in taps), resumed, waits.id if waits else "", waits.proposed_by if waits else "",
    )  # fmt: skip
