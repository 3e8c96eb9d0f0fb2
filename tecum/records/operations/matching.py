"""Holding an order's customer information against the bill, inside Tecum and on our own copy of the list."""

from dataclasses import dataclass
from datetime import datetime

from tecum.access.rules import require
from tecum.audit import operations as audit
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.policy import queries as policy
from tecum.records.queries import subscribers
from tecum.records.rules.matching import Claim, Match, Verdict, judge


@dataclass(frozen=True, slots=True)
class MatchResult:
    """The judgement, the lists it rests on, and (for staff alone, where nothing agrees) numbers of ours close by."""

    match: Match
    lists: tuple[str, ...]
    near: tuple[str, ...]


def match(claim: Claim, *, period: Period, matter: str, by: Actor, now: datetime) -> MatchResult:
    """
    Hold the customer information of an order against who had its number in its period (R-113 to R-115).

    That it was done is stored before the answer is returned. `near` must never reach an agency.

    :raises NotYours: without the permission
    """
    require(by, "subscriber.match", now=now)
    known = subscribers.number_spells(claim.number, period=period, now=now)
    found = judge(
        claim,
        [spell.held() for spell in known.spells],
        period=period,
        terms=policy.at(now).matching,
        known=known.covered or [Period(now, now)],
    )
    close = (
        subscribers.near(claim.number) if found.verdict is not Verdict.MATCHES and not known.spells else ()
    )
    audit.note(
        "subscribers.matched",
        by=by,
        at=now,
        matter=matter,
        verdict=found.verdict.lower(),
        held=len(known.spells),
    )
    return MatchResult(found, known.lists, close)
