"""
The half of I2 that only this capability can ask: every emergency surveillance that is on was called back, decided by those
who may, and has the cut of the guide's clock.
"""

from tecum.exigent.models import ExigentDecision
from tecum.exigent.queries import reading
from tecum.exigent.rules import calling, cutting
from tecum.exigent.rules.compiling import SURVEIL
from tecum.exigent.states import CallState, DecisionState
from tecum.kernel.invariants import Broken
from tecum.kernel.refusals import Refused
from tecum.policy import queries as policy
from tecum.surveillance import queries as surveillance
from tecum.surveillance.queries import EmergencyOn


def broken() -> tuple[Broken, ...]:
    """Return the emergency surveillances that are on without a call back of their own, a decision on it, or a timely cut."""
    on = surveillance.emergencies_on()
    rows = ExigentDecision.objects.select_related("call", "request").filter(
        authority__in={each.authority for each in on}, act=SURVEIL, state=DecisionState.DONE
    )
    decided = {row.authority: row for row in rows}
    return tuple(
        Broken("I2", each.tap, each.since) for each in on if not _rests(each, decided.get(each.authority))
    )


def _rests(on: EmergencyOn, made: ExigentDecision | None) -> bool:
    return made is not None and _called(made) and _cut(on, made)


def _called(made: ExigentDecision) -> bool:
    """Tell whether a call back of this very request verified it by when it was decided, made by who did not decide (control 5)."""
    call, at = made.call, made.decided_at
    if at is None or call.request_id != made.request_id or call.called_at > at:
        return False
    void_at = (
        call.void_at if call.void_at and call.void_at <= at else None
    )  # doubt that came later ends it by its own way
    another = calling.decides(call.called_by, made.decided_by) or made.alone
    return another and calling.good(CallState(call.state), void_at=void_at)


def _cut(on: EmergencyOn, made: ExigentDecision) -> bool:
    """
    Tell whether it ends by the clock of the guide that was in force when it was decided; where two people gave it a later end,
    by that clock counted from the first switch that obeyed (C3).
    """
    at = made.decided_at or on.since
    guide = policy.at(at)
    try:
        pathway = reading.pathway_of(made.request, guide)
        ends_at = cutting.ends_at(guide, pathway, at)
        later = cutting.ends_at(guide, pathway, on.first_on) if on.prolonged and on.first_on else None
    except Refused:  # the guide has no such pathway
        return False
    return ends_at is not None and on.ends_at <= max(ends_at, later or ends_at)
