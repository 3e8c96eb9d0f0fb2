"""What the mailroom itself answers, and what the manners of RFC 3834 ask about a message before anybody is answered."""

from datetime import datetime

from tecum.demands.rules.withdrawing import Asking, references
from tecum.guide.model.guide import NotInGuide
from tecum.inbox import messages, queries
from tecum.inbox.queries import Content, MessageView
from tecum.kernel.actors import Actor
from tecum.notices import operations as notices
from tecum.notices import queries as sent
from tecum.notices.rules import Incoming, why_not
from tecum.policy import queries as policy


def say_where(message: MessageView, by: Actor, now: datetime) -> None:
    """Tell whoever wrote to the wrong address which is the right one (R-062, R-069), unless the message was answered already."""
    letter, box = incoming(queries.content(message.id)), policy.at(now).mailbox(message.belongs_to)
    if sent.was_answered(letter, now=now):
        return
    notices.reply(
        messages.MISDIRECTED.name, to=letter, context={"address": box.address},
        mailbox=box.id, matter=message.matter, by=by, now=now,
    )  # fmt: skip


def right_address(message: MessageView, now: datetime) -> str:
    """Return where a message should have gone that came to another address of ours, else nothing."""
    return policy.at(now).mailbox(message.belongs_to).address if message.belongs_elsewhere else ""


def say_received(message: MessageView, by: Actor, now: datetime) -> None:
    """Confirm a message that a person reads, where the guide lets its mailbox answer by itself."""
    guide = policy.at(now)
    try:
        box = guide.mailbox(message.belongs_to or message.mailbox)
    except NotInGuide:
        return
    if not box.auto_reply:
        return
    notices.reply(
        messages.MESSAGE_RECEIVED.name, to=incoming(queries.content(message.id)),
        context={"reference": message.reference}, mailbox=box.id, matter=message.matter,
        conversation=f"message:{message.id}", by=by, now=now,
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
        mark=f"message:{content.id}" if content.id else "",
    )


def asking_of(content: Content) -> Asking:
    """Return what a message asks and who asks; more than one sender in the From line proves none (RFC 5322, 3.6.2)."""
    facts = content.facts
    return Asking(
        sender=facts.sender.address,
        proven=content.authentication.verdict == "aligned" and len(facts.senders) == 1,
        automatic=bool(why_not(incoming(content), own=frozenset())),
        references=references(f"{facts.subject}\n{facts.text}"),
    )


def _bracketed(message_id: str) -> str:
    return f"<{message_id}>" if message_id else ""
