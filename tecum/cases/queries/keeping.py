"""What of the cases in an epoch is not over yet, when the epoch's time has come (A14)."""

from collections.abc import Mapping
from datetime import datetime

from tecum.cases.models import LegalCase
from tecum.cases.states import CaseState


def not_over(matters: Mapping[str, str], *, closed_before: datetime, now: datetime) -> dict[str, datetime]:
    """
    Return which of these matters are kept on, each with the instant from which its time counts.

    `matters`: each with what it is part of, as `secrecy.queries.matters_in` says. A case that is open is kept from now
    on, one that was closed later than `closed_before` from its closing; a message goes with its case.
    """
    wanted = {*matters, *matters.values()} - {""}
    rows = LegalCase.objects.filter(matter__in=wanted).values_list("matter", "state", "closed_at")
    since = {
        matter: closed_at if state == CaseState.CLOSED and closed_at else now
        for matter, state, closed_at in rows
        if state != CaseState.CLOSED or closed_at is None or closed_at > closed_before
    }
    return {matter: since[whole or matter] for matter, whole in matters.items() if (whole or matter) in since}
