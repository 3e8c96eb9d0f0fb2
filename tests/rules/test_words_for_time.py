"""Time is never bare: zone, offset, and how far away it is."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tecum.kernel import words
from tecum.kernel.words import Style, Urgency

EASTERN = ZoneInfo("America/New_York")
NOW = datetime(2026, 9, 8, 17, 52, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("style", "text"),
    [
        (Style.FULL, "Tue 8 Sep 2026, 1:52 p.m. EDT (UTC−04:00)"),
        (Style.SECONDS, "Tue 8 Sep 2026, 1:52:08 p.m. EDT (UTC−04:00)"),
        (Style.SHORT, "Tue 8 Sep, 1:52 p.m. EDT"),
        (Style.CLOCK, "1:52 p.m. EDT"),
        (Style.STAMP, "1:52:08 p.m. EDT"),
    ],
)
def test_an_instant_names_its_zone_in_every_style(style: Style, text: str) -> None:
    assert words.moment(NOW, EASTERN, style) == text


def test_midnight_and_noon_are_twelve_and_winter_has_another_offset() -> None:
    midnight = datetime(2026, 12, 3, 5, 0, tzinfo=UTC)

    assert words.moment(midnight, EASTERN) == "Thu 3 Dec 2026, 12:00 a.m. EST (UTC−05:00)"
    assert words.moment(midnight + timedelta(hours=12), EASTERN, Style.CLOCK) == "12:00 p.m. EST"


def test_the_hour_that_happens_twice_is_told_apart() -> None:
    first = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)

    assert words.moment(first, EASTERN, Style.CLOCK) == "1:30 a.m. EDT"
    assert words.moment(first + timedelta(hours=1), EASTERN, Style.CLOCK) == "1:30 a.m. EST"


def test_a_zone_without_a_short_name_is_written_as_its_offset() -> None:
    assert words.moment(NOW, ZoneInfo("America/Sao_Paulo"), Style.CLOCK) == "2:52 p.m. UTC−03:00"
    assert words.moment(NOW, ZoneInfo("America/St_Johns")).endswith("3:22 p.m. NDT (UTC−02:30)")


def test_a_zone_has_the_name_that_people_know() -> None:
    assert words.zone_name(EASTERN) == "Eastern time"
    assert words.zone_name(ZoneInfo("Europe/Berlin")) == "Europe/Berlin time"


def test_utc_and_days_have_one_spelling() -> None:
    assert words.utc(NOW) == "2026-09-08 17:52 UTC"
    assert words.utc(NOW, seconds=True) == "2026-09-08 17:52:08 UTC"
    assert words.day(date(2022, 6, 1)) == "1 Jun 2022"


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(seconds=40), "less than a minute"),
        (timedelta(minutes=6), "6 min"),
        (timedelta(hours=10, minutes=8), "10 h 8 min"),
        (timedelta(hours=13), "13 h"),
        (timedelta(days=1, hours=3), "1 d 3 h"),
        (timedelta(days=2), "2 d"),
        (timedelta(days=85, hours=3), "85 d"),
        (timedelta(days=1200), "1,200 d"),
    ],
)
def test_a_span_is_said_in_two_units(length: timedelta, text: str) -> None:
    assert words.span(length) == text


def test_what_is_due_says_how_long_is_left_and_how_long_it_is_over() -> None:
    assert words.remaining(NOW + timedelta(hours=3, minutes=12), NOW) == "in 3 h 12 min"
    assert words.remaining(NOW - timedelta(hours=1, minutes=22), NOW) == "1 h 22 min over"
    assert words.distance(NOW - timedelta(minutes=6), NOW) == "6 min ago"


@pytest.mark.parametrize(
    ("left", "kind"),
    [
        (timedelta(0), Urgency.OVER),
        (timedelta(hours=3, minutes=59), Urgency.HOURS),
        (timedelta(hours=4), Urgency.DAY),
        (timedelta(hours=24), Urgency.DAYS),
    ],
)
def test_urgency_has_four_steps(left: timedelta, kind: Urgency) -> None:
    assert words.urgency(NOW + left, NOW) is kind


def test_counting_agrees_with_its_noun() -> None:
    assert words.count(1, "line") == "1 line"
    assert words.count(1284, "entry", "entries") == "1,284 entries"
