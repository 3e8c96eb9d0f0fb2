"""Work orders: what a person fetches from another system, and brings back as a document."""

import re
from datetime import datetime
from pathlib import PurePosixPath

from django.db import transaction

from tecum.audit import operations as audit
from tecum.cases import sealed
from tecum.demands.models import WorkOrder
from tecum.demands.operations.rows import locked
from tecum.demands.queries.work_orders import OrderView, work_order
from tecum.demands.states import WorkState
from tecum.documents import operations as documents
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.kernel.refusals import NotYours, Refused
from tecum.production.rules.facts import BadInput, Part

ACT = "production.prepare"
TABLES = (".csv", ".xlsx")
UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


class CannotEnd(Refused):
    """A work order that cannot be ended so."""


@transaction.atomic
def attach(*, order: str, name: str, media_type: str, content: bytes, by: Actor, now: datetime) -> str:
    """
    End a work order with its result, and return the id of the file; the next production of the case holds it.

    :raises CannotEnd: for an order that has ended, or that no scope allows any more; for an empty file, a name that cannot
        leave, or a table (whose rows nobody could check)
    """
    row = _open(order, by=by, now=now)
    if not work_order(order=order, by=by, now=now).granted:
        raise CannotEnd(
            "No scope in force grants this any more: nothing of it is to be fetched. Drop the order."
        )
    safe = _safe(name, row)
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


def _safe(name: str, row: WorkOrder) -> str:
    """Return a name that can leave, and that no other result of the case has: two files of one name cannot be in one bag."""
    given = PurePosixPath(UNSAFE.sub("_", PurePosixPath(name).name).strip("._") or "result")
    taken = {
        each.lower() for each in WorkOrder.objects.filter(demand=row.demand).values_list("name", flat=True)
    }
    found, place = given.name, 1
    while found.lower() in taken:
        place += 1
        found = f"{given.stem}-{place}{given.suffix}"
    return found


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


def show(*, order: str, how: str, by: Actor, now: datetime) -> OrderView:
    """Return one work order with its number, for a person to look at or to work on; that is recorded first. :raises NotYours"""
    view = work_order(order=order, by=by, now=now)
    row = WorkOrder.objects.select_related("demand").get(pk=order)
    audit.note(
        "demand.work_order_shown", by=by, at=now, matter=row.demand.matter, demand=row.demand_id, order=row.pk, how=how
    )  # fmt: skip
    return view


def take_result(*, order: str, by: Actor, now: datetime) -> tuple[str, bytes]:
    """Return the name and the content of a result; that it was taken is recorded first. :raises NotYours: without a result"""
    view = work_order(order=order, by=by, now=now)
    if not view.file:
        raise NotYours
    content = documents.read(view.file)
    show(order=order, how="result", by=by, now=now)
    return view.name, content


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
