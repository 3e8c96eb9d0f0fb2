"""The tables of the server engine, and how rows go in and out."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache

import psycopg

from tecum.inventory.drivers.engine import Editor, Meta, Numbered, PastRow, RawRun, Source, day_number, day_of
from tecum.inventory.rules.runs import HISTORY_BLOCK, Run, Span, blocks
from tecum.inventory.rules.timeline import Fact, Kind, Past

SCHEMA = """
CREATE TABLE IF NOT EXISTS customer (id integer PRIMARY KEY, ref text NOT NULL UNIQUE);
INSERT INTO customer VALUES (0, '') ON CONFLICT DO NOTHING;
CREATE TABLE IF NOT EXISTS history (
    s bigint NOT NULL, e bigint NOT NULL, customer_id integer NOT NULL, in_service_date date NOT NULL,
    until timestamptz NOT NULL, reason text NOT NULL, source_id integer NOT NULL
);
CREATE INDEX IF NOT EXISTS history_s ON history (s);
CREATE TABLE IF NOT EXISTS journal (
    number bigint NOT NULL, at timestamptz NOT NULL, kind smallint NOT NULL, customer_id integer NOT NULL, reason text NOT NULL,
    epoch timestamptz NOT NULL, seq bigint NOT NULL, since date,
    PRIMARY KEY (number, at, kind, customer_id, reason)
);
CREATE TABLE IF NOT EXISTS source (
    version integer PRIMARY KEY, load text NOT NULL, kind text NOT NULL, name text NOT NULL, sha256 text NOT NULL,
    as_of timestamptz NOT NULL, applied_at timestamptz NOT NULL
);
CREATE TABLE IF NOT EXISTS meta (
    one integer PRIMARY KEY CHECK (one = 1), runs text NOT NULL, version integer NOT NULL, as_of timestamptz NOT NULL,
    snapshot_as_of timestamptz NOT NULL, source_sha256 text NOT NULL, feed_position bigint NOT NULL, count bigint NOT NULL,
    load text NOT NULL
);
"""
RUNS = """CREATE TABLE {runs} (
    s bigint NOT NULL, e bigint NOT NULL, customer_id integer NOT NULL, in_service_date date NOT NULL
)"""
META = "version, as_of, snapshot_as_of, source_sha256, feed_position, count, load"
TOUCHING = """SELECT DISTINCT ON (run.s) run.s, run.e, run.customer_id, run.in_service_date
    FROM unnest(%s::bigint[], %s::bigint[]) AS span (s, e) CROSS JOIN LATERAL (
        (SELECT * FROM {runs} WHERE s < span.s ORDER BY s DESC LIMIT 1)
        UNION ALL (SELECT * FROM {runs} WHERE s BETWEEN span.s AND span.e)
    ) AS run WHERE run.e >= span.s ORDER BY run.s"""
PAST_OF = f"""SELECT DISTINCT h.s, h.e, ref, in_service_date, until, reason, source_id
    FROM unnest(%s::bigint[]) AS asked (number)
    JOIN history AS h ON h.s BETWEEN asked.number - asked.number %% {HISTORY_BLOCK} AND asked.number AND h.e >= asked.number
    JOIN customer ON customer.id = h.customer_id ORDER BY h.s, until"""
DELETE_PAST = """DELETE FROM history WHERE s = %s AND e = %s AND customer_id = %s AND in_service_date = %s AND until = %s
    AND reason = %s AND source_id = %s"""


@lru_cache(maxsize=50_000)
def iso(day: int) -> str:
    """Return a stored day as text; a file names the same few thousand days millions of times."""
    return day_of(day).isoformat()


def past_rows(db: psycopg.Connection, numbers: Sequence[int]) -> list[PastRow]:
    """Return the history of some numbers."""
    return [
        PastRow(s, e, Past(ref, since, until, reason), source)
        for s, e, ref, since, until, reason, source in db.execute(PAST_OF, (list(numbers),)).fetchall()
    ]


class PostgresEditor(Editor):
    """One write transaction; work goes over in bulk, because every statement is a round trip."""

    def __init__(self, db: psycopg.Connection, runs: str) -> None:
        self.db = db
        self.runs = runs
        self.refs: dict[int, str] = dict(db.execute("SELECT id, ref FROM customer").fetchall())
        self.keys = {ref: key for key, ref in self.refs.items()}

    def _key(self, ref: str) -> int:
        key = self.keys.get(ref)
        if key is None:
            key = max(self.refs) + 1
            self.refs[key], self.keys[ref] = ref, key
            self._new_customers.append((key, ref))
        return key

    _new_customers: list[tuple[int, str]]

    def _know(self, refs: Iterable[str]) -> None:
        """Give keys to customers that are new, before rows that name them go over."""
        self._new_customers = []
        for ref in sorted(set(refs)):
            self._key(ref)
        self._copy("customer (id, ref)", self._new_customers)

    def _copy(self, into: str, rows: Sequence[Sequence[object]]) -> None:
        if rows:
            with self.db.cursor().copy(f"COPY {into} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)

    def meta(self) -> Meta | None:
        row = self.db.execute(f"SELECT {META} FROM meta").fetchone()
        return Meta(*row) if row else None

    def fill(self, runs: Iterable[Sequence[RawRun]], *, freeze: bool) -> None:
        """Insert sorted runs in bulk; frozen, a new table needs no vacuum before its index alone can answer."""
        chunks = iter(runs)
        first = next(chunks, None)
        if first is None:
            return
        spare: list[Sequence[RawRun]] = [first]
        while spare:
            self._know(row[2] for row in spare[0])
            keys = self.keys
            known, spare = spare, []
            with self.db.cursor().copy(
                f"COPY {self.runs} FROM STDIN" + (" (FREEZE)" if freeze else "")
            ) as copy:
                for chunk in self._until_new(known[0], chunks, spare):
                    copy.write("".join([f"{s}\t{e}\t{keys[ref]}\t{iso(day)}\n" for s, e, ref, day in chunk]))

    def _until_new(
        self, first: Sequence[RawRun], chunks: Iterator[Sequence[RawRun]], spare: list[Sequence[RawRun]]
    ) -> Iterator[Sequence[RawRun]]:
        """Yield chunks while every customer in them is known; the first other one is left in `spare`."""
        yield first
        for chunk in chunks:
            if not {row[2] for row in chunk} <= self.keys.keys():
                spare.append(chunk)
                return
            yield chunk

    def runs_touching(self, spans: Sequence[Span]) -> list[Run]:
        arrays = [span.s for span in spans], [span.e for span in spans]
        rows = self.db.execute(TOUCHING.format(runs=self.runs), arrays).fetchall()
        refs = self.refs
        return [Run(s, e, refs[key], since) for s, e, key, since in rows]

    def change_runs(self, delete: Sequence[int], insert: Sequence[Run]) -> None:
        if delete:
            self.db.execute(f"DELETE FROM {self.runs} WHERE s = ANY(%s)", (list(delete),))
        if insert:
            rows = [(run.s, run.e, run.customer, day_number(run.since)) for run in insert]
            self.fill([rows], freeze=False)

    def past_of(self, numbers: Sequence[int]) -> list[PastRow]:
        return past_rows(self.db, numbers)

    def change_past(self, delete: Sequence[PastRow], insert: Iterable[PastRow]) -> None:
        if delete:
            with self.db.cursor() as cursor:
                cursor.executemany(DELETE_PAST, [(row.s, row.e, *self._past(row)) for row in delete])
        batch: list[PastRow] = []
        for row in insert:
            batch.append(row)
            if len(batch) >= 50_000:
                self._add_past(batch)
                batch = []
        self._add_past(batch)

    def _add_past(self, rows: Sequence[PastRow]) -> None:
        self._know(row.past.customer for row in rows)
        into = "history (s, e, customer_id, in_service_date, until, reason, source_id)"
        self._copy(into, [(s, e, *self._past(row)) for row in rows for s, e in blocks(row.s, row.e)])

    def _past(self, row: PastRow) -> tuple[int, date, datetime, str, int]:
        customer, since, until, reason = row.past
        return self.keys[customer], since, until, reason, row.source_id

    def journal_of(self, numbers: Sequence[int]) -> list[Numbered]:
        rows = self.db.execute(
            "SELECT number, at, kind, customer_id, reason, epoch, seq, since FROM journal WHERE number = ANY(%s) ORDER BY number",
            (list(numbers),),
        ).fetchall()
        return [
            Numbered(number, Fact(at, Kind(kind), self.refs[key], reason, epoch, seq, since))
            for number, at, kind, key, reason, epoch, seq, since in rows
        ]

    def add_to_journal(self, rows: Sequence[Numbered]) -> None:
        self._know(row.fact.customer for row in rows)
        self._copy(
            "journal (number, at, kind, customer_id, reason, epoch, seq, since)",
            [
                (
                    number,
                    fact.at,
                    int(fact.kind),
                    self.keys[fact.customer],
                    fact.reason,
                    fact.epoch,
                    fact.seq,
                    fact.since,
                )
                for number, fact in rows
            ],
        )

    def journaled_after(self, at: datetime) -> list[int]:
        rows = self.db.execute("SELECT DISTINCT number FROM journal WHERE at > %s ORDER BY number", (at,))
        return [row[0] for row in rows.fetchall()]

    def source_times(self) -> dict[int, datetime]:
        return dict(self.db.execute("SELECT version, as_of FROM source WHERE kind = 'snapshot'").fetchall())

    def finish(self, meta: Meta, source: Source) -> None:
        self.db.execute(
            "INSERT INTO meta VALUES (1, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (one) DO UPDATE SET runs = excluded.runs,"
            " version = excluded.version, as_of = excluded.as_of, snapshot_as_of = excluded.snapshot_as_of,"
            " source_sha256 = excluded.source_sha256, feed_position = excluded.feed_position, count = excluded.count,"
            " load = excluded.load",
            (self.runs, *meta),
        )
        self.db.execute("INSERT INTO source VALUES (%s, %s, %s, %s, %s, %s, %s)", source)
