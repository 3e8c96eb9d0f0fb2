"""`tecum support call`: log a call about a number without result, beside the text that is read (R-038)."""

import argparse
import getpass
import os
import sys
from datetime import datetime

from tecum.config import clock
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused
from tecum.policy import queries as policy
from tecum.support import operations as support
from tecum.support import queries


class NobodyNamed(Refused):
    """A shared login: the log would name nobody."""


class NoTime(Refused):
    """What was given is no time of a day."""


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the noun to the parser."""
    verbs = commands.add_parser("support", help="calls about numbers without result").add_subparsers(
        dest="verb", required=True, metavar="VERB"
    )
    verbs.add_parser("text", help="print the text that is read to callers").set_defaults(run=text)
    call = verbs.add_parser("call", help="log a call about a number without result")
    call.add_argument("--caller", required=True, help="who called, as given")
    call.add_argument("--number", required=True, help="the caller's own telephone number")
    call.add_argument("--at", default="", help="when, in the carrier's zone: 2026-09-08T14:05 (default now)")
    call.set_defaults(run=log)


def text(_options: argparse.Namespace) -> int:
    """Print the text of the screen, which is all that a caller hears."""
    sys.stdout.write(queries.screen_text(now=clock.now()) + "\n")
    return 0


def log(options: argparse.Namespace) -> int:
    """
    Log one call, and print what was read to the caller.

    :raises NoTime: when `--at` is none
    """
    now = clock.now()
    support.log_call(
        caller=options.caller, number=options.number, called_at=_when(options.at, now), by=named(), now=now
    )
    sys.stdout.write(f"Logged. What the caller hears:\n\n{queries.screen_text(now=now)}\n")
    return 0


def named() -> Actor:
    """
    Return the person at this terminal.

    :raises NobodyNamed: as root without sudo, where nobody is named
    """
    login = os.environ.get("SUDO_USER") or getpass.getuser()
    if login == "root":
        raise NobodyNamed("The log names who spoke: sign in as yourself, or use sudo, which keeps your name.")
    return Actor.operator(login, frozenset({"support.answer"}))


def _when(given: str, now: datetime) -> datetime:
    if not given:
        return now
    try:
        at = datetime.fromisoformat(given)
    except ValueError:
        raise NoTime(f"“{given}” is no time; write it as 2026-09-08T14:05.") from None
    return at if at.tzinfo else at.replace(tzinfo=policy.at(now).carrier.zone.tz)
