"""What can be read of breaches."""

from datetime import datetime

from tecum.access.rules import require
from tecum.breaches.models import Breach
from tecum.breaches.rules import BreachView
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours
from tecum.production import queries as production
from tecum.production.rules.views import Delivered


def breach(*, id: str, by: Actor, now: datetime) -> BreachView:
    """
    Return one breach.

    :raises NotYours: when unknown or not for this actor
    """
    require(by, "breach.read", now=now)
    row = Breach.objects.prefetch_related("clocks", "notices").filter(pk=id).first()
    if row is None:
        raise NotYours
    return row.view()


def breaches(*, by: Actor, now: datetime) -> list[BreachView]:
    """Return the breaches, open ones first, newest first."""
    require(by, "breach.read", now=now)
    rows = Breach.objects.prefetch_related("clocks", "notices").order_by("-state", "-opened_at", "pk")
    return [row.view() for row in rows]


def productions(view: BreachView) -> list[Delivered]:
    """Return what the account fetched in the interval; `operations.read_productions` records who reads it."""
    return production.delivered_to(view.person, since=view.since, until=view.until)
