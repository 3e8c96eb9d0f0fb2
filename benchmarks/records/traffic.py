"""
Days of made-up traffic. Every value is a hash of its row and day, so that the same rows come about on every machine.

Few people call much (the density of callers falls with the power of two thirds), one call in twenty-five goes to one of 200 numbers
that everybody calls, nights are five times quieter than days, durations fall off exponentially.
"""

import argparse
import resource
import time
from datetime import date, timedelta
from pathlib import Path

import duckdb

from benchmarks.records.ground import DAYS, LAST, NOW, ours, place

FIRST = 2_902_000_000
SERVICES = 200


def people(options: argparse.Namespace) -> int:
    """Return how many subscribers there are: a hundred rows for each."""
    return max(1000, options.rows // 100)


def share(day: date, salt: int) -> str:
    """Return the SQL of a number from 0 to 1 that depends on row, day and salt alone."""
    return f"((hash(i * 8 + {salt}, {day.toordinal()}) >> 11)::DOUBLE / 9007199254740992)"


def csv_of(options: argparse.Namespace, day: date) -> Path:
    """Write one day as a switch would."""
    path = place(options) / f"day-{day}.csv.gz"
    if path.exists():
        return path
    rows, many = options.rows // DAYS, people(options)
    somebody = [
        f"(CAST({FIRST} + floor(pow({share(day, salt)}, 3) * {many}) AS BIGINT))::VARCHAR" for salt in (1, 2)
    ]
    service = f"(CAST({FIRST + many} + floor({share(day, 3)} * 25 * {SERVICES}) AS BIGINT))::VARCHAR"
    called = f"CASE WHEN {share(day, 3)} < 0.04 THEN {service} ELSE {somebody[1]} END"
    x = f"(i * 19.2 / {rows})"
    second = f"CASE WHEN {x} < 1.2 THEN {x} * 18000 ELSE 21600 + ({x} - 1.2) * 3600 END"
    part = path.with_suffix(".part")
    duckdb.connect().execute(
        f"COPY (SELECT '{day:%m%d}' || i AS ID, {somebody[0]} AS A, {called} AS B,"
        f" strftime(TIMESTAMP '{day} 00:00:00' + to_seconds(CAST(floor({second}) AS BIGINT)), '%Y-%m-%d %H:%M:%S') AS START,"
        f" CAST(floor(-90 * ln({share(day, 4)} + 1e-9)) AS INTEGER) AS SECS, 'MSC' || i % 12 AS MSC,"
        f" 'C' || CAST(floor({share(day, 5)} * 4000) AS INTEGER) AS CELL,"
        f" (350000000000000 + CAST(floor({share(day, 6)} * 1e7) AS BIGINT))::VARCHAR AS IMEI,"
        f" (310120000000000 + CAST(floor({share(day, 7)} * 1e7) AS BIGINT))::VARCHAR AS IMSI"
        f" FROM range({rows}) t(i)) TO '{part}' (FORMAT csv, HEADER, COMPRESSION gzip)"
    )
    return part.rename(path)


def make(options: argparse.Namespace) -> None:
    """Load 30 days as they would come, one after the other, and compact what is due."""
    from tecum.records import operations as records

    began, rows, loading = time.perf_counter(), 0, 0.0
    for back in reversed(range(DAYS)):
        path = csv_of(options, LAST - timedelta(days=back))
        start = time.perf_counter()
        report = records.load(path, by=ours(), now=NOW)
        took = time.perf_counter() - start
        rows, loading = rows + report.rows, loading + took
        print(f"{path.name}: {report.rows:,} rows in {took:.2f} s", flush=True)
    records.compact("fraud", by=ours(), now=NOW, force=True)
    size = sum(path.stat().st_size for path in (place(options) / "records").rglob("*.parquet"))
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(
        f"{rows:,} rows in {time.perf_counter() - began:.0f} s, {loading:.0f} s of it loading ({rows / max(loading, 1e-9):,.0f} a"
        f" second); {size / max(rows, 1):.1f} bytes for a row, both copies; at most {memory:.0f} MiB in a worker"
    )


def subscribers(options: argparse.Namespace) -> list[str]:
    """Return ten people from those who call much to those who call little."""
    return [str(FIRST + people(options) * part // 100) for part in (5, 12, 20, 33, 47, 58, 66, 79, 91, 97)]


def destination(options: argparse.Namespace) -> str:
    """Return a number that many people call."""
    return str(FIRST + people(options) + 7)
