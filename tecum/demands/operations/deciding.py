"""What an analyst decides about targets: whose records are meant, what is left out, each with the reason."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from tecum.audit import operations as audit
from tecum.cases import queries as cases
from tecum.cases import sealed
from tecum.demands.models import Demand
from tecum.demands.operations import scoping
from tecum.demands.operations.rows import locked
from tecum.demands.queries.reading import DemandView, choices, view
from tecum.demands.rules.compiling import Choice
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
    if target not in {each.id for each in cases.targets(case=case, by=by, now=now)}:
        raise NotYours
    if (holders or withheld) and not reason.strip():
        raise NeedsReason("Say why: the reason stands in the coverage statement and in the timeline.")
    decided = choices(row)
    decided.pop(target, None)
    if holders or withheld:
        decided[target] = Choice(frozenset(holders), withheld, " ".join(reason.split())[:400])
    said = {
        each: {"holders": sorted(choice.holders), "withheld": choice.withheld, "reason": choice.reason}
        for each, choice in decided.items()
    }
    row.decided = sealed.close(sealed.key_of(row.matter), f"demand {row.pk} choices", said)
    Demand.objects.filter(pk=row.pk).update(decided=row.decided)
    audit.record(
        "demand.target_decided", by=by, at=now, matter=row.matter, demand=row.pk, target=target,
        withheld=withheld, holders=len(holders),
    )  # fmt: skip
    scoping.void_if_changed(row, by=by, now=now)
    return view(row, by=by, now=now)
