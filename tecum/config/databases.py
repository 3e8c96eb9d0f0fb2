"""The application database: embedded SQLite, or PostgreSQL by address."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

KEPT_SECONDS = 60
SQLITE_OPTIONS: dict[str, Any] = {
    # IMMEDIATE: SQLite ignores SELECT … FOR UPDATE, so a writer takes the lock when it begins.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    # Copying the log back takes long: seldom, and then much at once, or every thirtieth look-up waits for it.
    " PRAGMA wal_autocheckpoint=10000;",
}


def from_address(address: str, *, data: Path) -> dict[str, Any]:
    """
    Return Django's settings for a database address.

    Empty or `sqlite:` is the embedded file in the data folder, `sqlite:PATH` another file,
    `postgresql://user:password@host:port/name` a server (host may be a socket folder, percent-encoded).

    :raises ValueError: for any other scheme
    """
    if address in {"", "sqlite:"}:
        address = f"sqlite:{data / 'tecum.sqlite3'}"
    if address.startswith("sqlite:"):
        name = address.removeprefix("sqlite:")
        return {
            "ENGINE": "tecum.config.sqlite3",
            "NAME": name,
            "OPTIONS": SQLITE_OPTIONS,
            # Kept between requests: opening reads the whole schema, and the last one to close copies the log back.
            "CONN_MAX_AGE": KEPT_SECONDS,
        }
    parts = urlsplit(address)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ValueError(
            f"TECUM_DATABASE_URL begins with '{parts.scheme}:', expected 'sqlite:' or 'postgresql:'."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": KEPT_SECONDS,
        "CONN_HEALTH_CHECKS": True,
    }
