"""One load of a source at a time, on all machines of one database; a dead process holds nothing."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import connection

from tecum.kernel.refusals import Refused


class ListInProgress(Refused):
    """Another process reads a list of this source."""

    def __init__(self) -> None:
        super().__init__("Another list of this source is being loaded. Wait until it ends, then start again.")


@contextmanager
def alone(source: str) -> Iterator[None]:
    """Hold the one load lock of a source while inside. :raises ListInProgress: if somebody holds it"""
    with _postgres(source) if connection.vendor == "postgresql" else _file(source):
        yield


@contextmanager
def _postgres(source: str) -> Iterator[None]:
    key = int.from_bytes(sha256(f"subscriber list {source}".encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        if not cursor.fetchone()[0]:
            raise ListInProgress
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


@contextmanager
def _file(source: str) -> Iterator[None]:
    folder = Path(settings.DATA) / "subscribers"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / f"{source}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ListInProgress from None
        yield
