"""What comes to the emergency door and is none, is not enough, or is too much: nothing starts, and nothing is lost."""

from dataclasses import replace

import pytest

from tecum.cases import operations as sealing
from tecum.cases import queries as cases
from tecum.cases.states import CaseKind
from tecum.exigent import operations as exigent
from tecum.exigent import queries
from tecum.exigent.rules import warning
from tecum.exigent.states import CallState
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.kernel.refusals import NotYours, Refused
from tecum.models import Escalation, ExigentRequest
from tecum.policy import queries as policy
from tests import emergencies, make
from tests.emergencies import CERTIFIED, SAID, WEEK, wireless  # noqa: F401
from tests.make import NOON
from tests.subscribers import billing  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("wireless")]
STRANGER = Actor.stranger()


def codes(made) -> set[str]:
    return {each.code for each in queries.warnings(case=made.case, by=made.caller, now=NOON)}


def lacks(made) -> set[str]:
    return {each.code for each in queries.lacking(case=made.case, by=made.caller, now=NOON)}


@pytest.mark.requirement("R-176")
def test_a_dispatcher_cannot_ask_for_an_interception():
    made = emergencies.asked(replace(CERTIFIED, requester="psap")).written().call()

    assert "may_not_ask" in lacks(made)
    with pytest.raises(exigent.CannotDecide, match="cannot ask"):
        made.propose_tap()


def test_without_a_target_it_opens_and_nothing_is_decided():
    made = emergencies.asked(replace(SAID, targets=())).call()

    assert lacks(made) == {"no_target"}


def test_a_number_that_is_not_ours_is_warned_of():
    made = emergencies.asked(replace(SAID, targets=(emergencies.STRANGE,)))

    assert "not_ours" in codes(made)


@pytest.mark.requirement("R-177")
def test_organised_crime_alone_waits_for_counsel_before_records_leave():
    made = emergencies.asked(replace(SAID, grounds=("organized_crime",))).call()
    counsel = make.acting(make.person("R. Counsel", roles=["counsel"]))
    with pytest.raises(exigent.CannotDecide, match="waits for counsel"):
        made.propose()

    exigent.counsel_decides(
        case=made.case, goes_on=True, said="the statute covers it here", by=counsel, now=NOON
    )
    made.call()

    assert made.propose()


def test_a_party_of_a_civil_matter_is_refused_and_nothing_is_sent():
    made = emergencies.asked(replace(SAID, agency="Law Offices of Pike and Doe"))

    exigent.refuse(case=made.case, why="civil", by=made.caller, now=NOON)

    seen = made.seen()
    assert (seen.state, seen.refusal, seen.case.state) == ("REFUSED", "civil", "CLOSED")


def test_an_ordinary_demand_that_shouts_goes_on_as_a_demand_from_its_own_arrival():
    made = emergencies.asked()

    exigent.is_ordinary(case=made.case, kind=CaseKind.DEMAND, by=made.caller, now=NOON)

    home = cases.case(case=made.case, by=Actor.system("tests"), now=NOON)
    assert (home.kind, home.received_at) == (CaseKind.DEMAND, NOON)


@pytest.mark.both_databases
def test_the_same_by_three_channels_is_one_and_the_oldest_stays():
    first = emergencies.asked()
    others = [emergencies.asked(again=first) for _ in range(2)]

    stays = {exigent.repeats(case=each.case, of=first.case, by=first.caller, now=NOON) for each in others}

    assert len(stays) == 1
    assert sorted(ExigentRequest.objects.values_list("state", flat=True)) == [
        "RECEIVED",
        "REPEATED",
        "REPEATED",
    ]


def test_two_hundred_at_once_are_all_kept_and_wake_the_people_on_duty_a_few_times_only():
    for place in range(60):
        said = replace(SAID, name=f"Caller {place}")
        exigent.ask(said=said, pathway="disclosure", by=STRANGER, now=NOON)

    assert ExigentRequest.objects.count() == 60
    assert Escalation.objects.count() <= 22


def test_eleven_targets_are_more_than_one_emergency():
    many = tuple(f"29255501{place:02}" for place in range(42, 53))

    with pytest.raises(exigent.CannotAsk, match="at most 10"):
        exigent.ask(said=replace(SAID, targets=many), pathway="disclosure", by=STRANGER, now=NOON)


def test_a_number_that_the_request_does_not_name_is_no_part_of_a_disclosure():
    made = emergencies.asked().call()

    with pytest.raises(Refused, match="does not name"):
        made.propose(
            wanted=[emergencies.Wanted("basic_subscriber", emergencies.OTHER, Period(NOON - WEEK, NOON))]
        )


@pytest.mark.both_databases
def test_an_agency_that_knows_nothing_of_it_takes_back_what_an_earlier_call_verified():
    made = emergencies.asked().call()

    made.call(outcome=CallState.DENIED)

    assert made.seen().state == "RECEIVED"
    assert made.seen().call is None


def test_a_corrected_target_is_called_back_about_again():
    made = emergencies.asked().call()

    exigent.correct(
        case=made.case, said=replace(SAID, targets=(emergencies.OTHER,)), by=made.caller, now=NOON
    )

    assert (made.seen().state, made.seen().call) == ("RECEIVED", None)


def test_a_forged_request_warns_of_the_next_that_uses_its_words_its_number_and_its_sender():
    story = " ".join(f"word{chr(97 + place % 26)}{chr(97 + place // 26)}" for place in range(60))
    forged = emergencies.asked(replace(SAID, email="desk@marrow-county.example", words=story))
    exigent.mark_forged(
        case=forged.case, why="the sheriff knows nobody of that name", by=forged.caller, now=NOON
    )

    again = replace(SAID, email="desk@marrow-county.example", words=f"Please. {story}", name="Another Name")
    found = codes(emergencies.asked(again, again=forged))

    assert {"forged_sender", "forged_number", "forged_words", "forged_target"} <= found


def test_a_stolen_mailbox_of_the_agency_itself_is_no_mark_against_it():
    forged = emergencies.asked(replace(SAID, email="cole@marrow.example.gov"))
    exigent.mark_forged(
        case=forged.case,
        why="the sheriff's mailbox was stolen",
        sender_is_theirs=True,
        by=forged.caller,
        now=NOON,
    )

    honest = replace(
        SAID, email="cole@marrow.example.gov", phone="", targets=(emergencies.OTHER,), circumstances="A fire."
    )
    found = codes(emergencies.asked(honest, again=forged))

    assert not {code for code in found if code.startswith("forged")}


def test_a_look_alike_domain_a_failed_check_and_another_reply_address_are_said_with_their_reason():
    said = replace(
        SAID, email="cole@marrow.exarnple.gov", verdict="failed", reply_to="x@mail.example", words="urgent"
    )
    found = warning.warnings(
        warning.Asking(email=said.email, reply_to=said.reply_to, verdict=said.verdict),
        warning.Known(every_domain={"example.gov"}),
    )

    assert {"dmarc", "reply_to", "new_domain"} <= {each.code for each in found}


@pytest.mark.requirement("R-163")
def test_a_partners_emergency_is_handed_over_by_name_and_only_that_stops_the_ladder():
    made = emergencies.asked()
    ladder = queries.ladder(case=made.case, by=made.caller, now=NOON)
    assert ladder is not None and ladder.open

    with pytest.raises(exigent.CannotPassOn):
        exigent.pass_on(
            case=made.case,
            entity="nextel-partners",
            spoke_with="",
            number="7025550110",
            called_at=NOON,
            by=made.caller,
            now=NOON,
        )
    exigent.pass_on(
        case=made.case, entity="nextel-partners", spoke_with="The compliance officer on call", number="2925550110",
        called_at=NOON, by=made.caller, now=NOON, whose={emergencies.NUMBER: "nextel-partners"},
    )  # fmt: skip

    assert made.seen().state == "ELSEWHERE"
    assert not queries.ladder(case=made.case, by=made.caller, now=NOON).open


@pytest.mark.both_databases
@pytest.mark.requirement("R-163")
def test_handing_a_partners_surveillance_over_starts_the_switch_work_here_by_the_copy_rule():
    made = emergencies.asked(CERTIFIED).written()
    handed = {
        "case": made.case, "entity": "nextel-partners", "spoke_with": "The compliance officer on call", "number": "2925550110",
        "called_at": NOON, "by": made.caller, "now": NOON, "whose": {emergencies.NUMBER: "nextel-partners"},
    }  # fmt: skip

    exigent.pass_on(**handed)

    seen = made.seen()
    assert (seen.state, seen.passed_to, seen.case.state) == ("RECEIVED", "nextel-partners", "OPEN")
    assert not queries.ladder(case=made.case, by=made.caller, now=NOON).open
    with pytest.raises(exigent.CannotDecide, match="Call the agency back"):
        made.propose_tap()  # the partner's word is no call back (control 5)
    with pytest.raises(exigent.CannotPassOn, match="already"):
        exigent.pass_on(**handed)
    made.call()
    made.approve(made.propose_tap())
    assert [each.act for each in made.seen().decided] == ["surveil"]


def test_without_a_copy_rule_in_the_guide_a_partners_surveillance_is_the_partners_alone(monkeypatch):
    guide = policy.at(NOON)
    alone = tuple(replace(each, copy_to=()) for each in guide.entities)
    monkeypatch.setattr(policy, "at", lambda now: replace(guide, entities=alone))
    made = emergencies.asked(CERTIFIED)

    exigent.pass_on(
        case=made.case, entity="nextel-partners", spoke_with="The compliance officer on call", number="2925550110",
        called_at=NOON, by=made.caller, now=NOON, whose={emergencies.NUMBER: "nextel-partners"},
    )  # fmt: skip

    assert made.seen().state == "ELSEWHERE"


def test_the_figures_count_by_ground_outcome_and_minutes():
    made = emergencies.asked().call()
    made.approve(made.propose(), now=NOON)
    refused = emergencies.asked(again=made)
    exigent.refuse(case=refused.case, why="not_verified", by=made.caller, now=NOON)

    found = queries.figures(period=Period(NOON - WEEK, NOON + WEEK), by=Actor.system("reports"), now=NOON)

    assert (found.requests, found.by_ground) == (2, {"danger_to_life": 2})
    assert found.by_outcome == {"acted on": 1, "refused: not_verified": 1}
    assert found.minutes == 0


@pytest.mark.both_databases
def test_a_sealed_emergency_is_not_there_for_anybody_off_its_list():
    hidden = emergencies.asked()
    friend = emergencies.on_call("Cy Marsh")
    sealing.seal(case=hidden.case, people=[friend.ref], by=hidden.caller, now=NOON)
    other = emergencies.asked(again=hidden)

    for ask in (queries.of_case, queries.warnings, queries.moments, queries.lacking):
        with pytest.raises(NotYours):
            ask(case=hidden.case, by=hidden.approver, now=NOON)
    assert [each.case for each in queries.board(by=hidden.approver, now=NOON, show="all")] == [other.case]
    mine = queries.warnings(case=other.case, by=hidden.approver, now=NOON)
    assert "same_target" not in {each.code for each in mine}
    figures = queries.figures(period=Period(NOON - WEEK, NOON + WEEK), by=hidden.approver, now=NOON)
    assert figures.requests == 1
