"""What can be asked of the checks of the trail, and of the watcher of the invariants."""

from datetime import datetime

from tecum.access.rules import require
from tecum.assurance import rules
from tecum.assurance.models import Finding, TrailCheck, Watch
from tecum.assurance.rules import GOOD, CheckView, FindingView, WatchView
from tecum.assurance.states import CheckState, FindingState
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy


def check(id: str, *, by: Actor, now: datetime) -> CheckView:
    """
    Return one check.

    :raises NotYours: for one that there is not, or without the permission
    """
    require(by, "trail.verify", now=now)
    row = TrailCheck.objects.filter(pk=id).first()
    if row is None:
        raise NotYours
    return row.view()


def under_way() -> CheckView | None:
    """Return the check that waits or runs, if any."""
    row = TrailCheck.objects.exclude(state=CheckState.DONE).first()
    return row.view() if row else None


def last_good() -> datetime | None:
    """Return when a check last ended that found nothing altered and nothing missing."""
    return (
        TrailCheck.objects.filter(verdict__in=GOOD)
        .order_by("-finished_at")
        .values_list("finished_at", flat=True)
        .first()
    )


def unverified_since(now: datetime) -> datetime | None:
    """Return since when nothing found the trail good, where that is longer than the guide allows; else None."""
    last = last_good()
    if last is None:  # the first check is asked for by the first night
        first = TrailCheck.objects.order_by("asked_at").first()
        last = first.asked_at if first else None
    late = last is not None and now - last > policy.at(now).assurance.trail_alarm_after.elapsed
    return last if late else None


def findings(*, by: Actor, now: datetime, cleared: int = 50) -> tuple[list[FindingView], list[FindingView]]:
    """
    Return the invariants that do not hold, the oldest first, and those that hold again, the latest first.

    :raises NotYours: without the permission
    """
    require(by, "invariant.read", now=now)
    rows = Finding.objects.filter(state=FindingState.OPEN).order_by("since", "pk")
    over = Finding.objects.filter(state=FindingState.CLEARED).order_by("-cleared_at", "pk")[:cleared]
    return [row.view() for row in rows], [row.view() for row in over]


def open_findings() -> list[FindingView]:
    """Return the same for this machine's command line and a health check: ids and instants only."""
    rows = Finding.objects.filter(state=FindingState.OPEN).order_by("since", "pk")
    return [row.view() for row in rows]


def watch() -> WatchView | None:
    """Return how the watcher stands; none where there never was one."""
    row = Watch.objects.first()
    return row.view() if row else None


def silent_since(*, now: datetime) -> datetime | None:
    """Return since when nobody watches, where that is longer than the guide allows; else None."""
    longest = policy.at(now).assurance.silent_after.elapsed
    return rules.silent_since(watch(), now=now, longest=longest)
