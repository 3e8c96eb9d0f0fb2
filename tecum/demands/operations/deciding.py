"""What an analyst decides about targets: whose records are meant, what is left out, each with the reason."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from tecum.cases import queries as files
from tecum.demands.operations import fees
from tecum.demands.operations.choosing import decide
from tecum.demands.operations.rows import locked
from tecum.demands.queries.reading import DemandView, view
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused


class NeedsReason(Refused):
    """A decision about somebody's records without its reason."""


@transaction.atomic
def choose(
    *,
    case: str,
    target: str,
    holders: Collection[str],
    withheld: bool,
    reason: str,
    by: Actor,
    now: datetime,
) -> DemandView:
    """
    Say whose records a target means, or leave it out; without either, take the decision back.

    A proposed scope that rests on another decision becomes void.

    :raises NeedsReason: without a reason
    """
    row = locked(case, by=by, now=now)
    if target not in {each.id for each in files.targets(case=case, by=by, now=now)}:
        raise NotYours
    if (holders or withheld) and not reason.strip():
        raise NeedsReason("Say why: the reason stands in the coverage statement and in the timeline.")
    decide(row, target=target, holders=holders, withheld=withheld, reason=reason, by=by, now=now)
    fees.ask_again(row, by=by, now=now)  # what is left out costs nothing; what is wanted again may
    return view(row, by=by, now=now)
