"""The picture of a table of calls: how many were made and received in each stretch of time, and where nothing can be said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tecum.demands.rules.found import Bar
from tecum.kernel import words
from tecum.kernel.business import midnight
from tecum.kernel.periods import Period
from tecum.production.rules.facts import Coverage, Outcome

WIDTH, TALL, TOP = 1328.0, 64.0, 16.0
LABELS = 12


@dataclass(frozen=True)
class Column:
    """One bar: calls made above the line, calls received below it; `says` is the same in words."""

    place: int
    x: float
    width: float
    up: float
    down: float
    says: str
    chosen: bool

    @property
    def top(self) -> float:
        """Return where the part above the line begins."""
        return round(TOP + TALL - self.up, 1)


@dataclass(frozen=True)
class Band:
    """A stretch of which the records cannot speak."""

    x: float
    width: float
    says: str


@dataclass(frozen=True)
class Picture:
    """All of it, in its own units; `line` is the height at which nothing happens."""

    columns: tuple[Column, ...]
    bands: tuple[Band, ...]
    marks: tuple[tuple[float, str], ...]
    line: float
    height: float
    title: str
    says: str
    most: int
    directed: bool
    width: float = WIDTH

    @property
    def foot(self) -> float:
        """Return the height at which the dates stand."""
        return self.height - 4

    @property
    def floor(self) -> float:
        """Return where the lines of the days end."""
        return self.height - 18

    @property
    def low(self) -> float:
        """Return the height at which the lower half says what it is."""
        return self.line + TALL - 2


def draw(
    bars: Sequence[Bar], coverage: Sequence[Coverage], *, zone: ZoneInfo, directed: bool, chosen: int | None
) -> Picture:
    """Lay the bars out in time."""
    whole = Period(bars[0].period.start, bars[-1].period.end)
    most = max(max(bar.outgoing + bar.other, bar.incoming) for bar in bars)
    line = TOP + TALL
    height = line + (TALL if directed else 0) + 22
    columns = tuple(
        Column(
            place, _x(bar.period.start, whole), max(_x(bar.period.end, whole) - _x(bar.period.start, whole) - 1, 1.5),
            _high(bar.outgoing + bar.other, most), _high(bar.incoming, most), said(bar, zone, directed), place == chosen,
        )
        for place, bar in enumerate(bars)
        if bar.rows
    )  # fmt: skip
    silent = _silent(whole, coverage)
    bands = tuple(
        Band(_x(span.start, whole), round(_x(span.end, whole) - _x(span.start, whole), 1), why)
        for span, why in silent
    )
    return Picture(
        columns, bands, _marks(whole, zone), line, height, _title(whole, zone), _says(bars, silent, zone, directed),
        most, directed,
    )  # fmt: skip


def said(bar: Bar, zone: ZoneInfo, directed: bool) -> str:
    """Return one bar in words."""
    counts = (
        f"{bar.outgoing:,} made, {bar.incoming:,} received" if directed else words.count(bar.rows, "record")
    )
    return f"{_span(bar.period, zone)}: {counts}"


def _span(period: Period, zone: ZoneInfo) -> str:
    return f"{words.moment(period.start, zone, words.Style.SHORT)} until {words.moment(period.end, zone, words.Style.SHORT)}"


def _x(at: datetime, whole: Period) -> float:
    return round(WIDTH * ((at - whole.start) / whole.elapsed), 1)


def _high(count: int, most: int) -> float:
    return max(round(TALL * count / most, 1), 2.0) if count else 0.0


def _silent(whole: Period, coverage: Sequence[Coverage]) -> list[tuple[Period, str]]:
    """Return the stretches that hold no answer: expired, withheld, or between two grants."""
    found = [
        (each.period, "expired" if each.outcome is Outcome.EXPIRED else "not answered")
        for each in coverage
        if each.outcome in (Outcome.EXPIRED, Outcome.WITHHELD)
    ]
    gaps = whole.minus(each.period for each in coverage)
    return sorted([*found, *((gap, "not granted") for gap in gaps)])


def _title(whole: Period, zone: ZoneInfo) -> str:
    return f"Calls in time, {_span(whole, zone)}"


def _says(bars: Sequence[Bar], silent: Sequence[tuple[Period, str]], zone: ZoneInfo, directed: bool) -> str:
    busiest = max(bars, key=lambda bar: bar.rows)
    parts = [
        f"{words.count(sum(bar.rows for bar in bars), 'record')} in {words.count(len(bars), 'stretch', 'stretches')}."
    ]
    if busiest.rows:
        parts.append(f"Most in one: {said(busiest, zone, directed)}.")
    parts += [f"{why.capitalize()}: {_span(span, zone)}." for span, why in silent]
    return " ".join(parts)


def _marks(whole: Period, zone: ZoneInfo) -> tuple[tuple[float, str], ...]:
    """Return the local days that are written below, at most twelve."""
    first = whole.start.astimezone(zone).date() + timedelta(days=1)
    last = whole.end.astimezone(zone).date()
    count = (last - first).days + 1
    step = max(-(-count // LABELS), 1)
    days = [first + timedelta(days=place) for place in range(0, max(count, 0), step)]
    marks = [(_x(midnight(str(zone), each), whole), f"{each:%a} {each.day} {each:%b}") for each in days]
    return tuple(mark for mark in marks if 0 <= mark[0] <= WIDTH - 60)
