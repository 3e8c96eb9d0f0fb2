"""A legal process arrives: its case is opened, the sender is told the number, the answer's clock starts."""

from datetime import datetime

from django.db import transaction

from tecum.access.rules import require
from tecum.accounts import operations as accounts
from tecum.audit import operations as audit
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases.facts import Contact
from tecum.cases.queries import CaseView
from tecum.cases.sealed import key_of
from tecum.cases.states import CaseKind
from tecum.guide.model.guide import Guide
from tecum.inbox import operations as inbox
from tecum.kernel import ids
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused
from tecum.notices import operations as notices
from tecum.notices.rules import Incoming
from tecum.policy import queries as policy
from tecum.process import messages, sealed
from tecum.process.facts import Said
from tecum.process.models import Received
from tecum.process.operations.promising import answer_goes_on, note_return_date, promise
from tecum.process.queries import ReceivedView, row_of, view

NOBODY, NOTHING = Contact(), Said()
HOW = frozenset({"mail", "telephone", "fax", "post", "counter", "portal", "api"})


class CannotAnswer(Refused):
    """The sender cannot be told, or was told already."""


@transaction.atomic
def receive(
    *,
    kind: CaseKind,
    channel: str,
    received_at: datetime,
    by: Actor,
    now: datetime,
    said: Said = NOTHING,
    contact: Contact = NOBODY,
    agency: str = "",
    desk: str = "",
    case: str = "",
    message: str = "",
    incoming: Incoming | None = None,
    mailbox: str = "",
    right_address: str = "",
    people: tuple[str, ...] = (),
) -> ReceivedView:
    """
    Take in a legal process: open its case (or put it into `case`), start the clock of its answer, tell its number.

    The same message again changes nothing. `received_at` is when it arrived, which no later act moves. `incoming` is
    the message that is answered automatically, in the manners of RFC 3834; without one, or where they forbid it,
    staff see that the number was not delivered (A4, R-041, R-042). Where it came to the wrong address, `right_address`
    is said in that one answer (R-069).

    :raises NotYours: for a person without the permission to work on cases
    """
    require(by, "case.work", now=now)
    before = Received.objects.select_related("case").filter(message=message).first() if message else None
    if before is not None:
        return view(before)
    guide = policy.at(now)
    home = (
        files.case(case=case, by=by, now=now)
        if case
        else cases.open_case(
            kind=kind, channel=channel, received_at=received_at, agency=agency, contact=contact,
            desk=desk or _desk(guide, mailbox), people_on_it=people, by=by, now=now,
        )
    )  # fmt: skip
    row = Received(
        id=ids.unguessable(), case_id=home.id, channel=channel, received_at=min(received_at, now), entered_at=now,
        entered_by=by.ref, message=message, guide_version=guide.version,
    )  # fmt: skip
    sealed.close(row, said, key=key_of(home.matter), agency=home.agency)
    row.save(force_insert=True)
    if message:
        inbox.belongs(message, matter=home.matter, by=by, now=now)
    audit.record(
        "process.received", by=by, at=now, matter=home.matter, received=row.pk, case=home.id, channel=channel,
        process=said.process or None,
    )  # fmt: skip
    if case:  # what comes for a case that waited is looked at: the time promised goes on
        answer_goes_on(case=home.id, by=by, now=now)
    else:
        promise(row, home, by=by, now=now)
        note_return_date(row, home, by=by, now=now)
    _answer(row, home, incoming, mailbox, right_address, by=by, now=now)
    return view(row)


@transaction.atomic
def confirm(*, received: str, said: Said, by: Actor, now: datetime) -> ReceivedView:
    """Write down what a process says, as a person read it; a later reading replaces it, the trail keeps both times."""
    row = locked(received, by=by, now=now)
    home = files.case(case=row.case_id, by=by, now=now)
    sealed.close(row, said, key=key_of(home.matter), agency=home.agency)
    row.confirmed_at, row.confirmed_by = now, by.ref
    row.save()
    promise(row, home, by=by, now=now)
    note_return_date(row, home, by=by, now=now)
    audit.record(
        "process.confirmed",
        by=by,
        at=now,
        matter=home.matter,
        received=row.pk,
        case=home.id,
        process=said.process or None,
    )
    return view(row)


@transaction.atomic
def tell_number(*, received: str, to: str, by: Actor, now: datetime) -> ReceivedView:
    """
    Send the case's number to an address that a person of the carrier chose, where no automatic answer could go.

    :raises CannotAnswer: when it was told already
    :raises OutsideRegister: for an address that the agency does not name
    """
    row = locked(received, by=by, now=now)
    _not_answered(row)
    home = files.case(case=row.case_id, by=by, now=now)
    cases.refuse_outside_register(home, to, by=by, now=now)
    sent = notices.enqueue(
        messages.DEMAND_RECEIVED.name, to=to, context={"case": home.reference}, mailbox=policy.at(now).writes_from,
        matter=home.matter, by=by, now=now,
    )  # fmt: skip
    _told(row, home, how="mail", notice=sent.id, by=by, now=now)
    return view(row)


@transaction.atomic
def record_answer(*, received: str, how: str, by: Actor, now: datetime) -> ReceivedView:
    """
    Write down that the sender was told the case's number by telephone, fax, post or at the counter.

    :raises CannotAnswer: when it was told already, or the way is none of these
    """
    row = locked(received, by=by, now=now)
    _not_answered(row)
    if how not in HOW:
        raise CannotAnswer("Say how the sender was told: telephone, fax, post or counter.")
    _told(row, files.case(case=row.case_id, by=by, now=now), how=how, notice="", by=by, now=now)
    return view(row)


def locked(received: str, *, by: Actor, now: datetime) -> Received:
    """Return a process's row, locked with its case, for somebody who may work on it. :raises NotYours"""
    found = row_of(received, by=by, now=now)
    cases.locked(found.case_id, by=by, now=now, writing=False)
    accounts.stand(by=by, now=now)
    row = Received.objects.select_for_update().select_related("case").filter(pk=found.pk).first()
    if row is None:
        raise NotYours
    return row


def _desk(guide: Guide, mailbox: str) -> str:
    box = next((each for each in guide.mailboxes if each.id == mailbox), None)
    if box is not None and box.desk:
        return box.desk
    return guide.desks[0].id if len(guide.desks) == 1 else ""


@transaction.atomic
def promise_again(*, received: str, by: Actor, now: datetime) -> None:
    """Count the promised answer anew for what is asked by now; what it was counted from stays."""
    row = locked(received, by=by, now=now)
    promise(row, files.case(case=row.case_id, by=by, now=now), by=by, now=now)


def _answer(
    row: Received,
    home: CaseView,
    incoming: Incoming | None,
    mailbox: str,
    right_address: str,
    *,
    by: Actor,
    now: datetime,
) -> None:
    if incoming is None:
        row.unanswered_why = f"it came by {row.channel.replace('_', ' ')}"
        row.save(update_fields=["unanswered_why"])
        return
    box = mailbox or policy.at(now).writes_from
    kind, context = messages.DEMAND_RECEIVED, {"case": home.reference}
    if right_address:
        kind, context = messages.DEMAND_MISDIRECTED, {**context, "address": right_address}
    sent = notices.reply(
        kind.name, to=incoming, context=context, mailbox=box, matter=home.matter,
        conversation=f"case:{home.id}", by=by, now=now,
    )  # fmt: skip
    if sent.why:
        row.unanswered_why = sent.why[:120]
        row.save(update_fields=["unanswered_why"])
        audit.record("process.unanswered", by=by, at=now, matter=home.matter, received=row.pk, case=home.id)
    else:
        _told(row, home, how="automatic", notice=sent.id, by=by, now=now)


def _told(row: Received, home: CaseView, *, how: str, notice: str, by: Actor, now: datetime) -> None:
    row.answer, row.answered_at, row.answered_by, row.answered_how = notice, now, by.ref, how
    row.unanswered_why = ""
    row.save(update_fields=["answer", "answered_at", "answered_by", "answered_how", "unanswered_why"])
    cases.note_sent(
        case=home.id, notice=notice, said={"subject": "The case's number"}, channel="email" if notice else how, by=by,
        now=now,
    )  # fmt: skip
    audit.record(
        "process.answered", by=by, at=now, matter=home.matter, received=row.pk, case=home.id, how=how
    )


def _not_answered(row: Received) -> None:
    if row.answered_at is not None:
        raise CannotAnswer("The sender was told the case's number already.")
