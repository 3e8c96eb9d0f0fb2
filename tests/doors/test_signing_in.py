"""Coming in through the real pages: password, code, limits, lock-out, one place at a time."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client

from tecum.accounts import operations as accounts
from tecum.models import LockOut, TrailLeaf, Visit
from tests import make, people
from tests.make import NOON, ROOT
from tests.people import code_at, enrolled, sign_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


@pytest.fixture
def officer():
    return enrolled(make.officer("Ines Barrowclough"))


def at(minutes=0, seconds=0):
    return time_machine.travel(NOON + timedelta(minutes=minutes, seconds=seconds), tick=False)


def events():
    return [leaf.event for leaf in TrailLeaf.objects.order_by("pk")]


def is_in(client) -> bool:
    return client.get("/account/").status_code == 200


def test_password_and_code_let_an_officer_in(officer):
    visitor = sign_in(officer, at=NOON)

    with at(1):
        page = visitor.get("/account/")

    assert page.status_code == 200
    assert "Ines Barrowclough" in page.text
    assert "visit.opened" in events()


def test_a_password_alone_does_not(officer):
    client = Client()

    with at():
        answer = client.post("/sign-in/", {"login": officer.email, "password": make.PASSWORD})

        assert answer["Location"] == "/sign-in/second-factor/"
        assert not is_in(client)
    assert Visit.objects.count() == 0


def test_a_wrong_password_says_no_more_than_an_unknown_user_name(officer):
    client = Client()

    with at():
        wrong = client.post("/sign-in/", {"login": officer.email, "password": "not this one at all"})
        unknown = client.post("/sign-in/", {"login": "nobody@example.gov", "password": "not this one at all"})

    sentence = "This user name and password do not go together."
    assert wrong.text.count(sentence) == unknown.text.count(sentence) > 0
    assert events().count("sign_in.failed") == 2


def test_a_code_is_accepted_once(officer):
    sign_in(officer, at=NOON)
    client = Client()

    with at(seconds=31):
        client.post("/sign-in/", {"login": officer.email, "password": make.PASSWORD})
        again = client.post("/sign-in/second-factor/", {"code": code_at(NOON)})

        assert again.status_code == 200
        assert "used already" in again.text


def test_five_wrong_codes_lock_the_second_factor_even_for_the_right_one(officer):
    client = Client()
    with at():
        client.post("/sign-in/", {"login": officer.email, "password": make.PASSWORD})
        for guess in range(6):
            client.post("/sign-in/second-factor/", {"code": f"00000{guess}"})

        answer = client.post("/sign-in/second-factor/", {"code": code_at(NOON)})

        assert "Too many wrong answers" in answer.text
        assert not is_in(client)
    assert [row.step for row in LockOut.objects.all()] == ["second_factor"]
    assert "sign_in.locked" in events()


def test_five_wrong_passwords_lock_the_password_for_a_quarter_of_an_hour(officer):
    with at():
        for guess in range(6):
            Client().post("/sign-in/", {"login": officer.email, "password": f"wrong password {guess}"})

        refused = Client().post("/sign-in/", {"login": officer.email.upper(), "password": make.PASSWORD})

        assert "Too many wrong answers" in refused.text
    later = NOON + timedelta(minutes=15, seconds=1)
    with time_machine.travel(later, tick=False):
        answer = Client().post("/sign-in/", {"login": officer.email, "password": make.PASSWORD})
        assert answer["Location"] == "/sign-in/second-factor/"


def test_guessing_at_a_user_name_that_is_nobodys_is_locked_just_the_same():
    with at():
        for guess in range(7):
            answer = Client().post(
                "/sign-in/", {"login": "nobody@example.gov", "password": f"a guess {guess}"}
            )

        assert "Too many wrong answers" in answer.text


@pytest.mark.sabotage("control 12")
def test_without_the_rows_of_lock_outs_and_the_count_the_right_code_would_pass_after_many_guesses(
    officer, monkeypatch, settings
):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": None}
    monkeypatch.setattr("tecum.web.sign_in.forms.guard", lambda *_, **__: None)
    client = Client()
    with at():
        client.post("/sign-in/", {"login": officer.email, "password": make.PASSWORD})
        for guess in range(6):
            client.post("/sign-in/second-factor/", {"code": f"00000{guess}"})

        client.post("/sign-in/second-factor/", {"code": code_at(NOON)})

        assert is_in(client)


@pytest.mark.requirement("R-006")
def test_an_officer_is_signed_in_at_one_place_only(officer):
    office = sign_in(officer, at=NOON)
    car = sign_in(officer, at=NOON + timedelta(minutes=2))

    with at(3):
        assert not is_in(office.client)
        assert is_in(car.client)
        told = office.get("/sign-in/")
    assert "You signed in at another place" in told.text


def test_staff_may_be_signed_in_at_two_places():
    administrator = enrolled(make.person(roles=["portal_administrator"]))
    desk = sign_in(administrator, at=NOON)
    home = sign_in(administrator, at=NOON + timedelta(minutes=2))

    with at(3):
        assert is_in(desk.client)
        assert is_in(home.client)


def test_half_an_hour_without_a_request_ends_the_visit(officer):
    visitor = sign_in(officer, at=NOON)

    with at(29):
        assert is_in(visitor.client)
    with at(58):
        assert is_in(visitor.client)
    with at(58 + 30):
        assert not is_in(visitor.client)
        assert "nothing was asked for 30 minutes" in visitor.get("/sign-in/").text
    assert Visit.objects.get().ended_how == "idle"


def test_twelve_hours_end_the_visit_however_busy_the_person_is(officer):
    visitor = sign_in(officer, at=NOON)

    for minutes in range(20, 12 * 60, 20):
        with at(minutes):
            assert is_in(visitor.client)
    with at(12 * 60):
        assert not is_in(visitor.client)
    assert Visit.objects.get().ended_how == "too_long"


def test_a_suspended_person_is_out_on_the_next_request(officer):
    visitor = sign_in(officer, at=NOON)

    accounts.suspend_person(person=officer.id, reason="left the agency", by=ROOT, now=NOON)

    with at(1):
        assert not is_in(visitor.client)
        assert "suspended" in visitor.get("/sign-in/").text


def test_a_suspended_agency_takes_all_its_people_out_on_their_next_request():
    county = make.agency()
    one, two = (sign_in(make.officer(at=county), at=NOON + timedelta(minutes=n)) for n in (0, 1))
    other = sign_in(make.officer(), at=NOON)

    accounts.suspend_agency(agency=county.id, reason="arrears", by=ROOT, now=NOON)

    with at(2):
        assert [is_in(each.client) for each in (one, two, other)] == [False, False, True]


def test_somebody_suspended_is_told_so_only_after_the_right_password(officer):
    accounts.suspend_person(person=officer.id, reason="left the agency", by=ROOT, now=NOON)

    with at():
        wrong = Client().post("/sign-in/", {"login": officer.email, "password": "not this one at all"})
        right = Client().post("/sign-in/", {"login": officer.email, "password": make.PASSWORD})

    assert "do not go together" in wrong.text
    assert right["Location"] == "/sign-in/suspended/"


def test_without_a_second_factor_nothing_is_open_but_adding_one():
    fresh = make.with_password(make.officer())
    client = Client()
    with at():
        client.post("/sign-in/", {"login": fresh.email, "password": make.PASSWORD})

        assert is_in(client)
        page = client.get("/account/authenticator/add/")
        secret = page.context["form"].secret
        client.post("/account/authenticator/add/", {"code": code_at(NOON, secret)})

    visit = Visit.objects.get(ended_at=None)
    assert visit.stepped_up_at == NOON
    assert Authenticator.objects.filter(user=fresh.id, type="totp").count() == 1
    assert {"factor.added", "visit.stepped_up"} <= set(events())


def test_secrets_of_second_factors_do_not_lie_in_clear_in_the_database(officer):
    stored = Authenticator.objects.get(user=officer.id, type="totp").data["secret"]

    assert stored.startswith("a1:")
    assert people.SECRET not in stored


@pytest.mark.sabotage("control 12")
def test_without_our_encryption_the_secret_would_be_readable(monkeypatch):
    monkeypatch.setattr("tecum.accounts.adapters.FactorAdapter.encrypt", lambda self, text: text)

    officer = enrolled(make.officer())

    assert Authenticator.objects.get(user=officer.id, type="totp").data["secret"] == people.SECRET


def test_nobody_can_sign_up():
    assert Client().get("/sign-up/").status_code == 404
    assert Client().get("/accounts/signup/").status_code == 404


def test_signing_out_ends_the_visit(officer):
    visitor = sign_in(officer, at=NOON)

    with at(1):
        visitor.post("/sign-out/")

        assert not is_in(visitor.client)
    assert Visit.objects.get().ended_how == "signed_out"


def test_the_current_password_is_asked_before_it_is_changed(officer):
    visitor = sign_in(officer, at=NOON)
    new = "another long enough phrase"

    with at(1):
        refused = visitor.post("/account/password/", {"current": "guess", "password": new, "again": new})

        assert "not your current password" in refused.text
        assert is_in(visitor.client)


def test_proving_a_second_factor_changes_the_key_of_the_session(officer):
    visitor = sign_in(officer, at=NOON)
    before = visitor.client.cookies["sessionid"].value

    with at(6):
        visitor.post("/sign-in/again/", {"code": code_at(NOON + timedelta(minutes=6))})

        assert visitor.client.cookies["sessionid"].value != before
        assert is_in(visitor.client)


def test_a_changed_password_ends_every_visit(officer):
    visitor = sign_in(officer, at=NOON)
    with at(6):
        asked_again = visitor.get("/account/password/")
        assert asked_again["Location"].startswith("/sign-in/again/")
        visitor.post(
            "/sign-in/again/?next=/account/password/", {"code": code_at(NOON + timedelta(minutes=6))}
        )
        new = "another long enough phrase"

        visitor.post("/account/password/", {"current": make.PASSWORD, "password": new, "again": new})

        assert not is_in(visitor.client)
    assert {"password.changed"} <= set(events())
