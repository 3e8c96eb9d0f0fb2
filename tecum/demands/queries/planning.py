"""What would be held for a demand now, and what waits for a person (C6; decisions, E)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from tecum.cases import queries as cases
from tecum.cases import sealed
from tecum.cases.queries import EntryView
from tecum.cases.states import Sender
from tecum.demands.models import Demand, DemandHold
from tecum.demands.queries import judging
from tecum.demands.queries.reading import Read, read, row_of
from tecum.demands.rules.holding import Plan, Wanted, plan
from tecum.guide.model.guide import Guide
from tecum.guide.questions import Question, fitting
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.policy import queries as policy
from tecum.process import queries as process
from tecum.secrecy import operations as keys


def hold_plan(*, case: str, by: Actor, now: datetime) -> Plan:
    """Return what to hold for a demand and what waits for a person. :raises NotYours"""
    return plan_of(row_of(case, by=by, now=now), by=by, now=now)


def plan_of(row: Demand, *, by: Actor, now: datetime) -> Plan:
    """Return what to hold now and what waits for a person."""
    entries = cases.entries(case=row.case_id, by=by, now=now)
    return plan_for(read(row, by=by, now=now), entries, now=now)


def plan_for(one: Read, entries: Iterable[EntryView], *, now: datetime) -> Plan:
    """Return the same for a demand that was read already; `entries` is its correspondence."""
    row, received, guide = one.row, one.received, policy.at(now)
    asked = judging.asked(one.targets, received)
    kept = [
        (each.product, piece)
        for each in asked
        for piece in judging.kept(guide, each.product, each.period, received.received_at, now=now)
    ]
    gates = fitting_gates(guide, received, {each.product for each in asked})
    made = plan(
        asked, kept, rule=guide.demands, held=_held_for(row), proven=_proven(received, entries), meanwhile=gates
    )  # fmt: skip
    there = standing(row)
    return Plan(
        tuple(each for each in made.hold if each not in there),
        tuple(each for each in made.waits if each not in there),
        made.because,
    )


def fitting_gates(guide: Guide, received: process.ReceivedView, products: Iterable[str]) -> frozenset[str]:
    """Return the products that the guide keeps while something is asked of the agency (`preserve_meanwhile`)."""
    day = received.received_at.astimezone(guide.carrier.zone.tz).date()
    asked = Question(on=day, process=received.said.process, country=received.said.country)
    return frozenset(
        product
        for product in products
        if any(
            gate.preserve_meanwhile for gate in fitting(guide.gates, replace(asked, product=product), guide)
        )
    )


def standing(row: Demand) -> set[Wanted]:
    """Return what is held for a demand already."""
    key = keys.keys_of([row.matter]).get(row.matter)
    return {
        Wanted(sealed.opened(key, f"hold {each.pk}", each.number) or "", Period(each.starts_at, each.ends_at))
        for each in DemandHold.objects.filter(demand=row, lifted_at=None)
    }


def _held_for(row: Demand) -> int:
    """Return how many holds stand for the agency; one of an unknown agency counts for itself alone."""
    standing = DemandHold.objects.filter(lifted_at=None).exclude(demand=row)
    if row.case.agency:
        return standing.filter(demand__case__agency=row.case.agency).count()
    return standing.filter(demand__case__contact_print=row.case.contact_print).count()


def _proven(received: process.ReceivedView, entries: Iterable[EntryView]) -> bool:
    """Tell whether a person took the process in, or the mail systems prove the sender of the message that brought it."""
    if not received.message:
        return True
    brought = [each for each in entries if each.message == received.message]
    return any(each.sender in {Sender.CONTACT, Sender.AGENCY} for each in brought)
