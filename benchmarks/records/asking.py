"""Bars B1 and B6, and what else is asked: through the store with scope, manifest, trail and guarded process, against bare scans."""

import argparse
import os
import statistics
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.records.ground import NOW, Took, best, clocked, ours, place
from benchmarks.records.traffic import destination, subscribers

TURNS = 3


def scope_of(*numbers: str) -> Any:
    """Return a scope that grants each number the whole month."""
    from tecum.kernel.periods import Period
    from tecum.records.rules.scope import Grant, Scope

    period = Period(NOW - timedelta(days=31), NOW)
    return Scope("bench", "1", tuple(Grant("fraud", number, period, "-") for number in numbers))


def through_the_store(*numbers: str, way: str = "party") -> list[Any]:
    """Return the records of some numbers, as an analyst's search gets them."""
    from tecum.records import operations as records

    with records.calls_of_many(scope_of(*numbers), product="fraud", by=ours(), now=NOW, way=way) as found:  # type: ignore[arg-type]
        return list(found)


def worker() -> int:
    """Return the process that searches."""
    from tecum.records.drivers import choice

    return int(choice.engine()._idle[0].process.pid)  # type: ignore[attr-defined]


def bytes_read(pid: int) -> int:
    """Return how many bytes a process has read by system calls so far, from the disk or from memory."""
    return int(Path(f"/proc/{pid}/io").read_text().split()[1])


def plain_files(options: argparse.Namespace) -> Path:
    """Write the same rows once more, one file a day and side, sorted, row groups of 20,480, no buckets."""
    plain = place(options) / "plain"
    db = duckdb.connect()
    db.execute("SET memory_limit = '3GB'")
    for side in ("calling", "called"):
        for folder in sorted((place(options) / "records" / "fraud" / side).glob("day=*")):
            target = plain / side / f"{folder.name}.parquet"
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                db.execute(
                    f"COPY (FROM read_parquet('{folder}/*/*.parquet', hive_partitioning = false) ORDER BY {side}, start_at)"
                    f" TO '{target}.part' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480)"
                )
                os.rename(f"{target}.part", target)
    return plain


def scanner(plain: Path) -> tuple[str, Callable[[str], int]]:
    """Return a scan of the plain files as one writes it by hand, with Polars if it is here."""
    try:
        import polars as pl
    except ImportError:
        db = duckdb.connect()

        def by_duckdb(number: str) -> int:
            return len(
                db.execute(
                    f"SELECT * FROM read_parquet('{plain}/calling/*.parquet') WHERE calling = '{number}' UNION ALL"
                    f" SELECT * FROM read_parquet('{plain}/called/*.parquet') WHERE called = '{number}' AND calling <> '{number}'"
                    " ORDER BY start_at, record_id"
                ).fetchall()
            )

        return f"DuckDB {duckdb.__version__}", by_duckdb

    def by_polars(number: str) -> int:
        made = pl.scan_parquet(f"{plain}/calling/*.parquet").filter(pl.col("calling") == number)
        had = pl.scan_parquet(f"{plain}/called/*.parquet").filter(
            (pl.col("called") == number) & (pl.col("calling") != number)
        )
        return len(pl.concat([made, had]).sort("start_at", "record_id").collect().rows())

    return f"Polars {pl.__version__}", by_polars


def b1(options: argparse.Namespace) -> None:
    """Ask for ten people in turn, here and there, best of three each; and count what the searching process read."""
    plain = plain_files(options)
    name, scan = scanner(plain)
    stored = sum(path.stat().st_size for path in (place(options) / "records").rglob("*.parquet"))
    people = subscribers(options)
    through_the_store(people[0])
    pid = worker()
    here, there, read, rows = [], [], [], []
    for person in people:
        told: tuple[list[Took], list[Took]] = ([], [])
        for _ in range(TURNS):
            before = bytes_read(pid)
            took, found = clocked(lambda person=person: through_the_store(person), pid)
            read.append(bytes_read(pid) - before)
            told[0].append(took)
            took, count = clocked(lambda person=person: scan(person))
            told[1].append(took)
            assert len(found) == count, (person, len(found), count)
            assert worker() == pid
        here.append(best(told[0]))
        there.append(best(told[1]))
        rows.append(count)
    a, b = _middle(here), _middle(there)
    print(
        f"{options.rows:,} rows, {statistics.median(rows):.0f} of one subscriber: store {a.wall * 1000:.0f} ms"
        f" ({a.cpu * 1000:.0f} of processor), {name} over plain sorted files {b.wall * 1000:.0f} ms ({b.cpu * 1000:.0f}):"
        f" {a.over(b)}; the store read {statistics.median(read) / 1e6:.1f} MB of {stored / 1e6:,.0f}:"
        f" {statistics.median(read) / stored:.2%}"
    )


def _middle(told: list[Took]) -> Took:
    return Took(statistics.median(each.wall for each in told), statistics.median(each.cpu for each in told))


def b6(options: argparse.Namespace) -> None:
    """Ask for ten people of this store and of a smaller one, each in a process of its own, in turn; best of three."""
    import subprocess
    import sys

    told: dict[int, list[tuple[float, int]]] = {options.rows: [], options.smaller: []}
    for _ in range(TURNS):
        for rows in told:
            command = [
                sys.executable,
                "-m",
                "benchmarks.records",
                "b6",
                "--rows",
                str(rows),
                "--folder",
                options.folder,
            ]
            if options.smaller:
                done = subprocess.run(command, capture_output=True, text=True, check=True)
                milliseconds, count = done.stdout.split()[-2:]
                told[rows].append((float(milliseconds), int(count)))
    if not options.smaller:
        people = subscribers(options)
        through_the_store(people[0])
        each = [
            best([clocked(lambda person=person: through_the_store(person))[0] for _ in range(TURNS)])
            for person in people
        ]
        counts = [len(through_the_store(person)) for person in people]
        print(
            f"{options.rows:,} rows; milliseconds and rows: {_middle(each).wall * 1000:.1f} {statistics.median(counts):.0f}"
        )
        return
    (big, many), (small, few) = min(told[options.rows]), min(told[options.smaller])
    print(
        f"{options.rows:,} rows {big:.0f} ms for {many} rows of one subscriber, {options.smaller:,} rows {small:.0f} ms for {few}:"
        f" {big / small:.2f}"
    )


def more(options: argparse.Namespace) -> None:
    """Ask the other questions through the store, and the same SQL of DuckDB in this process on the same files."""
    from tecum.policy import queries as policy
    from tecum.records import operations as records
    from tecum.records.drivers import choice
    from tecum.records.drivers import worker as guarded
    from tecum.records.drivers.duck import _question
    from tecum.records.operations import searching

    many = [str(int(subscribers(options)[4]) + step) for step in range(25)]
    through_the_store(many[0])
    pid = worker()
    db = duckdb.connect()
    db.execute(f"SET threads = {choice.threads()}")
    store = policy.at(NOW).record_stores[0]

    def bare(numbers: list[str], way: str) -> int:
        _, asks, _ = searching._plan(scope_of(*numbers), "fraud", numbers, way, store, NOW)  # type: ignore[arg-type]
        rows = 0
        for ask in asks:
            question = _question(ask)
            sql = f"SELECT {guarded.PICKED} FROM ({guarded._rows(question)}) ORDER BY start_at, record_id"
            rows += len(db.execute(sql, guarded._values(question)).fetchall())
        return rows

    for what, numbers, way in (
        ("one subscriber", many[:1], "party"), ("25 numbers", many, "party"), ("calls to a destination", [destination(options)], "destination"),
    ):  # fmt: skip
        told: tuple[list[Took], list[Took]] = ([], [])
        for _ in range(TURNS):
            took, found = clocked(lambda n=numbers, w=way: through_the_store(*n, way=w), pid)
            told[0].append(took)
            took, count = clocked(lambda n=numbers, w=way: bare(n, w))
            told[1].append(took)
            assert len(found) == count
        a, b = best(told[0]), best(told[1])
        print(
            f"{what}: {count:,} rows, store {a.wall * 1000:.0f} ms, DuckDB itself {b.wall * 1000:.0f} ms: {a.over(b)}"
        )
    took, dry = clocked(
        lambda: records.dry_run(scope_of(*many), product="fraud", by=ours(), now=NOW, numbers=many), pid
    )
    print(f"dry run of 25 numbers: {dry.rows:,} rows would come, {took.wall * 1000:.0f} ms")
