"""
How many units of a fee happened.

A fee counts by units that are multiplied: targets × months, numbers × requests. What happened is not always a full
rectangle of them (three numbers in one request, one of them again in another), so each fact is a point, each unit of the
fee one of its coordinates, and the quantity is the number of different points: nothing is charged twice for one unit, and
nothing is charged that did not happen.
"""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from tecum.billing.rules import lasting
from tecum.billing.rules.facts import COST, OFF, ON, Fact
from tecum.guide.model.fees import TIME_UNITS, Fee
from tecum.guide.model.guide import Guide
from tecum.guide.questions import word

Point = tuple[str, ...]
WHOM = frozenset({"target", "number", "account", "device", "subscriber"})


def quantity(fee: Fee, facts: Sequence[Fact], guide: Guide) -> Decimal:
    """Return how many units of a fee happened, less the periods that are included elsewhere (R-142)."""
    timed = [unit for unit in fee.per if unit in TIME_UNITS]
    told = [fact for fact in facts if _counts(fact, timed)]
    if "switch_outside_market" in fee.per:
        outside = _outside(told, guide)
        told = [fact for fact in told if (fact.target or fact.id, fact.detail("switch")) in outside]
    elif "switch" in fee.per:
        told = [fact for fact in told if fact.detail("switch")]
    points: dict[Point, Decimal] = {}
    for fact in sorted(told, key=lambda one: (one.happened_at, one.id)):
        point = _point(fee, fact)
        weight = _weight(fee, fact) * lasting.share(fee, fact, facts, guide)
        points[point] = max(points.get(point, Decimal(0)), weight)
    if timed and fee.included_periods:
        points = _after_the_included(points, fee)
    return sum(points.values(), Decimal(0))


def _counts(fact: Fact, timed: list[str]) -> bool:
    """A month that began is counted by the fees of months and by no other; a cost is passed on, and an end says how long."""
    if fact.unit in {COST, ON, OFF}:
        return False
    return fact.unit in timed if timed else fact.unit not in TIME_UNITS


def _point(fee: Fee, fact: Fact) -> Point:
    place = [_coordinate(unit, fee, fact) for unit in fee.per]
    if fee.combined_services == "each":
        place.append(fact.detail("service"))
    if fee.combined_types == "each":
        place.append(fact.detail("type"))
    return tuple(place)


def _coordinate(unit: str, fee: Fee, fact: Fact) -> str:
    if unit in WHOM:
        return _aim(fact, fee)
    known: dict[str, Callable[[], str]] = {
        "request": lambda: fact.happened_at.isoformat(),  # facts of one request are noted at one instant
        "order": lambda: fact.detail("act"),
        "switch": lambda: fact.detail("switch"),
        "switch_outside_market": lambda: fact.detail("switch"),
        "service": lambda: fact.detail("service"),
    }
    if unit in known:
        return known[unit]()
    if unit in TIME_UNITS:
        return fact.happened_at.isoformat()  # a month that began for two services is one month
    return fact.id  # a report, a ping, a message: each is one by itself


def _aim(fact: Fact, fee: Fee) -> str:
    """
    Return what tells one target from another.

    A surveillance's is its continuous authority (B14): an extension, a new handset or an added type are the same one,
    unless the fee is charged for each of them.
    """
    aim = fact.target or fact.id
    if not fact.detail("authority"):
        return aim
    return f"{aim} {fact.detail('authority')} {fact.detail('act') if fee.again == 'each_time' and fact.unit not in TIME_UNITS else ''}"


def _weight(fee: Fee, fact: Fact) -> Decimal:
    return Decimal(fact.quantity) if fact.unit in fee.per else Decimal(1)


def _after_the_included(points: dict[Point, Decimal], fee: Fee) -> dict[Point, Decimal]:
    """Leave out the first periods of each target; points stand in the order in which they happened."""
    places = [place for place, unit in enumerate(fee.per) if unit in TIME_UNITS]
    seen: dict[Point, int] = {}
    left: dict[Point, Decimal] = {}
    for point, number in points.items():
        whose = tuple(part for place, part in enumerate(point) if place not in places)
        seen[whose] = seen.get(whose, 0) + 1
        if seen[whose] > fee.included_periods:
            left[point] = number
    return left


def _outside(facts: Iterable[Fact], guide: Guide) -> set[tuple[str, str]]:
    """
    Return target and switch of each outside the initial market, which is the one that costs least (B14).

    A switch whose market nobody knows is never charged as one outside.
    """
    markets: dict[str, dict[str, set[str]]] = {}
    for fact in facts:
        name = fact.detail("switch")
        market = fact.detail("market") or market_of(name, guide)
        if name and market:
            markets.setdefault(fact.target or fact.id, {}).setdefault(market, set()).add(name)
    found: set[tuple[str, str]] = set()
    for aim, named in markets.items():
        initial = max(named, key=lambda market: len(named[market]))
        found |= {(aim, name) for market, names in named.items() if market != initial for name in names}
    return found


def market_of(switch: str, guide: Guide) -> str:
    """Return the market that the guide lists a switch under, or nothing."""
    return next((one.id for one in guide.markets if word(switch) in set(map(word, one.switches))), "")
