"""`tecum billing …`: invoices computed again from the trail, the list of what is open, the ledger's journal."""

import argparse
import getpass
import sys
from pathlib import Path

from tecum.billing import operations as billing
from tecum.billing.queries import papers, recomputing
from tecum.cases import queries as cases
from tecum.config import clock
from tecum.kernel.actors import Actor

DISAGREES = 1


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the noun to the parser."""
    noun = commands.add_parser("billing", help="recompute invoices from the trail, export lists")
    verbs = noun.add_subparsers(dest="verb", required=True, metavar="VERB")
    again = verbs.add_parser(
        "recompute",
        help="compute the invoices of cases again from the trail alone; exit 1 where one disagrees",
    )
    again.add_argument(
        "case", nargs="*", help="references like LD-7Q2M-40VX; without any, every case invoiced"
    )
    again.set_defaults(run=recompute)
    export = verbs.add_parser("export", help="write the list of invoices, or the journal for the ledger")
    export.add_argument("what", choices=["invoices", "journal"])
    export.add_argument("--form", choices=["csv", "xlsx"], default="csv")
    export.add_argument("--to", type=Path, metavar="FILE", help="default: standard output")
    export.set_defaults(run=write_list)
    payments = verbs.add_parser("payments", help="take a bank's CSV file in")
    payments.add_argument("file", type=Path)
    payments.set_defaults(run=take_payments)


def operator() -> Actor:
    """Return the person at this machine's command line."""
    return Actor.operator(getpass.getuser(), frozenset({"billing.read", "billing.pay"}))


def recompute(options: argparse.Namespace) -> int:
    """Compute invoices again, and name each that disagrees."""
    by, now = operator(), clock.now()
    wanted = {reference.strip().upper() for reference in options.case}
    rows = cases.billable(by=by, now=now)
    agreed = disagreed = 0
    for account in cases.accounts(rows.filter(reference__in=wanted) if wanted else rows):
        for each in recomputing.recompute(case=account.case, by=by, now=now):
            agreed += each.agrees
            if not each.agrees:
                disagreed += 1
                sys.stdout.write(
                    f"{account.reference} {each.number}: invoiced {each.recorded}, computed {each.computed}"
                    f"{'; ' + '; '.join(each.missing) if each.missing else ''}\n"
                )
    sys.stdout.write(f"{agreed} invoices agree to the cent, {disagreed} do not.\n")
    return DISAGREES if disagreed else 0


def write_list(options: argparse.Namespace) -> int:
    """Write a list to a file or to standard output."""
    file = billing.export(what=options.what, form=options.form, by=operator(), now=clock.now())
    if options.to:
        options.to.write_bytes(file.content)
    else:
        sys.stdout.buffer.write(file.content)
    return 0


def take_payments(options: argparse.Namespace) -> int:
    """Take a bank's file in and say what came of it."""
    taken = billing.take_payments(content=options.file.read_bytes(), by=operator(), now=clock.now())
    for line, why in taken.rejected:
        sys.stdout.write(f"line {line} was not taken: {why}\n")
    left = len(papers.payments(by=operator(), now=clock.now()))
    sys.stdout.write(
        f"{taken.matched} matched, {taken.held} held for quotes, {taken.waiting} wait for a person ({left} in all), {taken.again} taken in before.\n"
    )
    return 1 if taken.rejected else 0
