"""Taking an escalation, by the page or by a page's link, and calling back: the only thing that stops the ladder."""

import json
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from tecum.access.rules import require
from tecum.accounts import operations as accounts
from tecum.accounts import queries as people
from tecum.audit import operations as audit
from tecum.deadlines import operations as deadlines
from tecum.kernel import numbers
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused
from tecum.oncall.models import Escalation, EscalationEntry
from tecum.oncall.operations.climbing import STEP
from tecum.oncall.rules.links import LINK_LASTS, token_hash
from tecum.oncall.rules.views import CalledBack, Caller, EscalationView
from tecum.oncall.states import EntryKind, EscalationState
from tecum.secrecy import operations as secrecy
from tecum.secrecy import queries as lists

LONGEST = 200


class CannotAnswer(Refused):
    """The escalation is over, or what was typed is no call-back."""


@transaction.atomic
def acknowledge(*, escalation: str, by: Actor, now: datetime) -> EscalationView:
    """
    Take an escalation: name the owner. The ladder climbs on until the call-back is recorded (C5).

    Taking it again moves it to another owner; both are in the record.

    :raises NotYours: for an unknown one, or without the permission
    :raises CannotAnswer: when it is over
    """
    if not by.may("oncall.escalate"):
        require(by, "oncall.answer", now=now)
    accounts.stand(by=by, now=now)
    row = _locked(escalation)
    return _take(row, by=by, now=now, way="page").view(whole=by.may("oncall.read"))


@transaction.atomic
def acknowledge_by_link(*, token: str, by: Actor, now: datetime) -> EscalationView:
    """
    Take an escalation by the link of a page, which works once; whoever was paged is the owner.

    :raises NotYours: for a link that is unknown, used, older than a day, or of somebody who may answer no more
    :raises CannotAnswer: when it is over
    """
    line = EscalationEntry.objects.filter(link=token_hash(token), used_at=None).first() if token else None
    if line is None or now - line.at > LINK_LASTS:
        raise NotYours
    row = _locked(line.escalation_id)
    if EscalationEntry.objects.filter(pk=line.pk, used_at=None).update(used_at=now) != 1:
        raise NotYours
    person = line.who.startswith("person:")
    owner = people.actor_now(line.who, now=now) if person else Actor(line.who, by.kind)
    if owner is None or (person and not (owner.may("oncall.answer") or owner.may("oncall.escalate"))):
        raise NotYours
    return _take(row, by=owner, now=now, way="link").view(whole=False)


@transaction.atomic
def call_back(
    *, escalation: str, spoke_with: str, number: str, at: datetime, by: Actor, now: datetime
) -> EscalationView:
    """
    Record that the caller was called back, and stop the ladder: nothing else does (R-085, C5).

    `at` is the minute of the call, between receipt and now. Name and number are sealed with the matter. Somebody off the
    list of a sealed matter may record it, too: they cannot read who called, and a ladder that nobody may stop helps nobody.

    :raises NotYours: for an unknown one, or without the permission
    :raises CannotAnswer: when it is over, or without a name, a number and a minute that can be
    """
    require(by, "oncall.answer", now=now)
    accounts.stand(by=by, now=now)
    row = _locked(escalation)
    _must_be_open(row)
    said = _checked(row, spoke_with, number, at, now=now)
    deadlines.disarm(STEP, subject=row.pk, now=now)
    sealed = secrecy.seal_bytes(
        json.dumps(asdict(said)).encode(), matter=row.matter, about=f"call-back {row.pk}"
    )
    owner = {} if row.owner else {"owner": by.ref, "taken_at": now}
    row.turn(
        state=EscalationState.ENDED, called_back_at=at, called_back_by=by.ref, ended_at=now, next_at=None,
        called=sealed, **owner,
    )  # fmt: skip
    row.say(EntryKind.CALLED_BACK, at=now, by=by.ref)
    audit.record(
        "oncall.called_back", by=by, at=now, matter=row.matter, escalation=row.pk, called_at=at,
        minutes=int((at - row.received_at).total_seconds() // 60), steps=row.position,
    )  # fmt: skip
    return row.view()


@transaction.atomic
def stand_down(*, escalation: str, by: Actor, now: datetime) -> bool:
    """
    End what the house raised itself, because what it told of is over; tell whether it was still climbing.

    :raises NotYours: for an unknown one
    :raises CannotAnswer: where somebody waits for a call-back: nothing else ends that
    """
    row = _locked(escalation)
    if not row.signal:
        raise CannotAnswer(f"Somebody waits behind {row.reference}: only a call-back ends it.")
    if row.state == EscalationState.ENDED:
        return False
    deadlines.disarm(STEP, subject=row.pk, now=now)
    row.turn(state=EscalationState.ENDED, ended_at=now, next_at=None)
    row.say(EntryKind.ENDED, at=now, by=by.ref)
    audit.record(
        "oncall.stood_down", by=by, at=now, matter=row.matter, escalation=row.pk, taken=bool(row.owner), steps=row.position
    )  # fmt: skip
    return True


@transaction.atomic
def called_back_about(
    *, about: str, spoke_with: str, number: str, at: datetime, by: Actor, now: datetime
) -> bool:
    """
    Stop the ladder about something, because somebody called back about it elsewhere; tell whether one climbed.

    A call that was made before it was received counts from then; where this person may not answer, it climbs on.
    """
    known = Escalation.objects.filter(about=about, ended_at=None).first()
    if known is None or not by.may("oncall.answer"):
        return False
    at = max(at, known.received_at)
    call_back(escalation=known.pk, spoke_with=spoke_with, number=number, at=at, by=by, now=now)
    return True


def read_caller(*, escalation: str, by: Actor, now: datetime) -> tuple[Caller | None, CalledBack | None]:
    """
    Return who called and who was called back; that they were read is recorded first.

    :raises NotYours: without the permission, for an unknown escalation, or off the list of a sealed matter
    """
    require(by, "oncall.answer", now=now)
    row = Escalation.objects.filter(pk=escalation).first()
    if row is None or (lists.is_sealed(row.matter) and not lists.may_know(row.matter, by.ref)):
        raise NotYours
    audit.note("oncall.caller_read", by=by, at=now, matter=row.matter, escalation=row.pk)
    caller = _opened(row, bytes(row.caller), f"escalation {row.pk}")
    called = _opened(row, bytes(row.called), f"call-back {row.pk}")
    return (Caller(**caller) if caller else None), (CalledBack(**called) if called else None)


def _opened(row: Escalation, sealed: bytes, about: str) -> dict[str, str]:
    return dict(json.loads(secrecy.read_bytes(sealed, matter=row.matter, about=about))) if sealed else {}


def _take(row: Escalation, *, by: Actor, now: datetime, way: str) -> Escalation:
    _must_be_open(row)
    row.turn(state=EscalationState.TAKEN, owner=by.ref, taken_at=now)
    row.say(EntryKind.TAKEN, at=now, by=by.ref, who=by.ref, way=way)
    audit.record("oncall.taken", by=by, at=now, matter=row.matter, escalation=row.pk, way=way)
    return row


def _locked(escalation: str) -> Escalation:
    row = Escalation.objects.select_for_update().filter(pk=escalation).first()
    if row is None:
        raise NotYours
    return row


def _must_be_open(row: Escalation) -> None:
    if row.state == EscalationState.ENDED:
        raise CannotAnswer(f"{row.reference} is over: the call-back is recorded.")


def _checked(row: Escalation, spoke_with: str, number: str, at: datetime, *, now: datetime) -> CalledBack:
    who = " ".join(spoke_with.split())[:LONGEST]
    if not who:
        raise CannotAnswer("Say whom you spoke with.")
    try:
        digits = numbers.read(number)
    except numbers.NotANumber as reason:
        raise CannotAnswer(f"The number you called cannot be one: {reason}") from None
    if not row.received_at.replace(second=0, microsecond=0) <= at <= now:
        raise CannotAnswer("The minute of the call lies between the moment it was received and now.")
    return CalledBack(who, digits)
