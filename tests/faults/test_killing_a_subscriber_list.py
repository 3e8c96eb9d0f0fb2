"""kill -9 while a list of subscribers is loaded, at every stage: the list before stays, or the new one is whole (T1)."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection

from tecum.records.models import SubscriberLine, SubscriberList
from tecum.records.operations import subscribers
from tests.make import NOON
from tests.subscribers import LOADER, load, write

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
ROOT = Path(__file__).resolve().parents[2]
OLD = [f"2925550{n},A-{n},Ann {n},1 Elm,voice,,,A,,,," for n in range(100, 200)]
# More than one batch of new lines, so that a kill leaves a part of them behind.
NEW = [line.replace("Ann", "Lee") for line in OLD[:90]] + [
    f"392{n},B-{n},Lee {n},1 Elm,voice,,,A,,,," for n in range(5_550_100, 5_552_000)
]


def killed(folder: Path, path: Path, *, at: str) -> int:
    name = str(connection.settings_dict["NAME"])
    address = os.environ.get("TECUM_DATABASE_URL", "")
    address = f"{address.rpartition('/')[0]}/{name}" if address.startswith("postgres") else f"sqlite:{name}"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tecum.config.settings",
        "TECUM_DATABASE_URL": address,
        "TECUM_DATA": str(folder),
        "TECUM_FILES": str(folder / "files"),
        "TECUM_EPOCH_KEYS": str(django_settings.TECUM_EPOCH_KEYS),
        "TECUM_SEALING_KEY_FILE": str(django_settings.TECUM_SEALING_KEY_FILE),
        "TECUM_SECRET_KEY": "x" * 50,
        "TECUM_TEST_FAIL_AT": at,
        "TECUM_LOG_LEVEL": "ERROR",
    }
    command = [sys.executable, "-m", "tecum", "subscribers", "load", str(path), "--max-change", "1"]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True).returncode


def present() -> list[tuple[str, str]]:
    return sorted(SubscriberLine.present("billing").values_list("number", "digest"))


@pytest.mark.slow
@pytest.mark.parametrize("point", ["read", "while_comparing", "compared", "applied"])
def test_a_list_killed_at_any_stage_was_never_seen_or_is_seen_wholly(billing, point):
    load(billing, OLD, now=NOON)
    before = present()
    path = write(billing, NEW, name="second.csv")

    assert killed(billing, path, at=point) == -9

    if point == "applied":
        assert len(present()) == 1_990
    else:
        assert present() == before
    after = SubscriberList.objects.latest("begun_at").begun_at + timedelta(minutes=1)

    assert subscribers.recover(by=LOADER, now=after) == (0 if point == "applied" else 1)

    assert SubscriberList.objects.filter(state="READING").count() == 0
    assert (present() == before) == (point != "applied")
    report = subscribers.load(file=path, by=LOADER, now=after + timedelta(days=1), max_change=1.0)
    assert len(present()) == 1_990
    assert report.same == (1_990 if point == "applied" else 0)
    assert list(billing.rglob("*.spool")) == []
