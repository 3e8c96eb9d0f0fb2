"""What waits in a recovery: which surveillances the copy says are on, and whether two people said that this is still so."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from tecum.access.rules import require
from tecum.approvals import queries as approvals
from tecum.kernel.actors import Actor
from tecum.recovery import queries as recovery
from tecum.recovery.rules import RESUME, RecoveryView
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


def startable(rows: Iterable[Tap]) -> list[Tap]:
    """
    Return those that may be switched on: all, or after a copy was put back what two people say in the recovery (control 13).

    They say it of a surveillance of the copy by resuming it. What they authorised and affirmed themselves since the copy was
    put back needs no second pair: two people decided exactly that, and the copy says nothing of it. What one decided alone for
    a life is resumed by two, as everything is.
    """
    found, under_way = list(rows), recovery.under_way()
    if under_way is None:
        return found
    may = recovery.may_start({row.target.surveillance_id for row in found})
    return [
        row for row in found if row.target.surveillance_id in may or _decided_since(row, under_way.began_at)
    ]


def _decided_since(row: Tap, began_at: datetime) -> bool:
    """Tell whether two people decided all that a tap rests on after the copy was put back."""
    if row.alone or row.authority.alone or row.approved_by == row.proposed_by:
        return False
    return min(row.authority.approved_at, row.affirmed_at) > began_at


def _all_since(rows: Iterable[Tap], under_way: RecoveryView | None) -> bool:
    return under_way is None or all(_decided_since(row, under_way.began_at) for row in rows)


def to_resume(*, by: Actor, now: datetime) -> list[ResumeLine]:
    """Return them, the next end first: only what this person may know of. :raises NotYours: without the permission"""
    require(by, "surveillance.read", now=now)
    found: dict[str, list[Tap]] = {}
    for tap in (
        Tap.objects.select_related("target", "authority").filter(state__in=ON).order_by("until_at", "pk")
    ):
        found.setdefault(tap.target.surveillance_id, []).append(tap)
    known = readable(by=by, now=now).in_bulk(list(found))
    may, under_way = recovery.may_start(list(known)), recovery.under_way()
    lost = set(
        Mismatch.objects.filter(state=MismatchState.OPEN, kind="missing").values_list("tap", flat=True)
    )
    return [
        _line(known[key], taps, lost, key in may or _all_since(taps, under_way))
        for key, taps in found.items()
        if key in known
    ]


def _line(row: Surveillance, taps: list[Tap], lost: Collection[str | None], resumed: bool) -> ResumeLine:
    waits = approvals.waiting(RESUME, row.pk)
    return ResumeLine(
        row.pk, row.reference, taps[0].until_at, sum(tap.state == TapState.STARTING for tap in taps),
        sum(tap.pk in lost for tap in taps), resumed, waits.id if waits else "", waits.proposed_by if waits else "",
    )  # fmt: skip
