"""
What an agency has to accept before its records are fetched (R-105, decision B11): which targets, at what price.

And what a mail says about a quote: one line of its own words, and nothing that could be a condition.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from tecum.cases.facts import Offer, QuoteLine
from tecum.guide import phrases
from tecum.guide.calculators import fees
from tecum.guide.calculators.quantities import Amounts
from tecum.guide.calculators.results import quantity
from tecum.guide.model.fees import Gate
from tecum.guide.model.guide import Guide, NotInGuide
from tecum.guide.questions import Question, fitting
from tecum.kernel.money import Money
from tecum.kernel.periods import Period

ACCEPTED = frozenset({"fee_accepted", "quote_accepted"})
PAPERS = frozenset({"form_signed", "consent"})
PAID = frozenset({"paid", "deposit"})  # the quote is accepted by paying it
SAID = re.compile(r"(?:i |we )?(accept|refuse) (?:the )?(QUOTE-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4})[.!]?", re.I)  # fmt: skip
QUOTED = re.compile(r"^(>|-+ ?original message|_{5,}|on .{4,120} wrote:$|from: )", re.I)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One target as fees look at it."""

    target: str
    product: str
    number: str
    period: Period


@dataclass(frozen=True, slots=True)
class Asks:
    """One gate of the guide that a demand runs into: what is asked for, and for which targets."""

    gate: Gate
    targets: tuple[str, ...]
    offer: Offer | None = None


def asked(
    guide: Guide,
    question: Question,
    wanted: Sequence[Wanted],
    covered: Collection[str] = (),
    *,
    advance: str = "",
) -> tuple[Asks, ...]:
    """
    Return what the agency is asked for before work begins: each target under one quote, those covered under none.

    A quote that comes to nothing, or to no more than the gate allows, asks for nothing. What is paid in advance is asked
    first: who pays a quote accepts it. `advance` is the rule of arrears by which everything is paid in advance.
    """
    found: list[Asks] = []
    left = [each for each in wanted if each.target not in covered]
    rules = sorted(guide.on(guide.gates, question.on), key=lambda gate: gate.kind not in PAID)
    late = [Gate(id=advance, kind="paid", wording="")] if advance else []
    for gate in [*late, *rules]:
        if gate.kind not in ACCEPTED | PAPERS | PAID or gate.before == "activation":
            continue
        if gate.kind in PAID and gate.before == "release":
            continue  # billed and paid before the release, not before the work
        mine = [
            each
            for each in left
            if gate in late or gate in fitting(guide.gates, replace(question, product=each.product), guide)
        ]
        if not mine:
            continue
        names = tuple(each.target for each in mine)
        if gate.kind in PAPERS:
            found.append(Asks(gate, names))
            continue
        offer = offered(guide, question, mine)
        if offer is None or (gate.over is not None and offer.high.amount <= gate.over):
            continue
        found.append(Asks(gate, names, offer))
        left = [each for each in left if each.target not in names]
    return tuple(found)


def offered(guide: Guide, question: Question, mine: Sequence[Wanted]) -> Offer | None:
    """Return the guide's quote for some targets, product by product; nothing where nothing is charged."""
    currency = guide.carrier.currency
    low = high = Money(Decimal(0), currency)
    lines: list[QuoteLine] = []
    notes: list[str] = []
    for product in dict.fromkeys(each.product for each in mine):
        share = [each for each in mine if each.product == product]
        try:
            quote = fees.quote(guide, replace(question, product=product), fees.Asked(amounts=_amounts(share)))
        except NotInGuide:
            continue
        if not quote.invoice or quote.total_low is None or quote.total_high is None:
            continue
        lines += [_line(each, product) for each in quote.lines]
        notes += [*quote.warnings, *(f"{each}: at cost, where it arises." for each in quote.variable)]
        if quote.currency == currency:
            low, high = low + quote.total_low, high + quote.total_high
    if not high:
        return None
    names = tuple(each.target for each in mine)
    return Offer(question.on, guide.version, low, high, tuple(lines), names, tuple(dict.fromkeys(notes)))


def _amounts(share: Iterable[Wanted]) -> Amounts:
    mine = list(share)
    numbers = Decimal(len({each.number for each in mine}))
    span = Period(min(each.period.start for each in mine), max(each.period.end for each in mine))
    return Amounts(
        units={"number": numbers, "target": numbers, "account": numbers, "subscriber": numbers, "request": Decimal(1)},
        period=span,
    )  # fmt: skip


def _line(line: fees.Line, product: str) -> QuoteLine:
    return QuoteLine(
        fee=line.fee, label=line.label, product=product, quantity=quantity(line.quantity), unit=line.unit,
        unit_price=line.unit_price, low=line.low.text, high=line.high.text, currency=line.low.currency,
        schedule=line.schedule, basis=line.basis, waiver=line.waiver, how="; ".join(line.how),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """What a mail says of a quote."""

    quote: str
    accepts: bool


def read(text: str, conditions: Sequence[str]) -> Said | None:
    """
    Return what a mail says of a quote, in its own first line; nothing where a person must read it.

    What it quotes of our letter is not its own, and any word that could be a condition, or a question, leaves it to a
    person.
    """
    own: list[str] = []
    for line in text.splitlines():
        if QUOTED.match(line.strip()):
            break
        if line.strip():
            own.append(" ".join(line.split()))
    if not own:
        return None
    found = SAID.fullmatch(own[0])
    if found is None or "?" in (rest := "\n".join(own[1:])) or phrases.found(conditions, rest):
        return None
    return Said(found[2].upper(), found[1].lower() == "accept")
