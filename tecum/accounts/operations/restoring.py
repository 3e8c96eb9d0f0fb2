"""After this installation was put back from a copy: who was signed in signs in again, and old links open nothing."""

from datetime import datetime

from django.db import transaction

from tecum.access.rules import require
from tecum.accounts.models import ApiToken, PasswordLink, Visit
from tecum.accounts.states import VisitEnd
from tecum.audit import operations as audit
from tecum.kernel.actors import Actor


@transaction.atomic
def shut_all_doors(*, by: Actor, now: datetime) -> int:
    """End every visit, token and link that the copy holds open, and return how many: some ended since it was made."""
    require(by, "recovery.enter", now=now)
    visits = Visit.objects.filter(ended_at=None).update(ended_at=now, ended_how=VisitEnd.RESTORED)
    tokens = ApiToken.objects.filter(voided_at=None).update(voided_at=now)
    links = PasswordLink.objects.filter(used_at=None, voided_at=None).update(voided_at=now)
    audit.record("recovery.doors_shut", by=by, at=now, visits=visits, tokens=tokens, links=links)
    return visits + tokens + links
