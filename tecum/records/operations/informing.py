"""
Subscriber information: who had a number in a period that a scope grants, and nothing else (R-099, control 7).

Where more than one subscriber had the number in the period, or the lists do not say whose it was, the answer *stops*: it
tells the times and no names, until a person chose whom the process means (R-110). Every look is an event before it is shown (I5).
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tecum.access.rules import require
from tecum.audit import operations as audit
from tecum.guide.model.process import Product
from tecum.inventory import queries as inventory
from tecum.inventory.drivers.engine import NothingLoaded
from tecum.kernel.actors import Actor, ActorKind
from tecum.kernel.numbers import is_canonical
from tecum.kernel.periods import Period
from tecum.kernel.refusals import NotYours, Refused
from tecum.policy import queries as policy
from tecum.records.queries.subscribers import NumberSpells, number_spells
from tecum.records.rules import subscriber_product as products
from tecum.records.rules.scope import Grant, Scope
from tecum.records.rules.tenancy import midnight
from tecum.secrecy import queries as secrecy


class NoSuchProduct(Refused):
    """A product that the guide does not name, or that is not about subscribers."""


@dataclass(frozen=True, slots=True)
class SpellTimes:
    """When some subscriber had the number, within the grant: no name and no account."""

    id: str
    period: Period
    unsure: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class SubscriberRow:
    """One state of one subscriber within the grant: the fields of the product, in its order."""

    spell: str
    period: Period
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class GrantAnswer:
    """
    What the lists say for one grant. `rows` is empty while `stops` is not and nobody chose.

    `uncovered`: the parts of the period of which no list speaks; `lists`: the lists that the answer rests on.
    """

    grant: Grant
    times: tuple[SpellTimes, ...]
    rows: tuple[SubscriberRow, ...]
    stops: tuple[str, ...]
    uncovered: tuple[Period, ...]
    lists: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SubscriberAnswer:
    """The answer for a product: one part for each grant; `not_held` are fields that no list can fill."""

    product: str
    scope: str
    not_held: tuple[str, ...]
    parts: tuple[GrantAnswer, ...]


def subscribers_of(
    scope: Scope, *, product: str, by: Actor, now: datetime, chosen: Iterable[str] = ()
) -> SubscriberAnswer:
    """
    Return the subscriber information that a scope grants of a product; `chosen` are spells that a person chose.

    That somebody looked, under which scope and how much was shown, is stored before the answer is returned.

    :raises NotYours: without the permission, or for a sealed matter that one is not on the list of
    :raises NoSuchProduct: for a product the guide does not name, or without a field that lists can fill
    """
    require(by, "records.search", now=now)
    if by.kind is not ActorKind.SYSTEM and scope.matter in secrecy.hidden_from(by.ref):
        raise NotYours
    guide = policy.at(now)
    entry = next((each for each in guide.products if each.id == product), None)
    if entry is None or len(products.not_held(entry.fields)) == len(entry.fields):
        raise NoSuchProduct(f"The guide names no product '{product}' that shows something of a subscriber.")
    picked = frozenset(chosen)
    parts = tuple(
        _part(grant, entry, picked, now) for grant in scope.grants_for(product) if is_canonical(grant.number)
    )
    answer = SubscriberAnswer(product, scope.digest(), products.not_held(entry.fields), parts)
    _note(answer, scope, by=by, now=now)
    return answer


def _note(answer: SubscriberAnswer, scope: Scope, *, by: Actor, now: datetime) -> None:
    """Account for a look: amounts, and the lists that it rests on; never a name or a number."""
    lists = sorted({each for part in answer.parts for each in part.lists})
    audit.note(
        "subscribers.answered",
        matter=scope.matter,
        by=by,
        at=now,
        scope=answer.scope,
        product=answer.product,
        numbers=len(answer.parts),
        rows=sum(len(part.rows) for part in answer.parts),
        stopped=sum(bool(part.stops) for part in answer.parts),
        lists=hashlib.sha256("".join(f"{each}\n" for each in lists).encode()).hexdigest(),
    )


def _part(grant: Grant, product: Product, picked: frozenset[str], now: datetime) -> GrantAnswer:
    zone = policy.at(now).carrier.zone.tz
    known = number_spells(grant.number, period=grant.period, now=now)
    stops = _stops(known, grant, zone, now)
    shown = [spell for spell in known.spells if spell.id in picked] if stops else known.spells
    rows = tuple(
        SubscriberRow(
            spell.id,
            version.period,
            products.row(version.entry, product.fields, product.masks, on=_day(version.period, zone, now)),
        )
        for spell in shown
        for version in spell.versions
    )
    return GrantAnswer(
        grant=grant,
        times=tuple(SpellTimes(spell.id, spell.period, spell.unsure) for spell in known.spells),
        rows=rows,
        stops=stops,
        uncovered=grant.period.minus(known.covered),
        lists=known.lists,
    )


def _day(period: Period, zone: ZoneInfo, now: datetime) -> date:
    return min(period.end, now).astimezone(zone).date()


def _stops(known: NumberSpells, grant: Grant, zone: ZoneInfo, now: datetime) -> tuple[str, ...]:
    """Say why a person must look before anything is produced; nothing where one subscriber had the number throughout."""
    said = []
    if len(known.spells) > 1:
        times = "; ".join(_span(spell.period, zone) for spell in known.spells)
        said.append(
            f"The number had {len(known.spells)} subscribers in this period: {times}. Choose whom the process means."
        )
    for spell in known.spells:
        said += [
            f"A subscriber left between two lists, {_span(part, zone)}: whose the number was then cannot be told."
            for part in spell.unsure
        ]
    if known.unreadable:
        said.append("A line of this number was destroyed at the end of its retention.")
    moves = _moves(grant, zone, now)
    if len(moves) > 1:
        said.append(
            f"By the number inventory it passed from one company to another in this period: {'; '.join(moves)}."
        )
    return tuple(said)


def _moves(grant: Grant, zone: ZoneInfo, now: datetime) -> list[str]:
    """Return the times of every assignment of the inventory that lies in a grant's period; none where none is loaded."""
    try:
        history = inventory.assignments(grant.number, now=now)
    except NothingLoaded:
        return []
    found = [(midnight(past.in_service_date, zone), past.until) for past in history.past if past.believed]
    if history.current:
        start = midnight(history.current.in_service_date, zone)
        found.append((start, max(grant.period.end, start)))
    periods = (Period(start, end) for start, end in sorted(found) if start < end)
    return [
        _span(part, zone) for each in periods if (part := each.intersection(grant.period)) and not part.empty
    ]


def _span(period: Period, zone: ZoneInfo) -> str:
    start, end = (at.astimezone(zone) for at in (period.start, period.end))
    return f"{start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M %Z}"
