"""
Bars of the call-detail store (docs/reference/measurements.md holds what was measured).

make: synthetic days with realistic skew, each a CSV.gz, loaded through the real load.
b1:   one subscriber's 30 days through the store against a hand-written scan of the same rows without buckets; bytes read.
b3:   loading a day against PostgreSQL's COPY of the same rows + two btrees (under `python -m tests.postgres`).
b4:   purging a day against removing the same files; bytes returned.
b6:   the time of one subscriber's month in this store, to be divided by that of one ten times smaller.
B2 and B5 are the conformance suite with TECUM_TEST_SPARK (tests/faults/test_the_engines_agree.py).

    python -m benchmarks.records make --rows 10000000
    python -m benchmarks.records b1 --rows 10000000

Everything lies under --folder (default /tmp/tecum-bench-records) and is kept for the next command.
"""

import argparse
import gzip
import os
import secrets
import shutil
import statistics
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb

DAYS = 30
LAST = date(2026, 9, 7)
NOW = datetime(2026, 9, 8, 12, 0, tzinfo=UTC)
GUIDE = """
[guide]
name = "bench"
version = "1"
effective_from = 2020-01-01
[carrier]
name = "Bench"
zone = "UTC"
[[products]]
id = "fraud"
name = "Fraud"
[[record_stores]]
id = "fraud"
name = "Fraud"
products = ["fraud"]
keeps = "31 days"
[[switch_formats]]
id = "msc"
name = "Switches"
store = "fraud"
files = ["day-*"]
zone = "UTC"
columns = { record_id = "ID", calling = "A", called = "B", dialed = "B", start = "START", duration = "SECS", switch = "MSC", first_cell = "CELL", imei = "IMEI", imsi = "IMSI" }
[switch_formats.believable]
mean_factor = 1000
"""


def place(options: argparse.Namespace) -> Path:
    return Path(options.folder) / str(options.rows)


def setup(options: argparse.Namespace) -> None:
    """Start Django on an application database of this benchmark."""
    folder = place(options)
    (folder / "guide").mkdir(parents=True, exist_ok=True)
    (folder / "guide" / "guide.toml").write_text(GUIDE)
    os.environ.update(
        DJANGO_SETTINGS_MODULE="tecum.config.settings",
        TECUM_DATA=str(folder),
        TECUM_DATABASE_URL=f"sqlite:{folder / 'app.sqlite'}",
        TECUM_GUIDE=str(folder / "guide"),
        TECUM_SECRET_KEY=secrets.token_hex(32),
        TECUM_INSECURE_LOOPBACK="1",
        TECUM_RECORDS_MEMORY="3GB",
        TECUM_LOG_LEVEL="ERROR",
    )
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def number(expression: str, people: int) -> str:
    """Return the SQL of a number from a share in 0 to 1; the third power makes few people call much."""
    return f"(2902000000 + CAST(floor(pow({expression}, 3) * {people}) AS BIGINT))::VARCHAR"


def csv_of(options: argparse.Namespace, day: date) -> Path:
    """Write one day as a switch would."""
    path = place(options) / f"day-{day}.csv.gz"
    if not path.exists():
        rows, people = options.rows // DAYS, max(1000, options.rows // 100)
        db = duckdb.connect()
        db.execute("SELECT setseed(0.4)")
        start = f"TIMESTAMP '{day} 00:00:00' + to_seconds(CAST(floor(i * 86400.0 / {rows}) AS BIGINT))"
        db.execute(
            f"COPY (SELECT '{day:%m%d}' || i AS ID, {number('random()', people)} AS A, {number('random()', people)} AS B,"
            f" strftime({start}, '%Y-%m-%d %H:%M:%S') AS START, CAST(floor(-90 * ln(random() + 1e-9)) AS INTEGER) AS SECS,"
            " 'MSC' || i % 12 AS MSC, 'C' || CAST(floor(random() * 4000) AS INTEGER) AS CELL,"
            " (350000000000000 + CAST(floor(random() * 1e7) AS BIGINT))::VARCHAR AS IMEI,"
            " (310120000000000 + CAST(floor(random() * 1e7) AS BIGINT))::VARCHAR AS IMSI"
            f" FROM range({rows}) t(i)) TO '{path}' (HEADER, COMPRESSION gzip)"
        )
    return path


def make(options: argparse.Namespace) -> None:
    from tecum.kernel.actors import Actor
    from tecum.records import operations as records

    began, rows = time.perf_counter(), 0
    for back in reversed(range(DAYS)):
        path = csv_of(options, LAST - timedelta(days=back))
        start = time.perf_counter()
        rows += records.load(path, by=Actor.system("bench"), now=NOW).rows
        print(f"{path.name}: {time.perf_counter() - start:.2f} s", flush=True)
    records.compact("fraud", by=Actor.system("bench"), now=NOW, force=True)
    size = sum(path.stat().st_size for path in (place(options) / "records").rglob("*.parquet"))
    print(
        f"{rows:,} rows in {time.perf_counter() - began:.1f} s; {size / max(rows, 1):.1f} bytes for a row, both copies"
    )


def month(options: argparse.Namespace, person: str) -> tuple[float, int]:
    from tecum.kernel.actors import Actor
    from tecum.kernel.periods import Period
    from tecum.records import operations as records
    from tecum.records.rules.scope import Grant, Scope

    period = Period(NOW - timedelta(days=31), NOW)
    scope = Scope("bench", "1", (Grant("fraud", person, period, "-"),))
    start = time.perf_counter()
    with records.calls_of(scope, product="fraud", number=person, by=Actor.system("bench"), now=NOW) as found:
        count = sum(1 for _ in found)
    return time.perf_counter() - start, count


def some(options: argparse.Namespace) -> list[str]:
    people = max(1000, options.rows // 100)
    return [str(2_902_000_000 + people * share // 100) for share in (5, 12, 20, 33, 47, 58, 66, 79, 91, 97)]


def b1(options: argparse.Namespace) -> None:
    """Compare with one file a day and side, sorted, row groups of 20,480, read by DuckDB in this very process."""
    plain = place(options) / "plain"
    root = place(options) / "records" / "fraud"
    db = duckdb.connect()
    for side in ("calling", "called"):
        for folder in sorted((root / side).glob("day=*")):
            target = plain / side / f"{folder.name}.parquet"
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                db.execute(
                    f"COPY (FROM read_parquet('{folder}/*/*.parquet', hive_partitioning = false) ORDER BY {side}, start_at)"
                    f" TO '{target}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480)"
                )
    ours, theirs = [], []
    month(options, some(options)[0])  # the worker is there
    for person in some(options):
        seconds, count = month(options, person)
        ours.append(seconds)
        start = time.perf_counter()
        rows = db.execute(
            f"SELECT * FROM read_parquet('{plain}/calling/*.parquet') WHERE calling = '{person}' UNION ALL"
            f" SELECT * FROM read_parquet('{plain}/called/*.parquet') WHERE called = '{person}' AND calling <> '{person}'"
            " ORDER BY start_at, record_id"
        ).fetchall()
        theirs.append(time.perf_counter() - start)
        assert len(rows) == count, (len(rows), count)
    a, b = statistics.median(ours), statistics.median(theirs)
    print(f"store {a * 1000:.0f} ms, plain files in this process {b * 1000:.0f} ms: {a / b:.2f}")


def b3(options: argparse.Namespace) -> None:
    import psycopg

    address = os.environ["TECUM_DATABASE_URL"]  # of `python -m tests.postgres`
    options.folder = str(Path(options.folder) / "b3")
    shutil.rmtree(options.folder, ignore_errors=True)
    setup(options)
    from tecum.kernel.actors import Actor
    from tecum.records import operations as records

    path = csv_of(options, LAST)
    start = time.perf_counter()
    rows = records.load(path, by=Actor.system("bench"), now=NOW).rows
    ours = time.perf_counter() - start
    with psycopg.connect(address) as db, db.cursor() as cursor:
        columns = (
            "id text, a text, b text, start timestamp, secs int, msc text, cell text, imei text, imsi text"
        )
        cursor.execute(f"CREATE TEMP TABLE cdr ({columns})")
        start = time.perf_counter()
        with cursor.copy("COPY cdr FROM STDIN (FORMAT csv, HEADER)") as copy, gzip.open(path) as file:
            while block := file.read(1 << 20):
                copy.write(block)
        cursor.execute("CREATE INDEX ON cdr (a, start)")
        cursor.execute("CREATE INDEX ON cdr (b, start)")
        theirs = time.perf_counter() - start
    print(f"{rows:,} rows: load {ours:.1f} s, COPY and two btrees {theirs:.1f} s: {ours / theirs:.2f}")


def b4(options: argparse.Namespace) -> None:
    from tecum.kernel.actors import Actor
    from tecum.records import operations as records

    root = place(options) / "records" / "fraud"
    first = min(path.name for path in (root / "calling").glob("day=*"))
    files = [path for side in ("calling", "called") for path in (root / side / first).rglob("*.parquet")]
    copy = place(options) / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir()
    for path in files:
        shutil.copy(path, copy)
    start = time.perf_counter()
    shutil.rmtree(copy)
    theirs = time.perf_counter() - start
    start = time.perf_counter()
    days = records.purge(
        "fraud",
        by=Actor.system("bench"),
        now=datetime.fromisoformat(first[4:] + "T12:00+00:00") + timedelta(days=32),
    )
    ours = time.perf_counter() - start
    left = sum(path.exists() for path in files)
    print(
        f"{days} day, {len(files)} files: purge {ours * 1000:.0f} ms, removal {theirs * 1000:.1f} ms: {ours / theirs:.1f}; {left} files left"
    )


def b6(options: argparse.Namespace) -> None:
    month(options, some(options)[0])
    told = [month(options, person) for person in some(options)]
    print(
        f"{options.rows:,} rows: {statistics.median(each[0] for each in told) * 1000:.0f} ms for"
        f" {statistics.median(each[1] for each in told):.0f} rows of one subscriber"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=["make", "b1", "b3", "b4", "b6"])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--folder", default="/tmp/tecum-bench-records")  # noqa: S108
    given = parser.parse_args()
    if given.command != "b3":
        setup(given)
    globals()[given.command](given)
