"""The manifest's own moves, each within the change of an operation: where parts lie, which count, which holds name a day."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from tecum.records.drivers import choice, layout, places
from tecum.records.models.store import RecordDelivery, RecordHold, RecordPart


def silent(stage: str, share: float | None) -> None:
    """Take a report of progress that nobody wants."""


def known(ids: Collection[str]) -> set[str]:
    """Return which of these parts the manifest names."""
    return set(RecordPart.objects.filter(pk__in=list(ids)).values_list("pk", flat=True))


def utc(text: str) -> datetime:
    """Read an instant as the worker writes it."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def path_of(part: RecordPart) -> Path:
    """Return where a part lies."""
    return layout.path_of(choice.root(), part.store, part.side, part.day, part.bucket, part.pk)


def paths(parts: Iterable[RecordPart]) -> list[str]:
    """Return where parts lie, as engines want it."""
    return [str(path_of(part).resolve()) for part in parts]


def enter(
    store: str, parts: Iterable[Mapping[str, Any]], *, now: datetime, delivery: RecordDelivery | None = None
) -> None:
    """Make parts count, in the caller's transaction."""
    RecordPart.objects.bulk_create(
        [
            RecordPart(
                id=part["id"],
                store=store,
                side=part["side"],
                day=date.fromisoformat(part["day"]),
                bucket=part["bucket"],
                sha256=part["sha256"],
                rows=part["rows"],
                bytes=part["bytes"],
                first_at=utc(part["first"]),
                last_at=utc(part["last"]),
                delivery=delivery,
                hold_id=part.get("hold"),
                made_at=now,
            )
            for part in parts
        ],
        batch_size=500,
    )


def put(store: str, folder: Path, parts: Iterable[Mapping[str, Any]]) -> None:
    """Move staged parts to their places."""
    where = {
        part["id"]: layout.folder(store, part["side"], date.fromisoformat(part["day"]), part["bucket"])
        for part in parts
    }
    places.place(choice.root(), folder, where)


def retire(parts: Iterable[RecordPart], *, now: datetime) -> None:
    """Let parts count no more, in the caller's transaction."""
    ids = [part.pk for part in parts]
    for start in range(0, len(ids), 500):
        RecordPart.objects.filter(pk__in=ids[start : start + 500], retired_at=None).update(retired_at=now)


def holds_of(store: str, day: date) -> Any:
    """Return the open holds that name something of a day."""
    period = layout.day_period(day)
    return RecordHold.objects.filter(
        store__in=["", store], lifted_at=None, start_at__lt=period.end, end_at__gt=period.start
    ).order_by("pk")


def digest_of(parts: Iterable[RecordPart]) -> str:
    """Return the SHA-256 over the sorted lines `id sha256 rows` of parts: what a proof of purge names."""
    lines = sorted(f"{part.pk} {part.sha256} {part.rows}\n" for part in parts)
    return hashlib.sha256("".join(lines).encode()).hexdigest()
