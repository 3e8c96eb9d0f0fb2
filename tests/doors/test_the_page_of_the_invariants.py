"""The page on which the system administrator and the auditor see what does not hold, and whether anybody looks."""

from datetime import timedelta

import pytest
import time_machine

from tecum.assurance import operations as assurance
from tecum.kernel.actors import Actor
from tecum.kernel.invariants import Broken
from tests import make, people
from tests.make import NOON

pytestmark = pytest.mark.django_db(transaction=True)
BY = Actor.system("assurance")
BROKEN = (Broken("I3", "tap-4hx2"), Broken("I11", "person:7q2m", NOON - timedelta(hours=3)))


def found(monkeypatch, *broken: Broken) -> None:
    monkeypatch.setattr("tecum.assurance.invariants.broken", lambda **_: broken)
    assurance.look(by=BY, now=NOON)


@pytest.fixture
def visited(freeze, outside, settings):
    settings.TECUM_GUIDE = "example"
    freeze(NOON)

    def page(role: str) -> str:
        with time_machine.travel(NOON, tick=False):
            return people.sign_in(make.person(roles=[role]), at=NOON).get("/watch/").text

    return page


def test_where_nobody_ever_looked_it_says_so_and_claims_nothing(visited):
    page = visited("system_administrator")

    assert "The watcher has never run here" in page
    assert "Not known" in page
    assert "Holds" not in page


def test_what_does_not_hold_is_named_with_its_age_and_nobody_else_sees_it(visited, monkeypatch):
    found(monkeypatch, *BROKEN)

    page, elsewhere = visited("auditor"), visited("subpoena_analyst")

    assert "2 findings, the oldest since" in page
    assert "person:7q2m" in page
    assert "person:7q2m" not in elsewhere


def test_silence_turns_everything_into_not_known(visited, monkeypatch, freeze):
    monkeypatch.setattr("tecum.assurance.invariants.broken", lambda **_: ())
    assurance.look(by=BY, now=NOON - timedelta(minutes=3))

    page = visited("auditor")

    assert "Nothing was heard from the watcher since" in page
    assert "Everything holds" not in page


@pytest.mark.browser
@pytest.mark.slow
def test_the_page_reads_on_a_desk_and_on_a_phone(visitor, monkeypatch, outside):
    found(monkeypatch, *BROKEN)
    visitor.sign_in(make.person("Saskia Vantongeren", roles=["auditor"]))

    visitor.go("/watch/")

    visitor.page.get_by_role("heading", name="Invariants").wait_for()
    visitor.check("invariants")
