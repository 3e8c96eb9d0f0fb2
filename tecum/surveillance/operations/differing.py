"""Mismatches: opened once, with an age; settled by agreement, or by a person who looked."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that a switch shows and nobody desires, or the other way round; its age counts from `since`."""

    switch: str
    task: str
    kind: str
    since: datetime
    tap: Tap | None = None
    shown: Task | None = None

    @property
    def place(self) -> tuple[str, str, str]:
        """Return what there is one open mismatch of at a time."""
        return self.switch, self.task, self.kind


def overruns(taps: Iterable[Tap]) -> list[Difference]:
    """Return that taps are on, or were, after their authorised end (I1)."""
    return [Difference(tap.switch, str(tap.task), "overrun", tap.until_at, tap) for tap in taps]


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
) -> None:
    """Open a mismatch, or see an open one again, as `open_many` does."""
    open_many([Difference(switch, task, kind, since, tap, shown)], by=by, now=now)


def open_many(found: Sequence[Difference], *, by: Actor, now: datetime) -> None:
    """Open mismatches, or see open ones again; staff are told by a deadline of each one's own."""
    if not found:
        return
    rows = Mismatch.objects.filter(
        state=MismatchState.OPEN,
        kind__in={each.kind for each in found},
        task__in=[each.task for each in found],
    )
    known = {
        (switch, task, kind): pk
        for pk, switch, task, kind in rows.values_list("pk", "switch", "task", "kind")
    }
    again = [known[each.place] for each in found if each.place in known]
    Mismatch.objects.filter(pk__in=again).update(last_seen_at=now)
    fresh = {each.place: each for each in found if each.place not in known}
    made = Mismatch.objects.bulk_create(_row(each, now=now) for each in fresh.values())
    audit.record_many("surveillance.differs", [_said(row) for row in made], by=by, at=now)
    deadlines.arm_many(RAISED, matters={row.pk: _matter(row) for row in made}, due_at=now, now=now)
    for row in made:
        if row.kind == "unknown":
            recording.follows_unknown(row.pk, now=now)
    # an overrun is recorded when it is seen off
    homes = {row.tap.target.surveillance_id: _matter(row) for row in made if row.tap and row.kind in RECORDED}
    recording.follows(homes, now=now)


def _row(found: Difference, *, now: datetime) -> Mismatch:
    row = Mismatch(
        id=ids.unguessable(), switch=found.switch, task=found.task, kind=found.kind, tap=found.tap,
        since=found.since, seen_at=now, last_seen_at=now,
    )  # fmt: skip
    matter = _matter(row)
    if found.shown is not None and matter:
        said = json.dumps(found.shown.as_data())
        row.shown = sealed.close(sealed.key_of(matter), f"mismatch {row.pk}", said)
    return row


def _said(row: Mismatch) -> tuple[str, dict[str, object]]:
    """Return of a mismatch its matter and what the trail says of it."""
    return _matter(row), {
        "mismatch": row.pk, "kind": row.kind, "switch": row.switch, "tap": row.tap_id, "since": row.since,
    }  # fmt: skip


def _matter(row: Mismatch) -> str:
    """Return whose a mismatch is; what nobody here desired is of no matter of ours."""
    return row.tap.target.surveillance.matter if row.tap else ""


def seen_gone(taps: Sequence[str], *, by: Actor, now: datetime) -> None:
    """Write down until when what had come back may have been on: until its switch was read without it."""
    rows = Mismatch.objects.filter(tap__in=taps, kind="returned", state=MismatchState.OPEN)
    for row in rows.select_related("tap__target__surveillance"):
        Mismatch.objects.filter(pk=row.pk).update(last_seen_at=now)
        audit.record(
            "surveillance.return_gone", by=by, at=now, matter=_matter(row), mismatch=row.pk, switch=row.switch
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
    matter = _matter(row)
    if row.kind == "unknown":
        recording.follows_unknown(row.pk, now=now)
    elif row.tap is not None and row.kind == "returned":  # its line in the record has an end now
        recording.follows({row.tap.target.surveillance_id: matter}, now=now)
    audit.record("surveillance.agrees", by=by, at=now, matter=matter, mismatch=row.pk, kind=row.kind, how=how)
