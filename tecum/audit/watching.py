"""Invariant I8 as a question: what was recorded has its place in the trail, is signed, and none of it is gone."""

from datetime import datetime, timedelta

from tecum.audit.models import TrailLeaf, TrailLog
from tecum.audit.queries import State, state
from tecum.kernel.invariants import Broken

TRAIL = "trail"
SEALED_WITHIN = timedelta(seconds=60)  # the promise of a receipt (control 9)
SIGNED_WITHIN = timedelta(seconds=120)


def broken(*, now: datetime) -> tuple[Broken, ...]:
    """Return whether entries wait too long for their seal or signature, or fewer are there than were sealed."""
    found, known = [], state()
    if known.oldest_pending is not None and known.oldest_pending < now - SEALED_WITHIN:
        found.append(Broken("I8", f"{TRAIL}:unsealed", known.oldest_pending))
    log = TrailLog.objects.filter(is_open=True).first()
    if log is not None and TrailLeaf.objects.sealed_in(log).count() != log.size:
        found.append(Broken("I8", f"{TRAIL}:missing"))
    unsigned = _unsigned(log, known)
    if unsigned is not None and unsigned < now - SIGNED_WITHIN:
        found.append(Broken("I8", f"{TRAIL}:unsigned", unsigned))
    return tuple(found)


def _unsigned(log: TrailLog | None, known: State) -> datetime | None:
    """Return when the first entry happened that no checkpoint covers."""
    if log is None:
        return None
    signed = known.checkpoint.size if known.checkpoint else 0
    later = TrailLeaf.objects.filter(log=log, position__gt=signed).order_by("position")
    return later.values_list("at", flat=True).first()
