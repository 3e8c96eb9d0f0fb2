"""
Writing parts: sorted by the party, in small row groups; and what must be known of each (in the worker).

zstd at level 1: a tenth quicker than at 3, and of these rows no larger.
"""

from datetime import date
from pathlib import Path
from typing import Any

from tecum.kernel.ids import unguessable
from tecum.records.drivers.files import durable, sha256_of
from tecum.records.drivers.layout import BUCKETS, COLUMNS, HOT, ROW_GROUP, SIDES, bucket_column

Database = Any  # duckdb has no types


def write_day(
    db: Database, table: str, day: date, folder: Path, *, hot: bool, alone: bool
) -> list[dict[str, Any]]:
    """Write the rows of one day of a table (with its bucket columns) twice: as two hot parts, or as sixteen buckets of each side."""
    source = table
    if not alone:
        db.execute(
            f"CREATE OR REPLACE TEMP TABLE today AS SELECT * FROM {table} WHERE CAST(start_at AS DATE) = DATE '{day.isoformat()}'"
        )
        source = "today"
    parts = []
    for side in SIDES:
        for number in (HOT,) if hot else range(BUCKETS):
            where = "" if hot else f"WHERE {bucket_column(side)} = {number}"
            part = write_part(db, f"SELECT * FROM {source} {where}", side, folder)
            if part:
                parts.append({**part, "side": side, "day": day.isoformat(), "bucket": number})
    return parts


def write_part(db: Database, rows: str, side: str, folder: Path) -> dict[str, Any] | None:
    """Write one part into a folder, wait until it is on the disk, and return what the manifest says of it."""
    part = unguessable()
    path = folder / f"{part}.parquet"
    db.execute(
        f"COPY (SELECT {', '.join(COLUMNS)} FROM ({rows}) ORDER BY {side}, start_at, record_id)"
        f" TO '{path}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE {ROW_GROUP})"
    )
    count, first, last = db.execute(
        f"SELECT count(*), min(start_at), max(start_at) FROM read_parquet('{path}')"
    ).fetchall()[0]
    if not count:
        path.unlink()
        return None
    durable(path)
    return {
        "id": part,
        "rows": count,
        "bytes": path.stat().st_size,
        "sha256": sha256_of(path),
        "first": first.isoformat(),
        "last": last.isoformat(),
    }
