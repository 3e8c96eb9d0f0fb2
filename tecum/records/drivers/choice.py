"""Where the store lies on this machine, and which engine searches it."""

import os
from functools import lru_cache
from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from tecum.records.drivers.duck import DuckEngine
from tecum.records.drivers.engine import RecordEngine
from tecum.records.drivers.guarded import Guard


def root() -> Path:
    """Return the folder of the store."""
    return Path(settings.TECUM_RECORDS or Path(settings.DATA) / "records")


def engine() -> RecordEngine:
    """Return the engine of this process: `duckdb`, or `spark:MASTER`."""
    return _engine(str(settings.TECUM_RECORDS_ENGINE), root(), str(settings.TECUM_RECORDS_MEMORY), threads())


def threads() -> int:
    """Return how many threads one worker may use."""
    return min(4, os.cpu_count() or 1)


def guard(*, folder: Path, path: Path | None = None) -> Guard:
    """Return what a worker may use that writes parts into a folder."""
    return Guard(
        memory=str(settings.TECUM_RECORDS_MEMORY),
        threads=threads(),
        allowed=(root(), folder),
        folder=folder,
        path=path,
    )


@lru_cache(maxsize=4)
def _engine(told: str, where: Path, memory: str, cores: int) -> RecordEngine:
    if told == "duckdb":
        return DuckEngine(where, memory=memory, threads=cores)
    if told.startswith("spark:"):
        try:
            spark = import_module("tecum.records.drivers.spark")  # an extra: not everybody has it
        except ImportError:
            raise ImproperlyConfigured(
                "TECUM_RECORDS_ENGINE names Spark: install tecum[spark] and Java 17."
            ) from None
        found: RecordEngine = spark.SparkEngine(told.removeprefix("spark:"))
        return found
    raise ImproperlyConfigured(f"TECUM_RECORDS_ENGINE is '{told}', expected 'duckdb' or 'spark:MASTER'.")
