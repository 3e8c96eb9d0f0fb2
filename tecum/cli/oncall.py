"""`tecum oncall …`: who is on call, what climbs, the gaps ahead, and the monthly drill with its report."""

import argparse
import getpass
import sys
from datetime import timedelta

from tecum.config import clock
from tecum.kernel import words
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.oncall import operations as oncall
from tecum.oncall import queries
from tecum.oncall.rules.views import EscalationView
from tecum.oncall.states import ENTRY_WORDS
from tecum.policy import queries as policy

AHEAD = timedelta(days=7)


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the noun to the parser."""
    noun = commands.add_parser("oncall", help="who is on call, what climbs the ladder, gaps ahead, drills")
    verbs = noun.add_subparsers(dest="verb", required=True, metavar="VERB")
    verbs.add_parser(
        "show", help="who is on call, what is open, the gaps of seven days (1 if anything is open or a gap)"
    ).set_defaults(run=show)
    drill = verbs.add_parser("drill", help="begin a drill, report on it, or end it")
    drill.add_argument("--ladder", default="", help="a ladder of the guide (default: that of emergencies)")
    drill.add_argument(
        "--report", default="", metavar="REFERENCE", help="who was paged when, and who took it"
    )
    drill.add_argument("--end", default="", metavar="REFERENCE", help="end a drill, and report on it")
    drill.set_defaults(run=rehearse)


def operator() -> Actor:
    """Return the person at this command line, who keeps the roster and reads no caller."""
    return Actor.operator(getpass.getuser(), frozenset({"oncall.read", "oncall.escalate", "oncall.roster"}))


def show(_options: argparse.Namespace) -> int:
    """Print who is on call and what is open, never a caller or a number; exit 1 for an open escalation or a gap."""
    now, by = clock.now(), operator()
    zone = policy.at(now).carrier.zone.tz
    duties = queries.on_duty(at=now)
    for each in duties:
        sys.stdout.write(f"on call {each.place}   {each.name}, until {words.moment(each.until, zone)}\n")
    if not duties:
        sys.stdout.write("on call     nobody\n")
    climbing = queries.climbing(by=by, now=now)
    for row in climbing:
        sys.stdout.write(
            f"open        {row.reference}, {row.state.value.lower()}, {words.span(now - row.received_at)}\n"
        )
    gaps = queries.gaps(within=Period(now, now + AHEAD))
    for gap in gaps:
        sys.stdout.write(f"gap         {words.moment(gap.start, zone)} to {words.moment(gap.end, zone)}\n")
    return 1 if climbing or gaps else 0


def rehearse(options: argparse.Namespace) -> int:
    """Begin a drill, end one, or print its report: minutes from the beginning to each step, page and answer."""
    now, by = clock.now(), operator()
    if options.end:
        row = _named(options.end)
        oncall.end_drill(escalation=row.id, by=by, now=now)
    if options.end or options.report:
        sys.stdout.write(
            report(queries.escalation(id=_named(options.end or options.report).id, by=by, now=now))
        )
        return 0
    row = oncall.start_drill(ladder=options.ladder, by=by, now=now)
    sys.stdout.write(f"{row.reference}\n")
    sys.stderr.write(
        f"The ladder climbs for {row.reference}. Report: tecum oncall drill --report {row.reference}; "
        f"end: tecum oncall drill --end {row.reference}\n"
    )
    return 0


def report(row: EscalationView) -> str:
    """Return the report of one escalation, a line to each entry of its record."""
    names = queries.names_in(row)
    lines = [f"{row.reference}: ladder {row.ladder}, {'drill' if row.drill else row.cause}"]
    for each in row.entries:
        minute = int((each.at - row.received_at).total_seconds() // 60)
        which = f", step {each.step}" + (f" again ({each.round})" if each.round else "") if each.step else ""
        who = f": {names[each.who]}" if each.who in names else ""
        lines.append(
            f"{minute:>5} min  {ENTRY_WORDS[each.kind]}{which}{who}" + (f", {each.way}" if each.way else "")
        )
    taken = f"taken after {words.span(row.taken_at - row.received_at)}" if row.taken_at else "taken by nobody"
    return "\n".join([*lines, taken]) + "\n"


def _named(reference: str) -> EscalationView:
    return queries.by_reference(reference=reference, by=operator(), now=clock.now())
