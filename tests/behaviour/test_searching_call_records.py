"""Rows are found within a scope, exactly those that it allows, and every search is accounted for (control 7, I5)."""

import random
from datetime import timedelta

import pytest

from tecum.audit.models import TrailLeaf
from tecum.kernel.periods import Period
from tecum.kernel.refusals import NotYours
from tecum.records import operations as records
from tecum.records.drivers import choice
from tecum.records.models import RecordPart, RecordRead
from tecum.records.rules.scope import Grant, Scope
from tests.make import NOON
from tests.records import ANALYST, LOADER, OTHER, TARGET, THIRD, found, ids, line, load, scope

pytestmark = [pytest.mark.django_db(transaction=True)]
ASK = {"product": "fraud_report", "by": ANALYST, "now": NOON}


def events() -> list[str]:
    return [
        name
        for name in TrailLeaf.objects.order_by("pk").values_list("event", flat=True)
        if name.startswith("records.")
    ]


@pytest.mark.requirement("R-103")
def test_calls_made_and_received_are_found_once_each_in_order(store):
    load(store, [
        line(3, at=NOON - timedelta(hours=1)), line(1, a=OTHER, b=TARGET, at=NOON - timedelta(hours=3)),
        line(2, a=TARGET, b=TARGET, at=NOON - timedelta(hours=2)), line(4, a=OTHER, b=THIRD),
    ])  # fmt: skip

    rows = list(records.calls_of(scope(), number=TARGET, **ASK))

    assert [(row.record_id, row.incoming) for row in rows] == [("R1", True), ("R2", False), ("R3", False)]
    assert {row.grant.clause for row in rows} == {"paragraph 1"}


def test_the_end_of_a_period_does_not_belong_to_it(store):
    end = NOON - timedelta(hours=1)
    load(
        store, [line(1, at=end - timedelta(seconds=1)), line(2, at=end), line(3, at=end - timedelta(hours=1))]
    )

    assert found(period=Period(end - timedelta(hours=1), end)) == ["R3", "R1"]


@pytest.mark.requirement("R-075")
def test_calls_to_a_destination_are_those_it_received_from_anybody(store):
    load(store, [line(1, a=OTHER, b=TARGET), line(2, a=THIRD, b=TARGET), line(3, a=TARGET, b=OTHER)])

    assert sorted(ids(records.calls_to(scope(), number=TARGET, **ASK))) == ["R1", "R2"]


def test_several_numbers_at_once_are_answered_one_after_the_other(store):
    load(
        store,
        [line(1, a=OTHER, b=THIRD), line(2, a=TARGET, b=THIRD), line(3, a="4935550101", b="4935550102")],
    )

    with records.calls_of_many(scope(TARGET, OTHER), **ASK) as rows:
        assert sorted((row.target, row.record_id) for row in rows) == sorted([(OTHER, "R1"), (TARGET, "R2")])


def test_what_the_scope_does_not_grant_is_not_searched(store):
    load(store, [line(1)])
    granted = scope(TARGET)

    for wrong in (
        lambda: records.calls_of(granted, number=OTHER, **ASK),
        lambda: records.calls_of(granted, number=TARGET, product="toll", by=ANALYST, now=NOON),
        lambda: records.calls_of_many(granted, numbers=[TARGET, OTHER], **ASK),
        lambda: records.dry_run(granted, numbers=[OTHER], **ASK),
    ):
        with pytest.raises(records.NotGranted):
            wrong()
    with pytest.raises(NotYours):
        records.calls_of(granted, number=TARGET, product="fraud_report", by=LOADER, now=NOON)
    assert "records.searched" not in events()
    assert not RecordRead.objects.exists()


def test_every_search_is_in_the_trail_before_its_first_row_and_counted_after_its_last(store):
    load(store, [line(1), line(2)])
    rows = records.calls_of(scope(), number=TARGET, **ASK)

    assert events()[-1] == "records.searched"
    list(rows)
    assert events()[-1] == "records.answered"
    assert rows.count == 2
    assert not RecordRead.objects.exists()
    assert not any(TARGET in str(row) for row in TrailLeaf.objects.values())


def test_a_cancelled_search_is_accounted_for_and_lets_the_files_go(store):
    load(store, [line(number) for number in range(50)])

    with records.calls_of(scope(), number=TARGET, **ASK) as rows:
        next(iter(rows))

    assert rows.count == 1
    assert events()[-1] == "records.answered"
    assert not RecordRead.objects.exists()
    assert found() != []


def test_a_dry_run_counts_and_says_what_is_covered(store):
    load(store, [line(number, at=NOON - timedelta(minutes=10 * number + 5)) for number in range(12)])
    asked = Period(NOON - timedelta(hours=5), NOON + timedelta(hours=1))

    told = records.dry_run(scope(period=asked), **ASK)

    assert (told.rows, told.store) == (12, "fraud")
    assert [(piece.state, piece.period.elapsed) for piece in told.portions[0].coverage] == [
        ("uncovered", timedelta(hours=3, minutes=5)),
        ("covered", timedelta(hours=1, minutes=55)),
        ("not_yet", timedelta(hours=1)),
    ]
    assert events()[-1] == "records.counted"


def test_overlapping_grants_of_one_number_give_each_row_once(store):
    load(store, [line(1), line(2)])
    first = Period(NOON - timedelta(hours=6), NOON - timedelta(hours=1))
    second = Period(NOON - timedelta(hours=3), NOON)
    both = Scope(
        "m", "1", (Grant("fraud_report", TARGET, first, "one"), Grant("fraud_report", TARGET, second, "two"))
    )

    rows = list(records.calls_of(both, number=TARGET, **ASK))

    assert [(row.record_id, row.grant.clause) for row in rows] == [("R1", "one"), ("R2", "one")]


def test_a_missing_file_is_said_and_not_passed_over(store):
    load(store, [line(1)])
    for path in (store / "records").rglob("*.parquet"):
        path.unlink()

    with pytest.raises(records.RecordsMissing):
        found()


def test_no_row_lies_outside_the_scope_and_none_is_missing(store):
    """T8 for the store: random calls, random scopes, against brute force; half of them before compaction, half after."""
    rng = random.Random(20260908)
    people = [f"29255501{n:02}" for n in range(12)]
    calls = [
        (f"R{n}", *rng.sample(people, 2), NOON - timedelta(seconds=rng.randrange(28 * 86_400)))
        for n in range(600)
    ]
    for part in range(3):
        load(store, [line(int(c[0][1:]), a=c[1], b=c[2], at=c[3]) for c in calls[part::3]], f"msc-{part}.csv")

    for turn in range(12):
        if turn == 6:
            records.compact("fraud", by=LOADER, now=NOON, force=True)
        grants = []
        for _ in range(rng.randrange(1, 4)):
            start = NOON - timedelta(seconds=rng.randrange(28 * 86_400))
            period = Period(start, start + timedelta(seconds=rng.randrange(1, 9 * 86_400)))
            grants.append(Grant("fraud_report", rng.choice(people), period, "-"))
        wanted = sorted(
            {
                (grant.number, c[0])
                for grant in grants
                for c in calls
                if grant.number in c[1:3] and grant.allows(c[3])
            }
        )
        with records.calls_of_many(Scope("m", "1", tuple(grants)), **ASK) as rows:
            assert sorted((row.target, row.record_id) for row in rows) == wanted
    assert not RecordPart.objects.live().filter(bucket=-1).exists()


@pytest.mark.sabotage("control 7")
def test_an_engine_that_returns_more_than_was_asked_is_caught(store, monkeypatch):
    load(store, [line(1), line(2, a=OTHER, b=THIRD)])
    engine = choice.engine()
    real = engine.rows

    def too_much(asks):
        for at, row in real(asks):
            yield at, row
            yield at, ["R9", OTHER, THIRD, *row[3:]]

    monkeypatch.setattr(engine, "rows", too_much)

    with pytest.raises(RuntimeError, match="outside the scope"):
        found()
