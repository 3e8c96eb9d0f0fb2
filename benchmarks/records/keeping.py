"""Bars B3 and B4: what a day costs when it comes and when it goes."""

import argparse
import gzip
import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.records.ground import LAST, NOW, Took, best, clocked, ours, place, setup
from benchmarks.records.traffic import csv_of

TABLE = "id text, a text, b text, start timestamp, secs int, msc text, cell text, imei text, imsi text"


def b3(options: argparse.Namespace) -> None:
    """Load the last day into an empty store; COPY the same file into a table of PostgreSQL and index it twice."""
    import psycopg

    address = os.environ["TECUM_DATABASE_URL"]  # of `python -m tests.postgres`
    options.folder = str(Path(options.folder) / "b3")
    shutil.rmtree(place(options), ignore_errors=True)
    setup(options)
    from tecum.records import operations as records

    path = csv_of(options, LAST)
    loaded, report = clocked(lambda: records.load(path, by=ours(), now=NOW))
    with psycopg.connect(address) as db, db.cursor() as cursor:
        cursor.execute(f"CREATE TABLE cdr ({TABLE})")

        def fill() -> None:
            with cursor.copy("COPY cdr FROM STDIN (FORMAT csv, HEADER)") as copy, gzip.open(path) as file:
                while block := file.read(1 << 20):
                    copy.write(block)
            cursor.execute("CREATE INDEX ON cdr (a, start)")
            cursor.execute("CREATE INDEX ON cdr (b, start)")
            db.commit()

        cursor.execute(
            "SET max_parallel_maintenance_workers = 0"
        )  # so that one process does it, whose time we can read
        copied, _ = clocked(fill, db.info.backend_pid)
    print(
        f"{report.rows:,} rows: load {loaded.wall:.1f} s ({loaded.cpu:.1f} of processor), COPY and two btrees {copied.wall:.1f} s"
        f" ({copied.cpu:.1f}): {loaded.over(copied)}"
    )


def b4(options: argparse.Namespace) -> None:
    """Purge the oldest days one by one; remove a copy of the same files, in the same folders, before each."""
    from tecum.records import operations as records

    root = place(options) / "records" / "fraud"
    assert (
        records.purge("fraud", by=ours(), now=NOW) == 0
    )  # the guide is read and the database open, as in a running lane
    told: list[tuple[Took, Took]] = []
    files = left = 0
    for _ in range(options.days):
        day = min(path.name for path in (root / "calling").glob("day=*"))
        here = [root / side / day for side in ("calling", "called")]
        parts = [path for folder in here for path in folder.rglob("*.parquet")]
        copy = place(options) / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        for folder in here:
            shutil.copytree(folder, copy / folder.parent.name)
        os.sync()
        removal, _ = clocked(lambda copy=copy: shutil.rmtree(copy))
        over = datetime.fromisoformat(day[4:] + "T12:00+00:00") + timedelta(days=32)
        purged, days = clocked(lambda over=over: records.purge("fraud", by=ours(), now=over))
        assert days == 1, days
        told.append((purged, removal))
        files, left = files + len(parts), left + sum(path.exists() for path in parts)
        print(
            f"{day}: {len(parts)} files; purge {purged.wall * 1000:.1f} ms ({purged.cpu * 1000:.1f} of processor), removal"
            f" {removal.wall * 1000:.2f} ms ({removal.cpu * 1000:.2f}): {purged.over(removal)}",
            flush=True,
        )
    ours_best, theirs_best = best([each for each, _ in told]), best([each for _, each in told])
    print(f"{len(told)} days, {files} files, {left} left; best against best: {ours_best.over(theirs_best)}")
