"""What a surveillance will cost: the facts that its order would leave, priced by the same rules as what happened."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from tecum.billing.rules.facts import MONTH, OFF, About, Fact
from tecum.billing.rules.pricing import Charge, price
from tecum.cases.facts import Offer, QuoteLine
from tecum.guide.calculators.results import quantity
from tecum.guide.model.guide import Guide
from tecum.kernel.money import Money
from tecum.surveillance.rules import months
from tecum.surveillance.rules.ordered import Ordered


def expected(
    ordered: Sequence[Ordered], *, product: str, begins: datetime, ends: datetime, guide: Guide
) -> list[Fact]:
    """Return what an order would leave to be billed if it began at an instant and ran until its end."""
    found: list[Fact] = []

    def add(unit: str, line: Ordered, at: datetime, switch: str) -> None:
        details = {
            "service": line.service.value, "type": line.type.value, "switch": switch, "authority": "quoted", "act": "quoted",
        }  # fmt: skip
        if unit == "target" and (market := guide.switch(switch).market):
            details["market"] = market
        found.append(
            Fact(
                id=f"{len(found):06}",
                product=product,
                unit=unit,
                happened_at=at,
                target=line.number,
                details=details,
            )
        )

    starts = months_begun(begins, ends, guide)
    for line in ordered:
        for switch in line.switches:
            add("target", line, begins, switch)
        for at in starts:
            add(MONTH, line, at, line.switches[0])
        for switch in line.switches:
            add(OFF, line, ends, switch)
    return found


def months_begun(begins: datetime, ends: datetime, guide: Guide) -> list[datetime]:
    """Return when each month of a surveillance begins, that of its initiation first."""
    how = next((fee.month for fee in guide.fees if MONTH in fee.per), "calendar")
    found = [begins]
    while (after := months.next_after(found[-1], months.zone_of(guide), how=how, first=begins)) < ends:
        found.append(after)
    return found


def offered(facts: Sequence[Fact], *, guide: Guide, about: About, on: date) -> Offer | None:
    """Return the quote for what is expected; nothing where nothing is charged."""
    charges = price(facts, schedule=lambda _: guide, about=about).charges
    lines = [_line(each) for each in _together(charges)]
    total = Money(sum((Decimal(line.low) for line in lines), Decimal(0)), guide.carrier.currency)
    passed_on = [
        fee.label
        for fee in guide.fees
        if fee.kind == "pass_through" and {fact.product for fact in facts} & set(fee.products)
    ]
    if not total:
        return None
    notes = tuple(f"{each}: at cost, where it arises." for each in passed_on)
    return Offer(on, guide.version, total, total, tuple(lines), (), notes)


def _together(charges: Sequence[Charge]) -> list[list[Charge]]:
    found: dict[tuple[str, str, str], list[Charge]] = {}
    for each in charges:
        found.setdefault((each.fee, each.unit_price, each.waiver), []).append(each)
    return list(found.values())


def _line(charges: Sequence[Charge]) -> QuoteLine:
    first = charges[0]
    number = sum((each.quantity for each in charges), Decimal(0))
    total = sum((each.amount for each in charges), Money(Decimal(0), first.amount.currency))
    unit = first.unit.replace("_", " ")
    return QuoteLine(
        fee=first.fee, label=first.label, product=first.product, quantity=quantity(number), unit=first.unit,
        unit_price=first.unit_price, low=total.text, high=total.text, currency=total.currency, schedule=first.version,
        basis=first.basis, waiver=first.waiver, how=f"{quantity(number)} {unit} × {first.unit_price} = {total.text}",
    )  # fmt: skip


def beyond(offer: Offer, accepted: Sequence[QuoteLine], references: Sequence[str]) -> Offer | None:
    """Return what an offer comes to beside what was accepted before, line by line; nothing where that is no more."""
    if not accepted:
        return offer
    wanted, had = _by_price(offer.lines), _by_price(accepted)
    lines = [
        _difference(each, had.get(key)) for key, each in wanted.items() if each.low != _low(had.get(key))
    ]
    lines += [_gone(each) for key, each in had.items() if key not in wanted]
    total = Money(sum((Decimal(line.low) for line in lines), Decimal(0)), offer.low.currency)
    if total.cents <= 0:
        return None
    beside = f"Beside what was accepted before ({', '.join(references)}): with that, {offer.high} in all."
    return replace(offer, low=total, high=total, lines=tuple(lines), notes=(*offer.notes, beside))


def _by_price(lines: Sequence[QuoteLine]) -> dict[tuple[str, str, str], QuoteLine]:
    """Return lines by fee, price and waiver; those of several quotes are added."""
    found: dict[tuple[str, str, str], QuoteLine] = {}
    for line in lines:
        key = (line.fee, line.unit_price, line.waiver)
        had = found.get(key)
        found[key] = line if had is None else replace(
            line, quantity=quantity(Decimal(had.quantity) + Decimal(line.quantity)), low=_text(Decimal(had.low) + Decimal(line.low)),
            high=_text(Decimal(had.high) + Decimal(line.high)),
        )  # fmt: skip
    return found


def _low(line: QuoteLine | None) -> str:
    return "" if line is None else line.low


def _difference(line: QuoteLine, had: QuoteLine | None) -> QuoteLine:
    if had is None:
        return line
    number = Decimal(line.quantity) - Decimal(had.quantity)
    amount = _text(Decimal(line.low) - Decimal(had.low))
    how = f"{line.how}, of which {had.low} was accepted before"
    return replace(line, quantity=quantity(number), low=amount, high=amount, how=how)


def _gone(line: QuoteLine) -> QuoteLine:
    amount = _text(-Decimal(line.low))
    return replace(
        line, quantity=quantity(-Decimal(line.quantity)), low=amount, high=amount, how="accepted before, and not ordered any more"
    )  # fmt: skip


def _text(amount: Decimal) -> str:
    return f"{amount:.2f}"
