"""The one code that changes an inventory, whether a snapshot's differences or a feed's facts ask for it."""

import contextlib
import gc
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby, islice
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from tecum.inventory.drivers.engine import Editor, Numbered, Outcome, PastRow
from tecum.inventory.rules.runs import HISTORY_BLOCK, Edit, Holding, Run, Span, carve, joined, reach, without
from tecum.inventory.rules.timeline import (
    LONG_AGO,
    NOTICED,
    RESTATED,
    Fact,
    Kind,
    Past,
    believed,
    believed_at,
    continued,
    ended_by_snapshot,
    fold,
    midnight,
)

T = TypeVar("T")
CHUNK = 10_000  # edits or numbers changed at a time, so that memory stays small
TICK = timedelta(microseconds=1)


class Context(NamedTuple):
    """What a change knows about itself: its version and as-of, the last snapshot, and the carrier's zone."""

    version: int
    as_of: datetime
    epoch: datetime
    zone: ZoneInfo


def put(editor: Editor, edits: Iterable[Edit]) -> None:
    """Make sorted edits of the current state."""
    for chunk in chunks(edits, CHUNK):
        delete, insert = carve(editor.runs_touching(reach(chunk)), chunk)
        editor.change_runs(delete, insert)


def ended(edits: Iterable[Edit], context: Context) -> Iterator[PastRow]:
    """Yield the rows of the history for what a snapshot ends."""
    for edit in edits:
        if edit.was:
            past = ended_by_snapshot(edit.was, edit.now, as_of=context.as_of, zone=context.zone)
            yield PastRow(edit.s, edit.e, past, context.version)


def settle(editor: Editor, edits: Iterable[Edit], numbers: Sequence[int], context: Context) -> int:
    """
    Apply a snapshot's differences, with history, and return by how many numbers the inventory grew.

    `numbers`: those about which a feed already told something later than the snapshot's as-of. For them the snapshot is one
    more fact.
    """
    outcome = Outcome()
    spans = joined(Span(number, number) for number in numbers)
    told: dict[int, Holding | None] = {}
    for chunk in chunks(edits, CHUNK):
        for edit in chunk:
            told.update(dict.fromkeys(_within(numbers, edit), edit.now))
        plain = list(without(chunk, spans))
        outcome.count(plain)
        put(editor, plain)
        editor.change_past([], ended(plain, context))
    return outcome.grown + say(editor, numbers, told, context)


def say(
    editor: Editor,
    numbers: Sequence[int],
    told: Mapping[int, Holding | None],
    context: Context,
    *,
    was: Mapping[int, Holding | None] | None = None,
) -> int:
    """
    Enter what a snapshot says of single numbers as facts; what it does not differ in, it agrees with.

    `was`: who had them before, where the new state stands already.
    """
    current = holdings(editor, numbers)
    facts = [
        Numbered(number, _statement(context.as_of, told.get(number, current[number]), epoch=context.as_of))
        for number in numbers
    ]
    return take(editor, facts, context._replace(epoch=context.as_of), was=was).grown


def _within(numbers: Sequence[int], edit: Edit) -> Sequence[int]:
    first = bisect_right(numbers, edit.s - 1)
    return numbers[first : bisect_right(numbers, edit.e, first)]


def _statement(at: datetime, holding: Holding | None, *, epoch: datetime) -> Fact:
    customer, since = holding or ("", None)
    return Fact(at, Kind.SNAPSHOT, customer, "", epoch, 0, since)


def take(
    editor: Editor,
    facts: Iterable[Numbered],
    context: Context,
    *,
    was: Mapping[int, Holding | None] | None = None,
) -> Outcome:
    """Apply facts, grouped by ascending number; one that is known already changes nothing."""
    outcome = Outcome()
    snapshots = editor.source_times()
    grouped = groupby(facts, key=lambda row: row.number)
    with _uncollected():
        for chunk in chunks(((number, [row.fact for row in rows]) for number, rows in grouped), CHUNK):
            _Batch(editor, dict(chunk), context, snapshots, was or {}).apply(outcome)
    return outcome


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """
    Keep Python's collector of cycles from walking all facts again and again: a third of the time of 100,000 changes.

    Tuples and lists of a batch make no cycles; what is no longer used goes by its count, as ever.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def holdings(editor: Editor, numbers: Sequence[int]) -> dict[int, Holding | None]:
    """Tell who has each of the sorted numbers now."""
    return _holdings(editor.runs_touching(joined(Span(number, number) for number in numbers)), numbers)


def _holdings(runs: Sequence[Run], numbers: Sequence[int]) -> dict[int, Holding | None]:
    starts = [run.s for run in runs]
    found: dict[int, Holding | None] = {}
    for number in numbers:
        at = bisect_right(starts, number) - 1
        found[number] = runs[at].holding if at >= 0 and runs[at].e >= number else None
    return found


@dataclass
class _Batch:
    """Some numbers with the facts that arrived about them."""

    editor: Editor
    arrived: dict[int, list[Fact]]
    context: Context
    snapshots: Mapping[int, datetime]
    was: Mapping[int, Holding | None]
    edits: list[Edit] = field(default_factory=list)
    journal: list[Numbered] = field(default_factory=list)
    added: list[PastRow] = field(default_factory=list)
    late: list[int] = field(default_factory=list)

    def apply(self, outcome: Outcome) -> None:
        """Sort the facts into those that continue a life and those that came late, and write what follows from both."""
        numbers = list(self.arrived)
        self.known: dict[int, list[Fact]] = {number: [] for number in numbers}
        for number, fact in self.editor.journal_of(numbers):
            self.known[number].append(fact)
        runs = self.editor.runs_touching(joined(Span(number - 1, number + 1) for number in numbers))
        self.current = _holdings(runs, numbers)
        for number in numbers:
            self._one(number, outcome)
        self._rewrite_late_lives()
        self.edits.sort()
        outcome.count(self.edits)
        self.editor.change_runs(*carve(runs, self.edits))
        self.editor.add_to_journal(self.journal)
        self.editor.change_past([], self.added)

    def _one(self, number: int, outcome: Outcome) -> None:
        known, new = self.known[number], self.arrived[number]
        if known or len(new) > 1:
            seen = {fact[:4] for fact in known}
            new = [seen.add(fact[:4]) or fact for fact in new if fact[:4] not in seen]  # type: ignore[func-returns-value]
        outcome.new += len(new)
        outcome.known += len(self.arrived[number]) - len(new)
        if not new:
            return
        self.journal += [Numbered(number, fact) for fact in new]
        self.arrived[number] = new
        horizon = self.context.epoch
        if known:
            horizon = max(horizon, *[fact.at for fact in known])
        if min([fact.at for fact in new]) <= horizon:
            self.late.append(number)
        else:
            self._continue(number, new)

    def _continue(self, number: int, new: list[Fact]) -> None:
        """Let facts happen that are later than everything known about their number."""
        was, epoch, zone = self.current[number], self.context.epoch, self.context.zone
        corrects = Kind.CORRECT in [fact.kind for fact in new]
        if corrects and epoch > LONG_AGO and not _stated(self.known[number], epoch):
            # A correction may leave no trace in the history of what the snapshot said.
            self.journal.append(Numbered(number, _statement(epoch, was, epoch=epoch)))
        if len(new) == 1 and not corrects:
            life = continued(new[0], was, zone)
        else:
            life = fold(new, zone, start=was)
        self._change(number, life.holding, life.past)
        self.added += [PastRow(number, number, past, self.context.version) for past in life.past]

    def _change(self, number: int, now: Holding | None, past: Sequence[Past]) -> None:
        was = self.current[number]
        if was == now:
            return
        self.edits.append(Edit(number, number, was, now))
        if was and was not in [row[:2] for row in past]:
            row = Past(*was, until=self.context.as_of, reason=RESTATED)
            self.added.append(PastRow(number, number, row, self.context.version))

    def _rewrite_late_lives(self) -> None:
        """Fold the whole life of each number again about which something came late."""
        if not self.late:
            return
        before = self.editor.past_of(self.late)
        rows: dict[int, set[PastRow]] = {}
        for row in before:  # no row crosses a thousands block
            rows.setdefault(row.s // HISTORY_BLOCK, set()).add(row)
        for number in self.late:
            self._rewrite(number, rows.setdefault(number // HISTORY_BLOCK, set()))
        after = set().union(*rows.values())
        self.editor.change_past([row for row in before if row not in after], sorted(after.difference(before)))

    def _rewrite(self, number: int, rows: set[PastRow]) -> None:
        mine = [row for row in rows if row.s <= number <= row.e and row.past.reason != RESTATED]
        base = self._statements(number, [(row.source_id, row.past) for row in mine])
        self.journal += [Numbered(number, fact) for fact in base]
        life = fold([*self.known[number], *base, *self.arrived[number]], self.context.zone)
        sources = {row.past: row.source_id for row in mine}
        rows.difference_update(mine)
        rows.update(row._replace(e=number - 1) for row in mine if row.s < number)
        rows.update(row._replace(s=number + 1) for row in mine if row.e > number)
        version = self.context.version
        rows.update(PastRow(number, number, past, sources.get(past, version)) for past in life.past)
        self._change(number, life.holding, life.past)

    def _statements(self, number: int, recorded: Sequence[tuple[int, Past]]) -> list[Fact]:
        """Return as facts what snapshots have said about a number and the journal does not hold yet."""
        holding, zone = self.was.get(number, self.current[number]), self.context.zone
        rows = believed(recorded, holding, zone)
        past = [row for _, row in rows]
        said: dict[datetime, Holding | None] = {}
        times = sorted(self.snapshots.values())
        # The first snapshot after what came late has the last word on it, and so has the last one loaded.
        late = [next((time for time in times if time >= fact.at), None) for fact in self.arrived[number]]
        # And what it ends, the one before it had listed.
        before = [
            max((time for time in times if time < fact.at), default=None) for fact in self.arrived[number]
        ]
        for instant in [*before, *late, self.context.epoch]:
            if instant is not None and instant > LONG_AGO:
                seen = self._seen_then(instant, recorded)
                said[instant] = seen or believed_at(instant, holding, past, zone)
        for version, row in rows:
            noticed = self.snapshots.get(version)
            if noticed is None or row.reason not in NOTICED:
                continue
            said[noticed] = believed_at(noticed, holding, past, zone)
            earlier = max((time for time in times if time < noticed), default=None)
            # That one still listed it, unless the end lies before; what began since, a feed told.
            if earlier is not None and midnight(row.since, zone) <= earlier:
                said[min(earlier, row.until - TICK)] = Holding(row.customer, row.since)
        return [
            _statement(at, held, epoch=at)
            for at, held in said.items()
            if not _stated([*self.known[number], *self.arrived[number]], at)
        ]

    def _seen_then(self, instant: datetime, recorded: Sequence[tuple[int, Past]]) -> Holding | None:
        """
        Return who had a number at a snapshot's as-of by what a feed recorded before the next snapshot was loaded.

        That next one may have moved the date under it: what is believed now then says nothing of what the earlier one said.
        """
        versions = sorted(self.snapshots)
        at = next(
            (place for place, version in enumerate(versions) if self.snapshots[version] == instant), None
        )
        if at is None or at + 1 == len(versions):
            return None
        for version, row in recorded:
            start = midnight(row.since, self.context.zone)
            if versions[at] < version < versions[at + 1] and start <= instant < row.until:
                return Holding(row.customer, row.since)
        return None


def _stated(facts: Sequence[Fact], at: datetime) -> bool:
    return any(fact.kind is Kind.SNAPSHOT and fact.at == at for fact in facts)


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Cut an iterable into lists."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
