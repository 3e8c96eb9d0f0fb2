"""
What a table of calls comes to when it is looked at: how many in each stretch of time and direction, and which cells. Pure.

It reads the table that leaves, by its headings, so that nobody is shown more than the product shows (masks, columns).
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tecum.kernel.periods import Period

SINCE, END, DIRECTION = "Start Time (UTC)", "End Time (UTC)", "Direction"
CELLS = (("First Cell ID", SINCE), ("Last Cell ID", END))
HOURS = (1, 3, 6, 12)
DAYS = (1, 7, 28)
MOST = 100  # bars that can still be told apart


@dataclass(slots=True)
class Bar:
    """The calls of one stretch of time; `other` counts those whose direction the product does not say."""

    period: Period
    outgoing: int = 0
    incoming: int = 0
    other: int = 0

    @property
    def rows(self) -> int:
        """Return how many there are in all."""
        return self.outgoing + self.incoming + self.other


@dataclass(slots=True)
class Cell:
    """One cell site: in how many records it stands, and when it was seen first and last."""

    name: str
    first: datetime
    last: datetime
    count: int = 0


@dataclass
class Tally:
    """Counts the rows of one table of calls; `bars` lie side by side over all that was granted."""

    head: Sequence[str]
    edges: Sequence[datetime]
    bars: list[Bar] = field(init=False)
    cells: dict[str, Cell] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.bars = [Bar(Period(a, b)) for a, b in zip(self.edges, self.edges[1:], strict=False)]
        at = {name: place for place, name in enumerate(self.head)}
        self._since, self._direction = at[SINCE], at.get(DIRECTION)
        self._cells = [(at[name], at.get(when, at[SINCE])) for name, when in CELLS if name in at]

    @property
    def knows_cells(self) -> bool:
        """Tell whether the product shows cells at all."""
        return bool(self._cells)

    @property
    def directed(self) -> bool:
        """Tell whether the product says who called whom."""
        return self._direction is not None

    def add(self, row: Sequence[str]) -> int:
        """Count a row and return the place of its bar; -1 where it lies in none."""
        at = datetime.fromisoformat(row[self._since])
        place = bisect_right(self.edges, at) - 1
        if not 0 <= place < len(self.bars):
            place = -1
        else:
            self._count(self.bars[place], row)
        seen = [
            (row[column], datetime.fromisoformat(row[when])) for column, when in self._cells if row[column]
        ]
        for name, when in seen:
            self._seen(name, when)
        for name in {name for name, _ in seen}:
            self.cells[name].count += 1
        return place

    def _count(self, bar: Bar, row: Sequence[str]) -> None:
        said = row[self._direction] if self._direction is not None else ""
        if said == "outgoing":
            bar.outgoing += 1
        elif said == "incoming":
            bar.incoming += 1
        else:
            bar.other += 1

    def _seen(self, name: str, at: datetime) -> None:
        cell = self.cells.setdefault(name, Cell(name, at, at))
        cell.first, cell.last = min(cell.first, at), max(cell.last, at)

    def sites(self) -> list[Cell]:
        """Return the cells, the one seen most first."""
        return sorted(self.cells.values(), key=lambda each: (-each.count, each.first, each.name))


def edges(period: Period, zone: ZoneInfo) -> list[datetime]:
    """
    Return the limits of the bars over a period: local hours or days of the carrier, at most 100, and the period's own ends.

    A bar of hours begins anew at each local midnight, so that a day on which the clock is turned keeps its own length.
    """
    first, last = (at.astimezone(zone).date() for at in (period.start, period.end))
    days = [first + timedelta(days=count) for count in range((last - first).days + 1)]
    for hours in HOURS:
        if period.elapsed <= timedelta(hours=hours * MOST * 0.9):
            return _within(period, [at for day in days for at in _hours(day, hours, zone)])
    for step in DAYS:
        if len(days) <= step * MOST:
            return _within(period, [_midnight(day, zone) for day in days[::step]])
    wide = -(-len(days) // MOST)
    return _within(period, [_midnight(day, zone) for day in days[::wide]])


def _hours(day: date, step: int, zone: ZoneInfo) -> list[datetime]:
    begins, ends = _midnight(day, zone).timestamp(), _midnight(day + timedelta(days=1), zone).timestamp()
    count = int((ends - begins) // 3600)
    return [datetime.fromtimestamp(begins + 3600 * hour, zone) for hour in range(0, count, step)]


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _within(period: Period, marks: Sequence[datetime]) -> list[datetime]:
    inner = [at for at in marks if period.start.timestamp() < at.timestamp() < period.end.timestamp()]
    return [period.start, *(at.astimezone(UTC) for at in inner), period.end]
