"""The demo's numbers: blocks with gaps and ports in area codes 292 to 992, which nobody can have."""

import csv
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

HEADER = ("number", "number_to", "customer_id", "in_service_date")
AREA_CODES = ("292", "392", "492", "592", "692", "792", "892")
FIRST_DAY = date(2015, 3, 2)
THOUSANDS = 215  # blocks of a thousand
PORTED_PERCENT = 4
GAP_PERCENT = 2
GONE_SINCE = 0.002  # share of numbers that left between the two snapshots

# The story of R-030: Tern & Plover has the number since 1 June 2022; in April 2022 it was another customer's.
STORY_BEFORE = {"2925550142": ("C-00004", date(2018, 2, 5))}
STORY_NOW = {
    "2925550142": ("C-00001", date(2022, 6, 1)),
    "2925550117": ("C-00002", date(2019, 11, 14)),
    "4925550109": ("C-00003", date(2022, 4, 15)),
    "2925550131": ("C-00001", date(2020, 2, 3)),
    "3925550163": ("C-00040", date(2021, 5, 20)),  # its customer has not consented
}


def write(path: Path, *, customers: list[str], later: bool) -> int:
    """Write a snapshot, the first or the `later` one (numbers moved and gone since); return how many lines."""
    lines = 0
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for row in _rows(customers, later=later):
            writer.writerow(row)
            lines += 1
    return lines


def _rows(customers: list[str], *, later: bool) -> Iterator[tuple[str, str, str, str]]:
    story = {**STORY_BEFORE, **({} if not later else STORY_NOW)}
    if not later:
        story |= {number: row for number, row in STORY_NOW.items() if number not in STORY_BEFORE}
    for number, (customer, since) in sorted(story.items()):
        yield number, "", customer, since.isoformat()
    chance = random.Random(2026)  # noqa: S311  the same demo every time
    moves = random.Random(612)  # noqa: S311
    for block in range(THOUSANDS):
        area, exchange = AREA_CODES[block % len(AREA_CODES)], 600 + block // len(AREA_CODES)
        start = int(f"{area}{exchange}0000")
        owner = customers[int(len(customers) * chance.random() ** 2)]
        since = FIRST_DAY + timedelta(days=chance.randrange(3900))
        yield from _block(start, owner, since, customers, chance, moves, later=later)


def _block(
    start: int,
    owner: str,
    since: date,
    customers: list[str],
    chance: random.Random,
    moves: random.Random,
    *,
    later: bool,
) -> Iterator[tuple[str, str, str, str]]:
    """Yield a block of a thousand as runs, interrupted by numbers ported away and by gaps."""
    run = start
    for number in range(start, start + 1000):
        draw = chance.random() * 100
        ported = draw < PORTED_PERCENT
        carried = (customers[chance.randrange(len(customers))], chance.randrange(30, 300)) if ported else None
        gone = later and moves.random() < GONE_SINCE
        if carried is None and not gone and draw >= PORTED_PERCENT + GAP_PERCENT:
            continue
        if number > run:
            yield str(run), str(number - 1), owner, since.isoformat()
        run = number + 1
        if carried and not gone:
            customer, days = carried
            yield str(number), "", customer, (since + timedelta(days=days)).isoformat()
    if run < start + 1000:
        yield str(run), str(start + 999), owner, since.isoformat()
