"""To whom assurance speaks: whoever holds a permission, and where nobody does, the desk's own mailbox."""

from datetime import datetime

from tecum.accounts import queries as people
from tecum.kernel.actors import Actor
from tecum.notices import operations as notices
from tecum.policy import queries as policy


def send(message: str, context: dict[str, str], *, permission: str, by: Actor, now: datetime) -> None:
    """Send a message to everybody who holds a permission."""
    refs = {ref for ref, _ in people.holders(permission)}
    addresses = set(people.addresses(refs).values()) or {policy.at(now).mailbox("portal").address}
    for address in sorted(addresses):
        notices.enqueue(message, to=address, context=context, by=by, now=now)
