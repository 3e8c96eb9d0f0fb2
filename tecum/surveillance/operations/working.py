"""
Switches worked by hand: one technician accepts, types and reports what is there, another looks and confirms the same.

The end is opened as work from the first day, so that somebody has accepted it hours before it is due.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from tecum.access.rules import require
from tecum.accounts import operations as accounts
from tecum.audit import operations as audit
from tecum.cases import sealed
from tecum.deadlines import operations as deadlines
from tecum.kernel import ids
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused
from tecum.policy import queries as policy
from tecum.surveillance.models import SwitchOrder, Tap, TapTurn
from tecum.surveillance.operations import carrying, differing, tapping, telling
from tecum.surveillance.queries import resuming
from tecum.surveillance.rules import ends
from tecum.surveillance.rules.tasks import Seen, Task, Verdict, as_ordered
from tecum.surveillance.states import OFF, ON, WORK_ORDER_NEXT, TapState, WorkOrderState

ACCEPT, RECHECK = "surveillance.end_accept", "surveillance.recheck"
REPEAT = timedelta(minutes=15)
STILL_OPEN = (WorkOrderState.OPEN, WorkOrderState.ACCEPTED, WorkOrderState.REPORTED)


class CannotWork(Refused):
    """A work order that is not in the state for that, or that this person may not do."""


@transaction.atomic
def hand_over(*, taps: Sequence[str], on: bool, by: Actor, now: datetime) -> int:
    """Make what is desired of switches that no driver reaches a technician's work, and return how many orders there are."""
    guide, count = policy.at(now), 0
    rows = (
        Tap.objects.select_for_update(of=("self",)).select_related("target__surveillance").filter(pk__in=taps)
    )
    chosen = rows.filter(state__in=ON if on else OFF).order_by("pk")
    for row in resuming.startable(chosen) if on else chosen:
        if not ends.by_hand(guide.switch(row.switch)):
            continue
        if on and row.fires_at > now:
            if row.state == TapState.STARTING:
                _order(row, "on", due_at=now, by=by, now=now)
            plan_end(row, by=by, now=now)
            count += 1
        if not on and row.state == TapState.STOPPING:
            _void(row, ("on", "check"), now=now)
            _order(row, "off", due_at=now, by=by, now=now)
            _overdue(row, by=by, now=now)
            count += 1
        Tap.objects.filter(pk=row.pk, commanded_at=None).update(commanded_at=now)
        TapTurn.objects.filter(tap=row, generation=row.generation, commanded_at=None).update(commanded_at=now)
    return count


def plan_end(row: Tap, *, by: Actor, now: datetime) -> None:
    """Open the end as work ahead of its time, or move it: whoever had accepted another time is asked again."""
    known = SwitchOrder.objects.filter(tap=row, what="off", state__in=STILL_OPEN).first()
    if known is None or known.due_at != row.cut_at:
        _order(row, "off", due_at=row.cut_at, by=by, now=now)
    due_at = max(now, ends.accepted_by(policy.at(now), row.cut_at))
    deadlines.arm(ACCEPT, subject=row.pk, due_at=due_at, matter=_matter(row), now=now)


@dataclass(frozen=True, slots=True)
class WorkView:
    """A work order with all that a technician needs, and nothing of whom it is for."""

    id: str
    switch: str
    what: str
    state: WorkOrderState
    due_at: datetime
    desired: Task
    accepted_by: str
    reported_by: str
    confirmed_by: str
    on: bool
    ready: bool


def show(*, order: str, by: Actor, now: datetime) -> WorkView:
    """Show a technician what to type and to report; that it was seen is stored first. :raises NotYours: for others"""
    require(by, "switch.work", now=now)
    row = SwitchOrder.objects.select_related("tap__target__surveillance").filter(pk=order).first()
    if row is None or by.agency:
        raise NotYours
    home = row.tap.target.surveillance
    audit.note(
        "surveillance.work_shown", by=by, at=now, matter=home.matter, surveillance=home.pk, order=row.pk
    )
    return WorkView(
        row.pk, row.switch, row.what, WorkOrderState(row.state), row.due_at, carrying.task_of(row.tap), row.accepted_by,
        row.reported_by, row.confirmed_by, row.tap.state in ON, row.what != "off" or row.tap.state not in ON,
    )  # fmt: skip


@transaction.atomic
def accept(*, order: str, by: Actor, now: datetime) -> None:
    """
    Accept to do it, by name.

    :raises CannotWork: when somebody else did, it is void, or it would start what a restored copy alone says is on
    """
    row = _held(order, by=by, now=now)
    if row.what == "on" and not resuming.startable([row.tap]):
        raise CannotWork(
            "This installation was put back from a copy: nothing is started before two people say that it still runs."
        )
    _turn(row, WorkOrderState.ACCEPTED, accepted_at=now, accepted_by=by.ref)
    if row.what == "off":
        deadlines.disarm(ACCEPT, subject=row.tap_id, now=now)
    _record("surveillance.work_accepted", row, by=by, now=now)


@transaction.atomic
def give_back(*, order: str, by: Actor, now: datetime) -> None:
    """Give an accepted work order back; an end that nobody has is asked for again. :raises CannotWork: for another's"""
    row = _held(order, by=by, now=now)
    if row.accepted_by != by.ref:
        raise CannotWork("Somebody else accepted it.")
    _turn(row, WorkOrderState.OPEN, accepted_at=None, accepted_by="")
    if row.what == "off":
        due = ends.accepted_by(policy.at(now), row.tap.cut_at)
        deadlines.arm(ACCEPT, subject=row.tap_id, due_at=max(now, due), matter=_matter(row.tap), now=now)
    _record("surveillance.work_given_back", row, by=by, now=now)


@transaction.atomic
def report(*, order: str, seen: Seen | None, by: Actor, now: datetime) -> None:
    """
    Report what is on the switch after the work: the entry as the terminal shows it, or nothing.

    What is not as ordered is switched off and raised at once, without waiting for a second person.

    :raises CannotWork: before it is due, or by somebody else than who accepted it
    """
    row = _held(order, by=by, now=now)
    if row.accepted_by != by.ref:
        raise CannotWork("Accept it first: one named technician does it.")
    tap = _tap(row)
    if row.what == "off" and tap.state in ON:
        raise CannotWork("This end is not due yet. The order to make it comes a little before the cut.")
    key = sealed.key_of(tap.target.surveillance.matter)
    kept = sealed.close(key, f"switch order {row.pk}", seen.as_data() if seen else None)
    _turn(row, WorkOrderState.REPORTED, reported_at=now, reported_by=by.ref, reported=kept)
    _record("surveillance.work_reported", row, by=by, now=now)
    if not _agrees(row, tap, seen):
        _different(row, tap, by=by, now=now)


@transaction.atomic
def confirm(*, order: str, seen: Seen | None, by: Actor, now: datetime) -> None:
    """
    Confirm what another technician reported, after looking at the switch oneself.

    :raises CannotWork: for whoever did it, or before it is reported
    """
    row = _held(order, by=by, now=now)
    if row.state != WorkOrderState.REPORTED:
        raise CannotWork("It is not reported yet, or it is over.")
    if row.reported_by == by.ref:
        raise CannotWork("You did it: another technician looks and confirms.")
    tap = _tap(row)
    if not _agrees(row, tap, seen):
        _different(row, tap, by=by, now=now)
        return
    _turn(row, WorkOrderState.CONFIRMED, confirmed_at=now, confirmed_by=by.ref, ended_at=now)
    _record("surveillance.work_confirmed", row, by=by, now=now)
    if row.what == "on" and tap.state in ON and row.generation == tap.generation:
        carrying.seen_on(tap, how="technician", by=by, now=now)
    if row.what == "off" and tap.state == TapState.STOPPING:
        carrying.seen_off([tap], how="technician", by=by, now=now)
        deadlines.disarm(tapping.SWITCH_OFF, subject=tap.pk, now=now)
    if row.what == "check":
        differing.agree(str(tap.task), ("missing", "altered"), by=by, now=now)
    else:
        again = now + policy.at(now).surveillance.recheck.elapsed
        deadlines.arm(RECHECK, subject=tap.pk, due_at=again, matter=_matter(tap), now=now)


@transaction.atomic
def recheck(*, tap: str, by: Actor, now: datetime) -> datetime | None:
    """Ask a technician to look at a switch again, some time after work on it."""
    row = (
        Tap.objects.select_for_update(of=("self",))
        .select_related("target__surveillance")
        .filter(pk=tap)
        .first()
    )
    if row is not None and row.state in {TapState.ACTIVE, TapState.ENDED}:
        _order(row, "check", due_at=now, by=by, now=now)
    return None


@transaction.atomic
def unaccepted(*, tap: str, by: Actor, now: datetime) -> datetime | None:
    """
    Raise an end by hand that no technician has accepted in time, and return when again, until one has.

    The deadline is the fact that the on-call ladder climbs from (C4).
    """
    row = (
        Tap.objects.select_for_update(of=("self",))
        .select_related("target__surveillance")
        .filter(pk=tap)
        .first()
    )
    if row is None or row.state == TapState.ENDED:
        return None
    if SwitchOrder.objects.filter(tap=row, what="off", state__in=STILL_OPEN[1:]).exists():
        return None
    home = row.target.surveillance
    telling.tell_desk(
        home.reference, "no technician has accepted to make its cut", f"The cut is at {row.cut_at:%Y-%m-%d %H:%M} UTC.",
        matter=home.matter, by=by, now=now,
    )  # fmt: skip
    audit.record(
        "surveillance.end_unaccepted",
        by=by,
        at=now,
        matter=home.matter,
        surveillance=home.pk,
        tap=row.pk,
        cut=row.cut_at,
    )
    return now + REPEAT


def _overdue(row: Tap, *, by: Actor, now: datetime) -> None:
    """Come back at the authorised end, and from then on: what nobody has made by then is an overrun (I1)."""
    if row.until_at <= now:
        differing.open_one(row.switch, str(row.task), "overrun", tap=row, since=row.until_at, by=by, now=now)
    due_at = row.until_at if row.until_at > now else now + REPEAT
    deadlines.arm(tapping.SWITCH_OFF, subject=row.pk, due_at=due_at, matter=_matter(row), now=now)


def _order(row: Tap, what: str, *, due_at: datetime, by: Actor, now: datetime) -> None:
    """Open a work order for what is desired now, in place of one for what was."""
    generation = row.generation + 1 if what == "off" and row.state in ON else row.generation
    known = SwitchOrder.objects.filter(tap=row, what=what, state__in=STILL_OPEN).first()
    if known is not None and known.generation == generation and known.due_at == due_at:
        return
    if known is not None and what == "off" and row.state not in ON:
        # Whoever accepted the end makes it: it is due now.
        SwitchOrder.objects.filter(pk=known.pk).update(generation=generation, due_at=due_at)
        return
    _void(row, (what,), now=now)
    made = SwitchOrder(
        id=ids.unguessable(),
        tap=row,
        switch=row.switch,
        what=what,
        generation=generation,
        due_at=due_at,
        opened_at=now,
    )
    made.save(force_insert=True)
    _record("surveillance.work_opened", made, by=by, now=now)


def _void(row: Tap, whats: Sequence[str], *, now: datetime) -> None:
    rows = SwitchOrder.objects.filter(tap=row, what__in=whats, state__in=STILL_OPEN)
    rows.update(state=WorkOrderState.VOID, ended_at=now)


def _held(order: str, *, by: Actor, now: datetime) -> SwitchOrder:
    require(by, "switch.work", now=now)
    accounts.stand(by=by, now=now)
    rows = SwitchOrder.objects.select_for_update(of=("self",)).select_related("tap__target__surveillance")
    row = rows.filter(pk=order).first()
    if row is None or by.agency:
        raise NotYours
    return row


def _tap(row: SwitchOrder) -> Tap:
    rows = Tap.objects.select_for_update(of=("self",)).select_related("target__surveillance", "authority")
    return rows.get(pk=row.tap_id)


def _turn(row: SwitchOrder, to: WorkOrderState, **columns: object) -> None:
    was = WorkOrderState(row.state)
    if to not in WORK_ORDER_NEXT[was] or not SwitchOrder.objects.filter(pk=row.pk, state=was).update(
        state=to, **columns
    ):
        raise CannotWork(f"This work order is {was.lower()} already.")
    row.refresh_from_db()


def _agrees(row: SwitchOrder, tap: Tap, seen: Seen | None) -> bool:
    """Hold what was seen against what was ordered; a check is held against what is desired now."""
    if row.what == "off" or (row.what == "check" and tap.state in OFF):
        return seen is None
    return as_ordered(carrying.task_of(tap), seen) is Verdict.SAME


def _different(row: SwitchOrder, tap: Tap, *, by: Actor, now: datetime) -> None:
    _turn(row, WorkOrderState.DIFFERENT, ended_at=now)
    _record("surveillance.work_differs", row, by=by, now=now)
    differing.open_one(row.switch, str(tap.task), "altered", tap=tap, since=now, by=by, now=now)
    if tap.state in ON:
        tapping.stop([tap], why="read_back", by=by, now=now)
    else:
        deadlines.arm(tapping.SWITCH_OFF, subject=tap.pk, due_at=now, matter=_matter(tap), now=now)


def _matter(row: Tap) -> str:
    return row.target.surveillance.matter


def _record(event: str, row: SwitchOrder, *, by: Actor, now: datetime) -> None:
    home = row.tap.target.surveillance
    audit.record(
        event,
        by=by,
        at=now,
        matter=home.matter,
        surveillance=home.pk,
        tap=row.tap_id,
        order=row.pk,
        what=row.what,
    )
