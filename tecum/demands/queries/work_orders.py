"""Work orders, of one case and of the whole desk, as far as the asker may know of their cases."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from tecum.access.rules import require
from tecum.cases import queries as cases
from tecum.cases import sealed
from tecum.demands.models import Demand, DemandScope, WorkOrder
from tecum.demands.queries.reading import row_of
from tecum.demands.states import WorkState
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.kernel.refusals import NotYours
from tecum.records.rules.scope import Grant, Scope
from tecum.secrecy import operations as keys
from tecum.secrecy.operations import Key

ACT = "production.prepare"


@dataclass(frozen=True, slots=True)
class OrderView:
    """One work order: the system, the number and the period, and never for whom. `granted`: a scope in force still allows it."""

    id: str
    case: str
    reference: str
    state: WorkState
    product: str
    system: str
    number: str
    period: Period
    opened_at: datetime
    opened_by: str
    ended_at: datetime | None
    ended_by: str
    name: str
    file: str
    note: str
    granted: bool


def work_orders(*, case: str, by: Actor, now: datetime) -> list[OrderView]:
    """Return the work orders of a case, the newest first. :raises NotYours"""
    return _views(WorkOrder.objects.filter(demand=row_of(case, by=by, now=now)).order_by("-opened_at", "-pk"))


def work_order(*, order: str, by: Actor, now: datetime) -> OrderView:
    """Return one work order; a door calls `operations.show_work_order`, which records it. :raises NotYours"""
    require(by, ACT, now=now)
    found = _views(_mine(by=by, now=now).filter(pk=order))
    if not found:
        raise NotYours
    return found[0]


def desk_orders(
    *, by: Actor, now: datetime, state: WorkState | None = None, start: int = 0, limit: int = 50
) -> tuple[list[OrderView], int]:
    """Return work orders of every case, the longest waiting first, and how many there are in all."""
    require(by, ACT, now=now)
    rows = _mine(by=by, now=now)
    if state is not None:
        rows = rows.filter(state=state)
    ordered = rows.order_by("opened_at" if state is WorkState.OPEN else "-opened_at", "pk")
    return _views(ordered[start : start + limit]), rows.count()


def _mine(*, by: Actor, now: datetime) -> "QuerySet[WorkOrder]":
    return WorkOrder.objects.filter(cases.allowed(by=by, now=now, of="demand__case__"))


def _views(rows: "QuerySet[WorkOrder]") -> list[OrderView]:
    found = list(rows.select_related("demand__case"))
    demands = {row.demand_id: row.demand for row in found}
    opened = keys.keys_of({demand.matter for demand in demands.values()})
    grants = _grants(demands, opened)
    return [
        _view(row, opened.get(row.demand.matter), grants.get(row.demand_id, frozenset())) for row in found
    ]


def _grants(
    demands: dict[str, Demand], opened: dict[str, Key]
) -> dict[str, frozenset[tuple[str, str, Period]]]:
    """Return what the scopes in force of these demands grant, with one question to the database."""
    made = DemandScope.objects.filter(demand__in=list(demands), approved_at__isnull=False, ended_at=None)
    found = {}
    for row in made:
        text = sealed.opened(opened.get(demands[row.demand_id].matter), f"scope {row.pk}", row.scope)
        grants: tuple[Grant, ...] = Scope.parse(text).grants if text else ()
        found[row.demand_id] = frozenset((each.product, each.number, each.period) for each in grants)
    return found


def _view(row: WorkOrder, key: Key | None, grants: frozenset[tuple[str, str, Period]]) -> OrderView:
    number = sealed.opened(key, f"work order {row.pk}", row.number) or ""
    period = Period(row.starts_at, row.ends_at)
    return OrderView(
        row.pk, row.demand.case_id, row.demand.case.reference, WorkState(row.state), row.product, row.system, number,
        period, row.opened_at, row.opened_by, row.ended_at, row.ended_by, row.name, row.file,
        sealed.opened(key, f"work order {row.pk} note", row.note) or "", (row.product, number, period) in grants,
    )  # fmt: skip
