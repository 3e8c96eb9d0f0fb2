"""Every product of a shipped guide can be answered: it has a store, or fields that a list can fill, or a system to ask."""

from datetime import date
from pathlib import Path

import pytest

from tecum.guide.loading import load
from tecum.records.rules import products, subscriber_product

GUIDES = Path(__file__).resolve().parents[2] / "guides"
SHIPPED = ["example", "wholesale-portal", "wireless-2003"]


@pytest.fixture(params=SHIPPED)
def guide(request):
    return load(GUIDES / request.param, on=date(2026, 9, 8))


def test_what_is_asked_of_the_bill_shows_something_that_the_bill_knows(guide):
    asked = [each for each in guide.products if each.answered_by == "subscriber"]

    assert [
        each.id for each in asked if len(subscriber_product.not_held(each.fields)) == len(each.fields)
    ] == []


def test_what_is_asked_of_the_inventory_shows_something(guide):
    assert [each.id for each in guide.products if each.answered_by == "provider" and not each.fields] == []


def test_every_column_that_a_product_shows_exists(guide):
    assert [each.id for each in guide.products if set(each.columns) - set(products.COLUMNS)] == []


@pytest.mark.requirement("R-104")
def test_whatever_comes_from_the_fraud_system_says_so_and_is_sworn_to_only_by_counsels_decision():
    guide = load(GUIDES / "wireless-2003", on=date(2026, 9, 8))
    (fraud,) = (store for store in guide.record_stores if store.id == "fraud")
    ours = [each for each in guide.products if each.id in fraud.products]

    assert len(ours) == 3
    assert {(each.disclaimer, each.certification) for each in ours} == {("fraudbuster_disclaimer", "counsel")}


def test_a_real_time_location_is_no_record_and_has_a_fee_for_each_ping():
    guide = load(GUIDES / "wireless-2003", on=date(2026, 9, 8))
    (ping,) = (each for each in guide.products if each.id == "ping")

    assert (ping.answered_by, ping.kind) == ("live", "location")
    assert [fee.id for fee in guide.fees if "ping" in fee.products]
