"""Two retentions, purged by whole days on time; what is held stays for its matter; small files become large ones."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from tecum.deadlines.models import Deadline
from tecum.jobs import records as lane
from tecum.jobs.lanes import all_lanes
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.kernel.refusals import NotYours
from tecum.records import operations as records
from tecum.records.models import RecordDay, RecordHold, RecordPart, RecordPurge, RecordRead
from tecum.records.operations import keeping
from tecum.records.queries import store as queries
from tests.make import NOON
from tests.records import ANALYST, HEADER, LOADER, OTHER, TARGET, THIRD, found, line, load, scope, write

pytestmark = [pytest.mark.django_db(transaction=True)]
OLD = NOON - timedelta(days=20)
LATER = NOON + timedelta(days=15)
WIDE = Period(OLD - timedelta(days=1), LATER)
JOBS = Actor.system("jobs")


def files(store) -> int:
    return len(list((store / "records").rglob("*.parquet")))


def hold(matter="matter-1", number=TARGET, period=WIDE, until=None, **more):
    return records.hold(
        matter=matter,
        number=number,
        period=period,
        until=until,
        by=ANALYST,
        now=more.pop("now", NOON),
        **more,
    )


@pytest.mark.both_databases
@pytest.mark.requirement("R-103")
@pytest.mark.requirement("R-108")
def test_a_day_leaves_the_store_when_it_is_over_with_a_proof(store):
    load(store, [line(1, at=OLD), line(2)])
    assert records.purge("fraud", by=JOBS, now=NOON) == 0

    assert records.purge("fraud", by=JOBS, now=LATER) == 1

    assert found(now=LATER, period=WIDE) == ["R2"]
    proof = queries.purges(by=ANALYST, now=LATER)[0]
    gone = RecordPart.objects.filter(day=OLD.date())
    assert (proof.day, proof.rows, proof.parts, proof.kept) == (OLD.date(), 1, 2, 0)
    assert proof.digest == keeping.manifest.digest_of(gone)
    assert all(part.removed_at == LATER for part in gone)
    assert files(store) == 2
    told = records.dry_run(scope(period=WIDE), product="fraud_report", by=ANALYST, now=LATER)
    assert "expired" in {piece.state for piece in told.portions[0].coverage}


def test_each_store_has_a_retention_of_its_own(store):
    load(store, [line(1, at=OLD)])
    load(store, [line(1, at=OLD)], "rated-1.csv")

    done = records.maintain(by=JOBS, now=LATER)

    assert done.purged == 1
    assert found(now=LATER, period=WIDE) == []
    assert found(now=LATER, period=WIDE, product="toll") == ["R1"]


@pytest.mark.both_databases
def test_what_a_hold_names_outlives_its_day_for_its_matter_alone(store):
    load(store, [line(1, at=OLD), line(2, at=OLD, a=OTHER, b=TARGET), line(3, at=OLD, a=OTHER, b=THIRD)])
    placed = hold()
    hold()  # a second demand of the same matter

    records.purge("fraud", by=JOBS, now=LATER)

    assert found(now=LATER, period=WIDE) == ["R1", "R2"]
    assert found(now=LATER, period=WIDE, matter="matter-2") == []
    assert found(OTHER, now=LATER, period=WIDE) == []
    told = records.dry_run(scope(period=WIDE), product="fraud_report", by=ANALYST, now=LATER)
    assert "expired" not in {piece.state for piece in told.portions[0].coverage}
    assert told.rows == 2
    assert RecordPurge.objects.get().kept == 4  # two rows for each hold
    assert RecordHold.objects.get(pk=placed.id).lifted_at is None


@pytest.mark.both_databases
def test_a_lifted_hold_lets_its_rows_go(store):
    load(store, [line(1, at=OLD)])
    placed = hold()
    records.purge("fraud", by=JOBS, now=LATER)

    records.lift_hold(hold=placed.id, by=ANALYST, now=LATER)
    records.maintain(by=JOBS, now=LATER + timedelta(minutes=1))

    assert found(now=LATER, period=WIDE) == []
    assert files(store) == 0


def test_a_hold_ends_by_itself_when_its_time_has_come(store):
    placed = hold(until=NOON + timedelta(days=90))
    deadline = Deadline.objects.get(kind="records.hold_over", subject=placed.id)

    records.hold_over(hold=placed.id, by=JOBS, now=deadline.due_at - timedelta(seconds=1))
    assert RecordHold.objects.get().lifted_at is None
    records.hold_over(hold=placed.id, by=JOBS, now=deadline.due_at)

    assert RecordHold.objects.get().lifted_at == deadline.due_at


def test_a_hold_that_comes_too_late_says_what_is_gone(store):
    load(store, [line(1, at=OLD)])
    records.purge("fraud", by=JOBS, now=LATER)

    placed = hold(now=LATER)

    assert "expired" in {piece.state for piece in placed.coverage["fraud"]}
    assert found(now=LATER, period=WIDE) == []


def test_who_may_not_hold_holds_nothing(store):
    with pytest.raises(NotYours):
        records.hold(matter="m", number=TARGET, period=WIDE, until=None, by=LOADER, now=NOON)
    with pytest.raises(records.NoSuchHold):
        records.lift_hold(hold="unknown", by=ANALYST, now=NOON)


@pytest.mark.both_databases
def test_a_hold_placed_while_a_day_is_being_purged_is_not_missed(store, monkeypatch):
    load(store, [line(1, at=OLD)])
    real, calls = keeping._retire_day, []

    def slow(*args, **more):
        if not calls:
            calls.append(hold(now=LATER))
        return real(*args, **more)

    monkeypatch.setattr(keeping, "_retire_day", slow)
    records.purge("fraud", by=JOBS, now=LATER)

    assert found(now=LATER, period=WIDE) == ["R1"]


@pytest.mark.sabotage("control 13: a hold")
def test_without_the_second_look_a_hold_placed_meanwhile_would_be_missed(store, monkeypatch):
    load(store, [line(1, at=OLD)])
    real, calls = keeping._retire_day, []

    def blind(store_id, day, parts, holds, kept, **more):
        if not calls:
            calls.append(hold(now=LATER))
        monkeypatch.setattr(keeping.manifest, "holds_of", lambda *_: holds)
        return real(store_id, day, parts, holds, kept, **more)

    monkeypatch.setattr(keeping, "_retire_day", blind)
    records.purge("fraud", by=JOBS, now=LATER)

    assert found(now=LATER, period=WIDE) == []


@pytest.mark.both_databases
def test_a_search_under_way_finishes_although_its_day_is_purged(store):
    load(store, [line(number, at=OLD + timedelta(seconds=number)) for number in range(30)])
    rows = records.calls_of(scope(period=WIDE), product="fraud_report", number=TARGET, by=ANALYST, now=LATER)

    records.purge("fraud", by=JOBS, now=LATER)

    assert len(list(rows)) == 30
    assert files(store) == 2
    records.maintain(by=JOBS, now=LATER)
    assert files(store) == 0


@pytest.mark.sabotage("a search's lease")
def test_without_its_lease_a_search_would_lose_its_files(store):
    load(store, [line(1, at=OLD)])
    rows = records.calls_of(scope(period=WIDE), product="fraud_report", number=TARGET, by=ANALYST, now=LATER)
    RecordRead.objects.all().delete()
    records.purge("fraud", by=JOBS, now=LATER)

    with pytest.raises(records.RecordsMissing):
        list(rows)


def test_five_minute_files_become_one_file_for_each_bucket_and_nothing_is_lost(store):
    numbers = [f"29255501{n:02}" for n in range(40)]
    for turn in range(4):
        at = NOON - timedelta(minutes=5 * turn + 6)
        load(
            store,
            [line(100 * turn + n, a=number, b=OTHER, at=at) for n, number in enumerate(numbers)],
            f"msc-{turn}.csv",
        )
    before = {number: found(number) for number in numbers}
    assert files(store) == 8

    assert records.compact("fraud", by=JOBS, now=NOON) == 0  # not an hour old yet
    assert records.compact("fraud", by=JOBS, now=NOON + timedelta(hours=1)) == 1

    assert {number: found(number, period=WIDE) for number in numbers} == before
    live = RecordPart.objects.live()
    assert not live.filter(bucket=-1).exists()
    assert files(store) == live.count()


def test_a_closed_day_has_one_file_for_each_bucket(store):
    for turn in range(3):
        load(store, [line(turn, at=NOON - timedelta(minutes=turn + 1))], f"msc-{turn}.csv")
        records.compact("fraud", by=JOBS, now=NOON, force=True)
    assert RecordPart.objects.live().count() == 6

    records.compact("fraud", by=JOBS, now=NOON + timedelta(days=1))

    assert RecordPart.objects.live().count() == 2
    assert found(period=WIDE) == ["R2", "R1", "R0"]


def test_a_changed_file_is_named(store):
    load(store, [line(1)])
    assert list(queries.verify(by=ANALYST, now=NOON)) == []

    path = next((store / "records").rglob("*.parquet"))
    path.write_bytes(path.read_bytes() + b"x")

    assert [fault.what for fault in queries.verify(by=ANALYST, now=NOON)] == ["was changed"]


def test_files_left_in_the_folder_are_loaded_and_put_away(store, settings):
    inbox = store / "inbox"
    inbox.mkdir()
    settings.TECUM_RECORDS_INBOX = str(inbox)
    now = datetime.now(UTC)  # noqa: TID251  the age of a file is real
    good = write(inbox / "msc-1.csv", [line(1, at=now - timedelta(hours=1))])
    bad = write(inbox / "msc-2.csv", [line(2)], header=HEADER.replace("START", "BEGUN"))
    growing = write(inbox / "msc-3.csv", [line(3, at=now - timedelta(hours=1))])
    for path in (good, bad):
        os.utime(path, (now.timestamp() - 60, now.timestamp() - 60))

    lane.step(lambda: now)

    assert sorted(path.name for path in inbox.rglob("*") if path.is_file()) == [
        "msc-1.csv", "msc-2.csv", "msc-2.csv.why.txt", "msc-3.csv",
    ]  # fmt: skip
    assert growing.exists()
    assert "has no column START" in (inbox / "refused" / "msc-2.csv.why.txt").read_text()
    assert (inbox / "loaded" / "msc-1.csv").exists()
    assert "records" in all_lanes()


def test_a_day_that_was_heard_stays_known_after_it_is_purged(store):
    load(store, [line(1, at=OLD)])
    records.purge("fraud", by=JOBS, now=LATER)

    row = RecordDay.objects.get(day=OLD.date())
    assert row.purged_at == LATER
    assert row.purge.rows == 1
