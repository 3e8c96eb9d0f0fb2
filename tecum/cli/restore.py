"""`tecum restore`: a copy is put into an empty installation, which is in recovery from then on (control 13)."""

import argparse
import sys
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from tecum.cli.backup import operator
from tecum.config import clock
from tecum.jobs import recovering
from tecum.recovery.drivers import copies
from tecum.secrecy import queries as secrecy
from tecum.secrecy import watching as epochs
from tecum.secrecy.drivers import keyring


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the noun that puts a copy back."""
    noun = commands.add_parser("restore", help="put a copy into an empty installation, and enter recovery")
    noun.add_argument("folder", type=Path, help="what `tecum backup make` made")
    noun.add_argument(
        "--earlier",
        type=Path,
        help="the last checkpoint known outside (default: the newest in TECUM_TRAIL_ANCHORS)",
    )
    noun.add_argument(
        "--origin", default="", help="the name of the new log (default: the old one and the moment)"
    )
    noun.set_defaults(run=restore)


def restore(options: argparse.Namespace) -> int:
    """Put a copy back, open a new log, shut its doors, and enter recovery."""
    made, now = copies.read(options.folder), clock.now()
    keyring.load(Path(settings.TECUM_SEALING_KEY_FILE))  # refused before anything is written
    earlier = options.earlier.read_text() if options.earlier else ""
    copies.put_back(made)
    call_command("migrate", verbosity=0)
    origin = options.origin or f"{settings.TECUM_TRAIL_ORIGIN}-{now:%Y%m%dT%H%M%SZ}"
    done = recovering.begin(made, origin=origin, earlier=earlier, by=operator(), now=now)
    sys.stdout.write(
        f"Put back: the copy of {made.made_at:%Y-%m-%d %H:%M} UTC, manifest {made.digest}.\n"
        f"The trail goes on in {origin}; {done.recovery.lost} entries happened since the copy and are not in it.\n"
        f"Ended: {done.doors} sessions, tokens and links, {done.offers} offers of packages; "
        f"{done.notices} notices lie for a person.\n"
    )
    for each in unreadable():
        sys.stdout.write(f"Not readable: {each}\n")
    sys.stdout.write(
        "This installation is in RECOVERY: what ends is ended, nothing starts but what two people resume.\n"
        "Now: tecum surveillance terminate --once; then the pages Recovery and Switches.\n"
    )
    return 0


def unreadable() -> list[str]:
    """Return in words which epochs have no key here though they were not destroyed, and which have one that should be gone."""
    there = set(keyring.EpochKeys(Path(settings.TECUM_EPOCH_KEYS), ()).names())
    lost = [each.id for each in secrecy.epochs() if each.destroyed_at is None and each.id not in there]
    risen = [each.about for each in epochs.broken(closed_before={}, now=clock.now())]
    return [
        *(f"the epoch {each}: its key is not here (destroyed since, or not brought yet)" for each in lost),
        *(
            f"the epoch {each} was destroyed and its key came back: tecum keys destroy {each} --yes"
            for each in risen
        ),
    ]
