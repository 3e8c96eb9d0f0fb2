"""The look-ups by week as a picture: the share of asked numbers that were found."""

from collections.abc import Sequence
from dataclasses import dataclass

from tecum.lookup.rules import Scan, WeekOfHits

WIDTH, HEIGHT, GAP = 1328.0, 120.0, 6.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One week: a frame as high as everything asked in the busiest week, filled as far as it was found."""

    week: WeekOfHits
    x: float
    width: float
    asked_y: float
    asked_height: float
    found_y: float
    found_height: float
    middle: float
    labelled: bool


@dataclass(frozen=True, slots=True)
class Warning:
    """One pattern that looks like mapping, with the numbers' ends hidden."""

    agency: str
    says: str


def bars(weeks: Sequence[WeekOfHits]) -> list[Bar]:
    """Place the weeks on one line, oldest left."""
    most = max((week.asked for week in weeks), default=0) or 1
    step = WIDTH / max(len(weeks), 1)
    return [_bar(week, place, step, most) for place, week in enumerate(reversed(weeks))]


def _bar(week: WeekOfHits, place: int, step: float, most: int) -> Bar:
    asked, found = HEIGHT * week.asked / most, HEIGHT * week.hits / most
    x = place * step + GAP / 2
    return Bar(
        week,
        x=round(x, 1),
        width=round(step - GAP, 1),
        asked_y=round(HEIGHT - asked, 1),
        asked_height=round(asked, 1),
        found_y=round(HEIGHT - found, 1),
        found_height=round(found, 1),
        middle=round(x + (step - GAP) / 2, 1),
        labelled=place % 4 == 0,
    )


def warning(agency: str, scan: Scan) -> Warning:
    """Say what was seen, without the last four digits of any number."""
    where = f"({scan.first[:3]}) {scan.first[3:6]}-••••"
    if scan.kind == "consecutive":
        return Warning(agency, f"{scan.asked} numbers in a row in {where}")
    size = int(scan.last) - int(scan.first) + 1
    return Warning(agency, f"{scan.asked} numbers of one block of {size:,} in {where}")
