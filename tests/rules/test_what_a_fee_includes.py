"""What a fee includes counts once in a case, however many products share the fee: nobody gets it twice, nobody goes without."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tecum.billing.rules import including
from tecum.billing.rules.facts import About
from tecum.billing.rules.pricing import price
from tests.rules.test_what_facts_cost import DAY, START, WIRELESS, bill, did

FEE = "calls-to-destination"  # $125 per number per request, for calls to a destination and for cell sites
CALLS, SITES = "calls_to_destination", "cell_site"


def including_(number, *, per=(), **more):
    """Return the guide whose shared fee includes so many."""
    return replace(
        WIRELESS,
        fees=tuple(
            replace(fee, included=Decimal(number), included_per=per, **more) if fee.id == FEE else fee
            for fee in WIRELESS.fees
        ),
    )


def on_days(product, days, target="T1", **more):
    return [did(product, target=target, at=START + day * DAY, **more) for day in days]


def shared():
    """Return what happened, in words and as facts: the worked examples of docs/reference/fee-examples.md."""
    return [
        ("calls to a destination, once", on_days(CALLS, [0])),
        ("calls to a destination and a cell site, in one request", [*on_days(CALLS, [0]), *on_days(SITES, [0])]),
        ("calls to a destination on two days, a cell site on the third", [*on_days(CALLS, [0, 1]), *on_days(SITES, [2])]),
        ("both for two numbers", [*on_days(CALLS, [0]), *on_days(SITES, [0]), *on_days(CALLS, [1], "T2"), *on_days(SITES, [1], "T2")]),
        ("calls to a destination twice and a cell site for one number, then a cell site for another",
         [*on_days(CALLS, [0, 1]), *on_days(SITES, [2]), *on_days(SITES, [3], "T2")]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("place", "none", "one", "for_each_number"),
    [(0, 125, 0, 0), (1, 250, 125, 125), (2, 375, 250, 250), (3, 500, 375, 250), (4, 500, 375, 250)],
)
def test_two_products_of_one_fee_share_what_it_includes(place, none, one, for_each_number):
    _, facts = shared()[place]

    found = [bill(facts, including_(*each)).get(FEE, 0) // 100 for each in ((0,), (1,))]
    apart = bill(facts, including_(1, per=("number",))).get(FEE, 0) // 100

    assert [*found, apart] == [none, one, for_each_number]


def test_who_came_first_gets_what_is_included_and_the_other_says_what_was_left():
    calls, sites = on_days(CALLS, [1]), on_days(SITES, [0])

    charges = price([*calls, *sites], schedule=lambda fact: including_(1), about=About()).charges

    assert [(each.fact, each.amount.cents) for each in charges] == [(calls[0].id, 12_500)]
    assert "0 included, 1 charged" in " ".join(charges[0].how)


def test_a_number_that_makes_the_fee_include_more_gives_it_back_to_the_product_that_went_without():
    calls, sites = on_days(CALLS, [0, 1]), on_days(SITES, [2], "T2")
    guide = including_(2, per=("number",))
    before = bill([*calls, *on_days(SITES, [2])], guide)

    charges = price(
        [*calls, *on_days(CALLS, [1], "T1"), *sites], schedule=lambda fact: including_(1, per=("number",)), about=About()
    ).charges  # fmt: skip

    assert before == {FEE: 12_500}
    assert [each.amount.cents for each in charges if each.fact == calls[1].id] == [12_500]
    assert sum(each.amount.cents for each in charges) == 12_500


@pytest.mark.parametrize(("rule", "wanted"), [("free", 0), ("charged", 12_500)])
def test_what_is_free_because_nothing_was_found_uses_nothing_of_what_is_included(rule, wanted):
    facts = [*on_days(CALLS, [0], found=False), *on_days(SITES, [1])]

    assert sum(bill(facts, including_(1, nothing_found=rule)).values()) == wanted


def test_a_waived_charge_costs_in_full_what_it_would_have_beside_the_other_product():
    guide = including_(1)
    waiver = replace(guide.waivers[0], fees=(), processes=(), facts=(), products=(), percent=Decimal(100))
    facts = [*on_days(SITES, [0]), *on_days(CALLS, [1])]

    charges = price(facts, schedule=lambda fact: replace(guide, waivers=(waiver,)), about=About()).charges

    assert [(each.fact, each.amount.cents, each.full.cents) for each in charges] == [(facts[1].id, 0, 12_500)]


HISTORIES = some.lists(
    some.tuples(
        some.sampled_from([CALLS, SITES]), some.sampled_from(["T1", "T2", "T3"]), some.integers(0, 9), some.booleans()
    ),
    max_size=12,
)  # fmt: skip


@given(happened=HISTORIES, number=some.integers(0, 5), each=some.booleans())
def test_an_independent_count_of_what_is_charged_agrees(happened, number, each):
    facts = [
        did(product, target=target, at=START + day * DAY, found=found)
        for product, target, day, found in happened
    ]
    guide = including_(number, per=("number",) if each else (), nothing_found="charged")

    # A number in a request is one unit of its product, found or not each by itself.
    units = len(set(happened))
    included = number * (len({target for _, target, *_ in happened}) if each else 1)

    assert bill(facts, guide).get(FEE, 0) == 12_500 * max(0, units - included)


@given(happened=HISTORIES, number=some.integers(1, 5))
def test_with_one_product_nothing_is_different(happened, number):
    facts = [did(CALLS, target=target, at=START + timedelta(hours=day)) for _, target, day, _ in happened]

    units = len({(fact.target, fact.happened_at) for fact in facts})

    assert bill(facts, including_(number)).get(FEE, 0) == 12_500 * max(0, units - number)


@pytest.mark.sabotage("what a fee includes, once in a case")
def test_without_the_count_over_the_case_each_product_would_get_it_again(monkeypatch):
    _, facts = shared()[1]
    monkeypatch.setattr(including.Course, "left", lambda *_: {})

    assert Counter(bill(facts, including_(1))) == Counter()
