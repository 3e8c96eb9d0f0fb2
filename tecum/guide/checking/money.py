"""Findings about prices and invoices."""

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator

from tecum.guide.checking.findings import Finding, finding
from tecum.guide.entries import SCOPE_KEYS
from tecum.guide.model.fees import TIME_UNITS, Fee
from tecum.guide.model.guide import Guide


def printed(guide: Guide) -> Iterator[Finding]:
    """Compare the price of each fee with what each document prints."""
    documents = {row.document for fee in guide.fees for row in fee.printed}
    for fee in guide.fees:
        yield from _units(fee)
        yield from _amounts(fee)
        own = {row.document for row in fee.printed}
        if fee.printed and len(documents) > 1 and len(own) == 1:
            only = next(iter(own))
            sentence = (
                f"The price of '{fee.label}' stands in '{only}' only, not in {_others(documents, only)}."
            )
            yield finding("price-in-one-document", "doubt", fee, sentence, *fee.printed)


def _others(documents: set[str], only: str) -> str:
    return " or ".join(f"'{name}'" for name in sorted(documents - {only}))


def _units(fee: Fee) -> Iterator[Finding]:
    for row in fee.printed:
        if not row.unit:
            sentence = f"'{row.label}' is printed in '{row.document}' with a price and no unit."
            yield finding("price-without-unit", "gap", fee, sentence, row)
    units = {_plain(row.unit) for row in fee.printed if row.unit}
    if len(units) > 1:
        said = " or ".join(f"“{row.unit}” ({row.document})" for row in fee.printed if row.unit)
        yield finding(
            "printed-units-differ",
            "contradiction",
            fee,
            f"The unit of '{fee.label}' is {said}.",
            *fee.printed,
        )


def _amounts(fee: Fee) -> Iterator[Finding]:
    amounts = {row.amount for row in fee.printed if row.amount is not None}
    if len(amounts) > 1:
        said = " or ".join(f"{row.amount} ({row.document})" for row in fee.printed if row.amount is not None)
        yield finding(
            "printed-prices-differ", "contradiction", fee, f"'{fee.label}' is {said}.", *fee.printed
        )
    if amounts and fee.amount is not None and fee.amount not in amounts:
        sentence = f"'{fee.label}' is charged at {fee.amount}, which no document prints."
        yield finding("price-not-printed", "contradiction", fee, sentence, *fee.printed)


def _plain(unit: str) -> str:
    return re.sub(r"[^a-z]+", " ", unit.lower()).strip()


def one_system(guide: Guide) -> Iterator[Finding]:
    """Find one source system whose records have several prices or units."""
    by_system: dict[str, list[Fee]] = defaultdict(list)
    systems = {product.id: product.source_system for product in guide.products if product.source_system}
    for fee in guide.fees:
        for system in {systems[name] for name in fee.products if name in systems}:
            by_system[system].append(fee)
    for system, fees in by_system.items():
        prices = {(fee.amount, fee.per) for fee in fees}
        if len(prices) > 1:
            said = "; ".join(f"{fee.label}: {fee.amount} per {', '.join(fee.per)}" for fee in fees)
            sentence = f"Records of one source system, '{system}', have {len(prices)} prices: {said}."
            yield finding("one-system-several-prices", "contradiction", system, sentence, *fees)


def two_prices(guide: Guide) -> Iterator[Finding]:
    """Find two fees that would both be charged for the same thing."""
    for one, other in itertools.combinations(guide.fees, 2):
        if (
            one.kind == "pass_through"
            or other.kind == "pass_through"
            or other.id in one.replaces
            or one.id in other.replaces
        ):
            continue
        if one.per == other.per and _same_scope(one, other) and _overlap(one, other):
            sentence = f"'{one.id}' and '{other.id}' are both charged per {', '.join(one.per)} for the same requests."
            yield finding("two-prices", "contradiction", one, sentence, other)


def _same_scope(one: Fee, other: Fee) -> bool:
    if (one.included, one.tiers, one.facts) != (other.included, other.tiers, other.facts):
        return False
    return all(set(getattr(one, key)) == set(getattr(other, key)) for key in SCOPE_KEYS)


def _overlap(one: Fee, other: Fee) -> bool:
    starts = max(filter(None, (one.effective_from, other.effective_from)), default=None)
    ends = min(filter(None, (one.effective_until, other.effective_until)), default=None)
    return starts is None or ends is None or starts < ends


def schedule(guide: Guide) -> Iterator[Finding]:
    """Find a schedule older than its guide, prices that may change at any time, and invoices against monthly charges."""
    guides = [d for d in guide.documents if d.kind == "guide" and d.dated]
    for document in guide.documents:
        later = [g for g in guides if document.dated and g.dated and g.dated > document.dated]
        if document.kind == "schedule" and later:
            sentence = f"The schedule '{document.title}' of {document.dated} is older than the guide of {later[0].dated}."
            yield finding("schedule-older-than-guide", "contradiction", document, sentence, later[0])
    billing = guide.billing
    if billing.may_change_any_time:
        sentence = "Prices may change at any time: which one holds for a running service is not said."
        yield finding("prices-change-any-time", "doubt", "", sentence, billing)
    periodic = [fee for fee in guide.fees if set(fee.per) & set(TIME_UNITS[2:])]
    if billing.invoice == "conclusion" and periodic:
        sentence = f"'{periodic[0].label}' accrues by the {periodic[0].per[-1]}, but the invoice comes at the conclusion."
        yield finding("invoice-against-periodic-charge", "contradiction", "", sentence, billing, periodic[0])
    if billing.charges != "none" and guide.fees and billing.due_days is None:
        yield finding(
            "payment-terms-missing", "gap", "", "No number of days is given for paying an invoice.", billing
        )


def waivers(guide: Guide) -> Iterator[Finding]:
    """Report disputed law, and waivers that touch no fee."""
    for waiver in guide.waivers:
        if waiver.disputed:
            yield finding(
                "disputed-law",
                "doubt",
                waiver,
                f"The law behind '{waiver.label}' is disputed: {waiver.basis}.",
            )


def needless(guide: Guide) -> Iterator[Finding]:
    """Find fees in a guide that never charges, and money rules without a form or a text that they need."""
    if guide.billing.charges == "none" and guide.fees:
        sentence = "The carrier never charges, but the guide has fees."
        yield finding("fees-never-charged", "contradiction", "", sentence, guide.billing, guide.fees[0])
    for gate in guide.gates:
        if gate.kind in {"form_signed", "consent"} and not gate.form:
            yield finding(
                "gate-without-form", "gap", gate, f"'{gate.id}' needs a signed form, but names none."
            )


CHECKS = (printed, one_system, two_prices, schedule, waivers, needless)
