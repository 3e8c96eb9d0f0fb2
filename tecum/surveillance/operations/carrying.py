"""
Carrying what is desired to the switches: read what to say, say it outside every transaction, write down what they show.

Whoever dies in between is followed by the next look: a deadline that was claimed comes back with its lease, what is written
is written whole, and what is taken off twice is off once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet

from tecum.audit import operations as audit
from tecum.deadlines import operations as deadlines
from tecum.deadlines.operations import Claim
from tecum.kernel.actors import Actor
from tecum.policy import queries as policy
from tecum.surveillance import recording
from tecum.surveillance.drivers import choice, failpoints
from tecum.surveillance.drivers.port import Port, SwitchRejects, SwitchSilent
from tecum.surveillance.models import Tap, TapTarget, TapTurn
from tecum.surveillance.operations import charging, differing, noticing, tapping
from tecum.surveillance.operations.rows import said_of
from tecum.surveillance.operations.tapping import SWITCH_OFF, SWITCH_ON
from tecum.surveillance.queries import resuming
from tecum.surveillance.rules import ordered as lines
from tecum.surveillance.rules.tasks import Task, Verdict, judge
from tecum.surveillance.states import OFF, ON, TapState

HOUSE = Actor.system("surveillance")  # what follows from a fact is nobody's own act
ORDER_SETTLE = "order.settle"  # the receipt of the order follows what a switch shows
AGAIN = timedelta(seconds=10)  # so soon a switch that did not answer is asked again


@dataclass(frozen=True, slots=True)
class Command:
    """
    What one switch is to be told about one tap: `wanted` is the complete object, None to take it off.

    An end needs nothing that is sealed: it leaves whatever became of the key of its matter.
    """

    tap: str
    switch: str
    task: str
    generation: int
    wanted: Task | None

    @property
    def on(self) -> bool:
        """Tell whether the switch is to do something, not to end it."""
        return self.wanted is not None


@dataclass(frozen=True, slots=True)
class Shown:
    """What came of a command: what the switch shows now, or why that is not known."""

    command: Command
    task: Task | None = None
    fault: str = ""


@transaction.atomic
def commands(*, taps: Sequence[str], on: bool, by: Actor, now: datetime) -> list[Command]:
    """
    Return what is to be told to switches that a driver reaches, and write down that it leaves now.

    Nothing is switched on whose end has come; what is no longer desired so is left out.
    """
    guide = policy.at(now)
    rows = (
        Tap.objects.select_for_update(of=("self",))
        .select_related("target__surveillance", "authority")
        .filter(pk__in=taps)
    )
    rows = rows.filter(state__in=ON, fires_at__gt=now) if on else rows.filter(state__in=OFF)
    wanted = resuming.startable(rows.order_by("pk")) if on else list(rows.order_by("pk"))
    found = [
        Command(row.pk, row.switch, str(row.task), row.generation, task_of(row) if on else None)
        for row in wanted
        if choice.port(guide.switch(row.switch)) is not None
    ]
    told = [each.tap for each in found]
    _turns(told).filter(tap__commanded_at=None).update(commanded_at=now)
    Tap.objects.filter(pk__in=told, commanded_at=None).update(commanded_at=now)
    transaction.on_commit(lambda: failpoints.reach("claimed_on" if on else "claimed_off"))
    return found


def _turns(taps: Sequence[str]) -> "QuerySet[TapTurn]":
    """Return of each tap the generation that is desired now."""
    return TapTurn.objects.filter(tap__in=taps, generation=F("tap__generation"))


def task_of(row: Tap) -> Task:
    """Return the complete object of a tap, as it is desired now."""
    said = said_of(row.target)
    return Task(
        task=str(row.task), generation=row.generation, number=said.number, imei=said.imei, imsi=said.imsi,
        service=row.service, types=lines.read(row.types), delivery=said.delivery, ends_at=row.cut_at,
    )  # fmt: skip


def carry_all(told: Sequence[Command], port: Port) -> list[Shown]:
    """Tell one switch everything; once it is silent, the rest waits for the next time."""
    found: list[Shown] = []
    for each in told:
        silent = bool(found) and found[-1].fault == "silent"
        found.append(Shown(each, fault="silent") if silent else carry(each, port))
    return found


def carry(command: Command, port: Port) -> Shown:
    """Tell a switch, and read back what it holds. Touches no table: it may take its time."""
    try:
        if command.wanted is not None:
            port.write(command.wanted)
            failpoints.reach("written")
        else:
            port.remove(command.task)
            failpoints.reach("removed")
        return Shown(command, port.read(command.task))
    except SwitchRejects:
        return Shown(command, fault="rejected")
    except SwitchSilent:
        return Shown(command, fault="silent")


@transaction.atomic
def settle(*, shown: Sequence[Shown], claims: Sequence[Claim], by: Actor, now: datetime) -> None:
    """Write down what switches show after what they were told; what is not as desired is told again, or raised."""
    told = {each.command.tap: each for each in shown}
    rows = Tap.objects.select_for_update(of=("self",)).select_related("target__surveillance", "authority")
    found = list(rows.filter(pk__in=told).order_by("pk"))
    deadlines.complete_many(claims, now=now)
    for row in found:
        each = told[row.pk]
        if row.generation != each.command.generation:
            _desire_again(row, now=now)  # ours may have landed after what was desired later
        elif each.command.wanted is not None:
            _settle_on(row, each, each.command.wanted, by=by, now=now)
    _settle_off([(row, told[row.pk]) for row in found if not told[row.pk].command.on], by=by, now=now)
    failpoints.reach("before_settled")
    transaction.on_commit(lambda: failpoints.reach("settled"))


def _settle_on(row: Tap, shown: Shown, wanted: Task, *, by: Actor, now: datetime) -> None:
    if row.state not in ON:
        return
    if shown.fault:
        if shown.fault == "rejected":
            if row.on_at is None:  # what counts is the first command that a switch did not reject (C3)
                Tap.objects.filter(pk=row.pk).update(commanded_at=None)
            differing.open_one(row.switch, str(row.task), "missing", tap=row, since=now, by=by, now=now)
        deadlines.arm(
            SWITCH_ON, subject=row.pk, due_at=now + AGAIN, matter=row.target.surveillance.matter, now=now
        )
        return
    verdict = judge(wanted, shown.task)
    if verdict is Verdict.SAME:
        seen_on(row, how="read_back", by=by, now=now)
        return
    differing.open_one(
        row.switch, str(row.task), "missing" if verdict is Verdict.GONE else "altered", tap=row, since=now,
        shown=shown.task, by=by, now=now,
    )  # fmt: skip
    if verdict is Verdict.GONE:
        deadlines.arm(
            SWITCH_ON, subject=row.pk, due_at=now + AGAIN, matter=row.target.surveillance.matter, now=now
        )
        return
    # What was ordered is not what is there: off, and a person looks.
    tapping.stop([row], why="read_back", by=by, now=now)


def seen_on(row: Tap, *, how: str, by: Actor, now: datetime) -> None:
    """Write down that the switch shows a tap as it is desired; the first time it counts as the start (C3)."""
    home = row.target.surveillance
    first = row.commanded_at or now
    row.state, row.on_at = TapState.ACTIVE, row.on_at or first
    Tap.objects.filter(pk=row.pk).update(state=row.state, on_at=row.on_at)
    TapTurn.objects.filter(tap=row, generation=row.generation).update(confirmed_at=now, how=how)
    TapTarget.objects.filter(pk=row.target_id, first_on_at=None).update(first_on_at=first)
    differing.agree(str(row.task), ("missing", "altered"), by=by, now=now)
    audit.record(
        "surveillance.on_seen", by=by, at=now, matter=home.matter, surveillance=home.pk, tap=row.pk,
        generation=row.generation, how=how,
    )  # fmt: skip
    charging.started(row, at=first, by=HOUSE, now=now)
    recording.follows({home.pk: home.matter}, now=now)
    # its receipt says when it was implemented
    deadlines.arm(ORDER_SETTLE, subject=home.pk, due_at=now, matter=home.matter, now=now)


def _settle_off(found: Sequence[tuple[Tap, Shown]], *, by: Actor, now: datetime) -> None:
    off = [row for row, shown in found if not shown.fault and shown.task is None and row.state in OFF]
    still = [row for row, shown in found if (shown.fault or shown.task is not None) and row.state in OFF]
    seen_off(off, how="read_back", by=by, now=now)
    matters = {row.pk: row.target.surveillance.matter for row in still}
    deadlines.arm_many(SWITCH_OFF, matters=matters, due_at=now + AGAIN, now=now)
    differing.open_many(differing.overruns(row for row in still if row.until_at <= now), by=by, now=now)


def seen_off(rows: Sequence[Tap], *, how: str, by: Actor, now: datetime) -> None:
    """Write down that switches show taps no more; one seen later than its authorised end is an overrun (I1)."""
    stopping = [row for row in rows if row.state == TapState.STOPPING]
    Tap.objects.filter(pk__in=[row.pk for row in stopping]).update(state=TapState.ENDED, off_at=now)
    _turns([row.pk for row in stopping]).update(confirmed_at=now, how=how)
    entries = [
        (
            row.target.surveillance.matter,
            {
                "surveillance": row.target.surveillance_id, "tap": row.pk, "generation": row.generation, "how": how,
                "late": now > row.until_at,
            },
        )
        for row in stopping
    ]  # fmt: skip
    audit.record_many("surveillance.off_seen", entries, by=by, at=now)
    differing.open_many(differing.overruns(row for row in stopping if now > row.until_at), by=by, now=now)
    for row in stopping:
        charging.ended(row, at=now, by=HOUSE, now=now)
    noticing.ended(stopping, at=now, by=HOUSE, now=now)
    homes = [row.target.surveillance for row in stopping]
    recording.follows({home.pk: home.matter for home in homes}, now=now)
    differing.seen_gone([row.pk for row in rows if row.state == TapState.ENDED], by=by, now=now)
    # What was switched off because it was something else stays raised until a person has looked.
    differing.agree_many([str(row.task) for row in rows], ("missing",), by=by, now=now)
    failpoints.reach("before_ended")


def _desire_again(row: Tap, *, now: datetime) -> None:
    """Let what is desired now be told once more."""
    kind = SWITCH_ON if row.state in ON else SWITCH_OFF
    deadlines.arm(
        kind,
        subject=row.pk,
        due_at=max(now, row.starts_at) if row.state in ON else now,
        matter=row.target.surveillance.matter,
        now=now,
    )
