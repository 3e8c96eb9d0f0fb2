"""Two people start, extend and widen exactly what a court ordered; one person, or the clock, ends it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tecum.approvals.operations import Changed, SamePerson
from tecum.deadlines import queries as deadlines
from tecum.jobs import switches
from tecum.kernel.refusals import NotYours
from tecum.surveillance import operations as surveillance
from tecum.surveillance import queries
from tecum.surveillance.operations import (
    CannotActivate,
    CannotAuthorize,
    CannotHold,
    NoAuthority,
    NotAffirmed,
)
from tecum.surveillance.rules.ordered import Allows, AuthorityKind, Line
from tests import make, taps
from tests.make import NOON
from tests.taps import INTERCONNECT, NUMBER, PEN, TITLE_III, pen, wireless, wiretap  # noqa: F401

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.both_databases,
    pytest.mark.usefixtures("wireless"),
]
MONTH = NOON + timedelta(days=30)
MINUTE = timedelta(minutes=1)


def clock_strikes(at):
    return switches.expire_some(lambda: at)


def armed(tap):
    return [
        each
        for each in deadlines.open_deadlines()
        if each.kind == "surveillance.end" and each.subject == tap.id
    ]


def test_one_proposes_another_approves_and_affirms_and_its_end_is_armed_with_it():
    found = taps.order().authorize(ends_at=MONTH).activate()

    tap = found.tap
    assert (tap.state, tap.types, tap.generation) == ("STARTING", ("pen_register",), 1)
    assert tap.affirmed_by == found.approver.ref
    assert (tap.until_at, tap.cut_at, tap.fires_at) == (MONTH, MONTH, MONTH - timedelta(seconds=5))
    assert [each.due_at for each in armed(tap)] == [tap.fires_at]


def test_whoever_proposed_it_cannot_approve_it():
    found = taps.order().authorize()
    act = surveillance.activate(authority=found.authority, by=found.proposer, now=NOON)

    with pytest.raises(SamePerson):
        surveillance.approve(act=act, by=found.proposer, affirmed_as=found.proposer.name, now=NOON)

    assert found.taps == ()


def test_an_activation_that_nobody_affirms_by_name_does_not_happen():
    found = taps.order().authorize()
    act = surveillance.activate(authority=found.authority, by=found.proposer, now=NOON)

    for name in ("", found.proposer.name, "yes"):
        with pytest.raises(NotAffirmed, match="your own name"):
            surveillance.approve(act=act, by=found.approver, affirmed_as=name, now=NOON)

    assert found.taps == ()


def test_a_pen_register_order_never_starts_content():
    found = taps.order().authorize(pen())
    content = Line(NUMBER, INTERCONNECT, "training-1", frozenset({PEN, TITLE_III}))

    with pytest.raises(CannotActivate, match="does not cover"):
        surveillance.activate(authority=found.authority, only=[content], by=found.proposer, now=NOON)


def test_content_needs_the_dial_up_number():
    found = taps.order().authorize(wiretap())

    with pytest.raises(CannotActivate, match="dial-up"):
        surveillance.activate(authority=found.authority, by=found.proposer, now=NOON)


def test_a_change_between_proposal_and_approval_voids_it():
    found = taps.order().authorize(ends_at=MONTH)
    act = surveillance.activate(authority=found.authority, by=found.proposer, now=NOON)
    found.extend(MONTH + timedelta(days=30), NOON)

    with pytest.raises(Changed):
        surveillance.approve(act=act, by=found.approver, affirmed_as=found.approver.name, now=NOON)

    assert found.taps == ()


def test_the_clock_ends_it_and_nothing_else_is_touched():
    found = taps.order().authorize(pen("training-1", "training-2"), ends_at=MONTH).activate()
    other = taps.order().authorize(ends_at=MONTH + MINUTE).activate()

    assert clock_strikes(MONTH - timedelta(seconds=6)) == 0
    assert clock_strikes(MONTH - timedelta(seconds=5)) == 2

    assert {(tap.state, tap.why, tap.generation) for tap in found.taps} == {("STOPPING", "expired", 2)}
    assert other.tap.state == "STARTING"


def test_a_switch_worked_by_hand_is_cut_at_the_last_staffed_moment_before_the_end():
    saturday = NOON + timedelta(days=4)  # 12 September 2026

    found = taps.order().authorize(pen("mso-east"), ends_at=saturday).activate()

    friday_at_eleven = saturday.replace(hour=3)  # 23:00 in New York
    assert (found.tap.cut_at, found.tap.fires_at) == (
        friday_at_eleven,
        friday_at_eleven - timedelta(minutes=15),
    )


def test_an_exact_time_and_an_emergency_are_not_cut_early_for_want_of_staff():
    saturday = NOON + timedelta(days=4)

    exact = (
        taps.order().authorize(pen("mso-east"), ends_at=saturday, allows=Allows(exact_time=True)).activate()
    )
    urgent = (
        taps.order().authorize(pen("mso-east"), ends_at=saturday, kind=AuthorityKind.EMERGENCY).activate()
    )

    assert exact.tap.cut_at == urgent.tap.cut_at == saturday


def test_an_extension_served_before_the_end_moves_it():
    found = taps.order().authorize(ends_at=MONTH).activate()
    later = MONTH + timedelta(days=30)

    found.extend(later, MONTH - MINUTE)

    assert found.tap.cut_at == later
    assert [each.due_at for each in armed(found.tap)] == [later - timedelta(seconds=5)]
    assert clock_strikes(MONTH) == 0


def test_an_extension_a_minute_late_moves_nothing():
    found = taps.order().authorize(ends_at=MONTH).activate()
    clock_strikes(MONTH)

    with pytest.raises(NoAuthority, match="takes a new one"):
        found.extend(MONTH + timedelta(days=30), MONTH + MINUTE)

    assert found.tap.state == "STOPPING"


def test_an_extension_proposed_in_time_and_approved_late_moves_nothing():
    found = taps.order().authorize(ends_at=MONTH).activate()
    act = surveillance.extend(
        authority=found.authority, ends_at=MONTH + timedelta(days=30), evidence="paper-2",
        by=found.at(found.proposer, MONTH - MINUTE), now=MONTH - MINUTE,
    )  # fmt: skip

    with pytest.raises(NoAuthority):
        found.approve(act, MONTH)


def test_an_end_that_is_no_later_is_no_extension():
    found = taps.order().authorize(ends_at=MONTH)

    with pytest.raises(CannotAuthorize, match="later"):
        found.extend(MONTH, NOON)


def test_papers_that_came_in_time_hold_the_cut_for_the_grace_and_never_past_what_they_state():
    found = taps.order().authorize(ends_at=MONTH).activate()
    by = found.at(found.proposer, MONTH - MINUTE)

    until = surveillance.hold_cut(
        authority=found.authority, received_at=MONTH - 2 * MINUTE, states_until=MONTH + timedelta(hours=2),
        evidence="paper-3", by=by, now=MONTH - MINUTE,
    )  # fmt: skip

    assert until == found.tap.cut_at == MONTH + timedelta(hours=2)
    assert clock_strikes(MONTH) == 0
    assert clock_strikes(until) == 1


def test_papers_that_came_late_hold_nothing():
    found = taps.order().authorize(ends_at=MONTH).activate()

    with pytest.raises(CannotHold, match="before the end"):
        surveillance.hold_cut(
            authority=found.authority, received_at=MONTH, states_until=MONTH + timedelta(days=30), evidence="paper-3",
            by=found.at(found.proposer, MONTH - MINUTE), now=MONTH - MINUTE,
        )  # fmt: skip


def test_refused_papers_let_the_cut_happen_at_once():
    found = taps.order().authorize(ends_at=MONTH).activate()
    by = found.at(found.proposer, MONTH - MINUTE)
    surveillance.hold_cut(
        authority=found.authority, received_at=MONTH - MINUTE, states_until=MONTH + timedelta(days=30),
        evidence="paper-3", by=by, now=MONTH - MINUTE,
    )  # fmt: skip

    surveillance.release_hold(authority=found.authority, by=by, now=MONTH + MINUTE)

    assert clock_strikes(MONTH + MINUTE) == 1
    assert found.tap.state == "STOPPING"


def test_one_person_ends_it_at_once_and_nothing_can_be_started_under_it_again():
    found = taps.order().authorize(ends_at=MONTH).activate()

    assert (
        surveillance.end(surveillance=found.surveillance, why="agency_asked", by=found.proposer, now=NOON)
        == 1
    )

    assert (found.tap.state, armed(found.tap)) == ("STOPPING", [])
    with pytest.raises(NoAuthority):
        surveillance.activate(authority=found.authority, by=found.proposer, now=NOON)


def test_an_order_takes_the_place_of_an_emergency_and_narrows_it_to_what_it_covers():
    urgent = taps.order().authorize(
        pen("training-1", "training-2"), wiretap("training-1"), kind=AuthorityKind.EMERGENCY,
        ends_at=NOON + timedelta(hours=48),
    ).activate()  # fmt: skip
    court = taps.order()

    act = surveillance.replace(
        authority=urgent.authority, case=court.case.id, starts_at=NOON, ends_at=MONTH, evidence="order-1",
        ordered=[pen("training-1")], by=urgent.proposer, now=NOON,
    )  # fmt: skip
    order = urgent.approve(act)

    one, two = urgent.taps
    assert (one.switch, one.types, one.authority, one.cut_at) == (
        "training-1",
        ("pen_register",),
        order,
        MONTH,
    )
    assert (two.switch, two.state, two.why) == ("training-2", "STOPPING", "not_covered")
    view = queries.surveillance(surveillance=urgent.surveillance, by=taps.JOBS, now=NOON)
    assert (view.case, [each.state for each in view.authorities]) == (court.case.id, ["IN_FORCE", "REPLACED"])


def test_another_handset_only_where_the_order_says_so():
    silent = taps.order().authorize().activate()
    allowing = taps.order().authorize(allows=Allows(new_handset=True)).activate()

    with pytest.raises(CannotActivate, match="another handset"):
        surveillance.change_handset(
            authority=silent.authority, number=NUMBER, imei="490154203237518", evidence="fax-1", by=silent.proposer, now=NOON
        )  # fmt: skip
    act = surveillance.change_handset(
        authority=allowing.authority, number=NUMBER, imei="490154203237518", evidence="fax-1", by=allowing.proposer, now=NOON
    )  # fmt: skip
    allowing.approve(act)

    assert (allowing.tap.generation, allowing.tap.why, len(armed(allowing.tap))) == (2, "handset", 1)


def test_a_switch_more_runs_with_the_same_end():
    found = taps.order().authorize(ends_at=MONTH).activate()

    act = surveillance.add_switch(
        authority=found.authority, number=NUMBER, service=INTERCONNECT, switch="training-2", evidence="fax-1",
        by=found.proposer, now=NOON,
    )  # fmt: skip
    found.approve(act)

    assert [(tap.switch, tap.cut_at) for tap in found.taps] == [("training-1", MONTH), ("training-2", MONTH)]


def test_it_is_not_there_for_an_analyst_and_for_whom_a_sealed_case_is_hidden():
    found = taps.order().authorize().activate()

    with pytest.raises(NotYours):
        queries.surveillance(surveillance=found.surveillance, by=make.analyst(), now=NOON)
    with pytest.raises(NotYours):
        surveillance.end(surveillance=found.surveillance, why="agency_asked", by=make.analyst(), now=NOON)
    lesser = replace(found.proposer, permissions=found.proposer.permissions - {"surveillance.authorize"})
    with pytest.raises(NotYours):
        surveillance.extend(
            authority=found.authority, ends_at=MONTH + MINUTE, evidence="x", by=lesser, now=NOON
        )
