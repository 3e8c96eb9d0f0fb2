"""
What a fee includes, over a whole case: products that share a fee share what it includes (`included` of the guide).

The guide's calculator quotes one product. Here each product's facts, in the order in which all of them happened, take from
what the fee includes once for the case; what a new fact adds to it (`included_per`) is given to those before that went
without.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from tecum.billing.rules.facts import Fact
from tecum.guide.calculators.fees import Line
from tecum.guide.calculators.quantities import Amounts, times
from tecum.guide.model.fees import Fee
from tecum.guide.model.guide import Guide

Group = tuple[str, bool]  # a product, and whether something was found
Lines = Mapping[str, Line]
NOTHING = Decimal(0)


def group_of(fact: Fact) -> Group:
    """Return what a fact is quoted together with."""
    return fact.product, fact.found


@dataclass(frozen=True, slots=True)
class Course:
    """What happened so far; `used` has each fee that includes something, with how much of it went to whom."""

    facts: Mapping[Group, Sequence[Fact]] = field(default_factory=dict)
    used: Mapping[Group, Mapping[str, Decimal]] = field(default_factory=dict)

    def of(self, group: Group) -> Sequence[Fact]:
        """Return what happened of a product."""
        return self.facts.get(group, ())

    def plus(self, fact: Fact) -> "Course":
        """Return it with one more fact."""
        group = group_of(fact)
        return replace(self, facts={**self.facts, group: [*self.of(group), fact]})

    def using(self, group: Group, used: Mapping[str, Decimal]) -> "Course":
        """Return it with what a product used."""
        return replace(self, used={**self.used, group: {**self.used.get(group, {}), **used}})

    def left(
        self, group: Group, guide: Guide, amounts: Callable[[Sequence[Fact]], Amounts]
    ) -> dict[str, Decimal]:
        """Return, by fee, what is left for a product of what others share with it."""
        found: dict[str, Decimal] = {}
        for fee in filter(lambda each: each.included, guide.fees):
            others = [each for each in self.used if each != group and fee.id in self.used[each]]
            if others:
                reached = [fact for each in (group, *others) for fact in self.of(each)]
                whole = fee.included * times(fee.included_per, amounts(reached), guide)
                spent = sum((self.used[each][fee.id] for each in others), NOTHING)
                found[fee.id] = max(NOTHING, whole - spent)
        return found

    def sharing(self, group: Group, guide: Guide) -> list[Group]:
        """Return the other products that are charged a fee which may include more by a new fact."""
        grows = {fee.id for fee in guide.fees if fee.included and fee.included_per}
        return [other for other, used in self.used.items() if other != group and grows & used.keys()]


def used_by(lines: Iterable[Line], guide: Guide, *, found: bool) -> dict[str, Decimal]:
    """Return how much of what each fee includes its line used; what is free as nothing was found uses none."""
    fees: dict[str, Fee] = {fee.id: fee for fee in guide.fees if fee.included}
    return {
        line.fee: NOTHING if not found and fees[line.fee].nothing_found in {"free", "flat"} else line.included
        for line in lines
        if line.fee in fees
    }


def added(lines: Lines, more: Lines) -> dict[str, Line]:
    """Return lines with what the same fees come to for another product."""
    both = dict(lines)
    for key, line in more.items():
        mine = both.get(key)
        both[key] = line if mine is None else replace(
            mine, quantity=mine.quantity + line.quantity, low=mine.low + line.low, high=mine.high + line.high
        )  # fmt: skip
    return both
