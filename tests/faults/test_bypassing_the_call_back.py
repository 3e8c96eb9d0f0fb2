"""
T11: five ways around the call back of an emergency, on both pathways: none succeeds. With the control taken away, each does.

No call back; the number from the message; a fresh directory number; the same person twice; a call back of another case.
"""

from datetime import timedelta
from itertools import product

import pytest

from tecum.exigent import operations as exigent
from tecum.exigent.operations import deciding, verifying
from tecum.exigent.rules import calling
from tecum.kernel.refusals import NotYours, Refused
from tecum.models import ExigentDecision, ExigentRequest
from tests import emergencies, make
from tests.emergencies import CERTIFIED, HEARD, IN_MESSAGE, SAID, wireless  # noqa: F401
from tests.subscribers import billing  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("wireless")]
HOUR = timedelta(hours=1)


def begun(path: str, **more):
    """Return a request of one pathway, in writing, of which nothing is verified."""
    made = emergencies.asked(SAID if path == "disclosure" else CERTIFIED, **more)
    return made if path == "disclosure" else made.written()


def proposed(made) -> str:
    return made.propose() if made.seen().path == "disclosure" else made.propose_tap()


def no_call_back(path: str) -> None:
    made = begun(path)
    made.approve(proposed(made))


def number_of_the_message(path: str) -> None:
    made = begun(path, number=False)
    exigent.find_source(
        case=made.case,
        number=IN_MESSAGE,
        where="a page that the caller named",
        by=made.at(made.caller),
        now=made.now,
    )
    made.call(entry="", number=IN_MESSAGE, nobody="nobody answered the desk")
    made.approve(proposed(made))


def fresh_number(path: str) -> None:
    made = begun(path, fresh=make.NOON - HOUR)
    made.call()
    made.approve(proposed(made))


def the_same_person_twice(path: str) -> None:
    made = begun(path).call()
    made.approve(proposed(made), by=made.caller)


def caller_approves_for_another(path: str) -> None:
    made = begun(path).call()
    made.caller, made.approver = made.approver, made.caller  # another proposes, who called back approves
    made.approve(proposed(made))


def a_call_of_another_case(path: str) -> None:
    other = begun(path).call()
    made = emergencies.asked(SAID if path == "disclosure" else CERTIFIED, again=other)
    made = made if path == "disclosure" else made.written()
    taken = ExigentRequest.objects.get(case=other.case).calls.get()
    ExigentRequest.objects.filter(case=made.case).update(state="VERIFIED")
    call = deciding._good_call
    deciding._good_call = lambda row: taken if row.case_id == made.case else call(row)
    try:
        made.approve(proposed(made))
    finally:
        deciding._good_call = call


ATTACKS = (
    no_call_back, number_of_the_message, fresh_number, the_same_person_twice, caller_approves_for_another, a_call_of_another_case,
)  # fmt: skip


@pytest.mark.parametrize(("attack", "path"), list(product(ATTACKS, ("disclosure", "surveillance"))))
def test_no_way_around_the_call_back_succeeds(attack, path):
    with pytest.raises((Refused, NotYours)):
        attack(path)

    assert not ExigentDecision.objects.filter(state="DONE").exists()


@pytest.mark.sabotage("control 5: a call back")
def test_without_the_call_back_an_unverified_request_would_be_decided(monkeypatch):
    monkeypatch.setattr(deciding, "refuse_unready", lambda *args, **more: None)
    made = begun("disclosure").call()
    ExigentRequest.objects.filter(case=made.case).update(state="VERIFIED")
    row = ExigentRequest.objects.get(case=made.case)
    row.calls.update(void_at=made.now)
    monkeypatch.setattr(deciding, "_good_call", lambda row: row.calls.first())

    made.approve(made.propose())

    assert ExigentDecision.objects.filter(state="DONE").exists()


@pytest.mark.sabotage("control 5: a number of the directory")
@pytest.mark.parametrize(
    ("attack", "rule"), [(number_of_the_message, "source_fault"), (fresh_number, "entry_fault")]
)
def test_without_the_rules_of_numbers_the_forgers_number_would_do(attack, rule, monkeypatch):
    monkeypatch.setattr(verifying.calling, rule, lambda *args, **more: "")

    attack("disclosure")

    assert ExigentDecision.objects.filter(state="DONE").exists()


@pytest.mark.sabotage("control 5: by a person who does not approve")
def test_without_that_rule_who_called_back_would_approve(monkeypatch):
    monkeypatch.setattr(calling, "decides", lambda *args: True)

    caller_approves_for_another("disclosure")

    assert ExigentDecision.objects.filter(state="DONE").exists()


@pytest.mark.both_databases
@pytest.mark.sabotage("control 6: two people")
def test_without_two_people_the_database_still_refuses_one(monkeypatch):
    from django.db import IntegrityError

    monkeypatch.setattr(calling, "decides", lambda *args: True)
    monkeypatch.setattr("tecum.approvals.rules.another_person", lambda **more: True)

    with pytest.raises(IntegrityError):
        the_same_person_twice("disclosure")


def test_a_fresh_number_with_a_second_source_of_another_person_does():
    made = begun("disclosure", fresh=make.NOON - HOUR)
    exigent.find_source(
        case=made.case, number=emergencies.DISPATCH_DESK, where="the state's directory of PSAPs, page 12",
        by=made.at(made.approver), now=made.now,
    )  # fmt: skip

    made.call().approve(made.propose())

    assert made.seen().state == "APPROVED"


def test_a_rural_dispatch_that_is_in_no_directory_is_found_by_another_person_in_a_public_source():
    made = begun("disclosure", number=False)
    number = "4925550155"
    exigent.find_source(
        case=made.case, number=number, where="the county's official site, sheriff's office", by=made.at(made.approver), now=made.now
    )  # fmt: skip

    made.call(entry="", number=number, heard=HEARD)
    made.approve(made.propose())

    assert made.seen().state == "APPROVED"


@pytest.mark.both_databases
def test_one_person_decides_alone_for_a_life_and_another_confirms_it():
    made = begun("surveillance").call()
    decision = made.propose_tap()
    by = made.at(made.caller)

    exigent.decide_alone(
        decision=decision,
        tried="Bo and the order desk, twice each, by telephone",
        affirmed_as=by.name,
        by=by,
        now=made.now,
    )
    seen = made.seen()

    assert (seen.state, seen.decided[0].alone, seen.alone_by) == ("APPROVED", True, by.ref)
    with pytest.raises(Refused):
        exigent.confirm(case=made.case, agrees=True, said="I was right", by=by, now=made.now)
    exigent.confirm(
        case=made.case,
        agrees=True,
        said="read the call and the form",
        by=made.at(made.approver),
        now=made.now,
    )
    assert made.seen().confirmed_by == made.approver.ref


def test_nobody_decides_alone_about_organised_crime():
    from dataclasses import replace

    made = emergencies.asked(replace(CERTIFIED, grounds=("organized_crime",))).written().call()
    by = made.at(made.caller)

    with pytest.raises(exigent.CannotAlone, match="danger to life"):
        exigent.decide_alone(
            decision=made.propose_tap(),
            tried="Bo, twice, by telephone",
            affirmed_as=by.name,
            by=by,
            now=made.now,
        )
