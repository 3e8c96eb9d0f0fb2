"""kill -9 at every step of activation, extension and termination, then a restart: I1 to I4 hold, nothing lost or doubled (T1)."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection

from tecum.models import BillableFact, Mismatch, Tap, TapTurn, TrailLeaf
from tecum.surveillance import operations as surveillance
from tecum.surveillance import queries
from tests import taps
from tests.make import NOON
from tests.taps import carried, pen, switch, watched, wireless  # noqa: F401

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.both_databases,
    pytest.mark.slow,
    pytest.mark.usefixtures("wireless"),
]
ROOT = Path(__file__).resolve().parents[2]
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
MONTH = NOON + timedelta(days=30)
SCRIPT = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django
django.setup()
from django.conf import settings
from datetime import datetime, timedelta
from pathlib import Path
from tecum.jobs import switches
from tecum.surveillance import operations as surveillance
from tests import make
settings.TECUM_GUIDE = "wireless-2003"
settings.DATA = Path({data!r})
settings.TECUM_SEALING_KEY_FILE = {sealing!r}
settings.TECUM_EPOCH_KEYS = {epochs!r}
now = datetime.fromisoformat({now!r})
def actor(ref):
    return make.acting(make.again_by_ref(ref), stepped_up_at=now)
{act}
"""


def killed(act: str, *, at: str, now) -> None:
    """Run an act in a process that dies by SIGKILL at a point."""
    name = str(connection.settings_dict["NAME"])
    address = os.environ.get("TECUM_DATABASE_URL", "")
    address = f"{address.rpartition('/')[0]}/{name}" if address.startswith("postgres") else f"sqlite:{name}"
    script = SCRIPT.format(
        data=str(django_settings.DATA), sealing=str(django_settings.TECUM_SEALING_KEY_FILE),
        epochs=str(django_settings.TECUM_EPOCH_KEYS), now=now.isoformat(), act=act,
    )  # fmt: skip
    environment = {
        **os.environ, "TECUM_DATABASE_URL": address, "TECUM_TEST_FAIL_AT": f"tap.{at}", "TECUM_LOG_LEVEL": "ERROR",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == -9, done.stderr[-2000:]


def restarted(now) -> None:
    """Let everything run for a minute after a restart, as the lanes do, and hold the invariants against it."""
    for seconds in (0, 20, 40, 60):
        at = now + seconds * SECOND
        carried(at)
        watched(at)
    assert queries.broken(now=now + MINUTE) == ()
    desired = {str(tap.task) for tap in Tap.objects.filter(state="ACTIVE")}
    assert {task.task for task in switch().holds()} == desired
    assert not Tap.objects.filter(state__in=["STARTING", "STOPPING"]).exists(), "all within a minute"


def events(name: str) -> int:
    return TrailLeaf.objects.filter(event=name).count()


def activation(found) -> str:
    return surveillance.activate(
        authority=found.authority, delivery={taps.NUMBER: taps.DIAL_UP}, by=found.proposer, now=NOON
    )


@pytest.mark.parametrize(("point", "stands"), [("before_approved", False), ("approved", True)])
def test_an_activation_killed_when_it_is_approved_is_whole_with_its_end_or_was_never(point, stands):
    found = taps.order().authorize(ends_at=MONTH)
    act = activation(found)

    killed(
        f"surveillance.approve(act={act!r}, by=actor({found.approver.ref!r}), now=now, affirmed_as='Bo Farrow')",
        at=point, now=NOON,
    )  # fmt: skip

    restarted(NOON + MINUTE)
    assert [tap.state for tap in found.taps] == (["ACTIVE"] if stands else [])
    assert events("surveillance.on_desired") == events("surveillance.on_seen") == int(stands)


def test_a_proposal_killed_was_never():
    found = taps.order().authorize(ends_at=MONTH)

    killed(
        f"surveillance.activate(authority={found.authority!r}, by=actor({found.proposer.ref!r}), now=now)",
        at="proposed", now=NOON,
    )  # fmt: skip

    assert queries.acts(surveillance=found.surveillance, by=taps.JOBS, now=NOON) == ()


@pytest.mark.parametrize("point", ["claimed_on", "written", "before_settled", "settled"])
def test_starting_on_the_switch_killed_at_any_step_is_started_once_and_billed_once(point):
    found = taps.order().authorize(ends_at=MONTH).activate()

    killed("switches.start(lambda: now)", at=point, now=NOON + SECOND)

    restarted(NOON + MINUTE)
    assert (found.tap.state, len(switch().holds())) == ("ACTIVE", 1)
    assert found.tap.on_at == NOON + SECOND, "the first command that left is the start (C3)"
    assert events("surveillance.on_seen") == BillableFact.objects.filter(unit="target").count() == 1


@pytest.mark.parametrize(("point", "moved"), [("before_approved", False), ("approved", True)])
def test_an_extension_killed_moves_the_end_or_does_not_and_the_end_in_force_is_kept(point, moved):
    found = taps.order().authorize(ends_at=MONTH).activate()
    carried(NOON + SECOND)
    before = MONTH - 2 * MINUTE
    act = surveillance.extend(
        authority=found.authority, ends_at=MONTH + timedelta(days=30), evidence="paper-2",
        by=found.at(found.proposer, before), now=before,
    )  # fmt: skip

    killed(
        f"surveillance.approve(act={act!r}, by=actor({found.approver.ref!r}), now=now)", at=point, now=before
    )

    restarted(MONTH)
    assert found.tap.state == ("ACTIVE" if moved else "ENDED")
    assert not moved or found.tap.cut_at == MONTH + timedelta(days=30)


@pytest.mark.parametrize(
    "point", ["before_expired", "expired", "claimed_off", "removed", "before_ended", "settled"]
)
def test_a_termination_killed_at_any_step_is_finished_after_the_restart(point):
    found = taps.order().authorize(pen("training-1"), ends_at=MONTH).activate()
    carried(NOON + SECOND)
    due = MONTH - 5 * SECOND

    killed("switches.terminate(lambda: now)", at=point, now=due)

    restarted(due + MINUTE)
    assert (found.tap.state, switch().holds()) == ("ENDED", ())
    assert events("surveillance.off_desired") == events("surveillance.off_seen") == 1
    assert TapTurn.objects.filter(tap=found.tap.id, on=False).count() == 1
    late = point != "settled"  # it was down over the end: that is an open overrun, and nothing is hushed up
    assert Mismatch.objects.filter(kind="overrun", state="OPEN").count() == int(
        late and found.tap.off_at > MONTH
    )


@pytest.mark.sabotage("control 1: the end is armed in the transaction of the intent")
@pytest.mark.broken_on_purpose("I3")
def test_an_activation_without_its_end_is_noticed(monkeypatch):
    from tecum.surveillance.operations import tapping

    real = tapping.deadlines.arm
    monkeypatch.setattr(
        tapping.deadlines,
        "arm",
        lambda kind, **more: None if kind == "surveillance.end" else real(kind, **more),
    )
    taps.order().authorize(ends_at=MONTH).activate()

    assert [each.invariant for each in queries.broken(now=NOON + MINUTE)] == ["I3"]


@pytest.mark.sabotage("control 1: the sweep has no lower bound")
@pytest.mark.broken_on_purpose("I1")
def test_a_sweep_that_forgets_what_is_long_overdue_is_noticed(monkeypatch):
    from tecum.deadlines.models import DeadlineRows

    found = taps.order().authorize(ends_at=MONTH).activate()
    carried(NOON + SECOND)
    real = DeadlineRows.due
    monkeypatch.setattr(
        DeadlineRows,
        "due",
        lambda self, *, now: real(self, now=now).filter(due_at__gt=now - timedelta(hours=1)),
    )

    carried(MONTH + timedelta(days=2))

    assert found.tap.state == "ACTIVE"
    assert [each.invariant for each in queries.broken(now=MONTH + timedelta(days=2))] == ["I1"]
