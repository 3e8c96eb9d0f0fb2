"""
What the review of a court order finds beyond the checklist of every process (R-111 to R-119): types and statutes that fit,
an end the law allows, the bill, the switches, and for an extension what it extends.

Every finding is a line of the same checklist; what goes to the agency never says what the bill holds (R-115).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from tecum.guide.calculators.expiry import Ending, spoken
from tecum.guide.model.emergency import ExpiryCap
from tecum.guide.model.guide import Guide
from tecum.guide.questions import word
from tecum.guide.values import parse_span
from tecum.kernel import numbers
from tecum.process.facts import Said
from tecum.process.rules.checklist import PHRASE, Finding
from tecum.surveillance.rules.order_facts import OrderSaid
from tecum.surveillance.rules.ordered import Intercept
from tecum.surveillance.rules.statutes import fits, for_type

TYPES = {
    Intercept.PEN_REGISTER: "Pen register",
    Intercept.TRAP_AND_TRACE: "Trap and trace",
    Intercept.TITLE_III: "Title III (eavesdropping)",
}


@dataclass(frozen=True, slots=True)
class Matched:
    """What the comparison of one target with the bill gave: for staff, and what may be told to the agency."""

    number: str
    verdict: str
    score: int | None
    says: tuple[str, ...]
    for_agency: tuple[str, ...]
    market: str = ""
    at: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Former:
    """What an extension extends: its targets, its lines, and when its authority ends or ended."""

    reference: str
    numbers: frozenset[str]
    types: frozenset[str]
    until: datetime | None


@dataclass(frozen=True, slots=True)
class World:
    """What an order is reviewed against."""

    received_at: datetime
    matched: tuple[Matched, ...] = ()
    ending: Ending | None = None
    no_end: str = ""
    caps: tuple[ExpiryCap, ...] = ()
    switches: tuple[tuple[str, tuple[str, ...]], ...] = ()  # id, services
    extension: bool = False
    former: Former | None = None


def reviewed(guide: Guide, said: Said, order: OrderSaid, world: World) -> tuple[Finding, ...]:
    """Return the findings of an order, in the order of a letter."""
    return (
        *_types(guide, said, order),
        *_statutes(guide, order),
        *_bill(order, world),
        *_end(order, world),
        *_switches(order, world),
        *(_extends(order, world) if world.extension else ()),
    )


def _types(guide: Guide, said: Said, order: OrderSaid) -> Iterable[Finding]:
    if not order.lines:
        yield Finding(
            "types",
            "Types of surveillance",
            None,
            "Nobody said yet which types and services it orders.",
            "",
            "D3",
        )
        return
    names = ", ".join(f"{TYPES[kind]} on {service}" for service, kind in order.lines)
    yield Finding("types", "Types of surveillance", True, f"{names}.", "", "")
    for kind in order.types:
        needed = for_type(guide, kind)
        if (
            needed is None
            or not said.process
            or word(said.process) in {word(needed.id), "extension", "court_order"}
        ):
            continue
        if kind is not Intercept.TITLE_III and said.process == getattr(
            for_type(guide, Intercept.TITLE_III), "id", ""
        ):
            continue  # an order to intercept covers what a pen register shows
        sentence = f"{TYPES[kind]} needs {needed.name.lower()}; this is another kind of process."
        yield Finding("type_process", TYPES[kind], False, sentence, needed.id, needed.citation, hard=True)


def _statutes(guide: Guide, order: OrderSaid) -> Iterable[Finding]:
    for kind in order.types:
        needed = for_type(guide, kind)
        statutes = needed.statutes or ((needed.citation,) if needed.citation else ()) if needed else ()
        title = f"Statutes for: {TYPES[kind].lower()}"
        if not order.statutes:
            continue  # the guide's own detail says that it lacks them
        met = fits(order.statutes, statutes)
        if met:
            yield Finding("statutes", title, True, "The citation fits.", needed.id if needed else "", "R-116")
        elif met is None:
            sentence = "Only a person can tell whether this citation fits: it is no section of the United States Code."
            yield Finding("statutes", title, None, sentence, needed.id if needed else "", "R-116")
        else:
            law = "; ".join(statutes)
            sentence = f"What it cites is not the law of this type, which is {law}."
            yield Finding(
                "statutes", title, False, sentence, needed.id if needed else "", "R-116", wording=f"{PHRASE} “pursuant to {law}”"
            )  # fmt: skip


def _bill(order: OrderSaid, world: World) -> Iterable[Finding]:
    found = {each.number: each for each in world.matched}
    for subject in order.subjects:
        title = f"Customer information: {numbers.grouped(subject.number)}"
        matched = found.get(subject.number)
        if matched is None:
            yield Finding("bill", title, None, "It was not yet held against the billing system.", "", "R-115")
        elif matched.verdict == "MATCHES":
            yield Finding("bill", title, True, "It agrees with the billing system.", "", "R-115")
        elif matched.verdict == "NEEDS_PERSON":
            yield Finding(
                "bill", title, None, f"A person must judge it: {' '.join(matched.says)}", "", "R-115"
            )
        else:
            told = " ".join(matched.for_agency) or "It does not agree with our billing system."
            yield Finding("bill", title, False, told, "", "R-115", wording="The order must be modified.")


def _end(order: OrderSaid, world: World) -> Iterable[Finding]:
    if not order.duration and not order.ends:
        return  # the guide's own detail says that it lacks one
    title = "End of the authority"
    if world.ending is None:
        yield Finding("end", title, None, world.no_end or "Its end cannot be worked out yet.", "", "R-117")
        return
    expires = world.ending.expires
    if expires.astimezone(UTC) <= world.received_at:
        sentence = f"By every reading it had ended when it was received: {spoken(expires)}."
        yield Finding("end", title, False, sentence, world.ending.rule, "R-117", hard=not world.extension)
        return
    too_long = _longer(order, world)
    if too_long is not None:
        sentence = (
            f"It states {order.duration}; the law allows {too_long.time}. Unless it is corrected, access ends by the law: "
            f"{spoken(expires)}."
        )
        yield Finding("too_long", title, False, sentence, too_long.id, too_long.citation)
        return
    yield Finding("end", title, True, f"It ends {spoken(expires)}.", world.ending.rule, "R-117, R-128")


def _longer(order: OrderSaid, world: World) -> ExpiryCap | None:
    """Return the law that an order's length exceeds, for any of its types."""
    if not order.duration:
        return None
    try:
        span = parse_span(order.duration)
        mine = set(map(word, order.types))
        over = [c for c in world.caps if mine & set(map(word, c.types)) and span.elapsed > c.time.elapsed]
    except ValueError:  # months have no fixed length; the calculator holds them against the law day by day
        return None
    return min(over, key=lambda cap: cap.time.elapsed, default=None)


def _switches(order: OrderSaid, world: World) -> Iterable[Finding]:
    ours = dict(world.switches)
    for switch in order.all_switches:
        if switch not in ours:
            known = ", ".join(ours) or "none is in the guide"
            yield Finding(
                "switch",
                "Switch",
                False,
                f"We have no switch “{switch}”; ours are: {known}.",
                "",
                "R-122, R-123",
            )
            continue
        lacking = [service for service in order.services if service not in ours[switch]]
        if lacking:
            yield Finding(
                "switch", "Switch", False, f"“{switch}” does not carry {' or '.join(lacking)}.", "", "R-122"
            )


def _extends(order: OrderSaid, world: World) -> Iterable[Finding]:
    title, former = "What it extends", world.former
    if former is None:
        yield Finding("extends", title, None, "Nobody said yet which order it extends.", "", "R-132")
        return
    others = [each.number for each in order.subjects if each.number not in former.numbers]
    if others:
        which = ", ".join(map(numbers.grouped, others))
        sentence = f"{which} is no target of {former.reference}: for another target it is a new order, not an extension."
        yield Finding("extends", title, False, sentence, "", "R-132", hard=True)
        return
    more = sorted(set(order.types) - former.types)
    if more:
        names = ", ".join(TYPES[Intercept(each)] for each in more)
        sentence = f"{former.reference} does not cover {names}: that takes an order of its own."
        yield Finding("extends", title, False, sentence, "", "R-132", hard=True)
        return
    yield _in_time(former, world)


def _in_time(former: Former, world: World) -> Finding:
    title = "Served before the end"
    if former.until is None:
        return Finding("served", title, None, f"No authority of {former.reference} is in force.", "", "R-132")
    if world.received_at >= former.until:
        late = world.received_at - former.until
        sentence = (
            f"The authority of {former.reference} ended {spoken(former.until.astimezone(UTC))}; this was received {_length(late.total_seconds())} "
            "later. It prolongs nothing; it can be taken as an order of its own."
        )
        return Finding("served", title, False, sentence, "", "R-132", hard=True)
    return Finding("served", title, True, f"It came before the end of {former.reference}.", "", "R-132")


def _length(seconds: float) -> str:
    minutes = int(seconds // 60)
    if minutes < 1:
        return "less than a minute"
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} h" if hours else "", f"{rest} min" if rest or not hours else ""]
    return " ".join(filter(None, parts))


def unlike(findings: Sequence[Finding]) -> bool:
    """Tell whether the letter is the one that says the order must be modified (R-115)."""
    return any(
        each.code in {"bill", "statutes", "end", "too_long", "type_process"} and each.met is False
        for each in findings
    )
