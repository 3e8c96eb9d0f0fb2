"""`tecum numbers …`: the number inventory, loaded, changed, looked at."""

import argparse
import getpass
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from tecum.cli import staff_lookup
from tecum.config import clock
from tecum.inventory import operations, queries
from tecum.kernel import numbers
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused

STAGES = {
    "exporting": "Writing out what is loaded",
    "reading": "Reading and checking the file",
    "checking": "Holding its lines against each other",
    "sorting": "Sorting",
    "comparing": "Comparing with what is loaded",
    "applying": "Applying",
}


class NotUnderstood(Refused):
    """A word on the command line that is not what it should be."""


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the noun to the parser."""
    noun = commands.add_parser(
        "numbers", help="the number inventory: load, apply, status, loads, history, lookup"
    )
    verbs = noun.add_subparsers(dest="verb", required=True, metavar="VERB")
    load = verbs.add_parser("load", help="replace the inventory by a snapshot: CSV, CSV.gz or Parquet")
    load.add_argument("file", type=Path)
    load.add_argument(
        "--max-change",
        type=share,
        metavar="SHARE",
        help="how much of the inventory the file may change, like 0.2 or 20%% (default: the guide's)",
    )
    load.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    _file_options(load)
    load.set_defaults(run=load_file)
    apply = verbs.add_parser("apply", help="apply a change feed: CSV or CSV.gz")
    apply.add_argument("file", type=Path)
    _file_options(apply)
    apply.set_defaults(run=apply_file)
    verbs.add_parser("status", help="what is loaded, and how old it is").set_defaults(run=status)
    verbs.add_parser("loads", help="the last files, newest first").set_defaults(run=loads)
    history = verbs.add_parser("history", help="who had a number and since when; for staff, recorded")
    history.add_argument("number")
    history.add_argument("--case", required=True, help="the case it is needed for")
    history.set_defaults(run=history_of)
    staff_lookup.add(verbs)
    recover = verbs.add_parser("recover", help="finish the records of a load that a crash interrupted")
    recover.set_defaults(run=recover_loads)


def _file_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--as-of",
        type=instant,
        metavar="WHEN",
        help="the instant the file speaks for (default: when it was written)",
    )
    parser.add_argument(
        "--rejects", type=Path, metavar="FILE", help="where bad lines go (default: FILE.rejects.csv)"
    )


def share(text: str) -> float:
    """Read a share of the inventory."""
    value = float(text[:-1]) / 100 if text.endswith("%") else float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError("a share lies between 0 and 1")
    return value


def instant(text: str) -> datetime:
    """Read an instant with its offset."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise argparse.ArgumentTypeError("a time needs its offset, like 2026-11-21T04:00:00-05:00")
    return at


def operator() -> Actor:
    """Return the person at this machine's command line, who may do what stands in this file."""
    return Actor.operator(
        getpass.getuser(), frozenset({"inventory.read", "inventory.load", "inventory.history"})
    )


def _as_of(options: argparse.Namespace, now: datetime) -> datetime:
    if options.as_of:
        return options.as_of  # type: ignore[no-any-return]
    try:
        return min(now, datetime.fromtimestamp(options.file.stat().st_mtime, UTC))
    except OSError:
        return now


class Progress:
    """Says on stderr what is being done: on a terminal in one line, elsewhere a line per stage."""

    def __init__(self) -> None:
        self.stage = ""
        self.began = time.monotonic()

    def __call__(self, stage: str, done: float | None) -> None:
        """Take one report."""
        if stage != self.stage:
            if self.stage and sys.stderr.isatty():
                sys.stderr.write("\n")
            self.stage = stage
            sys.stderr.write(f"[{time.monotonic() - self.began:6.1f} s] {STAGES.get(stage, stage)}")
            sys.stderr.write("" if sys.stderr.isatty() else "\n")
        elif done is not None and sys.stderr.isatty():
            sys.stderr.write(
                f"\r[{time.monotonic() - self.began:6.1f} s] {STAGES.get(stage, stage)} {done:4.0%}"
            )
        sys.stderr.flush()


def load_file(options: argparse.Namespace) -> int:
    """Load a snapshot."""
    now = clock.now()
    report = operations.load_snapshot(
        options.file,
        by=operator(),
        now=now,
        as_of=_as_of(options, now),
        max_change=options.max_change,
        dry_run=options.dry_run,
        progress=Progress(),
        rejects=options.rejects,
    )
    if sys.stderr.isatty():
        sys.stderr.write("\n")
    would = "would make" if report.version is None else f"made version {report.version}:"
    print_line(
        f"{report.lines:,} lines {would} {report.numbers:,} numbers in service as of {report.as_of:%Y-%m-%d %H:%M %Z}"
    )
    print_line(
        f"{report.added:,} new, {report.removed:,} gone, {report.moved:,} with another customer or date"
        f" ({report.share:.2%} of the inventory)"
    )
    _say_rejects(report.rejected, report.held, report.rejects)
    return 0


def apply_file(options: argparse.Namespace) -> int:
    """Apply a change feed."""
    now = clock.now()
    report = operations.apply_feed(
        options.file, by=operator(), now=now, as_of=_as_of(options, now), rejects=options.rejects
    )
    print_line(
        f"{report.lines:,} lines made version {report.version}: {report.added:,} numbers new, {report.removed:,} gone,"
        f" {report.moved:,} with another customer or date; {report.known:,} lines were known already"
    )
    _say_rejects(report.rejected, report.held, report.rejects)
    return 0


def _say_rejects(rejected: int, held: int, where: Path | None) -> None:
    if rejected:
        print_line(f"{rejected:,} lines were not taken; they are in {where}, each with its reason")
    if held:
        print_line(f"{held:,} numbers that such a line speaks of keep what they had")


def status(_options: argparse.Namespace) -> int:
    """Say what is loaded; exit 1 when nothing is, or when it is too old to be answered from."""
    state = queries.state(now=clock.now())
    if not state.version or state.as_of is None or state.age is None:
        print_line("Nothing is loaded.")
        return 1
    hours = state.age.total_seconds() / 3600
    print_line(
        f"version {state.version}, {state.count:,} numbers, as of {state.as_of:%Y-%m-%d %H:%M %Z} ({hours:.1f} hours ago)"
    )
    if state.stale:
        print_line(
            "stale by the guide" + ("; look-ups are refused" if state.refuses else "; every answer says so")
        )
    return 1 if state.refuses else 0


def loads(_options: argparse.Namespace) -> int:
    """List the last files."""
    for row in queries.loads(by=operator(), now=clock.now()):
        made = f"version {row.version}" if row.version else row.state.lower()
        print_line(
            f"{row.intended_at:%Y-%m-%d %H:%M} {row.kind:8} {made:12} {row.lines:>12,} lines  +{row.added:,} -{row.removed:,}"
            f" ~{row.moved:,}  {row.rejected:,} rejected  {row.file_name}  by {row.by}"
        )
    return 0


def history_of(options: argparse.Namespace) -> int:
    """Show one number's history."""
    try:
        number = numbers.read(options.number)
    except numbers.NotANumber as reason:
        raise NotUnderstood(str(reason)) from None
    found = operations.read_history(number, case=options.case, by=operator(), now=clock.now())
    print_line(f"{numbers.grouped(number)}, by version {found.version}")
    if found.current:
        print_line(f"  now      {found.current.customer}, since {found.current.in_service_date}")
    else:
        print_line("  now      not in service")
    for row in found.past:
        word = "until" if row.believed else "said until"
        print_line(
            f"  {word:10} {row.until:%Y-%m-%d %H:%M %Z} {row.customer}, since {row.in_service_date} ({row.reason})"
        )
    return 0


def recover_loads(_options: argparse.Namespace) -> int:
    """Finish what a crash left open."""
    count = operations.recover(by=operator(), now=clock.now())
    print_line(f"{count} loads were open and are closed now." if count else "No load was open.")
    return 0


def print_line(text: str) -> None:
    """Write one line of the answer."""
    sys.stdout.write(text + "\n")
