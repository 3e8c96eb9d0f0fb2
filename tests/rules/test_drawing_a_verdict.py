"""The interval of an investigation against the time of today's customer, in words and as a picture (A3)."""

from datetime import date

import pytest

from tecum.lookup.rules import Interval
from tecum.web.portal import answers

APRIL = Interval(date(2022, 4, 1), date(2022, 4, 30))
TODAY = date(2026, 9, 8)


@pytest.mark.requirement("R-030")
def test_who_came_in_june_covers_nothing_of_april_and_no_earlier_customer_is_named() -> None:
    verdict = answers.verdict(date(2022, 6, 1), APRIL, today=TODAY)

    assert verdict.says == "Covers none of it: a Legal Demand is necessary for the earlier period"
    assert verdict.bar_x > verdict.box_x + verdict.box_width


@pytest.mark.requirement("R-029")
def test_who_came_before_covers_the_whole() -> None:
    verdict = answers.verdict(date(2019, 11, 14), APRIL, today=TODAY)

    assert verdict.whole
    assert (verdict.bar_x, verdict.bar_width) == (0.0, 200.0)


def test_who_came_in_the_middle_covers_a_part_and_the_bar_begins_inside_the_box() -> None:
    verdict = answers.verdict(date(2022, 4, 15), APRIL, today=TODAY)

    assert verdict.says == "Covers part of it, from 15 Apr 2022"
    assert verdict.box_x < verdict.bar_x < verdict.box_x + verdict.box_width


def test_the_bar_ends_today_when_today_is_in_the_picture() -> None:
    week = Interval(date(2026, 9, 1), date(2026, 9, 7))

    verdict = answers.verdict(date(2020, 1, 1), week, today=TODAY)

    assert verdict.bar_x + verdict.bar_width == pytest.approx(75 + 25 * 8 / 7, abs=0.2)


def test_a_customer_since_today_is_still_seen() -> None:
    verdict = answers.verdict(TODAY, APRIL, today=TODAY)

    assert verdict.bar_width == answers.LEAST
    assert verdict.bar_x + verdict.bar_width == answers.WIDTH


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2022, 4, 1), date(2022, 4, 30), "April 2022"),
        (date(2022, 4, 1), date(2022, 4, 15), "1 Apr 2022 to 15 Apr 2022"),
        (date(2022, 4, 3), date(2022, 4, 3), "3 Apr 2022"),
        (date(2022, 2, 1), date(2022, 4, 30), "1 Feb 2022 to 30 Apr 2022"),
    ],
)
def test_an_interval_has_a_short_name(first: date, last: date, text: str) -> None:
    assert answers.interval_words(Interval(first, last)) == text
