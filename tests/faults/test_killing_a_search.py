"""kill -9 while what two people granted is searched: nothing of it is kept, and begun again it is whole, once (T1)."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection

from tecum.demands import operations as demands
from tecum.demands.drivers.failpoints import POINTS
from tecum.jobs import long
from tecum.models import DemandSearch, Production, RecordRead, StoredFile, TrailLeaf
from tecum.production import queries
from tecum.records import operations as records
from tests import make
from tests.make import NOON
from tests.records import LOADER, OTHER, TARGET, line, load
from tests.searches import WEEK, guided, scoped

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases, pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[2]
HOUR = timedelta(hours=1)
SCRIPT = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django
django.setup()
from datetime import datetime
from django.conf import settings
from tecum.jobs import long
for name, value in {said!r}.items():
    setattr(settings, name, value)
now = datetime.fromisoformat({now!r})
long.search_all(lambda: now)
"""
SETTINGS = (
    "DATA", "TECUM_RECORDS", "TECUM_RECORDS_MEMORY", "TECUM_GUIDE", "MEDIA_ROOT", "TECUM_SEALING_KEY_FILE", "TECUM_EPOCH_KEYS",
)  # fmt: skip


def killed(at: str) -> int:
    """Run the lane of searches in a process that dies by SIGKILL at a point; return its exit code."""
    name = str(connection.settings_dict["NAME"])
    address = os.environ.get("TECUM_DATABASE_URL", "")
    address = f"{address.rpartition('/')[0]}/{name}" if address.startswith("postgres") else f"sqlite:{name}"
    said = {each: str(getattr(django_settings, each)) for each in SETTINGS}
    script = SCRIPT.format(said=said, now=NOON.isoformat())
    environment = {
        **os.environ, "TECUM_DATABASE_URL": address, "TECUM_TEST_FAIL_AT": at, "TECUM_LOG_LEVEL": "ERROR",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode in (0, -9), done.stderr[-2000:]
    return done.returncode


def on_disk() -> int:
    return sum(path.is_file() for path in Path(django_settings.MEDIA_ROOT).rglob("*"))


@pytest.fixture
def asked(store):
    """A search that waits: three calls, two products."""
    guided(store)
    load(
        store,
        [
            line(n, at=NOON - (30 + n) * HOUR, a=TARGET if n % 2 else OTHER, b=OTHER if n % 2 else TARGET)
            for n in range(3)
        ],
    )
    first, second = make.analyst(), make.analyst()
    case = scoped(first, second, ("fraud_report", TARGET, WEEK), ("invoice", TARGET, WEEK))
    return first, demands.gather(case=case, by=first, now=NOON)


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_search_is_begun_again_and_leaves_one_production(asked, point):
    first, search = asked

    assert killed(f"search.{point}") == -9
    if point != "kept":
        assert DemandSearch.objects.get(pk=search).state == "RUNNING"
        assert not Production.objects.exists() and not StoredFile.objects.filter(purpose="records").exists()
    long.search_all(lambda: NOON + 2 * HOUR)  # the lease of the dead is over

    row = DemandSearch.objects.get(pk=search)
    assert row.state == "DONE"
    assert Production.objects.count() == 1
    made = queries.opened(id=row.production, by=first, now=NOON).inputs
    assert sum(each.rows for each in made.coverage) == 6
    assert TrailLeaf.objects.filter(event="demand.search_done").count() == 1


def test_a_search_of_the_store_killed_in_the_middle_holds_no_purge_back_for_ever(asked, store):
    _, search = asked
    assert killed("search.answered") == -9
    RecordRead.objects.create(
        store="fraud", began_at=NOON, lease_until=NOON + 6 * HOUR
    )  # as one that died among its rows leaves it

    later = NOON + timedelta(days=40)
    assert records.purge("fraud", by=LOADER, now=later) > 0

    assert not list((store / "records").rglob("*.parquet"))
    assert not RecordRead.objects.exists()
