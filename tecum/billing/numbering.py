"""Numbers of invoices: one after the other in their series, without a gap."""

from django.db.models import F

from tecum.billing.models import InvoiceSeries
from tecum.billing.states import Series


def next_number(series: Series) -> int:
    """Return the next number of a series; it is taken back with the transaction, so that there is never a gap."""
    InvoiceSeries.objects.get_or_create(series=series)
    InvoiceSeries.objects.filter(series=series).update(last=F("last") + 1)
    return InvoiceSeries.objects.get(series=series).last
