"""Loading the files that switches write."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from fnmatch import fnmatch
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Avg

from tecum.access.rules import require
from tecum.audit import operations as audit
from tecum.guide.model.guide import Guide
from tecum.guide.model.records import SwitchFormat
from tecum.guide.values import add
from tecum.kernel.actors import Actor
from tecum.policy import queries as policy
from tecum.records import manifest, works
from tecum.records.drivers import choice, failpoints, places
from tecum.records.drivers.files import sha256_of
from tecum.records.drivers.guarded import Progress, Worker
from tecum.records.models.store import RecordDay, RecordDelivery, RecordPart
from tecum.records.rules import coverage, reading, retention
from tecum.records.rules.reading import CannotLoad
from tecum.records.states import DeliveryState

LAST_FILES = 5  # whose mean duration is what a format usually has


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What became of a file. `already`: it was loaded before, and nothing was done."""

    delivery: int
    store: str
    lines: int = 0
    rows: int = 0
    known: int = 0
    skipped: int = 0
    rejected: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    rejects: Path | None = None
    first: datetime | None = None
    last: datetime | None = None
    already: bool = False


def load(
    path: Path,
    *,
    by: Actor,
    now: datetime,
    form: str = "",
    believe: bool = False,
    rejects: Path | None = None,
    progress: Progress = manifest.silent,
    wait: bool = True,
) -> LoadReport:
    """
    Load one file; a record that is known already changes nothing, in whatever order files come.

    `form` names the format, otherwise the file's name does; `believe` loads a file that contradicts its format; the lines of bad
    rows go to `rejects`, by default beside the file.

    :raises CannotLoad: with what is wrong with the file; nothing of it is loaded then
    :raises StoreBusy: while another work on the store does not end
    """
    require(by, "records.load", now=now)
    guide = policy.at(now)
    chosen = _format(guide, path, form, now)
    guide.record_store(chosen.store)
    try:
        sha256 = sha256_of(path)
    except OSError as error:
        raise CannotLoad(f"{path.name} cannot be opened: {error.strerror}.") from None
    with works.alone(chosen.store, by=by, now=now, wait=wait):
        before = RecordDelivery.objects.filter(
            store=chosen.store, format=chosen.id, sha256=sha256, state=DeliveryState.LOADED
        ).first()
        if before:
            return LoadReport(before.pk, before.store, before.lines, already=True)
        row = _intend(guide, chosen, path, by=by, now=now)
        try:
            return _carry_out(
                row, guide, chosen, path, sha256, by, now, believe, rejects or _beside(path), progress
            )
        except BaseException:
            works.abandon(row, by=by, now=now)
            raise


def _beside(path: Path) -> Path:
    return path.with_name(path.name + ".rejects.csv")


def _format(guide: Guide, path: Path, wanted: str, now: datetime) -> SwitchFormat:
    """Return the format by its id or by the file's name, among those that hold today."""
    today = now.astimezone(guide.carrier.zone.tz).date()
    forms = guide.on(guide.switch_formats, today)
    found = [
        each
        for each in forms
        if each.id == wanted or (not wanted and any(fnmatch(path.name, pattern) for pattern in each.files))
    ]
    if len(found) == 1:
        return found[0]
    names = ", ".join(each.id for each in forms) or "none"
    if wanted:
        raise CannotLoad(f"The guide has no switch format '{wanted}'; it has: {names}. Nothing was loaded.")
    if found:
        raise CannotLoad(
            f"The name {path.name} fits several formats ({', '.join(each.id for each in found)}): name one. Nothing was loaded."
        )
    raise CannotLoad(
        f"The name {path.name} fits no switch format of the guide ({names}): name one. Nothing was loaded."
    )


@transaction.atomic
def _intend(guide: Guide, form: SwitchFormat, path: Path, *, by: Actor, now: datetime) -> RecordDelivery:
    row = RecordDelivery.objects.create(
        store=form.store,
        format=form.id,
        file_name=path.name[-255:],
        guide=guide.version[:100],
        by=by.ref,
        began_at=now,
    )
    audit.record(
        "records.load_intended", by=by, at=now, delivery=str(row.pk), store=row.store, format=form.id
    )
    return row


def _carry_out(
    row: RecordDelivery,
    guide: Guide,
    form: SwitchFormat,
    path: Path,
    sha256: str,
    by: Actor,
    now: datetime,
    believe: bool,
    rejects: Path,
    progress: Progress,
) -> LoadReport:
    with places.workplace(choice.root(), row.store, manifest.known) as folder:
        with Worker(choice.guard(folder=folder, path=path)) as worker:
            job = {
                "kind": "stage",
                "path": str(path.resolve()),
                "name": path.name,
                "folder": str(folder.resolve()),
                "rejects": str(rejects.resolve()),
                "delivery": row.pk,
                "believe": believe,
                "spec": _spec(guide, form, now),
            }
            staged = worker.do(job, progress=progress, answer=lambda need: _overlapping(row.store, need))
        if staged["sha256"] != sha256:
            raise CannotLoad(f"{path.name} was changed while it was read. Nothing was loaded; load it again.")
        progress("placing", None)
        manifest.put(row.store, folder, staged["parts"])
        _finish(row, staged, by=by, now=now)
        failpoints.reach("committed")
    return LoadReport(
        row.pk,
        row.store,
        staged["lines"],
        staged["rows"],
        staged["known"],
        staged["skipped"],
        staged["rejected"],
        staged["reasons"],
        rejects if staged["rejected"] else None,
        manifest.utc(staged["first"]) if staged["first"] else None,
        manifest.utc(staged["last"]) if staged["last"] else None,
    )


def _spec(guide: Guide, form: SwitchFormat, now: datetime) -> dict[str, Any]:
    zone = str(guide.carrier.zone)
    keeps = guide.record_store(form.store).keeps
    trusted = form.believable.oldest
    day = add(now.astimezone(ZoneInfo(zone)).date(), -trusted.high, trusted.unit)
    last = RecordDelivery.objects.filter(
        store=form.store, format=form.id, state=DeliveryState.LOADED, rows__gte=100, mean_ms__gt=0
    ).order_by("-pk")[:LAST_FILES]
    usual = RecordDelivery.objects.filter(pk__in=[each.pk for each in last]).aggregate(mean=Avg("mean_ms"))[
        "mean"
    ]
    return reading.spec(
        form,
        zone=zone,
        now=now.astimezone(UTC),
        oldest=datetime(day.year, day.month, day.day, tzinfo=UTC),
        floor=retention.first_kept(retention.cutoff(keeps, zone=zone, now=now)),
        usual_ms=usual,
    )


def _overlapping(store: str, need: Any) -> list[str]:
    """Return the files that may hold records of a day between two instants."""
    day, first, last = need
    parts = RecordPart.objects.live().filter(
        store=store,
        side="calling",
        day=date.fromisoformat(day),
        hold=None,
        first_at__lte=manifest.utc(last),
        last_at__gte=manifest.utc(first),
    )
    return manifest.paths(parts)


@transaction.atomic
def _finish(row: RecordDelivery, staged: Mapping[str, Any], *, by: Actor, now: datetime) -> None:
    """Make everything of a delivery count at once."""
    facts = {
        name: staged[name] for name in ("sha256", "lines", "rows", "known", "skipped", "rejected", "mean_ms")
    }
    first, last = (manifest.utc(staged[name]) if staged[name] else None for name in ("first", "last"))
    row.end(DeliveryState.LOADED, at=now, first_at=first, last_at=last, **facts)
    manifest.enter(row.store, staged["parts"], now=now, delivery=row)
    for day, slots in staged["slots"].items():
        heard, _ = RecordDay.objects.get_or_create(store=row.store, day=date.fromisoformat(day))
        RecordDay.objects.filter(pk=heard.pk).update(slots=coverage.merged(heard.slots, slots))
    audit.record(
        "records.loaded",
        by=by,
        at=now,
        delivery=str(row.pk),
        store=row.store,
        source=staged["sha256"],
        rows=staged["rows"],
        known=staged["known"],
        rejected=staged["rejected"],
        parts=len(staged["parts"]),
    )
