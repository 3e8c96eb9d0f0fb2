"""An inventory for a test: fresh, and filled from plain rows through the real load."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

import pytest
from django.db import connection

from tecum.inventory import operations
from tecum.inventory.drivers import choice
from tecum.kernel.actors import Actor
from tests.make import NOON

HEADER = "number,number_to,customer_id,in_service_date"
FEED_HEADER = "event,number,customer_id,effective_at,reason"
LOADER = Actor.operator("root", frozenset({"inventory.load", "inventory.read", "inventory.history"}))


@pytest.fixture
def inventory(settings, tmp_path) -> Iterator[Path]:
    """Give this test an inventory of its own, empty, in the engine that follows its database."""
    settings.DATA = tmp_path
    if connection.vendor == "postgresql":
        schema = f"inventory_{os.urandom(6).hex()}"
        settings.TECUM_INVENTORY = f"postgresql:?schema={schema}"
    yield tmp_path
    choice.engine().close()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")


def write(path: Path, rows: Iterable[str], *, header: str = HEADER) -> Path:
    """Write a file of numbers from lines such as `2925550142,,C1,2022-06-01`."""
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def load(folder: Path, rows: Iterable[str], **more):
    """Load lines as a snapshot that may change everything."""
    path = write(folder / "numbers.csv", rows)
    return operations.load_snapshot(path, by=more.pop("by", LOADER), **{"max_change": 1.0, **more})


def apply(folder: Path, rows: Iterable[str], **more):
    """Apply lines such as `disconnect,2925550142,C1,2026-09-01,moved away` as a change feed."""
    path = write(folder / "feed.csv", rows, header=FEED_HEADER)
    return operations.apply_feed(path, by=more.pop("by", LOADER), **more)


@pytest.fixture
def numbers(inventory) -> Callable[..., None]:
    """Return a function that makes `{number: (customer, since)}` the whole inventory, as of `now`."""

    def become(rows: Mapping[str, tuple[str, date]], *, now: datetime = NOON) -> None:
        lines = (f"{number},,{customer},{since.isoformat()}" for number, (customer, since) in rows.items())
        load(inventory, lines, now=now, as_of=now)

    return become
