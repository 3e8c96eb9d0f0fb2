"""
How much of a month was used, for fees that do not charge a month that is begun as a whole (`partial` of the guide).

A month's fact says that it began. When the surveillance went off, and on again, are facts of their own: without one it
runs to the month's end. So the charge of a month is known when it begins, and what was not used is taken off at the fact
that ended it, by the price that the month had.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from tecum.billing.rules.facts import MONTH, OFF, ON, Fact
from tecum.guide.model.fees import Fee
from tecum.guide.model.guide import Guide
from tecum.kernel.periods import Period
from tecum.surveillance.rules import months

STARTS = "target"
WHOLE = Decimal(1)
FINE = Decimal("0.000001")


def share(fee: Fee, month: Fact, facts: Sequence[Fact], guide: Guide) -> Decimal:
    """Return how much of a month is charged: all of it, the part in which anything ran, or nothing of a part."""
    if fee.partial == "whole" or month.unit != MONTH:
        return WHOLE
    mine = [fact for fact in facts if _same(fee, month, fact)]
    starts = [fact.happened_at for fact in mine if fact.unit == STARTS]
    span = months.containing(
        month.happened_at, months.zone_of(guide), how=fee.month, first=min(starts, default=month.happened_at)
    )
    used = _used(mine, span) if starts else Decimal(1)
    if fee.partial == "free":
        return WHOLE if used == WHOLE else Decimal(0)
    return used.quantize(FINE).normalize()


def begun(facts: Iterable[Fact]) -> dict[tuple[str, ...], datetime]:
    """Return when each service and type of a surveillance first started."""
    found: dict[tuple[str, ...], datetime] = {}
    for fact in facts:
        if fact.unit == STARTS:
            found[_kind(fact)] = min(found.get(_kind(fact), fact.happened_at), fact.happened_at)
    return found


def place(fact: Fact, begun: Mapping[tuple[str, ...], datetime]) -> tuple[datetime, bool]:
    """Return where a fact stands among the others: a month after the start that it is for, also one within the month."""
    if fact.unit != MONTH:
        return fact.happened_at, False
    return max(fact.happened_at, begun.get(_kind(fact), fact.happened_at)), True


def _kind(fact: Fact) -> tuple[str, ...]:
    return (fact.target, *(fact.detail(name) for name in ("authority", "service", "type")))


def goes_on(fact: Fact, facts: Sequence[Fact], guide: Guide, now: datetime) -> bool:
    """Tell whether a fact is of a month that is not over and may yet cost less, because parts of it are not charged."""
    if fact.unit not in {MONTH, ON, OFF}:
        return False
    first = min((each.happened_at for each in facts if each.unit == STARTS and each.target == fact.target
                 and each.detail("authority") == fact.detail("authority")), default=fact.happened_at)  # fmt: skip
    zone = months.zone_of(guide)
    return any(
        months.containing(fact.happened_at, zone, how=fee.month, first=first).end > now
        for fee in guide.fees
        if MONTH in fee.per and fee.partial != "whole" and (not fee.products or fact.product in fee.products)
    )


def _same(fee: Fee, month: Fact, fact: Fact) -> bool:
    """Tell whether a fact is of the surveillance, and of the service and type, that a month is charged for."""
    names = ["authority"]
    names += ["service"] if fee.combined_services == "each" else []
    names += ["type"] if fee.combined_types == "each" else []
    return fact.target == month.target and all(fact.detail(name) == month.detail(name) for name in names)


def _used(facts: Iterable[Fact], span: Period) -> Decimal:
    """Return the share of a month in which at least one switch had it on."""
    apart: dict[tuple[str, ...], list[Fact]] = defaultdict(list)
    for fact in sorted(facts, key=lambda one: (one.happened_at, one.unit != OFF, one.id)):
        if fact.unit in {STARTS, ON, OFF}:
            apart[fact.detail("switch"), fact.detail("service"), fact.detail("type")].append(fact)
    left: tuple[Period, ...] = (span,)
    for mine in apart.values():
        ran = list(_ran(mine, span))
        left = tuple(part for piece in left for part in piece.minus(ran))
    unused = sum((part.elapsed.total_seconds() for part in left), 0.0)
    return WHOLE - Decimal(unused) / Decimal(span.elapsed.total_seconds())


def _ran(facts: Sequence[Fact], span: Period) -> Iterable[Period]:
    """Yield when one switch had it on, up to the end of a month."""
    since = None
    for fact in facts:
        if fact.unit == OFF:
            if since is not None:
                yield Period(since, max(since, fact.happened_at))
            since = None
        elif since is None:
            since = fact.happened_at
    if since is not None and since < span.end:
        yield Period(since, span.end)
