"""docs/reference/fee-examples.md: every fee sentence of source 2, worked, with its amount under each reading."""

from collections import Counter
from collections.abc import Iterable, Iterator

from tecum.billing.rules.facts import COST, MONTH, Fact
from tecum.guide.model.fees import Fee
from tecum.kernel.money import Money
from tests.rules import test_what_a_fee_includes as includes
from tests.rules import test_what_facts_cost as worked
from tests.rules import test_what_parts_of_months_cost as parts

START = worked.START
PREFACE = (
    "What happened, by the sentence that prices it, and what it costs: as the shipped guide `wireless-2003` reads it, and under "
    "every other reading of the sentence that the guide records. The same examples are asserted one by one in "
    "[test_what_facts_cost.py](../../tests/rules/test_what_facts_cost.py); the amounts here are computed, not typed."
)


def page(note: str) -> str:
    rows = ["# The fee sentences of the wireless guide, worked", note, PREFACE, ""]
    for fee in worked.WIRELESS.fees:
        examples = list(_examples(fee))
        rows += [f"## {fee.label}", "", *(f"> {sentence}" for sentence in _sentences(fee)), ""]
        if not examples:
            rows += ["No example.", ""]
            continue
        heads = ["as shipped", *(reading.title or reading.id for reading in fee.readings)]
        rows += [f"| what happened | line | {' | '.join(heads)} |", f"|---|---|{'---|' * len(heads)}"]
        rows += [f"| {words} | {line} | {' | '.join(amounts)} |" for words, line, amounts in examples]
        rows.append("")
    rows += ["## Free", "", "Toll records and basic subscriber information cost nothing (R-136): there is no fee for them.", ""]  # fmt: skip
    return "\n".join([*rows, *_parts(), *_included()])


def _parts() -> Iterator[str]:
    """Yield the months that are not full, by each way in which a guide may charge them."""
    yield from (
        "## Parts of months", "",
        "> A partial month will be billed as a complete month of maintenance. No pro-rating will be done by Nextel. (body, R-143)", "",
        "The month of initiation is included in the first charge. What is charged of $250 by `partial`, the flag of the fee; "
        "`whole` is the wireless guide's. Shares are of the time that passed, so October counts 745 hours where the clock goes back.", "",
        "| what happened | `whole` | `prorated` | `free` |", "|---|---|---|---|",
    )  # fmt: skip
    for words, facts in parts.parts_of_months():
        amounts = [
            worked.bill(facts, parts.in_parts(how)).get("maintenance", 0)
            for how in ("whole", "prorated", "free")
        ]
        yield f"| {words} | {' | '.join(str(Money.of_cents(each, 'USD')) for each in amounts)} |"
    yield ""


def _included() -> Iterator[str]:
    """Yield what a fee of two products includes, by the ways in which a guide may say it."""
    ways = {
        "nothing": includes.including_(0), "1, once": includes.including_(1), "1 of each number": includes.including_(1, per=("number",)),
    }  # fmt: skip
    yield from (
        "## What a fee includes", "",
        "`included` of a fee costs nothing: once in a case, also where several products share the fee, in the order in which things "
        "happened. Here the fee of calls to a destination and cell sites, $125 per number per request, if it included:", "",
        f"| what happened | {' | '.join(ways)} |", "|---|---|---|---|",
    )  # fmt: skip
    for words, facts in includes.shared():
        amounts = [worked.bill(facts, guide).get(includes.FEE, 0) for guide in ways.values()]
        yield f"| {words} | {' | '.join(str(Money.of_cents(each, 'USD')) for each in amounts)} |"
    yield ""


def _sentences(fee: Fee) -> Iterator[str]:
    """Yield the sentence behind a fee, and each price as a document prints it, as lines of one quotation."""
    if fee.source is not None and fee.source.sentence:
        yield f"{fee.source.sentence} ({fee.source.document or 'body'}, {fee.source.section})"
    for one in fee.printed:
        amount = Money(one.amount).text if one.amount is not None else "no amount"
        yield ""
        yield f"Printed in the {one.document}: “{one.label}”, {amount}, {one.unit or 'no unit'}"


def _examples(fee: Fee) -> Iterator[tuple[str, str, list[str]]]:
    """Yield the examples whose facts this fee prices under some reading; each set of facts once."""
    seen = set()
    for line, facts, _, _ in worked.SENTENCES:
        words = told(facts)
        guides = [worked.WIRELESS, *(worked.read(fee.id, reading.id) for reading in fee.readings)]
        amounts = [worked.bill(facts, guide).get(fee.id, 0) for guide in guides]
        if any(amounts) and words not in seen:
            seen.add(words)
            yield words, line, [str(Money.of_cents(each, "USD")) if each else "–" for each in amounts]


def told(facts: Iterable[Fact]) -> str:
    """Return what happened, in words."""
    told_of = list(facts)
    taps = [fact for fact in told_of if fact.product == "surveillance" and fact.unit == "target"]
    if len(taps) > 3:
        by_market = Counter(fact.detail("market") for fact in taps)
        return f"one pen register for {taps[0].target} on {len(taps)} switches: " + ", ".join(f"{number} in {market}" for market, number in by_market.items())  # fmt: skip
    found = Counter(_one(fact) for fact in told_of)
    return "; ".join(f"{words}{f', {number} times' if number > 1 else ''}" for words, number in found.items())


def _one(fact: Fact) -> str:
    day = (fact.happened_at - START).days
    when = f", {day} days later" if day and fact.unit != MONTH else ""
    if fact.unit == MONTH:
        return f"a month begun for {fact.target}{f' of {service}' if (service := fact.detail('service')) else ''}"
    if fact.unit == COST:
        return f"{fact.cost} of service and airtime, because {fact.reason.replace('_', ' ')}"
    if fact.product == "surveillance":
        kind = f"{fact.detail('service')} {fact.detail('type').replace('_', ' ')}"
        where = f"on {fact.detail('switch')} ({fact.detail('market') or 'market not known'})"
        act = "" if fact.detail("act") == "order-1" else f", by {fact.detail('act')}"
        return f"{kind} for {fact.target} {where}{act}{when}"
    many = f" × {fact.quantity}" if fact.quantity > 1 else ""
    return f"{fact.product.replace('_', ' ')} of {fact.target}{many}{'' if fact.found else ', nothing found'}{when}"
