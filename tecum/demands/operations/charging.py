"""What an answered demand leaves to be billed: one fact for each target and product that was searched."""

from collections.abc import Collection
from datetime import datetime

from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases.states import QuoteState
from tecum.demands.models import Demand
from tecum.demands.rules.compiling import Line
from tecum.kernel.actors import Actor
from tecum.production.rules.views import Opened


def leave_facts(row: Demand, made: Opened, searched: Collection[Line], *, by: Actor, now: datetime) -> None:
    """
    Note what was searched, and whether anything was found; a price that was accepted beforehand keeps its version (B11).

    The facts of one answer share their instant: they are one request of the agency's.
    """
    accepted = {
        target: quote.guide_version
        for quote in files.quotes(case=row.case_id, by=by, now=now)
        if quote.state is QuoteState.ACCEPTED
        for target in quote.targets
    }
    found = {(part.product, part.number) for part in made.inputs.parts}
    for target, product, number in dict.fromkeys(
        (line.target, line.product, line.number) for line in searched
    ):
        cases.note_billable(
            case=row.case_id, kind=product, source=f"{made.line.id} {product} {target}"[:80], target=target,
            happened_at=now, found=(product, number) in found, version=accepted.get(target, ""), by=by, now=now,
        )  # fmt: skip
