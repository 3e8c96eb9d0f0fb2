"""
The distributed engine: Spark over the same Parquet (extra `tecum[spark]`, Java 17).

The files must lie where every executor sees them under the same path. `master` is any Spark master; `local-cluster[2,1,1024]`
runs executors as processes of their own on one machine.
"""

import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import reduce
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f
from pyspark.sql.types import (
    DecimalType,
    IntegerType,
    LongType,
    ShortType,
    StringType,
    StructField,
    StructType,
    TimestampNTZType,
)

from tecum.records.drivers.engine import Ask, RawRow, RecordEngine
from tecum.records.drivers.guarded import PartGone
from tecum.records.drivers.layout import CALLED, CALLING, COLUMNS

KINDS = {
    "VARCHAR": StringType(), "TIMESTAMP": TimestampNTZType(), "INTEGER": IntegerType(), "SMALLINT": ShortType(),
    "DECIMAL(12,4)": DecimalType(12, 4), "BIGINT": LongType(),
}  # fmt: skip
SCHEMA = StructType([StructField(name, KINDS[kind]) for name, kind in COLUMNS.items()])


class SparkEngine(RecordEngine):
    """One Spark session of this process."""

    name = "spark"

    def __init__(self, master: str) -> None:
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        self.session = (
            SparkSession.builder.master(master)
            .appName("tecum records")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.parquet.pushdown.inFilterThreshold", "64")
            .config("spark.sql.shuffle.partitions", "8")
            .config("spark.sql.files.ignoreMissingFiles", "false")
            .getOrCreate()
        )
        self.session.sparkContext.setLogLevel("ERROR")

    def rows(self, asks: Sequence[Ask]) -> Iterator[tuple[int, RawRow]]:
        for at, ask in enumerate(asks):
            found = self._found(ask)
            if found is None:
                continue
            ordered = found.orderBy("start_at", "record_id").select(*(_sent(name) for name in COLUMNS))
            for row in ordered.toLocalIterator():
                yield at, list(row)

    def counts(self, asks: Sequence[Ask]) -> list[int]:
        found = (self._found(ask) for ask in asks)
        return [0 if one is None else int(one.count()) for one in found]

    def close(self) -> None:
        self.session.stop()

    def _found(self, ask: Ask) -> DataFrame | None:
        sides: list[DataFrame] = []
        for side, files in ((CALLING, ask.calling), (CALLED, ask.called)):
            if not files:
                continue
            rows = self._read(files).where(
                (f.col(side) == ask.number)
                & (f.col("start_at") >= _naive(ask.start))
                & (f.col("start_at") < _naive(ask.end))
            )
            if side == CALLED and ask.calling:
                rows = rows.where(f.col(CALLING) != ask.number)
            sides.append(rows)
        if not sides:
            return None
        found = reduce(DataFrame.unionByName, sides)
        return found.distinct() if ask.distinct else found

    def _read(self, files: tuple[str, ...]) -> DataFrame:
        missing = [file for file in files if file.startswith("/") and not os.path.exists(file)]
        if missing:
            raise PartGone
        return self.session.read.schema(SCHEMA).parquet(*files)


def _naive(at: datetime) -> Any:
    return f.lit(at.astimezone(UTC).replace(tzinfo=None)).cast(TimestampNTZType())


def _sent(name: str) -> Any:
    if name == "start_at":
        return f.unix_micros(f.to_utc_timestamp(f.col(name).cast("timestamp"), "UTC")).alias(name)
    return f.col(name).cast("string").alias(name) if name == "charge" else f.col(name)
