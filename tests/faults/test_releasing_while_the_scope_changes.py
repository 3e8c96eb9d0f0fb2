"""A release and a change of its scope at the same moment: whichever comes first counts, and nothing leaves under a scope that has ended."""

from datetime import timedelta

import pytest

from tecum.cases import queries as files
from tecum.demands import operations as demands
from tecum.jobs import long
from tecum.models import Demand, DemandScope, DemandSearch, LegalCase, Production, TrailLeaf
from tecum.production import operations as productions
from tecum.production.rules.views import Receivers
from tests import make
from tests.make import NOON, acting
from tests.productions import signing  # noqa: F401
from tests.race import race
from tests.records import TARGET, line, load, more_guide
from tests.searches import SYSTEM, WEEK, guided, scoped, searched
from tests.sizes import size

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.both_databases,
    pytest.mark.slow,
    pytest.mark.usefixtures("signing"),
]


@pytest.fixture(autouse=True)
def calls(store, monkeypatch):
    from tecum.production.drivers import printing, sealing

    monkeypatch.setattr(printing, "paper", lambda **_: b"%PDF-1.7 a paper")
    monkeypatch.setattr(sealing, "sign", lambda pdf, **_: pdf)
    guided(store)
    # Without this the carrier can release nothing, and the scope would win every race.
    more_guide(store, '[[own_records]]\nid = "productions"\nkeep = "2 years"\n')
    load(store, [line(1, at=NOON - timedelta(hours=30))])


def at(name):
    return list(TrailLeaf.objects.filter(event=name).order_by("pk").values_list("pk", flat=True))


def ready(first):
    """Return a case whose production waits for the second person of its release."""
    second, home = make.analyst(), make.agency()
    officer = acting(make.officer(at=home))
    case = scoped(first, second, ("toll", TARGET, WEEK))
    LegalCase.objects.filter(pk=case).update(agency=home.id)
    id = DemandSearch.objects.get(pk=searched(case, first)).production
    long.make_all(lambda: NOON)
    proposal = productions.propose_release(
        production=id, receivers=Receivers(people=(officer.ref,)), by=first, now=NOON
    )
    return case, id, proposal, second


@pytest.mark.parametrize("turn", range(size(ci=3, proof=20)))
def test_either_it_left_before_or_it_never_leaves(turn):
    first = make.analyst()
    case, id, proposal, second = ready(first)
    (target,) = files.targets(case=case, by=first, now=NOON)

    def act(number: int) -> str:
        if number % 2 == turn % 2:
            productions.approve_release(production=id, approval=proposal.id, by=second, now=NOON)
            return "released"
        demands.choose(
            case=case, target=target.id, holders=[], withheld=True, reason="Narrowed by the court.", by=first, now=NOON
        )  # fmt: skip
        return "changed"

    said = race(2, act)

    state = Production.objects.get(pk=id).state
    released, ended = at("production.released"), at("demand.scope_ended")
    assert "changed" in said and len(ended) == 1, said
    assert not DemandScope.objects.filter(approved_at__isnull=False, ended_at=None).exists()
    assert ("released" in said) == (state == "RELEASED") == bool(released), (said, state)
    if released:
        assert released[0] < ended[0], "it left under a scope that had ended"
    else:
        assert state == "VOID"


@pytest.mark.parametrize("turn", range(size(ci=3, proof=20)))
def test_what_is_withdrawn_never_leaves_and_what_has_left_is_not_withdrawn(turn):
    first = make.analyst()
    case, id, proposal, second = ready(first)

    def act(number: int) -> str:
        if number % 2 == turn % 2:
            productions.approve_release(production=id, approval=proposal.id, by=second, now=NOON)
            return "released"
        demands.withdraw(case=case, how="telephone", by=first, now=NOON)
        return "withdrawn"

    said = race(2, act)

    state, work = Production.objects.get(pk=id).state, Demand.objects.get(case=case).state
    if "released" in said:
        assert [each for each in said if each != "released"][0][0] == "CannotTurn", said
        assert (state, work) == ("RELEASED", "SCOPED"), "the jobs end it as answered"
        assert demands.released(production=id, by=SYSTEM, now=NOON)
    else:
        assert "withdrawn" in said and (state, work) == ("VOID", "WITHDRAWN"), said


@pytest.mark.sabotage("control 7")
def test_without_the_look_at_what_has_left_an_answered_demand_would_be_withdrawn(monkeypatch):
    first = make.analyst()
    case, id, proposal, second = ready(first)
    productions.approve_release(production=id, approval=proposal.id, by=second, now=NOON)
    with pytest.raises(demands.CannotTurn, match="has left"):
        demands.withdraw(case=case, how="telephone", by=first, now=NOON)
    monkeypatch.setattr("tecum.demands.operations.withdrawing._nothing_left", lambda *_, **__: None)

    demands.withdraw(case=case, how="telephone", by=first, now=NOON)

    assert (
        Demand.objects.get(case=case).state == "WITHDRAWN"
        and Production.objects.get(pk=id).state == "RELEASED"
    )
