"""A call that reached a person: the NOC or a desk types it in, and the ladder climbs (R-083, R-087, R-088)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from tecum.access.rules import require
from tecum.accounts import operations as accounts
from tecum.audit import operations as audit
from tecum.kernel.actors import Actor
from tecum.kernel.ids import unguessable
from tecum.kernel.refusals import NotYours, Refused
from tecum.oncall.models import Escalation
from tecum.oncall.operations.climbing import begin
from tecum.oncall.rules.views import Caller, EscalationView
from tecum.oncall.states import EntryKind, EscalationState

OLDEST = timedelta(hours=24)


class CannotEscalate(Refused):
    """A call without anybody to call back, or at an instant that cannot be."""


@dataclass(frozen=True, slots=True)
class Call:
    """What was told on the telephone; `at` is when the caller first left word, from which the steps are counted."""

    caller: Caller
    at: datetime
    voicemail_left: bool = False
    page_attempted: bool = False


@transaction.atomic
def take_call(*, call: Call, by: Actor, now: datetime) -> EscalationView:
    """
    Begin an escalation about somebody who called. Caller and number are sealed; whoever typed them cannot read them again.

    :raises CannotEscalate: without a number, or for an instant to come or more than a day ago
    """
    require(by, "oncall.escalate", now=now)
    accounts.stand(by=by, now=now)
    if not call.caller.number.strip():
        raise CannotEscalate("Say at which number the caller is called back.")
    if not now - OLDEST <= call.at <= now:
        raise CannotEscalate("The voicemail or call was within the last 24 hours.")
    row = begin(
        about=f"call:{unguessable()}", cause="call", caller=call.caller, received_at=call.at, told=_told(call), by=by,
        now=now,
    )  # fmt: skip
    audit.record("oncall.call_taken", by=by, at=now, matter=row.matter, escalation=row.id)
    return row


@transaction.atomic
def caller_says(
    *, escalation: str, voicemail_left: bool, page_attempted: bool, by: Actor, now: datetime
) -> None:
    """
    Write into an open escalation what its caller told the NOC: that a voicemail was left, that a page was attempted (R-088).

    :raises NotYours: for an unknown one
    :raises CannotEscalate: when it is over, or nothing was told
    """
    require(by, "oncall.escalate", now=now)
    row = Escalation.objects.select_for_update().filter(pk=escalation).first()
    if row is None:
        raise NotYours
    if row.state == EscalationState.ENDED:
        raise CannotEscalate(f"{row.reference} is over: the call-back is recorded. Begin another one.")
    told = _facts(voicemail_left, page_attempted)
    if not told:
        raise CannotEscalate("Say what the caller told you.")
    for each in told:
        row.say(each, at=now, by=by.ref)
    audit.record("oncall.caller_said", by=by, at=now, matter=row.matter, escalation=row.pk, facts=len(told))


def _told(call: Call) -> tuple[EntryKind, ...]:
    return _facts(call.voicemail_left, call.page_attempted)


def _facts(voicemail_left: bool, page_attempted: bool) -> tuple[EntryKind, ...]:
    said = ((voicemail_left, EntryKind.VOICEMAIL_LEFT), (page_attempted, EntryKind.PAGE_ATTEMPTED))
    return tuple(kind for is_so, kind in said if is_so)
