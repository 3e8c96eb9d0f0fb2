"""What is asked of the manifest: what is loaded, covered, purged, held. Rows come from `operations`, within a scope."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import file_digest

from django.db.models import Count, Max, Min, Q, Sum

from tecum.access.rules import require
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.policy import queries as policy
from tecum.records.drivers import choice, layout
from tecum.records.models.store import RecordDay, RecordDelivery, RecordHold, RecordPart, RecordPurge
from tecum.records.rules import coverage
from tecum.records.rules.coverage import Stretch
from tecum.secrecy import queries as secrecy

MARGIN = timedelta(days=2)  # beyond a period, so that a silence at its edge is measured whole


@dataclass(frozen=True, slots=True)
class StoreState:
    """One store of the guide and what lies in it."""

    id: str
    name: str
    keeps: str
    rows: int
    bytes: int
    parts: int
    first_day: date | None
    last_day: date | None
    last_call: datetime | None
    deliveries: int


@dataclass(frozen=True, slots=True)
class Delivered:
    """One file, as staff see it."""

    id: int
    store: str
    format: str
    state: str
    file_name: str
    sha256: str
    lines: int
    rows: int
    known: int
    rejected: int
    by: str
    began_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Purged:
    """The proof that a day left a store."""

    id: str
    store: str
    day: date
    cutoff: datetime
    parts: int
    rows: int
    bytes: int
    kept: int
    digest: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HoldView:
    """A hold as its matter sees it."""

    id: str
    store: str
    number: str
    period: Period
    until: datetime | None
    placed_at: datetime
    lifted_at: datetime | None


@dataclass(frozen=True, slots=True)
class OpenHold:
    """A hold as whoever keeps the store sees it: that it is there and until when, never for whom or of what number."""

    id: str
    store: str
    placed_at: datetime
    until: datetime | None
    kept_rows: int
    kept_bytes: int


@dataclass(frozen=True, slots=True)
class Fault:
    """A part that is not what the manifest says."""

    part: str
    store: str
    day: date
    what: str


def stores(*, by: Actor, now: datetime) -> list[StoreState]:
    """Return what lies in each store of the guide."""
    require(by, "records.read", now=now)
    found = []
    for store in policy.at(now).record_stores:
        parts = RecordPart.objects.live().filter(store=store.id)
        plain = Q(hold=None)
        told = parts.aggregate(
            rows=Sum("rows", filter=plain & Q(side=layout.CALLING)),
            bytes=Sum("bytes"),
            parts=Count("pk"),
            first=Min("day", filter=plain),
            last=Max("day", filter=plain),
            call=Max("last_at", filter=plain),
        )
        files = RecordDelivery.objects.filter(store=store.id, state="LOADED").count()
        sizes = (told["rows"] or 0, told["bytes"] or 0, told["parts"])
        found.append(
            StoreState(
                store.id,
                store.name,
                str(store.keeps),
                *sizes,
                told["first"],
                told["last"],
                told["call"],
                files,
            )
        )
    return found


def deliveries(*, by: Actor, now: datetime, limit: int = 50) -> list[Delivered]:
    """Return the last files, newest first."""
    require(by, "records.read", now=now)
    names = list(Delivered.__dataclass_fields__)
    return [Delivered(*row) for row in RecordDelivery.objects.order_by("-pk").values_list(*names)[:limit]]


def provenance(delivery: int, *, by: Actor, now: datetime) -> Delivered | None:
    """Return the file that a row's delivery number stands for; the row's line says where in it."""
    require(by, "records.read", now=now)
    names = list(Delivered.__dataclass_fields__)
    row = RecordDelivery.objects.filter(pk=delivery).values_list(*names).first()
    return Delivered(*row) if row else None


def purges(*, by: Actor, now: datetime, store: str = "", limit: int = 100) -> list[Purged]:
    """Return the proofs of what was purged, newest first."""
    require(by, "records.read", now=now)
    rows = RecordPurge.objects.filter(**({"store": store} if store else {})).order_by("-at", "-day")
    return [Purged(*row) for row in rows.values_list(*Purged.__dataclass_fields__)[:limit]]


def holds(*, matter: str) -> list[HoldView]:
    """Return the holds of one matter; the caller has made sure that the matter may be read."""
    rows = RecordHold.objects.filter(matter=matter).order_by("placed_at", "pk")
    return [
        HoldView(
            row.pk,
            row.store,
            row.number,
            Period(row.start_at, row.end_at),
            row.until,
            row.placed_at,
            row.lifted_at,
        )
        for row in rows
    ]


def open_holds(*, by: Actor, now: datetime) -> list[OpenHold]:
    """Return what is kept beyond its retention, and until when; holds of sealed matters are left out."""
    require(by, "records.read", now=now)
    rows = RecordHold.objects.filter(lifted_at=None).exclude(matter__in=secrecy.hidden_from(by.ref))
    live = Q(recordpart__retired_at=None)
    rows = rows.annotate(
        kept_rows=Sum("recordpart__rows", filter=live, default=0),
        kept_bytes=Sum("recordpart__bytes", filter=live, default=0),
    ).order_by("placed_at", "pk")
    return [OpenHold(*row) for row in rows.values_list(*OpenHold.__dataclass_fields__)]


def coverage_of(
    *, matter: str, number: str, period: Period, now: datetime, store: str = ""
) -> dict[str, tuple[Stretch, ...]]:
    """
    Tell for each store what of a period it can answer for: covered, uncovered, expired, not yet.

    What was purged is covered all the same where a hold of the same matter kept this number.
    """
    found = {}
    for each in policy.at(now).record_stores:
        if store in ("", each.id):
            found[each.id] = covered(
                each.id, each.quiet.elapsed, matter=matter, number=number, period=period, now=now
            )
    return found


def covered(
    store: str, quiet: timedelta, *, matter: str, number: str, period: Period, now: datetime
) -> tuple[Stretch, ...]:
    """Cut a period into what one store can answer for."""
    margin = MARGIN + quiet
    days = RecordDay.objects.filter(
        store=store, day__gte=(period.start - margin).date(), day__lte=(period.end + margin).date()
    )
    slots = {row.day: row.slots for row in days}
    rows = RecordHold.objects.filter(store__in=["", store], matter=matter, number=number, lifted_at=None)
    kept = {pk: Period(start, end) for pk, start, end in rows.values_list("pk", "start_at", "end_at")}
    expired = [gone for row in days.select_related("purge") for gone in _gone(row, kept)]
    return coverage.pieces(period, days=slots, expired=expired, quiet=quiet, now=now)


def _gone(row: RecordDay, kept: Mapping[str, Period]) -> tuple[Period, ...]:
    """Return what of a purged day no hold of this matter had kept."""
    if row.purge is None:
        return ()
    return layout.day_period(row.day).minus(kept[each] for each in row.purge.holds if each in kept)


def verify(*, by: Actor, now: datetime, store: str = "") -> Iterator[Fault]:
    """Hash every part again and yield those that are not what the manifest says."""
    require(by, "records.read", now=now)
    parts = (
        RecordPart.objects.live().filter(**({"store": store} if store else {})).order_by("store", "day", "pk")
    )
    for part in parts.iterator(chunk_size=500):
        path = layout.path_of(choice.root(), part.store, part.side, part.day, part.bucket, part.pk)
        try:
            with path.open("rb") as file:
                sound = file_digest(file, "sha256").hexdigest() == part.sha256
        except OSError:
            yield Fault(part.pk, part.store, part.day, "is missing")
            continue
        if not sound:
            yield Fault(part.pk, part.store, part.day, "was changed")
