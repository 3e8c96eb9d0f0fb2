"""`tecum audit …`: the key, checkpoints, verification, bundles and proofs of the trail."""

import argparse
import getpass
import sys
from pathlib import Path

from django.conf import settings

from tecum.audit import operations as audit
from tecum.audit import queries, reference, rules
from tecum.audit.drivers import keys
from tecum.config import clock
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused
from tecum_verify.trail import as_words


class NoSuchReceipt(Refused):
    """A receipt that no entry has, or whose entry is not signed yet."""


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the noun to the parser."""
    noun = commands.add_parser("audit", help="the trail: key, checkpoints, verification, bundles, proofs")
    verbs = noun.add_subparsers(dest="verb", required=True, metavar="VERB")
    verbs.add_parser("key", help="make the signing key and print the public one").set_defaults(run=make_key)
    signing = verbs.add_parser("checkpoint", help="seal, sign, leave the checkpoint outside, print it")
    signing.set_defaults(run=sign)
    check = verbs.add_parser("verify", help="recompute the whole trail; exit codes as tecum-verify")
    check.add_argument("--origin", default="", help="another log than the open one: one closed by a restore")
    check.set_defaults(run=verify)
    take = verbs.add_parser("export", help="write a bundle for tecum-verify")
    take.add_argument("path", type=Path, help="the file to write, usually NAME.tar")
    take.add_argument("--reason", required=True, choices=rules.REASONS, help="why; it stands in the trail")
    take.add_argument("--origin", default="", help="another log than the open one: one closed by a restore")
    take.set_defaults(run=export)
    reopen = verbs.add_parser(
        "open", help="after a restore: close the log, open another that names the last checkpoint"
    )
    reopen.add_argument("origin", help="the new log's name, such as carrier.example/trail-2")
    reopen.add_argument("--earlier", type=Path, required=True, help="the last checkpoint known outside")
    reopen.set_defaults(run=open_log)
    prove = verbs.add_parser("proof", help="write the proof of one entry for tecum-verify")
    prove.add_argument("receipt", help="such as 9F4C-21AE-70D3")
    prove.set_defaults(run=proof)
    verbs.add_parser("events", help="print the catalogue of events as Markdown").set_defaults(run=events)


def operator() -> Actor:
    """Return the person at this machine's command line, who may read and prove the trail."""
    return Actor.operator(getpass.getuser(), frozenset({"trail.search", "trail.verify"}))


def make_key(_options: argparse.Namespace) -> int:
    """Make the signing key once; the public key goes to stdout and into a file beside it."""
    path = Path(settings.TECUM_TRAIL_KEY_FILE)
    key = keys.create(path, name=settings.TECUM_TRAIL_ORIGIN)
    path.with_suffix(".pub").write_text(f"{key.public}\n")
    sys.stdout.write(f"{key.public}\n")
    sys.stderr.write(
        f"The signing key is in {path}: keep a copy apart from the database and its backups.\n"
        "Publish the line above where the carrier publishes things; whoever verifies needs it.\n"
    )
    return 0


def sign(_options: argparse.Namespace) -> int:
    """Seal what is committed, sign, leave the checkpoint outside, and print it."""
    while audit.seal(now=clock.now()):
        pass
    signed = audit.publish_checkpoint(now=clock.now())
    sys.stdout.write(signed.note if signed else "")
    return 0


def verify(options: argparse.Namespace) -> int:
    """Recompute the whole trail, say what was found, and remember that it was asked."""
    verdict = audit.verify(origin=options.origin, by=operator(), now=clock.now())
    sys.stdout.write(as_words(verdict))
    return verdict.code


def export(options: argparse.Namespace) -> int:
    """Write a bundle and print its SHA-256."""
    digest = audit.export(
        path=options.path,
        within=queries.EVERY_MATTER,
        reason=options.reason,
        origin=options.origin,
        by=operator(),
        now=clock.now(),
    )
    sys.stdout.write(f"{digest}  {options.path}\n")
    return 0


def open_log(options: argparse.Namespace) -> int:
    """Open another log and print the receipt of its first entry."""
    receipt = audit.open_log(
        origin=options.origin, earlier=options.earlier.read_text(), by=operator(), now=clock.now()
    )
    sys.stdout.write(f"{receipt}\n")
    return 0


def proof(options: argparse.Namespace) -> int:
    """Print the proof of the entry that a receipt names."""
    found = audit.prove(receipt=options.receipt, within=queries.EVERY_MATTER, by=operator(), now=clock.now())
    if found.proof is None:
        raise NoSuchReceipt(found.says)
    sys.stdout.write(str(found.proof))
    return 0


def events(_options: argparse.Namespace) -> int:
    """Print docs/reference/events.md."""
    sys.stdout.write(reference.as_markdown())
    return 0
