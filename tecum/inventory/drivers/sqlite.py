"""
The embedded engine: a SQLite file of its own, named by a CURRENT pointer.

Web workers open the file read-only and never wait: a change is one WAL transaction, a whole snapshot is a new
file beside the old one. The pointer is swapped by write, fsync, rename, fsync of the folder.
"""

import contextlib
import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tecum.inventory.drivers import failpoints
from tecum.inventory.drivers.engine import (
    Editor,
    Engine,
    LoadInProgress,
    Meta,
    NothingLoaded,
    PastRow,
    RawRun,
    Source,
    day_of,
)
from tecum.inventory.drivers.sqlite_rows import SCHEMA, Customers, SqliteEditor, meta_of, past_rows, source_of
from tecum.inventory.rules.runs import Holding, Span

FIND = "SELECT e, customer_id, in_service_date FROM range WHERE s <= ? ORDER BY s DESC LIMIT 1"
COUNT_WITHIN = """SELECT customer_id, sum(min(e, :e) - max(s, :s) + 1) FROM range
    WHERE s <= :e AND s >= coalesce((SELECT max(s) FROM range WHERE s <= :s), :s) AND e >= :s GROUP BY customer_id"""
TRIES = 5  # the pointer may move between reading it and opening what it names


class _Reader:
    """One read-only connection of one thread."""

    def __init__(self, path: Path, seen: tuple[int, int]) -> None:
        self.seen = seen
        self.db = sqlite3.connect(
            f"file:{path}?mode=ro",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=32,
        )
        self.db.execute("PRAGMA mmap_size=268435456")
        self.customers = Customers(self.db)


class SqliteEngine(Engine):
    """Numbers in a folder of files."""

    name = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.where = str(folder)
        self._threads = threading.local()

    # reading

    def look_up(self, numbers: Sequence[int]) -> tuple[Meta, dict[int, Holding]]:
        with self._reading() as reader:
            meta = meta_of(reader.db)
            if meta is None:
                raise NothingLoaded
            find, rows = reader.db.execute, {}
            for number in numbers:
                row = find(FIND, (number,)).fetchone()
                if row and row[0] >= number:
                    rows[number] = Holding(reader.customers.ref(row[1]), day_of(row[2]))
            return meta, rows

    def meta(self) -> Meta | None:
        try:
            with self._reading() as reader:
                return meta_of(reader.db)
        except NothingLoaded:
            return None

    def past(self, number: int) -> list[PastRow]:
        with self._reading() as reader:
            return past_rows(reader.db, reader.customers, [number])

    def counts(self) -> dict[str, int]:
        with self._reading() as reader:
            rows = reader.db.execute("SELECT customer_id, sum(e - s + 1) FROM range GROUP BY customer_id")
            return {reader.customers.ref(key): count for key, count in rows}

    def counts_within(self, spans: Sequence[Span]) -> dict[str, int]:
        found: dict[str, int] = {}
        with self._reading() as reader:
            for s, e in spans:
                for key, count in reader.db.execute(COUNT_WITHIN, {"s": s, "e": e}):
                    ref = reader.customers.ref(key)
                    found[ref] = found.get(ref, 0) + count
        return found

    def sources(self, limit: int) -> list[Source]:
        try:
            with self._reading() as reader:
                rows = reader.db.execute("SELECT * FROM source ORDER BY version DESC LIMIT ?", (limit,))
                return [source_of(row) for row in rows]
        except NothingLoaded:
            return []

    def applied(self, load: str) -> int | None:
        try:
            with self._reading() as reader:
                row = reader.db.execute("SELECT version FROM source WHERE load = ?", (load,)).fetchone()
                return row[0] if row else None
        except NothingLoaded:
            return None

    def dump(self, path: Path) -> None:
        with path.open("w", encoding="utf-8") as file:
            current = self._current()
            if current is None:
                return
            with contextlib.closing(
                sqlite3.connect(f"file:{current}?mode=ro", uri=True, isolation_level=None)
            ) as db:
                db.execute("BEGIN")
                rows = db.execute(
                    "SELECT s || char(9) || e || char(9) || ref || char(9) || in_service_date || char(10)"
                    " FROM range JOIN customer ON customer.id = customer_id ORDER BY s"
                )
                while chunk := rows.fetchmany(50_000):
                    file.write("".join([row[0] for row in chunk]))

    @contextlib.contextmanager
    def _reading(self) -> Iterator[_Reader]:
        reader = self._reader()
        reader.db.execute("BEGIN")
        try:
            yield reader
        finally:
            reader.db.execute("COMMIT")

    def _reader(self) -> _Reader:
        """Return this thread's connection to what CURRENT names now."""
        reader: _Reader | None = getattr(self._threads, "reader", None)
        for attempt in range(TRIES):
            try:
                stat = os.stat(self.folder / "CURRENT")
            except FileNotFoundError:
                raise NothingLoaded from None
            seen = (stat.st_ino, stat.st_mtime_ns)
            if reader and reader.seen == seen and getattr(self._threads, "process", 0) == os.getpid():
                return reader
            try:
                path = self._current()
                reader = _Reader(path or self.folder, seen)
                reader.db.execute("SELECT 1 FROM meta")
            except sqlite3.OperationalError:
                if attempt == TRIES - 1:
                    raise
                reader = None
                continue
            self._drop()
            self._threads.reader, self._threads.process = reader, os.getpid()
        assert reader is not None  # noqa: S101
        return reader

    def _drop(self) -> None:
        old: _Reader | None = getattr(self._threads, "reader", None)
        # A connection inherited over a fork is left alone: closing it would drop the parent's locks.
        if old and getattr(self._threads, "process", 0) == os.getpid():
            old.db.close()
        self._threads.reader = None

    def close(self) -> None:
        self._drop()

    def _current(self) -> Path | None:
        try:
            return self.folder / (self.folder / "CURRENT").read_text().strip()
        except FileNotFoundError:
            return None

    # changing

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise LoadInProgress from None
            yield

    @contextlib.contextmanager
    def edit(self) -> Iterator[Editor]:
        path = self._current()
        if path is None:
            with self.replace([], []) as editor:
                yield editor
            return
        with contextlib.closing(sqlite3.connect(path, isolation_level=None, timeout=20)) as db:
            db.execute("PRAGMA synchronous=FULL")
            db.execute("PRAGMA cache_size=-65536")
            db.execute("BEGIN IMMEDIATE")
            try:
                yield SqliteEditor(db)
                failpoints.reach("before_commit")
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")
            failpoints.reach("after_commit")
            db.execute("PRAGMA wal_checkpoint(PASSIVE)")

    @contextlib.contextmanager
    def replace(self, runs: Iterable[Sequence[RawRun]], past: Iterable[PastRow]) -> Iterator[Editor]:
        old = self._current()
        self._sweep(keep=old)
        path = self.folder / f"numbers-{os.urandom(6).hex()}.sqlite3"
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
            # Nobody reads this file yet, and a crash leaves only litter: no journal, no fsync until the end.
            db.executescript(
                "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-65536;" + SCHEMA
            )
            if old:
                db.execute("ATTACH ? AS old", (str(old),))
            db.execute("BEGIN")
            editor = SqliteEditor(db)
            if old:
                editor.carry_over()
            failpoints.reach("while_building")
            editor.fill(runs)
            editor.change_past([], past)
            yield editor
            db.execute("COMMIT")
            if old:
                db.execute("DETACH old")
            db.execute("PRAGMA journal_mode=WAL")
        failpoints.reach("before_swap")
        self._point_to(path)
        failpoints.reach("after_swap")

    def _point_to(self, path: Path) -> None:
        """Make a finished file the current one, so that a power cut leaves the old or the new, never neither."""
        _sync(path)
        pointer = self.folder / "CURRENT.new"
        pointer.write_text(path.name + "\n")
        _sync(pointer)
        _sync(self.folder)
        failpoints.reach("before_rename")
        pointer.rename(self.folder / "CURRENT")
        _sync(self.folder)

    def _sweep(self, *, keep: Path | None) -> None:
        """Remove what a crash left, and the file before the current one, which no reader may still be about to open."""
        for path in self.folder.glob("numbers-*"):
            if keep is None or not path.name.startswith(keep.name):
                path.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
