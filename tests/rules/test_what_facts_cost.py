"""Every fee sentence of the wireless guide's body and appendix, worked: what happened, and what it costs, under each reading."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tecum.billing.rules.facts import COST, About, Fact
from tecum.billing.rules.matching import named_numbers
from tecum.billing.rules.pricing import price
from tecum.billing.states import Series
from tecum.guide.loading import load
from tecum.guide.model.fees import Cap
from tecum.guide.values import Number
from tecum.kernel.money import Money

GUIDES = Path(__file__).resolve().parents[2] / "guides"
WIRELESS = load(GUIDES / "wireless-2003", on=date(2003, 9, 1))
START = datetime(2003, 9, 3, 15, tzinfo=UTC)
DAY = timedelta(days=1)
count = iter(range(1_000_000))


def tap(target="T1", *, switch="sw-1", market="north", service="interconnect", type="pen_register", at=START, act="order-1", authority="A1"):  # fmt: skip
    """Return the fact of an activation."""
    details = {
        "service": service, "type": type, "switch": switch, "market": market, "authority": authority, "act": act,
    }  # fmt: skip
    return Fact(
        id=f"f{next(count):06}",
        product="surveillance",
        unit="target",
        happened_at=at,
        target=target,
        details=details,
    )


def months(number, target="T1", *, authority="A1", start=START):
    """Return the facts of so many months that began, the month of initiation among them."""
    return [
        Fact(
            id=f"f{next(count):06}", product="surveillance", unit="month", happened_at=start + 31 * each * DAY,
            target=target, details={"authority": authority},
        )
        for each in range(number)
    ]  # fmt: skip


def did(product, unit="request", *, target="T1", at=START, quantity=1, found=True):
    """Return the fact of a product that was worked on."""
    return Fact(
        id=f"f{next(count):06}", product=product, unit=unit, happened_at=at, target=target, quantity=quantity, found=found
    )  # fmt: skip


def cost(amount, reason):
    return Fact(
        id=f"f{next(count):06}", product="surveillance", unit=COST, happened_at=START, target="T1",
        cost=Money(Decimal(amount)), reason=reason,
    )  # fmt: skip


def read(fee, reading):
    """Return the guide with one fee read otherwise."""
    fees = tuple(
        next(each.entry for each in one.readings if each.id == reading) if one.id == fee else one for one in WIRELESS.fees
    )  # fmt: skip
    return replace(WIRELESS, fees=fees)


def bill(facts, guide=WIRELESS, **about):
    """Return fee → cents."""
    found: dict[str, int] = {}
    for charge in price(facts, schedule=lambda fact: guide, about=About(**about)).charges:
        found[charge.fee] = found.get(charge.fee, 0) + charge.amount.cents
    return found


def months_of_both(number):
    """Return the facts of so many months in which both services ran: one for each service, at one instant."""
    return [
        replace(fact, id=f"{fact.id}{service}", details={**fact.details, "service": service})
        for fact in months(number)
        for service in ("interconnect", "dispatch")
    ]


BOTH = [tap(), tap(service="dispatch")]
SENTENCES = [
    # what happened, the guide, what it costs (cents by fee)
    ("R-140", [tap()], WIRELESS, {"install": 150_000}),
    ("R-140", [tap(switch=f"sw-{n}") for n in range(9)], WIRELESS, {"install": 150_000}),
    ("R-140", [tap("T1"), tap("T2")], WIRELESS, {"install": 300_000}),
    ("R-140", [tap(type="title_iii"), tap()], WIRELESS, {"install": 150_000}),
    ("R-140", [tap(type="title_iii"), tap()], read("install", "per_type"), {"install": 300_000}),
    ("R-194", BOTH, WIRELESS, {"install": 150_000}),
    ("R-196", BOTH, read("install", "each"), {"install": 300_000}),
    ("R-140", [tap(), tap(act="extension-1", at=START + 25 * DAY)], WIRELESS, {"install": 150_000}),
    ("R-140", [tap(), tap(act="extension-1", at=START + 25 * DAY)], read("install", "again"), {"install": 300_000}),
    ("R-140", [tap(), tap(authority="A2", act="order-2", at=START + 99 * DAY)], WIRELESS, {"install": 300_000}),
    (
        "R-141",
        [tap(switch=f"sw-{n}", market="north" if n < 4 else "south" if n < 7 else "west") for n in range(9)],
        WIRELESS,
        {"install": 150_000, "outside-market": 250_000},
    ),
    ("R-141", [tap(switch="x", market=""), tap(switch="y", market="")], WIRELESS, {"install": 150_000}),
    ("R-142", [tap(), *months(1)], WIRELESS, {"install": 150_000}),
    ("R-142", [tap(), *months(4)], WIRELESS, {"install": 150_000, "maintenance": 75_000}),
    ("R-142", [*months(3, "T1"), *months(2, "T2")], WIRELESS, {"maintenance": 75_000}),
    ("R-195", [*BOTH, *months_of_both(2)], WIRELESS, {"install": 150_000, "maintenance": 25_000}),
    ("R-197", [*BOTH, *months_of_both(2)], read("maintenance", "each"), {"install": 150_000, "maintenance": 50_000}),
    ("R-144", [did("ping", "ping", quantity=3)], WIRELESS, {"ping": 45_000}),
    ("R-144", [did("ping", "ping", found=False)], WIRELESS, {"ping": 15_000}),
    ("R-198", [did("ping", "ping", quantity=3)], read("ping", "per_request"), {"ping": 15_000}),
    ("R-145", [did("calls_to_destination"), did("cell_site")], WIRELESS, {"calls-to-destination": 25_000}),
    ("R-145", [did("calls_to_destination"), did("calls_to_destination", at=START + DAY)], WIRELESS, {"calls-to-destination": 25_000}),
    ("R-199", [did("calls_to_destination"), did("calls_to_destination", at=START + DAY)], read("calls-to-destination", "per_number"), {"calls-to-destination": 12_500}),
    ("R-145", [did("calls_to_destination", found=False)], WIRELESS, {"calls-to-destination": 12_500}),
    ("R-105", [did("fraudbuster", target=t) for t in ("T1", "T2")], WIRELESS, {"fraudbuster": 10_000}),
    ("R-146", [did("fraud_cell_site", "report"), did("fraud_cell_site", "report", at=START + DAY)], WIRELESS, {"fraud-cell-site": 25_000}),
    ("R-147", [cost("31.50", "delinquent"), cost("10", "possible_fraud")], WIRELESS, {"airtime": 4_150}),
    ("R-200", [did("voicemail_reset")], WIRELESS, {"voicemail-reset": 15_000}),
    ("R-201", [did("messages", "message", quantity=7)], WIRELESS, {"messages": 105_000}),
    ("R-202", [did("call_dump"), did("call_dump", at=START + DAY)], WIRELESS, {"call-dump": 12_500}),
    ("R-136", [did("toll"), did("basic_subscriber")], WIRELESS, {}),
]  # fmt: skip


@pytest.mark.requirement(
    "R-105", "R-136", "R-140", "R-141", "R-142", "R-144", "R-145", "R-146", "R-147", "R-194", "R-195", "R-196", "R-197", "R-198",
    "R-199", "R-200", "R-201", "R-202",
)  # fmt: skip
@pytest.mark.parametrize(
    ("line", "facts", "guide", "wanted"), SENTENCES, ids=[f"{n}-{row[0]}" for n, row in enumerate(SENTENCES)]
)
def test_a_sentence_of_the_schedule_costs_what_it_says(line, facts, guide, wanted):
    assert bill(facts, guide) == wanted


def test_the_mark_names_exactly_the_lines_that_are_worked():
    (mark,) = (
        each
        for each in test_a_sentence_of_the_schedule_costs_what_it_says.pytestmark
        if each.name == "requirement"
    )

    assert set(mark.args) == {row[0] for row in SENTENCES}


@pytest.mark.requirement("R-142")
@pytest.mark.parametrize(("flag", "wanted"), [("once", 25_000), ("each", 50_000)])
def test_maintenance_of_both_services_is_charged_by_either_flag(flag, wanted):
    guide = WIRELESS if flag == "once" else read("maintenance", "each")

    assert bill([*BOTH, *months_of_both(2)], guide)["maintenance"] == wanted


@pytest.mark.requirement("R-147")
def test_a_cost_without_a_reason_of_the_guide_is_not_passed_on_and_is_shown_as_a_problem():
    told = cost("31.50", "curiosity")

    priced = price([told], schedule=lambda fact: WIRELESS, about=About())

    assert priced.charges == ()
    assert priced.unknown[told.id] == "The guide passes no such cost on, or not for this reason."


def test_a_product_the_guide_does_not_know_is_a_problem_not_a_free_service():
    told = did("faxes_read_aloud")

    priced = price([told], schedule=lambda fact: WIRELESS, about=About())

    assert "There is no product" in priced.unknown[told.id]
    assert priced.free == ()


@pytest.mark.requirement("R-139")
def test_a_schedule_that_changes_in_mid_month_prices_each_fact_by_the_version_in_force_when_it_happened():
    dearer = replace(
        WIRELESS,
        fees=tuple(
            replace(fee, amount=Decimal(300)) if fee.id == "maintenance" else fee for fee in WIRELESS.fees
        ),
    )
    change = START + 40 * DAY

    def schedule(fact):
        return dearer if fact.happened_at >= change else WIRELESS

    priced = price([tap(), *months(4)], schedule=schedule, about=About())

    assert [each.amount.cents for each in priced.charges if each.fee == "maintenance"] == [
        25_000,
        30_000,
        30_000,
    ]


def test_a_waived_charge_says_what_it_would_have_cost():
    example = load(GUIDES / "example", on=date(2026, 9, 8))
    waiver = next(each for each in example.waivers if each.facts)
    told = replace(did("cdr", at=datetime(2026, 9, 8, 12, tzinfo=UTC)))

    whole = price([told], schedule=lambda fact: example, about=About()).charges
    waived = price(
        [told], schedule=lambda fact: example, about=About(circumstances=frozenset(waiver.facts))
    ).charges

    assert [each.amount.cents for each in whole] == [2_500]
    assert [(each.amount.cents, each.full.cents, each.waiver) for each in waived] == [(0, 2_500, waiver.id)]


@given(
    happened=some.lists(
        some.tuples(
            some.sampled_from(["surveillance", "ping", "calls_to_destination", "call_dump", "fraudbuster"]),
            some.sampled_from(["T1", "T2", "T3"]),
            some.integers(0, 90),
            some.integers(1, 4),
        ),
        max_size=12,
    )
)
def test_the_order_in_which_facts_are_noted_and_the_day_they_are_priced_change_no_total(happened):
    facts = [
        tap(target, at=START + day * DAY)
        if product == "surveillance"
        else did(product, "ping" if product == "ping" else "request", target=target, at=START + day * DAY, quantity=number)
        for product, target, day, number in happened
    ]  # fmt: skip

    forwards, backwards = bill(facts), bill(list(reversed(facts)))

    assert forwards == backwards
    assert all(cents >= 0 for cents in forwards.values())


@given(
    happened=some.lists(some.tuples(some.sampled_from("abc"), some.integers(0, 5)), min_size=1, max_size=10)
)
def test_an_independent_count_of_numbers_times_requests_agrees(happened):
    facts = [did("calls_to_destination", target=target, at=START + day * DAY) for target, day in happened]

    # Facts of one number in one request are one.
    assert bill(facts).get("calls-to-destination", 0) == 12_500 * len(set(happened))


def test_a_payer_names_invoices_in_many_ways_and_a_bare_number_names_none():
    assert named_numbers("Payment INV-000042 / inv 43, sin#7; PO 1234") == [
        (Series.ORDINARY, 42), (Series.ORDINARY, 43), (Series.SEALED, 7),
    ]  # fmt: skip
    assert named_numbers("000042 for services") == []


def capped(amount, *, fees=(), per=(), products=()):
    """Return the guide with one cap."""
    most = Cap(id="most", amount=Number(amount), fees=fees, per=per, products=products)
    return replace(WIRELESS, fee_caps=(most,))


def test_a_cap_on_the_whole_is_one_for_all_products_of_a_case():
    facts = [did("ping", "ping", quantity=3), did("voicemail_reset"), did("call_dump")]

    assert sum(bill(facts).values()) == 72_500
    assert sum(bill(facts, capped(500)).values()) == 50_000
    assert sum(bill(facts, capped(1_000)).values()) == 72_500


def test_a_cap_on_some_fees_leaves_the_others_and_one_per_target_holds_for_each():
    facts = [
        did("ping", "ping", quantity=3),
        did("voicemail_reset"),
        did("call_dump", target="T2", at=START + DAY),
    ]

    assert sum(bill(facts, capped(200, fees=("voicemail-reset", "call-dump"))).values()) == 65_000
    assert sum(bill(facts, capped(300, per=("target",))).values()) == 30_000 + 12_500


def test_a_cap_of_one_product_stays_with_it():
    facts = [did("ping", "ping", quantity=3), did("voicemail_reset")]

    assert sum(bill(facts, capped(200, products=("ping",))).values()) == 20_000 + 15_000
