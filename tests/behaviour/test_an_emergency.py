"""From an emergency request to what is disclosed or started: written, called back, decided by two."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tecum.approvals.operations import SamePerson
from tecum.cases import queries as cases
from tecum.exigent import operations as exigent
from tecum.exigent.states import CallState
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused
from tecum.models import Production, TrailLeaf
from tecum.policy import queries as policy
from tecum.production import operations as productions
from tecum.production.rules.views import Receivers
from tecum.surveillance import queries as surveillance
from tests import emergencies
from tests.emergencies import wireless  # noqa: F401
from tests.productions import signing  # noqa: F401
from tests.subscribers import billing  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("wireless", "signing")]
TWO_DAYS = timedelta(hours=48)
JOBS = Actor.system("jobs")
MAIL = "cole@marrow.example.gov"


@pytest.mark.requirement("R-082")
@pytest.mark.requirement("R-094")
def test_a_dispatcher_asks_on_the_page_and_two_people_let_the_subscriber_go():
    made = emergencies.asked().call()

    made.approve(made.propose())
    production = made.searched()

    seen = made.seen()
    assert (seen.state, seen.case.kind) == ("APPROVED", "emergency")
    assert production


def test_an_official_certifies_and_the_switch_is_told_with_its_end_armed():
    made = emergencies.asked(emergencies.CERTIFIED).written().call()

    made.approve(made.propose_tap())

    seen = made.seen()
    authority = surveillance.authority(authority=seen.authority, by=made.caller, now=made.now)
    assert (authority.kind, authority.ends_at) == ("emergency", made.now + TWO_DAYS)
    assert [each.what for each in seen.follow_ups] == ["application", "order"]


@pytest.mark.requirement("R-096")
def test_nothing_starts_before_the_signed_certificate_is_in():
    made = emergencies.asked(emergencies.CERTIFIED).call()

    with pytest.raises(exigent.CannotDecide, match="before the signed certificate is in"):
        made.propose_tap()


def found(email: str = MAIL) -> tuple[emergencies.Emergency, str, str]:
    """Return an emergency whose records were found and packed, its production, and the proposal to release it."""
    made = emergencies.asked(replace(emergencies.SAID, email=email)).call()
    made.approve(made.propose())
    production, by = made.searched(), made.at(made.caller)
    proposal = productions.propose_release(
        production=production, receivers=Receivers(address=MAIL), by=by, now=made.now
    )
    return made, production, proposal.id


@pytest.mark.both_databases
def test_what_was_found_stays_in_once_the_agency_says_that_it_never_asked():
    made, production, proposal = found()

    made.call(outcome=CallState.DENIED)
    with pytest.raises(Refused, match="the verification of who asks"):
        productions.approve_release(
            production=production, approval=proposal, by=made.at(made.approver), now=made.now
        )

    assert Production.objects.get().state == "MADE"
    made.call()
    productions.approve_release(
        production=production, approval=proposal, by=made.at(made.approver), now=made.now
    )
    assert Production.objects.get().state == "RELEASED"


@pytest.mark.both_databases
def test_what_was_found_stays_in_once_the_request_is_marked_as_forged():
    made, production, proposal = found()

    exigent.mark_forged(
        case=made.case, why="the sheriff knows nobody of that name", by=made.at(made.caller), now=made.now
    )

    with pytest.raises(Refused, match="the verification of who asks"):
        productions.approve_release(
            production=production, approval=proposal, by=made.at(made.approver), now=made.now
        )


@pytest.mark.both_databases
def test_one_person_discloses_alone_for_a_life_and_a_missing_confirmation_is_found_and_cuts_nothing():
    made = emergencies.asked(replace(emergencies.SAID, email=MAIL)).call()
    by = made.at(made.caller)
    exigent.decide_alone(
        decision=made.propose(),
        tried="Bo and the order desk, twice each",
        affirmed_as=by.name,
        by=by,
        now=made.now,
    )
    production = made.searched()
    alone = productions.propose_release(
        production=production, receivers=Receivers(address=MAIL), by=by, now=made.now
    )
    productions.approve_release(production=production, approval=alone.id, by=by, now=made.now)
    exigent.released(production=production, by=JOBS, now=made.now)
    (wait,) = [each for each in made.seen().follow_ups if each.what == "confirmation"]

    day = made.now + timedelta(hours=24)
    exigent.due(follow_up=wait.id, by=JOBS, now=day)

    seen = made.seen(day)
    assert (seen.state, seen.decided[0].alone, seen.confirmed_at) == ("APPROVED", True, None)
    assert {each.what: each.state for each in seen.follow_ups}["confirmation"] == "MISSING"
    assert Production.objects.get().state == "RELEASED"
    assert TrailLeaf.objects.filter(event="exigent.missing", matter=seen.case.matter).exists()
    with pytest.raises(SamePerson):
        exigent.confirm(
            case=made.case, agrees=True, said="I was right", by=made.at(made.caller, day), now=day
        )
    exigent.confirm(
        case=made.case, agrees=True, said="read all of it", by=made.at(made.approver, day), now=day
    )
    assert made.seen(day).confirmed_by == made.approver.ref


@pytest.mark.both_databases
def test_who_decided_alone_for_one_life_releases_nothing_of_another_case_alone():
    first = emergencies.asked(replace(emergencies.SAID, email=MAIL)).call()
    by = first.at(first.caller)
    exigent.decide_alone(
        decision=first.propose(),
        tried="Bo and the order desk, twice each",
        affirmed_as=by.name,
        by=by,
        now=first.now,
    )
    first.searched()
    other = emergencies.asked(replace(emergencies.SAID, email=MAIL), again=first).call()
    other.approve(other.propose())
    production = other.searched()
    proposal = productions.propose_release(
        production=production, receivers=Receivers(address=MAIL), by=by, now=other.now
    )

    with pytest.raises(Refused):
        productions.approve_release(production=production, approval=proposal.id, by=by, now=other.now)

    assert Production.objects.get(pk=production).state == "MADE"


@pytest.mark.both_databases
def test_each_location_is_a_fact_to_be_billed_and_none_is_made_after_the_end():
    made = emergencies.asked().call()
    by = made.at(made.caller)
    targets = [emergencies.NUMBER]
    decision = exigent.propose_location(case=made.case, targets=targets, hours=2, by=by, now=made.now)
    made.approve(decision)
    for minutes in (5, 10):
        at = made.now + timedelta(minutes=minutes)
        exigent.locate(
            decision=decision, number=targets[0], found="42.1 N, 81.2 W", told=made.seen(at).call.id,
            by=made.at(made.caller, at), now=at,
        )  # fmt: skip

    end = made.now + timedelta(hours=2)
    with pytest.raises(exigent.CannotLocate, match="has ended"):
        exigent.locate(
            decision=decision, number=targets[0], found="late", told=made.seen(end).call.id, by=made.at(made.caller, end), now=end
        )  # fmt: skip

    facts = cases.facts(case=made.case, by=JOBS, now=end)
    assert [(each.unit, each.quantity, each.happened_at) for each in facts] == [
        ("ping", 1, made.now + timedelta(minutes=minutes)) for minutes in (5, 10)
    ]
    guide = policy.at(end)
    (product,) = {each.kind for each in facts}
    assert product in {each.id for each in guide.products}


@pytest.mark.both_databases
def test_a_disclosure_leaves_one_fact_to_be_billed_for_each_product_and_number_once_it_left():
    made, production, proposal = found()
    assert cases.facts(case=made.case, by=JOBS, now=made.now) == []

    productions.approve_release(
        production=production, approval=proposal, by=made.at(made.approver), now=made.now
    )
    exigent.released(production=production, by=JOBS, now=made.now)
    again = exigent.released(production=production, by=JOBS, now=made.now)

    (fact,) = cases.facts(case=made.case, by=JOBS, now=made.now)
    assert (fact.kind, fact.unit, fact.found) == ("basic_subscriber", "number", True)
    assert again is False


@pytest.mark.both_databases
def test_permission_to_locate_that_ended_first_keeps_no_disclosure_from_being_followed_and_billed():
    made, production, proposal = found()
    by = made.at(made.caller)
    made.approve(
        exigent.propose_location(
            case=made.case, targets=list(made.seen().said.targets), hours=1, by=by, now=made.now
        )
    )
    later = made.now + timedelta(hours=1)
    permission = next(each for each in made.seen().decided if each.act == "locate")
    exigent.location_over(decision=permission.id, by=JOBS, now=later)
    assert made.seen(later).ended_at is None

    productions.approve_release(
        production=production, approval=proposal, by=made.at(made.approver, later), now=later
    )
    exigent.released(production=production, by=JOBS, now=later)

    (fact,) = cases.facts(case=made.case, by=JOBS, now=later)
    assert fact.kind == "basic_subscriber"
    assert made.seen(later).ended_at == later
