"""Invariant I9 as a question: no notice lies past its next attempt by more than the longest pause."""

from datetime import datetime

from tecum.kernel.invariants import Broken
from tecum.notices.models import Notice
from tecum.notices.queries import stuck


def broken(*, now: datetime) -> tuple[Broken, ...]:
    """Return the notices that nobody tries to send."""
    late = stuck(now=now)
    since = dict(Notice.objects.filter(pk__in=late).values_list("pk", "attempt_at"))
    return tuple(Broken("I9", notice, since.get(notice)) for notice in late)
