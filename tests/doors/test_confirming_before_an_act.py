"""Step-up: an act that opens access needs a second factor given in the last five minutes, on every door of a page."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tecum.models import PasswordLink, Person, TrailLeaf
from tests import make
from tests.make import NOON
from tests.people import code_at, enrolled, sign_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def at(minutes=0.0):
    return time_machine.travel(NOON + timedelta(minutes=minutes), tick=False)


@pytest.fixture
def administrator():
    return sign_in(enrolled(make.person(roles=["portal_administrator"])), at=NOON)


@pytest.fixture
def officer():
    return make.officer()


def test_right_after_signing_in_nothing_is_asked_again(administrator, officer):
    with at(4.9):
        assert administrator.post(f"/desk/people/{officer.id}/link/").status_code == 200

    assert PasswordLink.objects.filter(person=officer.id).count() == 1


def test_five_minutes_later_the_page_of_the_act_leads_to_the_code_first_and_back(administrator, officer):
    page = f"/desk/people/{officer.id}/link/"
    with at(5):
        asked = administrator.get(page)
        assert asked["Location"] == f"/sign-in/again/?next=%2Fdesk%2Fpeople%2F{officer.id}%2Flink%2F"

        back = administrator.post(
            asked["Location"], {"code": code_at(NOON + timedelta(minutes=5)), "next": page}
        )

        assert back["Location"] == page
        assert administrator.get(page).status_code == 200
    assert TrailLeaf.objects.filter(event="visit.stepped_up").count() == 1


def test_an_act_that_comes_too_late_does_nothing_and_says_so(administrator, officer):
    with at(5):
        answer = administrator.post(f"/desk/people/{officer.id}/link/", follow=True)

    assert "Nothing was done yet" in answer.text
    assert not PasswordLink.objects.filter(person=officer.id).exists()


def test_restriction_never_waits_for_a_code(administrator, officer):
    with at(25):
        administrator.post(f"/desk/people/{officer.id}/suspend/", {"reason": "left the agency"})

    assert Person.objects.get(pk=officer.id).standing == "SUSPENDED"


def test_a_wrong_code_confirms_nothing(administrator, officer):
    with at(5):
        administrator.post("/sign-in/again/", {"code": "000000"})

        assert administrator.get(f"/desk/people/{officer.id}/link/").status_code == 302
    assert TrailLeaf.objects.filter(event="sign_in.failed").count() == 1


@pytest.mark.sabotage("control 12")
def test_without_the_limit_an_old_proof_would_open_access(administrator, officer, monkeypatch):
    monkeypatch.setattr("tecum.access.rules.good_for", lambda _: timedelta(hours=12))

    with at(25):
        assert administrator.post(f"/desk/people/{officer.id}/link/").status_code == 200


@pytest.mark.sabotage("control 12")
def test_without_the_gate_the_operation_itself_still_asks(administrator, officer, monkeypatch):
    monkeypatch.setattr("tecum.web.sign_in.middleware.Actors.process_view", lambda *_: None)
    ungated = Client()  # a client keeps the middleware it began with
    ungated.cookies = administrator.client.cookies

    with at(25):
        ungated.post(f"/desk/people/{officer.id}/link/")

    assert not PasswordLink.objects.filter(person=officer.id).exists()
    assert TrailLeaf.objects.filter(event="access.refused").count() == 1
