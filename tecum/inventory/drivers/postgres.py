"""
The server engine: the same tables in a schema of their own in PostgreSQL.

`meta.runs` names the table of runs that is current, as CURRENT does for files: a snapshot fills a new table beside it, and the
pointer changes in the transaction that writes history and meta. Readers meet no lock, and one statement reads pointer
and runs from one state.
"""

import contextlib
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar
from zlib import crc32

import psycopg
from psycopg.errors import InvalidSchemaName, UndefinedTable

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
)
from tecum.inventory.drivers.postgres_rows import RUNS, SCHEMA, PostgresEditor, past_rows
from tecum.inventory.rules.runs import Holding, Span

META = "version, as_of, snapshot_as_of, source_sha256, feed_position, count, load"
# One statement, one state: PostgreSQL reads pointer and runs from the same snapshot.
LOOK_UP = f"""SELECT runs, {META}, found.number, found.ref, found.in_service_date FROM meta LEFT JOIN LATERAL (
        SELECT asked.number, customer.ref, run.in_service_date FROM unnest(%s::bigint[]) AS asked (number)
        CROSS JOIN LATERAL (SELECT e, customer_id, in_service_date FROM {{runs}} WHERE s <= asked.number ORDER BY s DESC LIMIT 1) AS run
        JOIN customer ON customer.id = run.customer_id WHERE run.e >= asked.number
    ) AS found ON true"""
COUNT = """SELECT ref, sum(e - s + 1)::bigint FROM {runs} AS run JOIN customer ON customer.id = run.customer_id GROUP BY ref"""
COUNT_WITHIN = """SELECT ref, sum(least(run.e, span.e) - greatest(run.s, span.s) + 1)::bigint
    FROM unnest(%s::bigint[], %s::bigint[]) AS span (s, e) CROSS JOIN LATERAL (
        (SELECT * FROM {runs} WHERE s < span.s ORDER BY s DESC LIMIT 1)
        UNION ALL (SELECT * FROM {runs} WHERE s BETWEEN span.s AND span.e)
    ) AS run JOIN customer ON customer.id = run.customer_id WHERE run.e >= span.s GROUP BY ref"""
DUMP = """COPY (SELECT s, e, ref, in_service_date - DATE '1970-01-01' FROM {runs} AS run
    JOIN customer ON customer.id = run.customer_id ORDER BY s) TO STDOUT"""
TRIES = 5  # the table of runs may be another between learning its name and reading it
T = TypeVar("T")


class _Kept:
    """A thread's connection for reading: closed when its thread ends, by the process that opened it."""

    def __init__(self, db: psycopg.Connection) -> None:
        self.db, self.process = db, os.getpid()

    def __del__(self) -> None:
        if self.process == os.getpid():
            self.db.close()


class PostgresEngine(Engine):
    """Numbers in one schema of one database."""

    name = "postgresql"

    def __init__(self, conninfo: str, schema: str = "inventory") -> None:
        self.conninfo = conninfo
        self.schema = schema
        self.where = f"schema {schema}"
        self._threads = threading.local()

    # reading

    def look_up(self, numbers: Sequence[int]) -> tuple[Meta, dict[int, Holding]]:
        def ask(db: psycopg.Connection, runs: str) -> tuple[Meta, dict[int, Holding]] | None:
            rows = db.execute(LOOK_UP.format(runs=runs), (list(numbers),)).fetchall()
            if not rows:
                raise NothingLoaded
            if rows[0][0] != runs:
                return None
            return Meta(*rows[0][1:8]), {
                row[8]: Holding(row[9], row[10]) for row in rows if row[8] is not None
            }

        return self._read(ask)

    def meta(self) -> Meta | None:
        try:
            row = self._reader().execute(f"SELECT {META} FROM meta").fetchone()
        except (UndefinedTable, InvalidSchemaName):
            return None
        return Meta(*row) if row else None

    def past(self, number: int) -> list[PastRow]:
        return past_rows(self._reader(), [number])

    def counts(self) -> dict[str, int]:
        return dict(self._read(lambda db, runs: db.execute(COUNT.format(runs=runs)).fetchall()))

    def counts_within(self, spans: Sequence[Span]) -> dict[str, int]:
        starts, ends = [span.s for span in spans], [span.e for span in spans]
        return dict(
            self._read(lambda db, runs: db.execute(COUNT_WITHIN.format(runs=runs), (starts, ends)).fetchall())
        )

    def sources(self, limit: int) -> list[Source]:
        if self.meta() is None:
            return []
        rows = self._reader().execute("SELECT * FROM source ORDER BY version DESC LIMIT %s", (limit,))
        return [Source(*row) for row in rows]

    def applied(self, load: str) -> int | None:
        if self.meta() is None:
            return None
        row = self._reader().execute("SELECT version FROM source WHERE load = %s", (load,)).fetchone()
        return row[0] if row else None

    def dump(self, path: Path) -> None:
        with self._connect() as db, path.open("wb") as file:
            row = db.execute("SELECT runs FROM meta").fetchone()
            if row is None:
                return
            with db.cursor().copy(DUMP.format(runs=row[0])) as copy:
                for block in copy:
                    file.write(block)

    def _read(self, ask: Callable[[psycopg.Connection, str], T | None]) -> T:
        """Ask the current table of runs; learn its name again where it has moved on."""
        db = self._reader()
        for _ in range(TRIES):
            runs = getattr(self._threads, "runs", None) or self._learn(db)
            try:
                answer = ask(db, runs)
            except UndefinedTable:
                answer = None
            if answer is not None:
                return answer
            self._threads.runs = None
        raise NothingLoaded

    def _learn(self, db: psycopg.Connection) -> str:
        try:
            row = db.execute("SELECT runs FROM meta").fetchone()
        except (UndefinedTable, InvalidSchemaName):
            raise NothingLoaded from None
        if row is None:
            raise NothingLoaded
        self._threads.runs = row[0]
        return str(row[0])

    def _reader(self) -> psycopg.Connection:
        """Return this thread's connection for reading."""
        kept: _Kept | None = getattr(self._threads, "kept", None)
        if kept is None or kept.db.closed or kept.db.broken or kept.process != os.getpid():
            kept = _Kept(self._connect(autocommit=True))
            self._threads.kept, self._threads.runs = kept, None
        return kept.db

    def _connect(self, *, autocommit: bool = False) -> psycopg.Connection:
        # Planning a look-up costs more than running it; its plan does not depend on the numbers asked for.
        options = f"-c search_path={self.schema} -c TimeZone=UTC -c plan_cache_mode=force_generic_plan"
        return psycopg.connect(self.conninfo, autocommit=autocommit, options=options)

    def close(self) -> None:
        self._threads.kept = None

    # changing

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        with self._connect(autocommit=True) as db:
            key = crc32(f"tecum inventory {self.schema}".encode())
            row = db.execute("SELECT pg_try_advisory_lock(%s)", (key,)).fetchone()
            if not row or not row[0]:
                raise LoadInProgress
            try:
                yield
            finally:  # the server also lets go when the connection ends, as when this process is killed
                db.execute("SELECT pg_advisory_unlock(%s)", (key,))

    @contextlib.contextmanager
    def edit(self) -> Iterator[Editor]:
        with self._changing() as db:
            row = db.execute("SELECT runs FROM meta").fetchone()
            if row:
                yield PostgresEditor(db, row[0])
            else:
                yield self._build(db, [], [])
            failpoints.reach("before_commit")
        failpoints.reach("after_commit")

    @contextlib.contextmanager
    def replace(self, runs: Iterable[Sequence[RawRun]], past: Iterable[PastRow]) -> Iterator[Editor]:
        with self._changing() as db:
            row = db.execute("SELECT runs FROM meta").fetchone()
            self._sweep(db, keep=row[0] if row else "")
            failpoints.reach("while_building")
            yield self._build(db, runs, past)
            failpoints.reach("before_swap")
        failpoints.reach("after_swap")

    @contextlib.contextmanager
    def _changing(self) -> Iterator[psycopg.Connection]:
        with self._connect() as db:
            db.execute(f"CREATE SCHEMA IF NOT EXISTS {self.schema}")
            db.execute(SCHEMA)
            yield db

    def _build(
        self, db: psycopg.Connection, runs: Iterable[Sequence[RawRun]], past: Iterable[PastRow]
    ) -> PostgresEditor:
        name = f"runs_{os.urandom(6).hex()}"
        db.execute(RUNS.format(runs=name))
        editor = PostgresEditor(db, name)
        editor.fill(runs, freeze=True)
        # The key after the rows: building it once is faster than keeping it while they come.
        db.execute(f"ALTER TABLE {name} ADD PRIMARY KEY (s) INCLUDE (e, customer_id, in_service_date)")
        db.execute(f"ANALYZE {name}")
        editor.change_past([], past)
        return editor

    def _sweep(self, db: psycopg.Connection, *, keep: str) -> None:
        """Drop the table before the current one, which no reader may still be about to read."""
        rows = db.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind = 'r' AND relname LIKE 'runs\\_%%'",
            (self.schema,),
        ).fetchall()
        for (name,) in rows:
            if name != keep:
                db.execute(f"DROP TABLE {name}")
