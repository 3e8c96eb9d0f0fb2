"""One consistent picture of the application database in a file, and back: SQLite's own backup, or pg_dump and pg_restore."""

import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

from django.db import connection

from tecum.kernel.refusals import Refused

SQLITE, POSTGRES = "database.sqlite3", "database.pgdump"


class CannotCopy(Refused):
    """The database cannot be copied or put back here; the sentence says what to do."""


def dump(folder: Path) -> Path:
    """Write the database into a folder as it is at one instant, while others write. :raises CannotCopy"""
    if connection.vendor == "sqlite":
        return copy_sqlite(Path(str(connection.settings_dict["NAME"])), folder / SQLITE)
    path = folder / POSTGRES
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={path}")
    return path


def copy_sqlite(source: Path, target: Path) -> Path:
    """Copy a SQLite file that others may be writing, whole and by itself."""
    origin = sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=20)
    copy = sqlite3.connect(target)
    try:
        origin.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    finally:
        copy.close()
        origin.close()
    return target


def is_empty() -> bool:
    """Tell whether the database that the settings name holds nothing yet."""
    if connection.vendor == "sqlite" and not Path(str(connection.settings_dict["NAME"])).exists():
        return True
    return not connection.introspection.table_names()


def load(folder: Path) -> None:
    """Put the picture into the database that the settings name, which is empty. :raises CannotCopy: for one of another kind"""
    path = folder / (SQLITE if connection.vendor == "sqlite" else POSTGRES)
    if not path.exists():
        raise CannotCopy(
            f"This copy is of another kind of database: {path.name} is not in it. See TECUM_DATABASE_URL."
        )
    connection.close()
    if connection.vendor == "sqlite":
        shutil.copyfile(path, str(connection.settings_dict["NAME"]))
        return
    name = str(connection.settings_dict["NAME"])
    _run("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", f"--dbname={name}", str(path))  # fmt: skip


def _run(program: str, *arguments: str) -> None:
    """Run a program of PostgreSQL against our database; the password goes by the environment."""
    found = shutil.which(program)
    if found is None:
        raise CannotCopy(
            f"{program} is not installed here: sudo apt-get install postgresql-client. Nothing was done."
        )
    told = connection.settings_dict
    named = {
        "PGDATABASE": "NAME",
        "PGUSER": "USER",
        "PGPASSWORD": "PASSWORD",
        "PGHOST": "HOST",
        "PGPORT": "PORT",
    }
    given = {key: str(told[name]) for key, name in named.items() if told[name]}
    done = subprocess.run(  # noqa: S603
        [found, *arguments], env={**os.environ, **given}, capture_output=True, text=True
    )
    if done.returncode:
        raise CannotCopy(f"{program} failed: {done.stderr.strip()[-500:]}")
