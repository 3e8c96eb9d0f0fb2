"""One conformance suite for every engine: the same count, the same sum of ids, the same ordered hash (bar B5)."""

import hashlib
import importlib.util
import os
import shutil
from datetime import timedelta

import pytest

from tecum.kernel.periods import Period
from tecum.records import operations as records
from tecum.records.drivers import choice
from tecum.records.rules.scope import Grant, Scope
from tests.make import NOON
from tests.records import ANALYST, LOADER, found, line, load

MASTER = os.environ.get("TECUM_TEST_SPARK", "")
WITH_SPARK = (
    bool(MASTER) and importlib.util.find_spec("pyspark") is not None and shutil.which("java") is not None
)
ENGINES = [
    "duckdb",
    pytest.param(
        f"spark:{MASTER}",
        marks=pytest.mark.skipif(not WITH_SPARK, reason="TECUM_TEST_SPARK names no master: .ci/run does"),
    ),
]
PEOPLE = [f"29255501{n:02}" for n in range(20)]
# (way, numbers) → count, sum of ids, hash of the ids in order; what plain Python says of the same calls, see `expected`
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def calls() -> list[tuple[int, str, str, object]]:
    return [
        (
            n,
            PEOPLE[n % 20],
            PEOPLE[(n * 7 + 3) % 20],
            NOON - timedelta(minutes=7 * n % 20_000, seconds=n % 60),
        )
        for n in range(900)
    ]


def figures(ids: list[int]) -> tuple[int, int, str]:
    return len(ids), sum(ids), hashlib.sha256("\n".join(map(str, ids)).encode()).hexdigest()


def expected(number: str, period: Period, way: str) -> tuple[int, int, str]:
    rows = [
        (at, f"R{n}", n)
        for n, a, b, at in calls()
        if at in period and (b == number or (way == "party" and a == number))
    ]
    return figures([n for _, _, n in sorted(rows)])


@pytest.fixture
def filled(store):
    rows = calls()
    for part in range(3):
        load(store, [line(n, a=a, b=b, at=at) for n, a, b, at in rows[part::3]], f"msc-{part}.csv")
        if part == 1:
            records.compact("fraud", by=LOADER, now=NOON, force=True)
    return store


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_gives_what_brute_force_gives(filled, settings, engine):
    settings.TECUM_RECORDS_ENGINE = engine
    month = Period(NOON - timedelta(days=14), NOON)
    week = Period(NOON - timedelta(days=9), NOON - timedelta(days=2, minutes=1))
    ask = {"product": "fraud_report", "by": ANALYST, "now": NOON}

    for number in PEOPLE[:3]:
        for period in (month, week):
            scope = Scope("m", "1", (Grant("fraud_report", number, period, "-"),))
            with records.calls_of(scope, number=number, **ask) as rows:
                assert figures([int(row.record_id[1:]) for row in rows]) == expected(number, period, "party")
            with records.calls_to(scope, number=number, **ask) as rows:
                assert figures([int(row.record_id[1:]) for row in rows]) == expected(
                    number, period, "destination"
                )
    many = Scope("m", "1", tuple(Grant("fraud_report", number, month, "-") for number in PEOPLE[:5]))
    with records.calls_of_many(many, **ask) as rows:
        together = [int(row.record_id[1:]) for row in rows]
    wanted = [expected(number, month, "party") for number in PEOPLE[:5]]
    assert (len(together), sum(together)) == (
        sum(each[0] for each in wanted),
        sum(each[1] for each in wanted),
    )
    assert list(records.dry_run(many, **ask).counts) == [each[0] for each in wanted]
    assert choice.engine().name == engine.partition(":")[0]


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_gives_every_field_as_it_was_loaded(store, settings, engine):
    at = NOON - timedelta(hours=2)
    load(store, [line(1, b="+442079460100", at=at, secs=61)])
    settings.TECUM_RECORDS_ENGINE = engine
    scope = Scope("m", "1", (Grant("fraud_report", "+442079460100", Period(at, NOON), "-"),))

    with records.calls_of(
        scope, product="fraud_report", number="+442079460100", by=ANALYST, now=NOON
    ) as rows:
        row = next(iter(rows))

    assert (row.start, row.duration, row.offset) == (at, timedelta(seconds=61), timedelta(0))
    assert (row.calling, row.called, row.switch, row.call_type, row.charge, row.line) == (
        "2925550142", "+442079460100", "M1", "voice", None, 2,
    )  # fmt: skip
    assert row.incoming


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_says_when_a_file_is_missing(filled, settings, engine):
    settings.TECUM_RECORDS_ENGINE = engine
    for path in (filled / "records").rglob("*.parquet"):
        path.unlink()

    with pytest.raises(records.RecordsMissing):
        found(PEOPLE[0])
