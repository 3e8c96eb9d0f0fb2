"""Bars B2 and B5: the distributed engine over the same files, for its time and for its answers."""

import argparse
import hashlib
import os
from collections.abc import Iterable
from typing import Any

import duckdb

from benchmarks.records.asking import TURNS, scope_of, through_the_store, worker
from benchmarks.records.ground import NOW, Took, best, clocked, place
from benchmarks.records.traffic import destination, subscribers


def b2(options: argparse.Namespace) -> None:
    """Ask for five people in turn; Spark gets the questions with the files that the store's manifest chose."""
    from tecum.policy import queries as policy
    from tecum.records.drivers.spark import SparkEngine
    from tecum.records.operations import searching

    store = policy.at(NOW).record_stores[0]
    engine = SparkEngine("local[2]")
    people = subscribers(options)[::2]

    def spark(person: str) -> int:
        _, asks, _ = searching._plan(scope_of(person), "fraud", [person], "party", store, NOW)
        return sum(1 for _ in engine.rows(asks))

    through_the_store(people[0])
    spark(people[0])  # both are warm
    pid = worker()
    here, there = [], []
    for person in people:
        told: tuple[list[Took], list[Took]] = ([], [])
        for _ in range(TURNS):
            took, found = clocked(lambda person=person: through_the_store(person), pid)
            told[0].append(took)
            took, count = clocked(lambda person=person: spark(person))
            told[1].append(took)
            assert len(found) == count
        here.append(best(told[0]).wall)
        there.append(best(told[1]).wall)
    a, b = sorted(here)[len(here) // 2], sorted(there)[len(there) // 2]
    print(f"{options.rows:,} rows: store {a * 1000:.0f} ms, PySpark local[2] {b * 1000:.0f} ms: {a / b:.2f}")
    engine.close()


Triple = tuple[int, int, str]


def triple(rows: Iterable[tuple[Any, ...]]) -> Triple:
    """Return count, sum of ids and the hash over every column of every row, in order."""
    count, total, digest = 0, 0, hashlib.sha256()
    for row in rows:
        count, total = count + 1, total + int(row[0])
        digest.update(("|".join(map(str, row)) + "\n").encode())
    return count, total, digest.hexdigest()[:16]


def shown(found: Iterable[Any]) -> list[tuple[Any, ...]]:
    """Return the columns that the switch wrote, as it wrote them."""
    return [
        (
            each.record_id, each.calling, each.called, f"{each.start:%Y-%m-%d %H:%M:%S}",
            int(each.duration.total_seconds()), each.switch, each.first_cell, each.imei, each.imsi,
        )
        for each in found
    ]  # fmt: skip


def brute(options: argparse.Namespace, people: list[str], to: str) -> dict[str, Triple]:
    """Read every line of every CSV file, and of the days that are there keep those of these numbers: no store, no index, no scope."""
    listed = ", ".join(f"'{each}'" for each in [*people, to])
    names = ("ID", "A", "B", "START", "SECS", "MSC", "CELL", "IMEI", "IMSI")
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    days = [
        path.name for path in (place(options) / "records" / "fraud" / "calling").glob("day=*")
    ]  # b4 purges some
    rows = duckdb.connect().execute(
        f"SELECT {', '.join(names)} FROM read_csv('{place(options)}/day-*.csv.gz', header = true, columns = {{{columns}}})"
        f" WHERE START >= '{min(days)[4:]}' AND (A IN ({listed}) OR B IN ({listed})) ORDER BY START, ID"
    ).fetchall()  # fmt: skip
    found = {person: triple(row for row in rows if person in (row[1], row[2])) for person in people}
    return {**found, to: triple(row for row in rows if row[2] == to)}


def b5(options: argparse.Namespace) -> None:
    """Ask both engines for ten people and one destination, through the same scopes, and hold both against the CSV files."""
    from django.conf import settings

    from tecum.records.drivers import choice

    people, to = subscribers(options), destination(options)
    told: dict[str, dict[str, Triple]] = {"the CSV files": brute(options, people, to)}
    for engine in ("duckdb", "spark:" + os.environ.get("TECUM_TEST_SPARK", "local-cluster[2,1,1024]")):
        settings.TECUM_RECORDS_ENGINE = engine
        told[engine] = {person: triple(shown(through_the_store(person))) for person in people}
        told[engine][to] = triple(shown(through_the_store(to, way="destination")))
        choice.engine().close()
    first = next(iter(told.values()))
    for name, each in told.items():
        verdict = "equal" if each == first else "DIFFERENT"
        total = sum(count for count, _, _ in each.values())
        print(f"{name}: {len(each)} questions, {total:,} rows, {verdict}")
    if any(each != first for each in told.values()):
        raise SystemExit(1)
