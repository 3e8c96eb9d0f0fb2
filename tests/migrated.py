"""
The migrated database, made once for each state of the code, then copied for every worker of every part of the suite.

Sixty migrations take as long as a hundred tests. The copy was made by those same migrations: it is found by the digest
of every file of the application and of the locked libraries, so the smallest change of either makes it anew.
"""

import contextlib
import fcntl
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

from tests.postgres import THROWN_AWAY

ROOT = Path(__file__).resolve().parents[1]
KEPT_IN = ROOT / "var" / "tests"
TEMPLATE = "migrated"  # the name of the copy in a PostgreSQL of ours


def take(connection: BaseDatabaseWrapper) -> None:
    """Give a connection a fresh migrated database under the name that its tests use, and point it there."""
    with _alone(connection.vendor):
        if connection.vendor == "sqlite":
            _take_file(connection)
        elif os.environ.get(THROWN_AWAY):
            _take_template(connection)
        else:  # somebody's own server, where nothing of ours may stay
            _make(connection)


def drop(connection: BaseDatabaseWrapper) -> None:
    """Take the database away again, except where its whole cluster goes."""
    connection.close()
    if not os.environ.get(THROWN_AWAY):
        connection.creation.destroy_test_db(verbosity=0)


def state() -> str:
    """Return the digest of whatever a migrated database may depend on."""
    digest = sha256(f"{sys.version} {sqlite3.sqlite_version}".encode())
    for path in [*sorted((ROOT / "tecum").rglob("*.py")), ROOT / "requirements-dev.lock", Path(__file__)]:
        content = path.read_bytes()
        digest.update(f"\n{path.relative_to(ROOT)} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def _take_file(connection: BaseDatabaseWrapper) -> None:
    kept = KEPT_IN / f"migrated-{state()[:32]}.sqlite3"
    if kept.exists():
        name = connection.settings_dict["TEST"]["NAME"]
        shutil.copyfile(kept, name)
        _point(connection, name)
        return
    _make(connection)
    fresh = kept.with_suffix(f".{os.getpid()}")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(fresh)])
    for old in KEPT_IN.glob("migrated-*.sqlite3"):
        old.unlink()
    fresh.replace(kept)


def _take_template(connection: BaseDatabaseWrapper) -> None:
    creation = connection.creation
    name = creation._get_test_db_name()
    with creation._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE])
        if cursor.fetchone():
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE {TEMPLATE}')
            _point(connection, name)
            return
    _make(connection)
    connection.close()
    with creation._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE {TEMPLATE} TEMPLATE "{name}"')


def _make(connection: BaseDatabaseWrapper) -> None:
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)


def _point(connection: BaseDatabaseWrapper, name: str) -> None:
    connection.close()
    settings.DATABASES[connection.alias]["NAME"] = name
    connection.settings_dict["NAME"] = name


@contextlib.contextmanager
def _alone(vendor: str) -> Iterator[None]:
    """Hold the others back: the first one makes what they copy."""
    KEPT_IN.mkdir(parents=True, exist_ok=True)
    with (KEPT_IN / f"lock-{vendor}").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
