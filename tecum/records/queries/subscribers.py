"""
Who had a number, by every list of the billing system: for rules and operations of this package, and for judging whose records a
process means. Whoever wants to *see* a subscriber asks `records.subscribers_of`, which is accounted for.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tecum.kernel.periods import Period
from tecum.policy import queries as policy
from tecum.records.models import SubscriberLine, SubscriberList
from tecum.records.queries.lists import opened_line
from tecum.records.rules import subscriber_product as products
from tecum.records.rules.subscriber_lists import Entry
from tecum.records.rules.tenancy import Spell, Told, spells, within
from tecum.records.states import ListState
from tecum.secrecy import operations as secrecy

LOOKS_BACK = timedelta(days=1)  # a number that was ported yesterday still shows


@dataclass(frozen=True, slots=True)
class NumberSpells:
    """Everything the lists say of one number in a period; for rules and operations of this package."""

    spells: tuple[Spell, ...]
    covered: tuple[Period, ...]
    unreadable: int
    lists: tuple[str, ...]


def known(numbers: Iterable[str]) -> frozenset[str]:
    """Return those of some numbers that a list has ever told of."""
    return frozenset(SubscriberLine.seen().filter(number__in=list(numbers)).values_list("number", flat=True))


def number_spells(number: str, *, period: Period, now: datetime) -> NumberSpells:
    """Return who had a number in a period, over all sources, and the times of which lists speak at all."""
    return spells_of({number: period}, now=now)[number]


def market_of(number: str, *, now: datetime) -> str:
    """Return the market that the latest list names for whoever has a number now; nothing where it names none. For judging whose it is."""
    found = number_spells(number, period=Period(now - LOOKS_BACK, now + timedelta(minutes=1)), now=now).spells
    return found[-1].versions[-1].entry.market if found else ""


def spells_of(numbers: Mapping[str, Period], *, now: datetime) -> dict[str, NumberSpells]:
    """Return the same for many numbers, each in its period, with as many questions to the database as for one."""
    lines = list(SubscriberLine.seen().filter(number__in=list(numbers)).order_by("pk"))
    instants = _instants({line.source for line in lines})
    covered, keys = _covered(now), dict[str, secrecy.Key]()
    zone = policy.at(now).carrier.zone.tz
    return {
        number: _number_spells(
            [line for line in lines if line.number == number], period, instants, covered, keys, zone
        )
        for number, period in numbers.items()
    }


def _number_spells(
    lines: Sequence[SubscriberLine],
    period: Period,
    instants: Mapping[str, Sequence[datetime]],
    listed: Sequence[Period],
    keys: dict[str, secrecy.Key],
    zone: ZoneInfo,
) -> NumberSpells:
    told: dict[str, list[Told]] = {}
    unreadable = 0
    for line in lines:
        try:
            entry = opened_line(line, keys)
        except secrecy.Destroyed:
            unreadable += 1
            continue
        told.setdefault(line.source, []).append(_told(line, entry, instants[line.source]))
    found = [spell for each in told.values() for spell in within(spells(each, zone), period)]
    found.sort(key=lambda spell: spell.period)
    basis = tuple(sorted({line.first_id for line in lines}))
    covered = list(listed)
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
