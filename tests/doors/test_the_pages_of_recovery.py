"""After a copy was put back, two people resume a surveillance and end the recovery, each on pages of their own."""

from datetime import timedelta

import pytest
import time_machine

from tecum.recovery import operations as recovery
from tecum.recovery import queries
from tests import make, people
from tests import taps as surveillances
from tests.make import NOON
from tests.taps import order, wireless  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def put_back(wireless, freeze, outside):  # noqa: F811
    """A surveillance waits to start in an installation that was put back a moment ago."""
    freeze(NOON)
    found = order().authorize().activate()
    recovery.enter(
        copied_at=NOON - timedelta(hours=9), copy="a" * 64, origin="example.net/trail-2", known_outside=120, in_copy=100,
        by=make.ROOT, now=NOON,
    )  # fmt: skip
    return found


def signed_in(actor):
    return people.sign_in(make.again_by_ref(actor.ref), at=NOON)


def test_nothing_starts_until_two_people_resume_it_and_the_house_is_left_by_two(put_back):
    with time_machine.travel(NOON, tick=False):
        ada, bo = signed_in(put_back.proposer), signed_in(put_back.approver)
        page = ada.get("/switches/recovery/").text
        resume = f"/switches/recovery/resume/{put_back.surveillance}/"

        first = ada.post(resume, {})
        again = ada.post(resume, {})
        surveillances.carried(NOON)
        before = surveillances.switch().listing()
        bo.post(resume, {})
        surveillances.carried(NOON)
        ada.post("/switches/recovery/leave/", {})
        bo.post("/switches/recovery/leave/", {})

        assert "20 entries of the trail happened after that" in page
        assert "is in recovery" in ada.get("/account/").text or not queries.is_under_way()
        assert (first.status_code, again.status_code) == (302, 422)
        assert before == ()
        assert len(surveillances.switch().listing()) == 1
        assert not queries.is_under_way()
        assert "not in recovery" in ada.get("/switches/recovery/").text


def test_an_officer_sees_nothing_of_it(put_back):
    with time_machine.travel(NOON, tick=False):
        officer = people.sign_in(make.officer(), at=NOON)

        assert officer.get("/switches/recovery/").status_code == 404
        assert "recovery" not in officer.get("/").text.lower()


@pytest.mark.browser
@pytest.mark.slow
def test_the_page_reads_on_a_desk_and_on_a_phone(visitor, wireless, outside):  # noqa: F811
    order().authorize().activate()
    recovery.enter(
        copied_at=NOON, copy="a" * 64, origin="example.net/trail-2", known_outside=120, in_copy=100, by=make.ROOT, now=NOON
    )  # fmt: skip
    visitor.sign_in(make.person("Cy Marlow", roles=["order_administrator"]))

    visitor.go("/switches/recovery/")

    visitor.page.get_by_role("heading", name="Recovery", exact=True).wait_for()
    visitor.check("recovery")
