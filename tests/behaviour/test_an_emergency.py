"""From an emergency request to what is disclosed or started: written, called back, decided by two."""

from datetime import timedelta

import pytest

from tecum.exigent import operations as exigent
from tecum.surveillance import queries as surveillance
from tests import emergencies
from tests.emergencies import wireless  # noqa: F401
from tests.subscribers import billing  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("wireless")]
TWO_DAYS = timedelta(hours=48)


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
