"""What of an order its agency was told the price of: what was not is priced, and is not proposed before."""

from datetime import datetime

from tecum.cases import sealed
from tecum.deadlines import operations as deadlines
from tecum.secrecy import operations as keys
from tecum.surveillance.models import CourtOrder
from tecum.surveillance.queries.orders import said_of
from tecum.surveillance.rules.quoted import priced

PRICE = "order.price_again"


def new_of(row: CourtOrder) -> frozenset[str]:
    """Return what of an order the agency was not told the price of yet."""
    return frozenset(priced(said_of(row))) - _told(row)


def price_again(row: CourtOrder, *, now: datetime) -> None:
    """
    Let, in the caller's transaction, an order be priced again that changed after the agency was told its price.

    The order knows no prices: it leaves a deadline, which billing picks up.
    """
    told = _told(row)
    if told and told != frozenset(priced(said_of(row))):
        deadlines.arm(PRICE, subject=row.case_id, due_at=now, matter=row.matter, now=now)


def was_priced(row: CourtOrder) -> bool:
    """Tell whether the agency was told a price of an order that it did not refuse."""
    return bool(_told(row))


def _told(row: CourtOrder) -> frozenset[str]:
    key = keys.keys_of([row.matter]).get(row.matter)
    return frozenset(sealed.opened(key, f"order {row.pk} priced", row.priced) or ())
