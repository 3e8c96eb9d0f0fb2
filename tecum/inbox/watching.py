"""Invariant I6 as a question: what was received is in exactly one class, or still queued."""

from tecum.documents import queries as documents
from tecum.inbox.models import FINAL, InboundMessage
from tecum.inbox.queries import tally
from tecum.kernel.invariants import Broken

MESSAGE = "message"


def broken() -> tuple[Broken, ...]:
    """Return the stored messages that no row knows, and the rows without their bytes or outside every class."""
    if tally().holds and not _in_no_class():
        return ()
    stored = documents.stored_for(MESSAGE)
    known = dict(InboundMessage.objects.values_list("raw", "pk"))
    lost = [Broken("I6", file, stored[file]) for file in sorted(stored.keys() - known.keys())]
    empty = [Broken("I6", known[file]) for file in sorted(known.keys() - stored.keys())]
    return (*lost, *empty, *(Broken("I6", message) for message in _in_no_class()))


def _in_no_class() -> list[str]:
    rows = InboundMessage.objects.filter(state__in=FINAL, klass="")
    return list(rows.order_by("pk").values_list("pk", flat=True))
