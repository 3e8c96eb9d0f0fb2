"""Whose a target is, by the market that it is in (R-159, R-162, R-163): ours, a partner's, or nobody can tell and a person is asked."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tecum.guide.calculators import routing
from tecum.guide.model.guide import Guide
from tecum.guide.model.identity import Entity
from tecum.guide.questions import Question, word

OURS = "ours"
OWN = frozenset({"self", "subsidiary"})
FOLLOWS = {
    "pen_register": "pen_trap_order",
    "trap_and_trace": "pen_trap_order",
    "title_iii": "title_iii_order",
}


@dataclass(frozen=True, slots=True)
class Whose:
    """One target, the market that the subscriber source names for it, and whose it is: empty where nobody can tell."""

    number: str
    market: str
    entity: str


def partners(guide: Guide) -> tuple[Entity, ...]:
    """Return the companies of the guide that are not ours."""
    return tuple(each for each in guide.entities if each.kind not in OWN)


def whose(guide: Guide, market: str, *, on: date) -> str:
    """
    Return whose a market is: an entity's id, `OURS`, or nothing where the words do not tell.

    A market is an id of the guide's `[[markets]]`, or a state and a city, as billing systems write it. A state of which a
    partner serves some cities tells nothing without the city.
    """
    said = " ".join(market.split())
    known = next((each for each in guide.markets if word(each.id) == word(said)), None)
    if known is not None:
        return _named(guide, known.entity)
    region, _, city = said.partition(" ")
    if not re.fullmatch(r"[A-Za-z]{2}", region):
        return ""
    parted = any(word(each.region) == word(region) and each.cities for each in guide.markets)
    if parted and not city:
        return ""
    provider = routing.route(guide, Question(on=on, region=region.upper(), city=city.strip(" ,"))).provider
    return _named(guide, provider)


def copies(guide: Guide, entity: Entity, types: Iterable[str]) -> tuple[str, ...]:
    """Return the desks that the copy rule gives the switch work to, by the orders that must follow such a surveillance (R-162)."""
    kinds = {FOLLOWS[each] for each in types if each in FOLLOWS}
    orders = {each.id for each in guide.process_types if each.kind in kinds}
    due = not entity.copy_processes or orders & set(entity.copy_processes)
    return entity.copy_to if due and kinds else ()


def parted(judged: Sequence[Whose], entity: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the targets that belong to an entity, and the others."""
    theirs = tuple(each.number for each in judged if each.entity == entity)
    return theirs, tuple(each.number for each in judged if each.entity != entity)


def _named(guide: Guide, entity: str) -> str:
    return entity if entity in {each.id for each in partners(guide)} else OURS
