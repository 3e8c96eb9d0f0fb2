"""Which engine this machine uses: it follows the application database unless TECUM_INVENTORY says otherwise."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from tecum.inventory.drivers.engine import Engine
from tecum.inventory.drivers.sqlite import SqliteEngine


def engine() -> Engine:
    """Return the engine of this process."""
    return _engine(_address())


def workshop() -> Path:
    """Return the folder in which loads are staged."""
    return Path(settings.DATA) / "inventory"


def _address() -> str:
    told = str(settings.TECUM_INVENTORY)
    if told in {"", "sqlite:"} and (told or connection.vendor != "postgresql"):
        return f"sqlite:{workshop()}"
    return told


@lru_cache
def _engine(address: str) -> Engine:
    if address.startswith("sqlite:"):
        return SqliteEngine(Path(address.removeprefix("sqlite:")))
    raise ImproperlyConfigured(f"TECUM_INVENTORY is '{address}', expected 'sqlite:FOLDER' or 'postgresql:…'.")
