"""What is done once, right after a copy was put back: nothing that ended since may come back to life (control 13, T13)."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from tecum.accounts.operations import restoring as accounts
from tecum.audit import operations as audit
from tecum.audit import outside
from tecum.audit import queries as trail
from tecum.kernel.actors import Actor
from tecum.notices.operations import restoring as notices
from tecum.production.operations import restoring as productions
from tecum.recovery import operations as recovery
from tecum.recovery.drivers import copies
from tecum.recovery.drivers.copies import Copy
from tecum.recovery.rules import RecoveryView


@dataclass(frozen=True, slots=True)
class Done:
    """What was ended, and the recovery that began."""

    recovery: RecoveryView
    doors: int
    offers: int
    notices: int


def copy(folder: Path, *, by: Actor, now: datetime) -> Copy:
    """Make a copy of everything but the keys; what is committed is sealed and signed first, so that it ends in a checkpoint."""
    while audit.seal(now=now):
        pass
    audit.publish_checkpoint(now=now)
    signed = trail.latest_checkpoint()
    made = copies.make(folder, checkpoint=signed.note if signed else "", entries=trail.state().size, now=now)
    with transaction.atomic():
        audit.record(
            "recovery.copied", by=by, at=now, copy=made.digest, files=len(made.files), size=made.size
        )
    return made


def begin(made: Copy, *, origin: str, earlier: str, by: Actor, now: datetime) -> Done:
    """
    Open a new log that names the last checkpoint known outside, shut every door of the copy, and enter recovery.

    `earlier` is that checkpoint; empty, the newest that our places outside keep, and without those the copy's own.
    """
    before = trail.state()
    in_copy = before.size
    known = earlier or outside.newest(before.origin) or made.checkpoint
    reached = outside.size_of(known) if known else 0
    audit.open_log(origin=origin, earlier=known, by=by, now=now)
    with transaction.atomic():
        doors = accounts.shut_all_doors(by=by, now=now)
        offers = productions.close_all_offers(by=by, now=now)
        kept = notices.keep_what_may_be_sent(by=by, now=now)
        view = recovery.enter(
            copied_at=made.made_at, copy=made.digest, origin=origin, known_outside=reached, in_copy=in_copy, by=by, now=now
        )  # fmt: skip
    return Done(view, doors, offers, kept)
