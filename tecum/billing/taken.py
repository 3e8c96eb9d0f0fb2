"""Payments as the operations of billing take hold of them."""

from tecum.billing.models import Payment
from tecum.billing.states import PaymentState
from tecum.kernel.refusals import NotYours, Refused


class CannotMatch(Refused):
    """A payment that does not fit the invoice."""


def found(payment: str) -> Payment:
    """Return a payment, held until the transaction ends. :raises NotYours: when it is unknown"""
    row = Payment.objects.select_for_update().filter(pk=payment).first()
    if row is None:
        raise NotYours
    return row


def locked(payment: str, state: PaymentState) -> Payment:
    """Return a payment in some state, held until the transaction ends. :raises CannotMatch: in another state"""
    row = found(payment)
    if row.state != state:
        raise CannotMatch(f"This payment is {row.state.lower().replace('_', ' ')}.")
    return row
