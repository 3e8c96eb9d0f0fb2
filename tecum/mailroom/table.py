"""
One table: the work that a message means → operation. An operation acts inside the transaction that marks the message
as handed on, and returns a code of what it did. Work without a line rests with a person, in the mailroom; it is handed
on by itself when a line for it lands.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum

from tecum.inbox import queries
from tecum.inbox.queries import MessageView
from tecum.inbox.rules import APPLICATION
from tecum.inbox.states import MessageClass
from tecum.kernel.actors import Actor
from tecum.mailroom import applications, demands, stating
from tecum.mailroom.answering import incoming, right_address
from tecum.notices import operations as notices
from tecum.notices.drivers.reports import Report
from tecum.notices.rules import is_address, reply_address
from tecum.notices.states import AttemptEnd
from tecum.support import operations as support
from tecum.vetting import operations as vetting

Operation = Callable[[MessageView, Actor, datetime], str]


class Work(StrEnum):
    """What is done with a message: its class, and for a question how something stands, what that is about."""

    APPLICATION = "application"
    SUPPORT = "support"
    APPLICATION_STATUS = "application_status"
    LEGAL_DEMAND = "legal_demand"
    CASE_STATUS = "case_status"
    WITHDRAWAL = "withdrawal"
    CASE_REPLY = "case_reply"
    AUTOMATIC = "automatic"
    CIVIL = "civil"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"


#: Work whose own answer names the right address to whoever wrote to another.
SAY_WHERE = {Work.LEGAL_DEMAND, Work.APPLICATION, Work.SUPPORT}


def work_of(message: MessageView) -> Work | None:
    """Return what a message means, there where it belongs; None for a misdirected one that means nothing yet."""
    klass = message.meant if message.belongs_elsewhere else message.klass
    if klass is None:
        return None
    if klass is not MessageClass.STATUS:
        return Work(klass)
    if message.names_case.startswith(APPLICATION):
        return Work.APPLICATION_STATUS
    return Work.WITHDRAWAL if message.reason == "withdrawal_words" else Work.CASE_STATUS


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


def apply(message: MessageView, by: Actor, now: datetime) -> str:
    """Let vetting take an application, from the instant at which it arrived (R-046, R-056)."""
    content = queries.content(message.id)
    return vetting.receive(
        message=message.id, matter=message.matter, mail=applications.facts_of(content), incoming=incoming(content),
        arrived_at=message.arrived_at, right_address=right_address(message, now), by=by, now=now,
    )  # fmt: skip


def tell_status(message: MessageView, by: Actor, now: datetime) -> str:
    """Let vetting answer how an application stands, to its own address only (R-060)."""
    return vetting.tell_status(
        reference=message.names_case, incoming=incoming(queries.content(message.id)), matter=message.matter, by=by, now=now
    )  # fmt: skip


def help_with(message: MessageView, by: Actor, now: datetime) -> str:
    """Let support take a request for help (R-068)."""
    content = queries.content(message.id)
    facts, letter = content.facts, incoming(content)
    to = reply_address(letter)
    asked = support.Letter(
        message=message.id, address=to.lower() if is_address(to) else "", name=facts.sender.name, subject=facts.subject,
        text=facts.text, incoming=letter, proven=letter.authenticated, right_address=right_address(message, now),
    )  # fmt: skip
    return support.take(letter=asked, arrived_at=message.arrived_at, by=by, now=now)


TABLE: Mapping[Work, Operation] = {
    Work.APPLICATION: apply,
    Work.SUPPORT: help_with,
    Work.APPLICATION_STATUS: tell_status,
    Work.AUTOMATIC: take_automatic,
    Work.LEGAL_DEMAND: demands.take,
    Work.CASE_REPLY: demands.join,
    Work.CASE_STATUS: stating.tell,
    Work.WITHDRAWAL: stating.withdraw,
    Work.CIVIL: keep,
    Work.DUPLICATE: keep,
    Work.QUARANTINED: keep,
}

#: Work whose operation leaves some messages to a person for good: what rests of it is not judged a second time, so that an
#: old message never acts because something else changed since.
JUDGED_ONCE = frozenset({Work.CASE_REPLY, Work.WITHDRAWAL})
