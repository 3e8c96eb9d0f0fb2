"""What every work on a store begins and ends with: the lock, undoing what a crash left, removing what is retired."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from tecum.audit import operations as audit
from tecum.kernel.actors import Actor
from tecum.records import manifest
from tecum.records.drivers import choice, failpoints, places
from tecum.records.models.store import RecordDelivery, RecordPart, RecordRead
from tecum.records.states import DeliveryState


@contextmanager
def alone(store: str, *, by: Actor, now: datetime, wait: bool = True) -> Iterator[None]:
    """Be the only one who changes a store, with everything undone that a dead process left."""
    with places.lock(choice.root(), store, wait=wait):
        clean(store, by=by, now=now)
        yield


def clean(store: str, *, by: Actor, now: datetime) -> int:
    """Undo, under the lock, what dead works left, and return how many deliveries that ended."""
    places.left_behind(choice.root(), store, manifest.known)
    open_rows = list(RecordDelivery.objects.filter(store=store, state=DeliveryState.LOADING))
    for row in open_rows:
        abandon(row, by=by, now=now)
    return len(open_rows)


@transaction.atomic
def abandon(row: RecordDelivery, *, by: Actor, now: datetime) -> None:
    """Say that nothing of a delivery is in the store."""
    if row.end(DeliveryState.ABANDONED, at=now):
        audit.record("records.load_abandoned", by=by, at=now, delivery=str(row.pk), store=row.store)


def sweep(store: str, *, by: Actor, now: datetime) -> int:
    """
    Remove, under the lock, the files of retired parts that no search under way may still be reading; return how many.

    A search enters itself before it asks the manifest: whoever comes after this look sees the parts retired already.
    """
    RecordRead.objects.filter(lease_until__lte=now).delete()
    gone = RecordPart.objects.filter(store=store, retired_at__isnull=False, removed_at=None)
    oldest = (
        RecordRead.objects.filter(store=store).order_by("began_at").values_list("began_at", flat=True).first()
    )
    if oldest is not None:
        gone = gone.filter(retired_at__lt=oldest)
    parts = list(gone)
    if not parts:
        return 0
    places.remove(manifest.path_of(part) for part in parts)
    failpoints.reach("removed")
    with transaction.atomic():
        for start in range(0, len(parts), 500):
            RecordPart.objects.filter(pk__in=[part.pk for part in parts[start : start + 500]]).update(
                removed_at=now
            )
        audit.record(
            "records.removed",
            by=by,
            at=now,
            store=store,
            parts=len(parts),
            bytes=sum(part.bytes for part in parts),
        )
    return len(parts)
