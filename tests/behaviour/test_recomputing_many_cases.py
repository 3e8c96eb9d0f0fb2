"""
Every invoice of many random cases is computed again from the trail alone, to the cent.

At proof size these are 10,000 cases (TECUM_TEST_SIZE=10000): what happened in each, what was waived and when it was
invoiced is drawn by a seeded generator, so that a disagreement can be looked at again.
"""

import random
from collections import Counter
from datetime import timedelta

import pytest

from tecum.billing import operations as billing
from tecum.billing.queries import account, recomputing
from tecum.cases import operations as cases
from tecum.kernel.actors import Actor
from tecum.kernel.money import Money
from tests import make
from tests.make import NOON
from tests.sizes import size

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases, pytest.mark.slow]
SYSTEM = Actor.system("tests")
DAY = timedelta(days=1)
PRODUCTS = (
    ("calls_to_destination", "request"), ("cell_site", "request"), ("ping", "ping"), ("voicemail_reset", "request"),
    ("messages", "message"), ("call_dump", "request"), ("fraudbuster", "request"), ("fraud_cell_site", "report"), ("toll", "request"),
)  # fmt: skip


@pytest.fixture
def clerk():
    return make.acting(make.person("Bess Oduya", roles=["billing"]), stepped_up_at=NOON)


def a_case(draw, agency, clerk):
    """Let something happen in a case, waive some of it, invoice it in one or two steps; return its id."""
    numbers = [f"29255501{place:02d}" for place in draw.sample(range(100), draw.randint(1, 3))]
    made = make.legal_case(agency=agency, numbers=numbers)
    targets = account.cases.targets(case=made.id, by=SYSTEM, now=NOON)
    tapped = draw.random() < 0.3
    for part in range(draw.randint(1, 2)):
        for place in range(draw.randint(1, 5)):
            kind, unit = draw.choice(PRODUCTS)
            happened(
                made, draw, kind=kind, unit=unit, target=draw.choice(targets).id, source=f"{part}-{place}"
            )
        if tapped and part == 0:
            a_surveillance(made, draw, targets[0].id)
        if draw.random() < 0.2:
            cost = Money.of_cents(draw.randint(1, 9_999), "USD")
            happened(made, draw, kind="surveillance", unit="cost", target=targets[0].id, source=f"{part}-cost", cost=cost, reason="delinquent")  # fmt: skip
        if draw.random() < 0.3:
            a_waiver(made, draw, clerk)
        if part == 0:
            cases.close(case=made.id, outcome="produced", by=SYSTEM, now=NOON)
        billing.issue(case=made.id, by=clerk, now=NOON)
    return made.id


def happened(made, draw, *, quantity=None, source, details=None, **more):
    cases.note_billable(
        case=made.id, source=f"{made.id}-{source}", quantity=quantity or draw.randint(1, 4), details=details or {},
        happened_at=NOON - draw.randint(0, 60) * DAY, found=draw.random() < 0.9, by=SYSTEM, now=NOON, **more,
    )  # fmt: skip


def a_surveillance(made, draw, target):
    for place in range(draw.randint(1, 4)):
        details = {
            "service": draw.choice(["interconnect", "dispatch"]), "type": "pen_register", "switch": f"sw-{place}",
            "market": draw.choice(["north", "south"]), "authority": f"A-{made.id[:8]}", "act": "order-1",
        }  # fmt: skip
        happened(made, draw, kind="surveillance", unit="target", target=target, source=f"tap-{place}", quantity=1, details=details)  # fmt: skip
    for month in range(draw.randint(0, 4)):
        happened(made, draw, kind="surveillance", unit="month", target=target, source=f"month-{month}", quantity=1, details={"authority": f"A-{made.id[:8]}"})  # fmt: skip


def a_waiver(made, draw, clerk):
    lines = account.bill(case=made.id, by=clerk, now=NOON).to_settle
    chargeable = [(line.fact.id, charge.fee) for line in lines for charge in line.charges if charge.amount]
    if chargeable:
        fact, fee = draw.choice(chargeable)
        billing.waive(case=made.id, fact=fact, fee=fee, reason="Goodwill", by=clerk, now=NOON)


def test_every_invoice_of_many_cases_is_the_same_from_the_trail_alone(clerk, settings):
    settings.TECUM_GUIDE = "wireless-2003"
    draw = random.Random(1_750_000)
    agency = make.agency().id
    wanted = size(ci=30, proof=10_000, fast=6)

    seen: Counter[str] = Counter()
    for number in range(wanted):
        case = a_case(draw, agency, clerk)
        for each in recomputing.recompute(case=case, by=clerk, now=NOON):
            assert each.agrees, (
                f"case {number}: invoiced {each.recorded}, computed {each.computed} {each.missing}"
            )
            seen["invoices"] += 1
            seen["cents"] += each.recorded.cents

    print(
        f"{wanted} cases, {seen['invoices']} invoices over ${seen['cents'] / 100:,.2f}: all agree to the cent"
    )
    assert seen["invoices"] >= wanted * 0.7
