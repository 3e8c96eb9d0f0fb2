"""The status mailbox: a withdrawal ends a case only for whom the mail systems vouch; a question is answered to its own list."""

from datetime import datetime

from tecum.demands import operations as demands
from tecum.demands.rules.withdrawing import Asking, references
from tecum.inbox import queries
from tecum.inbox.queries import Content, MessageView
from tecum.kernel.actors import Actor
from tecum.mailroom.answering import incoming, say_received
from tecum.mailroom.demands import LeftToAPerson, turn_away
from tecum.notices.rules import why_not


def asking_of(content: Content) -> Asking:
    """Return what a message asks and who asks; more than one sender in the From line proves none (RFC 5322, 3.6.2)."""
    facts = content.facts
    return Asking(
        sender=facts.sender.address,
        proven=content.authentication.verdict == "aligned" and len(facts.senders) == 1,
        automatic=bool(why_not(incoming(content), own=frozenset())),
        references=references(f"{facts.subject}\n{facts.text}"),
    )


def withdraw(message: MessageView, by: Actor, now: datetime) -> str:
    """
    Withdraw the one case that a message names, where it may (R-043 to R-045); everything else rests with a person, and
    its sender hears that it arrived, in the same words whatever there is.
    """
    verdict = demands.withdraw_by_mail(asking=asking_of(queries.content(message.id)), by=by, now=now)
    if verdict.withdraws:
        return "withdrawn"
    if not message.belongs_elsewhere:
        say_received(message, by, now)
    raise LeftToAPerson


def tell(message: MessageView, by: Actor, now: datetime) -> str:
    """Say how a case stands to a proven address on its own list; everybody else is told whom to turn to (A10)."""
    content = queries.content(message.id)
    if demands.tell_status(asking=asking_of(content), incoming=incoming(content), by=by, now=now):
        return "told"
    turn_away(message, content, by=by, now=now)
    return "not_told"
