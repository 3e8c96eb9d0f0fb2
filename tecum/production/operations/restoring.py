"""After this installation was put back from a copy: no offer of a package stands, because some were taken back since."""

from datetime import datetime

from django.db import transaction

from tecum.access.rules import require
from tecum.audit import operations as audit
from tecum.deadlines import operations as deadlines
from tecum.kernel.actors import Actor
from tecum.production.models import Handover
from tecum.production.operations.handing import OVER
from tecum.production.states import HandoverState


@transaction.atomic
def close_all_offers(*, by: Actor, now: datetime) -> int:
    """End every open offer, and return how many; whoever hands over again does so knowingly."""
    require(by, "recovery.enter", now=now)
    rows = list(
        Handover.objects.select_for_update().select_related("production").filter(state=HandoverState.OPEN)
    )
    for row in rows:
        row.close(HandoverState.CLOSED, at=now)
        deadlines.disarm(OVER, subject=row.pk, now=now)
        audit.record(
            "production.handover_closed", by=by, at=now, matter=row.production.matter, production=row.production_id,
            handover=row.pk,
        )  # fmt: skip
    return len(rows)
