"""Mismatches: opened once, with an age; settled by agreement, or by a person who looked."""

import json
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from tecum.access.rules import require
from tecum.accounts import operations as accounts
from tecum.audit import operations as audit
from tecum.cases import sealed
from tecum.deadlines import operations as deadlines
from tecum.kernel import ids
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused
from tecum.surveillance import recording
from tecum.surveillance.models import Mismatch, Tap
from tecum.surveillance.queries.reading import readable
from tecum.surveillance.rules.tasks import Task
from tecum.surveillance.states import MismatchState

KINDS = ("overrun", "returned", "unknown", "missing", "altered", "silent", "unrecorded", "unfounded")
RECORDED = frozenset({"altered", "returned"})
RAISED = "surveillance.raised"
HOWS = frozenset({"looked", "reported", "not_ours", "put_back", "drill"})


class CannotSettle(Refused):
    """A mismatch that cannot be settled so."""


def open_one(
    switch: str,
    task: str,
    kind: str,
    *,
    since: datetime,
    by: Actor,
    now: datetime,
    tap: Tap | None = None,
    shown: Task | None = None,
) -> Mismatch:
    """Open a mismatch, or see an open one again; staff are told by a deadline of its own."""
    found = Mismatch.objects.filter(switch=switch, task=task, kind=kind, state=MismatchState.OPEN).first()
    if found is not None:
        Mismatch.objects.filter(pk=found.pk).update(last_seen_at=now)
        return found
    made = Mismatch(
        id=ids.unguessable(),
        switch=switch,
        task=task,
        kind=kind,
        tap=tap,
        since=since,
        seen_at=now,
        last_seen_at=now,
    )
    matter = tap.target.surveillance.matter if tap else ""
    if shown is not None and matter:
        made.shown = sealed.close(sealed.key_of(matter), f"mismatch {made.pk}", json.dumps(shown.as_data()))
    made.save(force_insert=True)
    audit.record(
        "surveillance.differs", by=by, at=now, matter=matter, mismatch=made.pk, kind=kind, switch=switch,
        tap=tap.pk if tap else None, since=since,
    )  # fmt: skip
    deadlines.arm(RAISED, subject=made.pk, due_at=now, matter=matter, now=now)
    if kind == "unknown":
        recording.follows_unknown(made.pk, now=now)
    elif tap is not None and kind in RECORDED:  # an overrun is recorded when it is seen off
        recording.follows({tap.target.surveillance_id: matter}, now=now)
    return made


def seen_gone(taps: Sequence[str], *, by: Actor, now: datetime) -> None:
    """Write down until when what had come back may have been on: until its switch was read without it."""
    rows = Mismatch.objects.filter(tap__in=taps, kind="returned", state=MismatchState.OPEN)
    for row in rows.select_related("tap__target__surveillance"):
        Mismatch.objects.filter(pk=row.pk).update(last_seen_at=now)
        matter = row.tap.target.surveillance.matter if row.tap else ""
        audit.record(
            "surveillance.return_gone", by=by, at=now, matter=matter, mismatch=row.pk, switch=row.switch
        )


def agree(task: str, kinds: Sequence[str], *, by: Actor, now: datetime) -> None:
    """Settle open mismatches of a task, because the switch shows what is desired again."""
    agree_many([task], kinds, by=by, now=now)


def agree_many(tasks: Sequence[str], kinds: Sequence[str], *, by: Actor, now: datetime) -> None:
    """Settle open mismatches of tasks, because the switch shows what is desired again."""
    rows = Mismatch.objects.select_related("tap__target__surveillance").filter(
        task__in=tasks, kind__in=kinds, state=MismatchState.OPEN
    )
    for row in rows:
        _settle(row, "agrees", by=by, now=now)


@transaction.atomic
def settle_mismatch(*, mismatch: str, how: str, by: Actor, now: datetime) -> None:
    """
    Settle a mismatch as a person who looked: an overrun, an unknown surveillance, a switch that was silent.

    :raises NotYours: when it is unknown, or its surveillance is not for this actor
    :raises CannotSettle: for a way that there is not, and while an overrun is still on
    """
    require(by, "switch.settle", now=now)
    accounts.stand(by=by, now=now)
    row = (
        Mismatch.objects.select_for_update(of=("self",))
        .select_related("tap__target__surveillance")
        .filter(pk=mismatch)
        .first()
    )
    if row is None or (
        row.tap and not readable(by=by, now=now).filter(pk=row.tap.target.surveillance_id).exists()
    ):
        raise NotYours
    if row.state != MismatchState.OPEN or how not in HOWS:
        raise CannotSettle("Say how it was settled; it is settled once.")
    if row.kind == "overrun" and row.tap and row.tap.state != "ENDED":
        raise CannotSettle("It is still on as far as the switch shows; this stays open until it is off.")
    _settle(row, how, by=by, now=now)


def _settle(row: Mismatch, how: str, *, by: Actor, now: datetime) -> None:
    rows = Mismatch.objects.filter(pk=row.pk, state=MismatchState.OPEN)
    if not rows.update(state=MismatchState.SETTLED, settled_at=now, settled_by=by.ref, how=how):
        return
    deadlines.disarm(RAISED, subject=row.pk, now=now)
    matter = row.tap.target.surveillance.matter if row.tap else ""
    if row.kind == "unknown":
        recording.follows_unknown(row.pk, now=now)
    elif row.tap is not None and row.kind == "returned":  # its line in the record has an end now
        recording.follows({row.tap.target.surveillance_id: matter}, now=now)
    audit.record("surveillance.agrees", by=by, at=now, matter=matter, mismatch=row.pk, kind=row.kind, how=how)
