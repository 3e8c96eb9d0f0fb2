"""
Facts become charges: every charge belongs to one fact, one fee and one version of the schedule, and says how it came about.

The facts are laid out in the order in which they happened; a fact costs what its product costs with it, less what that
costs without it, by the schedule in force when it happened (decision B11). So tiers, caps and charges that are made once
need no rule of their own here: the guide's one calculator prices them all. What a fee includes counts once in a case,
however many products share the fee (`including`).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from tecum.billing.rules import capping, lasting
from tecum.billing.rules.counting import quantity
from tecum.billing.rules.facts import COST, OFF, ON, About, Fact
from tecum.billing.rules.including import Course, Group, Lines, added, group_of, used_by
from tecum.guide.calculators import fees
from tecum.guide.calculators.fees import Asked, Line
from tecum.guide.calculators.quantities import Amounts
from tecum.guide.model.fees import Fee
from tecum.guide.model.guide import Guide, NotInGuide
from tecum.guide.questions import Question, fitting, word
from tecum.kernel.money import Money

Schedule = Callable[[Fact], Guide]


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What one fact costs by one fee."""

    fact: str
    product: str
    fee: str
    label: str
    unit: str
    quantity: Decimal
    unit_price: str
    amount: Money
    full: Money  # what it would cost without the waiver
    how: tuple[str, ...]
    basis: str
    version: str
    source: str
    waiver: str = ""
    waiver_label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """The charges of a case; `free` facts cost nothing by any fee, `unknown` ones the guide cannot price, and why."""

    charges: tuple[Charge, ...]
    free: tuple[str, ...]
    unknown: dict[str, str]

    def total(self, currency: str) -> Money:
        """Return the sum in one currency."""
        total = Money(Decimal(0), currency)
        for charge in self.charges:
            if charge.amount.currency == currency:
                total += charge.amount
        return total


def price(facts: Iterable[Fact], *, schedule: Schedule, about: About) -> Priced:
    """Return what facts cost, each by the guide that `schedule` gives for it."""
    charges: list[Charge] = []
    free: list[str] = []
    unknown: dict[str, str] = {}
    told = list(facts)
    begun = lasting.begun(told)
    in_order = sorted(told, key=lambda one: (one.product, one.found, *lasting.place(one, begun), one.id))
    course = Course()
    for fact in sorted(in_order, key=lambda one: lasting.place(one, begun)):
        try:
            made, since = _of(fact, course, schedule(fact), about)
        except NotInGuide as missing:
            unknown[fact.id] = str(missing)
            continue
        if fact.unit == COST and not made:
            unknown[fact.id] = "The guide passes no such cost on, or not for this reason."
            continue
        charges += made
        free += [] if made else [fact.id]
        course = since
    place = {fact.id: number for number, fact in enumerate(in_order)}
    charges.sort(key=lambda charge: place[charge.fact])
    free.sort(key=lambda fact: place[fact])
    charges += _over_all_products(
        [one for one in in_order if one.id not in unknown], charges, schedule, about
    )
    return Priced(charges=tuple(charges), free=tuple(free), unknown=unknown)


def _over_all_products(
    facts: Sequence[Fact], charges: Sequence[Charge], schedule: Schedule, about: About
) -> list[Charge]:
    """Return what caps take off that several products share, by the schedule of what happened last."""
    if not facts:
        return []
    in_time = sorted(facts, key=lambda one: (one.happened_at, one.id))
    guide = schedule(in_time[-1])
    charged: dict[str, list[tuple[str, Money]]] = {}
    for charge in charges:
        charged.setdefault(charge.fact, []).append((charge.fee, charge.amount))
    made: list[Charge] = []
    for cap in filter(capping.reaches_further, guide.fee_caps):
        reached = [one for one in in_time if fitting([cap], _question(one, [one], guide, about), guide)]
        for fact, off in capping.taken_off(cap, reached, charged, guide, units=_units):
            most = Money(cap.amount, guide.carrier.currency)
            made.append(_taken_off(fact, cap.id, f"Capped at {most}", off, guide))
            charged.setdefault(fact.id, []).append((cap.id, off))
    return made


def _taken_off(fact: Fact, cap: str, label: str, amount: Money, guide: Guide) -> Charge:
    return Charge(
        fact=fact.id, product=fact.product, fee=cap, label=label, unit="cap", quantity=Decimal(1), unit_price="",
        amount=amount, full=amount, how=("over all that happened in the case",), basis="", version=guide.version, source="",
    )  # fmt: skip


def _of(fact: Fact, course: Course, guide: Guide, about: About) -> tuple[list[Charge], Course]:
    """Return the charges of one more fact, and what happened with it."""
    guide = replace(guide, fee_caps=tuple(cap for cap in guide.fee_caps if not capping.reaches_further(cap)))
    before, _ = _costs(course, fact, guide, about)
    after, since = _costs(course.plus(fact), fact, guide, about)
    nothing = Money(Decimal(0), guide.carrier.currency)
    gone = {
        key: replace(line, quantity=Decimal(0), low=nothing, high=nothing)
        for key, line in before.items()
        if key not in after
    }
    dearer = {key: line for key, line in {**after, **gone}.items() if _changed(line, before.get(key))}
    unwaived = _unwaived(fact, course, guide, about) if any(line.waiver for line in dearer.values()) else {}
    charges = [
        _charge(fact, line, before.get(key), guide, full=unwaived.get(key)) for key, line in dearer.items()
    ]
    return charges, since


def _changed(line: Line, before: Line | None) -> bool:
    if before is None:
        return bool(line.quantity or line.low)
    return line.quantity != before.quantity or line.low != before.low


def _unwaived(fact: Fact, course: Course, guide: Guide, about: About) -> dict[str, Money]:
    """Return what a fact would cost if nothing were waived, by fee."""
    bare = replace(guide, waivers=())
    before, _ = _costs(course, fact, bare, about)
    after, _ = _costs(course.plus(fact), fact, bare, about)
    zero = Money(Decimal(0), guide.carrier.currency)
    found = {key: line.low - before[key].low if key in before else line.low for key, line in after.items()}
    return found | {key: zero - line.low for key, line in before.items() if key not in after}


def _charge(fact: Fact, line: Line, before: Line | None, guide: Guide, *, full: Money | None) -> Charge:
    amount = line.low if before is None else line.low - before.low
    number = (
        line.quantity if before is None or line.kind == "pass_through" else line.quantity - before.quantity
    )
    waiver = next((one for one in guide.waivers if one.id == line.waiver), None)
    fee = next((one for one in guide.fees if one.id == line.fee), None)
    return Charge(
        fact=fact.id, product=fact.product, fee=line.fee, label=line.label, unit=line.unit, quantity=number,
        unit_price=line.unit_price, amount=amount, full=amount if full is None else full, how=line.how, basis=line.basis,
        version=guide.version, source=fee.source.sentence if fee is not None and fee.source is not None else "",
        waiver=line.waiver, waiver_label=waiver.label if waiver else "",
    )  # fmt: skip


def _costs(course: Course, asking: Fact, guide: Guide, about: About) -> tuple[Lines, Course]:
    """Return the lines, by fee, of what happened so far of a product and of those whose fees it makes include more."""
    mine = group_of(asking)
    quoted = _quoted(course, mine, asking, guide, about)
    course = course.using(mine, used_by(quoted, guide, found=asking.found))
    lines = _by_fee(quoted)
    for other in course.sharing(mine, guide):
        last = replace(course.of(other)[-1], happened_at=asking.happened_at)
        quoted = _quoted(course, other, last, guide, about)
        course = course.using(other, used_by(quoted, guide, found=last.found))
        lines = added(lines, _by_fee(quoted))
    return lines, course


def _quoted(course: Course, group: Group, asking: Fact, guide: Guide, about: About) -> Sequence[Line]:
    """Return the guide's quote for what happened so far of a product; nothing for nothing."""
    facts = course.of(group)
    if not facts:
        return ()
    amounts = replace(
        _amounts(facts),
        counted={fee.id: quantity(fee, facts, guide) for fee in guide.fees if fee.kind != "pass_through"},
        included=course.left(group, guide, _amounts),
    )
    costs = {fee.id: _passed_on(fee, facts) for fee in guide.fees if fee.kind == "pass_through"}
    question = _question(asking, facts, guide, about)
    return fees.quote(guide, question, Asked(amounts=amounts, found=asking.found, passed_on=costs)).lines


def _by_fee(lines: Iterable[Line]) -> dict[str, Line]:
    return {f"{line.kind}:{line.fee}": line for line in lines if _real(line)}


def _amounts(facts: Sequence[Fact]) -> Amounts:
    return Amounts(units=_units(facts), services=_codes(facts, "service"), types=_codes(facts, "type"))


def _question(asking: Fact, facts: Sequence[Fact], guide: Guide, about: About) -> Question:
    return Question(
        on=asking.happened_at.astimezone(guide.carrier.zone.tz).date(), product=asking.product, process=about.process,
        country=about.country, region=about.region, requester=about.requester,
        services=_codes(facts, "service"), facts=about.circumstances,
    )  # fmt: skip


def _passed_on(fee: Fee, facts: Sequence[Fact]) -> Decimal:
    """Return the costs that a fee passes on; only for its reasons (R-147)."""
    reasons = set(map(word, fee.reasons))
    told = [fact for fact in facts if fact.unit == COST and (not reasons or word(fact.reason) in reasons)]
    return sum((fact.cost.amount for fact in told if fact.cost is not None), Decimal(0))


def _real(line: Line) -> bool:
    """A cost that was not passed on, and a fee that nothing counted for, are no lines of a bill."""
    return bool(line.low or (line.quantity and line.kind != "pass_through"))


def _units(facts: Sequence[Fact]) -> dict[str, Decimal]:
    """Return the plain counts, for what is included or capped per target or per request."""
    told = [fact for fact in facts if fact.unit not in {ON, OFF}]
    whom = Decimal(len({fact.target or fact.id for fact in told}))
    requests = Decimal(len({fact.happened_at for fact in told}))
    return {
        "target": whom, "number": whom, "account": whom, "device": whom, "subscriber": whom, "request": requests,
    }  # fmt: skip


def _codes(facts: Sequence[Fact], name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word(fact.detail(name)) for fact in facts if fact.detail(name)))
