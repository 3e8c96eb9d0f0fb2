"""`tecum keys …`: the key that everything is sealed under, and the ends of retention epochs."""

import argparse
import getpass
import sys
from pathlib import Path

from django.conf import settings

from tecum.access.catalogue import PERMISSIONS
from tecum.config import clock
from tecum.jobs import retention
from tecum.kernel.actors import Actor
from tecum.policy import queries as policy
from tecum.production.drivers import sealing
from tecum.secrecy import operations as secrecy
from tecum.secrecy import queries
from tecum.secrecy.drivers import keyring


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the noun to the parser."""
    noun = commands.add_parser("keys", help="the sealing key, and the keys of retention epochs")
    verbs = noun.add_subparsers(dest="verb", required=True, metavar="VERB")
    create = verbs.add_parser(
        "create", help="make the sealing key; where there is one, put a new one before it"
    )
    create.set_defaults(run=create_key)
    signing = verbs.add_parser(
        "signing",
        help="what signs the statements of productions; where nothing does, make a certificate by ourselves",
    )
    signing.set_defaults(run=signing_key)
    rotate = verbs.add_parser("rotate", help="wrap every epoch's key by the newest sealing key")
    rotate.set_defaults(run=rotate_keys)
    listed = verbs.add_parser("epochs", help="the retention epochs and whether they can be read")
    listed.set_defaults(run=list_epochs)
    purge = verbs.add_parser(
        "purge", help="destroy every epoch whose time is over by the guide; what is held or not over is kept"
    )
    purge.add_argument(
        "--yes", action="store_true", help="without this it is only said what would be destroyed"
    )
    purge.set_defaults(run=purge_epochs)
    destroy = verbs.add_parser("destroy", help="make everything sealed in an epoch unreadable, for ever")
    destroy.add_argument("epoch", help="its name, as `tecum keys epochs` shows it")
    destroy.add_argument("--yes", action="store_true", help="without this nothing is destroyed")
    destroy.set_defaults(run=destroy_epoch)


def create_key(_options: argparse.Namespace) -> int:
    """Make a key, or a newer one."""
    path = Path(settings.TECUM_SEALING_KEY_FILE)
    there = path.exists()
    keyring.create(path)
    sys.stdout.write(
        f"A newer sealing key stands first in {path}. Now: tecum keys rotate; afterwards delete the lines beneath it.\n"
        if there
        else f"The sealing key is in {path}. Keep a copy elsewhere, apart from every backup: without it nothing that "
        "is sealed can ever be read.\n"
    )
    return 0


def signing_key(_options: argparse.Namespace) -> int:
    """Show the signing certificate; make one that nobody vouches for where there is none."""
    path, now = Path(settings.TECUM_SIGNING_FILE), clock.now()
    made = not path.exists()
    signer = (
        sealing.create(path, carrier=policy.at(now).carrier.name, now=now)
        if made
        else sealing.certificate(path)
    )
    sys.stdout.write(f"{'Made' if made else 'Found'}: {path}\n")
    sys.stdout.write(f"{signer.subject}\nSHA-256 {signer.fingerprint}\ngood until {signer.until:%Y-%m-%d}\n")
    if signer.self_made:
        sys.stdout.write(
            "The carrier made this certificate itself: readers of PDF will say that they do not know it. For use before a "
            "court put there what a trusted authority issued (PEM: the private key, its certificate, those above it).\n"
        )
    if signer.until <= now:
        sys.stdout.write("It has run out: signatures made with it are worth nothing.\n")
        return 1
    return 0


def rotate_keys(_options: argparse.Namespace) -> int:
    """Wrap all epochs' keys anew."""
    changed = secrecy.rotate(by=_operator(), now=clock.now())
    sys.stdout.write(f"{changed} keys were wrapped by the newest sealing key.\n")
    return 0


def list_epochs(_options: argparse.Namespace) -> int:
    """Show the epochs."""
    for epoch in queries.epochs():
        state = "destroyed" if epoch.destroyed_at else "being destroyed" if epoch.ordered_at else "readable"
        sys.stdout.write(f"{epoch.id:<32} {epoch.matters:>8} matters  {state}\n")
    return 0


def destroy_epoch(options: argparse.Namespace) -> int:
    """Destroy an epoch's key, or say what that would do."""
    found = [epoch for epoch in queries.epochs() if epoch.id == options.epoch]
    if found and not options.yes:
        sys.stdout.write(
            f"{found[0].matters} matters of {found[0].id} would be unreadable for ever, in every backup. "
            "To do it: the same words with --yes\n"
        )
        return 1
    secrecy.destroy_epoch(options.epoch, by=_operator(), now=clock.now())
    sys.stdout.write(f"The key of {options.epoch} is destroyed.\n")
    return 0


def purge_epochs(options: argparse.Namespace) -> int:
    """Destroy what its time is over, with the proof of each, or say what would be."""
    now = clock.now()
    found = retention.outlived(now=now)
    for each in found:
        kept = f"{len(each.kept)} not over and {each.held} held go to another epoch"
        if not options.yes:
            sys.stdout.write(f"{each.epoch:<32} {each.ends:>8} matters end; {kept}\n")
            continue
        receipt = retention.destroy(each, by=_operator(), now=now)
        proof = receipt.text if receipt else "finished by another process"
        sys.stdout.write(f"{each.epoch:<32} destroyed: {each.ends} matters end; {kept}. Receipt {proof}\n")
    if not found:
        sys.stdout.write("No epoch has outlived its retention.\n")
    elif not options.yes:
        sys.stdout.write("Nothing was destroyed. To do it: the same words with --yes\n")
    return 0


def _operator() -> Actor:
    return Actor.operator(getpass.getuser(), frozenset(PERMISSIONS))
