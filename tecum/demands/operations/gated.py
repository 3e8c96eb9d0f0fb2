"""What must be given before a demand is worked on: open gates, and fees that nobody asked the agency to accept yet."""

from datetime import datetime

from tecum.cases import operations as cases
from tecum.demands.models import Demand
from tecum.demands.operations import customers
from tecum.demands.queries import fees
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused


class FeeNotAsked(Refused):
    """A fee that the agency was not asked to accept yet."""


def refuse_while_gated(row: Demand, *, by: Actor, now: datetime) -> None:
    """
    Refuse to go on while something that must be given is not, or was not even asked for (R-105).

    :raises GateOpen: with what is waited for
    :raises FeeNotAsked: where a fee was not quoted yet
    """
    cases.refuse_while_gated(row.case_id, but=(customers.GATE,))
    if fees.unasked(row, by=by, now=now):
        raise FeeNotAsked(
            "A part of this is given only once the agency accepts its fee (R-105), and it was not asked yet: send it the quote."
        )
