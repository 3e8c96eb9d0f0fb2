"""`tecum reports …`: make a report from the trail, derive one again and compare, list them, write one to a file."""

import argparse
import getpass
import sys
from pathlib import Path

from tecum.config import clock
from tecum.kernel.actors import Actor
from tecum.reports import operations as reports
from tecum.reports import queries
from tecum.reports.queries import ReportView
from tecum.reports.states import Name

DISAGREES = 1


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the noun to the parser."""
    noun = commands.add_parser("reports", help="make reports from the trail, derive them again and compare")
    verbs = noun.add_subparsers(dest="verb", required=True, metavar="VERB")
    make = verbs.add_parser("make", help="make a report of a period that is over")
    make.add_argument("name", choices=list(Name))
    when = make.add_mutually_exclusive_group(required=True)
    when.add_argument("--year", metavar="YYYY")
    when.add_argument("--period", metavar="PERIOD", help="2026, 2026-H1, 2026-Q3 or 2026-09")
    make.set_defaults(run=make_one)
    again = verbs.add_parser(
        "again", help="derive reports again from the entries they were made from; exit 1 where one differs"
    )
    again.add_argument("report", nargs="*", help="references like RP-7Q2M-40VX; without any, the last 50")
    again.set_defaults(run=derive_again)
    listed = verbs.add_parser("list", help="the reports there are")
    listed.set_defaults(run=show)
    write = verbs.add_parser("export", help="write a report, or the lines of a register, to a file")
    write.add_argument("report")
    write.add_argument("--form", choices=["pdf", "csv", "xlsx"], default="csv")
    write.add_argument("--lines", action="store_true", help="the lines of a register of disclosures")
    write.add_argument("--to", type=Path, metavar="FILE", help="default: standard output")
    write.set_defaults(run=write_one)


def operator() -> Actor:
    """Return the person at this machine's command line."""
    return Actor.operator(getpass.getuser(), frozenset({"report.read", "report.make"}))


def make_one(options: argparse.Namespace) -> int:
    """Make one report."""
    made = reports.make(
        name=options.name, period=options.year or options.period, by=operator(), now=clock.now()
    )
    _say(made)
    return 0


def derive_again(options: argparse.Namespace) -> int:
    """Derive reports again, and name each that differs."""
    by, now = operator(), clock.now()
    wanted = options.report or [each.id for each in queries.reports(by=by, now=now) if each.content]
    compared = [reports.again(report=each, by=by, now=now) for each in wanted]
    for each in compared:
        if not each.agrees:
            sys.stdout.write(f"{each.report.reference}, {each.report.title}: {each.why}\n")
    good = sum(each.agrees for each in compared)
    sys.stdout.write(f"{good} agree with the trail, {len(compared) - good} do not.\n")
    return 0 if good == len(compared) else DISAGREES


def show(options: argparse.Namespace) -> int:
    """List the reports."""
    for each in queries.reports(by=operator(), now=clock.now()):
        _say(each)
    return 0


def write_one(options: argparse.Namespace) -> int:
    """Write one report to a file or to standard output."""
    file = reports.export(
        report=options.report,
        form=options.form,
        what="lines" if options.lines else "",
        by=operator(),
        now=clock.now(),
    )
    if options.to:
        options.to.write_bytes(file.content)
    else:
        sys.stdout.buffer.write(file.content)
    return 0


def _say(view: ReportView) -> None:
    lead = view.content.lead if view.content else view.why or "waits"
    sys.stdout.write(f"{view.reference}  {view.title}\n    {lead}\n    {view.digest}\n")
