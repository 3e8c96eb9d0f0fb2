"""The transparency report tells of emergencies what their own figures tell: one comes from the trail, the other from the rows."""

import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tecum.audit import queries as trail
from tecum.cases.states import CaseKind
from tecum.exigent import operations as exigent
from tecum.exigent import queries
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.policy import queries as policy
from tecum.reports.rules.casefacts import CaseFacts
from tecum.reports.rules.content import Told
from tecum.reports.rules.transparency import Transparency
from tests import emergencies
from tests.emergencies import wireless  # noqa: F401
from tests.make import NOON
from tests.sizes import size

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("wireless")]
SEPTEMBER = Period(datetime(2026, 9, 1, 4, tzinfo=UTC), datetime(2026, 10, 1, 4, tzinfo=UTC))
DESK = Actor.system("reports")


def open_(made, first):
    """Leave it as it came."""


def refused(made, first):
    exigent.refuse(case=made.case, why="not_verified", by=made.caller, now=NOON)


def forged(made, first):
    exigent.mark_forged(
        case=made.case, why="The agency never asked for it.", by=made.at(made.caller), now=NOON
    )


def repeated(made, first):
    if made.case != first.case:
        exigent.repeats(case=made.case, of=first.case, by=made.caller, now=NOON)


def ordinary(made, first):
    exigent.is_ordinary(case=made.case, kind=CaseKind.DEMAND, by=made.caller, now=NOON)


def approved(made, first):
    made.call()
    made.approve(made.propose())


WAYS = [open_, refused, forged, repeated, ordinary, approved]


def counted():
    """Return the report of the trail that stands now, with what it knows of each case."""
    guide = policy.at(NOON)
    rules = [each for each in guide.reports if each.about == "demands"]
    if not rules:
        pytest.fail("The guide has no rules for the report.")
    plain = replace(rules[0], smallest=0, emergencies="separate", sealed="counted", effective_from=None)
    tally = Transparency(SEPTEMBER, replace(guide, reports=(plain,)))
    for entry in trail.since(NOON - emergencies.WEEK):
        if entry.event in tally.events():
            tally.read(
                Told(
                    entry.event,
                    entry.at,
                    entry.by,
                    entry.agency,
                    entry.matter,
                    entry.data,
                    entry.receipt.leaf,
                )
            )
    return tally


def told_of(tally):
    """Return what the report tells of emergencies, by its columns."""
    (table,) = [each for each in tally.content().tables if each.title.startswith("By ")]
    rows = {row[0]: dict(zip(table.header[1:], map(int, row[1:]), strict=True)) for row in table.rows}
    return rows.get("Emergency", {})


@pytest.mark.both_databases
@pytest.mark.parametrize("seed", range(size(ci=2, proof=40)))
def test_whatever_became_of_requests_both_tell_the_same(seed):
    chance = random.Random(seed)
    first = emergencies.asked()
    ways = [chance.choice(WAYS) for _ in range(chance.randint(2, 4))]
    for way in [*ways, *chance.sample(WAYS, 2)]:
        way(emergencies.asked(again=first), first)

    figures = queries.figures(period=SEPTEMBER, by=DESK, now=NOON)
    told = told_of(counted())

    turned_away = sum(
        number
        for outcome, number in figures.by_outcome.items()
        if outcome == "forged" or outcome.startswith("refused")
    )
    assert told["Demands"] == figures.requests
    assert told["Targets"] == figures.targets
    assert told["Rejected"] == turned_away
    assert told["Open"] == figures.by_outcome.get("open", 0) + figures.by_outcome.get("acted on", 0)


@pytest.mark.both_databases
def test_what_is_over_counts_as_disclosed_and_what_was_refused_or_forged_never_does():
    first = emergencies.asked()
    for way in (refused, forged, ordinary, approved):
        way(emergencies.asked(again=first), first)

    told = told_of(counted())

    assert (told["Demands"], told["Some data disclosed"], told["Rejected"], told["Open"]) == (4, 0, 2, 2)


def facts(kind="emergency", *, outcome, produced=None):
    return CaseFacts("c", kind, NOON, "", "m", closed=NOON, outcome=outcome, produced=produced)


@pytest.mark.parametrize(
    ("outcome", "left", "told"),
    [
        ("emergency_over", True, "answered"), ("refused_not_verified", False, "rejected"), ("forged", False, "rejected"),
        ("refused_denied", True, "answered"),  # acted on before its agency knew nothing of it: something left
        ("forged", True, "answered"), ("elsewhere", False, "rejected"),
    ],
)  # fmt: skip
def test_what_left_was_disclosed_whatever_became_of_the_request_afterwards(outcome, left, told):
    assert facts(outcome=outcome, produced=NOON if left else None).end == told
