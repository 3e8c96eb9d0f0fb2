"""
The guarded process: `python -m tecum.records.drivers.worker`, jobs as lines of JSON on stdin, answers as lines on stdout.

DuckDB works here within a memory limit, sees only the folders it is told, loads no extension, and cannot change its own settings.
A file that is too much, or a hole in a reader of strangers' files, ends this process and nothing else.
"""

import json
import os
import resource
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from tecum.records.drivers import sheet
from tecum.records.drivers.layout import BUCKETS, COLUMNS, HOT, SIDES, bucket_column, buckets_sql
from tecum.records.drivers.reading import Reading
from tecum.records.drivers.writing import write_part
from tecum.records.rules.reading import CannotLoad

BATCH = 1000
PICKED = ", ".join(f"epoch_us({name})" if name == "start_at" else f"CAST({name} AS VARCHAR)" if name == "charge" else name for name in COLUMNS)  # fmt: skip


def tell(**message: object) -> None:
    """Write one line to the parent."""
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def ask(message: dict[str, Any]) -> dict[str, Any]:
    """Write one line to the parent and read its answer."""
    tell(**message)
    return dict(json.loads(sys.stdin.readline()))


def connect(job: Mapping[str, Any]) -> Any:
    """Open an engine that can do what this job needs and nothing else."""
    db = duckdb.connect(":memory:")
    db.execute(f"SET memory_limit = '{job['memory']}'")
    db.execute(f"SET threads = {int(job['threads'])}")
    db.execute("SET preserve_insertion_order = true")
    if job["folder"]:
        db.execute("SET temp_directory = ?", [str(Path(job["folder"]) / "spill")])
    else:
        db.execute("SET temp_directory = ''")
    db.execute(
        f"SET allowed_directories = [{sheet.listed([str(each).rstrip('/') + '/' for each in job['allowed']])}]"
    )
    db.execute(
        f"SET allowed_paths = [{sheet.text(job['path'])}]" if job.get("path") else "SET allowed_paths = []"
    )
    for name in ("autoinstall_known_extensions", "autoload_known_extensions", "enable_external_access"):
        db.execute(f"SET {name} = false")
    db.execute("SET lock_configuration = true")
    return db


def main() -> int:
    """Do jobs until there are no more; the first line opens the engine."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # what was read never lands in a core file
    threading.Thread(target=_watch, args=(os.getppid(),), daemon=True).start()
    opening = json.loads(sys.stdin.readline() or "{}")
    if not opening:
        return 0
    db = connect(opening)
    tell(ready=True)
    for line in sys.stdin:
        job = json.loads(line)
        try:
            JOBS[job["kind"]](db, job)
        except CannotLoad as refusal:
            tell(refused=str(refusal))
        except duckdb.Error as error:
            tell(
                refused=_sentence(job.get("name", "What was asked"), error),
                missing=_missing(error),
            )
    return 0


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1.0)
    os._exit(1)  # whoever wanted this is gone


def _sentence(name: str, error: Any) -> str:
    """Say what went wrong without repeating a value: the engine's own words may hold a number."""
    text = str(error).partition("\n")[0]
    if isinstance(error, duckdb.OutOfMemoryException):
        return f"{name} needs more memory than TECUM_RECORDS_MEMORY allows."
    if isinstance(error, duckdb.PermissionException):
        return f"{name} cannot be read: it lies outside the folders of the store."
    if "parquet" in text.lower() or "magic bytes" in text:
        return f"{name} is a truncated or damaged Parquet file. Nothing was loaded."
    return f"{name} cannot be read ({type(error).__name__})."


def _missing(error: Any) -> bool:
    return isinstance(error, duckdb.IOException) and (
        "No such file" in str(error) or "No files found" in str(error)
    )


def stage(db: Any, job: Mapping[str, Any]) -> None:
    """Read a file of a switch."""
    tell(result=Reading(job, db, tell, ask).run())


def search(db: Any, job: Mapping[str, Any]) -> None:
    """Send the rows of each question, in order of time."""
    sent = 0
    for at, question in enumerate(job["asks"]):
        cursor = db.execute(
            f"SELECT {PICKED} FROM ({_rows(question)}) ORDER BY start_at, record_id", _values(question)
        )
        while rows := cursor.fetchmany(BATCH):
            sent += len(rows)
            tell(rows=rows, ask=at)
        tell(stage="searching", share=(at + 1) / len(job["asks"]))
    tell(result={"rows": sent})


def count(db: Any, job: Mapping[str, Any]) -> None:
    """Count the rows of each question."""
    found = []
    for question in job["asks"]:
        found.append(
            db.execute(f"SELECT count(*) FROM ({_rows(question)})", _values(question)).fetchall()[0][0]
        )
    tell(result={"counts": found})


def _rows(question: Mapping[str, Any]) -> str:
    """Return one equality search for each side: a list of numbers would prune by the smallest and the largest only."""
    parts = []
    for side in SIDES:
        if question[side]:
            other = "" if side == SIDES[0] or not question[SIDES[0]] else f" AND {SIDES[0]} <> $number"
            parts.append(
                f"SELECT * FROM read_parquet([{sheet.listed(question[side])}]) WHERE {side} = $number"
                f" AND start_at >= CAST($start AS TIMESTAMP) AND start_at < CAST($end AS TIMESTAMP){other}"
            )
    if not parts:
        return f"SELECT {', '.join(f'NULL::{kind} AS {name}' for name, kind in COLUMNS.items())} WHERE $number = $start AND $end = ''"
    rows = " UNION ALL ".join(parts)
    return f"SELECT DISTINCT * FROM ({rows})" if question.get("distinct") else rows


def _values(question: Mapping[str, Any]) -> dict[str, str]:
    return {name: question[name] for name in ("number", "start", "end")}


def merge(db: Any, job: Mapping[str, Any]) -> None:
    """Write the rows of many parts of one day and side as one part for each bucket, and count both ways."""
    parts: list[dict[str, Any]] = []
    for group in job["groups"]:
        parts += _merged(db, group, Path(job["folder"]))
        tell(stage="compacting", share=len(parts))
    tell(result={"parts": parts})


def _merged(db: Any, group: Mapping[str, Any], folder: Path) -> Iterator[dict[str, Any]]:
    side = group["side"]
    before = _sum(db, [file for files in group["files"].values() for file in files])
    made = []
    hot = group["files"].get(str(HOT), [])
    if hot:
        db.execute(
            f"CREATE OR REPLACE TEMP TABLE hot AS SELECT *, {buckets_sql()} FROM read_parquet([{sheet.listed(hot)}])"
        )
    for number in range(BUCKETS):
        files = group["files"].get(str(number), [])
        sources = [f"SELECT * FROM read_parquet([{sheet.listed(files)}])"] if files else []
        sources += (
            [f"SELECT {', '.join(COLUMNS)} FROM hot WHERE {bucket_column(side)} = {number}"] if hot else []
        )
        part = write_part(db, " UNION ALL ".join(sources), side, folder) if sources else None
        if part:
            made.append({**part, "side": side, "day": group["day"], "bucket": number})
    if _sum(db, [str(folder / f"{part['id']}.parquet") for part in made]) != before:
        raise CannotLoad(f"Compacting {group['day']} would have changed what it holds. Nothing was changed.")
    yield from made


def _sum(db: Any, files: list[str]) -> Any:
    if not files:
        return (0, None)
    return db.execute(f"SELECT count(*), sum(hash(record_id, calling, called, start_at, duration_ms)) FROM read_parquet([{sheet.listed(files)}])").fetchall()[0]  # fmt: skip


def extract(db: Any, job: Mapping[str, Any]) -> None:
    """Copy out of one day what holds name, before the day is purged."""
    parts = []
    day = date.fromisoformat(job["day"])
    for hold in job["holds"]:
        for side in SIDES:
            question = {"calling": [], "called": [], side: job["files"][side]}
            db.execute(f"CREATE OR REPLACE TEMP TABLE held AS {_rows(question)}", _values(hold))
            part = write_part(db, "SELECT * FROM held", side, Path(job["folder"]))
            if part:
                parts.append({**part, "side": side, "day": day.isoformat(), "hold": hold["id"]})
    tell(result={"parts": parts})


JOBS = {"stage": stage, "search": search, "count": count, "merge": merge, "extract": extract}

if __name__ == "__main__":
    raise SystemExit(main())
