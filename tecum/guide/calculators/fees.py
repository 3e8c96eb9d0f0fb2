"""The fee quote: every fee that applies, line by line, with caps, waivers and what must happen before work begins."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from tecum.guide.calculators.quantities import Amounts, Counted, count, times
from tecum.guide.calculators.results import Result, quantity
from tecum.guide.entries import Stated
from tecum.guide.model.fees import Cap, Fee, Gate, Tier, Waiver
from tecum.guide.model.guide import Guide
from tecum.guide.questions import Question, fitting, presumed, resolved, word
from tecum.kernel.money import Money

ZERO = Decimal(0)
HUNDRED = Decimal(100)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a quote. `low` and `high` differ only where the price is a range."""

    fee: str
    label: str
    kind: str
    unit: str
    quantity: Decimal
    unit_price: str
    low: Money
    high: Money
    how: tuple[str, ...]
    waiver: str = ""
    basis: str = ""
    schedule: str = ""
    evidence: tuple[str, ...] = ()
    charged_though_nothing_found: bool = False
    included: Decimal = ZERO  # so much of what was counted costs nothing


@dataclass(frozen=True, kw_only=True)
class Quote(Result):
    """What a request costs. Without an invoice there is no total: that is not an invoice of zero."""

    invoice: bool
    currency: str
    total: Money | None
    total_low: Money | None
    total_high: Money | None
    estimate: bool
    lines: tuple[Line, ...] = ()
    variable: tuple[str, ...] = ()
    gates: tuple[str, ...] = ()
    payment_in_advance: bool = False
    release_withheld_until_paid: bool = False
    due_days: int | None = None
    invoiced: str = ""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a quote is asked for, beside the question."""

    amounts: Amounts = field(default_factory=Amounts)
    found: bool = True
    passed_on: Mapping[str, Decimal] = field(default_factory=dict)
    passed_on_reason: str = ""


def quote(guide: Guide, question: Question, asked: Asked) -> Quote:
    """
    Return what a request costs under the schedule that holds on the question's day.

    :raises NotInGuide: when the guide knows no such product or process
    """
    said, question = question, resolved(guide, question)
    asked = replace(asked, amounts=_switches(asked.amounts, guide))
    if not _charges(guide, question):
        return _none(
            guide, f"{guide.carrier.called} does not charge for this: there is no invoice.", (guide.billing,)
        )
    fees = _applicable(guide, question)
    if not fees:
        return _none(guide, "The guide sets no fee for this.", ())
    quoted = _quoted(guide, question, asked, fees)
    return replace(quoted, because=quoted.because + presumed(said, question))


def _charges(guide: Guide, question: Question) -> bool:
    rule = guide.billing.charges
    return rule == "schedule" or (rule == "civil_only" and word(question.matter) == "civil")


def _none(guide: Guide, because: str, used: tuple[Stated, ...]) -> Quote:
    return Quote(
        invoice=False, currency=guide.carrier.currency, total=None, total_low=None, total_high=None, estimate=False,
        because=because, used=used,
    )  # fmt: skip


def _applicable(guide: Guide, question: Question) -> list[Fee]:
    """Return the fees that apply, in the order of the file, without those that another replaces."""
    found = fitting(guide.fees, question, guide)
    replaced = {other for fee in found for other in fee.replaces}
    return [fee for fee in guide.fees if fee in found and fee.id not in replaced]


def _quoted(guide: Guide, question: Question, asked: Asked, fees: list[Fee]) -> Quote:
    used: list[Stated] = []
    warnings: list[str] = []
    lines: list[Line] = []
    for fee in fees:
        line = _line(guide, fee, asked, warnings)
        waiver = _waiver(guide, question, fee)
        if waiver is not None:
            line = _waived(line, waiver)
            used.append(waiver)
        used.append(fee)
        lines.append(line)
    caps = fitting(guide.fee_caps, question, guide)
    lines += _capped(guide, caps, lines, asked, used)
    warnings += _uncounted(fees, caps, asked)
    currencies = {line.low.currency for line in lines}
    if len(currencies) > 1:
        warnings.append(f"Amounts in {' and '.join(sorted(currencies))} are not added.")
    currency = guide.carrier.currency if guide.carrier.currency in currencies else min(currencies)
    low = _sum((line.low for line in lines), currency)
    high = _sum((line.high for line in lines), currency)
    gates = [gate for gate in fitting(guide.gates, question, guide) if _holds(gate, high)]
    used += gates
    variable = [
        fee.label
        for fee, line in zip(fees, lines, strict=False)
        if fee.kind == "pass_through" and not line.high
    ]
    return Quote(
        invoice=True,
        currency=currency,
        total=low if low == high else None,
        total_low=low,
        total_high=high,
        estimate=any(fee.kind == "estimate" for fee in fees),
        lines=tuple(lines),
        variable=tuple(variable),
        gates=tuple(gate.id for gate in gates),
        payment_in_advance=any(
            gate.kind in {"paid", "deposit"} and gate.before != "release" for gate in gates
        ),
        release_withheld_until_paid=any(gate.kind == "paid" for gate in gates),
        due_days=guide.billing.due_days,
        invoiced=guide.billing.invoice,
        because=_sentence(lines, low, high),
        used=(*used, guide.billing),
        warnings=tuple(dict.fromkeys(warnings)),
    )


def _uncounted(fees: list[Fee], caps: list[Cap], asked: Asked) -> list[str]:
    """Warn of a quantity of requests that no fee of the quote counts."""
    number = asked.amounts.units.get("request", Decimal(1))
    priced = [fee for fee in fees if fee.amount or fee.base or fee.tiers]
    counting = {unit for fee in priced for unit in (*fee.per, *fee.cap_per, *fee.included_per)}
    if number <= 1 or "request" in counting | _capping(fees, caps):
        return []
    return [f"{quantity(number)} requests were given, and no fee counts requests."]


def _capping(fees: list[Fee], caps: list[Cap]) -> set[str]:
    names = {fee.id for fee in fees}
    return {unit for cap in caps if not cap.fees or names & set(cap.fees) for unit in cap.per}


def _line(guide: Guide, fee: Fee, asked: Asked, warnings: list[str]) -> Line:
    currency = fee.currency or guide.carrier.currency
    if fee.kind == "pass_through":
        return _passed_on(fee, asked, currency)
    counted = count(fee, asked.amounts, guide)
    warnings += counted.assumed
    number, free, steps = _chargeable(fee, counted, asked, guide)
    low, how = _price(fee, fee.amount, number, warnings, asked)
    high = low if fee.amount_max is None else _price(fee, fee.amount_max, number, [], asked)[0]
    limits = _limits(fee, asked, guide)
    notes: list[str] = [*counted.steps, *steps, how]
    low, high = _bounded(low, limits, notes), _bounded(high, limits, [])
    if not asked.found:
        low, high = _nothing_found(fee, number, low, high, notes)
    return Line(
        fee=fee.id,
        label=fee.label,
        kind=fee.kind,
        unit=" × ".join(fee.per),
        quantity=number,
        unit_price=_unit_price(fee, currency),
        low=Money(low, currency).rounded(),
        high=Money(high, currency).rounded(),
        how=tuple(note for note in notes if note),
        basis=fee.basis,
        schedule=fee.schedule,
        evidence=fee.evidence,
        charged_though_nothing_found=not asked.found and high > 0,
        included=free,
    )


def _passed_on(fee: Fee, asked: Asked, currency: str) -> Line:
    cost = Money(asked.passed_on.get(fee.id, ZERO), currency).rounded()
    how = (
        ["The cost itself, with its evidence."]
        if cost
        else ["Charged at cost where it arises; no cost was given."]
    )
    reason = asked.passed_on_reason
    if fee.reasons and reason and word(reason) not in map(word, fee.reasons):
        cost, how = Money(ZERO, currency), [f"'{reason}' is no reason to pass it on."]
    return Line(
        fee=fee.id, label=fee.label, kind=fee.kind, unit="cost", quantity=Decimal(1), unit_price="at cost",
        low=cost, high=cost, how=tuple(how), basis=fee.basis, schedule=fee.schedule, evidence=fee.evidence,
    )  # fmt: skip


def _chargeable(fee: Fee, counted: Counted, asked: Asked, guide: Guide) -> tuple[Decimal, Decimal, list[str]]:
    """Return the quantity that costs something, at least the minimum, and how much of it is included."""
    number, steps = counted.total, []
    if number < fee.minimum_quantity:
        number = fee.minimum_quantity
        steps.append(f"at least {quantity(number)}")
    if not fee.included:
        return number, ZERO, steps
    left = asked.amounts.included.get(fee.id)
    free = fee.included * times(fee.included_per, asked.amounts, guide) if left is None else left
    charged = max(ZERO, number - free)
    steps.append(f"{quantity(free)} included, {quantity(charged)} charged")
    return charged, number - charged, steps


def _price(
    fee: Fee, amount: Decimal | None, number: Decimal, warnings: list[str], asked: Asked
) -> tuple[Decimal, str]:
    if amount is None and not fee.tiers and fee.base is not None and fee.per == ("request",):
        return fee.base * number, f"{quantity(number)} × {fee.base} = {quantity(fee.base * number)}"
    if fee.tiers:
        total = _tiered(fee.tiers, number)
        how = f"by tiers: {total}"
    else:
        total = (amount or ZERO) * number
        how = f"{quantity(number)} × {amount or ZERO} = {quantity(total)}"
    if fee.base is not None:
        total += fee.base
        how += f", and {fee.base} once"
        requests = asked.amounts.units.get("request", Decimal(1))
        if requests > 1:
            warnings.append(
                f"{fee.label}: {fee.base} is charged once, not for each of {quantity(requests)} requests."
            )
    return total, how


def _tiered(tiers: tuple[Tier, ...], number: Decimal) -> Decimal:
    total, below = ZERO, ZERO
    for tier in tiers:
        here = number - below if tier.up_to is None else min(number, tier.up_to) - below
        if here <= 0:
            break
        total += tier.amount if tier.flat else tier.amount * here
        below = number if tier.up_to is None else tier.up_to
    return total


def _limits(fee: Fee, asked: Asked, guide: Guide) -> tuple[Decimal | None, Decimal | None]:
    cap = None if fee.cap is None else fee.cap * times(fee.cap_per, asked.amounts, guide)
    return fee.minimum, cap


def _bounded(amount: Decimal, limits: tuple[Decimal | None, Decimal | None], notes: list[str]) -> Decimal:
    least, most = limits
    if least is not None and 0 < amount < least:
        notes.append(f"at least {least}")
        amount = least
    if most is not None and amount > most:
        notes.append(f"capped at {quantity(most)}")
        amount = most
    return amount


def _nothing_found(
    fee: Fee, number: Decimal, low: Decimal, high: Decimal, notes: list[str]
) -> tuple[Decimal, Decimal]:
    if fee.nothing_found == "charged":
        notes.append("charged though nothing was found")
        return low, high
    if fee.nothing_found == "reduced":
        reduced = (fee.amount_nothing_found or ZERO) * number
        notes.append(f"nothing was found: reduced to {quantity(reduced)}")
        return reduced, reduced
    if fee.nothing_found == "flat":
        flat = fee.amount_nothing_found or ZERO
        notes.append(f"nothing was found: {quantity(flat)} in all")
        return flat, flat
    notes.append("nothing was found: free")
    return ZERO, ZERO


def _waiver(guide: Guide, question: Question, fee: Fee) -> Waiver | None:
    facts = set(map(word, question.facts))
    fit = [
        waiver
        for waiver in fitting(guide.waivers, question, guide)
        if (not waiver.fees or fee.id in waiver.fees) and not facts & set(map(word, waiver.unless))
    ]
    return max(fit, key=lambda waiver: waiver.percent, default=None)


def _waived(line: Line, waiver: Waiver) -> Line:
    keep = (HUNDRED - waiver.percent) / HUNDRED
    how = (*line.how, f"{quantity(waiver.percent)} % waived: {waiver.label}")
    return replace(
        line, low=(line.low * keep).rounded(), high=(line.high * keep).rounded(), how=how, waiver=waiver.id
    )


def _capped(guide: Guide, caps: list[Cap], lines: list[Line], asked: Asked, used: list[Stated]) -> list[Line]:
    """Return one line that takes off what each cap cuts; caps of single fees first, then those of the whole."""
    extra: list[Line] = []
    for cap in sorted(caps, key=lambda one: not one.fees):
        touched = [line for line in [*lines, *extra] if not cap.fees or line.fee in cap.fees]
        most = Money(cap.amount * times(cap.per, asked.amounts, guide), guide.carrier.currency)
        low, high = (_over(touched, most, end) for end in ("low", "high"))
        if high:
            used.append(cap)
            extra.append(_cap_line(cap, most, low, high))
    return extra


def _over(lines: list[Line], most: Money, end: str) -> Money:
    total = _sum((getattr(line, end) for line in lines), most.currency)
    return total - most if most < total else Money(ZERO, most.currency)


def _cap_line(cap: Cap, most: Money, low: Money, high: Money) -> Line:
    return Line(
        fee=cap.fees[0] if len(cap.fees) == 1 else cap.id, label=f"Capped at {most}", kind="cap", unit="cap",
        quantity=Decimal(1), unit_price="", low=low * -1, high=high * -1, how=(f"at most {most}",),
    )  # fmt: skip


def _sum(amounts: Iterable[Money], currency: str) -> Money:
    total = Money(ZERO, currency)
    for amount in amounts:
        if amount.currency == currency:
            total += amount
    return total.rounded()


def _holds(gate: Gate, total: Money) -> bool:
    return gate.over is None or total.amount > gate.over


def _unit_price(fee: Fee, currency: str) -> str:
    if fee.tiers or fee.amount is None:
        return "by tiers" if fee.tiers else ""
    low = Money(fee.amount, currency).text
    return low if fee.amount_max is None else f"{low}-{Money(fee.amount_max, currency).text}"


def _sentence(lines: list[Line], low: Money, high: Money) -> str:
    total = str(low) if low == high else f"between {low} and {high}"
    charged = sum(bool(line.high) for line in lines)
    waived = sum(bool(line.waiver) and not line.high for line in lines)
    if waived and not charged:
        return f"{total}, in {_lines(waived)}, {'all ' if waived > 1 else ''}waived."
    return f"{total}, in {_lines(charged)}{f'; {waived} waived' if waived else ''}."


def _lines(number: int) -> str:
    return f"{number} line{'' if number == 1 else 's'}"


def _switches(amounts: Amounts, guide: Guide) -> Amounts:
    """Count switches outside the initial market from the services' switches: the initial market is the cheapest (B14)."""
    named = [word(name.removeprefix("switch:")) for name in amounts.units if name.startswith("switch:")]
    if not named:
        return amounts
    inside = [sum(word(switch) in named for switch in market.switches) for market in guide.markets]
    outside = Decimal(len(named) - max(inside, default=0))
    units = {key: value for key, value in amounts.units.items() if not key.startswith("switch:")}
    return replace(amounts, units={**units, "switch": Decimal(len(named)), "switch_outside_market": outside})
