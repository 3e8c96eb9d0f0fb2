"""The tables of the embedded engine, and how rows go in and out."""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from tecum.inventory.drivers.engine import (
    Editor,
    Meta,
    Numbered,
    PastRow,
    RawRun,
    Source,
    day_number,
    day_of,
)
from tecum.inventory.rules.runs import HISTORY_BLOCK, Run, Span, blocks
from tecum.inventory.rules.timeline import Fact, Kind, Past

SCHEMA = """
CREATE TABLE customer (id INTEGER PRIMARY KEY, ref TEXT NOT NULL UNIQUE);
INSERT INTO customer VALUES (0, '');
CREATE TABLE range (s INTEGER PRIMARY KEY, e INTEGER NOT NULL, customer_id INTEGER NOT NULL, in_service_date INTEGER NOT NULL);
CREATE TABLE history (
    s INTEGER NOT NULL, e INTEGER NOT NULL, customer_id INTEGER NOT NULL, in_service_date INTEGER NOT NULL,
    until INTEGER NOT NULL, reason TEXT NOT NULL, source_id INTEGER NOT NULL
);
CREATE INDEX history_s ON history (s);
CREATE TABLE journal (
    number INTEGER NOT NULL, at INTEGER NOT NULL, kind INTEGER NOT NULL, customer_id INTEGER NOT NULL, reason TEXT NOT NULL,
    epoch INTEGER NOT NULL, seq INTEGER NOT NULL, since INTEGER,
    PRIMARY KEY (number, at, kind, customer_id, reason)
) WITHOUT ROWID;
CREATE TABLE source (
    version INTEGER PRIMARY KEY, load TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, sha256 TEXT NOT NULL,
    as_of INTEGER NOT NULL, applied_at INTEGER NOT NULL
);
CREATE TABLE meta (
    one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL, as_of INTEGER NOT NULL, snapshot_as_of INTEGER NOT NULL,
    source_sha256 TEXT NOT NULL, feed_position INTEGER NOT NULL, count INTEGER NOT NULL, load TEXT NOT NULL
);
"""
CARRIED = ("history", "journal", "source")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
PAST_OF = """SELECT s, e, customer_id, in_service_date, until, reason, source_id FROM history
    WHERE s BETWEEN ? AND ? AND e >= ? ORDER BY s, until"""


def micros(at: datetime) -> int:
    """Return an instant as microseconds since 1970."""
    return (at - EPOCH) // MICROSECOND


def instant(value: int) -> datetime:
    """Return the instant of a stored number of microseconds."""
    return EPOCH + timedelta(microseconds=value)


def meta_of(db: sqlite3.Connection) -> Meta | None:
    """Read what is loaded."""
    row = db.execute(
        "SELECT version, as_of, snapshot_as_of, source_sha256, feed_position, count, load FROM meta"
    ).fetchone()
    return Meta(row[0], instant(row[1]), instant(row[2]), *row[3:]) if row else None


def source_of(row: tuple[int, str, str, str, str, int, int]) -> Source:
    """Read one row of `source`."""
    return Source(*row[:5], instant(row[5]), instant(row[6]))


def past_rows(db: sqlite3.Connection, customers: "Customers", numbers: Iterable[int]) -> list[PastRow]:
    """Return the history of some numbers; no row crosses a thousands block, so the search is bounded."""
    found: dict[tuple[int, int, int, int, int, str, int], None] = {}
    for number in numbers:
        first = number - number % HISTORY_BLOCK
        found.update(dict.fromkeys(db.execute(PAST_OF, (first, number, number)).fetchall()))
    return [
        PastRow(s, e, Past(customers.ref(key), day_of(day), instant(until), reason), source)
        for s, e, key, day, until, reason, source in found
    ]


class Customers:
    """The customers' references behind the small numbers that rows hold; they are only ever added to."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.refs: dict[int, str] = {}
        self.keys: dict[str, int] = {}

    def ref(self, key: int) -> str:
        """Return the reference of a stored key."""
        if key not in self.refs:
            self._read()
        return self.refs[key]

    def key(self, ref: str) -> int:
        """Return the key of a reference, giving a new one where needed."""
        if not self.refs:
            self._read()
        if ref not in self.keys:
            self._keep(max(self.refs) + 1, ref)
            self.db.execute("INSERT INTO customer VALUES (?, ?)", (self.keys[ref], ref))
        return self.keys[ref]

    def _read(self) -> None:
        for key, ref in self.db.execute("SELECT id, ref FROM customer"):
            self._keep(key, ref)

    def _keep(self, key: int, ref: str) -> None:
        self.refs[key], self.keys[ref] = ref, key


class SqliteEditor(Editor):
    """One write transaction on one file."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.customers = Customers(db)

    def meta(self) -> Meta | None:
        return meta_of(self.db)

    def carry_over(self) -> None:
        """Take along what a snapshot does not replace, from the file attached as `old`."""
        self.db.execute("DELETE FROM customer")
        for table in ("customer", *CARRIED, "meta"):
            self.db.execute(f"INSERT INTO {table} SELECT * FROM old.{table}")

    def fill(self, runs: Iterable[Sequence[RawRun]]) -> None:
        """Insert sorted runs in bulk."""
        for chunk in runs:
            for ref in {row[2] for row in chunk}:
                self.customers.key(ref)
            keys = self.customers.keys
            self.db.executemany(
                "INSERT INTO range VALUES (?, ?, ?, ?)", [(s, e, keys[ref], day) for s, e, ref, day in chunk]
            )

    def runs_touching(self, spans: Sequence[Span]) -> list[Run]:
        before = "SELECT s, e, customer_id, in_service_date FROM range WHERE s < ? ORDER BY s DESC LIMIT 1"
        inside = "SELECT s, e, customer_id, in_service_date FROM range WHERE s BETWEEN ? AND ? ORDER BY s"
        rows: dict[int, tuple[int, int, int, int]] = {}
        for s, e in spans:
            row = self.db.execute(before, (s,)).fetchone()
            if row and row[1] >= s:
                rows[row[0]] = row
            for row in self.db.execute(inside, (s, e)):
                rows[row[0]] = row
        ref = self.customers.ref
        return [Run(s, e, ref(key), day_of(day)) for s, e, key, day in rows.values()]

    def change_runs(self, delete: Sequence[int], insert: Sequence[Run]) -> None:
        self.db.executemany("DELETE FROM range WHERE s = ?", [(s,) for s in delete])
        self.fill([[(run.s, run.e, run.customer, day_number(run.since)) for run in insert]])

    def past_of(self, numbers: Sequence[int]) -> list[PastRow]:
        return past_rows(self.db, self.customers, numbers)

    def change_past(self, delete: Sequence[PastRow], insert: Iterable[PastRow]) -> None:
        self.db.executemany(
            "DELETE FROM history WHERE s = ? AND e = ? AND customer_id = ? AND in_service_date = ? AND until = ?"
            " AND reason = ? AND source_id = ?",
            [(row.s, row.e, *self._past(row)) for row in delete],
        )
        self.db.executemany(
            "INSERT INTO history VALUES (?, ?, ?, ?, ?, ?, ?)",
            ((s, e, *self._past(row)) for row in insert for s, e in blocks(row.s, row.e)),
        )

    def _past(self, row: PastRow) -> tuple[int, int, int, str, int]:
        customer, since, until, reason = row.past
        return self.customers.key(customer), day_number(since), micros(until), reason, row.source_id

    def journal_of(self, numbers: Sequence[int]) -> list[Numbered]:
        ask = "SELECT at, kind, customer_id, reason, epoch, seq, since FROM journal WHERE number = ?"
        ref = self.customers.ref
        return [
            Numbered(
                number,
                Fact(
                    instant(at),
                    Kind(kind),
                    ref(key),
                    reason,
                    instant(epoch),
                    seq,
                    None if since is None else day_of(since),
                ),
            )
            for number in numbers
            for at, kind, key, reason, epoch, seq, since in self.db.execute(ask, (number,))
        ]

    def add_to_journal(self, rows: Sequence[Numbered]) -> None:
        self.db.executemany(
            "INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    number,
                    micros(fact.at),
                    fact.kind,
                    self.customers.key(fact.customer),
                    fact.reason,
                    micros(fact.epoch),
                    fact.seq,
                    None if fact.since is None else day_number(fact.since),
                )
                for number, fact in rows
            ],
        )

    def journaled_after(self, at: datetime) -> list[int]:
        rows = self.db.execute(
            "SELECT DISTINCT number FROM journal WHERE at > ? ORDER BY number", (micros(at),)
        )
        return [row[0] for row in rows]

    def source_times(self) -> dict[int, datetime]:
        rows = self.db.execute("SELECT version, as_of FROM source WHERE kind = 'snapshot'")
        return {version: instant(as_of) for version, as_of in rows}

    def finish(self, meta: Meta, source: Source) -> None:
        self.db.execute(
            "INSERT OR REPLACE INTO meta VALUES (1, ?, ?, ?, ?, ?, ?, ?)",
            (meta.version, micros(meta.as_of), micros(meta.snapshot_as_of), *meta[3:]),
        )
        self.db.execute(
            "INSERT INTO source VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*source[:5], micros(source.as_of), micros(source.applied_at)),
        )
