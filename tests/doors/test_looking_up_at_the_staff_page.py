"""Staff look numbers up at their page: for a case, with a purpose, by name, and never for a caller (A17, R-038)."""

from datetime import date

import pytest
import time_machine

from tecum.audit import queries as trail
from tecum.lookup import queries as lookups
from tecum.models import LookupLine, QuotaSlot
from tests import make, people
from tests.make import NOON, acting, later

pytestmark = pytest.mark.django_db(transaction=True)
ASK = {
    "case": "LD-26-1",
    "purpose": "to check the scope",
    "numbers": "292-555-0142\n3925550163\n4935550150\n292-555-O142\n392 555 0163",
    "confirmed": "on",
}


@pytest.fixture
def analyst(freeze, numbers):
    freeze(NOON)
    make.customer("C-1")
    make.customer("C-2")
    make.consent("C-1")
    numbers({"2925550142": ("C-1", date(2022, 6, 1)), "3925550163": ("C-2", date(2021, 5, 20))})
    with time_machine.travel(NOON, tick=False):
        yield people.sign_in(make.person("Bram Okonjo", roles=["subpoena_analyst"]), at=NOON)


def rows(page: str) -> list[str]:
    return [row.split("</tr>")[0] for row in page.split("<tbody>")[1].split("<tr>")[1:]]


@pytest.mark.both_databases
def test_staff_see_the_customer_and_what_an_officer_would_see(analyst):
    page = analyst.post("/numbers/now/", ASK)

    found = rows(page.text)
    assert page.status_code == 200
    assert "This customer" in found[0] and "1 Jun 2022" in found[0]
    assert "its customer has not consented" in found[1]
    assert "none of ours today" in found[2] and "not in service with us" in found[2]
    assert "Not looked up." in found[3]
    assert "its customer has not consented" in found[4]
    assert QuotaSlot.objects.count() == 0


@pytest.mark.requirement("R-038")
@pytest.mark.parametrize("missing", ["case", "purpose", "numbers", "confirmed"])
def test_without_a_case_a_purpose_or_the_word_that_it_is_for_no_caller_nothing_is_looked_up(analyst, missing):
    page = analyst.post("/numbers/now/", {**ASK, missing: ""})

    assert page.status_code == 422
    assert LookupLine.objects.count() == 0


def test_it_is_recorded_under_the_name_of_who_looked(analyst):
    analyst.post("/numbers/now/", ASK)

    (event,) = [each for each in trail.since(NOON) if each.event == "lookup.assisted"]
    assert event.by == f"person:{analyst.who.id}"


def test_more_numbers_than_one_submission_holds_are_refused_with_everything_kept(analyst):
    many = "\n".join(str(2925550100 + place) for place in range(26))

    page = analyst.post("/numbers/now/", {**ASK, "numbers": many})

    assert page.status_code == 422
    assert "26 different numbers" in page.text and "2925550125" in page.text


@pytest.mark.both_databases
def test_the_rewind_of_a_staff_account_names_every_customer_it_was_shown(analyst):
    counsel = acting(make.person("Cora Ravensworth", roles=["counsel"]))
    analyst.post("/numbers/now/", ASK)

    answers = lookups.answers_of(
        person=f"person:{analyst.who.id}", since=NOON, until=later(hours=1), by=counsel, now=NOON
    )

    assert {(one.number, one.customer) for one in answers} == {
        ("2925550142", "C-1"),
        ("3925550163", "C-2"),
        ("4935550150", ""),
    }


def test_an_officer_finds_no_such_page(analyst, freeze):
    officer = people.sign_in(make.officer("Ines Barrowclough"), at=NOON)

    assert officer.get("/numbers/now/").status_code == 404


@pytest.mark.browser
def test_the_page_with_its_answers_in_a_browser(analyst, visitor):
    visitor.sign_in(analyst.who).go("/numbers/now/")
    for name in ("case", "purpose", "numbers"):
        visitor.page.fill(f"[name={name}]", ASK[name])
    visitor.page.get_by_text("Nobody outside is told").click()
    visitor.page.get_by_role("button", name="Show who has them").click()
    visitor.page.wait_for_selector("h2:has-text('Look-up LK-')")

    visitor.check("number-now-answered")
