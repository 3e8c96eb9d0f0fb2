"""
The scope compiler (control 7): what was demanded, what the process supports, what is granted.

Every demanded interval is cut into lines that cover it exactly once; each line has one outcome and says why. What is
granted is never more than what was demanded, what the process supports, what still exists and what was the same holder's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from tecum.demands.states import SEARCHED, Outcome
from tecum.kernel.periods import Period
from tecum.records.rules.scope import Grant

# How a piece of the retention verdict becomes an outcome; what is archived may be unavailable, so it is searched.
KEPT = {
    "available": Outcome.GRANTED,
    "uncertain": Outcome.UNCERTAIN,
    "archived": Outcome.UNCERTAIN,
    "expired": Outcome.EXPIRED,
    "not_kept": Outcome.NOT_KEPT,
    "not_yet": Outcome.NOT_KEPT,
}
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, order=True)
class Asked:
    """One product of one number in one period, as the process demands it."""

    target: str
    product: str
    number: str
    period: Period
    clause: str


@dataclass(frozen=True, slots=True)
class Supported:
    """Whether the process supports a product. `acceptable` is None where nobody has judged it yet."""

    acceptable: bool | None
    because: str
    citation: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A piece of time and what the guide says of its records: available, uncertain, archived, expired, not_kept, not_yet."""

    period: Period
    state: str
    because: str = ""


@dataclass(frozen=True, slots=True)
class Tenure:
    """Who had a number in a period: `ours` (a subscriber of ours), `wholesale` (a customer's) or `elsewhere`."""

    period: Period
    holder: str
    kind: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What an analyst decided about one target, with the reason: whose records are meant, or to leave it out."""

    holders: frozenset[str] = frozenset()
    withheld: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A part of what was demanded, with what becomes of it and why."""

    target: str
    product: str
    number: str
    period: Period
    clause: str
    outcome: Outcome
    because: str
    citation: str = ""
    holder: str = ""


@dataclass(frozen=True)
class World:
    """What the lines are judged by: per product, per (product, target) and per number."""

    supported: Mapping[str, Supported]
    kept: Mapping[str, Sequence[Kept]]
    tenures: Mapping[str, Sequence[Tenure]]
    about_a_person: frozenset[str] = frozenset()  # products whose rows are one subscriber's
    about_a_provider: frozenset[str] = frozenset()  # products that answer who the wholesale customer was
    choices: Mapping[str, Choice] = field(default_factory=dict)
    unreached: Mapping[str, str] = field(default_factory=dict)  # of form C, by target: what is missing (D12)


def compiled(asked: Iterable[Asked], world: World) -> tuple[Line, ...]:
    """Return the lines of a demand, sorted; together they cover what was demanded, each instant once."""
    lines = [line for one in sorted(set(asked)) for line in _lines(one, world)]
    return tuple(joined(lines))


def grants(lines: Iterable[Line]) -> tuple[Grant, ...]:
    """Return what the searched lines come to."""
    return tuple(
        Grant(line.product, line.number, line.period, line.clause)
        for line in lines
        if line.outcome in SEARCHED
    )


def joined(lines: Sequence[Line]) -> list[Line]:
    """Return the lines with neighbours in time put together that differ in nothing else."""
    found: list[Line] = []
    for line in lines:
        last = found[-1] if found else None
        if last and last.period.end == line.period.start and replace(line, period=last.period) == last:
            found[-1] = replace(last, period=Period(last.period.start, line.period.end))
        else:
            found.append(line)
    return found


def _lines(one: Asked, world: World) -> list[Line]:
    choice = world.choices.get(one.target, Choice())
    if choice.withheld:
        return [_line(one, one.period, Outcome.WITHHELD, choice.reason)]
    if one.target in world.unreached:
        return [_line(one, one.period, Outcome.UNSUPPORTED, world.unreached[one.target], "R-185, D12")]
    supported = world.supported.get(one.product, Supported(None, "Nobody has judged this product yet."))
    if not supported.acceptable:
        return [_line(one, one.period, Outcome.UNSUPPORTED, supported.because, supported.citation)]
    found = []
    for tenure in held(one, world):
        for piece in _pieces(tenure.period, world.kept.get(one.product, ())):
            found.append(_judged(one, tenure, piece, world, choice, supported))
    return found


def held(one: Asked, world: World) -> list[Tenure]:
    """Return who had the number, for every instant of what was demanded; `unknown` where nothing is known."""
    clipped = []
    for tenure in sorted(world.tenures.get(one.number, ()), key=lambda each: each.period):
        share = tenure.period.intersection(one.period)
        if share is not None:
            clipped.append(replace(tenure, period=share))
    gaps = one.period.minus(each.period for each in clipped)
    everything = [*clipped, *(Tenure(gap, UNKNOWN, UNKNOWN) for gap in gaps)]
    return sorted(everything, key=lambda each: each.period)


def _pieces(period: Period, kept: Sequence[Kept]) -> list[Kept]:
    found = []
    for piece in kept:
        share = piece.period.intersection(period)
        if share is not None:
            found.append(replace(piece, period=share))
    gaps = period.minus(each.period for each in found)
    found += [
        Kept(gap, "uncertain", "The guide does not say how long these records are kept.") for gap in gaps
    ]
    return sorted(found, key=lambda each: each.period)


def _judged(
    one: Asked, tenure: Tenure, piece: Kept, world: World, choice: Choice, supported: Supported
) -> Line:
    decided, because = _by_holder(one, tenure, world, choice)
    outcome = decided or KEPT[piece.state]
    if decided is None:
        because = piece.because or supported.because
    return _line(one, piece.period, outcome, because, supported.citation, tenure.holder)


def _by_holder(one: Asked, tenure: Tenure, world: World, choice: Choice) -> tuple[Outcome | None, str]:
    """Return what the holder of the number alone decides, or nothing."""
    if tenure.kind == "elsewhere":
        return (
            Outcome.NOT_OURS,
            f"The number was not ours{f' but with {tenure.name}' if tenure.name else ''}.",
        )
    if tenure.kind == "wholesale":
        answers = one.product in world.about_a_provider
        return (
            None if answers else Outcome.WHOLESALE,
            "The number was a wholesale customer's: serve that provider.",
        )
    if one.product not in world.about_a_person or tenure.holder in choice.holders:
        return None, ""
    if choice.holders:
        return Outcome.WITHHELD, choice.reason or "Another holder's records are meant."
    return _undecided(one, tenure, world)


def _undecided(one: Asked, tenure: Tenure, world: World) -> tuple[Outcome | None, str]:
    """Return what stops for an analyst: more than one holder inside the interval, or nobody knows who had it."""
    holders = {each.holder for each in held(one, world) if each.kind not in {"elsewhere", "wholesale"}}
    if len(holders) > 1:
        return (
            Outcome.CHANGED_HANDS,
            "The number changed hands inside the interval (R-109): say whose records are meant.",
        )
    if tenure.kind == UNKNOWN:
        return Outcome.UNKNOWN_HOLDER, "Nothing tells who had the number: say that it was ours, and why."
    return None, ""


def _line(
    one: Asked, period: Period, outcome: Outcome, because: str, citation: str = "", holder: str = ""
) -> Line:
    return Line(one.target, one.product, one.number, period, one.clause, outcome, because, citation, holder)


def by_target(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """Return the lines of each target."""
    ordered = sorted(lines, key=lambda line: (line.target, line.product, line.period))
    return {target: list(group) for target, group in groupby(ordered, key=lambda line: line.target)}
