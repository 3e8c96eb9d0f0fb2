"""What a surveillance will cost: the facts that its order would leave, priced by the same rules as what happened."""

from collections.abc import Sequence
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
