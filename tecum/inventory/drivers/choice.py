"""
Which engine this machine uses: it follows the application database unless TECUM_INVENTORY says otherwise.

`sqlite:` or `sqlite:FOLDER` is the embedded engine, `postgresql:` the application's own server, `postgresql://…` another one;
`?schema=NAME` names the schema, by default `inventory`.
"""

import re
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from psycopg.conninfo import make_conninfo

from tecum.inventory.drivers.engine import Engine
from tecum.inventory.drivers.postgres import PostgresEngine
from tecum.inventory.drivers.sqlite import SqliteEngine

SCHEMA = re.compile(r"[a-z][a-z0-9_]{0,40}")


def engine() -> Engine:
    """Return the engine of this process."""
    told = str(settings.TECUM_INVENTORY) or (
        "postgresql:" if connection.vendor == "postgresql" else "sqlite:"
    )
    if told.startswith("sqlite:"):
        return _sqlite(Path(told.removeprefix("sqlite:") or workshop()))
    parts = urlsplit(told)
    schema = parse_qs(parts.query).get("schema", ["inventory"])[0]
    if parts.scheme not in ("postgresql", "postgres") or not SCHEMA.fullmatch(schema):
        raise ImproperlyConfigured(
            f"TECUM_INVENTORY is '{told}', expected 'sqlite:FOLDER', 'postgresql:' or 'postgresql://…', with '?schema=NAME'."
        )
    return _postgres(told.partition("?")[0] if parts.netloc else _application(), schema)


def workshop() -> Path:
    """Return the folder in which loads are staged."""
    return Path(settings.DATA) / "inventory"


def _application() -> str:
    given = connection.settings_dict
    if connection.vendor != "postgresql":
        raise ImproperlyConfigured(
            "TECUM_INVENTORY is 'postgresql:', but the application database is not PostgreSQL."
        )
    named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    return make_conninfo("", **{key: given[name] or None for key, name in named.items()})


@lru_cache
def _sqlite(folder: Path) -> Engine:
    return SqliteEngine(folder)


@lru_cache
def _postgres(conninfo: str, schema: str) -> Engine:
    return PostgresEngine(conninfo, schema)
