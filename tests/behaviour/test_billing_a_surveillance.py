"""A surveillance is billed by months that begin, whole or in parts as the guide says, and computed again from the trail."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from tecum.billing import operations as billing
from tecum.billing.queries import account, recomputing
from tecum.billing.states import Outcome
from tecum.cases import operations as cases
from tecum.jobs import following
from tecum.kernel.actors import Actor
from tecum.models import BillableFact, Tap
from tecum.policy import queries as policy
from tecum.surveillance.operations import tapping
from tests import make, taps
from tests.make import NOON
from tests.taps import carried, wireless  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("wireless")]
SYSTEM = Actor.system("tests")
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
OCTOBER = datetime(2026, 10, 1, 4, tzinfo=UTC)  # midnight in New York
NOVEMBER = datetime(2026, 11, 1, 4, tzinfo=UTC)
ENDS = datetime(2026, 10, 16, 16, tzinfo=UTC)  # half of October's 31 days


@pytest.fixture
def clerk():
    return make.acting(make.person("Bess Oduya", roles=["billing"]), stepped_up_at=NOON)


@pytest.fixture
def read(monkeypatch):
    """Put a guide in force whose months are charged otherwise; another call changes it again."""
    shipped, version = policy.at(NOON), policy.version

    def read_as(partial, *, since=None, **more):
        def guide(now):
            if since is not None and now < since:
                return shipped
            fees = tuple(
                replace(fee, partial=partial, **more) if fee.id == "maintenance" else fee
                for fee in shipped.fees
            )
            about = replace(shipped.guide, version=f"{shipped.version}+{partial}")
            return replace(shipped, fees=fees, guide=about, billing=replace(shipped.billing, interim=True))

        def by_name(name, now):
            return guide(now if since is None else since) if "+" in name else version(name, now)

        monkeypatch.setattr(policy, "at", guide)
        monkeypatch.setattr(policy, "version", by_name)

    return read_as


def ran(until, *, at=NOON, ordered=()):
    """Return the case of a surveillance that ran from an instant until it was cut, its months noted."""
    found = taps.order(at).authorize(*ordered, starts_at=at, ends_at=until, now=at).activate(at)
    carried(at + SECOND)
    for month in (OCTOBER, NOVEMBER):
        following.follow_all(lambda month=month: min(month, until - SECOND))
    carried(until)
    return found.case.id


def close(case, now):
    cases.close(case=case, outcome="produced", by=SYSTEM, now=now)


def costs(case, clerk, now):
    view = account.bill(case=case, by=clerk, now=now)
    return {
        line.fact.unit: sum(charge.amount.cents for charge in line.charges if charge.fee == "maintenance")
        for line in view.facts
    }


@pytest.mark.requirement("R-143")
def test_the_source_bills_the_last_month_whole_and_no_end_is_noted_as_a_fact(clerk):
    case = ran(ENDS)

    assert set(BillableFact.objects.values_list("unit", flat=True)) == {"target", "month"}
    assert costs(case, clerk, ENDS)["month"] == 25_000


@pytest.mark.both_databases
def test_by_another_guide_the_end_takes_off_what_was_not_used_and_the_trail_gives_it_again(clerk, read):
    read("prorated")
    case = ran(ENDS)
    close(case, ENDS)

    view = billing.issue(case=case, by=clerk, now=ENDS)
    again = recomputing.recompute(case=case, by=clerk, now=ENDS)

    (month,) = [line for line in view.lines if line.fee == "maintenance"]
    assert (month.quantity, month.amount.cents) == (Decimal("0.5"), 12_500)
    assert [(each.recorded.cents, each.agrees) for each in again] == [(162_500, True)]


def test_a_month_that_goes_on_is_not_invoiced_before_its_cost_is_known(clerk, read):
    read("prorated")
    found = taps.order().authorize(ends_at=NOVEMBER + 9 * DAY).activate()
    carried(NOON + SECOND)
    following.follow_all(lambda: OCTOBER)

    early = billing.issue(case=found.case.id, by=clerk, now=OCTOBER + DAY)
    with pytest.raises(billing.CannotInvoice, match="its month goes on"):
        billing.issue(case=found.case.id, by=clerk, now=OCTOBER + DAY)
    later = billing.issue(case=found.case.id, by=clerk, now=NOVEMBER)

    assert [line.fee for line in early.lines] == ["install"]
    assert [(line.fee, line.amount.cents) for line in later.lines] == [("maintenance", 25_000)]


def test_where_a_part_of_a_month_is_free_nothing_is_left_and_no_invoice_of_zero_is_made(clerk, read):
    read("free", included_periods=0)
    case = ran(ENDS)
    first = billing.issue(case=case, by=clerk, now=ENDS)
    close(case, ENDS)

    rest = billing.issue(case=case, by=clerk, now=ENDS)

    assert [line.fee for line in first.lines] == ["install"]
    assert rest is None
    assert {line.outcome for line in account.bill(case=case, by=clerk, now=ENDS).facts} == {
        Outcome.INVOICED, Outcome.FREE,
    }  # fmt: skip


@pytest.mark.requirement("R-139")
def test_a_price_that_rises_in_mid_month_leaves_the_month_and_what_is_taken_off_it_at_the_old_one(
    clerk, read
):
    read("prorated", since=OCTOBER + 5 * DAY, amount=Decimal(9_999))
    case = ran(ENDS)

    assert {each.guide_version.count("+") for each in BillableFact.objects.all()} == {0}
    assert costs(case, clerk, ENDS) == {"target": 0, "month": 25_000, "off": 0}  # that month is charged whole


@pytest.mark.parametrize("partial", ["whole", "prorated", "free"])
def test_one_that_starts_on_the_31st_and_ends_in_the_hour_it_began_costs_its_installation(
    clerk, read, partial
):
    read(partial)
    start = datetime(2026, 10, 31, 16, tzinfo=UTC)
    case = ran(start + timedelta(minutes=30), at=start)
    close(case, start + timedelta(hours=1))

    view = billing.issue(case=case, by=clerk, now=start + timedelta(hours=1))

    assert [(line.fee, line.amount.cents) for line in view.lines if line.amount] == [("install", 150_000)]


@pytest.mark.sabotage("the fact of an end")
def test_without_the_fact_of_its_end_a_surveillance_would_be_billed_to_the_months_end(
    clerk, read, monkeypatch
):
    monkeypatch.setattr("tecum.surveillance.operations.charging._edge", lambda *_, **__: None)
    read("prorated")

    assert costs(ran(ENDS), clerk, ENDS)["month"] == 25_000


def test_it_is_priced_again_when_the_switch_shows_it_on_again_in_the_same_month(clerk, read):
    read("prorated")
    found = taps.order().authorize(ends_at=NOVEMBER).activate()
    carried(NOON + SECOND)
    following.follow_all(lambda: OCTOBER)
    off, on = OCTOBER + 5 * DAY, OCTOBER + 10 * DAY
    with transaction.atomic():  # a switch showed something else than was ordered: it is taken off
        tapping.stop(list(Tap.objects.select_for_update()), why="read_back", by=SYSTEM, now=off)
    carried(off + SECOND)
    found.activate(on)
    carried(on + SECOND)

    units = list(BillableFact.objects.order_by("happened_at", "unit").values_list("unit", flat=True))
    assert units == ["month", "target", "month", "off", "on"]
    total = sum(costs(found.case.id, clerk, NOVEMBER).values())
    assert 20_900 < total < 21_000  # five of October's 31 days are off
