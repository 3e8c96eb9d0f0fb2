"""The order administrator's queue: what is cut first stands first, nothing is cut off, and a doubt stands as long as it can be mended."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tecum.jobs import switches
from tecum.kernel.actors import Actor
from tecum.models import Authority, CourtOrder, LegalCase, Matter, Tap
from tecum.surveillance import operations as surveillance
from tecum.surveillance.operations import orders as settling
from tecum.surveillance.queries import queue as queries
from tecum.surveillance.queries.queue import Filter
from tests import make
from tests.emergencies import CERTIFIED, asked
from tests.make import NOON
from tests.orders import administrator, by_fax, in_force, order_said, process_said, read, sound
from tests.taps import DIAL_UP, NUMBER, carried

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.both_databases,
    pytest.mark.usefixtures("bill"),
]
SECOND = timedelta(seconds=1)


def seen(by, now=NOON, **narrowed):
    return [each.case for each in queries.queue(by=by, now=now, narrowed=Filter(**narrowed))]


def doubts(by, now=NOON):
    return {each.case: each.doubt for each in queries.doubtful(by=by, now=now)}


def test_an_order_is_found_by_its_reference_its_agency_and_its_owner():
    ada = administrator()
    cases = [by_fax(ada, received_at=NOON - timedelta(hours=each)) for each in (3, 2, 1)]
    agency = make.agency("Marrow County Sheriff")
    LegalCase.objects.filter(pk=cases[1]).update(agency=agency.id, owner=ada.ref)
    reference = LegalCase.objects.get(pk=cases[2]).reference

    assert seen(ada) == cases
    assert seen(ada, show="all") == cases[::-1]
    assert seen(ada, find=f" {reference.lower()} ") == [cases[2]]
    assert seen(ada, find="Marrow", agencies={agency.id}) == [cases[1]]
    assert seen(ada, owner=ada.ref) == [cases[1]]
    assert seen(ada, owner="nobody") == [cases[0], cases[2]]


def test_however_many_orders_there_are_each_stands_on_one_page_of_the_queue():
    ada = administrator()
    cases = [by_fax(ada, received_at=NOON - timedelta(minutes=each)) for each in range(7, 0, -1)]
    for show in ("open", "all"):
        found = queries.queue(by=ada, now=NOON, narrowed=Filter(show))

        assert len(found) == len(cases)
        assert sorted(line.case for at in range(0, 8, 2) for line in found[at : at + 2]) == sorted(cases)


def test_an_end_is_doubtful_while_it_is_missing_and_while_something_outlives_it_and_not_for_ever():
    ada, bo = administrator(), administrator("Bo Farrow")
    endless = by_fax(ada)
    read(endless, ada, order=order_said(duration=""))
    running = by_fax(ada)
    sound(running, ada, order=order_said(switches=("training-1",)))
    authority = Authority.objects.get(pk=in_force(running, ada, bo))
    act = surveillance.activate(authority=authority.pk, delivery={NUMBER: DIAL_UP}, by=ada, now=NOON)
    surveillance.approve(act=act, by=bo, now=NOON, affirmed_as=bo.name)
    settling.settle(surveillance=authority.surveillance_id, by=Actor.system("jobs"), now=NOON)
    carried(NOON + SECOND)
    end = CourtOrder.objects.get(case=running).expires_at

    assert doubts(ada) == {endless: "endless"}
    assert doubts(ada, end) == {running: "late", endless: "endless"}
    everything = queries.queue(by=ada, now=end, narrowed=Filter("all"))
    assert {line.case: line.doubt for line in everything} == doubts(ada, end), "every list says the same"
    switches.terminate(lambda: end)
    carried(end)

    assert not Tap.objects.exclude(state="ENDED").exists()
    assert doubts(ada, end + timedelta(days=30)) == {endless: "endless"}


def test_the_order_that_follows_an_emergency_is_found_however_many_orders_came_before():
    made = asked(CERTIFIED).written().call()
    ada = administrator()
    for each in range(4):
        other = by_fax(ada)
        read(
            other, ada, order=order_said(subjects=(replace(order_said().subjects[0], number="3925550163"),)),
            said=process_said(number=f"26-MC-05{each:02}"),
        )  # fmt: skip
    follows = by_fax(ada)
    read(follows, ada)

    assert [each.case for each in queries.naming(targets_of=made.case, by=ada, now=NOON)] == [follows]


def test_what_is_sealed_to_the_reader_stands_in_no_queue_and_raises_no_doubt():
    ada, cy = administrator(), administrator("Cy Hale")
    case = by_fax(ada)
    read(case, ada, order=order_said(duration=""))
    assert seen(cy) == list(doubts(cy)) == [case]

    Matter.objects.filter(pk=LegalCase.objects.get(pk=case).matter).update(sealed=True)

    assert seen(cy) == seen(cy, show="all") == list(doubts(cy)) == []
    assert len(queries.queue(by=cy, now=NOON)) == 0
