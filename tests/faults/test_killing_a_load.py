"""kill -9 during a load or a feed, at every stage: the old inventory stays readable, or the new one is whole (T1)."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection

from tecum.inventory import operations, queries
from tecum.inventory.drivers import choice
from tecum.inventory.models import InventoryLoad
from tests.inventory import FEED_HEADER, LOADER, load, write
from tests.make import NOON

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
ROOT = Path(__file__).resolve().parents[2]
BLOCK = [f"29255501{n:02},,ABC,2020-01-31" for n in range(0, 40, 2)]
CHANGED = [*BLOCK[1:], "2925550199,,NEW,2026-01-01"]
OLD, NEW = {"2925550100"}, {"2925550199"}
SMALL = ["staged", "intended", "before_commit", "after_commit", "applied"]
LARGE = ["staged", "intended", "while_building", "before_swap", "after_swap", "applied"]
BEFORE = {"staged", "intended", "while_building", "before_commit", "before_swap", "before_rename"}
NOT_INTENDED = {"staged"}


def killed(folder: Path, *words: str, at: str) -> int:
    """Run one command of `tecum numbers` in a process that dies by SIGKILL at a point; return its exit code."""
    name = str(connection.settings_dict["NAME"])
    address = os.environ.get("TECUM_DATABASE_URL", "")
    address = f"{address.rpartition('/')[0]}/{name}" if address.startswith("postgres") else f"sqlite:{name}"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tecum.config.settings",
        "TECUM_DATABASE_URL": address,
        "TECUM_DATA": str(folder),
        "TECUM_INVENTORY": str(django_settings.TECUM_INVENTORY),
        "TECUM_SECRET_KEY": "x" * 50,
        "TECUM_TEST_FAIL_AT": at,
        "TECUM_LOG_LEVEL": "ERROR",
    }
    command = [sys.executable, "-m", "tecum", "numbers", *words]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True).returncode


def in_service() -> set[str]:
    return set(queries.look_up([*OLD, *NEW]).rows)


def states() -> list[str]:
    return list(InventoryLoad.objects.order_by("intended_at", "pk").values_list("state", flat=True))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rebuild", "point"),
    [*[(False, point) for point in SMALL], *[(True, point) for point in LARGE]],
)
def test_a_load_killed_at_any_stage_leaves_the_old_inventory_or_the_new_one_whole(inventory, rebuild, point):
    more = 0 if rebuild else 2000  # so that two changes are few, or many
    filler = [f"3925552000,{3925552000 + more - 1},ABC,2020-01-31"] if more else []
    load(inventory, [*BLOCK, *filler], now=NOON)
    path = write(inventory / "second.csv", [*CHANGED, *filler])

    code = killed(inventory, "load", str(path), "--max-change", "1", at=point)

    assert code == -9
    assert in_service() == (OLD if point in BEFORE else NEW)
    assert queries.state(now=NOON).version == (1 if point in BEFORE else 2)
    assert sum(choice.engine().counts().values()) == 20 + more
    choice.engine().close()

    now = InventoryLoad.objects.latest("intended_at").intended_at
    closed = operations.recover(by=LOADER, now=now)

    assert closed == (0 if point in NOT_INTENDED else 1)
    assert states() == (
        ["APPLIED"] if point == "staged" else ["APPLIED", "ABANDONED" if point in BEFORE else "APPLIED"]
    )


def test_after_a_killed_load_the_same_file_can_be_loaded_again(inventory):
    load(inventory, BLOCK, now=NOON)
    path = write(inventory / "second.csv", CHANGED)

    for point in ("while_building", "before_swap", "after_swap"):
        assert killed(inventory, "load", str(path), "--max-change", "1", at=point) == -9
    code = killed(inventory, "load", str(path), "--max-change", "1", at="")

    assert code == 0
    assert in_service() == NEW
    assert states() == ["APPLIED", "ABANDONED", "ABANDONED", "APPLIED", "APPLIED"]


@pytest.mark.parametrize("point", ["intended", "before_commit", "after_commit", "applied"])
def test_a_feed_killed_at_any_stage_is_applied_whole_or_not_at_all_and_again_does_no_harm(inventory, point):
    load(inventory, BLOCK, now=NOON)
    lines = ["disconnect,2925550100,ABC,2026-09-09,", "activate,2925550199,NEW,2026-09-09,"]
    path = write(inventory / "feed.csv", lines, header=FEED_HEADER)

    assert killed(inventory, "apply", str(path), at=point) == -9
    assert in_service() == (OLD if point in BEFORE else NEW)
    assert killed(inventory, "apply", str(path), at="") == 0

    assert in_service() == NEW
    history = queries.assignments("2925550100", now=NOON)
    assert len(history.past) == 1
    assert states() == ["APPLIED", "ABANDONED" if point in BEFORE else "APPLIED", "APPLIED"]


@pytest.mark.sabotage("one file transaction")
def test_without_the_roll_back_a_feed_that_breaks_off_is_half_done(inventory, monkeypatch):
    """What a killed process leaves when meta is not written in the transaction of the numbers."""
    load(inventory, BLOCK, now=NOON)
    editor = type(_editor())
    change = editor.change_runs

    def leaky(self, delete, insert):
        change(self, delete, insert)
        self.db.execute("COMMIT")
        self.db.execute("BEGIN")
        raise RuntimeError("the power is gone")

    monkeypatch.setattr(editor, "change_runs", leaky)
    path = write(inventory / "feed.csv", ["disconnect,2925550100,ABC,2026-09-09,"], header=FEED_HEADER)
    later = NOON + timedelta(days=1)
    with pytest.raises(RuntimeError):
        operations.apply_feed(path, by=LOADER, now=later)

    whole = in_service() == OLD and queries.state(now=later).version == 1
    assert not whole


def _editor():
    with choice.engine().edit() as editor:
        return editor
