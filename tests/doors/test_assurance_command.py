"""`tecum assurance`: the watcher looks, says what it found by ids and ages, and lets the jobs begin before it wakes anybody."""

from datetime import timedelta

import pytest

from tecum.cli import assurance
from tecum.cli.main import main
from tecum.config import clock
from tecum.jobs import runner
from tecum.jobs.lanes import all_lanes
from tecum.models import Finding

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def signs(settings, tmp_path):
    """Keep the signs of life of this test's lanes apart."""
    settings.DATA = tmp_path
    return tmp_path


class Told:
    """What a watcher waits on: it counts the moments, and something may happen in one of them."""

    def __init__(self, stops_in=1000, then=lambda: None, happens_in=1000):
        self.moments, self.stops_in, self.then, self.happens_in = 0, stops_in, then, happens_in

    def is_set(self):
        return self.moments >= self.stops_in

    def wait(self, _seconds):
        self.moments += 1
        if self.moments == self.happens_in:
            self.then()


def lives(**more):
    at = clock.now() - more.pop("ago", timedelta(0))
    for name in all_lanes():
        runner.beat(runner.signs(), runner.Beat(name, at, more.get("faults", 0)))


def test_an_operator_reads_that_nobody_has_looked_and_after_a_look_that_all_holds(capsys):
    assert main(["assurance", "status"]) == 1
    assert "Nobody has looked yet: tecum assurance watch" in capsys.readouterr().out
    assert main(["assurance", "alive"]) == 1

    assert main(["assurance", "watch", "--once"]) == 0

    assert "0 open; last looked" in capsys.readouterr().out
    assert main(["assurance", "alive"]) == 0


def test_what_does_not_hold_is_said_by_its_id_and_its_age_and_ends_in_a_failure(capsys):
    lives(ago=timedelta(days=2))

    assert main(["assurance", "watch", "--once"]) == 1

    assert any(
        line.startswith("JOBS  terminate ") and " 48 h " in line
        for line in capsys.readouterr().out.splitlines()
    )
    assert Finding.objects.filter(invariant="JOBS", state="OPEN").count() == len(all_lanes())


def test_a_watcher_that_begins_while_the_jobs_live_looks_at_once():
    lives()
    told = Told()

    assurance.wait_for_the_lanes(told)

    assert told.moments == 0


def test_after_a_start_of_everything_the_jobs_look_first():
    lives(ago=timedelta(days=2))
    told = Told(then=lives, happens_in=7)

    assurance.wait_for_the_lanes(told)

    assert told.moments == 7


@pytest.mark.parametrize("before", [lambda: None, lambda: lives(faults=3)])
def test_jobs_that_never_come_or_only_fail_are_waited_for_a_minute_and_no_longer(before):
    before()
    told = Told()

    assurance.wait_for_the_lanes(told)

    assert told.moments == 120


def test_a_watcher_that_is_told_to_stop_waits_for_nobody():
    told = Told(stops_in=3)

    assurance.wait_for_the_lanes(told)

    assert told.moments == 3
