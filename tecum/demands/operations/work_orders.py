"""Work orders: what a person fetches from another system, and brings back as a document."""

from datetime import datetime
from pathlib import PurePosixPath

from django.db import transaction

from tecum.audit import operations as audit
from tecum.cases import sealed
from tecum.demands.models import WorkOrder
from tecum.demands.operations.rows import locked
from tecum.demands.states import WorkState
from tecum.documents import operations as documents
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.kernel.refusals import NotYours, Refused
from tecum.production.rules.facts import BadInput, Part

ACT = "production.prepare"
TABLES = (".csv", ".xlsx")


class CannotEnd(Refused):
    """A work order that cannot be ended so."""


@transaction.atomic
def attach(*, order: str, name: str, media_type: str, content: bytes, by: Actor, now: datetime) -> str:
    """
    End a work order with its result, and return the id of the file; the next production of the case holds it.

    :raises CannotEnd: for an order that has ended, an empty file, a name that cannot leave, or a table (whose rows nobody could check)
    """
    row = _open(order, by=by, now=now)
    safe = PurePosixPath(name).name
    period = Period(row.starts_at, row.ends_at)
    if not content:
        raise CannotEnd("The file is empty.")
    if safe.lower().endswith(TABLES):
        raise CannotEnd(
            "Attach the result as a document, for example a PDF: the rows of this table could not be held against the scope."
        )
    try:
        Part("-", safe, row.product, "-", period=period)
    except BadInput as fault:
        raise CannotEnd(str(fault)) from None
    file = documents.store(
        content, matter=row.demand.matter, purpose="records", media_type=media_type, by=by, now=now
    )
    _turn(row, WorkState.DONE, by=by, now=now, file=file.id, name=safe)
    audit.record(
        "demand.work_order_done", by=by, at=now, matter=row.demand.matter, demand=row.demand_id, order=row.pk, file=file.id
    )  # fmt: skip
    return file.id


@transaction.atomic
def drop(*, order: str, reason: str, by: Actor, now: datetime) -> None:
    """End a work order without a result, with the reason. :raises CannotEnd: without one, or when it has ended"""
    row = _open(order, by=by, now=now)
    if not reason.strip():
        raise CannotEnd("Say why nothing is fetched.")
    key = sealed.key_of(row.demand.matter)
    note = sealed.close(key, f"work order {row.pk} note", reason.strip())
    _turn(row, WorkState.DROPPED, by=by, now=now, note=note)
    audit.record(
        "demand.work_order_dropped", by=by, at=now, matter=row.demand.matter, demand=row.demand_id, order=row.pk
    )  # fmt: skip


def _open(order: str, *, by: Actor, now: datetime) -> WorkOrder:
    row = WorkOrder.objects.select_related("demand").filter(pk=order).first()
    if row is None:
        raise NotYours
    locked(row.demand.case_id, by=by, now=now, permission=ACT)
    return row


def _turn(row: WorkOrder, to: WorkState, *, by: Actor, now: datetime, **columns: object) -> None:
    opened = WorkOrder.objects.filter(pk=row.pk, state=WorkState.OPEN)
    if not opened.update(state=to, ended_at=now, ended_by=by.ref, **columns):
        raise CannotEnd("This work order has ended already.")
