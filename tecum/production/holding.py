"""What leaves the house in a recovery: nothing but what an emergency asked for after the copy was put back (control 13)."""

from datetime import datetime

from tecum.cases import queries as files
from tecum.cases.states import CaseKind
from tecum.kernel.actors import Actor
from tecum.production.models import Production
from tecum.recovery import operations as recovery
from tecum.recovery import queries as recoveries

SELF = Actor.system("production")


def hold(row: Production, *, now: datetime) -> None:
    """Refuse to let a production go while nobody knows what ended since the copy was made. :raises InRecovery"""
    if recoveries.is_under_way():
        emergency = files.case(case=row.case, by=SELF, now=now).kind is CaseKind.EMERGENCY
        recovery.refuse(leaves=True, begun_at=row.prepared_at if emergency else None)
