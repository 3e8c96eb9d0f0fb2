"""What the clock does to productions: offers run out, and what its retention is over is taken away."""

from datetime import datetime

from django.db import transaction

from tecum.access.rules import require
from tecum.audit import operations as audit
from tecum.deadlines import operations as deadlines
from tecum.documents import operations as documents
from tecum.guide.calculators import calendars
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy
from tecum.production import queries
from tecum.production.models import Handover, Production
from tecum.production.operations.handing import OVER
from tecum.production.rules.views import Opened
from tecum.production.states import HandoverState, ProductionState
from tecum.secrecy import queries as secrecy


@transaction.atomic
def handover_over(*, handover: str, by: Actor, now: datetime) -> None:
    """End an offer whose time is over."""
    require(by, "production.recall", now=now)
    row = Handover.objects.select_for_update().select_related("production").filter(pk=handover).first()
    if row is not None and now >= row.expires_at and row.close(HandoverState.OVER, at=now):
        audit.record(
            "production.handover_over", by=by, at=now, matter=row.production.matter, production=row.production_id,
            handover=row.pk,
        )  # fmt: skip


@transaction.atomic
def keep_over(*, production: str, by: Actor, now: datetime) -> None:
    """
    Take a package away whose retention is over (A14); its row, hashes and downloads stay.

    A legal hold on its case keeps it: when that ends, `hold_ended` comes back to it.
    """
    require(by, "production.recall", now=now)
    row = Production.objects.select_for_update().filter(pk=production).first()
    if row is None:
        raise NotYours
    if secrecy.is_held(row.matter):
        audit.record("production.kept", by=by, at=now, matter=row.matter, production=row.pk)
        return
    if not row.turn(
        ProductionState.PURGED, inputs=b"", scope=b"", wanted=b"", receivers=b"", why=b"", entry=b""
    ):
        return
    documents.remove(row.file, now=now)
    for each in Handover.objects.select_for_update().filter(production=row):
        if each.close(HandoverState.OVER, at=now):
            deadlines.disarm(OVER, subject=each.pk, now=now)
        Handover.objects.filter(pk=each.pk).update(address=b"")
    audit.record("production.purged", by=by, at=now, matter=row.matter, production=row.pk)


@transaction.atomic
def hold_ended(*, matter: str, by: Actor, now: datetime) -> int:
    """Take the packages away that only a legal hold kept; return how many. For the clockwork."""
    guide, count = policy.at(now), 0
    for row in Production.objects.filter(matter=matter).exclude(released_at=None):
        over = (
            calendars.later(guide, row.released_at, guide.keeps("productions").keep)
            if row.released_at
            else now
        )
        if row.state != ProductionState.PURGED and over <= now:
            keep_over(production=row.pk, by=by, now=now)
            count += 1
    return count


def open_production(*, production: str, by: Actor, now: datetime) -> Opened:
    """
    Return a production with what is under its seal; that it was opened is recorded first.

    :raises NotYours: when it is unknown, sealed to others, or not for this actor
    """
    view = queries.opened(id=production, by=by, now=now)
    audit.note("production.opened", by=by, at=now, matter=view.line.matter, production=production)
    return view
