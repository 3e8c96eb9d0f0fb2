"""Who had a number from when to when, out of dated lists (R-109, R-110)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tecum.kernel.periods import Period
from tecum.records.rules.subscriber_lists import Entry
from tecum.records.rules.subscriber_product import length, neighbours, not_held, row
from tecum.records.rules.tenancy import FOREVER, Told, spells, within

ZONE = ZoneInfo("America/New_York")


def day(number: int) -> datetime:
    return datetime(2026, 9, 1, 4, tzinfo=UTC) + timedelta(days=number - 1)  # midnight in New York


def entry(name: str, account: str = "A", since: date | None = None, until: date | None = None) -> Entry:
    return Entry("2925550142", account, name, "1 Elm", ("voice",), since, until, "active", "", ())


def told(id: str, what: Entry, first: int, seen: int, gone: int | None) -> Told:
    return Told(id, what, day(first), day(seen), day(gone) if gone else None)


def test_a_subscriber_without_a_break_is_one_spell_with_every_change_of_it():
    found = spells([told("1", entry("Ann Jones"), 1, 2, 3), told("2", entry("Ann Smith"), 3, 5, None)], ZONE)

    assert len(found) == 1
    assert found[0].period == Period(day(1), FOREVER)
    assert [version.period for version in found[0].versions] == [
        Period(day(1), day(3)),
        Period(day(3), FOREVER),
    ]
    assert found[0].unsure == ()


@pytest.mark.requirement("R-109")
def test_a_number_given_to_another_is_two_spells_and_the_time_between_two_lists_is_unsure():
    found = spells([told("1", entry("Ann", "A"), 1, 4, 5), told("2", entry("Lee", "B"), 5, 9, None)], ZONE)

    assert [spell.account for spell in found] == ["A", "B"]
    assert found[0].unsure == (Period(day(4), day(5)),)
    assert found[1].period.start == day(5)


@pytest.mark.requirement("R-109")
def test_a_date_of_the_bill_says_when_it_changed_hands():
    before = told("1", entry("Ann", "A"), 1, 4, 7)
    after = told("2", entry("Lee", "B", since=date(2026, 9, 6)), 7, 9, None)

    found = spells([before, after], ZONE)

    assert found[0].period.end == found[1].period.start == day(6)
    assert found[0].unsure == ()


def test_the_bill_speaks_of_the_time_before_the_first_list():
    found = spells([told("1", entry("Ann", since=date(2020, 1, 31)), 1, 4, None)], ZONE)

    assert found[0].period.start == datetime(2020, 1, 31, 5, tzinfo=UTC)


def test_who_came_back_after_a_gap_is_a_spell_of_its_own():
    found = spells([told("1", entry("Ann"), 1, 2, 3), told("2", entry("Ann"), 6, 8, None)], ZONE)

    assert len(found) == 2


def test_nothing_outside_the_period_is_left():
    found = spells([told("1", entry("Ann", "A"), 1, 4, 5), told("2", entry("Lee", "B"), 5, 9, None)], ZONE)

    cut = within(found, Period(day(2), day(3)))

    assert [(spell.account, spell.period) for spell in cut] == [("A", Period(day(2), day(3)))]
    assert cut[0].unsure == ()


@st.composite
def histories(draw):
    """Return lists of consecutive days, each telling one of three accounts or nobody."""
    days = draw(st.lists(st.sampled_from(["A", "B", "C", ""]), min_size=1, max_size=12))
    found: list[Told] = []
    for at, account in enumerate(days, start=1):
        if found and found[-1].gone is None:
            last = found.pop()
            if last.entry.account == account:
                found.append(Told(last.id, last.entry, last.first, day(at), None))
                continue
            found.append(Told(last.id, last.entry, last.first, last.seen, day(at)))
        if account:
            found.append(told(str(at), entry(account, account), at, at, None))
    return days, found


@given(histories())
def test_at_the_instant_of_every_list_the_spells_say_what_the_list_said(history):
    days, lines = history

    found = spells(lines, ZONE)

    for at, account in enumerate(days, start=1):
        assert [spell.account for spell in found if day(at) in spell.period] == ([account] if account else [])
    assert all(a.period.end <= b.period.start for a, b in zip(found, found[1:], strict=False))


def test_a_product_shows_its_fields_in_its_order_masked_as_the_guide_says():
    fields = ("name", "telephone number", "length of service", "types of service", "blood group")
    what = entry("Ann Jones", since=date(2024, 3, 15))

    shown = row(what, fields, {"name": "WITHHELD"}, on=date(2026, 9, 14))

    assert shown == {
        "name": "WITHHELD",
        "telephone number": "(292) 555-0142",
        "length of service": "since 2024-03-15 (2 years 5 months)",
        "types of service": "voice",
    }
    assert not_held(fields) == ("blood group",)


@pytest.mark.parametrize(
    ("since", "until", "says"),
    [
        (None, None, "the bill does not say since when"),
        (date(2026, 9, 1), None, "since 2026-09-01 (less than a month)"),
        (date(2025, 9, 10), date(2026, 9, 10), "2025-09-10 to 2026-09-10 (1 year)"),
        (date(2024, 2, 29), None, "since 2024-02-29 (2 years 6 months)"),
    ],
)
def test_length_of_service_in_words(since, until, says):
    assert length(since, until, on=date(2026, 9, 14)) == says


def test_neighbours_are_one_slip_away():
    found = neighbours("2925550142")

    assert "2925550143" in found
    assert "2925550124" in found
    assert "2925550142" not in found
    assert len(found) == len(set(found)) <= 99
