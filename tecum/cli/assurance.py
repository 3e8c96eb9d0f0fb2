"""`tecum assurance …`: the watcher of the invariants, a process of its own beside web, jobs and ends (control 3)."""

import argparse
import getpass
import sys
import threading
from datetime import datetime, timedelta
from functools import partial

from tecum.access.catalogue import PERMISSIONS
from tecum.assurance import operations as assurance
from tecum.assurance import queries
from tecum.config import clock
from tecum.jobs import runner, watching
from tecum.jobs.lane import Lane
from tecum.jobs.lanes import all_lanes
from tecum.kernel.actors import Actor
from tecum.kernel.invariants import Broken

A_MOMENT = timedelta(milliseconds=500)


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the noun to the parser."""
    noun = commands.add_parser("assurance", help="the watcher of what must hold at every moment")
    verbs = noun.add_subparsers(dest="verb", required=True, metavar="VERB")
    watch = verbs.add_parser("watch", help="look every minute until SIGTERM; what does not hold pages")
    watch.add_argument(
        "--once", action="store_true", help="look once, then end (1 if something does not hold)"
    )
    watch.set_defaults(run=run_watch)
    verbs.add_parser(
        "status", help="what does not hold, by ids and ages (1 if anything, or if nobody watches)"
    ).set_defaults(run=status)
    verbs.add_parser("alive", help="exit 0 while somebody watches, else 1").set_defaults(run=alive)


def run_watch(options: argparse.Namespace) -> int:
    """Look every minute; switching it off is recorded, and alarms unless another one begins in time."""
    lane = watcher()
    if options.once:
        if not runner.once(lane, clock=clock.now):
            return 1
        return status(options)
    stop = runner.told_to_stop()
    assurance.begin(by=operator(), now=clock.now())
    wait_for_the_lanes(stop)
    runner.run([lane], clock=clock.now, stop=stop, folder=runner.signs())
    assurance.stop(by=operator(), now=clock.now())
    return 0


def wait_for_the_lanes(stop: threading.Event) -> None:
    """
    Let the lanes look first, for as long as one look rests: after a start of everything, what they mend in their first
    seconds wakes nobody. A watcher that begins while they live looks at once.
    """
    known = rests()
    for _ in range(int(watching.REST / A_MOMENT)):
        quiet = runner.silent(runner.signs(), known, now=clock.now(), longest=watching.REST, rests=known)
        if stop.is_set() or not quiet:
            return
        stop.wait(A_MOMENT.total_seconds())


def rests() -> dict[str, timedelta]:
    """Return how long each lane of the jobs may rest."""
    return {lane.name: lane.rest for lane in all_lanes().values()}


def watcher() -> Lane:
    """Return the lane of the watcher; no other process runs it."""
    known = rests()

    def silent(now: datetime) -> tuple[Broken, ...]:
        return runner.silent_lanes(runner.signs(), known, now=now)

    step = partial(watching.step, silent=silent)
    return Lane(watching.LANE, "hold every invariant against what is there", step, watching.REST)


def status(_options: argparse.Namespace) -> int:
    """Print what does not hold, never a number or a name."""
    now = clock.now()
    found = queries.open_findings()
    for each in found:
        sys.stdout.write(
            f"{each.invariant:<6}{each.about:<32}{_age(each.age(now).total_seconds()):>12}  {each.words}\n"
        )
    seen = queries.watch()
    if seen is None or seen.looked_at is None:
        sys.stdout.write("Nobody has looked yet: tecum assurance watch\n")
        return 1
    sys.stdout.write(
        f"{len(found)} open; last looked {seen.looked_at:%Y-%m-%d %H:%M:%S} UTC, in {seen.took_ms} ms.\n"
    )
    return 1 if found or _silent(now) else 0


def alive(_options: argparse.Namespace) -> int:
    """Say whether somebody watches; for a container's health check or a watcher of watchers."""
    now = clock.now()
    seen = queries.watch()
    if seen is None or _silent(now):
        sys.stderr.write("Nobody watches the invariants: tecum assurance watch\n")
        return 1
    return 0


def operator() -> Actor:
    """Return the person who switched it on or off: the one at this machine's command line."""
    return Actor.operator(getpass.getuser(), frozenset(PERMISSIONS))


def _silent(now: datetime) -> bool:
    return queries.silent_since(now=now) is not None


def _age(seconds: float) -> str:
    minutes = int(seconds // 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"
