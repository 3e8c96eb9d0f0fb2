"""Writing down what was decided about one target, in the transaction of whoever decided."""

from collections.abc import Collection
from datetime import datetime

from tecum.audit import operations as audit
from tecum.cases import sealed
from tecum.demands.models import Demand
from tecum.demands.operations import scoping
from tecum.demands.queries.reading import choices
from tecum.demands.rules.compiling import Choice
from tecum.kernel.actors import Actor


def decide(
    row: Demand,
    *,
    target: str,
    holders: Collection[str],
    withheld: bool,
    reason: str,
    by: Actor,
    now: datetime,
) -> None:
    """Keep a decision about a target, or take it back without either; a scope that rests on another one becomes void."""
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
