"""Every state of ours has a word of ETSI TS 103 120, and the page about it says the same as the code."""

import re
from pathlib import Path

import pytest

from tecum.cases.states import TargetState
from tecum.demands.rules import exchange
from tecum.demands.states import DemandState, PreservationState

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "etsi-ts-103-120.md").read_text()
# The words that the standard has for the status of an authorisation, and of a disclosure or preservation task.
AUTHORISATION = {"AwaitingApproval", "Approved", "Rejected", "Cancelled", "Expired", "Suspended", "Invalid"}
TASK = {
    "AwaitingApproval", "AwaitingDisclosure", "Disclosed", "DisclosureNotAvailable", "Rejected", "Cancelled", "Expired",
    "AwaitingPreservation", "Preserved", "PreservationNotAvailable", "Error", "Invalid",
}  # fmt: skip


def table(title: str) -> dict[str, tuple[str, ...]]:
    part = PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in part.splitlines()
        if line.startswith("| `")
    ]
    return {row[0].strip("`"): tuple(row[1:]) for row in rows}


def test_no_state_of_a_demand_a_target_or_a_preservation_is_without_a_word():
    assert set(exchange.AUTHORISATION) == set(exchange.TASK) == set(DemandState)
    assert set(exchange.OWN_TASK) == set(TargetState)
    assert set(exchange.PRESERVATION) == set(PreservationState)


def test_only_words_of_the_standard_are_said():
    assert set(exchange.AUTHORISATION.values()) <= AUTHORISATION
    own = {word for word in exchange.OWN_TASK.values() if word}
    assert set(exchange.TASK.values()) | own | set(exchange.PRESERVATION.values()) <= TASK


def test_the_page_says_what_the_code_says():
    assert table("States of a demand") == {
        state.value: (exchange.AUTHORISATION[state], exchange.TASK[state]) for state in DemandState
    }
    assert table("States of a target of its own") == {
        state.value: (exchange.OWN_TASK[state] or "that of its demand",) for state in TargetState
    }
    assert table("States of a preservation") == {
        state.value: (word,) for state, word in exchange.PRESERVATION.items()
    }


@pytest.mark.parametrize(
    ("demand", "target", "said"),
    [
        (DemandState.RECEIVED, TargetState.ASKED, ("AwaitingApproval", "Disclosed")),
        (DemandState.SCOPED, TargetState.WITHDRAWN, ("Cancelled", "Cancelled")),
        (DemandState.PRODUCED, TargetState.ANSWERED, ("Disclosed", "Disclosed")),
        (DemandState.NO_RECORDS, TargetState.ANSWERED, ("DisclosureNotAvailable", "Disclosed")),
        (DemandState.PRODUCED, TargetState.DECLINED, ("DisclosureNotAvailable", "Disclosed")),
    ],
)
def test_a_target_says_its_own_end_before_that_of_its_demand(demand, target, said):
    assert exchange.task(demand, target) == said


def test_what_is_wanted_stands_apart_from_what_is_so():
    wanted = {state: exchange.authorisation(state)[1] for state in DemandState}

    assert {state for state, word in wanted.items() if word == "Cancelled"} == {DemandState.WITHDRAWN}
    assert re.search(r"only the carrier's side sets `status`", PAGE)
