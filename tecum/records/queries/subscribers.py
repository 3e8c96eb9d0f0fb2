"""
Subscriber information: who had a number in a period that a scope grants, and nothing else.

Where more than one subscriber had the number in the period, or the lists do not say whose it was, the answer *stops*: it
tells the times and no names, until a person chose whom the process means (R-110).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tecum.guide.model.process import Product
from tecum.inventory import queries as inventory
from tecum.inventory.drivers.engine import NothingLoaded
from tecum.kernel.numbers import is_canonical
from tecum.kernel.periods import Period
from tecum.kernel.refusals import Refused
from tecum.policy import queries as policy
from tecum.records.models import SubscriberLine, SubscriberList
from tecum.records.queries.lists import opened_line
from tecum.records.rules import subscriber_product as products
from tecum.records.rules.scope import Grant, Scope
from tecum.records.rules.subscriber_lists import Entry
from tecum.records.rules.tenancy import Spell, Told, midnight, spells, within
from tecum.records.states import ListState
from tecum.secrecy import operations as secrecy


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


@dataclass(frozen=True, slots=True)
class NumberSpells:
    """Everything the lists say of one number in a period; for rules and operations of this package."""

    spells: tuple[Spell, ...]
    covered: tuple[Period, ...]
    unreadable: int
    lists: tuple[str, ...]


def of(scope: Scope, *, product: str, now: datetime, chosen: Iterable[str] = ()) -> SubscriberAnswer:
    """
    Return the subscriber information that a scope grants of a product; `chosen` are spells that a person chose.

    :raises NoSuchProduct: for a product the guide does not name, or without a field that lists can fill
    """
    guide = policy.at(now)
    entry = next((each for each in guide.products if each.id == product), None)
    if entry is None or len(products.not_held(entry.fields)) == len(entry.fields):
        raise NoSuchProduct(f"The guide names no product '{product}' that shows something of a subscriber.")
    picked = frozenset(chosen)
    parts = tuple(
        _part(grant, entry, picked, now) for grant in scope.grants_for(product) if is_canonical(grant.number)
    )
    return SubscriberAnswer(product, scope.digest(), products.not_held(entry.fields), parts)


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


def number_spells(number: str, *, period: Period, now: datetime) -> NumberSpells:
    """Return who had a number in a period, over all sources, and the times of which lists speak at all."""
    guide = policy.at(now)
    lines = list(SubscriberLine.seen().filter(number=number).order_by("pk"))
    instants = _instants({line.source for line in lines})
    keys: dict[str, secrecy.Key] = {}
    told: dict[str, list[Told]] = {}
    unreadable = 0
    for line in lines:
        try:
            entry = opened_line(line, keys)
        except secrecy.Destroyed:
            unreadable += 1
            continue
        told.setdefault(line.source, []).append(_told(line, entry, instants[line.source]))
    found = [spell for each in told.values() for spell in within(spells(each, guide.carrier.zone.tz), period)]
    found.sort(key=lambda spell: spell.period)
    basis = tuple(sorted({line.first_id for line in lines}))
    covered = _covered(now)
    last = max((each.end for each in covered), default=None)
    # The bill's own dates speak of the time before the first list; of the time after the last one nothing does.
    covered += [
        Period(spell.period.start, min(spell.period.end, last))
        for spell in found
        if last and spell.period.start < last
    ]
    return NumberSpells(tuple(found), tuple(covered), unreadable, basis)


def _told(line: SubscriberLine, entry: Entry, instants: Sequence[datetime]) -> Told:
    gone = line.last.as_of if line.last and line.last.state == ListState.APPLIED else None
    before = [at for at in instants if gone is None or at < gone]
    return Told(
        f"{line.source}-{line.pk}", entry, line.first.as_of, max(before, default=line.first.as_of), gone
    )


def _instants(sources: set[str]) -> dict[str, list[datetime]]:
    rows = SubscriberList.objects.filter(source__in=sources, state=ListState.APPLIED).order_by("as_of")
    found: dict[str, list[datetime]] = {source: [] for source in sources}
    for source, at in rows.values_list("source", "as_of"):
        found[source].append(at)
    return found


def _covered(now: datetime) -> list[Period]:
    """Return, for each source, the time from its first list until its last one is stale."""
    found = []
    for source in policy.at(now).subscriber_sources:
        rows = SubscriberList.objects.filter(source=source.id, state=ListState.APPLIED).order_by("as_of")
        first, last = rows.first(), rows.last()
        if first and last:
            found.append(Period(first.as_of, last.as_of + source.stale_after.elapsed))
    return found


def near(number: str) -> tuple[str, ...]:
    """
    Return numbers with a subscriber of ours, now, that are one slip of the finger from this one: a hint for staff alone.

    The doors ask `operations.matching.match`, which records who did.
    """
    rows = SubscriberLine.seen().filter(number__in=products.neighbours(number), last=None)
    return tuple(sorted(set(rows.values_list("number", flat=True))))
