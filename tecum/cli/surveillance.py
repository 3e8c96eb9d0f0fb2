"""`tecum surveillance …`: the process that cuts, what is due and what differs, and the played switch of a drill."""

import argparse
import sys

from tecum.config import clock
from tecum.jobs import runner, switches
from tecum.kernel.refusals import Refused
from tecum.policy import queries as policy
from tecum.surveillance import queries
from tecum.surveillance.drivers import choice
from tecum.surveillance.drivers.simulator import Mood, Simulator


class NoSuchSwitch(Refused):
    """A played switch that there is not."""


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the noun to the parser."""
    noun = commands.add_parser(
        "surveillance", help="the process that cuts, the state of the switches, drills"
    )
    verbs = noun.add_subparsers(dest="verb", required=True, metavar="VERB")
    cut = verbs.add_parser(
        "terminate", help="cut what has come to its end and watch the switches, until SIGTERM"
    )
    cut.add_argument(
        "--once", action="store_true", help="do what there is now, then end (1 if a lane failed)"
    )
    cut.set_defaults(run=terminate)
    verbs.add_parser(
        "status", help="counts only: what is on, what is overdue, what differs (1 if anything)"
    ).set_defaults(run=status)
    drill = verbs.add_parser("drill", help="let a played switch behave as switches do on bad days")
    drill.add_argument("switch", help="its id in the guide")
    drill.add_argument("act", choices=[*Mood, "recover", "restart"], help="how it is to behave")
    drill.add_argument(
        "--times", type=int, default=1, help="for so many commands; -1: until recover (default 1)"
    )
    drill.set_defaults(run=train)


def terminate(options: argparse.Namespace) -> int:
    """Run the lanes of the ends in a process of their own: nothing else here delays a cut (control 1)."""
    return runner.work(switches.OF_ENDS, only_once=options.once, clock=clock.now)


def status(_options: argparse.Namespace) -> int:
    """Print counts, never a number or a name; exit 1 when an end is overdue or a difference is open."""
    found = queries.counts(now=clock.now())
    for name, count in found.items():
        sys.stdout.write(f"{name:<12}{count:>8}\n")
    return 1 if found["overdue"] or found["differences"] else 0


def train(options: argparse.Namespace) -> int:
    """Let a played switch behave badly, recover, or forget everything; for training and drills."""
    played = _played(options.switch)
    if options.act == "recover":
        played.recover()
    elif options.act == "restart":
        played.restart()
    else:
        played.behave(Mood(options.act), times=options.times)
    sys.stderr.write(f"{options.switch}: {options.act}.\n")
    return 0


def _played(name: str) -> Simulator:
    found = next((each for each in policy.at(clock.now()).switches if each.id == name), None)
    if found is None or found.driver != "simulator":
        raise NoSuchSwitch(f"The guide has no played switch '{name}'.")
    return choice.simulator(name)
