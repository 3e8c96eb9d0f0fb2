"""Recall against fetching, and one link used by many at once: the database decides once (T15)."""

from datetime import timedelta

import pytest

from tecum.agencies import operations as agencies
from tecum.kernel.actors import Actor
from tecum.models import Download, Handover, Notice, Production, TrailLeaf
from tecum.production import operations as productions
from tecum.production.rules.views import Receivers
from tecum.secrecy import operations as secrecy
from tests import make
from tests.make import NOON, acting
from tests.productions import case, signing  # noqa: F401
from tests.race import race
from tests.sizes import size

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.both_databases,
    pytest.mark.slow,
    pytest.mark.usefixtures("signing"),
]


@pytest.fixture(autouse=True)
def without_print(monkeypatch):
    from tecum.production.drivers import printing, sealing

    monkeypatch.setattr(printing, "paper", lambda **_: b"%PDF-1.7 a paper")
    monkeypatch.setattr(sealing, "sign", lambda pdf, **_: pdf)


@pytest.mark.parametrize("turn", range(size(ci=2, proof=10)))
def test_a_recall_comes_before_every_fetching_or_after_one_and_never_between(turn):
    found = case()
    handover = found.handed()
    id = Handover.objects.get().production_id

    def act(number: int) -> str:
        if number == 2:
            productions.recall(production=id, reason="quashed", by=found.approver, now=NOON)
            return "recalled"
        productions.fetch(handover=handover, by=found.officer, now=NOON)
        return "fetched"

    said = race(6, act)

    row = Production.objects.get(pk=id)
    fetched = said.count("fetched")
    assert ("recalled" in said) == (row.state == "RECALLED") == (fetched == 0)
    assert fetched == Download.objects.count() == TrailLeaf.objects.filter(event="production.fetched").count()
    assert fetched <= 3, "as often as the guide says"


def test_a_link_that_opens_once_opens_once_for_many_at_the_same_moment():
    found = case()
    ago = NOON - timedelta(days=10)
    one, two = make.person(roles=["portal_administrator"]), make.person(roles=["portal_administrator"])
    entry = agencies.propose_call_back_number(
        agency=found.agency.id, number="2925550170", label="Dispatch", source="the county's page",
        by=acting(one, stepped_up_at=ago), now=ago,
    )  # fmt: skip
    agencies.confirm_call_back_number(entry=entry.id, by=acting(two, stepped_up_at=ago), now=ago)
    id = found.released(receivers=Receivers((), found.facts.address))
    told = productions.hand_to_address(production=id, call_back=entry.id, by=found.preparer, now=NOON)
    notice = Notice.objects.get(message="production_link")
    text = secrecy.read_bytes(
        bytes(notice.secret), matter=notice.matter, about=f"notice {notice.pk}"
    ).decode()
    token = text.partition("/answer/")[2].partition("/")[0]

    said = race(
        5,
        lambda _: bool(productions.fetch_by_code(token=token, code=told.code, by=Actor.stranger(), now=NOON)),
    )

    assert said.count(True) == 1 == Download.objects.count()


def test_two_approvals_at_the_same_moment_release_it_once():
    found = case()
    id = found.made()
    third = acting(make.person(roles=["order_administrator"]))
    proposal = productions.propose_release(
        production=id, receivers=found.receivers, by=found.preparer, now=NOON
    )

    def act(number: int) -> bool:
        by = found.approver if number % 2 else third
        productions.approve_release(production=id, approval=proposal.id, by=by, now=NOON)
        return True

    assert race(4, act).count(True) == 1
    assert TrailLeaf.objects.filter(event="production.released").count() == 1
