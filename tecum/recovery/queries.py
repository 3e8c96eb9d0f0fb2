"""Whether a recovery is under way, and what may start in it."""

from collections.abc import Collection
from datetime import datetime

from tecum.recovery.models import Recovery, Resumption
from tecum.recovery.rules import RecoveryView
from tecum.recovery.states import RecoveryState


def under_way() -> RecoveryView | None:
    """Return the recovery that is under way, if any."""
    row = Recovery.objects.filter(state=RecoveryState.UNDER_WAY).first()
    return row.view() if row else None


def is_under_way() -> bool:
    """Tell whether one is."""
    return Recovery.objects.filter(state=RecoveryState.UNDER_WAY).exists()


def older(at: datetime) -> bool:
    """Tell whether something is of before the copy was put back, while that is being checked: it may have ended since."""
    row = under_way()
    return row is not None and at < row.began_at


def may_start(subjects: Collection[str]) -> frozenset[str]:
    """Return those of these surveillances that may be switched on: all, or in a recovery those that two people resumed."""
    if not is_under_way():
        return frozenset(subjects)
    rows = Resumption.objects.filter(recovery__state=RecoveryState.UNDER_WAY, subject__in=subjects)
    return frozenset(rows.values_list("subject", flat=True))
