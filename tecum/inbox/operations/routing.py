"""That a message was handed on, and how far a mailbox on another server was read."""

from datetime import datetime, timedelta

from django.db import transaction

from tecum.audit import operations as audit
from tecum.deadlines import operations as deadlines
from tecum.deadlines import queries as due
from tecum.inbox.models import InboundMessage, PollMark
from tecum.inbox.states import State
from tecum.kernel.actors import Actor

LEFT = timedelta(minutes=1)  # what is not handed on after so long was left, by a version that could not
MOST = 200
RESUMED = "resumed"  # its sender was answered when it began to rest


def routed(message: str, *, to: str, by: Actor, now: datetime) -> bool:
    """Mark a message as handed on, in the transaction of what that did; tell whether it still was to be."""
    row = InboundMessage.objects.get(pk=message)
    if not row.turn(was=State.CLASSIFIED, state=State.ROUTED, routed_at=now, routed_to=to):
        return False
    audit.record("mail.routed", by=by, at=now, matter=row.matter, message=row.id, to=to)
    return True


def rest(message: str, *, work: str, due_at: datetime, by: Actor, now: datetime) -> bool:
    """Leave a message to a person, because nothing here does its `work` yet; tell whether it still was to be handed on."""
    row = InboundMessage.objects.get(pk=message)
    if not row.turn(was=State.CLASSIFIED, state=State.RESTING, routed_to=work, due_at=due_at):
        return False
    audit.record("mail.rested", by=by, at=now, matter=row.matter, message=row.id, work=work)
    return True


def resume(works: list[str], *, by: Actor, now: datetime) -> int:
    """Hand on what rested until something here could do its work, oldest first; return how many."""
    resting = InboundMessage.objects.filter(state=State.RESTING, routed_to__in=works).order_by("arrived_at")
    count = 0
    for row in resting[:MOST]:
        with transaction.atomic():
            if row.turn(was=State.RESTING, state=State.CLASSIFIED, routed_to=RESUMED, due_at=None):
                deadlines.arm("mail.route", subject=row.id, due_at=now, now=now)
                audit.record("mail.resumed", by=by, at=now, matter=row.matter, message=row.id)
                count += 1
    return count


def rearm(*, now: datetime) -> int:
    """Make the routing of messages due that were classified and left; return how many."""
    left = InboundMessage.objects.filter(state=State.CLASSIFIED, judged_at__lt=now - LEFT)
    count = 0
    for message in left.order_by("arrived_at").values_list("id", flat=True)[:MOST]:
        if not due.is_open("mail.route", subject=message):
            with transaction.atomic():
                deadlines.arm("mail.route", subject=message, due_at=now, now=now)
            count += 1
    return count


def mark_of(account: str) -> tuple[int, int]:
    """Return the validity and the last id up to which a mailbox was read; zeros for one never read."""
    row = PollMark.objects.filter(account=account).first()
    return (row.validity, row.uid) if row else (0, 0)


def advance_mark(account: str, *, validity: int, uid: int, now: datetime) -> None:
    """Remember how far a mailbox was read; its messages up to there are safe with us."""
    PollMark.objects.update_or_create(
        account=account, defaults={"validity": validity, "uid": uid, "seen_at": now}
    )
