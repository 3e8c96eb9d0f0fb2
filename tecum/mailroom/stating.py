"""The status mailbox: a withdrawal ends a case only for whom the mail systems vouch; a question is answered to its own list."""

from datetime import datetime

from tecum.demands import operations as demands
from tecum.inbox import queries
from tecum.inbox.queries import MessageView
from tecum.kernel.actors import Actor
from tecum.mailroom.answering import asking_of, incoming, say_received
from tecum.mailroom.demands import LeftToAPerson, turn_away
from tecum.surveillance import operations as surveillance


def withdraw(message: MessageView, by: Actor, now: datetime) -> str:
    """
    Withdraw the one case that a message names, where it may (R-043 to R-045); everything else rests with a person, and
    its sender hears that it arrived, in the same words whatever there is.
    """
    if surveillance.note_by_mail(reference=message.names_case, message=message.id, by=by, now=now):
        if not message.belongs_elsewhere:
            say_received(message, by, now)
        return "end_asked"
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
