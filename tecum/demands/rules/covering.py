"""What became of everything that was asked, instant by instant, and how a call-detail table is named. Pure."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from tecum.demands.rules.compiling import Line
from tecum.demands.states import SEARCHED
from tecum.demands.states import Outcome as Judged
from tecum.kernel.periods import Period
from tecum.production.rules.facts import Asked, Coverage, Outcome
from tecum.records.rules.coverage import Stretch

Key = tuple[str, str]  # product and number
UNCOVERED = (
    "Nothing was delivered to the record store for this time, so it cannot be said whether there were calls."
)
EXPIRED = "The retention of these records was over."
NOT_YET = "The time had not come when the records were searched."


@dataclass
class Counter:
    """Counts the rows of one search into the stretches that they lie in."""

    stretches: Sequence[Stretch]
    counts: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self._starts = [each.period.start for each in self.stretches]
        self.counts = [0] * len(self.stretches)

    def add(self, at: datetime) -> bool:
        """Count a row; tell whether its instant lies in a stretch."""
        place = bisect_right(self._starts, at) - 1
        if place < 0 or at not in self.stretches[place].period:
            return False
        self.counts[place] += 1
        return True

    def coverage(self, key: Key) -> list[Coverage]:
        """Return what became of each stretch. A row in a time that counts as silent or purged is a row all the same."""
        return [_of(key, stretch, rows) for stretch, rows in zip(self.stretches, self.counts, strict=True)]


def _of(key: Key, stretch: Stretch, rows: int) -> Coverage:
    period, state = stretch
    if rows:
        return Coverage(*key, period, Outcome.PRODUCED, held=True, rows=rows)
    if state == "covered":
        return Coverage(*key, period, Outcome.NONE, held=True)
    if state == "expired":
        return Coverage(*key, period, Outcome.EXPIRED, held=False, why=EXPIRED)
    if state == "not_yet":
        return Coverage(*key, period, Outcome.WITHHELD, held=False, why=NOT_YET)
    return Coverage(*key, period, Outcome.WITHHELD, held=False, why=UNCOVERED)


def asked(lines: Iterable[Line]) -> tuple[Asked, ...]:
    """Return what was demanded, as the lines cover it: each product of each number, times joined."""
    found: dict[Key, list[Period]] = {}
    for line in lines:
        found.setdefault((line.product, line.number), []).append(line.period)
    return tuple(Asked(*key, period) for key in sorted(found) for period in joined(found[key]))


def joined(periods: Iterable[Period]) -> list[Period]:
    """Return periods in order, those that touch or overlap put together."""
    found: list[Period] = []
    for period in sorted(periods):
        if found and period.start <= found[-1].end:
            found[-1] = Period(found[-1].start, max(found[-1].end, period.end))
        else:
            found.append(period)
    return found


def whole(lines: Sequence[Line], answered: Iterable[Coverage]) -> tuple[Coverage, ...]:
    """
    Return the coverage statement: what was searched as it was answered; the rest by its line, each instant once.

    Where two targets speak of the same instant, what was searched counts before what was not.
    """
    found = list(answered)
    for line in sorted(lines, key=lambda each: (each.product, each.number, each.period)):
        if line.outcome in SEARCHED:
            continue
        taken = [each.period for each in found if (each.product, each.number) == (line.product, line.number)]
        found += [_left(line, part) for part in line.period.minus(taken)]
    return tuple(_neighbours(sorted(found, key=lambda each: (each.product, each.number, each.period))))


def _left(line: Line, period: Period) -> Coverage:
    outcome = Outcome.EXPIRED if line.outcome is Judged.EXPIRED else Outcome.WITHHELD
    return Coverage(
        line.product, line.number, period, outcome, held=False, why=line.because or "Not granted."
    )


def _neighbours(ordered: Iterable[Coverage]) -> list[Coverage]:
    """Join lines that follow each other and say the same, so that a statement stays readable."""
    found: list[Coverage] = []
    for each in ordered:
        last = found[-1] if found else None
        if last is not None and last.period.end == each.period.start and _said(last) == _said(each):
            found[-1] = replace(
                last, period=Period(last.period.start, each.period.end), rows=last.rows + each.rows
            )
        else:
            found.append(each)
    return found


def stem(reference: str, number: str, product: str, *, alone: bool, ending: str = "CDR") -> str:
    """Return `<case>_<number>_CDR`; with the product where several of one number leave together."""
    plain = number.lstrip("+")
    return f"{reference}_{plain}_{ending}" if alone else f"{reference}_{plain}_{product}_{ending}"


def _said(each: Coverage) -> tuple[str, str, Outcome, bool, str]:
    return each.product, each.number, each.outcome, each.held, each.why
