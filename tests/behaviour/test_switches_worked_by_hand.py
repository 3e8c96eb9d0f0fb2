"""Where no driver reaches: one technician accepts, types and reports, another looks; an end is accepted hours ahead."""

from datetime import timedelta

import pytest

from tecum.deadlines import queries as deadlines
from tecum.jobs import following
from tecum.kernel.refusals import NotYours
from tecum.models import Mismatch, SwitchOrder, TrailLeaf
from tecum.surveillance import operations as surveillance
from tecum.surveillance.operations import CannotWork
from tecum.surveillance.rules.tasks import Seen
from tests import make, taps
from tests.make import NOON
from tests.taps import INTERCONNECT, NUMBER, PEN, TITLE_III, carried, pen, technician, wireless  # noqa: F401

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.both_databases,
    pytest.mark.usefixtures("wireless"),
]
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
THURSDAY = NOON + timedelta(days=9)  # 17 September 2026, noon in New York: somebody is on duty
THERE = Seen(NUMBER, INTERCONNECT, frozenset({PEN}), delivery=taps.DIAL_UP)
CONTENT = Seen(NUMBER, INTERCONNECT, frozenset({PEN, TITLE_III}), delivery=taps.DIAL_UP)


@pytest.fixture
def ordered():
    found = taps.order().authorize(pen("mso-east"), ends_at=THURSDAY).activate()
    carried(NOON + SECOND)
    return found


@pytest.fixture
def two():
    return technician("Ines Okafor"), technician("Jo Marsh")


def work(what, **which):
    return SwitchOrder.objects.get(what=what, **which)


def done(what, one, two, seen, now):
    order = work(what, state__in=["OPEN", "ACCEPTED"])
    if order.state == "OPEN":
        surveillance.accept(order=order.pk, by=one, now=now)
    surveillance.report(order=order.pk, seen=seen, by=one, now=now)
    surveillance.confirm(order=order.pk, seen=seen, by=two, now=now)


def strikes(at):
    following.follow_all(lambda: at)


def told():
    return TrailLeaf.objects.filter(event="surveillance.end_unaccepted").count()


def test_it_is_active_when_another_technician_saw_the_same(ordered, two):
    order = work("on")
    surveillance.accept(order=order.pk, by=two[0], now=NOON + MINUTE)
    surveillance.report(order=order.pk, seen=THERE, by=two[0], now=NOON + 2 * MINUTE)
    assert ordered.tap.state == "STARTING"

    surveillance.confirm(order=order.pk, seen=THERE, by=two[1], now=NOON + 3 * MINUTE)

    assert ordered.tap.state == "ACTIVE"
    assert work("on").state == "CONFIRMED"


def test_whoever_did_it_cannot_confirm_it(ordered, two):
    order = work("on")
    surveillance.accept(order=order.pk, by=two[0], now=NOON + MINUTE)
    surveillance.report(order=order.pk, seen=THERE, by=two[0], now=NOON + MINUTE)

    with pytest.raises(CannotWork, match="another technician"):
        surveillance.confirm(order=order.pk, seen=THERE, by=two[0], now=NOON + MINUTE)


def test_only_who_accepted_it_reports_it_and_one_person_accepts(ordered, two):
    order = work("on")
    surveillance.accept(order=order.pk, by=two[0], now=NOON + MINUTE)

    with pytest.raises(CannotWork, match="already"):
        surveillance.accept(order=order.pk, by=two[1], now=NOON + MINUTE)
    with pytest.raises(CannotWork, match="one named technician"):
        surveillance.report(order=order.pk, seen=THERE, by=two[1], now=NOON + MINUTE)
    with pytest.raises(NotYours):
        surveillance.accept(order=order.pk, by=make.analyst(), now=NOON + MINUTE)


def test_the_same_report_or_confirmation_twice_is_refused_and_changes_nothing(ordered, two):
    order = work("on")
    surveillance.accept(order=order.pk, by=two[0], now=NOON + MINUTE)
    surveillance.report(order=order.pk, seen=THERE, by=two[0], now=NOON + MINUTE)
    with pytest.raises(CannotWork):
        surveillance.report(order=order.pk, seen=THERE, by=two[0], now=NOON + 2 * MINUTE)
    surveillance.confirm(order=order.pk, seen=THERE, by=two[1], now=NOON + 3 * MINUTE)
    on_at, leaves = ordered.tap.on_at, TrailLeaf.objects.count()

    with pytest.raises(CannotWork):
        surveillance.confirm(order=order.pk, seen=THERE, by=two[1], now=NOON + 4 * MINUTE)

    assert (ordered.tap.state, ordered.tap.on_at) == ("ACTIVE", on_at)
    assert TrailLeaf.objects.count() == leaves


@pytest.mark.parametrize("who", [0, 1], ids=["reported", "seen by the second"])
def test_content_that_nobody_ordered_is_to_be_switched_off_at_once(ordered, two, who):
    order = work("on")
    surveillance.accept(order=order.pk, by=two[0], now=NOON + MINUTE)
    surveillance.report(order=order.pk, seen=THERE if who else CONTENT, by=two[0], now=NOON + MINUTE)
    if who:
        surveillance.confirm(order=order.pk, seen=CONTENT, by=two[1], now=NOON + MINUTE)

    assert (ordered.tap.state, ordered.tap.why, work("on").state) == ("STOPPING", "read_back", "DIFFERENT")
    assert Mismatch.objects.get(state="OPEN").kind == "altered"
    carried(NOON + MINUTE + SECOND)
    assert work("off").due_at == NOON + MINUTE + SECOND


def test_the_end_is_work_from_the_first_day_and_nobody_may_make_it_early(ordered, two):
    done("on", *two, THERE, NOON + MINUTE)
    end = work("off")
    assert end.due_at == ordered.tap.cut_at == THURSDAY

    surveillance.accept(order=end.pk, by=two[0], now=NOON + HOUR)

    with pytest.raises(CannotWork, match="not due yet"):
        surveillance.report(order=end.pk, seen=None, by=two[0], now=NOON + HOUR)


def test_an_accepted_end_is_told_a_quarter_of_an_hour_ahead_and_two_people_see_it_off(ordered, two):
    done("on", *two, THERE, NOON + MINUTE)
    surveillance.accept(order=work("off").pk, by=two[0], now=NOON + HOUR)
    strikes(THURSDAY - 4 * HOUR)
    assert told() == 0

    carried(THURSDAY - 15 * MINUTE)
    assert (ordered.tap.state, work("off").due_at) == ("STOPPING", THURSDAY - 15 * MINUTE)
    surveillance.report(order=work("off").pk, seen=None, by=two[0], now=THURSDAY - 10 * MINUTE)
    surveillance.confirm(order=work("off").pk, seen=None, by=two[1], now=THURSDAY - 5 * MINUTE)

    assert (ordered.tap.state, ordered.tap.off_at) == ("ENDED", THURSDAY - 5 * MINUTE)
    assert Mismatch.objects.count() == 0


def test_an_end_that_nobody_accepted_four_hours_ahead_is_raised_again_and_again(ordered, two):
    done("on", *two, THERE, NOON + MINUTE)

    strikes(THURSDAY - 4 * HOUR - SECOND)
    assert told() == 0
    strikes(THURSDAY - 4 * HOUR)
    strikes(THURSDAY - 4 * HOUR + 15 * MINUTE)
    assert told() == 2
    surveillance.accept(order=work("off").pk, by=two[1], now=THURSDAY - 3 * HOUR)
    strikes(THURSDAY - 2 * HOUR)

    assert told() == 2


def test_who_gives_an_accepted_end_back_lets_it_be_asked_for_again(ordered, two):
    done("on", *two, THERE, NOON + MINUTE)
    surveillance.accept(order=work("off").pk, by=two[0], now=NOON + HOUR)

    surveillance.give_back(order=work("off").pk, by=two[0], now=NOON + 2 * HOUR)

    assert deadlines.is_armed("surveillance.end_accept", subject=ordered.tap.id)


def test_an_extension_asks_for_the_later_end_anew(ordered, two):
    done("on", *two, THERE, NOON + MINUTE)
    surveillance.accept(order=work("off").pk, by=two[0], now=NOON + HOUR)
    later = THURSDAY + timedelta(days=7)

    ordered.extend(later, NOON + 2 * HOUR)
    carried(NOON + 2 * HOUR + SECOND)

    assert work("off", state="OPEN").due_at == ordered.tap.cut_at == later
    assert ordered.tap.state == "ACTIVE", "nothing is typed on the switch for a later end"


def test_an_end_before_the_time_is_due_now_and_stays_with_who_accepted_it(ordered, two):
    done("on", *two, THERE, NOON + MINUTE)
    surveillance.accept(order=work("off").pk, by=two[0], now=NOON + HOUR)
    now = NOON + 2 * HOUR

    surveillance.end(surveillance=ordered.surveillance, why="agency_asked", by=ordered.proposer, now=now)
    carried(now + SECOND)
    done("off", *two, None, now + MINUTE)

    assert ordered.tap.state == "ENDED"


def test_a_technician_is_asked_to_look_again_and_what_came_back_is_raised(ordered, two):
    done("on", *two, THERE, NOON + MINUTE)
    surveillance.end(
        surveillance=ordered.surveillance, why="agency_asked", by=ordered.proposer, now=NOON + HOUR
    )
    carried(NOON + HOUR + SECOND)
    done("off", *two, None, NOON + HOUR + MINUTE)

    strikes(NOON + timedelta(days=2))
    check = work("check", state="OPEN")
    surveillance.accept(order=check.pk, by=two[1], now=NOON + timedelta(days=2))
    surveillance.report(order=check.pk, seen=THERE, by=two[1], now=NOON + timedelta(days=2))

    assert work("check").state == "DIFFERENT"
    assert Mismatch.objects.get(state="OPEN").kind == "altered"


def test_an_end_that_nobody_made_is_an_open_overrun(ordered, two):
    done("on", *two, THERE, NOON + MINUTE)
    carried(THURSDAY - 15 * MINUTE)

    carried(THURSDAY + SECOND)

    assert [(each.kind, each.since) for each in Mismatch.objects.filter(state="OPEN")] == [
        ("overrun", THURSDAY)
    ]
