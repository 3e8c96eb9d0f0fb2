"""`tecum jobs …`: the work that nobody asks for, and whether it is being done."""

import argparse
import sys
from datetime import timedelta

import structlog

from tecum.config import clock
from tecum.inventory import operations as inventory
from tecum.jobs import runner
from tecum.jobs.lane import Lane
from tecum.jobs.lanes import all_lanes
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused

log = structlog.get_logger()


class NoSuchLane(Refused):
    """A lane that there is not."""


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the noun to the parser."""
    noun = commands.add_parser("jobs", help="what is due, the trail's seal, the outbox: done without asking")
    verbs = noun.add_subparsers(dest="verb", required=True, metavar="VERB")
    run = verbs.add_parser("run", help="keep the lanes going until SIGTERM or Ctrl-C")
    _lane(run)
    run.add_argument(
        "--once", action="store_true", help="do what there is now, then end (1 if a lane failed)"
    )
    run.set_defaults(run=run_lanes)
    alive = verbs.add_parser("alive", help="exit 0 when every lane gave a good sign of life lately, else 1")
    _lane(alive)
    alive.add_argument(
        "--within", type=float, default=90.0, metavar="SECONDS", help="how lately (default %(default)s)"
    )
    alive.set_defaults(run=alive_or_not)


def run_lanes(options: argparse.Namespace) -> int:
    """Run lanes; with `--once` each in turn, else until told to stop."""
    lanes = _chosen(options.lane)
    if not options.lane:
        finish_loads()
    return runner.work(lanes, only_once=options.once, clock=clock.now)


def finish_loads() -> None:
    """Finish what a crash of a load of numbers left open, by what the inventory itself says; a load that runs does so itself."""
    try:
        done = inventory.recover(by=Actor.system("jobs"), now=clock.now())
    except Refused:  # a load runs at this moment
        return
    except Exception:  # the lanes must run whatever the inventory's machine says
        log.exception("inventory.recovery_failed")
        return
    if done:
        log.info("inventory.recovered", loads=done)


def alive_or_not(options: argparse.Namespace) -> int:
    """Say which lanes are silent; for a container's health check or a watcher."""
    rests = {lane.name: lane.rest for lane in _chosen(options.lane)}
    longest = timedelta(seconds=options.within)
    sentences = runner.silent(runner.signs(), rests, now=clock.now(), longest=longest, rests=rests)
    sys.stderr.writelines(f"{sentence}\n" for sentence in sentences)
    return 1 if sentences else 0


def _lane(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--lane",
        action="append",
        default=[],
        metavar="NAME",
        help="only this lane; may be repeated (default: all)",
    )


def _chosen(names: list[str]) -> list[Lane]:
    lanes = all_lanes()
    if strange := [name for name in names if name not in lanes]:
        raise NoSuchLane(f"There is no lane {', '.join(strange)}; there are: {', '.join(lanes)}.")
    return [lane for name, lane in lanes.items() if not names or name in names]
