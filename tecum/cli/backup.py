"""`tecum backup …`: copies of everything but the keys, and the keys apart (control 13)."""

import argparse
import getpass
import shutil
import sys
from pathlib import Path

from django.conf import settings

from tecum.access.catalogue import PERMISSIONS
from tecum.config import clock
from tecum.jobs import recovering
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused
from tecum.recovery.drivers import copies


class KeysBesideCopy(Refused):
    """Keys would lie where a copy lies."""


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the noun to the parser."""
    noun = commands.add_parser("backup", help="copies of everything but the keys, and the keys apart")
    verbs = noun.add_subparsers(dest="verb", required=True, metavar="VERB")
    make = verbs.add_parser(
        "make", help="copy database, files and records into a folder, while everything runs"
    )
    make.add_argument("folder", type=Path, help="a folder that is not there yet")
    make.set_defaults(run=make_copy)
    check = verbs.add_parser(
        "check", help="hold every byte of a copy against its manifest (1 if one differs)"
    )
    check.add_argument("folder", type=Path)
    check.set_defaults(run=check_copy)
    keys = verbs.add_parser(
        "keys", help="copy the keys of epochs, trail, factors and signature to a place of their own"
    )
    keys.add_argument("folder", type=Path, help="never beside a copy, and for days, not for months")
    keys.set_defaults(run=copy_keys)


def make_copy(options: argparse.Namespace) -> int:
    """Make a copy and say what is in it."""
    made = recovering.copy(options.folder, by=operator(), now=clock.now())
    sys.stdout.write(
        f"{made.folder}: {len(made.files)} files, {made.size} bytes, {made.entries} entries of the trail.\n"
        f"SHA-256 of its manifest: {made.digest}\nNo key is in it: tecum backup keys FOLDER, to another place.\n"
    )
    return 0


def check_copy(options: argparse.Namespace) -> int:
    """Check a copy without any key."""
    made = copies.read(options.folder)
    sys.stdout.write(
        f"Whole: {len(made.files)} files of {made.made_at:%Y-%m-%d %H:%M} UTC, manifest {made.digest}.\n"
    )
    return 0


def copy_keys(options: argparse.Namespace) -> int:
    """
    Copy the keys, wrapped as they are; never the sealing key, which lies on paper or in a vault.

    :raises KeysBesideCopy: into a copy, or a folder that holds one
    """
    folder: Path = options.folder.resolve()
    beside = [folder, folder.parent, *(each for each in folder.parent.glob("*") if each.is_dir())]
    if any((each / copies.MANIFEST).exists() for each in beside):
        raise KeysBesideCopy(f"{folder} lies beside a copy: keys and copies never lie together.")
    if folder.exists() and any(folder.iterdir()):
        raise copies.NotEmpty(f"{folder} holds something already.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    sealing = Path(settings.TECUM_SEALING_KEY_FILE)
    taken = []
    for place in copies.key_places():
        if place == sealing or not place.exists():
            continue
        (shutil.copytree if place.is_dir() else shutil.copy2)(place, folder / place.name)
        taken.append(place.name)
    sys.stdout.write(f"{folder}: {', '.join(taken)}. The sealing key is not among them: it opens them.\n")
    return 0


def operator() -> Actor:
    """Return the person at this machine's command line."""
    return Actor.operator(getpass.getuser(), frozenset(PERMISSIONS))
