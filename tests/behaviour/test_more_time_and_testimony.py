"""A return date that moves with who moved it; a subpoena for testimony that asks for a person and gets no records."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases.facts import Asked, Contact
from tecum.cases.states import ClockState, Direction
from tecum.demands import operations as demands
from tecum.demands.operations import Answer
from tecum.demands.queries.telling import told
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.models import Demand, TrailLeaf
from tecum.policy import queries as policy
from tecum.process import queries as process
from tecum.process.facts import Said
from tests import make
from tests.make import NOON

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
SYSTEM = Actor.system("tests")
APRIL = Period(NOON - timedelta(days=160), NOON - timedelta(days=130))
SUBPOENA = Said(
    process="subpoena", number="GJ-26-114", signed=True, signed_by="prosecutor", issued_on=date(2026, 9, 3), country="US",
    gag=False, return_on=date(2026, 9, 15),
)  # fmt: skip
CALL = Answer(True, "", "telephone", "292-555-0150", words="The prosecutor gives us until the 30th.")


@pytest.fixture(autouse=True)
def example_guide(settings):
    settings.TECUM_GUIDE = "example"


@pytest.fixture
def analyst():
    return make.analyst()


def confirmed(analyst, said=SUBPOENA, **more):
    got = demands.receive(
        channel="fax", received_at=NOON, said=said, contact=Contact(name="Det. Vane"),
        targets=[Asked("2925550142", APRIL, "cdr", words="item 1")], by=SYSTEM, now=NOON, **more,
    )  # fmt: skip
    demands.take(case=got.case, by=analyst, now=NOON)
    demands.confirm(case=got.case, said=said, targets=[], by=analyst, now=NOON)
    return got.case


def clock(case):
    return {each.kind: each for each in files.clocks(case=case, by=SYSTEM, now=NOON)}["return_date"]


def stated(case):
    return process.received(id=Demand.objects.get(case=case).received_id, by=SYSTEM, now=NOON).said.return_on


def test_a_confirmed_return_date_is_a_clock_to_the_end_of_that_local_day(analyst):
    case = confirmed(analyst)
    zone = policy.at(NOON).carrier.zone.tz

    ends = clock(case).due_at.astimezone(zone)

    assert (ends.date(), ends.hour, ends.minute) == (date(2026, 9, 16), 0, 0)


def test_more_time_moves_the_clock_and_keeps_who_gave_it_and_what_was_said(analyst):
    case = confirmed(analyst)

    demands.extend_return(case=case, until=date(2026, 9, 30), heard=CALL, by=analyst, now=NOON)

    zone = policy.at(NOON).carrier.zone.tz
    assert stated(case) == date(2026, 9, 30)
    assert clock(case).due_at.astimezone(zone).date() == date(2026, 10, 1)
    (note,) = files.notes(case=case, by=analyst, now=NOON)
    assert "15 September 2026 to 30 September 2026" in note.text and "292-555-0150" in note.text
    (entry,) = [
        each for each in files.entries(case=case, by=analyst, now=NOON) if each.direction is Direction.IN
    ]
    assert entry.said["text"] == CALL.words
    assert TrailLeaf.objects.filter(event="demand.return_extended").count() == 1


def test_an_officer_on_its_list_sees_the_return_date_and_a_later_one_until_it_is_answered(analyst):
    case = confirmed(analyst)
    row = Demand.objects.select_related("case").get(case=case)
    assert told(row, now=NOON).return_on == date(2026, 9, 15)

    demands.extend_return(case=case, until=date(2026, 9, 30), heard=CALL, by=analyst, now=NOON)
    assert told(row, now=NOON).return_on == date(2026, 9, 30)

    demands.withdraw(case=case, how="telephone", by=analyst, now=NOON)
    assert told(row, now=NOON).return_on is None


def test_an_earlier_day_no_day_at_all_and_a_word_without_proof_move_nothing(analyst):
    case = confirmed(analyst)
    without = confirmed(analyst, replace(SUBPOENA, return_on=None, number="GJ-2"))

    for until in (date(2026, 9, 15), date(2026, 9, 10)):
        with pytest.raises(demands.CannotExtend, match="later"):
            demands.extend_return(case=case, until=until, heard=CALL, by=analyst, now=NOON)
    with pytest.raises(demands.CannotExtend, match="no return date"):
        demands.extend_return(case=without, until=date(2026, 9, 30), heard=CALL, by=analyst, now=NOON)
    for heard in (
        replace(CALL, words=""),
        replace(CALL, said_by=""),
        replace(CALL, how="letter"),
        replace(CALL, how="portal"),
    ):
        with pytest.raises(demands.CannotAnswerFee):
            demands.extend_return(case=case, until=date(2026, 9, 30), heard=heard, by=analyst, now=NOON)

    assert stated(case) == date(2026, 9, 15)


def test_the_clock_ends_with_the_demand_and_a_closed_case_is_not_late(analyst):
    case = confirmed(analyst)
    id = clock(case).id
    demands.withdraw(case=case, how="telephone", said_by="292-555-0150", by=analyst, now=NOON)

    cases.clock_rings(clock=id, by=SYSTEM, now=NOON + timedelta(days=30))

    assert clock(case).state is ClockState.ENDED
    assert not TrailLeaf.objects.filter(event="case.overdue").exists()


def test_a_subpoena_for_testimony_goes_to_the_desk_that_handles_it_and_gets_no_records(analyst, monkeypatch):
    guide = policy.at(NOON)
    desks = tuple(
        replace(each, subjects=(*each.subjects, "testimony")) if place == 0 else each for place, each in enumerate(guide.desks)
    )  # fmt: skip
    monkeypatch.setattr(policy, "at", lambda now: replace(guide, desks=desks))
    case = confirmed(analyst, testimony=True)
    demands.accept(case=case, despite="read by hand", by=analyst, now=NOON)

    with pytest.raises(demands.CannotScope, match="testify"):
        demands.propose_scope(case=case, by=analyst, now=NOON)

    assert files.case(case=case, by=analyst, now=NOON).desk == desks[0].id
    assert Demand.objects.get(case=case).testimony
