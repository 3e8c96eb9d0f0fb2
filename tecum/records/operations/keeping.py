"""Keeping the store small and lawful: compaction, purge on time, what a crash left."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import transaction

from tecum.access.rules import require
from tecum.audit import operations as audit
from tecum.kernel import locks
from tecum.kernel.actors import Actor
from tecum.policy import queries as policy
from tecum.records import manifest, works
from tecum.records.drivers import choice, failpoints, layout, places
from tecum.records.drivers.guarded import Worker
from tecum.records.models.store import RecordDay, RecordDelivery, RecordHold, RecordPart, RecordPurge
from tecum.records.rules import retention
from tecum.records.states import DeliveryState

HOLDS = "records.holds"  # the turnstile between a hold and the purge that would miss it
CLOSED_AFTER = timedelta(hours=6)  # a day's files come late, but most of them not later than this
EVERY = timedelta(hours=1)
MOST_HOT = 64  # so many hot parts of a day are compacted sooner


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What one round did."""

    purged: int = 0
    compacted: int = 0
    removed: int = 0


def maintain(*, by: Actor, now: datetime) -> Upkeep:
    """
    Purge what is over, compact what is due, remove what is retired, in every store of the guide; what another work holds waits.

    There is no lower bound: what fell due while nothing ran is done now.
    """
    require(by, "records.load", now=now)
    purged = compacted = removed = 0
    for store in policy.at(now).record_stores:
        if not _work(store.id, now):
            continue
        try:
            purged += purge(store.id, by=by, now=now, wait=False)
            compacted += compact(store.id, by=by, now=now, wait=False)
            with works.alone(store.id, by=by, now=now, wait=False):
                removed += works.sweep(store.id, by=by, now=now)
        except places.StoreBusy:
            continue
    return Upkeep(purged, compacted, removed)


def _work(store: str, now: datetime) -> bool:
    """Tell whether there is anything to do, without touching the disk."""
    dead = RecordDelivery.objects.filter(store=store, state=DeliveryState.LOADING).exists()
    retired = RecordPart.objects.filter(store=store, retired_at__isnull=False, removed_at=None).exists()
    return dead or retired or bool(_over(store, now)) or bool(_due(store, now))


def recover(store: str, *, by: Actor, now: datetime) -> int:
    """
    Undo what a crash left and return how many deliveries that ended.

    :raises StoreBusy: while a work on the store runs
    """
    require(by, "records.load", now=now)
    with places.lock(choice.root(), store, wait=False):
        ended = works.clean(store, by=by, now=now)
        works.sweep(store, by=by, now=now)
        return ended


# compaction


def compact(store: str, *, by: Actor, now: datetime, wait: bool = True, force: bool = False) -> int:
    """
    Merge the small files of the days that are due: hot parts into buckets every hour, a closed day's into one part each.

    Return how many days were compacted. `force` takes every day that has hot parts.

    :raises StoreBusy: while another work on the store does not end
    """
    require(by, "records.load", now=now)
    if not _due(store, now, force=force):
        return 0
    with works.alone(store, by=by, now=now, wait=wait):
        days = _due(store, now, force=force)
        for day in days:
            _compact_day(store, day, by=by, now=now)
        works.sweep(store, by=by, now=now)
    return len(days)


def _due(store: str, now: datetime, *, force: bool = False) -> list[date]:
    """Return the days whose hot parts are an hour old, or many; and the closed days with several parts of one bucket."""
    days: list[date] = []
    counts: dict[date, dict[tuple[str, int], list[datetime]]] = defaultdict(lambda: defaultdict(list))
    for day, side, bucket, made in _small(store, now).values_list("day", "side", "bucket", "made_at"):
        counts[day][side, bucket].append(made)
    for day, groups in sorted(counts.items()):
        hot = [made for (_, bucket), many in groups.items() if bucket == layout.HOT for made in many]
        several = any(len(many) > 1 for (_, bucket), many in groups.items() if bucket != layout.HOT)
        if (
            hot
            and (force or min(hot) <= now - EVERY or len(hot) >= 2 * MOST_HOT)
            or several
            and _closed(day, now)
        ):
            days.append(day)
    return days


def _small(store: str, now: datetime) -> Any:
    """Return the live parts of the days in which something may have to be merged."""
    live = RecordPart.objects.live().filter(store=store, hold=None)
    recent = live.filter(made_at__gte=now - timedelta(days=3)).values("day")
    hot = live.filter(bucket=layout.HOT).values("day")
    return live.filter(day__in=recent.union(hot).values_list("day", flat=True))


def _closed(day: date, now: datetime) -> bool:
    return datetime.combine(day + timedelta(days=1), time(), UTC) + CLOSED_AFTER <= now


def _compact_day(store: str, day: date, *, by: Actor, now: datetime) -> None:
    parts = list(RecordPart.objects.live().filter(store=store, day=day, hold=None))
    if not _closed(day, now):
        parts = [part for part in parts if part.bucket == layout.HOT]
    groups = []
    for side in layout.SIDES:
        files: dict[str, list[str]] = defaultdict(list)
        for part in parts:
            if part.side == side:
                files[str(part.bucket)].append(str(manifest.path_of(part).resolve()))
        if files:
            groups.append({"side": side, "day": day.isoformat(), "files": dict(files)})
    with places.workplace(choice.root(), store, manifest.known) as folder:
        job = {"kind": "merge", "name": f"The day {day}", "groups": groups, "folder": str(folder.resolve())}
        with Worker(choice.guard(folder=folder)) as worker:
            made = worker.do(job, progress=manifest.silent)["parts"]
        manifest.put(store, folder, made)
        with transaction.atomic():
            manifest.enter(store, made, now=now)
            manifest.retire(parts, now=now)
            rows = sum(part["rows"] for part in made) // 2
            audit.record(
                "records.compacted",
                by=by,
                at=now,
                store=store,
                day=day,
                before=len(parts),
                after=len(made),
                rows=rows,
            )
        failpoints.reach("committed")


# purge


def purge(store: str, *, by: Actor, now: datetime, wait: bool = True) -> int:
    """
    Purge, as whole days, what a store keeps no longer; what a hold names is copied out first. Return how many days.

    :raises NotInGuide: for a store that the guide does not have
    :raises StoreBusy: while another work on the store does not end
    """
    require(by, "records.load", now=now)
    if not _over(store, now):
        return 0
    with works.alone(store, by=by, now=now, wait=wait):
        days = _over(store, now)
        for day in days:
            while not _purge_day(store, day, by=by, now=now):
                pass  # a hold was placed meanwhile: copy again
        works.sweep(store, by=by, now=now)
    return len(days)


def _cutoff(store: str, now: datetime) -> datetime:
    guide = policy.at(now)
    return retention.cutoff(guide.record_store(store).keeps, zone=str(guide.carrier.zone), now=now)


def _over(store: str, now: datetime) -> list[date]:
    """Return the days with live parts whose last record is older than the store keeps."""
    before = _cutoff(store, now)
    days = RecordPart.objects.live().filter(store=store, hold=None, day__lt=before.date())
    return [
        day
        for day in days.order_by("day").values_list("day", flat=True).distinct()
        if retention.is_over(day, before)
    ]


def _purge_day(store: str, day: date, *, by: Actor, now: datetime) -> bool:
    """Copy out, retire and prove one day; tell whether it is done. A day that nobody holds stages nothing."""
    parts = list(RecordPart.objects.live().filter(store=store, day=day, hold=None).order_by("pk"))
    holds = list(manifest.holds_of(store, day))
    if not holds:
        done = _retire_day(store, day, parts, holds, [], by=by, now=now)
        failpoints.reach("committed")
        return done
    with places.workplace(choice.root(), store, manifest.known) as folder:
        kept = _copy_out(store, day, parts, holds, folder)
        manifest.put(store, folder, kept)
        done = _retire_day(store, day, parts, holds, kept, by=by, now=now)
        failpoints.reach("committed")
    return done


def _copy_out(
    store: str, day: date, parts: list[RecordPart], holds: list[RecordHold], folder: Any
) -> list[dict[str, Any]]:
    files = {side: manifest.paths(part for part in parts if part.side == side) for side in layout.SIDES}
    named = [
        {
            "id": each.pk,
            "number": each.number,
            "start": each.start_at.astimezone(UTC).replace(tzinfo=None).isoformat(),
            "end": each.end_at.astimezone(UTC).replace(tzinfo=None).isoformat(),
        }
        for each in holds
    ]
    job = {
        "kind": "extract",
        "day": day.isoformat(),
        "holds": named,
        "files": files,
        "folder": str(folder.resolve()),
    }
    with Worker(choice.guard(folder=folder)) as worker:
        made = worker.do(job, progress=manifest.silent)["parts"]
    return [{**part, "bucket": layout.HELD} for part in made]


@transaction.atomic
def _retire_day(
    store: str,
    day: date,
    parts: list[RecordPart],
    holds: list[RecordHold],
    kept: list[dict[str, Any]],
    *,
    by: Actor,
    now: datetime,
) -> bool:
    """Let a day count no more, unless a hold was placed or lifted since it was copied out."""
    locks.before_change(RecordHold.objects.all(), [HOLDS])
    if [each.pk for each in manifest.holds_of(store, day)] != [each.pk for each in holds]:
        return False
    manifest.enter(store, kept, now=now)
    manifest.retire(parts, now=now)
    digest = manifest.digest_of(parts)
    proof = RecordPurge.objects.create(
        store=store,
        day=day,
        cutoff=_cutoff(store, now),
        parts=len(parts),
        rows=sum(part.rows for part in parts if part.side == layout.CALLING),
        bytes=sum(part.bytes for part in parts),
        kept=sum(part["rows"] for part in kept),
        holds=[each.pk for each in holds],
        digest=digest,
        at=now,
        by=by.ref,
    )
    heard, _ = RecordDay.objects.get_or_create(store=store, day=day)
    RecordDay.objects.filter(pk=heard.pk).update(purged_at=now, purge=proof)
    audit.record(
        "records.purged",
        by=by,
        at=now,
        store=store,
        day=day,
        purge=proof.pk,
        parts=proof.parts,
        rows=proof.rows,
        bytes=proof.bytes,
        kept=proof.kept,
        holds=len(holds),
        digest=digest,
    )
    return True
