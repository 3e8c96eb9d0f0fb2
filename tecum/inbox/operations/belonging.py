"""To whose work a message belongs: whoever may not know of that work does not know of the message either (control 8)."""

from datetime import datetime

from django.db import transaction

from tecum.audit import operations as audit
from tecum.inbox.models import InboundMessage
from tecum.kernel.actors import Actor
from tecum.secrecy import operations as secrecy
from tecum.secrecy import queries as lists


@transaction.atomic
def belongs(message: str, *, matter: str, by: Actor, now: datetime) -> bool:
    """
    Say that a message belongs to the matter of a case: it is sealed and seen with it, and so is whatever repeats it.

    Tell whether that is new; what came by another way than the mailroom has no message, and nothing is said then.
    """
    row = InboundMessage.objects.filter(pk=message).first()
    # Safety before secrecy: a letter that presses is never hidden by a case that was sealed before it came.
    if (
        row is None
        or (row.urgent and lists.is_sealed(matter))
        or not secrecy.make_part(row.matter, of=matter)
    ):
        return False
    audit.record("mail.belongs", by=by, at=now, matter=row.matter, message=row.pk)
    return True
