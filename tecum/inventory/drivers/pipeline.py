"""
The worker process that reads a snapshot: `python -m tecum.inventory.drivers.pipeline`, a job as JSON on stdin.

DuckDB reads, checks, joins lines to runs, sorts and compares, within a memory limit. It runs in a process of its own so that
a file that is too much kills this process and nothing else. Answers are lines of JSON on stdout. Only what has passed the
typed reader *and* the domain filter becomes a run; what either refuses is located in the file and said with its line.
"""

import contextlib
import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from tecum.inventory.drivers import rejects
from tecum.inventory.rules.files import LONGEST_CUSTOMER, OLDEST, Reject, Settled, settle_overlaps, total
from tecum.inventory.rules.runs import Run, Span, is_number, joined

TYPES = {"number": "BIGINT", "number_to": "BIGINT", "customer_id": "VARCHAR", "in_service_date": "DATE"}
MOST_REJECTS = 200_000  # beyond this, the file is refused rather than picked apart
MOST_OVERLAPPING = 1_000_000
NANP = "{0} BETWEEN 2002000000 AND 9999999999 AND {0} // 10000 % 1000 >= 200"
TABS = "(FORMAT csv, DELIMITER '\t', HEADER false, QUOTE '', ESCAPE '')"


class TooManyBadLines(Exception):
    """So much cannot be read that this is no inventory; the sentence is for the person."""


def main() -> int:
    """Do one job; a sentence for the person goes out as `refused`."""
    job = json.loads(sys.stdin.read())
    try:
        tell(result=Work(job).run())
    except TooManyBadLines as refusal:
        tell(refused=str(refusal))
    except duckdb.Error as error:
        tell(refused=_sentence(job["name"], error))
    return 0


def tell(**message: object) -> None:
    """Write one line to the parent."""
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def _sentence(name: str, error: duckdb.Error) -> str:
    text = str(error)
    if "GZIP" in text or "gzip" in text:
        return f"{name} ends in the middle: it is a truncated or damaged gzip file. Nothing was changed."
    if "memory" in text.lower() and "out of" in text.lower():
        return f"{name} needs more memory than TECUM_INVENTORY_MEMORY allows. Nothing was changed."
    return f"{name} cannot be read: {text.splitlines()[0][:300]}"


class Work:
    """One file on its way to sorted runs and to what differs from the inventory."""

    def __init__(self, job: dict[str, Any]) -> None:
        self.job = job
        self.folder = Path(job["folder"])
        # In memory: a database file would write everything twice. What does not fit spills to the folder.
        self.db = duckdb.connect(":memory:")
        self.db.execute(f"SET memory_limit = '{job['memory']}'")
        self.db.execute(f"SET threads = {int(job['threads'])}")
        self.db.execute("SET temp_directory = ?", [str(self.folder / "spill")])
        self.db.execute(
            "SET preserve_insertion_order = true"
        )  # the lines of a file are numbered by their order
        self.db.execute("SET autoinstall_known_extensions = false")
        self.db.execute("SET autoload_known_extensions = false")
        self.parent = os.getppid()
        self.held: list[Span] = []
        self.rejects: list[Reject] = []

    def run(self) -> dict[str, object]:
        """Stage the file and compare it; return what was found."""
        with self.stage("reading"):
            self._read(careful=False)
            if self._odd_customers():
                self._read(careful=True)
        with self.stage("checking"):
            self._runs()
            self._bad_lines()
        with self.stage("sorting"):
            if self.job["old"]:
                self.db.execute(f"CREATE TABLE old AS FROM {_tabs(Path(self.job['old']), 'BIGINT')}")
            self._starts()
            clash = bool(self._one("SELECT count(*) FROM starts WHERE s <= pe"))
            if clash:
                self._overlaps()
            if self.held:
                self._leave_out_held()
            if clash or self.held:
                self._starts()
            self._join_runs()
        counts = self.db.execute("SELECT count(*), coalesce(sum(e - s + 1), 0) FROM new").fetchall()[0]
        if self.job["old"]:
            with self.stage("comparing"):
                self._compare()
        rejects.write(Path(self.job["rejects"]), self.rejects)
        return {
            "lines": self.lines + self.unread,
            "runs": counts[0],
            "numbers": int(counts[1]),
            "rejected": len(self.rejects),
            "held": total(self.held),
        }

    @contextlib.contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Tell the parent what is being done, and how far it is."""
        tell(stage=name, share=None)
        over = threading.Event()

        def watch() -> None:
            while not over.wait(1.0):
                if os.getppid() != self.parent:
                    os._exit(1)  # whoever wanted this is gone
                share = self.db.query_progress()
                tell(stage=name, share=round(share / 100, 3) if share and share >= 0 else None)

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        began = time.monotonic()
        try:
            yield
        finally:
            over.set()
            watcher.join()
            tell(stage=name, seconds=round(time.monotonic() - began, 2))

    def _one(self, sql: str) -> Any:
        return self.db.execute(sql).fetchall()[0][0]

    # reading

    def _read(self, *, careful: bool) -> None:
        """Read every line once; keep the first of each stretch that continues the line before, and every bad one."""
        ok = f"""customer_id IS NOT NULL AND strlen(customer_id) <= {LONGEST_CUSTOMER}
            AND in_service_date BETWEEN DATE '{OLDEST}' AND DATE '{self.job["today"]}'
            AND {NANP.format("number")}
            AND (number_to IS NULL OR (number_to >= number AND number_to // 10000000 = number // 10000000))"""
        if careful:
            ok += " AND regexp_full_match(customer_id, '[!-~]([ -~]*[!-~])?')"
        for table in ("reject_errors", "reject_scans"):
            self.db.execute(f"DROP TABLE IF EXISTS {table}")
        # Streaming windows (DuckDB has them for OVER () straight above a scan): one pass in file order that keeps only
        # the line before and the line after. The last line is always kept, so that the last stretch has an end.
        self.db.execute(f"""CREATE OR REPLACE TABLE lines AS
            SELECT rn, s, e, c, d, pe FROM (
                SELECT s, e, c, d, row_number() OVER () AS rn, lead(1) OVER () AS more,
                    lag(e) OVER () AS pe, lag(c) OVER () AS pc, lag(d) OVER () AS pd
                FROM (
                    SELECT number AS s, coalesce(number_to, number) AS e, customer_id AS c,
                        CASE WHEN {ok} THEN in_service_date END AS d
                    FROM {self._source()}
                )
            ) WHERE pd IS NULL OR d IS NULL OR s <> pe + 1 OR c <> pc OR d <> pd OR more IS NULL""")
        self.unread = self._refused_by_reader()

    def _source(self) -> str:
        path = self.job["path"].replace("'", "''")
        if self.job["format"] == "parquet":
            columns = {
                row[0]: row[1] for row in self.db.execute(f"DESCRIBE SELECT * FROM '{path}'").fetchall()
            }
            missing = [name for name in TYPES if name not in columns and name != "number_to"]
            if missing:
                raise TooManyBadLines(f"{self.job['name']} has no column {missing[0]}.")
            picked = ", ".join(
                f"TRY_CAST({name if name in columns else 'NULL'} AS {kind}) AS {name}"
                for name, kind in TYPES.items()
            )
            return f"(SELECT {picked} FROM read_parquet('{path}'))"
        columns = {name: TYPES[name] for name in self.job["header"]}
        extra = "" if "number_to" in columns else ", NULL::BIGINT AS number_to"
        return f"""(SELECT *{extra} FROM read_csv('{path}', columns = {columns}, header = true, delim = ',', quote = '"',
            escape = '"', auto_detect = false, nullstr = '', strict_mode = true, dateformat = '%Y-%m-%d',
            compression = '{"gzip" if self.job["format"] == "csv.gz" else "none"}', store_rejects = true, rejects_limit = 0))"""

    def _refused_by_reader(self) -> int:
        if self.job["format"] == "parquet":
            return 0
        count = int(self._one("SELECT count(DISTINCT line) FROM reject_errors"))
        self._enough(count)
        rows = self.db.execute(
            "SELECT line, first(error_type::VARCHAR), first(column_name), first(csv_line) FROM reject_errors"
            " GROUP BY line ORDER BY line"
        ).fetchall()
        self.rejects = [
            Reject(line, text or "", rejects.by_reader(kind, column)) for line, kind, column, text in rows
        ]
        self.held = joined(span for reject in self.rejects for span in rejects.spans_in(reject.value))
        return count

    def _enough(self, bad: int) -> None:
        if bad > MOST_REJECTS:
            raise TooManyBadLines(
                f"{bad:,} lines of {self.job['name']} cannot be read: this is no inventory. Nothing was changed."
            )

    def _odd_customers(self) -> bool:
        """Tell whether a customer's id holds what no id holds; then the slower check is applied to every line."""
        return bool(
            self._one("SELECT count(*) FROM (SELECT DISTINCT c FROM lines WHERE d IS NOT NULL)"
                      " WHERE NOT regexp_full_match(c, '[!-~]([ -~]*[!-~])?')")
        )  # fmt: skip

    # checking

    def _runs(self) -> None:
        self.lines = int(self._one("SELECT coalesce(max(rn), 0) FROM lines"))
        self.db.execute(
            "CREATE OR REPLACE TABLE runs AS SELECT s, coalesce(lead(pe) OVER (ORDER BY rn), e) AS e, c, d FROM lines"
        )

    def _bad_lines(self) -> None:
        """Name the lines that the domain filter refused; what they speak of keeps what it had."""
        count = int(self._one("SELECT count(*) FROM lines WHERE d IS NULL"))
        self._enough(count)
        if count:
            rows = self.db.execute("SELECT s, e, rn FROM lines WHERE d IS NULL").fetchall()
            self.held = joined(
                [*self.held, *(_sane(s, e) for s, e, _ in rows if s is not None and is_number(s))]
            )
            today = self.job["today"]
            self.rejects += rejects.locate(self.job, {s for s, _, _ in rows}, rows, today=today)
        self.db.execute("DELETE FROM runs WHERE d IS NULL")
        self.db.execute("DROP TABLE lines")

    def _overlaps(self) -> None:
        """Settle what lines say about the same numbers."""
        self.db.execute("""CREATE OR REPLACE TABLE grouped AS
            SELECT *, sum(CASE WHEN s <= reach THEN 0 ELSE 1 END) OVER (ORDER BY s, e ROWS UNBOUNDED PRECEDING) AS g FROM (
                SELECT *, max(e) OVER (ORDER BY s, e ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reach FROM runs)""")
        self.db.execute(
            "CREATE OR REPLACE TEMP TABLE many AS SELECT g FROM grouped GROUP BY g HAVING count(*) > 1"
        )
        rows = self.db.execute(
            "SELECT s, e, c, d FROM grouped WHERE g IN (FROM many) ORDER BY s, e"
        ).fetchmany(MOST_OVERLAPPING + 1)
        if len(rows) > MOST_OVERLAPPING:
            raise TooManyBadLines(
                f"More than {MOST_OVERLAPPING:,} lines of {self.job['name']} repeat or contradict each other. Nothing was changed."
            )
        settled = settle_overlaps([Run(*row) for row in rows])
        self._enough(total(settled.held))
        self.held = joined([*self.held, *settled.held])
        self.rejects += rejects.overlapping(self.job, settled)
        self._put_back(settled)

    def _put_back(self, settled: Settled) -> None:
        path = self.folder / "settled.tsv"
        path.write_text(
            "".join(f"{run.s}\t{run.e}\t{run.customer}\t{run.since}\n" for run in settled.runs),
            encoding="utf-8",
        )
        self.db.execute(
            "CREATE OR REPLACE TABLE runs AS SELECT s, e, c, d FROM grouped WHERE g NOT IN (FROM many)"
        )
        if settled.runs:
            self.db.execute(f"INSERT INTO runs SELECT * FROM {_tabs(path, 'DATE')}")

    # sorting and comparing

    def _starts(self) -> None:
        """Sort the runs and keep those that do not just continue the one before, wherever the two stood in the file."""
        self.db.execute("""CREATE OR REPLACE TABLE starts AS SELECT s, c, d, pe FROM (
                SELECT s, c, d, lag(e) OVER w AS pe, lag(c) OVER w AS pc, lag(d) OVER w AS pd FROM runs WINDOW w AS (ORDER BY s)
            ) WHERE pe IS NULL OR s <> pe + 1 OR c <> pc OR d <> pd""")

    def _join_runs(self) -> None:
        """Let every start run until the next one's predecessor ends, and write the runs out in order."""
        days = "datediff('day', DATE '1970-01-01', d)"
        last = int(self._one("SELECT coalesce(max(e), 0) FROM runs"))
        self.db.execute("DROP TABLE runs")
        self.db.execute(f"""CREATE TABLE new AS
            SELECT s, coalesce(lead(pe) OVER (ORDER BY s), {last}) AS e, c, {days} AS d FROM starts""")
        self.db.execute("DROP TABLE starts")
        self.db.execute(f"COPY (FROM new ORDER BY s) TO '{self.folder / 'new.tsv'}' {TABS}")

    def _leave_out_held(self) -> None:
        """Take what bad lines speak of out of the snapshot, and put in what the inventory has there."""
        path = self.folder / "held.tsv"
        path.write_text("".join(f"{s}\t{e}\n" for s, e in self.held))
        self.db.execute(
            f"CREATE OR REPLACE TEMP TABLE held AS FROM read_csv('{path}', delim = '\t', header = false,"
            " columns = {'hs': 'BIGINT', 'he': 'BIGINT'}, auto_detect = false)"
        )
        self.db.execute("""CREATE OR REPLACE TEMP TABLE touched AS
            SELECT s, e, c, d, hs, he FROM runs JOIN held ON hs <= e AND he >= s""")
        rows = self.db.execute("SELECT DISTINCT s, e, c, d FROM touched ORDER BY s").fetchall()
        self.db.execute("DELETE FROM runs WHERE s IN (SELECT s FROM touched)")
        free = [
            Run(s, e, customer, day)
            for first, last, customer, day in rows
            for s, e in rejects.outside(Span(first, last), self.held)
        ]
        path.write_text(
            "".join(f"{run.s}\t{run.e}\t{run.customer}\t{run.since}\n" for run in free), encoding="utf-8"
        )
        if free:
            self.db.execute(f"INSERT INTO runs SELECT * FROM {_tabs(path, 'DATE')}")
        if self.job["old"]:
            self.db.execute("""INSERT INTO runs SELECT greatest(s, hs), least(e, he), c, DATE '1970-01-01' + d::INTEGER
                FROM old JOIN held ON hs <= e AND he >= s""")

    def _compare(self) -> None:
        """Write out, sorted, the runs of either side that the other side has not exactly so."""
        self.db.execute("""CREATE TABLE differing AS
            SELECT o.s AS os, o.e AS oe, o.c AS oc, o.d AS od, n.s AS ns, n.e AS ne, n.c AS nc, n.d AS nd
            FROM old AS o FULL OUTER JOIN new AS n ON o.s = n.s AND o.e = n.e AND o.c = n.c AND o.d = n.d
            WHERE o.s IS NULL OR n.s IS NULL""")
        for side in ("o", "n"):
            self.db.execute(
                f"COPY (SELECT {side}s, {side}e, {side}c, {side}d FROM differing WHERE {side}s IS NOT NULL ORDER BY 1)"
                f" TO '{self.folder / (side + '.tsv')}' {TABS}"
            )


def _sane(s: int, e: int | None) -> Span:
    """Return what a bad line speaks of: its block where that makes sense, else its first number."""
    return Span(s, e) if e is not None and e >= s and e // 10_000_000 == s // 10_000_000 else Span(s, s)


def _tabs(path: Path, day: str) -> str:
    return (
        f"read_csv('{path}', delim = '\t', header = false, auto_detect = false, quote = '', escape = '', columns ="
        f" {{'s': 'BIGINT', 'e': 'BIGINT', 'c': 'VARCHAR', 'd': '{day}'}})"
    )


if __name__ == "__main__":
    raise SystemExit(main())
