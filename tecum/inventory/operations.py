"""What can be done to the inventory: load a snapshot, apply a feed, finish what a crash left, read one number's history."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from tecum.access.rules import require
from tecum.audit import operations as audit
from tecum.inventory import queries
from tecum.inventory.drivers import choice, failpoints, feed, loading, staging
from tecum.inventory.drivers.engine import Outcome
from tecum.inventory.drivers.loading import Load
from tecum.inventory.models import InventoryLoad
from tecum.inventory.queries import NumberHistory
from tecum.inventory.rules.age import share
from tecum.inventory.rules.files import FEED_HEADER, CannotRead
from tecum.inventory.states import LoadState
from tecum.kernel.actors import Actor
from tecum.kernel.ids import unguessable
from tecum.kernel.loads import ChangesTooMuch, Loaded, OutOfOrder, said
from tecum.policy import queries as policy

Progress = Callable[[str, float | None], None]


@dataclass(frozen=True, kw_only=True)
class LoadReport(Loaded):
    """
    What a file did to the inventory, or would do; `version` is None for a dry run.

    `known`: lines of a feed that were applied before.
    """

    version: int | None = None
    numbers: int = 0
    removed: int = 0
    known: int = 0
    rejects: Path | None = None


def load_snapshot(
    path: Path,
    *,
    by: Actor,
    now: datetime,
    as_of: datetime | None = None,
    max_change: float | None = None,
    dry_run: bool = False,
    progress: Progress = lambda _stage, _share: None,
    rejects: Path | None = None,
) -> LoadReport:
    """
    Replace the current state by a file that speaks for every number at `as_of` (default: now).

    Look-ups go on meanwhile. Numbers that a bad line speaks of keep what they had. `max_change` is the share of the
    inventory that the file may change, by default the guide's; bad lines are written to `rejects`, by default beside the
    file.

    :raises CannotRead: for a file that is not in the format, or was damaged
    :raises ChangesTooMuch: if the file would change more than allowed
    :raises OutOfOrder: if something newer is loaded
    :raises LoadInProgress: while another load runs
    """
    require(by, "inventory.load", now=now)
    file = staging.look_at(path)
    with choice.engine().lock():
        _finish_open_loads(by=by, now=now)
        load = _begin("snapshot", file, as_of=as_of or now, now=now)
        _in_order(load)
        with staging.workplace(choice.workshop()) as folder:
            staged = _stage(load, file, folder, rejects or _beside(path), progress)
            failpoints.reach("staged")
            changes, edits = staged.changes()
            load = replace(load, sha256=staged.sha256)
            report = _report(load, staged, changes, rejects or _beside(path))
            allowed = float(queries.freshness(now).max_change) if max_change is None else max_change
            _small_enough(load, report, allowed)
            if dry_run:
                return report
            progress("applying", None)
            return _carry_out(load, report, by, lambda: loading.snapshot(load, staged, changes, edits=edits))


def apply_feed(
    path: Path, *, by: Actor, now: datetime, as_of: datetime | None = None, rejects: Path | None = None
) -> LoadReport:
    """
    Apply single changes; a line that is known already changes nothing, a late one finds its place in the past.

    :raises CannotRead: for a file that is not in the format, or was damaged
    :raises OutOfOrder: if `as_of` is in the future
    :raises LoadInProgress: while another load runs
    """
    require(by, "inventory.load", now=now)
    file = staging.look_at(path, headers=(FEED_HEADER,))
    if file.format == "parquet":
        raise CannotRead(f"{file.name} is Parquet; a change feed is CSV or CSV.gz.")
    rejects = rejects or _beside(path)
    with choice.engine().lock():
        _finish_open_loads(by=by, now=now)
        load = _begin("feed", file, as_of=as_of or now, now=now)
        if load.as_of > now:
            raise OutOfOrder(f"The file is as of {said(load.as_of)}, which is in the future.")
        position = load.meta.feed_position if load.meta else 0
        read = feed.read(
            file,
            as_of=load.as_of,
            epoch=load.context.epoch,
            zone=load.zone,
            position=position,
            rejected=rejects,
        )
        load = replace(load, sha256=read.sha256)
        report = LoadReport(
            as_of=load.as_of,
            lines=read.lines,
            rejected=read.rejected,
            rejects=rejects if read.rejected else None,
        )
        return _carry_out(load, report, by, lambda: loading.feed(load, read.facts, position=read.position))


def recover(*, by: Actor, now: datetime) -> int:
    """
    Finish in the application database what a crash left open, by what the inventory itself says, and return how many.

    :raises LoadInProgress: while a load runs
    """
    require(by, "inventory.load", now=now)
    with choice.engine().lock():
        return _finish_open_loads(by=by, now=now)


def read_history(number: str, *, case: str, by: Actor, now: datetime) -> NumberHistory:
    """Show one number's history to staff, for a case; who asked is stored first (A17)."""
    require(by, "inventory.history", now=now)
    found = queries.assignments(number, now=now)
    audit.note(
        "inventory.history_read", by=by, at=now, case=case, version=found.version, past=len(found.past)
    )
    return found


# before anything changes


def _beside(path: Path) -> Path:
    return path.with_name(path.name + ".rejects.csv")


def _begin(kind: str, file: staging.File, *, as_of: datetime, now: datetime) -> Load:
    engine = choice.engine()
    zone = policy.at(now).carrier.zone.tz
    return Load(engine, engine.meta(), unguessable(), kind, file.name[-255:], "", as_of, now, zone)


def _in_order(load: Load) -> None:
    if load.as_of > load.now:
        raise OutOfOrder(f"The file is as of {said(load.as_of)}, which is in the future.")
    if load.meta and load.as_of < load.meta.snapshot_as_of:
        raise OutOfOrder(
            f"The file is as of {said(load.as_of)}, but a newer one is loaded, as of {said(load.meta.snapshot_as_of)}."
            " Nothing was changed."
        )


def _stage(load: Load, file: staging.File, folder: Path, rejects: Path, progress: Progress) -> staging.Staged:
    old = folder / "old.tsv" if load.meta else None
    if old:
        progress("exporting", None)
        load.engine.dump(old)
    return staging.stage(
        file,
        folder=folder,
        old=old,
        rejects=rejects,
        today=load.as_of.astimezone(load.zone).date(),
        memory=settings.TECUM_INVENTORY_MEMORY,
        progress=progress,
    )


def _report(load: Load, staged: staging.Staged, changes: Outcome, rejects: Path) -> LoadReport:
    return LoadReport(
        version=None,
        as_of=load.as_of,
        lines=staged.lines,
        numbers=staged.numbers,
        added=changes.added,
        removed=changes.removed,
        moved=changes.moved,
        rejected=staged.rejected,
        held=staged.held,
        share=share(changes.changed, before=load.meta.total if load.meta else 0, added=changes.added),
        rejects=rejects if staged.rejected else None,
    )


def _small_enough(load: Load, report: LoadReport, allowed: float) -> None:
    """Refuse a file that says something about nothing, is unreadable in large part, or would change too much."""
    where = f" The bad lines are in {report.rejects}." if report.rejects else ""
    if not report.numbers:
        raise CannotRead(f"No line of {load.name} holds a number in service. Nothing was changed.{where}")
    if report.rejected > allowed * report.lines:
        raise ChangesTooMuch(
            f"{report.rejected:,} of the {report.lines:,} lines of {load.name} are bad, more than {allowed:.1%}."
            f" Nothing was changed; --max-change allows it.{where}"
        )
    if report.share > allowed:
        changed = report.added + report.removed + report.moved
        raise ChangesTooMuch(
            f"{load.name} would change {changed:,} numbers, {report.share:.1%} of the inventory, more than {allowed:.1%}:"
            f" {report.added:,} new, {report.removed:,} gone, {report.moved:,} with another customer or date."
            " Nothing was changed; --max-change allows it."
        )


# the change itself: two databases, one truth each


def _carry_out(load: Load, report: LoadReport, by: Actor, work: Callable[[], Outcome]) -> LoadReport:
    """
    Say what is intended, do it, say that it is done.

    A load cannot commit in both databases at once: the inventory's own `source` table is the truth for what was applied, and
    after a crash between the steps recovery compares and finishes.
    """
    row = _intend(load, report, by)
    failpoints.reach("intended")
    try:
        done = work()
    except BaseException:
        _finish(row, load.engine.applied(load.id), by=by, now=load.now)
        raise
    failpoints.reach("applied")
    version = load.context.version
    _finish(row, version, by=by, now=load.now, added=done.added, removed=done.removed, moved=done.moved)
    return replace(
        report, version=version, added=done.added, removed=done.removed, moved=done.moved, known=done.known
    )


@transaction.atomic
def _intend(load: Load, report: LoadReport, by: Actor) -> InventoryLoad:
    audit.record(
        "load.intended",
        by=by,
        at=load.now,
        load=load.id,
        kind=load.kind,
        source=load.sha256,
        lines=report.lines,
    )
    return InventoryLoad.objects.create(
        id=load.id,
        kind=load.kind,
        file_name=load.name,
        sha256=load.sha256,
        as_of=load.as_of,
        by=by.ref,
        intended_at=load.now,
        lines=report.lines,
        numbers=report.numbers,
        added=report.added,
        removed=report.removed,
        moved=report.moved,
        rejected=report.rejected,
    )


@transaction.atomic
def _finish(row: InventoryLoad, version: int | None, *, by: Actor, now: datetime, **counts: int) -> None:
    """Close a load by what the inventory says: applied as a version, or not at all."""
    state = LoadState.ABANDONED if version is None else LoadState.APPLIED
    if not row.end(state, at=now, version=version, **counts):
        return
    if version is None:
        audit.record("load.abandoned", by=by, at=now, load=row.pk)
    else:
        audit.record("load.applied", by=by, at=now, load=row.pk, version=version, source=row.sha256)


def _finish_open_loads(*, by: Actor, now: datetime) -> int:
    """Close, under the load lock, what an earlier process left open."""
    engine = choice.engine()
    rows = list(InventoryLoad.objects.filter(state=LoadState.INTENDED))
    for row in rows:
        _finish(row, engine.applied(row.pk), by=by, now=now)
    return len(rows)
