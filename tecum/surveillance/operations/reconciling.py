"""Holding each switch's own full list against what is desired: off before on, never more, and the unknown is raised (control 2)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from tecum.deadlines import operations as deadlines
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused
from tecum.surveillance.drivers.port import Port, SwitchSilent
from tecum.surveillance.models import Mismatch, SwitchReading, Tap
from tecum.surveillance.operations import differing, tapping
from tecum.surveillance.operations.carrying import task_of
from tecum.surveillance.operations.deciding import NotAffirmed
from tecum.surveillance.operations.rows import in_force, locked
from tecum.surveillance.operations.tapping import SWITCH_OFF, SWITCH_ON
from tecum.surveillance.queries import resuming
from tecum.surveillance.rules.tasks import Task, Verdict, judge
from tecum.surveillance.states import ON, MismatchState, TapState

STUCK = timedelta(seconds=30)  # so long a command may be on its way before it is told again
SILENT = "-"  # stands for all tasks of a switch that does not answer


class CannotPutBack(Refused):
    """Something that is not missing, or whose authority has ended."""


def listing(port: Port) -> tuple[Task, ...] | None:
    """Return what a switch lists, or nothing while it does not answer. Touches no table: it may take its time."""
    try:
        return port.listing()
    except SwitchSilent:
        return None


@transaction.atomic
def compare(*, switch: str, shown: Sequence[Task] | None, read_at: datetime, by: Actor, now: datetime) -> int:
    """
    Hold a listing that was read at an instant against what is desired, act on what differs, and return how much did.

    What was commanded after the listing was read is left for the next one.
    """
    reading, _ = SwitchReading.objects.select_for_update().get_or_create(switch=switch)
    if shown is None:
        return _silent(reading, by=by, now=now)
    if reading.read_at and read_at < reading.read_at:
        return 0  # another look was later
    reading.read_at, reading.tasks, reading.silent_since, reading.fault = read_at, len(shown), None, ""
    reading.save()
    differing.agree(f"{SILENT}{switch}", ("silent",), by=by, now=now)
    taps = _taps(switch, shown)
    there = {each.task: each for each in shown}
    # Off before on: what must not be there goes first.
    rows = sorted(taps.values(), key=lambda row: (row.state in ON, row.pk))
    count = sum(_unknown(switch, task, by=by, now=now) for task in there.keys() - taps.keys())
    for row in rows:
        if not _on_its_way(row, read_at):
            task = there.get(str(row.task))
            count += (
                _is_on(row, task, by=by, now=now) if row.state in ON else _is_off(row, task, by=by, now=now)
            )
    return count + _gone_unknown(switch, there, by=by, now=now)


@transaction.atomic
def put_back(*, mismatch: str, affirmed_as: str, by: Actor, now: datetime) -> None:
    """
    Put back on a switch what two people approved and the switch lost; a named employee affirms it again (47 CFR 1.20003).

    :raises CannotPutBack: when it is not missing, or less than desired
    :raises NoAuthority: once the authority has ended
    :raises NotAffirmed: without the employee's own name
    """
    found = Mismatch.objects.filter(pk=mismatch).values_list("tap__target__surveillance", flat=True).first()
    row = locked(found or "", by=by, now=now, permission="surveillance.activate")
    in_force(row, now=now)
    tap = (
        Tap.objects.select_for_update(of=("self",))
        .select_related("target__surveillance")
        .get(mismatches=mismatch)
    )
    still = Mismatch.objects.filter(
        pk=mismatch, state=MismatchState.OPEN, kind__in=("missing", "altered")
    ).exists()
    if not still or tap.state not in ON or tap.fires_at <= now:
        raise CannotPutBack("There is nothing to put back: it is off, or there as it should be.")
    if " ".join(affirmed_as.split()).casefold() != " ".join(by.name.split()).casefold():
        raise NotAffirmed(
            "Type your own name: an activation is affirmed by a named employee (47 CFR 1.20003)."
        )
    if not resuming.startable([tap]):
        raise CannotPutBack(
            "This installation was put back from a copy: two people resume this surveillance before anything of it starts."
        )
    tapping.put_back(tap, by=by, now=now)


def _silent(reading: SwitchReading, *, by: Actor, now: datetime) -> int:
    if reading.silent_since is None:
        reading.silent_since, reading.fault = now, "silent"
        reading.save()
    task = f"{SILENT}{reading.switch}"
    differing.open_one(reading.switch, task, "silent", since=reading.silent_since, by=by, now=now)
    late = Tap.objects.select_related("target__surveillance").filter(
        switch=reading.switch, state=TapState.STOPPING, until_at__lte=now
    )
    differing.open_many(differing.overruns(late), by=by, now=now)
    return 1


def _taps(switch: str, shown: Sequence[Task]) -> dict[str, Tap]:
    """Return ours that are desired on, or on their way off, or listed though they are off; by task."""
    rows = Tap.objects.select_for_update(of=("self",)).select_related("target__surveillance", "authority")
    mine = rows.filter(switch=switch).exclude(state=TapState.ENDED) | rows.filter(
        switch=switch, task__in=[each.task for each in shown if _is_uuid(each.task)]
    )
    return {str(row.task): row for row in mine.order_by("pk")}


def _on_its_way(row: Tap, read_at: datetime) -> bool:
    """Tell whether a command for it left, or was desired, so shortly before the listing that this says nothing yet."""
    if row.turned_at >= read_at or (row.commanded_at is not None and row.commanded_at >= read_at):
        return True
    moving = row.state in {TapState.STARTING, TapState.STOPPING}
    return moving and (row.commanded_at is None or read_at - row.commanded_at < STUCK)


def _is_on(row: Tap, task: Task | None, *, by: Actor, now: datetime) -> int:
    desired = task_of(row)
    verdict = judge(desired, task)
    if verdict is Verdict.SAME:
        differing.agree(str(row.task), ("missing", "altered"), by=by, now=now)
        return 0
    if row.state == TapState.STARTING and verdict in {Verdict.GONE, Verdict.LATER}:
        deadlines.arm(
            SWITCH_ON,
            subject=row.pk,
            due_at=max(now, row.starts_at),
            matter=row.target.surveillance.matter,
            now=now,
        )
        return 0
    if verdict is Verdict.LATER:
        deadlines.arm(SWITCH_ON, subject=row.pk, due_at=now, matter=row.target.surveillance.matter, now=now)
    kind = "missing" if verdict is Verdict.GONE else "altered"
    differing.open_one(row.switch, str(row.task), kind, tap=row, since=now, shown=task, by=by, now=now)
    if verdict is Verdict.OTHER:
        tapping.stop([row], why="drift", by=by, now=now)
    return 1


def _is_off(row: Tap, task: Task | None, *, by: Actor, now: datetime) -> int:
    if task is None:
        if row.state == TapState.STOPPING:
            deadlines.arm(
                SWITCH_OFF, subject=row.pk, due_at=now, matter=row.target.surveillance.matter, now=now
            )  # read back by its own command
        return 0
    deadlines.arm(SWITCH_OFF, subject=row.pk, due_at=now, matter=row.target.surveillance.matter, now=now)
    if row.state == TapState.ENDED:
        differing.open_one(
            row.switch, str(row.task), "returned", tap=row, since=now, shown=task, by=by, now=now
        )
    elif row.until_at <= now:
        differing.open_one(
            row.switch, str(row.task), "overrun", tap=row, since=row.until_at, shown=task, by=by, now=now
        )
    return 1


def _unknown(switch: str, task: str, *, by: Actor, now: datetime) -> int:
    differing.open_one(switch, task, "unknown", since=now, by=by, now=now)
    return 1


def _gone_unknown(switch: str, there: dict[str, Task], *, by: Actor, now: datetime) -> int:
    """Say of a surveillance that nobody knew and that is gone that it was last seen earlier; a person settles it."""
    rows = Mismatch.objects.filter(switch=switch, kind="unknown", state=MismatchState.OPEN)
    return rows.exclude(task__in=list(there)).count()


def _is_uuid(text: str) -> bool:
    return len(text.replace("-", "")) == 32 and all(c in "0123456789abcdefABCDEF-" for c in text)
