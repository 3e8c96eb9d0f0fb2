"""Holding rows beyond their retention: receipt of process freezes what would otherwise expire (decision C6)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tecum.access.rules import require
from tecum.audit import operations as audit
from tecum.deadlines import operations as deadlines
from tecum.kernel import locks
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.kernel.refusals import NotYours, Refused
from tecum.records.models.store import RecordHold, RecordPart
from tecum.records.operations.keeping import HOLDS
from tecum.records.queries.store import coverage_of
from tecum.records.rules.coverage import Stretch
from tecum.records.rules.scope import is_party
from tecum.secrecy import queries as secrecy


class NoSuchHold(NotYours):
    """A hold that is unknown, or another matter's."""


class CannotHold(Refused):
    """What is to be held is no number, or no time."""


@dataclass(frozen=True, slots=True)
class Held:
    """A hold, and what of its period each store had when it was placed."""

    id: str
    coverage: dict[str, tuple[Stretch, ...]]


@transaction.atomic
def hold(
    *,
    matter: str,
    number: str,
    period: Period,
    until: datetime | None,
    by: Actor,
    now: datetime,
    store: str = "",
) -> Held:
    """
    Keep the rows of a number in a period for a matter, whatever their store's retention, until an instant or until lifted.

    It is the caller's change: it commits and rolls back with it. `store` limits it to one store. What is purged already cannot be
    held; the coverage says so. Rows of the future are held too, as they come.

    :raises NotYours: without the permission, or for a sealed matter that one is not on the list of
    :raises CannotHold: for a number that is none, an empty period, or an end that has passed
    """
    require(by, "records.hold", now=now)
    _readable(matter, by)
    if not is_party(number):
        raise CannotHold("A hold names a number as ten digits, as + and a number abroad, or as a short code.")
    if period.empty or (until is not None and until <= now):
        raise CannotHold("A hold names a period that holds time, and ends in the future.")
    locks.before_change(
        RecordHold.objects.all(), [HOLDS]
    )  # a purge under way sees this hold, or this hold sees the purge
    row = RecordHold.objects.create(
        matter=matter,
        store=store,
        number=number,
        start_at=period.start,
        end_at=period.end,
        until=until,
        placed_at=now,
        placed_by=by.ref,
    )
    if until is not None:
        deadlines.arm("records.hold_over", subject=row.pk, due_at=until, matter=matter, now=now)
    audit.record("hold.placed", matter=matter, by=by, at=now, hold=row.pk, store=store or None, until=until)
    return Held(row.pk, coverage_of(matter=matter, number=number, period=period, now=now, store=store))


@transaction.atomic
def lift_hold(*, hold: str, by: Actor, now: datetime) -> None:
    """
    Let what a hold kept expire again; a day that was purged meanwhile loses what was copied out of it.

    :raises NoSuchHold: for an unknown hold, or a sealed matter's that one is not on the list of; lifting twice changes nothing
    """
    require(by, "records.hold", now=now)
    row = RecordHold.objects.filter(pk=hold).first()
    if row is None:
        raise NoSuchHold
    _readable(row.matter, by)
    _end(row, by=by, now=now)


@transaction.atomic
def hold_over(*, hold: str, by: Actor, now: datetime) -> None:
    """End a hold whose time has come; one that was prolonged or lifted meanwhile stays as it is."""
    row = RecordHold.objects.filter(pk=hold, lifted_at=None).first()
    if row is not None and row.until is not None and row.until <= now:
        _end(row, by=by, now=now)


def _end(row: RecordHold, *, by: Actor, now: datetime) -> None:
    locks.before_change(RecordHold.objects.all(), [HOLDS])
    if not RecordHold.objects.filter(pk=row.pk, lifted_at=None).update(lifted_at=now, lifted_by=by.ref):
        return
    deadlines.disarm("records.hold_over", subject=row.pk, now=now)
    parts = RecordPart.objects.live().filter(hold=row).update(retired_at=now)
    audit.record("hold.lifted", matter=row.matter, by=by, at=now, hold=row.pk, parts=parts)


def _readable(matter: str, by: Actor) -> None:
    if matter in secrecy.hidden_from(by.ref) and not by.ref.startswith("system:"):
        raise NotYours
