"""Before a search: how much there would be, and of which times the store can speak. Counted, recorded, nothing read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tecum.access.rules import require
from tecum.demands.models import DemandScope
from tecum.demands.operations.searching import ACT, CannotSearch, scope_in
from tecum.demands.operations.sources import WAYS
from tecum.demands.queries.reading import row_of
from tecum.kernel.actors import Actor
from tecum.policy import queries as policy
from tecum.records import operations as records
from tecum.records.rules.coverage import Stretch


@dataclass(frozen=True, slots=True)
class Counted:
    """One number of one product: how many rows, and the stretches of its granted time."""

    product: str
    number: str
    rows: int
    coverage: Sequence[Stretch]


def count(*, case: str, by: Actor, now: datetime) -> list[Counted]:
    """
    Return how many rows each call-detail product of the scope in force would have; each count is an event of its own.

    :raises NotYours: when the case is unknown, or not for this person
    :raises CannotSearch: without an approved scope
    """
    require(by, ACT, now=now)
    row = row_of(case, by=by, now=now)
    made = DemandScope.objects.filter(demand=row, approved_at__isnull=False, ended_at=None).first()
    if made is None:
        raise CannotSearch("Nothing is searched before two people have approved a scope.")
    scope = scope_in(row, made)
    how = {product.id: product.answered_by for product in policy.at(now).products}
    found = []
    for product in sorted({grant.product for grant in scope.grants}):
        if how.get(product) not in WAYS:
            continue
        way = "destination" if how[product] == "destination" else "party"
        told = records.dry_run(scope, product=product, by=by, now=now, way=way)  # type: ignore[arg-type]
        found += [
            Counted(product, portion.number, rows, portion.coverage)
            for portion, rows in zip(told.portions, told.counts, strict=True)
        ]
    return found
