"""The link that sets a password: once, within 24 hours, by POST only; a newer one voids it."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from tecum.accounts import operations as accounts
from tecum.accounts import queries
from tecum.accounts.operations import LinkNotGood, PasswordTooWeak, PersonSuspended
from tecum.config import clock
from tecum.kernel.actors import Actor
from tecum.models import PasswordLink, TrailLeaf, Visit
from tests import make
from tests.make import NOON, PASSWORD, ROOT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
SOMEBODY = Actor.stranger()


@pytest.fixture
def officer():
    return make.officer()


def issue(officer, now=NOON):
    return accounts.issue_link(person=officer.id, by=ROOT, now=now)


def use(link, *, password=PASSWORD, now=NOON):
    return accounts.use_link(token=link.token, password=password, by=SOMEBODY, now=now)


@pytest.mark.requirement("R-065")
def test_a_link_sets_the_password_and_works_no_more(officer):
    link = issue(officer)

    assert use(link).has_password

    with pytest.raises(LinkNotGood):
        use(link, password="another long enough phrase")


@pytest.mark.requirement("R-066")
def test_a_link_is_good_for_24_hours_to_the_second(officer):
    link = issue(officer)
    end = NOON + timedelta(hours=24)

    assert link.expires_at == end
    assert queries.link_good(token=link.token, now=end - timedelta(seconds=1))
    with pytest.raises(LinkNotGood):
        use(link, now=end)
    assert use(link, now=end - timedelta(seconds=1)).has_password


@pytest.mark.requirement("R-067")
def test_a_new_link_voids_the_one_before(officer):
    first = issue(officer)
    second = issue(officer, now=NOON + timedelta(hours=25))

    with pytest.raises(LinkNotGood):
        use(first, now=NOON + timedelta(hours=1))
    assert use(second, now=NOON + timedelta(hours=26)).has_password


def test_looking_at_a_link_uses_nothing_up(client):
    officer, now = make.officer(), clock.now()
    link = issue(officer, now=now)
    address = f"/set-password/{link.token}/"

    for scanner in (client.get, client.head, client.get, client.options):
        assert scanner(address).status_code == 200
    answer = client.post(address, {"password": PASSWORD, "again": PASSWORD})

    assert answer["Location"] == "/sign-in/"
    assert client.get(address).status_code == 410
    assert client.get(address)["Referrer-Policy"] == "same-origin"


def test_a_link_that_never_was_and_one_that_ran_out_are_answered_alike(client):
    link = issue(make.officer(), now=clock.now() - timedelta(days=2))

    never, out = client.get("/set-password/never-was/"), client.get(f"/set-password/{link.token}/")

    assert never.status_code == out.status_code == 410
    assert never.content.replace(b"never-was", b"") == out.content.replace(link.token.encode(), b"")


def test_a_weak_password_is_refused_with_the_reason_and_the_link_stays_good(officer):
    link = issue(officer)

    for weak in ("short", "password1234", officer.email):
        with pytest.raises(PasswordTooWeak):
            use(link, password=weak)

    assert use(link).has_password


def test_a_suspended_persons_link_is_void_and_none_is_issued(officer):
    link = issue(officer)
    accounts.suspend_person(person=officer.id, reason="left", by=ROOT, now=NOON)

    with pytest.raises(LinkNotGood):
        use(link)
    with pytest.raises(PersonSuspended):
        issue(officer)


def test_setting_a_password_ends_the_visits_before(officer):
    accounts.open_visit(person=officer.id, factor="totp", now=NOON)

    use(issue(officer))

    assert Visit.objects.get().ended_how == "credentials_changed"


def test_only_the_hash_of_a_token_is_kept_and_the_trail_holds_neither(officer):
    link = issue(officer)

    assert link.token not in str(PasswordLink.objects.values())
    assert not any(link.token.encode() in bytes(leaf.body) for leaf in TrailLeaf.objects.all())


def test_a_refused_link_is_remembered(officer):
    with pytest.raises(LinkNotGood):
        accounts.use_link(token="guessed", password=PASSWORD, by=SOMEBODY, now=NOON)

    assert TrailLeaf.objects.filter(event="link.refused").count() == 1


def test_of_many_requests_with_one_token_exactly_one_sets_the_password(officer):
    link = issue(officer)
    outcomes = []

    def try_it(number):
        try:
            use(link, password=f"a long enough phrase {number}")
            outcomes.append("set")
        except LinkNotGood:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=try_it, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["refused"] * 7 + ["set"]


@pytest.mark.sabotage("control 12")
def test_a_page_that_used_the_link_on_looking_would_be_noticed(officer):
    link = issue(officer)
    client = Client()
    use(link)  # what a scanner's GET would have done

    assert client.get(f"/set-password/{link.token}/").status_code == 410
