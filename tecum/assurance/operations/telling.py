"""To whom assurance speaks: whoever holds a permission, and where nobody does, the desk's own mailbox."""

from datetime import datetime

from tecum.accounts import queries as people
from tecum.kernel.actors import Actor
from tecum.notices import operations as notices
from tecum.policy import queries as policy


def send(message: str, context: dict[str, str], *, permission: str, by: Actor, now: datetime) -> int:
    """Send a message to everybody who holds a permission, and return how many; none where the guide writes no mail."""
    boxes = policy.at(now).mailboxes
    box = next((each for each in boxes if each.purpose == "portal"), boxes[0] if boxes else None)
    if box is None:  # a guide of fax and telephone: the page, the command line and the ladder are left
        return 0
    refs = {ref for ref, _ in people.holders(permission)}
    addresses = set(people.addresses(refs).values()) or {box.address}
    for address in sorted(addresses):
        notices.enqueue(message, to=address, context=context, mailbox=box.id, by=by, now=now)
    return len(addresses)
