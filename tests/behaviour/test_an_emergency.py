"""From an emergency request to what is disclosed or started: written, called back, decided by two."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tecum.exigent import operations as exigent
from tecum.exigent.states import CallState
from tecum.kernel.refusals import Refused
from tecum.models import Production
from tecum.production import operations as productions
from tecum.production.rules.views import Receivers
from tecum.surveillance import queries as surveillance
from tests import emergencies
from tests.emergencies import wireless  # noqa: F401
from tests.productions import signing  # noqa: F401
from tests.subscribers import billing  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("wireless", "signing")]
TWO_DAYS = timedelta(hours=48)
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
