"""A carrier with one billing system, for tests: a guide, lists from plain rows, and the real load."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tecum.kernel.actors import Actor
from tecum.records.operations import subscribers
from tecum.secrecy.drivers import keyring
from tests.make import NOON

HEADER = "number,account,name,address,services,since,until,status,market,imei,imsi,imei_since"
LOADER = Actor.operator(
    "root", frozenset({"subscriber.load", "subscriber.read", "subscriber.rejects", "subscriber.match"})
)
SMITH = "2925550142,A-1,John Smith,12 Oak Ln Boise ID 83702,voice;data,2020-01-31,,A,ID,490154203237518,316010123456789,"
JONES = "2925550143,A-2,Ann Jones,4 Elm Ct Peoria IL 61602,voice,2021-06-01,,A,IL,,,"


@pytest.fixture
def billing(settings, tmp_path) -> Iterator[Path]:
    """Give this test keys and folders of its own, and the guide that names the billing system."""
    settings.DATA = tmp_path
    settings.TECUM_SECRETS = str(tmp_path / "secrets")
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")
    settings.TECUM_SEALING_KEY_FILE = str(tmp_path / "sealing.key")
    keyring.create(tmp_path / "sealing.key")
    yield tmp_path


def write(folder: Path, rows: Iterable[str], *, header: str = HEADER, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8", errors="surrogateescape")
    return path


def load(folder: Path, rows: Iterable[str], **more: object):
    """Load lines as a list that may change everything."""
    header = str(more.pop("header", HEADER))
    path = write(folder, rows, header=header)
    given = {"by": LOADER, "now": NOON, "max_change": 1.0, **more}
    return subscribers.load(file=path, **given)


def at(day: int) -> datetime:
    return NOON.replace(day=day)


@pytest.fixture
def subscriber_list(billing) -> Callable[..., object]:
    """Return a function that makes lines the present list, as of `now`."""
    return lambda *rows, now=NOON: load(billing, rows, now=now)
