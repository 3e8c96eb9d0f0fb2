"""`tecum records …`: the stores of call-detail records, loaded, kept, looked after. Rows are searched inside cases only."""

import argparse
import getpass
import sys
from datetime import UTC
from pathlib import Path

from tecum.cli.numbers import Progress, print_line
from tecum.config import clock
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused
from tecum.records import operations
from tecum.records.queries import store as queries


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the noun to the parser."""
    noun = commands.add_parser(
        "records",
        help="call-detail records: load, status, files, compact, purge, purges, holds, verify, recover",
    )
    verbs = noun.add_subparsers(dest="verb", required=True, metavar="VERB")
    load = verbs.add_parser("load", help="load files as switches write them: CSV, CSV.gz or Parquet")
    load.add_argument("files", type=Path, nargs="+", metavar="FILE")
    load.add_argument(
        "--format", default="", help="the switch format of the guide (default: by the file's name)"
    )
    load.add_argument("--believe", action="store_true", help="load a file although it contradicts its format")
    load.add_argument(
        "--rejects", type=Path, metavar="FOLDER", help="where bad lines are named (default: beside the file)"
    )
    load.set_defaults(run=load_files)
    verbs.add_parser("status", help="what lies in each store").set_defaults(run=status)
    verbs.add_parser("files", help="the last files, newest first").set_defaults(run=files)
    compact = verbs.add_parser("compact", help="merge small files now, not at the next full hour")
    compact.add_argument("store")
    compact.set_defaults(run=compact_store)
    purge = verbs.add_parser("purge", help="purge now what a store keeps no longer")
    purge.add_argument("store")
    purge.set_defaults(run=purge_store)
    verbs.add_parser("purges", help="the proofs of what was purged").set_defaults(run=purges)
    verbs.add_parser(
        "holds", help="what is kept beyond its retention and until when; never of whom"
    ).set_defaults(run=holds)
    verify = verbs.add_parser("verify", help="hash every file again and compare with the manifest")
    verify.add_argument("--store", default="")
    verify.set_defaults(run=verify_parts)
    recover = verbs.add_parser("recover", help="undo what a crash left, without waiting for the next load")
    recover.add_argument("store")
    recover.set_defaults(run=recover_store)


def operator() -> Actor:
    """Return the person at this machine's command line, who loads and looks after records and reads none."""
    return Actor.operator(getpass.getuser(), frozenset({"records.read", "records.load"}))


def load_files(options: argparse.Namespace) -> int:
    """Load each file; one that is refused does not keep the others back, and the exit code says so."""
    refused = 0
    for path in options.files:
        rejects = options.rejects / f"{path.name}.rejects.csv" if options.rejects else None
        try:
            report = operations.load(
                path,
                by=operator(),
                now=clock.now(),
                form=options.format,
                believe=options.believe,
                rejects=rejects,
                progress=Progress(),
            )
        except Refused as refusal:
            refused += 1
            sys.stderr.write(f"{refusal}\n")
            continue
        _say(path, report)
    return 1 if refused else 0


def _say(path: Path, report: operations.LoadReport) -> None:
    if report.already:
        print_line(f"{path.name}: was loaded before, as delivery {report.delivery}; nothing was done")
        return
    print_line(
        f"{path.name}: delivery {report.delivery} into {report.store}: {report.lines:,} records, {report.rows:,} new,"
        f" {report.known:,} known, {report.skipped:,} skipped, {report.rejected:,} rejected"
    )
    for code, count in sorted(report.reasons.items(), key=lambda item: -item[1]):
        print_line(f"  {count:>10,}  {code}")
    if report.rejects:
        print_line(f"  the lines and reasons are in {report.rejects}")


def status(_options: argparse.Namespace) -> int:
    """Say what lies in each store."""
    for each in queries.stores(by=operator(), now=clock.now()):
        days = f"{each.first_day} to {each.last_day}" if each.first_day else "empty"
        size = f"{each.bytes / each.rows:.0f} bytes each" if each.rows else "nothing"
        print_line(
            f"{each.id:12} keeps {each.keeps:10} {days}; {each.rows:,} records in {each.parts:,} files, {size};"
            f" {each.deliveries:,} files loaded; last call {each.last_call:%Y-%m-%d %H:%M %Z}"
            if each.last_call
            else f"{each.id:12} keeps {each.keeps:10} empty"
        )
    return 0


def files(_options: argparse.Namespace) -> int:
    """List the last files."""
    for row in queries.deliveries(by=operator(), now=clock.now()):
        print_line(
            f"{row.id:>8} {row.began_at:%Y-%m-%d %H:%M} {row.store:10} {row.format:14} {row.state:9} {row.rows:>12,} new"
            f" {row.known:>10,} known {row.rejected:>8,} rejected  {row.file_name}  by {row.by}"
        )
    return 0


def compact_store(options: argparse.Namespace) -> int:
    """Merge small files now."""
    days = operations.compact(options.store, by=operator(), now=clock.now(), force=True)
    print_line(f"{days} days were compacted.")
    return 0


def purge_store(options: argparse.Namespace) -> int:
    """Purge now what is over."""
    days = operations.purge(options.store, by=operator(), now=clock.now())
    print_line(f"{days} days were purged.")
    return 0


def purges(_options: argparse.Namespace) -> int:
    """List the proofs of what was purged."""
    for row in queries.purges(by=operator(), now=clock.now()):
        print_line(
            f"{row.at.astimezone(UTC):%Y-%m-%d %H:%M} {row.store:10} {row.day}  {row.rows:>12,} records, {row.bytes:,} bytes in"
            f" {row.parts:,} files; {row.kept:,} kept by holds; sha256 {row.digest}"
        )
    return 0


def holds(_options: argparse.Namespace) -> int:
    """List the open holds, without matter or number."""
    found = queries.open_holds(by=operator(), now=clock.now())
    for row in found:
        until = f"until {row.until.astimezone(UTC):%Y-%m-%d %H:%M}" if row.until else "until it is lifted"
        print_line(
            f"{row.id} {row.store or 'every store':12} since {row.placed_at.astimezone(UTC):%Y-%m-%d %H:%M} {until};"
            f" {row.kept_rows:,} records ({row.kept_bytes:,} bytes) of purged days"
        )
    if not found:
        print_line("Nothing is held.")
    return 0


def verify_parts(options: argparse.Namespace) -> int:
    """Hash every file again; exit 1 when one is not what the manifest says."""
    faults = 0
    for fault in queries.verify(by=operator(), now=clock.now(), store=options.store):
        faults += 1
        print_line(f"{fault.store} {fault.day} {fault.part} {fault.what}")
    print_line(
        f"{faults} files are not what the manifest says."
        if faults
        else "Every file is what the manifest says."
    )
    return 1 if faults else 0


def recover_store(options: argparse.Namespace) -> int:
    """Undo what a crash left."""
    ended = operations.recover(options.store, by=operator(), now=clock.now())
    print_line(f"{ended} deliveries were open and are ended now." if ended else "No delivery was open.")
    return 0
