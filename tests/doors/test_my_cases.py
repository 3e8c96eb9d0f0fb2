"""An officer and the own cases: how they stand, withdrawn whole or by target, taken back; nobody else sees they are there."""

import re
from datetime import date, timedelta

import pytest
import time_machine

from tecum.cases import queries as files
from tecum.cases.facts import Asked, Contact
from tecum.cases.states import CaseState, TargetState
from tecum.demands import operations as demands
from tecum.demands.states import DemandState
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.models import Demand, DemandHold, Matter, TrailLeaf
from tecum.process.facts import Said
from tests import make, people
from tests.make import NOON, acting

SYSTEM = Actor.system("tests")
HIT, OTHER = "2925550142", "2925550117"
APRIL = Period(NOON - timedelta(days=160), NOON - timedelta(days=130))
SAID = Said(
    process="subpoena", number="GJ-26-114", signed=True, signed_by="prosecutor", signer="A. Fairlamb",
    issued_on=date(2026, 9, 3), entity="Meadowlark Wholesale Telephone Company", country="US", gag=False,
)  # fmt: skip


@pytest.fixture(autouse=True)
def carrier(db, numbers, freeze, settings):
    settings.TECUM_GUIDE = "example"
    freeze(NOON)
    make.customer("C-TERN", name="Tern & Plover Voice, Inc.")
    make.consent("C-TERN")
    numbers({HIT: ("C-TERN", date(2019, 6, 1)), OTHER: ("C-TERN", date(2026, 4, 10))})
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def home():
    return make.agency()


@pytest.fixture
def vane(home):
    return make.officer("Cora Vane", at=home)


@pytest.fixture
def colleague(home):
    return make.officer("Ines Barrowclough", at=home)


def received(home, *people, numbers=(HIT, OTHER), said=SAID):
    return demands.receive(
        channel="fax", received_at=NOON, said=said, contact=Contact(name="Det. Vane", email="vane@agency.example.gov"),
        targets=[Asked(number, APRIL, "cdr", words="item 1") for number in numbers], agency=home.id,
        people=tuple(acting(each).ref for each in people), by=SYSTEM, now=NOON,
    )  # fmt: skip


def page_of(person):
    return people.sign_in(person, at=NOON)


def state(case):
    return DemandState(Demand.objects.get(case=case).state)


def targets(case):
    return {each.value: each.state for each in files.targets(case=case, by=SYSTEM, now=NOON)}


def test_an_officer_sees_how_the_own_case_stands_and_that_it_was_seen_is_recorded(home, vane):
    got = received(home, vane)

    page = page_of(vane)
    assert got.reference in page.get("/cases/").text
    answer = page.get(f"/cases/{got.case}/")

    assert answer.status_code == 200
    assert "waits for its review" in answer.text and 'value="2925550142"' in answer.text
    assert "Our goal is an answer by" in answer.text and "it is no promise" in answer.text
    assert "held until this is answered" in answer.text
    assert TrailLeaf.objects.filter(event="demand.status_seen").count() == 1


def test_a_colleague_who_is_not_on_the_list_finds_nothing_where_the_case_is(home, vane, colleague):
    got = received(home, vane)
    page = page_of(colleague)

    assert got.reference not in page.get("/cases/").text
    for way in ("", "withdraw/", "undo/"):
        there, nowhere = page.get(f"/cases/{got.case}/{way}"), page.get(f"/cases/{'x' * 26}/{way}")
        assert (there.status_code, nowhere.status_code) == (404, 404)
    assert page.post(f"/cases/{got.case}/withdraw/", {"targets": "x"}).status_code == 404
    assert state(got.case) is DemandState.RECEIVED


def test_a_sealed_case_stands_there_only_for_those_on_its_list(home, vane, colleague):
    got = received(home, vane)
    Matter.objects.filter(pk=Demand.objects.get(case=got.case).matter).update(sealed=True)

    assert page_of(vane).get(f"/cases/{got.case}/").status_code == 200
    assert page_of(colleague).get(f"/cases/{got.case}/").status_code == 404


@pytest.mark.requirement("R-045")
def test_all_of_it_is_withdrawn_and_taken_back_within_the_guides_time(home, vane):
    got = received(home, vane)
    page = page_of(vane)
    asked = page.get(f"/cases/{got.case}/withdraw/").text
    ids = [each.id for each in files.targets(case=got.case, by=SYSTEM, now=NOON)]
    assert asked.count("checked") == 2

    page.post(f"/cases/{got.case}/withdraw/", {"targets": ids})
    withdrawn = state(got.case)
    closed = files.case(case=got.case, by=SYSTEM, now=NOON).state
    shown = page.get(f"/cases/{got.case}/").text
    page.post(f"/cases/{got.case}/undo/")

    assert withdrawn is DemandState.WITHDRAWN
    assert closed is CaseState.CLOSED
    assert "can still be taken back" in shown
    assert state(got.case) is DemandState.RECEIVED
    assert set(targets(got.case).values()) == {TargetState.ASKED}
    assert DemandHold.objects.filter(lifted_at=None).exists()


def test_one_of_two_numbers_is_withdrawn_and_the_rest_goes_on(home, vane):
    got = received(home, vane)
    (one, _) = files.targets(case=got.case, by=SYSTEM, now=NOON)

    page_of(vane).post(f"/cases/{got.case}/withdraw/", {"targets": [one.id]})

    assert state(got.case) is DemandState.RECEIVED
    assert targets(got.case) == {HIT: TargetState.WITHDRAWN, OTHER: TargetState.ASKED}


def test_nothing_ticked_withdraws_nothing(home, vane):
    got = received(home, vane)

    answer = page_of(vane).post(f"/cases/{got.case}/withdraw/", {})

    assert answer.status_code == 422 and "Tick at least one" in answer.text
    assert state(got.case) is DemandState.RECEIVED


def test_what_is_missing_stands_there_with_the_wording_to_copy(home, vane):
    got = received(home, vane, said=Said(process="subpoena", country="US", signed=False))
    analyst = make.analyst()
    demands.take(case=got.case, by=analyst, now=NOON)
    demands.confirm(
        case=got.case,
        said=Said(process="subpoena", country="US", signed=False),
        targets=[],
        by=analyst,
        now=NOON,
    )
    demands.find_deficient(case=got.case, by=analyst, now=NOON)

    text = page_of(vane).get(f"/cases/{got.case}/").text

    assert "What is missing, and the wording to copy" in text
    assert "cannot be answered as it stands" in text
    assert "Waits for you" in page_of(vane).get("/cases/").text


def looked_up(person):
    """Look both numbers up; return the person's page and the address of the answer."""
    page = page_of(person)
    text = page.get("/look-up/").text
    submission = text.split('name="submission" value="')[1].split('"')[0]
    given = {"case": "MC-26-004417", "attest": "on", "numbers": f"{HIT}\n{OTHER}", "submission": submission}
    return page, page.post("/look-up/", given).url


def bare(text):
    """Return a page without the tokens that are new at every visit."""
    return re.sub(r'(name="csrfmiddlewaretoken" value|nonce)="[^"]+"', "", text)


@pytest.mark.requirement("R-044")
def test_a_hit_on_a_pending_number_offers_withdrawal_per_target_to_who_is_on_the_list(home, vane):
    got = received(home, vane)
    by_number = {each.value: each.id for each in files.targets(case=got.case, by=SYSTEM, now=NOON)}

    page, address = looked_up(vane)
    text = page.get(address).text

    assert f"/cases/{got.case}/withdraw/?target={by_number[HIT]}" in text
    assert by_number[OTHER] not in text and "keep the demand" in text
    asked = page.get(f"/cases/{got.case}/withdraw/?target={by_number[HIT]}").text
    assert asked.count("checked") == 1
    page.post(f"/cases/{got.case}/withdraw/?target={by_number[HIT]}", {"targets": by_number[HIT]})
    assert targets(got.case) == {HIT: TargetState.WITHDRAWN, OTHER: TargetState.ASKED}


def test_for_everybody_else_the_answer_is_the_same_byte_by_byte_whether_there_is_a_case_or_not(
    home, vane, colleague
):
    others = [colleague, make.officer(at=make.agency())]
    asked = [looked_up(each) for each in others]
    before = [bare(page.get(address).text) for page, address in asked]

    received(home, vane)

    assert [bare(page.get(address).text) for page, address in asked] == before
    assert all("still asks for this number" not in each for each in before)


@pytest.mark.sabotage("control 8")
def test_if_the_agency_were_enough_a_colleague_would_learn_of_the_case(home, vane, colleague, monkeypatch):
    got = received(home, vane)
    monkeypatch.setattr("tecum.web.portal.pending.demands.naming_number", lambda **_: [got.case])
    monkeypatch.setattr("tecum.web.portal.pending.cases.case", lambda **_: got)
    monkeypatch.setattr(
        "tecum.web.portal.pending.cases.targets",
        lambda **_: files.files.targets(case=got.case, by=SYSTEM, now=NOON),
    )

    page, address = looked_up(colleague)

    assert "still asks for this number" in page.get(address).text
