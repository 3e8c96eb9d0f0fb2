"""After this installation was put back from a copy: what it would send may have been sent since."""

from datetime import datetime

from django.db import transaction

from tecum.access.rules import require
from tecum.audit import operations as audit
from tecum.kernel.actors import Actor
from tecum.notices.models import OPEN, Notice
from tecum.notices.states import NoticeState

WHY = "put back from a copy: this may have been sent since it was made"


@transaction.atomic
def keep_what_may_be_sent(*, by: Actor, now: datetime) -> int:
    """Leave every notice that the copy holds unsent to a person, and return how many; nothing goes out twice by itself."""
    require(by, "recovery.enter", now=now)
    rows = Notice.objects.filter(state__in=OPEN)
    count = rows.update(state=NoticeState.NOT_SENT, why=WHY, ended_at=now, lease_until=None)
    audit.record("recovery.notices_kept", by=by, at=now, notices=count)
    return count
