"""Reading the trail up to a place, so that whoever reads it again reads the same entries."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from tecum.audit.drivers import reading
from tecum.audit.models import TrailLog
from tecum.audit.queries import Entry, Within, entry_of, log_of, readable
from tecum_verify.merkle import range_hash


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the trail: the first `size` sealed entries of a log, whose tree has this root (hexadecimal)."""

    origin: str
    size: int
    root: str


def began() -> datetime | None:
    """Return when the first log was opened; nothing before it is known to the trail."""
    return TrailLog.objects.order_by("opened_at").values_list("opened_at", flat=True).first()


def mark(*, origin: str = "", size: int | None = None) -> Mark | None:
    """Return the place where the open log ends, or another one; none where there is no such place."""
    log = log_of(origin)
    wanted = log.size if log is not None and size is None else size
    if log is None or not wanted or wanted > log.size:
        return None
    return Mark(log.origin, wanted, range_hash(reading.nodes(log), 0, wanted).hex())


def up_to(
    place: Mark, *, within: Within, events: Collection[str], since: datetime | None = None
) -> Iterator[Entry]:
    """Yield the sealed entries of some events up to a place, those of earlier logs first, read from their bytes."""
    log = log_of(place.origin)
    if log is None:
        return
    rows = readable(within).filter(event__in=events, position__isnull=False)
    rows = rows.filter(Q(log=log, position__lte=place.size) | Q(log__opened_at__lt=log.opened_at))
    if since is not None:
        rows = rows.filter(at__gte=since)
    for row in rows.order_by("log__opened_at", "log_id", "position").iterator(chunk_size=2000):
        yield entry_of(row)
