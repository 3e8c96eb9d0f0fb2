"""Who is on call when: rotations by the wall clock, covers, gaps, nights in which the clocks change; and the ladder in time."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tecum.guide.loading import load
from tecum.kernel.periods import Period
from tecum.oncall.rules import duty, ladder
from tecum.oncall.rules.duty import ShiftView
from tecum.oncall.states import ShiftKind

NEW_YORK = ZoneInfo("America/New_York")
ROOT = Path(__file__).resolve().parents[2]
HOUR = timedelta(hours=1)
START = datetime(2026, 9, 7, 12, tzinfo=UTC)


def shift(person, begins, hours, *, cover=False, place=1):
    period = Period(START + begins * HOUR, START + (begins + hours) * HOUR)
    return ShiftView(
        f"{person}{begins}", person, period, ShiftKind.COVER if cover else ShiftKind.ORDINARY, place, person
    )


def at(hours):
    return START + hours * HOUR


def who(shifts, hours):
    return [each.person for each in duty.on_duty(shifts, at(hours))]


def test_at_a_hand_over_exactly_one_person_is_on_call():
    shifts = [shift("ann", 0, 12), shift("bo", 12, 12)]

    assert who(shifts, 12 - 1 / 3600) == ["ann"]
    assert who(shifts, 12) == ["bo"]


def test_a_cover_takes_its_hours_and_leaves_the_rest():
    shifts = [shift("ann", 0, 12), shift("cy", 4, 2, cover=True)]

    assert [who(shifts, hour) for hour in (3, 4, 5.9, 6)] == [["ann"], ["cy"], ["cy"], ["ann"]]


def test_a_cover_of_the_first_place_leaves_the_second_alone():
    shifts = [shift("ann", 0, 12), shift("bo", 0, 12, place=2), shift("cy", 0, 12, cover=True)]

    assert who(shifts, 1) == ["cy", "bo"]


def test_a_hole_between_two_shifts_is_a_gap_and_two_at_once_are_none():
    shifts = [shift("ann", 0, 8), shift("bo", 9, 8), shift("cy", 10, 2)]

    found = duty.gaps(shifts, Period(at(0), at(24)))

    assert found == (Period(at(8), at(9)), Period(at(17), at(24)))


@pytest.mark.parametrize(
    ("first", "hours"), [(date(2026, 10, 31), 25), (date(2026, 3, 7), 23)], ids=["longer", "shorter"]
)
def test_a_night_in_which_the_clocks_change_has_its_real_length_and_no_gap(first, hours):
    turns = duty.rotation(["ann", "bo"], first=first, at=time(20), days=1, turns=3, zone=NEW_YORK)

    assert [each.elapsed for _, each in turns] == [hours * HOUR, 24 * HOUR, 24 * HOUR]
    assert all(one.end == two.start for (_, one), (_, two) in zip(turns, turns[1:], strict=False))
    assert [each.start.astimezone(NEW_YORK).hour for _, each in turns] == [20, 20, 20]


@pytest.mark.parametrize("day", [date(2026, 11, 1), date(2026, 3, 8)])
def test_a_hand_over_in_the_hour_that_comes_twice_or_never_leaves_no_gap(day):
    turns = duty.rotation(
        ["ann", "bo"], first=day - timedelta(days=1), at=time(2, 30), days=1, turns=3, zone=NEW_YORK
    )
    turns += duty.rotation(
        ["ann", "bo"], first=day - timedelta(days=1), at=time(1, 30), days=1, turns=3, zone=NEW_YORK
    )
    shifts = [ShiftView(str(n), who, part, ShiftKind.ORDINARY, 1) for n, (who, part) in enumerate(turns)]

    whole = Period(min(part.start for _, part in turns), max(part.end for _, part in turns))
    assert duty.gaps(shifts, whole) == ()


def plan(guide, received, *, on=date(2026, 9, 8)):
    return ladder.plan(load(ROOT / "guides" / guide, on), "", received=received)


def minutes(found, received):
    return [
        found.due(position, received=received, fired=received) - received
        for position in range(len(found.rungs))
    ]


@pytest.mark.requirement("R-085", "R-086", "R-087")
def test_the_ladder_of_the_guide_fires_at_0_15_and_30_minutes_after_hours():
    night = datetime(2003, 8, 2, 7, tzinfo=UTC)  # Saturday, 3 in the morning in New York

    found = plan("wireless-2003", night, on=date(2003, 8, 1))

    assert minutes(found, night) == [timedelta(minutes=each) for each in (0, 15, 30)]
    assert found.rungs[-1].repeats == timedelta(minutes=5)
    assert (found.rungs[-1].desk, found.rungs[-1].to) == ("noc", "(888) 563-9835")


def test_in_staffed_hours_the_desk_rings_first_and_later_steps_keep_their_minute():
    noon = datetime(2003, 8, 1, 16, tzinfo=UTC)  # Friday, noon in New York

    found = plan("wireless-2003", noon, on=date(2003, 8, 1))

    assert [each.who for each in found.rungs][0] == "Court Order Compliance"
    assert minutes(found, noon) == [timedelta(minutes=each) for each in (0, 5, 15, 30)]


def test_without_a_ladder_in_the_guide_the_built_in_one_climbs_and_ends_with_everybody():
    found = plan("wholesale-portal", START)

    assert found.ladder == ladder.BUILT_IN
    assert found.rungs[-1].by == "contact_list"
    assert found.rungs[-1].repeats == ladder.AGAIN


def test_a_plan_is_the_same_after_it_was_stored():
    found = plan("example", START)

    assert ladder.Plan.parse(found.json()) == found
