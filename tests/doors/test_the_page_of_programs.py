"""Taking a token for one's own system on the page: under a second factor, shown once, ended at once."""

import re
from datetime import timedelta

import pytest
import time_machine

from tecum.accounts import queries as accounts
from tecum.models import WebHook
from tecum.notices import queries
from tecum.notices.operations import hooks
from tests import make, people
from tests.doorways import write_guide
from tests.make import NOON

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("doors_open")]

HERE = "http://127.0.0.1:9/told"  # nobody listens; the challenge is put there by the test


def go(visitor, path, data=None, *, at=NOON):
    with time_machine.travel(at, tick=False):
        return visitor.get(path) if data is None else visitor.post(path, data)


@pytest.fixture
def officer():
    return make.officer("Ana Ruiz")


@pytest.fixture
def ruiz(officer):
    return people.sign_in(officer, at=NOON)


def test_an_officer_takes_a_token_that_is_shown_once_and_works_at_once(ruiz, officer, client):
    page = go(ruiz, "/account/programs/token/", {"fetches": "on"}).content.decode()

    token = re.search(r'id="token">([^<]+)<', page).group(1)
    with time_machine.travel(NOON, tick=False):
        answer = client.get("/api/v1/demands", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    assert accounts.token_open(by=make.acting(officer), now=NOON) == (NOON + timedelta(hours=1), True)
    shown = go(ruiz, "/account/programs/").content.decode()
    assert token not in shown and "Good until" in shown


def test_without_a_fresh_second_factor_the_page_asks_for_it_first(ruiz, officer):
    answer = go(ruiz, "/account/programs/token/", {}, at=NOON + timedelta(minutes=6))

    assert answer.status_code == 302 and "/sign-in/again/" in answer["location"]
    assert accounts.token_open(by=make.acting(officer), now=NOON) is None


def test_a_token_is_ended_at_once(ruiz, officer):
    go(ruiz, "/account/programs/token/", {})

    go(ruiz, "/account/programs/end/", {})

    assert accounts.token_open(by=make.acting(officer), now=NOON) is None
    assert "No token of yours" in go(ruiz, "/account/programs/").content.decode()


def test_an_officer_adds_a_webhook_proves_it_with_what_was_posted_there_and_ends_it(ruiz, officer, settings):
    settings.TECUM_HOOKS_TO_LOOPBACK = True
    shown = go(ruiz, "/account/programs/webhooks/add/", {"address": HERE}).content.decode()
    secret = re.search(r'id="secret">([^<]+)<', shown).group(1)
    (hook,) = hooked(officer)
    page = go(ruiz, "/account/programs/").content.decode()
    assert secret.startswith("whsec_") and secret not in page and "Not proved yet" in page

    wrong = go(ruiz, f"/account/programs/webhooks/{hook.id}/prove/", {"challenge": "0123456789abc"})
    assert wrong.status_code == 422 and hooked(officer)[0].state == "PENDING"
    WebHook.objects.filter(pk=hook.id).update(challenge=hooks._hash("what-was-posted-there"))
    go(ruiz, f"/account/programs/webhooks/{hook.id}/prove/", {"challenge": "what-was-posted-there"})
    assert hooked(officer)[0].state == "ACTIVE"
    go(ruiz, f"/account/programs/webhooks/{hook.id}/end/", {})

    assert hooked(officer) == []


def test_a_webhook_that_lies_inside_and_one_of_somebody_else_are_refused(ruiz, officer, settings):
    inside = go(ruiz, "/account/programs/webhooks/add/", {"address": "https://10.0.0.7/told"})
    settings.TECUM_HOOKS_TO_LOOPBACK = True
    other = people.sign_in(make.officer("Bea Vane"), at=NOON)
    go(ruiz, "/account/programs/webhooks/add/", {"address": HERE})
    (hook,) = hooked(officer)

    assert inside.status_code == 422
    assert go(other, f"/account/programs/webhooks/{hook.id}/prove/").status_code == 404
    assert go(other, f"/account/programs/webhooks/{hook.id}/end/", {}).status_code == 404
    assert len(hooked(officer)) == 1


def hooked(officer):
    return queries.hooks(by=make.acting(officer), now=NOON)


def test_where_no_door_is_open_to_programs_there_is_no_page(ruiz, settings):
    settings.TECUM_GUIDE = "example"

    assert go(ruiz, "/account/programs/").status_code == 404
    assert go(ruiz, "/account/programs/token/", {}).status_code == 404
    assert "Programs" not in go(ruiz, "/account/").content.decode()


def test_where_programs_may_not_fetch_it_is_not_offered(ruiz, settings, tmp_path, officer):
    settings.TECUM_GUIDE = write_guide(tmp_path / "second", fetching=False)

    assert "fetch productions" not in go(ruiz, "/account/programs/token/").content.decode()
    go(ruiz, "/account/programs/token/", {"fetches": "on"})
    assert accounts.token_open(by=make.acting(officer), now=NOON)[1] is False


@pytest.mark.browser
def test_the_pages_of_programs_are_fit_to_look_at(visitor, officer):
    desk = visitor.sign_in(officer)

    desk.go("/account/programs/")
    desk.check("programs")
    desk.go("/account/programs/token/")
    desk.check("programs-token")
