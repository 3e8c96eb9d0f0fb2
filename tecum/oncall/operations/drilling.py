"""Drills: the whole ladder for nobody's emergency, once a month, with a report of how long each step took."""

from datetime import datetime

from django.db import transaction

from tecum.access.rules import require
from tecum.audit import operations as audit
from tecum.deadlines import operations as deadlines
from tecum.kernel.actors import Actor
from tecum.kernel.ids import unguessable
from tecum.kernel.refusals import NotYours
from tecum.oncall.models import Escalation
from tecum.oncall.operations.climbing import STEP, begin
from tecum.oncall.rules.views import EscalationView
from tecum.oncall.states import EntryKind, EscalationState


@transaction.atomic
def start_drill(*, by: Actor, now: datetime, ladder: str = "") -> EscalationView:
    """Begin a drill: it pages as an emergency does, says that it is none, and ends like one, or by `end_drill`."""
    require(by, "oncall.roster", now=now)
    row = begin(about=f"drill:{unguessable()}", cause="drill", ladder=ladder, drill=True, by=by, now=now)
    audit.record("oncall.drill_begun", by=by, at=now, matter=row.matter, escalation=row.id)
    return row


@transaction.atomic
def end_drill(*, escalation: str, by: Actor, now: datetime) -> EscalationView:
    """End a drill without a call-back. :raises NotYours: for what is no drill, or over"""
    require(by, "oncall.roster", now=now)
    row = Escalation.objects.select_for_update().filter(pk=escalation, drill=True, ended_at=None).first()
    if row is None:
        raise NotYours
    deadlines.disarm(STEP, subject=row.pk, now=now)
    row.turn(state=EscalationState.ENDED, ended_at=now, next_at=None)
    row.say(EntryKind.ENDED, at=now, by=by.ref)
    audit.record(
        "oncall.drill_ended", by=by, at=now, matter=row.matter, escalation=row.pk, taken=bool(row.owner)
    )
    return row.view()
