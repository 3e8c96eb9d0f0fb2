"""
One table: message class → operation. An operation acts inside the transaction that marks the message as handed on, and
returns a code of what it did. A class without a line stays classified, and is handed on when one lands.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from tecum.inbox import messages, queries
from tecum.inbox.queries import Content, MessageView
from tecum.inbox.states import MessageClass
from tecum.kernel.actors import Actor
from tecum.mailroom import applications
from tecum.notices import operations as notices
from tecum.notices.drivers.reports import Report
from tecum.notices.rules import Incoming
from tecum.notices.states import AttemptEnd
from tecum.policy import queries as policy
from tecum.vetting import operations as vetting

Operation = Callable[[MessageView, Actor, datetime], str]


def keep(_message: MessageView, _by: Actor, _now: datetime) -> str:
    """Do nothing: the message stays on record, and nobody is answered."""
    return "kept"


def take_automatic(message: MessageView, by: Actor, now: datetime) -> str:
    """Tell the outbox when a mail system says that a message of ours did not arrive (R-057)."""
    content = queries.content(message.id)
    bounce = content.facts.bounce
    if bounce is None:
        return "kept"
    report = Report(AttemptEnd(bounce.end), bounce.message_ids, bounce.recipient, bounce.code, bounce.words)
    mark = next((queries.bounce_mark(each, now=now) for each in content.envelope.recipients), "")
    return "outbox" if notices.take_report(report, mark=mark, by=by, now=now) else "kept"


def pass_on(message: MessageView, by: Actor, now: datetime) -> str:
    """
    Say where a misdirected message belongs, and let it be worked on there as if it had come there: it keeps the
    instant at which it arrived, so no clock is lost (R-062, R-069).
    """
    content = queries.content(message.id)
    box = policy.at(now).mailbox(message.belongs_to)
    notices.reply(
        messages.MISDIRECTED.name, to=incoming(content), context={"address": box.address}, mailbox=box.id,
        matter=message.matter, by=by, now=now,
    )  # fmt: skip
    there = TABLE.get(message.meant) if message.meant else None
    return there(message, by, now) if there else "answered"


def apply(message: MessageView, by: Actor, now: datetime) -> str:
    """Let vetting take an application, from the instant at which it arrived (R-046, R-056)."""
    content = queries.content(message.id)
    return vetting.receive(
        message=message.id, matter=message.matter, mail=applications.facts_of(content), incoming=incoming(content),
        arrived_at=message.arrived_at, by=by, now=now,
    )  # fmt: skip


def incoming(content: Content) -> Incoming:
    """Return what the manners of RFC 3834 ask about a message, for whoever answers one automatically."""
    facts = content.facts
    path = content.envelope.sender if content.envelope.sender is not None else facts.return_path
    sender = facts.sender.address
    return Incoming(
        sender=sender,
        # A file or an Outlook message has no envelope: then the sender's address stands for it.
        return_path=sender if path is None else path,
        message_id=_bracketed(facts.message_id),
        in_reply_to=_bracketed(facts.in_reply_to),
        references=tuple(_bracketed(each) for each in facts.references),
        subject=facts.subject,
        auto_submitted=facts.auto_submitted,
        precedence=facts.precedence,
        list_headers=facts.mailing_list,
        suppress=facts.suppress,
        authenticated=content.authentication.verdict == "aligned",
    )


def _bracketed(message_id: str) -> str:
    return f"<{message_id}>" if message_id else ""


TABLE: Mapping[MessageClass, Operation] = {
    MessageClass.APPLICATION: apply,
    MessageClass.MISDIRECTED: pass_on,
    MessageClass.AUTOMATIC: take_automatic,
    MessageClass.CIVIL: keep,
    MessageClass.DUPLICATE: keep,
    MessageClass.QUARANTINED: keep,
}
