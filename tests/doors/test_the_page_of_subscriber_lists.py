"""How old the subscriber lists are and what each changed, as the carrier's people see it."""

from datetime import timedelta

import pytest
import time_machine

from tecum.audit import queries as trail
from tests import make, people
from tests.make import NOON
from tests.subscribers import JONES, SMITH, load

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def entering(billing, freeze):
    freeze(NOON)

    def enter(role: str, at=NOON):
        return people.sign_in(make.person(f"Staff {role}", roles=[role]), at=at)

    with time_machine.travel(NOON, tick=False):
        yield enter


def test_before_the_first_list_the_page_says_what_follows_from_it(entering):
    page = entering("portal_administrator").get("/numbers/subscribers/").text

    assert "No list was ever loaded" in page
    assert "No order can be held against the bill" in page


def test_a_list_is_shown_with_what_it_changed_and_nobodys_name(entering, billing):
    load(billing, [SMITH, JONES, "29,A-3,Nobody Else,1 Elm,voice,,,A,,,,"])

    page = entering("portal_administrator").get("/numbers/subscribers/").text

    assert "Fresh" in page
    assert "2 lines taken" in page
    assert "list.csv" in page
    assert "Smith" not in page
    assert "Nobody Else" not in page


def test_an_old_list_is_called_old(entering, billing):
    load(billing, [SMITH], now=NOON - timedelta(hours=37))

    page = entering("subpoena_analyst").get("/numbers/subscribers/").text

    assert "Old" in page
    assert "nothing here can tell" in page


def test_the_lines_that_were_not_taken_are_handed_over_and_that_is_recorded(entering, billing):
    report = load(billing, [SMITH, JONES, "29,A-3,Nobody Else,1 Elm,voice,,,A,,,,"])
    address = f"/numbers/subscribers/{report.list}/not-taken/"

    answer = entering("portal_administrator").get(address)
    refused = entering("subpoena_analyst").get(address)

    assert "Nobody Else" in answer.text
    assert "attachment" in answer["Content-Disposition"]
    assert refused.status_code == 404
    assert "subscribers.rejects_read" in {entry.event for entry in trail.since(NOON - timedelta(hours=1))}
