"""Who had a number, of the bill and of the inventory, from two people's scope to the table that leaves (R-075, R-099, R-104)."""

import csv
import io
from datetime import date, datetime, timedelta

import openpyxl
import pytest

from tecum.audit import queries as trail
from tecum.demands import operations as demands
from tecum.documents import operations as documents
from tecum.jobs import long
from tecum.models import DemandSearch, SubscriberLine
from tecum.production import queries
from tecum.production.rules.facts import Outcome
from tecum.records.operations import informing
from tests import inventory as inventories
from tests import make, subscribers
from tests.make import NOON
from tests.records import OTHER, TARGET, THIRD, more_guide
from tests.searches import WEEK, guided, scoped, searched

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
DAY = timedelta(days=1)
GUIDE = """
[[products]]
id = "basic"
name = "Basic subscriber information"
answered_by = "subscriber"
fields = ["name", "address", "telephone number", "length of service", "types of service", "credit card"]
masks = { address = "see the bill" }
disclaimer = "as_billed"
[[products]]
id = "provider"
name = "Wholesale customer of a number"
answered_by = "provider"
fields = ["customer name", "business address", "phone number", "in-service date"]
disclaimer = "as_billed"
[[requirements]]
id = "people"
products = ["basic", "provider"]
at_least = "subpoena"
[[own_records]]
id = "subscribers"
keep = "18 months"
[[subscriber_sources]]
id = "billing"
name = "Billing"
kind = "csv"
separator = ";"
stale_after = "36 hours"
max_change = 1.0
columns = { number = "number", account = "account", name = "name", address = "address", service_types = "services", service_since = "since", service_until = "until", status = "status", market = "market", imei = "imei", imsi = "imsi", imei_since = "imei_since" }
statuses = { A = "active", C = "closed" }
"""
WORDS = "Title: About this table\n\nAs the bill says; {carrier} vouches for no more.\n"


@pytest.fixture
def desk():
    return tuple(make.analyst() for _ in range(2))


@pytest.fixture(autouse=True)
def carrier(store, billing, inventory):
    """A carrier with a bill, an inventory and products of both."""
    guided(store)
    more_guide(store, GUIDE)
    (store / "guides" / "plains" / "wording" / "as_billed.md").write_text(WORDS)
    return store


def billed(folder, *, number=TARGET, account="A-1", name="John Smith", since="2020-01-31", now=NOON):
    row = f"{number},{account},{name},12 Oak Ln Boise ID 83702,voice;data,{since},,A,ID,,,"
    subscribers.load(folder, [row], now=now)


def inputs(search, by):
    row = DemandSearch.objects.get(pk=search)
    assert row.state == "DONE"
    return queries.opened(id=row.production, by=by, now=NOON).inputs


def table(part):
    statement, head, *rows = csv.reader(io.StringIO(documents.read(part.file).decode("utf-8-sig")))
    return statement[0], [dict(zip(head, row, strict=True)) for row in rows]


def counted(event):
    return [entry.data for entry in trail.since(NOON - DAY) if entry.event == event]


@pytest.mark.requirement("R-075", "R-099")
def test_the_subscriber_leaves_with_length_and_types_of_service_and_with_nothing_that_the_product_does_not_show(
    desk, carrier
):
    first, second = desk
    billed(carrier)
    case = scoped(first, second, ("basic", TARGET, WEEK), holders={TARGET: []})

    made = inputs(searched(case, first), first)

    statement, (row,) = table(made.parts[0])
    assert row["Name"] == "John Smith"
    assert row["Length of service"] == "since 2020-01-31 (6 years 7 months)"
    assert row["Types of service"] == "voice; data"
    assert row["Address"] == "see the bill"
    assert not {"Account", "Credit card", "Imei"} & set(row)
    assert "CONFIDENTIAL" in statement and "vouches for no more" in statement


def test_every_look_is_in_the_trail_and_the_rows_that_left_are_counted(desk, carrier):
    first, second = desk
    billed(carrier)
    case = scoped(first, second, ("basic", TARGET, WEEK), holders={TARGET: []})

    searched(case, first)

    (look,) = counted("subscribers.answered")
    (part,) = counted("demand.part_answered")
    assert (look["product"], look["rows"]) == ("basic", 1)
    assert (part["product"], part["rows"]) == ("basic", 1)


@pytest.mark.requirement("R-109", "R-110")
def test_of_two_holders_only_the_one_that_the_process_means_leaves_and_for_his_time_alone(desk, carrier):
    first, second = desk
    billed(carrier, now=NOON - 10 * DAY)
    billed(carrier, account="B-7", name="Lee Wei", since="2026-09-04", now=NOON - 4 * DAY)
    mine = SubscriberLine.objects.get(account="B-7")
    meant = [f"billing-{mine.pk}"]
    case = scoped(first, second, ("basic", TARGET, WEEK), holders={TARGET: meant})

    made = inputs(searched(case, first), first)

    _, rows = table(made.parts[0])
    assert {row["Name"] for row in rows} == {"Lee Wei"}
    assert all(row["From (UTC)"] >= "2026-09-03" for row in rows)
    for part in made.parts:
        assert b"Smith" not in documents.read(part.file)
    begin = datetime.fromisoformat(min(row["From (UTC)"] for row in rows))
    left = [each for each in made.coverage if each.outcome is Outcome.WITHHELD]
    assert left and all(each.period.end <= begin for each in left)


def test_where_no_list_speaks_the_subscriber_is_not_called_unknown_but_withheld_with_the_reason(
    desk, carrier
):
    first, second = desk
    billed(carrier, number=OTHER)
    case = scoped(first, second, ("basic", TARGET, WEEK))

    made = inputs(searched(case, first), first)

    assert made.parts == ()
    assert {each.outcome for each in made.coverage} == {Outcome.WITHHELD}
    assert all(each.why for each in made.coverage)


def test_whose_wholesale_customer_a_number_is_leaves_with_the_card_and_the_look_is_in_the_trail(
    desk, carrier
):
    first, second = desk
    company = make.customer(name="Quillon Voice LLC")
    inventories.load(carrier, [f"{THIRD},,{company.id},2022-06-01"], now=NOON, as_of=NOON)
    case = scoped(first, second, ("provider", THIRD, WEEK), holders={THIRD: []})

    made = inputs(searched(case, first), first)

    statement, (row,) = table(made.parts[0])
    assert row["Customer name"] == "Quillon Voice LLC"
    assert row["In-service date"] == date(2022, 6, 1).isoformat()
    assert "vouches for no more" in statement
    (look,) = counted("demand.provider_looked_up")
    assert (look["product"], look["customers"]) == ("provider", 1)


def test_a_number_that_is_nobodys_in_the_inventory_is_said_to_be_so(desk, carrier):
    first, second = desk
    inventories.load(carrier, [f"{OTHER},,C-1,2022-06-01"], now=NOON, as_of=NOON)
    case = scoped(first, second, ("provider", THIRD, WEEK), holders={THIRD: ["unknown"]})

    made = inputs(searched(case, first), first)

    assert made.parts == ()
    assert all("nobody's" in each.why for each in made.coverage)


def test_the_workbook_of_a_subscriber_holds_the_same_cells_as_text(desk, carrier):
    first, second = desk
    billed(carrier)
    case = scoped(first, second, ("basic", TARGET, WEEK), holders={TARGET: []})

    made = inputs(searched(case, first), first)

    _, (row,) = table(made.parts[0])
    sheet = openpyxl.load_workbook(io.BytesIO(documents.read(made.parts[1].file))).active
    head, cells = ([cell.value for cell in line] for line in list(sheet.iter_rows())[1:3])
    assert dict(zip(head, cells, strict=True)) == row


@pytest.mark.sabotage("I5: every look is accounted")
def test_a_search_whose_look_cannot_be_recorded_stops_and_nothing_leaves(desk, carrier, monkeypatch):
    first, second = desk
    billed(carrier)
    case = scoped(first, second, ("basic", TARGET, WEEK), holders={TARGET: []})
    demands.gather(case=case, by=first, now=NOON)

    def broken(*_, **__):
        raise OSError("the disk is full")

    monkeypatch.setattr(informing.audit, "note", broken)
    long.search_all(lambda: NOON)

    assert DemandSearch.objects.get().state == "RUNNING"  # it will be begun again
    assert queries.productions(by=first, now=NOON) == []
