"""What starts, ends and differs, for the board, the page of switches and a technician's list: filtered for their viewer."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tecum.access.rules import require
from tecum.kernel.actors import Actor
from tecum.surveillance.models import Mismatch, SwitchOrder, SwitchReading, Tap, TapTurn
from tecum.surveillance.queries.reading import readable
from tecum.surveillance.states import ON, MismatchState, TapState, WorkOrderState

AHEAD = timedelta(hours=72)
OPEN_WORK = (WorkOrderState.OPEN, WorkOrderState.ACCEPTED, WorkOrderState.REPORTED)


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One start or cut of a surveillance on one switch: by reference, never by number."""

    at: datetime
    what: str  # start or cut
    surveillance: str
    reference: str
    case: str
    switch: str
    service: str
    until: datetime
    by_hand: bool
    accepted_by: str
    state: TapState
    held: bool
    seen_on: bool


@dataclass(frozen=True, slots=True)
class SwitchLine:
    """One switch as it was last read."""

    switch: str
    read_at: datetime | None
    tasks: int
    silent_since: datetime | None
    desired: int
    moving: int
    differences: int


@dataclass(frozen=True, slots=True)
class MismatchLine:
    """One difference, with its age."""

    id: str
    switch: str
    kind: str
    task: str
    surveillance: str
    reference: str
    since: datetime
    seen_at: datetime
    last_seen_at: datetime
    told: int
    may_be_put_back: bool


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One piece of a technician's work, without the number: that is on its own page."""

    id: str
    switch: str
    what: str
    state: WorkOrderState
    due_at: datetime
    accepted_by: str
    reported_by: str


@dataclass(frozen=True, slots=True)
class TurnLine:
    """One generation of a tap: desired, told, seen."""

    tap: str
    generation: int
    on: bool
    types: tuple[str, ...]
    at: datetime
    by: str
    why: str
    commanded_at: datetime | None
    confirmed_at: datetime | None
    how: str


def board(*, by: Actor, now: datetime, ahead: timedelta = AHEAD) -> tuple[BoardLine, ...]:
    """Return the starts and cuts that lie ahead, and every cut that is not seen yet, by instant."""
    rows = (
        Tap.objects.select_related("target__surveillance", "authority")
        .filter(target__surveillance__in=readable(by=by, now=now))
        .exclude(state=TapState.ENDED)
    )
    orders = dict(
        SwitchOrder.objects.filter(tap__in=rows, what="off", state__in=OPEN_WORK).values_list(
            "tap", "accepted_by"
        )
    )
    found = []
    for row in rows:
        if row.state == TapState.STARTING and row.on_at is None and row.starts_at <= now + ahead:
            found.append(_line(row, row.starts_at, "start", orders))
        if row.cut_at <= now + ahead:
            found.append(_line(row, row.cut_at, "cut", orders))
    return tuple(sorted(found, key=lambda line: (line.at, line.reference, line.switch)))


def switches(*, by: Actor, now: datetime) -> tuple[SwitchLine, ...]:
    """Return every switch that was read or that something is desired of. :raises NotYours: without the permission"""
    require(by, "surveillance.read", now=now)
    read = {row.switch: row for row in SwitchReading.objects.all()}
    desired: dict[str, int] = {}
    for name in Tap.objects.filter(state__in=ON).values_list("switch", flat=True):
        desired[name] = desired.get(name, 0) + 1
    moving: dict[str, int] = {}
    for name in Tap.objects.filter(state__in=[TapState.STARTING, TapState.STOPPING]).values_list(
        "switch", flat=True
    ):
        moving[name] = moving.get(name, 0) + 1
    differ: dict[str, int] = {}
    for name in Mismatch.objects.filter(state=MismatchState.OPEN).values_list("switch", flat=True):
        differ[name] = differ.get(name, 0) + 1
    return tuple(
        SwitchLine(
            name, read[name].read_at if name in read else None, read[name].tasks if name in read else 0,
            read[name].silent_since if name in read else None, desired.get(name, 0), moving.get(name, 0), differ.get(name, 0),
        )
        for name in sorted({*read, *desired, *moving, *differ})
    )  # fmt: skip


def differences(*, by: Actor, now: datetime) -> tuple[MismatchLine, ...]:
    """Return the open differences that somebody may know of, oldest first. :raises NotYours: without the permission"""
    require(by, "surveillance.read", now=now)
    may_know = set(readable(by=by, now=now).values_list("pk", flat=True))
    rows = Mismatch.objects.select_related("tap__target__surveillance").filter(state=MismatchState.OPEN)
    found = []
    for row in rows.order_by("since", "pk"):
        home = row.tap.target.surveillance if row.tap else None
        if home is not None and home.pk not in may_know:
            continue
        back = (
            row.tap is not None
            and row.kind in {"missing", "altered"}
            and row.tap.state in ON
            and row.tap.fires_at > now
        )
        found.append(
            MismatchLine(
                row.pk, row.switch, row.kind, row.task, home.pk if home else "", home.reference if home else "", row.since,
                row.seen_at, row.last_seen_at, row.told, back,
            )
        )  # fmt: skip
    return tuple(found)


def kind_of(mismatch: str) -> str:
    """Return what kind of difference one is, "" when it is none any more: for the clockwork."""
    row = Mismatch.objects.filter(pk=mismatch, state=MismatchState.OPEN).first()
    return row.kind if row else ""


def work(*, by: Actor, now: datetime) -> tuple[WorkLine, ...]:
    """Return the technicians' work that is open, by what is due. :raises NotYours: without the permission"""
    require(by, "switch.work", now=now)
    rows = SwitchOrder.objects.filter(state__in=OPEN_WORK).order_by("due_at", "pk")
    return tuple(
        WorkLine(
            row.pk,
            row.switch,
            row.what,
            WorkOrderState(row.state),
            row.due_at,
            row.accepted_by,
            row.reported_by,
        )
        for row in rows
    )


def turns(*, surveillance: str, by: Actor, now: datetime) -> tuple[TurnLine, ...]:
    """Return what was desired of each tap, told and seen, oldest first; nothing of what is not to be known of."""
    rows = TapTurn.objects.filter(
        tap__target__surveillance__in=readable(by=by, now=now).filter(pk=surveillance)
    )
    return tuple(
        TurnLine(
            row.tap_id, row.generation, row.on, tuple(row.types.split()), row.at, row.by, row.why, row.commanded_at,
            row.confirmed_at, row.how,
        )
        for row in rows.order_by("at", "pk")
    )  # fmt: skip


def _line(row: Tap, at: datetime, what: str, orders: dict[str, str]) -> BoardLine:
    home = row.target.surveillance
    return BoardLine(
        at, what, home.pk, home.reference, home.case_id, row.switch, row.service, row.until_at, row.pk in orders,
        orders.get(row.pk, ""), TapState(row.state), row.authority.held_until is not None, row.on_at is not None,
    )  # fmt: skip
