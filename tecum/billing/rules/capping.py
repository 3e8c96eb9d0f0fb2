"""
Caps over what really happened: the most that several products, or each target, may come to (guide dimension 8).

The guide's calculator caps the quote of one product, and knows how many targets there are, not which of them cost what.
Here the charges are added up in the order in which things happened, of each target by itself where the cap is one of each
target, and what goes over the cap is taken off at the fact that went over it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from tecum.billing.rules.counting import WHOM
from tecum.billing.rules.facts import Fact
from tecum.guide.model.fees import Cap
from tecum.guide.model.guide import Guide
from tecum.kernel.money import Money

Priced = Sequence[tuple[str, Money]]  # fee → amount, of one fact
Units = Callable[[Sequence[Fact]], Mapping[str, Decimal]]


def reaches_further(cap: Cap) -> bool:
    """Tell whether a cap is over several products, or for each target: more than the quote of one product knows."""
    return len(cap.products) != 1 or bool(WHOM & set(cap.per))


def taken_off(
    cap: Cap, facts: Iterable[Fact], charged: Mapping[str, Priced], guide: Guide, *, units: Units
) -> list[tuple[Fact, Money]]:
    """Return what a cap takes off, by the fact at which it does; facts come in the order in which they happened."""
    apart: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        apart[(fact.target or fact.id) if WHOM & set(cap.per) else ""].append(fact)
    return [off for mine in apart.values() for off in _of_one(cap, mine, charged, guide, units)]


def _of_one(
    cap: Cap, facts: Iterable[Fact], charged: Mapping[str, Priced], guide: Guide, units: Units
) -> list[tuple[Fact, Money]]:
    currency = guide.carrier.currency
    found: list[tuple[Fact, Money]] = []
    so_far: list[Fact] = []
    whole = told = Money(Decimal(0), currency)
    for fact in facts:
        so_far.append(fact)
        mine = _touched(cap, charged.get(fact.id, ()), currency)
        whole += mine
        most = Money(cap.amount * _times(cap, units(so_far)), currency)
        wanted = most if most < whole else whole
        if (off := wanted - told - mine).cents:
            found.append((fact, off))
        told = wanted
    return found


def _touched(cap: Cap, charged: Priced, currency: str) -> Money:
    total = Money(Decimal(0), currency)
    for fee, amount in charged:
        if amount.currency == currency and (not cap.fees or fee in cap.fees or fee == cap.id):
            total += amount
    return total


def _times(cap: Cap, units: Mapping[str, Decimal]) -> Decimal:
    times = Decimal(1)
    for unit in set(cap.per) - WHOM:
        times *= units.get(unit, Decimal(1))
    return times
