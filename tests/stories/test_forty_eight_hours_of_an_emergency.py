"""
The second source's exigent story in time-travel: 0, 15, 30 and 45 minutes of the ladder, then 36, 47 and 48 hours of the
surveillance, with the order and without it (R-083 to R-088, R-091 to R-098, R-180, R-181).
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from tecum.exigent import operations as exigent
from tecum.exigent import queries
from tecum.jobs import switches
from tecum.jobs.lanes import all_lanes
from tecum.kernel.actors import Actor
from tecum.models import Notice
from tecum.oncall import queries as oncall
from tecum.surveillance import operations as surveillance
from tecum.surveillance import queries as taps
from tests import emergencies, orders
from tests.emergencies import CERTIFIED
from tests.make import NOON
from tests.orders import bill, carrier  # noqa: F401
from tests.subscribers import billing  # noqa: F401
from tests.taps import carried

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.usefixtures("bill")]
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
TWO_DAYS = timedelta(hours=48)
JOBS = Actor.system("jobs")


def ticked(now) -> None:
    """Let the lanes do what is due at an instant."""
    lanes = all_lanes()
    for name in ("oncall", "ordinary", "surveillance"):
        lanes[name].step(lambda: now)


def ladder(made, now):
    return oncall.escalation(about=f"case:{made.case}", by=JOBS, now=now)


def running():
    """Return an emergency that two people started on a training switch at noon, seen on there a second later."""
    said = replace(CERTIFIED, email="cole@marrow.example.gov")
    made = emergencies.asked(said).written().call()
    made.approve(made.propose_tap())
    carried(NOON + SECOND)
    return made


def states(made, now) -> set[str]:
    found = taps.of_case(case=made.case, by=JOBS, now=now)
    return {tap.state for each in found for tap in each.taps}


@pytest.mark.requirement("R-086")
def test_the_ladder_climbs_by_itself_at_15_30_and_45_minutes_until_somebody_calls_back():
    made = emergencies.asked(CERTIFIED)

    fired = []
    for minutes in (0, 15, 30, 45):
        ticked(NOON + minutes * MINUTE)
        fired.append(ladder(made, NOON + minutes * MINUTE).fired)
    at = NOON + 46 * MINUTE
    made.call(now=at)

    assert fired == sorted(fired)
    assert fired[-1] > fired[0]
    seen = ladder(made, at)
    assert (seen.open, seen.called_back_at) == (False, at)


@pytest.mark.both_databases
@pytest.mark.requirement("R-098")
def test_without_an_order_it_is_reminded_and_cut_at_48_hours_and_never_later():
    made = running()
    assert states(made, NOON) == {"ACTIVE"}

    before = Notice.objects.count()
    ticked(NOON + 36 * HOUR)
    reminded = Notice.objects.count()
    ticked(NOON + 47 * HOUR)
    assert states(made, NOON + 47 * HOUR) == {"ACTIVE"}
    end = NOON + TWO_DAYS
    switches.terminate(lambda: end - 5 * SECOND)
    carried(end)
    ticked(end)

    assert reminded > before
    assert states(made, end) <= {"STOPPING", "ENDED"}
    seen = made.seen(end)
    assert {each.what: each.state for each in seen.follow_ups} == {
        "order": "MISSING",
        "application": "MISSING",
    }
    assert seen.ended_at == end
    assert queries.score_of(agency=made.agency.id, by=JOBS, now=end).missing == 2


def the_order(made, at):
    """Return the case of an order for the same number that came at an instant, read and found sound."""
    by = made.at(made.caller, at)
    clerk = orders.administrator(now=at)
    case = orders.by_fax(clerk, now=at, received_at=at)
    said = orders.order_said(switches=("training-1",))
    orders.sound(case, clerk, order=said, now=at)
    return case, by, clerk


@pytest.mark.requirement("R-097")
def test_with_an_order_received_and_accepted_it_goes_on_as_an_ordinary_surveillance():
    made = running()
    at = NOON + 40 * HOUR
    case, _, clerk = the_order(made, at)

    exigent.note_order(case=made.case, order_case=case, by=clerk, now=at)
    act = exigent.propose_replacement(case=made.case, order_case=case, by=clerk, now=at)
    second = made.at(made.approver, at)
    authority = surveillance.approve(act=act, by=second, now=at, affirmed_as=second.name)
    ticked(at)
    carried(at + SECOND)
    end = NOON + TWO_DAYS
    switches.terminate(lambda: end)

    standing = taps.authority(authority=authority, by=JOBS, now=end)
    assert (standing.kind, standing.state) == ("order", "IN_FORCE")
    assert states(made, end) == {"ACTIVE"}
    seen = made.seen(end)
    assert {each.what: each.state for each in seen.follow_ups} == {"order": "CAME", "application": "CAME"}
    assert seen.state == "CLOSED"


@pytest.mark.both_databases
@pytest.mark.parametrize(("late", "state"), [(-SECOND, "CAME"), (SECOND, "LATE")])
def test_an_order_at_47_59_59_is_in_time_and_one_at_48_00_01_is_late(late, state):
    made = running()
    at = NOON + TWO_DAYS + late
    if late > timedelta():
        switches.terminate(lambda: NOON + TWO_DAYS - 5 * SECOND)
        ticked(NOON + TWO_DAYS)
    case, _, clerk = the_order(made, at)

    exigent.note_order(case=made.case, order_case=case, by=clerk, now=at)

    followed = {each.what: each.state for each in made.seen(at).follow_ups}
    assert followed["order"] == state
    if late > timedelta():
        with pytest.raises(surveillance.NoAuthority):
            exigent.propose_replacement(case=made.case, order_case=case, by=clerk, now=at)
    else:
        made.call(now=at)
        until = exigent.hold(case=made.case, order_case=case, by=clerk, now=at)
        assert until == NOON + TWO_DAYS + 4 * HOUR
        switches.terminate(lambda: NOON + TWO_DAYS)
        assert states(made, NOON + TWO_DAYS) <= {"ACTIVE", "STARTING"}


@pytest.mark.requirement("R-181")
def test_a_forged_word_that_the_application_was_denied_cuts_nothing_and_a_true_one_does():
    made = running()
    at = NOON + 5 * HOUR
    by = made.at(made.caller, at)
    exigent.report_end(
        case=made.case,
        why="application_denied",
        channel="mail",
        words="the judge denied it",
        heard_at=at,
        by=by,
        now=at,
    )
    (end,) = made.seen(at).ends

    asked = {"request": end.id, "obey": True, "spoke_with": "Sergeant Cole", "by": by, "now": at}
    with pytest.raises(surveillance.NotCalledBack, match="number of the agency's directory"):
        exigent.settle_end(called=emergencies.IN_MESSAGE, **asked)
    with pytest.raises(exigent.CannotEnd, match="Call the agency back"):
        exigent.settle_end(
            called=f"call:{made.seen(at).call.id}", **asked
        )  # the call that verified the request
    assert states(made, at) == {"ACTIVE"}
    assert oncall.escalation(about=f"end_request:{end.id}", by=JOBS, now=at).open

    by = made.at(made.caller, at + MINUTE)
    exigent.settle_end(
        request=end.id, obey=True, called=made.entry, spoke_with="Sergeant Cole", by=by, now=at + MINUTE
    )
    assert not oncall.escalation(about=f"end_request:{end.id}", by=JOBS, now=at).open
    carried(at + 2 * MINUTE)
    assert states(made, at) <= {"STOPPING", "ENDED"}
    followed = {each.what: each.state for each in made.seen(at + 2 * MINUTE).follow_ups}
    assert followed == {"order": "WAIVED", "application": "CAME"}


def test_an_end_that_the_agency_did_not_ask_for_is_refused_and_told_to_it_in_writing():
    made = running()
    at = NOON + 5 * HOUR
    by = made.at(made.caller, at)
    exigent.report_end(
        case=made.case,
        why="information_obtained",
        channel="mail",
        words="she was found",
        heard_at=at,
        by=by,
        now=at,
    )
    (end,) = made.seen(at).ends

    told = exigent.settle_end(
        request=end.id, obey=False, called=made.entry, spoke_with="Sergeant Cole", by=by, now=at
    )

    letter = Notice.objects.get(message="surveillance_end_refused")
    assert (told, letter.recipient) == (True, "cole@marrow.example.gov")
    assert "Nothing was ended" in letter.text
    assert states(made, at) == {"ACTIVE"}
