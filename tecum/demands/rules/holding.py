"""What is held for a demand from its receipt on, and how long (decisions C6 and E)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from tecum.demands.rules.compiling import Asked, Kept
from tecum.guide.model.demands import Handling
from tecum.kernel.periods import Period

EXISTS = frozenset({"available", "uncertain", "archived"})


@dataclass(frozen=True, slots=True, order=True)
class Wanted:
    """Records to hold: everything of a number in a period."""

    number: str
    period: Period


@dataclass(frozen=True, slots=True)
class Plan:
    """What to hold now, and what waits for a person, with the reason."""

    hold: tuple[Wanted, ...]
    waits: tuple[Wanted, ...] = ()
    because: str = ""


def plan(
    asked: Iterable[Asked],
    kept: Iterable[tuple[str, Kept]],
    *,
    rule: Handling,
    held: int,
    proven: bool,
    meanwhile: Collection[str] = (),
) -> Plan:
    """
    Return what to hold of what exists; `held`: how many numbers are held for this agency already.

    `meanwhile` are products that are held while a fee waits for its acceptance, also where the guide holds nothing else
    on receipt (R-105). A sender that the mail systems do not prove, and an agency over its ceiling, wait for a person.
    """
    pieces = list(kept)
    asked = [one for one in asked if rule.holds_on_receipt or one.product in meanwhile]
    wanted = sorted(
        {
            Wanted(one.number, share)
            for one in asked
            for product, piece in pieces
            if product == one.product and piece.state in EXISTS
            for share in (piece.period.intersection(one.period),)
            if share is not None
        }
    )
    if not rule.holds_on_receipt and not wanted:
        return Plan((), (), "The guide holds nothing on receipt.")
    if not proven and not rule.holds_for_unverified:
        return Plan(
            (), tuple(wanted), "The sender is not proven: a person decides whether to hold (decisions, E)."
        )
    numbers = sorted({each.number for each in wanted})
    if held + len(numbers) > rule.holds_per_agency:
        free = set(numbers[: max(rule.holds_per_agency - held, 0)])
        return Plan(
            tuple(each for each in wanted if each.number in free),
            tuple(each for each in wanted if each.number not in free),
            f"More than {rule.holds_per_agency} numbers would be held for this agency: a person decides on the rest.",
        )
    return Plan(tuple(wanted))
