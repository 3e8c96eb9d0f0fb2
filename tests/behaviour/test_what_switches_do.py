"""What is desired reaches the switches, is read back, and every difference is open with an age until it is settled."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tecum.billing import adapters
from tecum.billing.rules.facts import About
from tecum.billing.rules.pricing import price
from tecum.cases import queries as cases
from tecum.jobs import following
from tecum.models import BillableFact, Mismatch, Tap
from tecum.policy import queries as policy
from tecum.surveillance import operations as surveillance
from tecum.surveillance.drivers.simulator import Mood
from tecum.surveillance.operations import CannotPutBack, CannotSettle, NotAffirmed, carrying
from tecum.surveillance.rules.ordered import AuthorityKind
from tests import taps
from tests.make import NOON
from tests.taps import TITLE_III, TRAP, Ordered, carried, pen, switch, watched, wireless, wiretap  # noqa: F401

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.both_databases,
    pytest.mark.usefixtures("wireless"),
]
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
MONTH = NOON + timedelta(days=30)


def running(*ordered, ends_at=MONTH):
    found = taps.order().authorize(*ordered, ends_at=ends_at).activate()
    carried(NOON + SECOND)
    assert {tap.state for tap in found.taps} == {"ACTIVE"}
    return found


def mismatches(**which):
    return sorted(Mismatch.objects.filter(**{"state": "OPEN", **which}).values_list("kind", flat=True))


def test_what_was_approved_is_written_whole_read_back_and_then_active():
    found = running(pen(), wiretap())

    (task,) = switch().holds()
    assert (task.number, task.types, task.delivery) == (taps.NUMBER, {taps.PEN, TITLE_III}, taps.DIAL_UP)
    assert task.ends_at == MONTH, "a switch that nobody reaches any more ends by itself"
    assert found.tap.on_at == NOON + SECOND


def test_the_clock_takes_it_off_before_its_end():
    found = running()

    carried(MONTH - timedelta(seconds=5))

    assert (found.tap.state, switch().holds(), mismatches()) == ("ENDED", (), [])
    assert found.tap.off_at < MONTH


def test_a_switch_that_says_yes_and_stores_content_is_switched_off_and_raised():
    switch().behave(Mood.LIAR)
    found = taps.order().authorize(pen()).activate()

    carried(NOON + SECOND)

    assert (found.tap.state, found.tap.why, switch().holds()) == ("ENDED", "read_back", ())
    assert mismatches() == ["altered"]


def test_a_lost_answer_is_asked_again_and_nothing_is_doubled():
    switch().behave(Mood.MUTE)
    found = taps.order().authorize(pen()).activate()

    carried(NOON + SECOND)
    assert found.tap.state == "STARTING"
    carried(NOON + 12 * SECOND)

    assert (found.tap.state, len(switch().holds())) == ("ACTIVE", 1)
    assert BillableFact.objects.filter(unit="target").count() == 1


def test_a_command_obeyed_twice_is_one_surveillance():
    switch().behave(Mood.TWICE)
    found = taps.order().authorize(pen()).activate()

    carried(NOON + SECOND)

    assert (found.tap.state, len(switch().holds())) == ("ACTIVE", 1)


def test_the_same_answer_of_a_switch_told_twice_changes_nothing_the_second_time():
    found = taps.order().authorize(pen()).activate()
    told = surveillance.commands(taps=[Tap.objects.get().pk], on=True, by=taps.JOBS, now=NOON + SECOND)
    shown = carrying.carry_all(told, switch())
    for at in (NOON + SECOND, NOON + 2 * SECOND):
        surveillance.settle(shown=shown, claims=(), by=taps.JOBS, now=at)

    assert (found.tap.state, found.tap.on_at) == ("ACTIVE", NOON + SECOND)
    assert BillableFact.objects.filter(unit="target").count() == 1
    assert len(switch().holds()) == 1 and mismatches() == []


def test_an_answer_that_comes_after_the_end_turns_nothing_on_again_unseen():
    switch().behave(Mood.LATE)
    found = taps.order().authorize(pen()).activate()
    carried(NOON + SECOND)  # the write is on its way
    surveillance.end(
        surveillance=found.surveillance, why="agency_asked", by=found.proposer, now=NOON + 2 * SECOND
    )

    carried(NOON + 3 * SECOND)

    assert (found.tap.state, switch().holds()) == ("ENDED", ())


def test_a_switch_that_is_down_at_the_end_is_asked_until_it_is_off_and_the_overrun_stays_open_for_a_person():
    found = running()
    switch().behave(Mood.SILENT, times=-1)
    carried(MONTH - 5 * SECOND)
    assert (found.tap.state, mismatches()) == ("STOPPING", []), "not late yet"

    carried(MONTH + 6 * SECOND)
    (overrun,) = Mismatch.objects.filter(kind="overrun")
    assert (overrun.since, overrun.state) == (MONTH, "OPEN")
    with pytest.raises(CannotSettle, match="still on"):
        surveillance.settle_mismatch(mismatch=overrun.pk, how="looked", by=found.proposer, now=MONTH + MINUTE)
    switch().recover()
    carried(MONTH + MINUTE)

    assert (found.tap.state, switch().holds(), mismatches()) == ("ENDED", (), ["overrun"])
    surveillance.settle_mismatch(mismatch=overrun.pk, how="looked", by=found.proposer, now=MONTH + 2 * MINUTE)
    assert mismatches() == []


def test_one_silent_switch_delays_no_other():
    running(pen("training-1", "training-2"))
    switch("training-1").behave(Mood.SILENT, times=-1)

    carried(MONTH - 5 * SECOND)

    assert switch("training-2").holds() == ()


def test_a_switch_that_never_obeys_is_off_by_its_own_end():
    found = running()

    (task,) = switch().holds()

    assert task.ends_at == found.tap.cut_at


def test_an_extension_moves_the_switchs_own_end_too():
    found = running()

    found.extend(MONTH + timedelta(days=30), NOON + MINUTE)
    carried(NOON + MINUTE + SECOND)

    (task,) = switch().holds()
    assert (task.ends_at, found.tap.state, found.tap.on_at) == (
        MONTH + timedelta(days=30),
        "ACTIVE",
        NOON + SECOND,
    )


def test_what_nobody_here_put_on_a_switch_is_an_alarm_until_a_person_looked():
    found = running()
    (task,) = switch().holds()
    switch().plant(replace(task, task="6b0c64d0-7a6e-4b8e-9a52-000000000001", number=taps.OTHER))

    watched(NOON + MINUTE)
    switch().drop("6b0c64d0-7a6e-4b8e-9a52-000000000001")
    watched(NOON + 2 * MINUTE)

    assert mismatches() == ["unknown"], "it was there: gone is not settled"
    (unknown,) = Mismatch.objects.filter(kind="unknown")
    surveillance.settle_mismatch(
        mismatch=unknown.pk, how="not_ours", by=found.proposer, now=NOON + 3 * MINUTE
    )
    assert mismatches() == []


def test_what_a_switch_lost_is_raised_and_a_named_employee_puts_it_back():
    found = running()
    switch().restart()
    watched(NOON + MINUTE)
    (missing,) = Mismatch.objects.filter(kind="missing")
    assert switch().holds() == (), "nothing is switched on without a person (47 CFR 1.20003)"
    by = found.at(found.proposer, NOON + 2 * MINUTE)

    with pytest.raises(NotAffirmed):
        surveillance.put_back(mismatch=missing.pk, affirmed_as="yes", by=by, now=NOON + 2 * MINUTE)
    surveillance.put_back(mismatch=missing.pk, affirmed_as=by.name, by=by, now=NOON + 2 * MINUTE)
    carried(NOON + 2 * MINUTE + SECOND)

    assert (found.tap.state, len(switch().holds()), mismatches()) == ("ACTIVE", 1, [])
    with pytest.raises(CannotPutBack):
        surveillance.put_back(mismatch=missing.pk, affirmed_as=by.name, by=by, now=NOON + 3 * MINUTE)


def test_what_became_content_behind_our_back_is_switched_off():
    found = running()
    (task,) = switch().holds()
    switch().plant(replace(task, types=task.types | {TITLE_III}))

    watched(NOON + MINUTE)
    carried(NOON + MINUTE + SECOND)

    assert (found.tap.state, found.tap.why, switch().holds(), mismatches()) == (
        "ENDED",
        "drift",
        (),
        ["altered"],
    )


def test_what_became_less_is_left_so_and_raised():
    found = running(pen(), Ordered(taps.NUMBER, taps.INTERCONNECT, TRAP, ("training-1",)))
    (task,) = switch().holds()
    switch().plant(replace(task, types=frozenset({TRAP})))

    watched(NOON + MINUTE)
    carried(NOON + MINUTE + SECOND)

    (still,) = switch().holds()
    assert (still.types, found.tap.state, mismatches()) == ({TRAP}, "ACTIVE", ["altered"])


def test_what_was_off_and_comes_back_is_taken_off_again_and_raised_as_that():
    found = running()
    (task,) = switch().holds()
    surveillance.end(
        surveillance=found.surveillance, why="agency_asked", by=found.proposer, now=NOON + MINUTE
    )
    carried(NOON + MINUTE + SECOND)
    switch().plant(task)  # restored from a backup of the switch

    watched(NOON + 2 * MINUTE)
    carried(NOON + 2 * MINUTE + SECOND)

    assert (switch().holds(), mismatches()) == ((), ["returned"])


def test_a_switch_that_does_not_answer_is_raised_with_its_age_and_settles_when_it_answers():
    running()
    switch().behave(Mood.SILENT, times=1)

    watched(NOON + MINUTE)
    (silent,) = Mismatch.objects.filter(state="OPEN")
    assert (silent.kind, silent.since) == ("silent", NOON + MINUTE)
    watched(NOON + 2 * MINUTE)

    assert mismatches() == []


@pytest.mark.requirement("R-142", "R-143")
def test_each_month_that_begins_is_noted_once_and_the_last_partial_one_too():
    november = datetime(2026, 11, 2, 12, tzinfo=UTC)
    running(pen("training-1", "training-2"), ends_at=november)

    def month_strikes(at):
        following.follow_all(lambda: at)

    october = datetime(2026, 10, 1, 4, tzinfo=UTC)  # midnight in New York
    month_strikes(october - SECOND)
    month_strikes(october)
    month_strikes(october + MINUTE)
    month_strikes(datetime(2026, 11, 1, 4, tzinfo=UTC))
    carried(november)
    month_strikes(datetime(2026, 12, 1, 5, tzinfo=UTC))

    facts = BillableFact.objects.filter(unit="month").order_by("happened_at")
    assert list(dict.fromkeys(each.happened_at.date().isoformat() for each in facts)) == [
        "2026-09-08",
        "2026-10-01",
        "2026-11-01",
    ]
    # One service and one type on two switches: each start is a fact, each month one.
    assert Counter(BillableFact.objects.values_list("unit", flat=True)) == {"target": 2, "month": 3}


@pytest.mark.requirement("R-142", "R-195", "R-197")
@pytest.mark.parametrize(("reading", "wanted"), [("", 25_000), ("each", 50_000)])
def test_a_month_of_both_services_costs_once_or_each_as_the_guide_is_read(reading, wanted):
    """Two services run: the month of initiation is free, the next costs $250, or $250 each (B3)."""
    running(
        pen("training-1"),
        pen("training-1", service=taps.DISPATCH),
        ends_at=datetime(2026, 10, 20, 12, tzinfo=UTC),
    )
    following.follow_all(lambda: datetime(2026, 10, 1, 4, tzinfo=UTC))

    case = BillableFact.objects.first().case_id
    guide = policy.at(NOON)
    fees = tuple(
        next((one.entry for one in fee.readings if one.id == reading), fee)
        if fee.id == "maintenance"
        else fee
        for fee in guide.fees
    )
    told = [adapters.fact(each) for each in cases.noted([case])[case]]
    charges = price(told, schedule=lambda fact: replace(guide, fees=fees), about=About()).charges
    assert sum(each.amount.cents for each in charges if each.fee == "maintenance") == wanted


def test_an_order_after_an_emergency_bills_the_start_once():
    urgent = (
        taps.order().authorize(kind=AuthorityKind.EMERGENCY, ends_at=NOON + timedelta(hours=48)).activate()
    )
    carried(NOON + SECOND)
    court = taps.order()
    act = surveillance.replace(
        authority=urgent.authority, case=court.case.id, starts_at=NOON, ends_at=MONTH, evidence="order-1",
        ordered=[pen()], by=urgent.proposer, now=NOON + MINUTE,
    )  # fmt: skip
    urgent.approve(act, NOON + MINUTE)

    carried(NOON + MINUTE + SECOND)

    assert (urgent.tap.state, urgent.tap.cut_at) == ("ACTIVE", MONTH)
    assert BillableFact.objects.filter(unit="target").count() == 1
