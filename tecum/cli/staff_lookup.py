"""`tecum numbers lookup`: a look-up by staff, for a case, with a purpose, by a named person (A17)."""

import argparse
import getpass
import json
import os
import sys

from tecum.config import clock
from tecum.kernel import numbers
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused
from tecum.lookup import operations as lookup
from tecum.lookup.rules import StaffLine
from tecum.lookup.states import Cause

CAUSES = {Cause.NOT_IN_SERVICE: "not in service with us", Cause.NO_CONSENT: "its customer has not consented"}


class NobodyNamed(Refused):
    """A shared login: the trail would name nobody."""


def add(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to `tecum numbers`."""
    verb = verbs.add_parser("lookup", help="who serves a number, for a case of the carrier; recorded")
    verb.add_argument("number", nargs="+", help="one or more numbers, in any spelling")
    verb.add_argument("--case", required=True, help="the carrier's case it is needed for")
    verb.add_argument("--purpose", required=True, help="what it is needed for, in a few words")
    verb.add_argument(
        "--not-for-a-caller",
        action="store_true",
        help="confirm that nobody outside is told why a number has no result (R-038)",
    )
    verb.add_argument("--json", action="store_true", help="print JSON")
    verb.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the customer of each number, consented or not, and why an officer would have no result."""
    purpose = lookup.Purpose(options.case, attested=options.not_for_a_caller, says=options.purpose)
    view, lines = lookup.assist(text="\n".join(options.number), purpose=purpose, by=named(), now=clock.now())
    if options.json:
        sys.stdout.write(json.dumps([said(line) for line in lines], indent=2) + "\n")
        return 0
    for line in lines:
        answer = line.problem or ", ".join(filter(None, [line.customer, _since(line), _why(line)]))
        sys.stdout.write(f"{numbers.grouped(line.number) if line.number else line.typed}  {answer}\n")
    sys.stdout.write(
        f"Look-up {view.reference}, inventory version {view.inventory_version}; recorded in the trail.\n"
    )
    return 0


def named() -> Actor:
    """
    Return the person at this terminal.

    :raises NobodyNamed: as root without sudo, where nobody is named
    """
    login = os.environ.get("SUDO_USER") or getpass.getuser()
    if login == "root":
        raise NobodyNamed(
            "A look-up by staff names a person: sign in as yourself, or use sudo, which keeps your name."
        )
    return Actor.operator(login, frozenset({"lookup.assist"}))


def said(line: StaffLine) -> dict[str, object]:
    """Return a line for JSON."""
    return {
        "line": line.place,
        "typed": line.typed,
        "number": line.number,
        "problem": line.problem,
        "customer": line.customer,
        "in_service_since": line.in_service and line.in_service.isoformat(),
        "no_result_because": line.cause and line.cause.value.lower(),
    }


def _since(line: StaffLine) -> str:
    return f"since {line.in_service:%-d %b %Y}" if line.in_service else ""


def _why(line: StaffLine) -> str:
    return f"no result for officers: {CAUSES[line.cause]}" if line.cause else ""
