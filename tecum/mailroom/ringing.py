"""A message in the mailbox of emergencies starts the on-call ladder by its receipt: a fax, a voicemail by mail, a letter."""

from datetime import datetime

from tecum.deadlines.operations import Claim
from tecum.inbox import queries
from tecum.kernel.actors import Actor
from tecum.oncall import operations as oncall
from tecum.oncall.rules.views import Caller

BY = Actor.system("mailroom")
#: Handed on to what begins a ladder of its own, about its case.
RINGS_ITSELF = ("emergency", "exigent")


def ring(claimed: Claim, now: datetime) -> datetime | None:
    """Begin the ladder about one message, counted from the instant at which it arrived (R-083, R-095)."""
    message = queries.message(claimed.subject)
    if message.routed_to.startswith(RINGS_ITSELF):
        return None
    facts = queries.content(message.id).facts
    sender = facts.sender
    oncall.begin(
        about=f"message:{message.id}", matter=message.matter, cause="message", received_at=message.arrived_at,
        caller=Caller(sender.name[:120], "", sender.address[:120], facts.subject[:300]), once=True, by=BY, now=now,
    )  # fmt: skip
    return None
