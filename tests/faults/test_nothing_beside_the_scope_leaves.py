"""T8 on real files: random stores, random scopes; the CSV and XLSX that come out hold exactly what a plain reading of the switch's lines says."""

import csv
import io
import random
from collections import Counter
from datetime import datetime, timedelta

import openpyxl
import pytest
from django.db import transaction

from tecum.demands.operations import sources
from tecum.documents import operations as documents
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.policy import queries as policy
from tecum.records.rules.scope import Grant, Scope
from tecum.secrecy import operations as secrecy
from tests.make import NOON
from tests.records import ANALYST, line, load
from tests.searches import guided
from tests.sizes import size

pytestmark = [pytest.mark.django_db(transaction=True)]
NUMBERS = [f"29255501{n:02}" for n in range(6)] + ["+442079460100", "911"]
PRODUCTS = ["fraud_report", "invoice", "cells"]
Raw = tuple[str, str, str, datetime]  # id, caller, called, instant


def switch(dice: random.Random, count: int) -> list[Raw]:
    """Return the lines of a switch; several begin in the same second, some are of a number with itself."""
    found = []
    for n in range(count):
        at = NOON - timedelta(seconds=dice.choice([dice.randrange(6 * 86400), dice.randrange(40) * 3600]))
        found.append((f"R{n}", dice.choice(NUMBERS), dice.choice(NUMBERS), at))
    return found


def scope(dice: random.Random, matter: str, raw: list[Raw]) -> Scope:
    """Return grants whose edges often lie on the very second of a call; some touch, some overlap."""
    grants = []
    for n in range(dice.randrange(1, 7)):
        edges = sorted(
            {dice.choice(raw)[3], dice.choice([NOON - timedelta(seconds=dice.randrange(6 * 86400)), dice.choice(raw)[3]])}
        )  # fmt: skip
        start = edges[0]
        end = edges[1] if len(edges) > 1 else start + timedelta(seconds=1)
        grants.append(Grant(dice.choice(PRODUCTS), dice.choice(NUMBERS), Period(start, end), f"item {n}"))
    return Scope(matter, "1", tuple(grants))


def granted(scope: Scope, product: str, number: str, raw: list[Raw]) -> list[tuple[str, datetime]]:
    """Return what a person with a pencil would find: every line of the number inside any of the grants, once."""
    periods = [g.period for g in scope.grants if (g.product, g.number) == (product, number)]
    return sorted(
        (id, at)
        for id, caller, called, at in raw
        if number in (caller, called) and any(p.start <= at < p.end for p in periods)
    )


def in_csv(content: bytes) -> list[dict[str, str]]:
    _, head, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    return [dict(zip(head, (cell.removeprefix("'") for cell in row), strict=True)) for row in rows]


def in_xlsx(content: bytes) -> list[dict[str, str]]:
    _, head, *rows = openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
    return [dict(zip(head, (cell or "" for cell in row), strict=True)) for row in rows]


def answered(scope: Scope):
    guide = policy.at(NOON)
    known = {product.id: product for product in guide.products}
    asking = sources.Asking(scope, guide, ANALYST, NOON, beat=lambda _: None)
    for product, number in sorted({(grant.product, grant.number) for grant in scope.grants}):
        yield product, number, sources.answer(asking, known[product], number)


def rows_of(table, matter: str) -> list[dict[str, str]]:
    with transaction.atomic():
        file = documents.enter(
            table.kept, purpose="records", media_type=table.media_type, by=Actor.system("tests"), now=NOON
        )
    return (in_csv if table.ending == "csv" else in_xlsx)(documents.read(file.id))


@pytest.fixture
def matter(store):
    guided(store)
    with transaction.atomic():
        return secrecy.open_matter(kind="demands", by=Actor.system("tests"), now=NOON)


def test_over_random_stores_and_scopes_no_row_is_outside_and_none_is_missing(store, matter):
    dice = random.Random(8)
    raw = switch(dice, 300)
    load(store, [line(int(id[1:]), a=a, b=b, at=at) for id, a, b, at in raw])
    compared = 0

    for _ in range(size(ci=12, proof=400)):
        allowed = scope(dice, matter, raw)
        for product, number, answer in answered(allowed):
            wanted = granted(allowed, product, number, raw)
            assert answer.rows == len(wanted) == sum(each.rows for each in answer.coverage)
            assert bool(answer.tables) == bool(wanted)
            for table in answer.tables:
                found = rows_of(table, matter)
                assert [datetime.fromisoformat(row["Start Time (UTC)"]) for row in found] == sorted(
                    at for _, at in wanted
                )
                assert {row["Target Number"] for row in found} == {number}
                if product != "cells":
                    assert Counter(row["Record ID"] for row in found) == Counter(id for id, _ in wanted)
                compared += len(found)

    assert compared > 100


def test_the_coverage_of_every_grant_leaves_no_instant_out_and_names_none_twice(store, matter):
    dice = random.Random(9)
    raw = switch(dice, 100)
    load(store, [line(int(id[1:]), a=a, b=b, at=at) for id, a, b, at in raw])

    for _ in range(size(ci=15, proof=400)):
        allowed = scope(dice, matter, raw)
        for product, number, answer in answered(allowed):
            periods = [g.period for g in allowed.grants if (g.product, g.number) == (product, number)]
            told = [each.period for each in answer.coverage]
            assert not [left for period in periods for left in period.minus(told)]
            assert not [left for period in told for left in period.minus(periods)]
            ordered = sorted(told)
            assert not [1 for one, two in zip(ordered, ordered[1:], strict=False) if one.overlaps(two)]


@pytest.mark.requirement("R-102")
def test_on_no_invoice_of_any_random_store_stands_a_caller(store, matter):
    dice = random.Random(10)
    raw = switch(dice, 200)
    load(store, [line(int(id[1:]), a=a, b=b, at=at) for id, a, b, at in raw])
    everything = Period(NOON - timedelta(days=7), NOON + timedelta(seconds=1))
    allowed = Scope(matter, "1", tuple(Grant("invoice", number, everything, "all") for number in NUMBERS))

    for _, number, answer in answered(allowed):
        for table in answer.tables:
            incoming = [row for row in rows_of(table, matter) if row["Direction"] == "incoming"]
            assert incoming and {row["Calling Number"] for row in incoming} == {"INCOMING"}
            others = [other for other in NUMBERS if other != number and len(other) > 4]
            assert not [
                row for row in incoming for other in others if other.lstrip("+") in "".join(row.values())
            ]
