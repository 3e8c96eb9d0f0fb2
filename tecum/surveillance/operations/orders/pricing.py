"""The price of an order was told to its agency as it stands, or stands no more: written down for billing."""

from datetime import datetime

from django.db import transaction

from tecum.audit import operations as audit
from tecum.cases import sealed
from tecum.kernel.actors import Actor
from tecum.surveillance.operations.orders.rows import locked
from tecum.surveillance.queries.orders import said_of
from tecum.surveillance.rules.quoted import priced


@transaction.atomic
def note_price(*, case: str, stands: bool, by: Actor, now: datetime) -> None:
    """
    Write down that the agency is told the price of an order as it stands now; or, where it does not stand, that nothing of
    it is: it was refused, or its time passed. For billing, which alone knows what things cost.

    :raises NotYours: when the order is unknown, or not for this actor
    """
    row = locked(case, by=by, now=now)
    told = list(priced(said_of(row))) if stands else []
    row.priced = sealed.close(sealed.key_of(row.matter), f"order {row.pk} priced", told)
    row.save(update_fields=["priced"])
    audit.record("order.priced", by=by, at=now, matter=row.matter, order=row.pk, stands=stands)
