"""What was typed, when more comes, what a hit covers, what looks like mapping."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tecum.lookup import rules
from tecum.lookup.states import Coverage

APRIL_2022 = rules.Interval(date(2022, 4, 1), date(2022, 4, 30))
NEW_YORK = "America/New_York"


@pytest.mark.requirement("R-023", "R-032")
def test_a_paste_keeps_its_order_and_a_repeated_number_points_at_its_first_line():
    lines = rules.read_lines("(292) 555-0142\n\n2925550143; 392-555-O171\n+1 292 555 0142\n")

    assert [line.number for line in lines] == ["2925550142", "2925550143", None, "2925550142"]
    assert [line.repeats for line in lines] == [None, None, None, 1]
    assert rules.distinct(lines) == ["2925550142", "2925550143"]


def test_a_whole_spreadsheet_row_is_not_guessed_at():
    (line,) = rules.read_lines("Smith\t2925550142\t6/1/22")

    assert line.number is None
    assert "3 cells" in line.problem


@pytest.mark.requirement("R-029", "R-030")
@pytest.mark.parametrize(
    ("since", "verdict"),
    [
        (
            date(2022, 6, 1),
            Coverage.NONE,
        ),  # R-030's example: XYZ since 6/1/22, the target interval is April 2022
        (date(2022, 5, 1), Coverage.NONE),
        (date(2022, 4, 30), Coverage.PART),
        (date(2022, 4, 2), Coverage.PART),
        (date(2022, 4, 1), Coverage.WHOLE),
        (date(2019, 11, 14), Coverage.WHOLE),
    ],
)
def test_a_hit_covers_the_interval_wholly_partly_or_not(since, verdict):
    assert rules.coverage(since, APRIL_2022) is verdict


@pytest.mark.requirement("R-022", "R-032")
@pytest.mark.parametrize(
    ("now", "midnight"),
    [
        (datetime(2026, 9, 8, 17, 52, tzinfo=UTC), datetime(2026, 9, 9, 4, 0, tzinfo=UTC)),
        (datetime(2026, 9, 9, 3, 59, 59, tzinfo=UTC), datetime(2026, 9, 9, 4, 0, tzinfo=UTC)),
        (datetime(2026, 9, 9, 4, 0, tzinfo=UTC), datetime(2026, 9, 10, 4, 0, tzinfo=UTC)),
        (datetime(2026, 3, 8, 6, 30, tzinfo=UTC), datetime(2026, 3, 9, 4, 0, tzinfo=UTC)),  # 23 hours: spring
        (
            datetime(2026, 11, 1, 4, 30, tzinfo=UTC),
            datetime(2026, 11, 2, 5, 0, tzinfo=UTC),
        ),  # 25 hours: autumn
    ],
)
def test_the_day_ends_at_midnight_of_the_portals_zone(now, midnight):
    assert rules.freed_at("calendar_day", zone=NEW_YORK, session_ends=None, now=now) == midnight


def test_the_other_windows_end_when_they_say():
    tuesday = datetime(2026, 9, 8, 16, tzinfo=UTC)
    ends = {
        window: rules.freed_at(window, zone=NEW_YORK, session_ends=tuesday + timedelta(hours=12), now=tuesday)
        for window in ("rolling_24h", "session", "calendar_week", "calendar_month")
    }

    assert ends["rolling_24h"] == tuesday + timedelta(hours=24)
    assert ends["session"] == tuesday + timedelta(hours=12)
    assert ends["calendar_week"] == datetime(2026, 9, 14, 4, tzinfo=UTC)
    assert ends["calendar_month"] == datetime(2026, 10, 1, 4, tzinfo=UTC)
    with pytest.raises(ValueError, match="fortnight"):
        rules.freed_at("fortnight", zone=NEW_YORK, session_ends=None, now=tuesday)


@given(st.integers(946_684_800, 4_102_444_800), st.sampled_from([NEW_YORK, "America/St_Johns", "UTC"]))
def test_the_end_of_the_day_is_later_than_now_and_a_local_midnight(second, zone):
    now = datetime.fromtimestamp(second, UTC)

    midnight = rules.freed_at("calendar_day", zone=zone, session_ends=None, now=now)

    assert timedelta(0) < midnight.astimezone(UTC) - now <= timedelta(hours=25)
    assert midnight.astimezone(ZoneInfo(zone)).timetz().replace(tzinfo=None).isoformat() == "00:00:00"


def test_a_young_account_has_the_lower_limit_of_the_ramp_where_a_guide_has_one():
    ramp = [(7, 5), (30, 10)]

    assert rules.limit_of(25, ramp=[], age=timedelta(0)) == 25
    assert rules.limit_of(25, ramp=ramp, age=timedelta(days=6)) == 5
    assert rules.limit_of(25, ramp=ramp, age=timedelta(days=7)) == 10
    assert rules.limit_of(25, ramp=ramp, age=timedelta(days=30)) == 25


def test_numbers_in_a_row_and_a_block_asked_through_look_like_mapping():
    row = [f"29255501{tens:02d}" for tens in range(20, 32)]
    spread = [f"39255501{tens:02d}" for tens in range(0, 100, 3)]

    found = rules.scans([*row, *spread, "4935550142"], consecutive=10, block=100, block_asked=30)

    assert [(scan.kind, scan.first, scan.asked) for scan in found] == [
        ("consecutive", "2925550120", 12),
        ("block", "3925550100", 34),
    ]
