"""`tecum subscribers …`: full lists of the billing system."""

import argparse
import getpass
import sys
from datetime import UTC, datetime
from pathlib import Path

from tecum.cli.numbers import instant, share
from tecum.config import clock
from tecum.kernel.actors import Actor
from tecum.records.operations import subscribers
from tecum.records.queries import lists as queries

STAGES = {
    "reading": "Reading and checking the list",
    "comparing": "Comparing with what is stored",
    "applying": "Applying",
}


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the noun to the parser."""
    noun = commands.add_parser(
        "subscribers", help="full lists of the billing system: load, status, lists, rejects"
    )
    verbs = noun.add_subparsers(dest="verb", required=True, metavar="VERB")
    load = verbs.add_parser("load", help="make a full list the present one, wholly or not at all")
    load.add_argument(
        "file", type=Path, nargs="?", help="a CSV or CSV.gz; without it the source's view or address is read"
    )
    load.add_argument(
        "--source", default="", metavar="ID", help="which source of the guide, where there are several"
    )
    load.add_argument(
        "--as-of",
        type=instant,
        metavar="WHEN",
        help="the instant it speaks for (default: when it was written)",
    )
    load.add_argument(
        "--max-change",
        type=share,
        metavar="SHARE",
        help="how much it may change, like 0.2 or 20%% (default: the guide's)",
    )
    load.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    load.set_defaults(run=load_list)
    verbs.add_parser("status", help="how old each list is; exit 1 when one is stale").set_defaults(run=status)
    verbs.add_parser("lists", help="the last lists, newest first").set_defaults(run=last_lists)
    rejects = verbs.add_parser("rejects", help="write out the lines of a list that were not taken; recorded")
    rejects.add_argument("list", help="its id, as `tecum subscribers lists` shows it")
    rejects.set_defaults(run=show_rejects)
    verbs.add_parser("recover", help="take back a list that a crash left half read").set_defaults(run=recover)


def operator() -> Actor:
    """Return the person at this machine's command line."""
    allowed = frozenset({"subscriber.load", "subscriber.read", "subscriber.rejects"})
    return Actor.operator(getpass.getuser(), allowed)


class Progress:
    """Says on stderr what is being done: a line for each stage, on a terminal also how far it is."""

    def __init__(self) -> None:
        self.stage = ""

    def __call__(self, stage: str, done: float | None) -> None:
        """Take one report."""
        if stage != self.stage:
            sys.stderr.write(("\n" if self.stage and sys.stderr.isatty() else "") + STAGES.get(stage, stage))
            sys.stderr.write("" if sys.stderr.isatty() else "\n")
            self.stage = stage
        elif done is not None and sys.stderr.isatty():
            sys.stderr.write(f"\r{STAGES.get(stage, stage)} {done:4.0%}")
        sys.stderr.flush()


def load_list(options: argparse.Namespace) -> int:
    """Load a list."""
    now = clock.now()
    report = subscribers.load(
        by=operator(),
        now=now,
        source=options.source,
        file=options.file,
        as_of=options.as_of or _written(options.file, now),
        max_change=options.max_change,
        dry_run=options.dry_run,
        progress=Progress(),
    )
    if sys.stderr.isatty():
        sys.stderr.write("\n")
    if report.known:
        _say("This is the list that is applied already.")
        return 0
    _say(
        f"{report.lines:,} lines{' would be' if options.dry_run else ''} applied as of {report.as_of:%Y-%m-%d %H:%M %Z}"
    )
    _say(
        f"{report.added:,} new, {report.changed:,} changed ({report.moved:,} of them with another account),"
        f" {report.ended:,} gone, {report.same:,} as before ({report.share:.2%} of the lines before)"
    )
    if report.rejected:
        _say(f"{report.rejected:,} lines were not taken; {report.held:,} numbers keep what they had")
        if report.list:
            _say(f"each with its reason: tecum subscribers rejects {report.list}")
    return 0


def _written(file: Path | None, now: datetime) -> datetime:
    try:
        return min(now, datetime.fromtimestamp(file.stat().st_mtime, UTC)) if file else now
    except OSError:
        return now


def status(_options: argparse.Namespace) -> int:
    """Say how old each list is."""
    states = queries.sources(by=operator(), now=clock.now())
    for state in states:
        if state.as_of is None or state.age is None:
            _say(f"{state.id}: no list was ever loaded")
            continue
        word = (
            f"STALE, older than {state.stale_after}"
            if state.stale
            else f"stale from {state.stale_at:%Y-%m-%d %H:%M %Z}"
        )
        hours = state.age.total_seconds() / 3600
        _say(
            f"{state.id}: {state.lines:,} lines as of {state.as_of:%Y-%m-%d %H:%M %Z} ({hours:.1f} hours ago); {word}"
        )
    if not states:
        _say("The guide names no source of subscribers.")
    return 1 if any(state.stale for state in states) else 0


def last_lists(_options: argparse.Namespace) -> int:
    """List the last lists."""
    for row in queries.lists(by=operator(), now=clock.now()):
        became = f"list {row.sequence}" if row.sequence else f"{row.state.lower()} {row.why}".strip()
        _say(
            f"{row.begun_at:%Y-%m-%d %H:%M} {row.source} {became:24} {row.lines:>10,} lines  +{row.added:,} ~{row.changed:,}"
            f" -{row.ended:,}  {row.rejected:,} rejected  {row.name}  {row.pk}"
        )
    return 0


def show_rejects(options: argparse.Namespace) -> int:
    """Write the lines that were not taken to stdout."""
    sys.stdout.write(subscribers.read_rejects(list=options.list, by=operator(), now=clock.now()).decode())
    return 0


def recover(_options: argparse.Namespace) -> int:
    """Take back what a crash left."""
    count = subscribers.recover(by=operator(), now=clock.now())
    _say(f"{count} lists were half read and are taken back." if count else "No list was half read.")
    return 0


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
