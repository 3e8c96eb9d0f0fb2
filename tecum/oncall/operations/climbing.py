"""Beginning an escalation, and its steps: each a row in the due-table that fires by itself (C5, control 1)."""

import json
from dataclasses import asdict
from datetime import datetime

from django.db import IntegrityError, transaction

from tecum.audit import operations as audit
from tecum.deadlines import operations as deadlines
from tecum.kernel import ids
from tecum.kernel.actors import Actor
from tecum.oncall.models import Escalation, EscalationEntry
from tecum.oncall.operations import paging
from tecum.oncall.rules import ladder as ladders
from tecum.oncall.rules.views import Caller, EscalationView
from tecum.oncall.states import EntryKind, EscalationState
from tecum.policy import queries as policy
from tecum.secrecy import operations as secrecy

STEP = "oncall.step"
KEPT_AS = "cases"


@transaction.atomic
def begin(
    *,
    about: str,
    cause: str,
    by: Actor,
    now: datetime,
    matter: str = "",
    ladder: str = "",
    received_at: datetime | None = None,
    caller: Caller | None = None,
    told: tuple[EntryKind, ...] = (),
    instead_of: str = "",
    once: bool = False,
    drill: bool = False,
    signal: bool = False,
) -> EscalationView:
    """
    Begin to climb a ladder about one thing; while one about the same thing is open, that one goes on and is returned.

    `about` is an opaque text ("case:…", "surveillance:…"); `matter` the matter whose key seals the caller and the links,
    left out, one is opened; `ladder` a ladder of the guide, left out, the one of its emergencies. Steps are counted from
    `received_at`, left out, from now. `told` is what the caller says was tried already (R-088). `instead_of` names what
    an open one was about that from now on is about this: a message that became a case. `once` returns one that is over,
    too: what is handed over twice rings once. `signal`: the house itself raises it and nobody waits on the telephone; it is
    over, too, when what it tells of is (`stand_down`).
    """
    known = _open(about) or (_open(instead_of) if instead_of else None)
    if known is None and once:
        known = Escalation.objects.filter(about=about).first()
    if known is not None:
        if known.about != about:
            known.turn(about=about)
        return _again(known, cause, by=by, now=now)
    guide = policy.at(now)
    received = received_at or now
    plan = ladders.plan(guide, ladder, received=received)
    row = Escalation(
        id=ids.unguessable(), reference=ids.reference("ES"), about=about, cause=cause, drill=drill, signal=signal, plan=plan.json(),
        matter=matter or secrecy.open_matter(kind=KEPT_AS, by=by, now=now), guide_version=guide.version,
        received_at=received, begun_at=now, begun_by=by.ref, next_at=plan.due(0, received=received, fired=now),
    )  # fmt: skip
    if caller is not None:
        said = json.dumps(asdict(caller)).encode()
        row.caller = secrecy.seal_bytes(said, matter=row.matter, about=f"escalation {row.pk}")
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # somebody began about the same thing at the same moment
        known = _open(about)
        if known is None:
            raise
        return _again(known, cause, by=by, now=now)
    deadlines.arm(STEP, subject=row.pk, matter=row.matter, due_at=row.next_at or now, now=now)
    row.say(EntryKind.BEGUN, at=now, by=by.ref, code=cause)
    for each in told:
        row.say(each, at=now, by=by.ref)
    audit.record(
        "oncall.begun", by=by, at=now, matter=row.matter, escalation=row.pk, about=about, cause=cause,
        ladder=plan.ladder, steps=len(plan.rungs), drill=drill,
    )  # fmt: skip
    return row.view()


@transaction.atomic
def climb(*, escalation: str, by: Actor, now: datetime) -> datetime | None:
    """
    Fire the step that is due, and return when the next one is; None when the escalation is over.

    A step that finds nobody it can page gives its time to the next: nobody waits for a gap in a roster.
    """
    row = Escalation.objects.select_for_update().filter(pk=escalation).first()
    if row is None or row.state == EscalationState.ENDED:
        return None
    plan = row.steps
    rung, repeat = plan.at(row.position)
    row.say(EntryKind.STEP, at=now, by=by.ref, step=rung.number, round=repeat, code=rung.by)
    pages = paging.fire(row, rung, repeat, by=by, now=now)
    if not pages:
        row.say(EntryKind.NOBODY, at=now, by=by.ref, step=rung.number, round=repeat)
    position = row.position + 1
    due = plan.due(position, received=row.received_at, fired=now)
    if not pages and position < len(plan.rungs):
        due = min(due, now)
    row.turn(position=position, fired_at=now, next_at=due)
    audit.record(
        "oncall.step_fired", by=by, at=now, matter=row.matter, escalation=row.pk, step=rung.number, repeat=repeat,
        pages=pages,
    )  # fmt: skip
    return due


@transaction.atomic
def page_failed(*, notice: str, by: Actor, now: datetime) -> None:
    """
    Write down that a page could not be delivered; when none of its step can be, the next step does not wait.

    What is said of an escalation that is over, or of a notice that is no page, changes nothing.
    """
    page = EscalationEntry.objects.filter(notice=notice, kind=EntryKind.PAGED).first()
    row = Escalation.objects.select_for_update().filter(pk=page.escalation_id).first() if page else None
    lost = EscalationEntry.objects.filter(notice=notice, kind=EntryKind.UNDELIVERED)
    if page is None or row is None or row.state == EscalationState.ENDED or lost.exists():
        return
    row.say(
        EntryKind.UNDELIVERED, at=now, by=by.ref, step=page.step, round=page.round, who=page.who, way=page.way, notice=notice
    )  # fmt: skip
    of_step = row.entries.filter(step=page.step, round=page.round)
    sent = of_step.filter(kind=EntryKind.PAGED).count()
    dead = of_step.filter(kind=EntryKind.UNDELIVERED).exclude(notice="").count()
    audit.record(
        "oncall.page_failed", by=by, at=now, matter=row.matter, escalation=row.pk, step=page.step, notice=notice,
        left=sent - dead,
    )  # fmt: skip
    rung, repeat = row.steps.at(max(row.position - 1, 0))
    latest = (rung.number, repeat) == (page.step, page.round)
    if dead >= sent and latest and row.position < len(row.steps.rungs) and row.next_at and row.next_at > now:
        row.turn(next_at=now)
        deadlines.arm(STEP, subject=row.pk, matter=row.matter, due_at=now, now=now)


def _open(about: str) -> Escalation | None:
    return Escalation.objects.select_for_update().filter(about=about, ended_at=None).first()


def _again(row: Escalation, cause: str, *, by: Actor, now: datetime) -> EscalationView:
    row.say(EntryKind.AGAIN, at=now, by=by.ref, code=cause)
    audit.record("oncall.came_again", by=by, at=now, matter=row.matter, escalation=row.pk, cause=cause)
    return row.view()
