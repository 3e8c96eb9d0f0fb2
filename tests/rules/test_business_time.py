"""When a desk is staffed, and which days count: over nights, holidays, zones and the change of the clocks."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tecum.guide.values import Unit, parse_days, parse_hours, parse_span, shift
from tecum.kernel import business
from tecum.kernel.business import BusinessCalendar, NeverStaffed, SpecialDay
from tecum.kernel.periods import Period, after

EASTERN = ZoneInfo("America/New_York")


def desk(*hours: str, **more: object) -> BusinessCalendar:
    shifts = tuple(s for line in hours for s in parse_hours(line).shifts)
    return BusinessCalendar(zone="America/New_York", shifts=shifts, **more)  # type: ignore[arg-type]


OFFICE = desk("Mon-Fri 08:00-20:00", jurisdictions=("US",))


def eastern(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=EASTERN)


@pytest.mark.parametrize(
    ("at", "open_"),
    [
        ("2026-09-08T08:00", True),
        ("2026-09-08T07:59", False),
        ("2026-09-08T20:00", False),
        ("2026-09-12T12:00", False),  # Saturday
        ("2026-09-07T12:00", False),  # Labor Day
    ],
)
def test_a_desk_is_staffed_from_its_first_minute_up_to_its_last(at: str, open_: bool) -> None:
    assert business.is_staffed(OFFICE, eastern(at)) is open_


def test_the_next_staffed_moment_after_a_holiday_weekend_is_tuesday_morning() -> None:
    assert business.next_staffed(OFFICE, eastern("2026-09-04T20:30")) == eastern("2026-09-08T08:00")
    assert business.next_staffed(OFFICE, eastern("2026-09-08T09:15")) == eastern("2026-09-08T09:15")


@pytest.mark.requirement("R-133")
def test_the_last_staffed_moment_before_a_sunday_is_fridays_close() -> None:
    assert business.last_staffed_before(OFFICE, eastern("2026-09-13T23:59")) == eastern("2026-09-11T20:00")
    assert business.last_staffed_before(OFFICE, eastern("2026-09-11T20:00")) == eastern("2026-09-11T20:00")
    assert business.last_staffed_before(OFFICE, eastern("2026-09-11T10:00")) == eastern("2026-09-11T10:00")


def test_a_night_shift_runs_into_the_next_day() -> None:
    night = desk("Fri 22:00-02:00")

    assert business.is_staffed(night, eastern("2026-09-12T01:59"))
    assert not business.is_staffed(night, eastern("2026-09-12T02:00"))


def test_a_special_day_replaces_the_weeks_hours() -> None:
    calendar = desk("Mon-Fri 08:00-20:00", special=(SpecialDay(date(2026, 12, 24), 480, 720),))

    assert business.is_staffed(calendar, eastern("2026-12-24T11:59"))
    assert not business.is_staffed(calendar, eastern("2026-12-24T12:00"))


def test_business_days_skip_weekends_and_holidays() -> None:
    friday = date(2026, 9, 4)

    assert business.add_business_days(OFFICE, friday, 1) == date(2026, 9, 8)
    assert business.add_business_days(OFFICE, friday, 5) == date(2026, 9, 14)
    assert business.add_business_days(OFFICE, date(2026, 9, 8), -1) == friday


def test_a_calendar_without_hours_says_that_nobody_ever_comes() -> None:
    with pytest.raises(NeverStaffed):
        business.next_staffed(desk(), eastern("2026-09-08T09:00"))


def test_forty_eight_hours_really_pass_over_the_change_of_the_clocks() -> None:
    start = eastern("2026-10-31T12:00")

    assert after(start, timedelta(hours=48)) == eastern("2026-11-02T11:00")
    assert shift(start, 2, Unit.DAY, OFFICE) == eastern("2026-11-02T12:00")


@given(
    some.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)).map(lambda d: d.replace(tzinfo=UTC)),  # noqa: DTZ001
)
def test_the_next_staffed_moment_is_staffed_and_nothing_before_it_is(at: datetime) -> None:
    found = business.next_staffed(OFFICE, at)

    assert business.is_staffed(OFFICE, found)
    assert found >= at
    assert found == at or not business.is_staffed(OFFICE, found - timedelta(minutes=1))
    assert not any(
        business.is_staffed(OFFICE, at + timedelta(minutes=m))
        for m in range(0, int((found - at).total_seconds() // 60), 7)
    )


@given(some.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)).map(lambda d: d.replace(tzinfo=UTC)))  # noqa: DTZ001
def test_the_last_staffed_moment_is_never_later_than_asked_and_was_staffed(at: datetime) -> None:
    found = business.last_staffed_before(OFFICE, at)

    assert found <= at
    assert business.is_staffed(OFFICE, found.astimezone(UTC) - timedelta(seconds=1))


def test_spans_and_days_are_read_as_people_write_them() -> None:
    assert str(parse_span("3–5 business days")) == "3-5 business days"
    assert str(parse_span("1 year")) == "1 year"
    assert str(parse_span("48h")) == "48 hours"
    assert str(parse_span("10 working days")) == "10 business days"
    assert parse_days("Mon, Wed-Fri") == (0, 2, 3, 4)
    for nonsense in ("soon", "5-3 days", "3 fortnights"):
        with pytest.raises(ValueError, match="."):
            parse_span(nonsense)


def test_a_period_takes_others_out_and_keeps_the_rest() -> None:
    day = [datetime(2026, 9, n, tzinfo=UTC) for n in range(1, 9)]

    left = Period(day[0], day[6]).minus([Period(day[1], day[2]), Period(day[5], day[7])])

    assert left == (Period(day[0], day[1]), Period(day[2], day[5]))
