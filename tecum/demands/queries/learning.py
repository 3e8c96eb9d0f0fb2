"""Who would learn of a demand: the facts of the case, put to the rule."""

from datetime import datetime

from tecum.accounts import queries as accounts
from tecum.demands.queries.reading import DemandView, Read, read, row_of, view
from tecum.demands.rules.learning import Facts, Learns, learners
from tecum.guide.calculators import secrecy as calculator
from tecum.guide.questions import Question
from tecum.kernel.actors import Actor
from tecum.policy import queries as policy
from tecum.secrecy import queries as secrecy


def who_would_learn(*, case: str, by: Actor, now: datetime) -> tuple[Learns, ...]:
    """Return everybody who would learn of a demand, and whom the gag keeps from it (dry run). :raises NotYours"""
    row = row_of(case, by=by, now=now)
    return learners_of(view(row, by=by, now=now), read(row, by=by, now=now), now=now)


def learners_of(demand: DemandView, one: Read, *, now: datetime) -> tuple[Learns, ...]:
    """Return the same for a demand that was read already."""
    guide, received, row = policy.at(now), one.received, one.row
    today = now.astimezone(guide.carrier.zone.tz).date()
    question = Question(on=today, process=received.said.process, country=received.said.country)
    told = calculator.silence(guide, question, gag=False, starts=today)
    officers = [ref for ref in secrecy.readers(row.matter) if accounts.agency_of(ref)]
    names = accounts.names(set(officers))
    facts = Facts(
        agency_address=demand.case.contact.email,
        on_list=tuple(sorted(names.get(ref, ref) for ref in officers)),
        sealed=demand.case.sealed,
        gag_holds=demand.silence.holds,
        gag_because=_gag(demand.silence.state, demand.silence.until),
        charged=guide.billing.charges != "none" and bool(one.targets),
        customer_told=told.customer_told,
        told_because=told.told_because,
    )
    return learners(facts)


def _gag(state: str, until: object) -> str:
    return {
        "in_force": f"The gag holds until {until}.",
        "indefinite": "The gag holds until it is lifted.",
        "ask": "The agency was asked how long its gag holds; until then it holds.",
    }.get(state, "No gag holds.")
