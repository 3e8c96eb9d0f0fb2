"""Runs of consecutive numbers: comparing two states of the inventory, and cutting a change into one."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

AREA_CODE = 10_000_000
EXCHANGE = 10_000
HISTORY_BLOCK = (
    1_000  # no row of the history crosses a thousands block, so that a search by number is bounded
)
FIRST_NUMBER, LAST_NUMBER = 2_002_000_000, 9_999_999_999


class Holding(NamedTuple):
    """Who has a number in service, and since which day of the carrier's zone."""

    customer: str
    since: date


class Run(NamedTuple):
    """Numbers `s` to `e`, both included, with one holding."""

    s: int
    e: int
    customer: str
    since: date

    @property
    def holding(self) -> Holding:
        return Holding(self.customer, self.since)


class Span(NamedTuple):
    """Numbers `s` to `e`, both included."""

    s: int
    e: int


class Edit(NamedTuple):
    """What happens to a span: what every number of it was, and what it will be (None: not in service)."""

    s: int
    e: int
    was: Holding | None
    now: Holding | None


def is_number(value: int) -> bool:
    """Tell whether ten digits are a number of the North American Numbering Plan (decision A1)."""
    return (
        FIRST_NUMBER <= value <= LAST_NUMBER and value // AREA_CODE >= 200 and value // EXCHANGE % 1000 >= 200
    )


def differences(old: Iterable[Run], new: Iterable[Run]) -> Iterator[Edit]:
    """Compare two sorted states and yield, in order, every span whose holding differs."""
    pending: Edit | None = None
    for s, e, was, now in _segments(iter(old), iter(new)):
        if was == now:
            continue
        if pending and pending.e + 1 == s and (pending.was, pending.now) == (was, now):
            pending = pending._replace(e=e)
            continue
        if pending:
            yield pending
        pending = Edit(s, e, was, now)
    if pending:
        yield pending


def _segments(
    old: Iterator[Run], new: Iterator[Run]
) -> Iterator[tuple[int, int, Holding | None, Holding | None]]:
    """Walk both sides together and yield every maximal span on which neither of them changes."""
    left, right = next(old, None), next(new, None)
    while left or right:
        if left is None or (right is not None and right.s < left.s):
            assert right is not None  # noqa: S101
            e = right.e if left is None else min(right.e, left.s - 1)
            yield right.s, e, None, right.holding
            right = _after(right, e, new)
        elif right is None or left.s < right.s:
            e = left.e if right is None else min(left.e, right.s - 1)
            yield left.s, e, left.holding, None
            left = _after(left, e, old)
        else:
            e = min(left.e, right.e)
            yield left.s, e, left.holding, right.holding
            left, right = _after(left, e, old), _after(right, e, new)


def _after(run: Run, e: int, rest: Iterator[Run]) -> Run | None:
    return run._replace(s=e + 1) if run.e > e else next(rest, None)


def without(edits: Iterable[Edit], held: Sequence[Span]) -> Iterator[Edit]:
    """Leave out the sorted spans about which the file said something unreadable: they keep what they had."""
    spans = list(held)
    at = 0
    for edit in edits:
        s = edit.s
        while at < len(spans) and spans[at].e < s:
            at += 1
        index = at
        while index < len(spans) and spans[index].s <= edit.e and s <= edit.e:
            if spans[index].s > s:
                yield edit._replace(s=s, e=spans[index].s - 1)
            s = max(s, spans[index].e + 1)
            index += 1
        if s <= edit.e:
            yield edit._replace(s=s)


def joined(spans: Iterable[Span]) -> list[Span]:
    """Sort spans and join those that overlap or touch."""
    result: list[Span] = []
    start = end = None
    for s, e in sorted(spans):
        if start is None or end is None:
            start, end = s, e
        elif s <= end + 1:
            end = max(end, e)
        else:
            result.append(Span(start, end))
            start, end = s, e
    if start is not None and end is not None:
        result.append(Span(start, end))
    return result


def reach(edits: Iterable[Edit]) -> list[Span]:
    """Return the spans whose runs an edit may touch: itself and one number on either side."""
    return joined(Span(edit.s - 1, edit.e + 1) for edit in edits)


def carve(runs: Sequence[Run], edits: Sequence[Edit]) -> tuple[list[int], list[Run]]:
    """
    Cut sorted edits into the sorted runs that they touch.

    Returns the starts of the runs to delete and the runs to insert; neighbours with the same holding
    become one run, a run that stays as it was is in neither.
    """
    kept = _subtract(runs, edits)
    wanted = [Run(edit.s, edit.e, *edit.now) for edit in edits if edit.now]
    after = _joined_runs(sorted([*kept, *wanted]))
    before = set(runs)
    stays = before.intersection(after)
    return [run.s for run in runs if run not in stays], [run for run in after if run not in stays]


def _subtract(runs: Sequence[Run], edits: Sequence[Edit]) -> list[Run]:
    kept: list[Run] = []
    at = 0
    for run in runs:
        s = run.s
        while at < len(edits) and edits[at].e < s:
            at += 1
        index = at
        while index < len(edits) and edits[index].s <= run.e:
            if edits[index].s > s:
                kept.append(Run(s, edits[index].s - 1, run.customer, run.since))
            s = edits[index].e + 1
            index += 1
        if s == run.s:
            kept.append(run)
        elif s <= run.e:
            kept.append(Run(s, run.e, run.customer, run.since))
    return kept


def _joined_runs(runs: Iterable[Run]) -> list[Run]:
    result: list[Run] = []
    for run in runs:
        last = result[-1] if result else None
        if last and last.e + 1 == run.s and last.customer == run.customer and last.since == run.since:
            result[-1] = last._replace(e=run.e)
        else:
            result.append(run)
    return result


def blocks(s: int, e: int) -> Iterator[Span]:
    """Cut a span at the borders of thousands blocks."""
    if s // HISTORY_BLOCK == e // HISTORY_BLOCK:
        yield Span(s, e)
        return
    while s <= e:
        end = min(e, s - s % HISTORY_BLOCK + HISTORY_BLOCK - 1)
        yield Span(s, end)
        s = end + 1
