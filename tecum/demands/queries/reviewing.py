"""Everything that one demand is decided by, read once: for the page where it is decided."""

from dataclasses import dataclass
from datetime import datetime

from tecum.cases import queries as cases
from tecum.cases.queries import CaseFile, QuoteView
from tecum.demands.queries import customers, fees, forms, judging, learning, planning, standing
from tecum.demands.queries.customers import OwedView
from tecum.demands.queries.forms import FormView
from tecum.demands.queries.reading import DemandView, Read, row_of, viewed
from tecum.demands.queries.standing import HoldView, PreservationView, ScopeView
from tecum.demands.rules.compiling import Line
from tecum.demands.rules.fees import Asks
from tecum.demands.rules.holding import Plan
from tecum.demands.rules.learning import Learns
from tecum.kernel.actors import Actor
from tecum.process import queries as process
from tecum.process.queries import ReceivedView
from tecum.process.rules.checklist import Finding
from tecum.secrecy import operations as keys


@dataclass(frozen=True, slots=True)
class Review:
    """A demand with its process, its checklist, its lines, and all that stands or waits for it."""

    demand: DemandView
    received: ReceivedView
    findings: tuple[Finding, ...]
    lines: tuple[Line, ...]
    proposals: list[ScopeView]
    holds: list[HoldView]
    plan: Plan
    preservation: PreservationView | None
    learns: tuple[Learns, ...]
    form: FormView | None
    quotes: list[QuoteView]
    unasked: tuple[Asks, ...]
    owed: list[OwedView]


def review(*, file: CaseFile, by: Actor, now: datetime) -> Review:
    """Return everything about the demand of a case that was read already. :raises NotYours"""
    row = row_of(file.case.id, by=by, now=now)
    one = Read(row, process.received(id=row.received_id, by=by, now=now), file.targets)
    demand, key = viewed(row, file.case), keys.keys_of([row.matter]).get(row.matter)
    quotes = cases.quotes(case=row.case_id, by=by, now=now)
    return Review(
        demand=demand,
        received=one.received,
        findings=process.judged(one.received, one.targets),
        lines=judging.of(one, now=now),
        proposals=standing.scopes_of(row, key),
        holds=standing.holds_of(row, key),
        plan=planning.plan_for(one, file.entries, now=now),
        preservation=standing.preservation_of(row),
        learns=learning.learners_of(demand, one, now=now),
        form=forms.form_of(row, file.targets, by=by, now=now),
        quotes=quotes,
        unasked=fees.unasked_of(one, quotes, file.gates, now=now) if demand.open else (),
        owed=customers.owed_of(row),
    )
