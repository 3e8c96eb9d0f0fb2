"""Who may withdraw a demand by mail: a proven sender on the list of the one open case that the message names."""

import dataclasses
import itertools

import pytest

from tecum.demands.rules.withdrawing import Asking, Case, by_mail, references
from tecum.demands.states import OPEN, DemandState

REF = "L-7Q2M-40VX"
MARTA = "marta.ruiz@police.example.gov"
ASKING = Asking(sender=MARTA, proven=True, automatic=False, references=frozenset({REF}))
CASE = Case(reference=REF, state=DemandState.IN_REVIEW, addresses=frozenset({MARTA}), sealed=False)


@pytest.mark.requirement("R-043")
def test_a_proven_sender_on_the_cases_list_withdraws():
    assert by_mail(ASKING, CASE).withdraws


@pytest.mark.requirement("R-043")
@pytest.mark.parametrize(
    ("asking", "case"),
    [
        ({"proven": False}, {}),
        ({"sender": "marta.ruiz@police-example.gov"}, {}),
        ({"references": frozenset()}, {}),
        ({"references": frozenset({REF, "L-0000-0000"})}, {}),
        ({"references": frozenset({"L-0000-0000"})}, {}),
        ({}, {"sealed": True}),
        ({}, {"state": DemandState.PRODUCED}),
        ({}, {"state": DemandState.WITHDRAWN}),
        ({}, {"addresses": frozenset({"other@police.example.gov"})}),
    ],
)
def test_whatever_else_differs_waits_for_a_person_and_withdraws_nothing(asking, case):
    verdict = by_mail(dataclasses.replace(ASKING, **asking), dataclasses.replace(CASE, **case))

    assert not verdict.withdraws
    assert verdict.person
    assert verdict.because


def test_an_automatic_message_is_nobodys_wish():
    verdict = by_mail(dataclasses.replace(ASKING, automatic=True), CASE)

    assert (verdict.withdraws, verdict.person) == (False, False)


def test_a_thousand_forgeries_withdraw_nothing():
    senders = [MARTA, "marta.ruiz@police.example.gov.evil.example", "Marta Ruiz", "", "MARTA@police.example"]
    named = [frozenset(), frozenset({REF}), frozenset({"L-7Q2M-40VY"}), frozenset({REF, "L-1111-1111"})]
    addresses = [frozenset(), frozenset({MARTA}), frozenset({"j.lee@police.example.gov"})]
    tried = 0
    for sender, proven, automatic, refs, listed, sealed, state in itertools.product(
        senders, [True, False], [True, False], named, addresses, [True, False], DemandState
    ):
        genuine = proven and sender == MARTA and refs == {REF} and listed == {MARTA}
        if genuine and not automatic and not sealed and state in OPEN:
            continue
        tried += 1
        assert not by_mail(
            Asking(sender, proven, automatic, refs), Case(REF, state, listed, sealed)
        ).withdraws
    assert tried > 1000


def test_references_are_found_in_any_case_and_nothing_else_is():
    assert references("please withdraw l-7q2m-40vx, thanks") == {REF}
    assert references("L-7Q2M40VX and 292-555-0142") == frozenset()
