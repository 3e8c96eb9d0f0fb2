"""Two pictures: the roster of the coming days with its gaps, and an escalation with the minutes to each step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tecum.kernel.periods import Period
from tecum.oncall.rules import duty
from tecum.oncall.rules.duty import ShiftView
from tecum.oncall.rules.ladder import Rung
from tecum.oncall.rules.views import EscalationView
from tecum.oncall.states import EntryKind, ShiftKind

WIDTH, ROW, TOP, LEFT = 860.0, 24.0, 22.0, 96.0
BAR = 16.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One stretch of a day: `kind` is ordinary, cover or gap."""

    x: float
    y: float
    width: float
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Days:
    """A row for each day, midnight to midnight."""

    bars: tuple[Bar, ...]
    rows: tuple[tuple[float, str], ...]
    hours: tuple[tuple[float, str], ...]
    now: tuple[float, float] | None
    height: float
    width: float = WIDTH


def days(shifts: Sequence[ShiftView], *, now: datetime, zone: ZoneInfo, count: int) -> Days:
    """Lay the roster out, a row to a local day; a day of 23 or 25 hours has its real length in the same width."""
    first = now.astimezone(zone).date()
    last = first + timedelta(days=count)
    held = duty.effective(shifts)
    missing = duty.gaps(shifts, Period(max(now, _midnight(first, zone)), _midnight(last, zone)))
    bars, rows = [], []
    for number in range(count):
        day = first + timedelta(days=number)
        whole = Period(_midnight(day, zone), _midnight(day + timedelta(days=1), zone))
        y = TOP + number * ROW
        rows.append((y + BAR - 4, f"{day:%a} {day.day} {day:%b}"))
        bars += [_bar(part, whole, y, kind, label) for part, kind, label in _parts(held, missing, whole)]
    hours = tuple((_x(LEFT, hour / 24), f"{hour:02}") for hour in range(0, 25, 6))
    today = Period(_midnight(first, zone), _midnight(first + timedelta(days=1), zone))
    at = _x(LEFT, (now - today.start) / today.elapsed)
    return Days(tuple(bars), tuple(rows), hours, (at, TOP), TOP + count * ROW + 2)


def _parts(
    held: Sequence[ShiftView], missing: Sequence[Period], whole: Period
) -> list[tuple[Period, str, str]]:
    found = []
    for each in held:
        part = each.period.intersection(whole)
        if part is not None and each.place == 1:
            found.append(
                (part, "cover" if each.kind is ShiftKind.COVER else "ordinary", each.name.split(" ")[0])
            )
    for gap in missing:
        part = gap.intersection(whole)
        if part is not None:
            found.append((part, "gap", "nobody"))
    return found


def _bar(part: Period, whole: Period, y: float, kind: str, label: str) -> Bar:
    start = _x(LEFT, (part.start - whole.start) / whole.elapsed)
    end = _x(LEFT, (part.end - whole.start) / whole.elapsed)
    width = max(round(end - start, 1), 2.0)
    return Bar(start, y, width, kind, label if width > 9 * len(label) else "")


def _x(left: float, share: float) -> float:
    return round(left + (WIDTH - left - 4) * share, 1)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


@dataclass(frozen=True, slots=True)
class Climb:
    """An escalation in time: what was planned above the line, what happened beneath it."""

    planned: tuple[tuple[float, str], ...]
    marks: tuple[tuple[float, str, str], ...]
    minutes: tuple[tuple[float, str], ...]
    now: float | None
    says: str
    height: float = 96.0
    width: float = WIDTH


def climb(row: EscalationView, rungs: Sequence[Rung], *, now: datetime) -> Climb:
    """Lay an escalation out, from receipt to its end or now."""
    until = row.called_back_at or row.ended_at or now
    last = max([until - row.received_at, timedelta(minutes=35), *[each.after for each in rungs]]) * 1.06

    def x(after: timedelta) -> float:
        return _x(8, max(0.0, min(1.0, after / last)))

    planned = tuple((x(each.after), f"step {each.number}") for each in rungs)
    kinds = {EntryKind.STEP: "step", EntryKind.TAKEN: "taken", EntryKind.NOBODY: "nobody"}
    marks = [
        (x(each.at - row.received_at), kinds[each.kind], "") for each in row.entries if each.kind in kinds
    ]
    if row.called_back_at:
        marks.append((x(row.called_back_at - row.received_at), "called", "called back"))
    every = max(5, int(last.total_seconds() // 60 // 12 // 5 * 5))
    ticks = range(0, int(last.total_seconds() // 60) + 1, every)
    fired = sum(1 for each in row.entries if each.kind is EntryKind.STEP)
    says = f"{row.reference}: {fired} steps fired"
    says += (
        f", called back after {int((row.called_back_at - row.received_at).total_seconds() // 60)} minutes"
        if row.called_back_at
        else ", no call-back yet"
    )
    return Climb(
        planned, tuple(marks), tuple((x(timedelta(minutes=each)), str(each)) for each in ticks),
        x(now - row.received_at) if row.open else None, says,
    )  # fmt: skip
