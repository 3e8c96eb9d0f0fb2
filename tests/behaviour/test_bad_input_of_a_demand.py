"""
Bad input of a demand: the person gets a clear sentence and nothing is lost.

Elsewhere: no attachment, ten papers, a photograph, a locked file (test_a_demand_by_mail_opens_a_case and
test_entering_a_demand_by_hand); another carrier's demand, the same one by fax and mail (test_receiving_legal_process); a
missing zone and a reversed interval of a program (doors/test_demands_by_program); a forger (test_writing_to_the_status_mailbox);
kill -9 (faults/test_killing_a_production, test_killing_a_search); a scope that changes (faults/test_releasing_while_the_scope_changes).
"""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from tecum.cases import queries as files
from tecum.cases.facts import Asked, Contact
from tecum.demands import operations as demands
from tecum.demands.rules.nearness import neighbours
from tecum.kernel import numbers
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.kernel.refusals import NotYours
from tecum.models import Demand, LegalCase, Notice, TrailLeaf
from tecum.process import queries as process
from tecum.process.facts import Said
from tests import make, people
from tests.make import NOON, acting
from tests.subscribers import JONES

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
SYSTEM = Actor.system("tests")
WRITTEN, MEANT = "2925550134", "2925550143"  # the second is Jones's, two digits in the wrong order
AUGUST = Period(datetime(2026, 8, 1, tzinfo=UTC), datetime(2026, 8, 15, tzinfo=UTC))
SAID = Said(
    process="subpoena", number="GJ-26-114", signed=True, signed_by="prosecutor", issued_on=date(2026, 9, 3), country="US", gag=False
)  # fmt: skip


@pytest.fixture(autouse=True)
def carrier(settings):
    settings.TECUM_GUIDE = "wireless-2003"


def arrived(number, period=AUGUST, *people_on_it, agency="", product="basic_subscriber"):
    got = demands.receive(
        channel="fax", received_at=NOON, said=SAID, contact=Contact(name="Det. Vane", email="vane@agency.example.gov"),
        targets=[Asked(number, period, product, words="item 1")], agency=agency, people=people_on_it, by=SYSTEM, now=NOON,
    )  # fmt: skip
    (target,) = files.targets(case=got.case, by=SYSTEM, now=NOON)
    return got.case, target.id


def test_a_slip_of_one_key_makes_ninety_nine_numbers_at_most_and_all_are_numbers():
    near = neighbours("2925550142")

    assert {"2925550143", "2925550124", "2925550412", "3925550142"} <= set(near)
    assert "1925550142" not in near and "2925550142" not in near
    assert len(near) == len(set(near)) <= 99 and all(map(numbers.is_canonical, near))


def test_a_number_one_slip_from_ours_is_said_to_staff_only_and_the_look_is_in_the_trail_first(
    subscriber_list,
):
    subscriber_list(JONES)
    home = make.agency()
    officer = make.officer(at=home)
    case, target = arrived(WRITTEN, AUGUST, acting(officer).ref, agency=home.id)
    analyst = make.analyst()

    near = demands.look_nearby(case=case, target=target, by=analyst, now=NOON)
    with pytest.raises(NotYours):
        demands.look_nearby(case=case, target=target, by=acting(officer), now=NOON)

    assert near == (MEANT,)
    assert TrailLeaf.objects.filter(event="demand.near_looked_at").count() == 1
    shown = demands.show(case=case, by=acting(officer), now=NOON)
    assert MEANT not in str(shown) and not [each for each in Notice.objects.all() if MEANT in each.text]


def test_the_analyst_sees_it_where_the_target_is_decided(subscriber_list):
    subscriber_list(JONES)
    case, target = arrived(WRITTEN)
    analyst = make.person(roles=["subpoena_analyst"])
    demands.take(case=case, by=acting(analyst), now=NOON)
    demands.confirm(case=case, said=SAID, targets=[], by=acting(analyst), now=NOON)
    demands.accept(case=case, despite="read by hand", by=acting(analyst), now=NOON)

    with time_machine.travel(NOON, tick=False):
        answer = people.sign_in(analyst, at=NOON).get(f"/demands/{case}/targets/{target}/").content.decode()

    assert "Perhaps a typing error" in answer and numbers.grouped(MEANT) in answer


def test_a_number_that_somebody_had_has_no_near_ones(subscriber_list):
    subscriber_list(JONES)
    case, target = arrived(MEANT)

    assert demands.look_nearby(case=case, target=target, by=make.analyst(), now=NOON) == ()
    assert not TrailLeaf.objects.filter(event="demand.near_looked_at").exists()


def test_an_interval_in_the_future_is_a_finding_in_words_and_the_demand_stands():
    case, _ = arrived("2925550142", Period(NOON + timedelta(days=10), NOON + timedelta(days=20)))
    received = Demand.objects.get(case=case).received_id

    (finding,) = [
        each for each in process.checklist(received=received, by=SYSTEM, now=NOON) if each.code == "future"
    ]

    assert finding.met is False and "begins after the day it was received" in finding.sentence
    assert files.case(case=case, by=SYSTEM, now=NOON).targets_open == 1


def test_an_interval_that_runs_backwards_opens_nothing_and_the_typed_stays_on_the_page():
    analyst = make.person(roles=["subpoena_analyst"])
    typed = {
        "channel": "fax", "day": "2026-09-08", "clock": "09:00", "zone": "America/New_York", "numbers": "292 555-0142",
        "product": "basic_subscriber", "since": "2026-08-15", "through": "2026-08-01", "agency_name": "Marrow County Sheriff",
    }  # fmt: skip

    with time_machine.travel(NOON, tick=False):
        answer = people.sign_in(analyst, at=NOON).post("/demands/enter/", typed)

    page = answer.content.decode()
    assert answer.status_code == 422 and "The interval ends before it begins." in page
    assert "Marrow County Sheriff" in page and "292 555-0142" in page
    assert not LegalCase.objects.exists()


def test_a_number_with_a_letter_in_it_is_named_by_its_line_and_nothing_is_opened():
    analyst = make.person(roles=["subpoena_analyst"])
    typed = {
        "channel": "fax", "day": "2026-09-08", "clock": "09:00", "zone": "America/New_York", "numbers": "292 555-0142\n292 555-O143",
    }  # fmt: skip

    with time_machine.travel(NOON, tick=False):
        answer = people.sign_in(analyst, at=NOON).post("/demands/enter/", typed)

    assert "Line 2" in answer.content.decode() and "the letter O" in answer.content.decode()
    assert not LegalCase.objects.exists()


def test_a_demand_without_its_time_zone_is_entered_only_with_the_zone_it_came_in():
    analyst = make.person(roles=["subpoena_analyst"])
    typed = {"channel": "fax", "day": "2026-09-08", "clock": "09:00", "zone": "", "numbers": ""}

    with time_machine.travel(NOON, tick=False):
        answer = people.sign_in(analyst, at=NOON).post("/demands/enter/", typed)

    assert answer.status_code == 422 and not LegalCase.objects.exists()
