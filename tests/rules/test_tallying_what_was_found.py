"""A table of calls becomes bars and cells; local days keep their own length, and nothing is counted twice."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tecum.demands.rules.found import Tally, edges
from tecum.documents import spreadsheets
from tecum.kernel.periods import Period

NEW_YORK = ZoneInfo("America/New_York")
HEAD = ["Target Number", "Direction", "Start Time (UTC)", "End Time (UTC)", "First Cell ID", "Last Cell ID"]


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def row(
    start: datetime, *, direction: str = "outgoing", minutes: int = 2, first: str = "", last: str = ""
) -> list[str]:
    end = start + timedelta(minutes=minutes)
    return ["2925550142", direction, start.isoformat(), end.isoformat(), first, last]


@pytest.mark.parametrize("days", [0.01, 1, 3, 7, 30, 90, 91, 540, 4000])
def test_bars_cover_all_that_was_granted_once_and_are_never_more_than_can_be_told_apart(days):
    period = Period(at(2026, 9, 1, 13, 7), at(2026, 9, 1, 13, 7) + timedelta(days=days))

    found = edges(period, NEW_YORK)

    assert (found[0], found[-1]) == (period.start, period.end)
    assert found == sorted(set(found))
    assert len(found) <= 102


def test_on_the_day_on_which_the_clock_is_turned_back_there_are_25_bars_of_an_hour():
    period = Period(datetime(2026, 11, 1, tzinfo=NEW_YORK), datetime(2026, 11, 2, tzinfo=NEW_YORK))

    found = edges(period, NEW_YORK)

    assert len(found) == 26
    assert {b - a for a, b in zip(found, found[1:], strict=False)} == {timedelta(hours=1)}


def test_each_call_is_in_one_bar_by_its_direction():
    limits = edges(Period(at(2026, 9, 1, 4), at(2026, 9, 3, 4)), NEW_YORK)
    tally = Tally(HEAD, limits)

    places = [
        tally.add(row(at(2026, 9, 1, 4))),
        tally.add(row(at(2026, 9, 1, 4, 59), direction="incoming")),
        tally.add(row(at(2026, 9, 3, 3, 59, 59))),
        tally.add(row(at(2026, 9, 3, 4))),
    ]

    assert places == [0, 0, 47, -1]
    assert (tally.bars[0].outgoing, tally.bars[0].incoming, tally.bars[47].rows) == (1, 1, 1)
    assert sum(bar.rows for bar in tally.bars) == 3


def test_a_cell_is_counted_where_a_call_began_and_where_it_ended():
    tally = Tally(HEAD, edges(Period(at(2026, 9, 1), at(2026, 9, 2)), NEW_YORK))

    tally.add(row(at(2026, 9, 1, 10), first="A1", last="B2"))
    tally.add(row(at(2026, 9, 1, 8), first="B2", last="B2", minutes=30))
    tally.add(row(at(2026, 9, 1, 9)))

    sites = tally.sites()
    assert [(site.name, site.count) for site in sites] == [("B2", 2), ("A1", 1)]
    assert (sites[0].first, sites[0].last) == (at(2026, 9, 1, 8), at(2026, 9, 1, 10, 2))


def test_what_a_csv_was_given_is_read_from_it_again_whole():
    rows = [
        ["+442079460100", "a,b", 'he said "x"', "two\nlines", "'quoted", ""],
        ["=1+1", "é", "-", "@", "1", "2"],
    ]

    for size in (1, 7, 1000):
        content = spreadsheets.as_csv(notes=["note"], header=list("abcdef"), rows=rows)
        pieces = [content[start : start + size] for start in range(0, len(content), size)]

        assert list(spreadsheets.csv_rows(pieces)) == [["note"], list("abcdef"), *rows]
