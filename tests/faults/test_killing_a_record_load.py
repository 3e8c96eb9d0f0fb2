"""kill -9 in a load, a compaction, a purge: nothing is half done, the manifest decides, and the next work cleans up (T1)."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection

from tecum.kernel.periods import Period
from tecum.records import operations as records
from tecum.records.models import RecordDelivery, RecordPart
from tecum.records.models.store import RecordPurge
from tests.make import NOON
from tests.records import ANALYST, LOADER, OTHER, TARGET, THIRD, found, line, load, write

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases, pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[2]
LATER = NOON + timedelta(days=40)


def killed(folder: Path, *words: str, at: str, now=NOON) -> int:
    """Run one command of `tecum records` in a process that dies by SIGKILL at a point; return its exit code."""
    name = str(connection.settings_dict["NAME"])
    address = os.environ.get("TECUM_DATABASE_URL", "")
    address = f"{address.rpartition('/')[0]}/{name}" if address.startswith("postgres") else f"sqlite:{name}"
    clock = folder / "clock"
    clock.write_text(now.isoformat())
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tecum.config.settings",
        "TECUM_DATABASE_URL": address,
        "TECUM_DATA": str(folder),
        "TECUM_GUIDE": str(django_settings.TECUM_GUIDE),
        "TECUM_RECORDS": str(django_settings.TECUM_RECORDS),
        "TECUM_SECRET_KEY": "x" * 50,
        "TECUM_TEST_FAIL_AT": at,
        "TECUM_LOG_LEVEL": "ERROR",
    }
    script = (
        "import os, sys, django; django.setup()\n"
        "from datetime import datetime\n"
        "from pathlib import Path\n"
        "from tecum.kernel.actors import Actor\n"
        "from tecum.records import operations as records\n"
        "now, by = datetime.fromisoformat(Path(sys.argv[1]).read_text()), Actor.system('jobs')\n"
        "verb, what = sys.argv[2:4]\n"
        "if verb == 'load': records.load(Path(what), by=by, now=now)\n"
        "elif verb == 'compact': records.compact(what, by=by, now=now, force=True)\n"
        "else: records.purge(what, by=by, now=now)\n"
    )
    command = [sys.executable, "-c", script, str(clock), *words]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True).returncode


def on_disk() -> set[str]:
    return {path.stem for path in Path(django_settings.TECUM_RECORDS).rglob("*.parquet")}


def in_manifest() -> set[str]:
    return set(RecordPart.objects.filter(removed_at=None).values_list("pk", flat=True))


@pytest.mark.parametrize("point", ["staged", "placed_some", "placed", "committed"])
def test_a_killed_load_is_whole_or_not_at_all_and_comes_again(store, point):
    load(store, [line(1)])
    path = write(store / "msc-2.csv", [line(2), line(3, a=OTHER, b=TARGET)])

    assert killed(store, "load", str(path), at=point) == -9
    assert found() == (["R1", "R2", "R3"] if point == "committed" else ["R1"])
    assert killed(store, "load", str(path), at="") == 0

    assert found() == ["R1", "R2", "R3"]
    assert on_disk() == in_manifest()
    assert not RecordDelivery.objects.filter(state="LOADING").exists()


@pytest.mark.parametrize("point", ["staged", "placed_some", "placed", "committed", "removed_some", "removed"])
def test_a_killed_compaction_loses_and_doubles_nothing(store, point):
    for turn in range(3):
        load(store, [line(turn), line(10 + turn, a=OTHER, b=TARGET)], f"msc-{turn}.csv")
    before = found()

    assert killed(store, "compact", "fraud", at=point) == -9
    assert found() == before
    assert killed(store, "compact", "fraud", at="") == 0
    records.maintain(by=LOADER, now=NOON)

    assert found() == before
    assert on_disk() == in_manifest()
    assert not RecordPart.objects.live().filter(bucket=-1).exists()


@pytest.mark.parametrize("point", ["committed", "removed_some", "removed"])
def test_a_killed_purge_leaves_no_day_without_its_proof(store, point):
    load(store, [line(1), line(2, a=OTHER, b=TARGET)])

    assert killed(store, "purge", "fraud", at=point, now=LATER) == -9
    assert found() == []
    assert RecordPurge.objects.count() == 1
    assert killed(store, "purge", "fraud", at="", now=LATER) == 0
    records.maintain(by=LOADER, now=LATER)

    assert RecordPurge.objects.count() == 1
    assert on_disk() == in_manifest() == set()


@pytest.mark.parametrize("point", ["staged", "placed_some", "placed", "committed", "removed_some", "removed"])
def test_a_killed_purge_of_a_day_that_is_held_keeps_what_is_held_once(store, point):
    load(store, [line(1), line(2, a=OTHER, b=TARGET), line(3, a=OTHER, b=THIRD)])
    period = Period(NOON - timedelta(days=1), NOON)
    records.hold(matter="matter-1", number=TARGET, period=period, until=None, by=ANALYST, now=NOON)

    assert killed(store, "purge", "fraud", at=point, now=LATER) == -9
    assert found() == ["R1", "R2"]
    assert killed(store, "purge", "fraud", at="", now=LATER) == 0
    records.maintain(by=LOADER, now=LATER)

    assert found() == ["R1", "R2"]
    assert found(THIRD) == []
    assert on_disk() == in_manifest()
    assert RecordPurge.objects.get().kept == 2


@pytest.mark.sabotage("the manifest decides")
def test_without_the_written_plan_a_killed_load_would_leave_strays(store, monkeypatch):
    path = write(store / "msc-2.csv", [line(2)])
    assert killed(store, "load", str(path), at="placed") == -9
    for plan in (store / "records").rglob("plan.json"):
        plan.unlink()

    load(store, [line(1)])

    assert on_disk() != in_manifest()
    assert found() == ["R1"]
