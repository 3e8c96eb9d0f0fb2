"""The roster: shifts, rotations and covers are entered by whoever keeps it, gaps are told a week ahead, drills rehearse."""

from datetime import date, time, timedelta

import pytest

from tecum.cli.main import main
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.kernel.refusals import NotYours
from tecum.models import Notice
from tecum.oncall import operations as oncall
from tecum.oncall import queries
from tecum.oncall.states import EscalationState
from tests import make
from tests.make import NOON, ROOT, later

pytestmark = [pytest.mark.django_db(transaction=True)]
SYSTEM = Actor.system("tests")
DAY = timedelta(days=1)


def administrator(name="Jonah Fairweather"):
    return make.acting(make.person(name, roles=["on_call_administrator"]))


def rotation(people, *, turns=14, days=1, by=ROOT):
    return oncall.enter_rotation(
        people=people, first=date(2026, 9, 8), at=time(8), days=days, turns=turns, by=by, now=NOON
    )


def told():
    return Notice.objects.filter(message="oncall_gaps")


def test_a_rotation_hands_over_at_the_same_hour_and_leaves_no_gap():
    one, two = administrator("Ann"), administrator("Bo")

    rotation([one.ref, two.ref])

    assert queries.gaps(within=Period(NOON, NOON + 13 * DAY)) == ()
    assert [each.name for each in queries.on_duty(at=NOON)] == ["Ann"]
    assert [each.name for each in queries.on_duty(at=NOON + DAY)] == ["Bo"]


def test_a_gap_within_seven_days_is_told_once_a_day_to_whoever_keeps_the_roster():
    one = administrator()
    rotation([one.ref], turns=6)

    oncall.watch_roster(by=SYSTEM, now=NOON)
    oncall.watch_roster(by=SYSTEM, now=NOON + timedelta(hours=1))

    assert told().count() == 1
    assert "Mon 14 Sep 2026, 8:00 a.m." in told().get().text
    oncall.watch_roster(by=SYSTEM, now=NOON + DAY)
    assert told().count() == 2


def test_a_roster_that_is_full_for_a_week_is_not_told_of():
    rotation([administrator().ref], turns=8)

    assert oncall.watch_roster(by=SYSTEM, now=NOON) == 0
    assert not told().exists()


def test_that_no_drill_was_held_for_a_month_is_told_until_one_was():
    rotation([administrator().ref], turns=60)

    oncall.watch_roster(by=SYSTEM, now=NOON + 32 * DAY)
    assert "No drill" in told().get().text
    oncall.start_drill(by=ROOT, now=NOON + 32 * DAY)
    oncall.watch_roster(by=SYSTEM, now=NOON + 34 * DAY)

    assert told().count() == 1


def test_a_suspended_person_leaves_a_gap_at_once():
    from tecum.accounts import operations as accounts

    who = make.person("Ann", roles=["on_call_administrator"])
    rotation([who.ref], turns=8)

    accounts.suspend_person(person=who.id, reason="left", by=ROOT, now=NOON)

    assert queries.on_duty(at=NOON) == ()
    assert queries.gaps(within=Period(NOON, NOON + DAY)) == (Period(NOON, NOON + DAY),)


def test_only_somebody_who_may_answer_is_put_on_call_and_only_by_whoever_keeps_the_roster():
    analyst = make.person(roles=["subpoena_analyst"])
    centre = make.acting(make.person(roles=["noc_escalation"]))

    with pytest.raises(oncall.CannotRoster, match="may not answer"):
        rotation([analyst.ref])
    with pytest.raises(NotYours):
        rotation([administrator().ref], by=centre)


@pytest.mark.parametrize(
    "wrong", [Period(NOON, NOON), Period(NOON, NOON + 36 * DAY), Period(NOON - 2 * DAY, NOON - DAY)]
)
def test_a_shift_without_a_length_too_long_or_over_is_refused(wrong):
    with pytest.raises(oncall.CannotRoster):
        oncall.add_shift(person=administrator().ref, period=wrong, by=ROOT, now=NOON)


def test_a_shift_that_runs_is_ended_now_and_what_was_stays_true():
    who = administrator()
    made = oncall.add_shift(person=who.ref, period=Period(NOON, NOON + DAY), by=ROOT, now=NOON)

    oncall.remove_shift(shift=made.id, by=ROOT, now=later(hours=2))

    assert queries.on_duty(at=later(hours=1))
    assert not queries.on_duty(at=later(hours=2))


@pytest.mark.requirement("R-089")
def test_the_noc_holds_the_list_of_everybody_who_may_answer_with_their_numbers():
    one, two = administrator("Ann"), administrator("Bo")
    oncall.set_ways(person=two.ref, ways=["bo@carrier.example"], by=two, now=NOON)
    oncall.add_shift(person=two.ref, period=Period(NOON, NOON + DAY), by=ROOT, now=NOON)
    centre = make.acting(make.person(roles=["noc_escalation"]))

    found = queries.contacts(by=centre, now=NOON)

    assert [(each.name, bool(each.duty)) for each in found] == [("Bo", True), ("Ann", False)]
    assert found[0].ways == ("bo@carrier.example",)
    assert found[1].person == one.ref


def test_a_person_sets_how_they_are_reached_and_nobody_elses():
    one, two = administrator("Ann"), administrator("Bo")
    centre = make.acting(make.person(roles=["noc_escalation"]))

    oncall.set_ways(person=one.ref, ways=["ann@carrier.example", "ann@home.example"], by=one, now=NOON)

    assert queries.ways([one.ref])[one.ref] == ("ann@carrier.example", "ann@home.example")
    with pytest.raises(NotYours):
        oncall.set_ways(person=two.ref, ways=["x@carrier.example"], by=centre, now=NOON)


def test_a_drill_climbs_says_that_it_is_one_and_reports_the_minutes(capsys):
    rotation([administrator().ref])

    assert main(["oncall", "drill"]) == 0
    reference = capsys.readouterr().out.strip()
    assert main(["oncall", "drill", "--end", reference]) == 0

    said = capsys.readouterr().out
    assert "taken by nobody" in said and "0 min  The escalation began" in said
    row = queries.by_reference(reference=reference, by=SYSTEM, now=NOON)
    assert (row.drill, row.state) == (True, EscalationState.ENDED)


def test_the_last_drill_is_found_behind_whatever_climbed_since_and_none_is_lost_from_the_list():
    rotation([administrator().ref])
    drill = oncall.start_drill(by=ROOT, now=NOON)
    oncall.end_drill(escalation=drill.id, by=ROOT, now=NOON)
    calls = []
    for each in range(4):
        began = oncall.begin(
            about=f"call:{each}", cause="call", signal=True, by=SYSTEM, now=NOON + (each + 1) * DAY
        )
        oncall.stand_down(escalation=began.id, by=SYSTEM, now=NOON + (each + 1) * DAY)
        calls.append(began.id)

    assert [row.id for row in queries.over(by=SYSTEM, now=NOON, drills=True)] == [drill.id]
    over = queries.over(by=SYSTEM, now=NOON)
    assert [over[0].id, *[row.id for row in over[1:3]]] == calls[:0:-1]
    assert len(over) == 5 and over[4].id == drill.id
    assert len(queries.climbing(by=SYSTEM, now=NOON)) == 0


def test_the_command_says_who_is_on_call_and_that_something_is_open(capsys):
    from tecum.config import clock

    now = clock.now()
    who = administrator("Ann Fairweather")
    oncall.add_shift(person=who.ref, period=Period(now, now + 8 * DAY), by=ROOT, now=now)

    assert main(["oncall", "show"]) == 0
    row = oncall.begin(about="call:1", cause="call", by=SYSTEM, now=now)

    assert main(["oncall", "show"]) == 1
    said = capsys.readouterr().out
    assert "Ann Fairweather" in said and row.reference in said
