"""Months that are not full: whole in wireless-2003 (R-143), in parts where another guide says so."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tecum.billing.rules.facts import About, Fact
from tecum.billing.rules.pricing import price
from tecum.kernel.business import midnight
from tests.rules.test_what_facts_cost import BOTH, DAY, START, WIRELESS, bill, count, months, tap


def edge(
    unit, days, target="T1", *, switch="sw-1", service="interconnect", type="pen_register", authority="A1"
):
    """Return the fact that a surveillance went off, or on again, so many days after its start."""
    details = {"service": service, "type": type, "switch": switch, "authority": authority}
    return Fact(
        id=f"f{next(count):06}", product="surveillance", unit=unit, happened_at=START + days * DAY, target=target, details=details
    )  # fmt: skip


def calendar_months(number, target="T1"):
    """Return the facts of a surveillance's months as they are noted: the first at its start, each other on its first day."""
    begun = [START, *(midnight("America/New_York", date(2003, 9 + each, 1)) for each in range(1, number))]
    return [replace(fact, happened_at=at) for fact, at in zip(months(number, target), begun, strict=True)]


def in_parts(partial, **more):
    """Return the guide whose maintenance charges parts of months so."""
    return replace(
        WIRELESS, fees=tuple(replace(fee, partial=partial, **more) if fee.id == "maintenance" else fee for fee in WIRELESS.fees)
    )  # fmt: skip


def parts_of_months():
    """Return what happened, in words and as facts: the worked examples of docs/reference/fee-examples.md."""
    october_11 = replace(edge("off", 0), happened_at=midnight("America/New_York", date(2003, 10, 11)))
    return [
        ("initiated 3 September, ended half an hour later", [tap(), *calendar_months(1), edge("off", 1 / 48)]),
        ("initiated 3 September, ended with 10 October", [tap(), *calendar_months(2), october_11]),
        ("initiated 3 September, goes on in October", [tap(), *calendar_months(2)]),
        ("initiated 3 September, off from 3 to 13 October", [tap(), *calendar_months(2), edge("off", 30), edge("on", 40)]),
        ("initiated 3 September, ended 22 November", [tap(), *calendar_months(3), edge("off", 80)]),
    ]  # fmt: skip


@pytest.mark.requirement("R-143")
def test_a_part_of_a_month_is_billed_as_a_whole_one_and_nothing_is_prorated():
    facts = [tap(), *calendar_months(2)]

    assert bill([*facts, edge("off", 37)])["maintenance"] == bill(facts)["maintenance"] == 25_000


def test_by_another_guide_the_part_of_the_last_month_that_was_not_used_is_taken_off_at_the_end():
    october_11 = replace(edge("off", 0), happened_at=datetime(2003, 10, 11, 4, tzinfo=UTC))
    facts = [tap(), *calendar_months(2)]

    charges = price([*facts, october_11], schedule=lambda fact: in_parts("prorated"), about=About()).charges

    monthly = [each for each in charges if each.fee == "maintenance"]
    assert [(each.fact, each.amount.cents) for each in monthly] == [
        (facts[-1].id, 25_000), (october_11.id, -25_000 + 8_054)  # 240 of October's 745 hours are used: the clock went back
    ]  # fmt: skip
    assert sum(each.quantity for each in monthly) == Decimal("0.322148")


def test_a_month_that_is_free_unless_it_is_full_costs_nothing_when_the_surveillance_ends_in_it():
    facts = [tap(), *calendar_months(3)]

    assert bill([*facts, edge("off", 80)], in_parts("free"))["maintenance"] == 25_000
    short = [*calendar_months(1), tap(), edge("off", 1)]
    assert "maintenance" not in bill(short, in_parts("free", included_periods=0))


@pytest.mark.parametrize("partial", ["whole", "prorated", "free"])
def test_what_ends_in_the_hour_it_began_costs_its_installation_and_no_more_than_its_month(partial):
    facts = [tap(), *calendar_months(1), edge("off", 1 / 48)]

    shipped, first_too = bill(facts, in_parts(partial)), bill(facts, in_parts(partial, included_periods=0))

    assert shipped["install"] == 150_000 and not shipped.get("maintenance")
    assert (
        first_too.get("maintenance", 0) == {"whole": 25_000, "prorated": 17, "free": 0}[partial]
    )  # half an hour of 30 days


def test_off_on_one_switch_and_on_at_another_is_one_surveillance_that_goes_on():
    facts = [tap(), tap(switch="sw-2"), *calendar_months(2)]

    assert bill([*facts, edge("off", 30)], in_parts("prorated"))["maintenance"] == 25_000
    assert (
        bill([*facts, edge("off", 30), edge("off", 30, switch="sw-2")], in_parts("prorated"))["maintenance"]
        < 25_000
    )


def test_a_service_that_ended_is_taken_off_only_where_services_are_charged_each():
    facts = [*BOTH, *(replace(each, id=f"{each.id}{one}", details={**each.details, "service": one, "type": "pen_register"})
             for each in calendar_months(2) for one in ("interconnect", "dispatch")), edge("off", 37, service="dispatch")]  # fmt: skip

    assert bill(facts, in_parts("prorated"))["maintenance"] == 25_000
    assert 25_000 < bill(facts, in_parts("prorated", combined_services="each"))["maintenance"] < 50_000


def test_on_again_in_the_same_month_is_charged_for_the_days_that_it_was_on():
    facts = [
        tap(),
        *calendar_months(2),
        edge("off", 30),
        edge("on", 40),
    ]  # 240 of October's 745 hours it was off

    assert bill(facts, in_parts("prorated"))["maintenance"] == 25_000 - 8_054


@pytest.mark.parametrize("how", ["calendar", "anniversary", "thirty_days"])
def test_a_month_of_one_that_starts_on_the_31st_is_measured_as_the_guide_counts_months(how):
    start = datetime(2003, 10, 31, 16, tzinfo=UTC)
    begun = {
        "calendar": datetime(2003, 11, 1, 5, tzinfo=UTC),
        "anniversary": datetime(2003, 11, 30, 16, tzinfo=UTC),
    }
    second = begun.get(how, start + 30 * DAY)
    facts = [
        tap(at=start),
        replace(months(1)[0], happened_at=start),
        replace(months(1)[0], happened_at=second),
    ]

    whole = bill(facts, in_parts("prorated", month=how))["maintenance"]
    half = bill(
        [*facts, replace(edge("off", 0), happened_at=second + 15 * DAY)], in_parts("prorated", month=how)
    )

    assert whole == 25_000
    assert half["maintenance"] == {"calendar": 12_500, "anniversary": 12_097, "thirty_days": 12_500}[how]


def test_the_unused_part_is_taken_off_at_the_price_of_its_month_when_prices_rose_meanwhile():
    dearer = in_parts("prorated", amount=Decimal(300))
    facts = [tap(), *calendar_months(2)]
    ended = edge("off", 40)  # noted with the version of its month

    priced = price([*facts, ended], schedule=lambda fact: in_parts("prorated"), about=About())
    never = price([*facts, ended], schedule=lambda fact: dearer, about=About())

    assert all(each.amount.cents <= 25_000 for each in priced.charges if each.fee == "maintenance")
    assert priced.total("USD") < never.total("USD")


@given(
    off=some.floats(0.01, 100),
    again=some.none() | some.floats(0, 30),
    partial=some.sampled_from(["whole", "prorated", "free"]),
)
def test_whatever_ends_when_a_part_is_never_charged_above_whole_months_nor_below_nothing(off, again, partial):
    facts = [
        tap(),
        *calendar_months(4),
        edge("off", off),
        *([] if again is None else [edge("on", off + again)]),
    ]

    cost = bill(facts, in_parts(partial)).get("maintenance", 0)

    assert 0 <= cost <= 75_000
    assert partial != "whole" or cost == 75_000


@pytest.mark.parametrize("first", ["a", "z"])
def test_a_month_is_charged_at_its_own_fact_whatever_its_facts_are_called(first):
    start = replace(tap(), id=f"{first}-start")
    month = replace(calendar_months(1)[0], id="m")

    charges = price(
        [start, month], schedule=lambda fact: in_parts("prorated", included_periods=0), about=About()
    ).charges

    assert {each.fact for each in charges if each.fee == "maintenance"} == {"m"}
    assert all(each.amount.cents > 0 for each in charges)
