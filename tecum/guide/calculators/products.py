"""What one gets for a product: its fields and masks, the process it takes, how long it is kept, what it costs."""

from dataclasses import dataclass

from tecum.guide import saying
from tecum.guide.calculators import process
from tecum.guide.calculators.results import Result, once
from tecum.guide.model.guide import Guide
from tecum.guide.questions import Question, best, find_product, fitting, resolved


@dataclass(frozen=True, kw_only=True)
class Price(Result):
    """A price of the product, as it is published."""

    fee: str
    label: str
    price: str
    conditions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Described(Result):
    """A product as the guide has it on a day; `disclaimer` is the text printed on every answer."""

    product: str
    name: str
    kind: str
    description: str
    offered: bool
    fields: tuple[str, ...]
    masks: dict[str, str]
    services: tuple[str, ...]
    types: tuple[str, ...]
    source_system: str
    certification: str
    disclaimer: str
    desk: str
    would_be_enough: tuple[str, ...]
    citation: str
    kept: str
    answered: str
    prices: tuple[Price, ...]
    gates: tuple[str, ...]


def describe(guide: Guide, question: Question) -> Described:
    """Return what the guide says of a product. :raises NotInGuide: when it knows no such product"""
    product = find_product(guide, question.product)
    question = resolved(guide, question)
    ladder = process.judge(guide, question, process.Paper())
    kept, _ = best(guide.retentions, question, guide)
    turn, _ = best(guide.turnarounds, question, guide)
    fees = fitting(guide.fees, question, guide)
    gates = fitting(guide.gates, question, guide)
    return Described(
        product=product.id,
        name=product.name,
        kind=product.kind,
        description=product.description,
        offered=product.offered,
        fields=product.fields,
        masks=product.masks,
        services=product.services,
        types=product.types,
        source_system=product.source_system,
        certification=product.certification,
        disclaimer=guide.say(product.disclaimer).body.strip() if product.disclaimer else "",
        desk=product.desk,
        would_be_enough=ladder.would_be_enough,
        citation=ladder.citation,
        kept=saying.retention(kept) if kept else "",
        answered=saying.turnaround(turn) if turn else "",
        prices=tuple(
            Price(
                fee=fee.id,
                label=fee.label,
                price=saying.price(fee, guide),
                conditions=tuple(saying.conditions(fee, guide)),
            )
            for fee in fees
        ),
        gates=tuple(gate.id for gate in gates),
        because=product.description or f"{product.name}.",
        used=once([product, *ladder.used, kept, turn, *fees, *gates]),
    )
