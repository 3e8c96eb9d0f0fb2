"""
Bars A1 to A5 of the number inventory (docs/reference/measurements.md holds what was measured).

A1: a whole snapshot load against PostgreSQL's COPY + primary key of the same rows: at most 0.8 of its time, at most 4 GB.
A2: a 25-number look-up, p50, against numpy's searchsorted over the same runs: SQLite at most 6, PostgreSQL 9 times.
A3: its p99 while 100,000 changes apply against idle: SQLite at most 4, PostgreSQL 5 times, and no error.
A4: bytes for a number against a SQLite table of rows: at most 0.25, at about ten numbers in a run.
A5: 100,000 changes with history against the same on a table of rows: at most 1.25 times.
show: `tecum numbers load` with 1,000 look-ups while it runs.

    python -m benchmarks.inventory make --numbers 100000000
    python -m tests.postgres python -m benchmarks.inventory a1 --numbers 100000000

Every command makes what it needs under --folder (default /tmp/tecum-bench) and keeps it for the next one.
"""

import argparse
import multiprocessing
import os
import random
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import psycopg

from tecum.inventory.drivers import loading, staging
from tecum.inventory.drivers.engine import Engine, Numbered
from tecum.inventory.drivers.loading import Load
from tecum.inventory.drivers.postgres import PostgresEngine
from tecum.inventory.drivers.sqlite import SqliteEngine
from tecum.inventory.rules.timeline import Fact, Kind

NOON = datetime(2026, 9, 8, 16, 0, tzinfo=UTC)
ZONE = ZoneInfo("America/New_York")
FIRST = 2_902_000_000  # area codes with a middle 9, which nobody can have
EXCHANGES = 8_000_000  # numbers in one area code
BATCH, EVENTS = 25, 100_000
BARS = {
    "a1": 0.8,
    "a2": {"sqlite": 6.0, "postgresql": 9.0},
    "a3": {"sqlite": 4.0, "postgresql": 5.0},
    "a4": 0.25,
    "a5": 1.25,
}
MOST_MEMORY = 4.0  # GB


def number_at(index: int) -> int:
    """Return the n-th number of the invented carrier: 290-200-0000 and on, eighty area codes."""
    area, rest = divmod(index, EXCHANGES)
    return (200 + area // 10 * 100 + 90 + area % 10) * 10_000_000 + 2_000_000 + rest


def make(folder: Path, numbers: int) -> Path:
    """Write the snapshot, one line per number in about ten-number runs, and return its path."""
    path = folder / f"numbers-{numbers}.csv.gz"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    owner = "CASE WHEN hash(i // 7) % 3 = 0 THEN hash(i // 7) ELSE hash(i // 20) END"
    db = duckdb.connect()
    db.execute("SET memory_limit = '2GB'")
    part = path.with_suffix(".part")
    db.execute(f"""COPY (
        SELECT ((2 + i // 80000000) * 100 + 90 + (i // 8000000) % 10) * 10000000 + 2000000 + i % 8000000 AS number,
            NULL AS number_to, 'C-' || lpad(({owner} % 400)::VARCHAR, 5, '0') AS customer_id,
            DATE '2000-01-01' + ({owner} % 9000)::INTEGER AS in_service_date
        FROM range({numbers}) AS t (i)) TO '{part}' (FORMAT csv, HEADER, COMPRESSION gzip)""")
    part.rename(path)
    return path


def engines(folder: Path, numbers: int) -> Iterator[Engine]:
    """Yield the embedded engine, and the server's where TECUM_DATABASE_URL names one."""
    yield SqliteEngine(folder / f"sqlite-{numbers}")
    if address := os.environ.get("TECUM_DATABASE_URL", ""):
        yield PostgresEngine(address, f"bench_{numbers}")


def load(engine: Engine, path: Path, folder: Path, *, say: bool = True) -> float:
    """Load a snapshot as `tecum numbers load` does, without the application's records; return the seconds."""
    began = time.perf_counter()
    meta = engine.meta()
    file = staging.look_at(path)

    seen: set[str] = set()

    def progress(stage: str, share: float | None) -> None:
        if say and stage not in seen:
            seen.add(stage)
            print(f"  [{time.perf_counter() - began:6.1f} s] {stage}", file=sys.stderr)

    with engine.lock(), staging.workplace(folder) as place:
        old = place / "old.tsv" if meta else None
        if old:
            engine.dump(old)
        staged = staging.stage(
            file,
            folder=place,
            old=old,
            rejects=folder / "rejects.csv",
            today=date(2026, 9, 8),
            memory="2GB",
            progress=progress,
        )
        changes, edits = staged.changes()
        progress("applying", None)
        at = meta.as_of + timedelta(hours=1) if meta else NOON
        done = Load(engine, meta, os.urandom(8).hex(), "snapshot", path.name, staged.sha256, at, at, ZONE)
        loading.snapshot(done, staged, changes, edits=edits)
    return time.perf_counter() - began


def loaded(engine: Engine, folder: Path, numbers: int) -> Engine:
    """Return an engine that holds the invented carrier."""
    if engine.meta() is None:
        load(engine, make(folder, numbers), folder / "work")
    return engine


def a1(folder: Path, numbers: int) -> bool:
    """Measure whole loads of one file, and PostgreSQL's COPY of the same rows."""
    path = make(folder, numbers)
    seconds: dict[str, float] = {}
    for engine in engines(folder / os.urandom(4).hex(), numbers):
        seconds[engine.name] = load(engine, path, folder / "work")
        assert engine.meta() is not None and engine.meta().total == numbers  # type: ignore[union-attr]
        engine.close()
    memory = (
        max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        / 1e6
    )
    base = _copy(path)
    good = memory <= MOST_MEMORY
    for name, took in seconds.items():
        good &= took <= BARS["a1"] * base
        print(
            f"A1 {name} {numbers:,} numbers: {took:.1f} s, COPY + key {base:.1f} s: {took / base:.2f} (bar {BARS['a1']}); {memory:.2f} GB (bar {MOST_MEMORY:.0f})"
        )
    return good


def _copy(path: Path) -> float:
    with psycopg.connect(os.environ["TECUM_DATABASE_URL"], autocommit=True) as db:
        db.execute("DROP TABLE IF EXISTS plain")
        db.execute(
            "CREATE TABLE plain (number bigint, number_to bigint, customer_id text, in_service_date date)"
        )
        began = time.perf_counter()
        with (
            subprocess.Popen(["gzip", "-dc", str(path)], stdout=subprocess.PIPE) as unzip,
            db.cursor().copy("COPY plain FROM STDIN (FORMAT csv, HEADER)") as copy,
        ):
            while block := unzip.stdout.read(1 << 20):  # type: ignore[union-attr]
                copy.write(block)
        db.execute("ALTER TABLE plain ADD PRIMARY KEY (number)")
        took = time.perf_counter() - began
        db.execute("DROP TABLE plain")
    return took


def batches(numbers: int, count: int, *, seed: int = 7) -> list[list[int]]:
    """Return look-ups of 25 numbers each, all over the inventory and a little beyond."""
    chance = random.Random(seed)
    return [[number_at(chance.randrange(int(numbers * 1.02))) for _ in range(BATCH)] for _ in range(count)]


def timed(ask: Callable[[list[int]], object], asked: list[list[int]]) -> list[float]:
    """Return the milliseconds of each look-up."""
    found = []
    for batch in asked:
        began = time.perf_counter()
        ask(batch)
        found.append((time.perf_counter() - began) * 1000)
    return found


def a2(folder: Path, numbers: int) -> bool:
    """Measure look-ups against the limit: a search in arrays that lie in memory."""
    good = True
    for engine in engines(folder, numbers):
        loaded(engine, folder, numbers)
        arrays = _arrays(engine, folder)
        asked = batches(numbers, 4000)

        def limit(batch: list[int], arrays: tuple[np.ndarray, ...] = arrays) -> tuple[np.ndarray, ...]:
            """Search and gather, with nothing made of it in Python."""
            s, e, customers, days, refs = arrays
            asked = np.array(batch)
            places = np.searchsorted(s, asked, side="right") - 1
            found = places[e[places] >= asked]
            return refs[customers[found]], days[found]

        for ask in (engine.look_up, limit):
            timed(ask, asked[:1000])
        ours, base = (statistics.median(timed(ask, asked[1000:])) for ask in (engine.look_up, limit))
        bar = BARS["a2"][engine.name]
        good &= ours <= bar * base
        print(
            f"A2 {engine.name} {numbers:,} numbers: {ours:.3f} ms, numpy {base:.3f} ms: {ours / base:.1f} (bar {bar:.0f})"
        )
        engine.close()
    return good


def _arrays(engine: Engine, folder: Path) -> tuple[np.ndarray, ...]:
    path = folder / f"dump-{os.getpid()}.tsv"
    engine.dump(path)
    db = duckdb.connect()
    columns = "{'s': 'BIGINT', 'e': 'BIGINT', 'c': 'VARCHAR', 'd': 'BIGINT'}"
    found = db.execute(
        f"SELECT s, e, dense_rank() OVER (ORDER BY c) - 1 AS c, d FROM read_csv('{path}', delim = '\t', header = false,"
        f" columns = {columns}, auto_detect = false) ORDER BY s"
    ).fetchnumpy()
    refs = db.execute(
        f"SELECT DISTINCT c FROM read_csv('{path}', delim = '\t', header = false, columns = {columns}, auto_detect = false) ORDER BY c"
    ).fetchall()
    path.unlink()
    return found["s"], found["e"], found["c"], found["d"], np.array([row[0] for row in refs])


def events(numbers: int, count: int, *, at: datetime, seed: int) -> list[Numbered]:
    """Return changes of distinct numbers, by ascending number: moves, ends and beginnings."""
    chance = random.Random(seed)
    chosen = sorted(chance.sample(range(numbers), count))
    kinds = (Kind.TRANSFER, Kind.TRANSFER, Kind.DISCONNECT, Kind.PORT_OUT)
    return [
        Numbered(
            number_at(index),
            Fact(
                at,
                kind,
                "" if kind in (Kind.DISCONNECT, Kind.PORT_OUT) else f"C-{chance.randrange(400):05}",
                "",
                at,
                n + 1,
            ),
        )
        for n, index in enumerate(chosen)
        for kind in [chance.choice(kinds)]
    ]


def feed(engine: Engine, facts: list[Numbered]) -> float:
    """Apply changes as `tecum numbers apply` does after reading the file; return the seconds."""
    meta = engine.meta()
    assert meta
    with engine.lock():
        at = facts[0].fact.at
        done = Load(engine, meta, os.urandom(8).hex(), "feed", "feed.csv", "0" * 64, at, at, ZONE)
        facts = [Numbered(number, fact._replace(epoch=meta.snapshot_as_of)) for number, fact in facts]
        began = time.perf_counter()
        loading.feed(done, facts, position=meta.feed_position + len(facts))
        return time.perf_counter() - began


def _apply_in_child(engine: Engine, facts: list[Numbered], go: object, over: object) -> None:
    go.wait()  # type: ignore[attr-defined]
    took = feed(engine, facts)
    over.put(took)  # type: ignore[attr-defined]


def a3(folder: Path, numbers: int) -> bool:
    """Measure look-ups while changes apply in another process."""
    good = True
    for engine in engines(folder, numbers):
        loaded(engine, folder, numbers)
        asked = batches(numbers, 3000, seed=11)
        timed(engine.look_up, asked[:500])
        idle = _p99(timed(engine.look_up, asked))
        engine.close()
        spawn = multiprocessing.get_context("fork")
        go, over = spawn.Event(), spawn.Queue()
        meta = engine.meta()
        assert meta
        facts = events(numbers, EVENTS, at=meta.as_of + timedelta(minutes=1), seed=meta.version)
        child = spawn.Process(target=_apply_in_child, args=(engine, facts, go, over))
        engine.close()
        child.start()
        engine.look_up(asked[0])
        go.set()
        busy: list[float] = []
        while child.is_alive():
            busy += timed(engine.look_up, [random.choice(asked)])
        child.join()
        took = over.get()
        bar, ratio = BARS["a3"][engine.name], _p99(busy) / idle
        good &= ratio <= bar
        print(
            f"A3 {engine.name} {numbers:,} numbers: p99 idle {idle:.3f} ms, {_p99(busy):.3f} ms in {len(busy):,} look-ups while"
            f" {EVENTS:,} changes applied in {took:.1f} s: {ratio:.1f} (bar {bar:.0f}), 0 errors"
        )
        engine.close()
    return good


def _p99(found: list[float]) -> float:
    return sorted(found)[int(len(found) * 0.99)]


def _rows(folder: Path, numbers: int) -> Path:
    """Return a SQLite table with a row for each number, the same numbers."""
    path = folder / f"rows-{numbers}.sqlite3"
    if path.exists():
        return path
    engine = loaded(SqliteEngine(folder / f"sqlite-{numbers}"), folder, numbers)
    dump = folder / f"dump-{os.getpid()}.tsv"
    engine.dump(dump)
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    db = sqlite3.connect(part, isolation_level=None)
    db.executescript(
        "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; CREATE TABLE number (number INTEGER PRIMARY KEY, customer_id INTEGER"
        " NOT NULL, in_service_date INTEGER NOT NULL); CREATE TABLE history (number INTEGER NOT NULL, customer_id INTEGER NOT"
        " NULL, in_service_date INTEGER NOT NULL, until INTEGER NOT NULL, reason TEXT NOT NULL, source_id INTEGER NOT NULL);"
        " CREATE INDEX history_number ON history (number); BEGIN"
    )
    with dump.open() as file:
        runs = (line.split("\t") for line in file)
        db.executemany(
            "INSERT INTO number VALUES (?, ?, ?)",
            (
                (number, int(ref[2:]), int(day))
                for s, e, ref, day in runs
                for number in range(int(s), int(e) + 1)
            ),
        )
    db.execute("COMMIT")
    db.execute("PRAGMA journal_mode=WAL")
    db.close()
    dump.unlink()
    part.rename(path)
    return path


def a4(folder: Path, numbers: int) -> bool:
    """Weigh the file."""
    numbers = min(numbers, 10_000_000)
    engine = loaded(SqliteEngine(folder / os.urandom(4).hex()), folder, numbers)
    mine = sum(path.stat().st_size for path in Path(engine.where).glob("numbers-*"))
    rows = _rows(folder, numbers).stat().st_size
    with sqlite3.connect(next(Path(engine.where).glob("numbers-*.sqlite3"))) as db:
        runs = db.execute("SELECT count(*) FROM range").fetchone()[0]
    ratio = mine / rows
    print(
        f"A4 {numbers:,} numbers in {runs:,} runs ({numbers / runs:.1f} in a run): {mine / numbers:.2f} bytes for a number, rows"
        f" {rows / numbers:.2f}: {ratio:.2f} (bar {BARS['a4']})"
    )
    return ratio <= BARS["a4"]


def a5(folder: Path, numbers: int) -> bool:
    """Apply changes to runs and to rows."""
    numbers = min(numbers, 10_000_000)
    engine = loaded(SqliteEngine(folder / f"sqlite-{numbers}"), folder, numbers)
    rows = _rows(folder, numbers)
    ours, base = [], []
    for _ in range(3):
        meta = engine.meta()
        assert meta
        facts = events(numbers, EVENTS, at=meta.as_of + timedelta(minutes=1), seed=meta.version)
        ours.append(feed(engine, facts))
        base.append(_feed_rows(rows, facts))
    ratio = min(ours) / min(base)
    print(
        f"A5 {EVENTS:,} changes of {numbers:,} numbers: runs {min(ours):.2f} s, rows {min(base):.2f} s: {ratio:.2f} (bar {BARS['a5']})"
    )
    return ratio <= BARS["a5"]


def _feed_rows(path: Path, facts: list[Numbered]) -> float:
    """Apply changes to a table of rows, with history, in one transaction: no idempotence, no journal."""
    with sqlite3.connect(path, isolation_level=None) as db:
        db.execute("PRAGMA synchronous=FULL")
        db.execute("PRAGMA cache_size=-65536")
        began = time.perf_counter()
        db.execute("BEGIN IMMEDIATE")
        for number, fact in facts:
            row = db.execute(
                "SELECT customer_id, in_service_date FROM number WHERE number = ?", (number,)
            ).fetchone()
            until = int(fact.at.timestamp() * 1_000_000)
            if row:
                db.execute(
                    "INSERT INTO history VALUES (?, ?, ?, ?, ?, ?)", (number, *row, until, fact.kind.name, 1)
                )
            if fact.kind is Kind.TRANSFER:
                day = fact.at.date().toordinal() - 719_163
                db.execute(
                    "INSERT OR REPLACE INTO number VALUES (?, ?, ?)", (number, int(fact.customer[2:]), day)
                )
            elif row:
                db.execute("DELETE FROM number WHERE number = ?", (number,))
        db.execute("COMMIT")
        return time.perf_counter() - began


def show(folder: Path, numbers: int) -> bool:
    """Load through the command line, the second snapshot over the first, with look-ups all the while."""
    path = make(folder, numbers)
    with tempfile.TemporaryDirectory(dir=folder) as data:
        environment = {
            **os.environ, "TECUM_DATA": data, "TECUM_DATABASE_URL": f"sqlite:{data}/app.sqlite3", "TECUM_SECRET_KEY": "b" * 50,
            "TECUM_GUIDE": "example", "TECUM_INVENTORY": "", "TECUM_LOG_LEVEL": "ERROR",
        }  # fmt: skip
        run = [sys.executable, "-m", "tecum"]
        subprocess.run([*run, "manage", "migrate", "-v", "0"], env=environment, check=True)
        first = Path(data) / "first.csv"
        first.write_text(
            f"number,number_to,customer_id,in_service_date\n{FIRST},{FIRST + EXCHANGES - 1},C-00001,2001-01-01\n"
        )
        os.utime(first, (1e9, 1e9))  # older than the snapshot that comes after it
        subprocess.run([*run, "numbers", "load", str(first)], env=environment, check=True)
        engine = SqliteEngine(Path(data) / "inventory")
        asked, found, versions = batches(numbers, 1000), [], set()
        began = time.perf_counter()
        child = subprocess.Popen([*run, "numbers", "load", str(path), "--max-change", "1"], env=environment)
        while child.poll() is None:
            batch = random.choice(asked)
            started = time.perf_counter()
            versions.add(engine.look_up(batch)[0].version)
            found.append((time.perf_counter() - started) * 1000)
            time.sleep(0.02)
        took = time.perf_counter() - began
        versions.add(engine.look_up(asked[0])[0].version)
        print(
            f"show {numbers:,} numbers by `tecum numbers load` in {took:.1f} s (exit {child.returncode}); {len(found):,} look-ups of {BATCH}"
            f" meanwhile: p50 {statistics.median(found):.2f} ms, p99 {_p99(found):.2f} ms, 0 errors, versions {sorted(versions)}"
        )
        return child.returncode == 0 and versions == {1, 2}


COMMANDS = {"a1": a1, "a2": a2, "a3": a3, "a4": a4, "a5": a5, "show": show}


def main() -> int:
    """Run one bar, or all, and exit 1 where one is missed."""
    parser = argparse.ArgumentParser(description="bars A1 to A5 of the number inventory")
    parser.add_argument("what", choices=[*COMMANDS, "make", "all"])
    parser.add_argument("--numbers", type=int, default=10_000_000)
    parser.add_argument("--folder", type=Path, default=Path("/tmp/tecum-bench"))  # noqa: S108
    given = parser.parse_args()
    if given.what == "make":
        print(make(given.folder, given.numbers))
        return 0
    chosen = list(COMMANDS.values()) if given.what == "all" else [COMMANDS[given.what]]
    return 0 if all(command(given.folder, given.numbers) for command in chosen) else 1


if __name__ == "__main__":
    raise SystemExit(main())
