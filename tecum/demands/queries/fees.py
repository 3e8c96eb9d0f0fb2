"""Which fees and papers a demand waits for, as its targets stand now."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from tecum.agencies import queries as agencies
from tecum.cases import queries as cases
from tecum.cases.queries import GateView, QuoteView
from tecum.cases.states import QuoteState
from tecum.demands.models import Demand
from tecum.demands.queries import judging
from tecum.demands.queries.reading import Read, choices, read, row_of
from tecum.demands.rules import fees as rules
from tecum.guide.model.guide import Guide
from tecum.guide.questions import Question
from tecum.kernel.actors import Actor
from tecum.policy import queries as policy
from tecum.process.queries import ReceivedView


def fees_to_ask(*, case: str, by: Actor, now: datetime) -> tuple[rules.Asks, ...]:
    """Return what the agency has not been asked to accept yet. :raises NotYours: when it is not for this person"""
    return unasked(row_of(case, by=by, now=now), by=by, now=now)


def asks(row: Demand, *, by: Actor, now: datetime) -> tuple[rules.Asks, ...]:
    """Return everything that is to be accepted for the targets that are still asked and not left out."""
    return asked_of(read(row, by=by, now=now), cases.quotes(case=row.case_id, by=by, now=now), now=now)


def asked_of(one: Read, given: Iterable[QuoteView], *, now: datetime) -> tuple[rules.Asks, ...]:
    """Return the same for a demand that was read already, with its quotes."""
    row, received, guide = one.row, one.received, policy.at(now)
    left_out = {target for target, choice in choices(row).items() if choice.withheld}
    wanted = [
        rules.Wanted(each.target, each.product, each.number, each.period)
        for each in judging.asked(one.targets, received)
        if each.target not in left_out
    ]
    question = Question(
        on=now.astimezone(guide.carrier.zone.tz).date(), process=received.said.process,
        country=received.said.country, region=received.said.region,
    )  # fmt: skip
    covered = {
        target
        for each in given
        if each.state is QuoteState.ACCEPTED or each.waived
        for target in each.targets
    }
    return rules.asked(guide, question, wanted, covered, advance=advance_rule(received, guide, now=now))


def advance_rule(received: ReceivedView, guide: Guide, *, now: datetime) -> str:
    """Return the rule by which an agency in arrears pays before its demand is worked on, or nothing."""
    late = agencies.arrears(
        agency=received.agency, at=now, process=received.said.process, facts=received.said.facts
    )
    holding = () if late is None else late.arrears
    return next((rule.id for rule in guide.arrears if rule.payment_in_advance and rule.id in holding), "")


def unasked(row: Demand, *, by: Actor, now: datetime) -> tuple[rules.Asks, ...]:
    """Return what is to be accepted and was not asked for in these words yet."""
    gates = cases.gates(case=row.case_id, by=by, now=now)
    given = cases.quotes(case=row.case_id, by=by, now=now)
    return unasked_of(read(row, by=by, now=now), given, gates, now=now)


def unasked_of(
    one: Read, given: Sequence[QuoteView], opened: Iterable[GateView], *, now: datetime
) -> tuple[rules.Asks, ...]:
    """Return the same for a demand that was read already, with its quotes and gates."""
    gates = {each.rule for each in opened}
    waiting = [each for each in given if each.open_at(now)]
    return tuple(
        each
        for each in asked_of(one, given, now=now)
        if (each.offer is None and each.gate.id not in gates)
        or (each.offer is not None and not any(set(each.targets) <= set(one.targets) for one in waiting))
    )


def standing(row: Demand, *, by: Actor, now: datetime) -> list[QuoteView]:
    """Return the quotes of a demand that can still be answered."""
    return [each for each in cases.quotes(case=row.case_id, by=by, now=now) if each.open_at(now)]
