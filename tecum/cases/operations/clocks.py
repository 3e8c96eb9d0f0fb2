"""The clocks of a case: started, paused while the agency must mend something, ended; and what happens when one runs out."""

from datetime import datetime

from django.db import transaction

from tecum.accounts import queries as accounts
from tecum.audit import operations as audit
from tecum.cases import messages
from tecum.cases.models import CaseClock, LegalCase
from tecum.cases.operations.opening import locked
from tecum.cases.states import CLOCK_NEXT, CaseKind, CaseState, ClockState
from tecum.deadlines import operations as deadlines
from tecum.guide.calculators import calendars
from tecum.guide.model.demands import MOST_REMINDERS
from tecum.guide.model.guide import Guide, NotInGuide
from tecum.kernel import ids, words
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused
from tecum.notices import operations as notices
from tecum.policy import queries as policy
from tecum.secrecy import queries as secrecy

RUNS_OUT, NEAR = "case.clock", "case.clock_near"


class NoSuchClock(Refused):
    """A clock that does not run, or is not paused."""


@transaction.atomic
def start_clock(
    *,
    case: str,
    kind: str,
    started_at: datetime,
    due_at: datetime | None,
    by: Actor,
    now: datetime,
    rule: str = "",
) -> str:
    """
    Start a clock of a case, or move the end of one that runs, and return its id.

    `due_at` is the instant at which it runs out, as the guide's calculators gave it; none where no end is promised.
    """
    row = locked(case, by=by, now=now)
    clock = CaseClock.objects.filter(case=row, kind=kind).exclude(state=ClockState.ENDED).first()
    if clock is not None and _same(clock, started_at, due_at, rule):
        return clock.pk
    if clock is None:
        clock = CaseClock(id=ids.unguessable(), case=row, kind=kind, guide_version=policy.at(now).version)
    clock.state, clock.started_at, clock.due_at, clock.rule = ClockState.RUNNING, started_at, due_at, rule
    clock.paused_at = clock.paused_for = clock.over_at = None
    clock.save()
    _arm(clock, now=now)
    _nearest(row)
    audit.record(
        "case.clock_started",
        by=by,
        at=now,
        matter=row.matter,
        case=row.pk,
        clock=kind,
        due=due_at,
        rule=rule or None,
    )
    return clock.pk


@transaction.atomic
def pause_clock(*, case: str, kind: str, by: Actor, now: datetime) -> bool:
    """Let a clock stand still; tell whether it ran. What was left of it is kept."""
    row = locked(case, by=by, now=now)
    clock = CaseClock.objects.filter(case=row, kind=kind, state=ClockState.RUNNING).first()
    if clock is None or ClockState.PAUSED not in CLOCK_NEXT[ClockState.RUNNING]:
        return False
    clock.paused_for = clock.due_at - now if clock.due_at else None
    clock.state, clock.paused_at, clock.due_at = ClockState.PAUSED, now, None
    clock.save()
    _disarm(clock, now=now)
    _nearest(row)
    audit.record("case.clock_paused", by=by, at=now, matter=row.matter, case=row.pk, clock=kind)
    return True


@transaction.atomic
def resume_clock(
    *,
    case: str,
    kind: str,
    by: Actor,
    now: datetime,
    started_at: datetime | None = None,
    due_at: datetime | None = None,
) -> bool:
    """
    Let a paused clock run on with what was left of it, or to a new end; tell whether it stood still.

    What was left is elapsed time. Whoever counts in the guide's own units gives the end, and from when it counts now.
    """
    row = locked(case, by=by, now=now)
    clock = CaseClock.objects.filter(case=row, kind=kind, state=ClockState.PAUSED).first()
    if clock is None:
        return False
    left = clock.paused_for
    clock.state, clock.paused_at, clock.paused_for = ClockState.RUNNING, None, None
    clock.due_at = due_at or (now + left if left is not None else None)
    clock.started_at, clock.over_at = started_at or clock.started_at, None
    clock.save()
    _arm(clock, now=now)
    _nearest(row)
    audit.record(
        "case.clock_resumed", by=by, at=now, matter=row.matter, case=row.pk, clock=kind, due=clock.due_at
    )
    return True


@transaction.atomic
def end_clock(*, case: str, kind: str, how: str, by: Actor, now: datetime) -> bool:
    """End a clock because what it waited for came, or no longer matters; tell whether there was one."""
    row = locked(case, by=by, now=now, writing=False)
    clock = CaseClock.objects.filter(case=row, kind=kind).exclude(state=ClockState.ENDED).first()
    if clock is None:
        return False
    clock.state, clock.ended_at, clock.ended_by, clock.how = ClockState.ENDED, now, by.ref, how
    clock.save()
    _disarm(clock, now=now)
    _nearest(row)
    audit.record("case.clock_ended", by=by, at=now, matter=row.matter, case=row.pk, clock=kind, how=how)
    return True


@transaction.atomic
def clock_rings(*, clock: str, by: Actor, now: datetime) -> None:
    """Tell the desk, by reference alone, that a clock of a case ran out. It goes on running: late is not over."""
    found = (
        CaseClock.objects.select_for_update().filter(pk=clock, state=ClockState.RUNNING, over_at=None).first()
    )
    if found is None or found.due_at is None or found.due_at > now or found.case.state != CaseState.OPEN:
        return
    row = found.case
    if row.state != CaseState.OPEN:
        return  # what is over is not late; opened again, the next end of the clock is armed anew
    found.over_at = now
    found.save(update_fields=["over_at"])
    audit.record("case.overdue", by=by, at=now, matter=row.matter, case=row.pk, clock=found.kind)
    _tell(row, messages.CASE_OVERDUE.name, {"case": row.reference}, by=by, now=now)


@transaction.atomic
def clock_near(*, reminder: str, by: Actor, now: datetime) -> bool:
    """Remind whoever works on a case that one of its clocks runs out soon, as the guide says; tell whether it did."""
    clock, _, _ = reminder.partition("/")
    found = CaseClock.objects.select_for_update().filter(pk=clock, state=ClockState.RUNNING).first()
    if found is None or found.due_at is None or found.due_at <= now or found.case.state != CaseState.OPEN:
        return False
    row, zone = found.case, policy.at(now).carrier.zone.tz
    audit.record(
        "case.reminded", by=by, at=now, matter=row.matter, case=row.pk, clock=found.kind, due=found.due_at
    )
    said = {"case": row.reference, "due": words.moment(found.due_at, zone)}
    _tell(row, messages.CASE_DUE_SOON.name, said, by=by, now=now)
    return True


def _same(clock: CaseClock, started_at: datetime, due_at: datetime | None, rule: str) -> bool:
    """Tell whether a clock runs exactly so already."""
    is_so = (clock.state, clock.started_at, clock.due_at, clock.rule)
    return is_so == (ClockState.RUNNING, started_at, due_at, rule)


def _tell(row: LegalCase, message: str, said: dict[str, str], *, by: Actor, now: datetime) -> None:
    """
    Write to whoever works on a case: its owner, else the desk.

    Of a sealed case nobody hears who is not on its list: without an owner, those of the carrier who stand on it.
    """
    guide = policy.at(now)
    try:
        box = guide.writes_from
    except NotInGuide:
        return  # this carrier writes no mail: what is due stands in the queue
    for address in _addresses(row, guide):
        notices.enqueue(message, to=address, context=said, mailbox=box, matter=row.matter, by=by, now=now)


def _addresses(row: LegalCase, guide: Guide) -> list[str]:
    if row.owner:
        return list(accounts.addresses({row.owner}).values())
    if secrecy.is_sealed(row.matter):
        staff = {ref for ref in secrecy.readers(row.matter) if not accounts.agency_of(ref)}
        return sorted(accounts.addresses(staff).values())
    desk = next((each for each in guide.desks if each.id == row.desk), None)
    return [desk.email] if desk is not None and desk.email else []


def _arm(clock: CaseClock, *, now: datetime) -> None:
    _disarm(clock, now=now)
    if clock.due_at is None:
        return
    deadlines.arm(RUNS_OUT, subject=clock.pk, due_at=clock.due_at, matter=clock.case.matter, now=now)
    guide = policy.at(now)
    reminders = guide.demands.reminders if clock.case.kind == CaseKind.DEMAND else ()
    for place, span in enumerate(reminders):
        at = calendars.later(guide, clock.due_at, span, back=True)
        if at > now:
            deadlines.arm(NEAR, subject=f"{clock.pk}/{place}", due_at=at, matter=clock.case.matter, now=now)


def _disarm(clock: CaseClock, *, now: datetime) -> None:
    deadlines.disarm(RUNS_OUT, subject=clock.pk, now=now)
    for place in range(MOST_REMINDERS):
        deadlines.disarm(NEAR, subject=f"{clock.pk}/{place}", now=now)


def _nearest(row: LegalCase) -> None:
    """Keep the nearest end beside the case, for the queue."""
    running = CaseClock.objects.filter(case=row, state=ClockState.RUNNING, due_at__isnull=False)
    nearest = running.order_by("due_at").first()
    LegalCase.objects.filter(pk=row.pk).update(
        due_at=nearest.due_at if nearest else None, due_clock=nearest.kind if nearest else ""
    )
