"""Writing a staged snapshot or a read feed into an engine, with the meta of the version that it makes."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from tecum.inventory.drivers import apply
from tecum.inventory.drivers.apply import Context
from tecum.inventory.drivers.engine import Engine, Meta, Numbered, Outcome, Source
from tecum.inventory.drivers.staging import Staged
from tecum.inventory.rules.runs import Holding, Span, joined, without
from tecum.inventory.rules.timeline import LONG_AGO

# Beyond this share a new state beside the old one is faster than edits (scale.md, part A),
# but so many edits are made in place whatever they are a share of.
REBUILD_ABOVE = 0.05
FEW_EDITS = 10_000


@dataclass(frozen=True)
class Load:
    """One file on its way into the inventory, while the load lock is held."""

    engine: Engine
    meta: Meta | None
    id: str
    kind: str
    name: str
    sha256: str
    as_of: datetime
    now: datetime
    zone: ZoneInfo

    @property
    def context(self) -> Context:
        """Return what the code that applies must know."""
        version = self.meta.version + 1 if self.meta else 1
        epoch = self.meta.snapshot_as_of if self.meta else LONG_AGO
        return Context(version, self.as_of, epoch, self.zone)

    def source(self) -> Source:
        """Return the row that tells which file made the version."""
        return Source(self.context.version, self.id, self.kind, self.name, self.sha256, self.as_of, self.now)

    def made(self, *, count: int, position: int = 0, snapshot: bool = False) -> Meta:
        """Return the meta of the version that this load makes."""
        before = self.meta
        return Meta(
            version=self.context.version,
            as_of=max(self.as_of, before.as_of) if before else self.as_of,
            snapshot_as_of=self.as_of if snapshot else self.context.epoch,
            source_sha256=self.sha256,
            feed_position=position or (before.feed_position if before else 0),
            total=count,
            load=self.id,
        )


def snapshot(load: Load, staged: Staged, changes: Outcome, *, edits: int) -> Outcome:
    """Make the inventory what a snapshot says; the smaller of two ways, edits or a new state beside the old one."""
    before = load.meta
    many = edits > max(FEW_EDITS, REBUILD_ABOVE * staged.runs)
    if before is None or many or changes.changed > REBUILD_ABOVE * before.total:
        _rebuild(load, staged)
        return changes
    with load.engine.edit() as editor:
        later = editor.journaled_after(load.as_of)
        grown = apply.settle(editor, staged.edits(), later, load.context)
        editor.finish(load.made(count=before.total + grown, snapshot=True), load.source())
    return changes


def _rebuild(load: Load, staged: Staged) -> None:
    later: list[int] = []
    was: dict[int, Holding | None] = {}
    if load.meta:
        with load.engine.edit() as editor:
            later = editor.journaled_after(load.as_of)
            was = apply.holdings(editor, later)
    spans = joined(Span(number, number) for number in later)
    past = apply.ended(without(staged.edits(), spans), load.context) if staged.compared else ()
    with load.engine.replace(staged.new_runs(), past) as editor:
        grown = apply.say(editor, later, {}, load.context, was=was)
        editor.finish(load.made(count=staged.numbers + grown, snapshot=True), load.source())


def feed(load: Load, facts: list[Numbered], *, position: int) -> Outcome:
    """Make the inventory what single changes say."""
    with load.engine.edit() as editor:
        outcome = apply.take(editor, facts, load.context)
        count = (load.meta.total if load.meta else 0) + outcome.grown
        editor.finish(load.made(count=count, position=position), load.source())
    return outcome
