"""The first visit: the welcome page, the terms by their very words, and nothing looked up before they are accepted."""

from datetime import date

import pytest
import time_machine

from tecum.accounts import operations as accounts
from tecum.accounts import queries
from tecum.accounts.rules import terms_digest
from tecum.audit import queries as trail
from tecum.lookup import operations as lookup
from tecum.models import Person
from tecum.policy import queries as policy
from tests import make, people
from tests.make import NOON

NUMBER = "2925550142"


@pytest.fixture
def newcomer(db, numbers, freeze, settings):
    settings.TECUM_GUIDE = str(settings.ROOT / "guides" / "wholesale-portal")
    freeze(NOON)
    make.customer("C-TERN", name="Tern & Plover Voice, Inc.")
    make.consent("C-TERN")
    numbers({NUMBER: ("C-TERN", date(2022, 6, 1))})
    return make.newcomer("Ines Barrowclough")


@pytest.fixture
def visit(newcomer):
    with time_machine.travel(NOON, tick=False):
        yield people.sign_in(newcomer, at=NOON)


def mark(page: str) -> str:
    return page.split('name="terms" value="')[1].split('"')[0]


@pytest.mark.requirement("R-065")
def test_after_the_first_sign_in_one_is_welcomed_and_may_begin_at_once(visit, newcomer):
    assert visit.get("/home/")["Location"] == "/welcome/"
    page = visit.get("/welcome/").text
    assert "Welcome, Ines Barrowclough" in page
    assert "25 different numbers per person per day" in page
    assert 'href="/user-guide/"' in page
    assert "Version 2022-06" in page
    assert "Add a passkey" in page
    assert "Sign out" in page

    answer = visit.post("/welcome/", {"terms": mark(page)})

    assert answer["Location"] == "/look-up/"
    assert visit.get("/look-up/").status_code == 200
    accepted = [entry for entry in trail.since(NOON) if entry.event == "terms.accepted"]
    assert len(accepted) == 1
    assert "have accepted these terms" in visit.get("/welcome/").text


@pytest.mark.requirement("R-009")
def test_before_the_terms_are_accepted_no_door_looks_anything_up(visit, newcomer):
    assert visit.get("/look-up/")["Location"] == "/welcome/"
    posted = visit.post(
        "/look-up/", {"case": "X-1", "attest": "on", "numbers": NUMBER, "submission": "a" * 26}
    )
    assert posted.status_code == 422
    assert "Accept the terms of use on the welcome page first." in posted.text

    with pytest.raises(accounts.TermsNotAccepted, match="terms of use"):
        lookup.run(
            text=NUMBER, purpose=lookup.Purpose("X-1", attested=True), submission="b" * 26, door="page",
            by=make.acting(newcomer), now=NOON,
        )  # fmt: skip


@pytest.mark.sabotage("the terms are asked for inside the look-up, not only at its page")
def test_without_that_question_the_look_up_would_answer(visit, newcomer, monkeypatch):
    monkeypatch.setattr("tecum.accounts.operations.standing.terms_wait", lambda **_: False)

    answer = lookup.run(
        text=NUMBER, purpose=lookup.Purpose("X-1", attested=True), submission="b" * 26, door="page",
        by=make.acting(newcomer), now=NOON,
    )  # fmt: skip

    assert answer.hits == 1


@pytest.mark.requirement("R-009")
def test_changed_words_are_asked_for_again_and_old_ones_cannot_be_accepted(visit, newcomer, monkeypatch):
    page = visit.get("/welcome/").text
    visit.post("/welcome/", {"terms": mark(page)})
    before = terms_digest(policy.at(NOON))
    for place in ("rules", "operations.agreeing", "queries"):
        name = "terms_digest" if place != "queries" else "terms_wait"
        changed = (lambda _guide: "f" * 64) if name == "terms_digest" else (lambda **_: True)
        monkeypatch.setattr(f"tecum.accounts.{place}.{name}", changed)

    assert visit.get("/home/")["Location"] == "/welcome/"
    refused = visit.post("/welcome/", {"terms": before})

    assert refused["Location"] == "/welcome/"
    assert "The terms changed while you were reading" in visit.get("/welcome/").text
    assert Person.objects.get(pk=newcomer.id).terms_sha256 == before


def test_accepting_twice_is_one_acceptance(visit, newcomer):
    page = visit.get("/welcome/").text

    for _ in range(2):
        visit.post("/welcome/", {"terms": mark(page)})

    assert [entry.event for entry in trail.since(NOON)].count("terms.accepted") == 1


def test_a_supervisor_has_nothing_to_accept_and_staff_have_no_welcome_page(db, freeze):
    freeze(NOON)
    boss = make.person("Ada Okafor", roles=["supervisor"], agency=make.agency())

    assert not queries.terms_due(by=make.acting(boss), now=NOON)
    with time_machine.travel(NOON, tick=False):
        assert "Accept the terms" not in people.sign_in(boss, at=NOON).get("/welcome/").text
        clerk = people.sign_in(make.person("Cleo Marsh", roles=["portal_administrator"]), at=NOON)
        assert clerk.get("/welcome/")["Location"] == "/home/"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_welcome_page_in_a_browser(visitor, newcomer):
    visitor.sign_in(newcomer).go("/home/")

    visitor.page.wait_for_url("**/welcome/")
    visitor.check("welcome")
    visitor.page.get_by_role("button", name="Accept the terms and begin").click()
    visitor.page.wait_for_url("**/look-up/")
    visitor.go("/welcome/")
    visitor.page.get_by_role("link", name="Look up numbers").wait_for()
