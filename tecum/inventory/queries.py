"""What is asked of the inventory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tecum.access.rules import require
from tecum.guide.model.lookup import Freshness
from tecum.inventory.drivers import choice
from tecum.inventory.models import InventoryLoad
from tecum.inventory.rules.age import is_stale
from tecum.inventory.rules.runs import Span, joined
from tecum.inventory.rules.timeline import believed
from tecum.kernel.actors import Actor
from tecum.policy import queries as policy


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who has a number in service, and since which day of the carrier's zone."""

    customer: str
    in_service_date: date


@dataclass(frozen=True, slots=True)
class Answer:
    """The numbers in service among those asked for, and what the answer rests on. Who is not in `rows` is not in service here."""

    version: int
    as_of: datetime
    rows: dict[str, Assignment]


@dataclass(frozen=True, slots=True)
class InventoryState:
    """What is loaded; version 0 when nothing is. `refuses`: it is too old to be answered from, by the guide."""

    version: int
    as_of: datetime | None
    age: timedelta | None
    count: int
    stale: bool
    refuses: bool
    max_age: timedelta | None


@dataclass(frozen=True, slots=True)
class PastAssignment:
    """An assignment that ended at `until`. `believed` is False where it was recorded by mistake and said until then."""

    customer: str
    in_service_date: date
    until: datetime
    reason: str
    believed: bool
    version: int


@dataclass(frozen=True, slots=True)
class NumberHistory:
    """Everything the inventory knows of one number; for staff, never for an officer (R-030)."""

    version: int
    current: Assignment | None
    past: tuple[PastAssignment, ...]


def look_up(numbers: Sequence[str]) -> Answer:
    """
    Tell who has each number in service, all from one state of the inventory; numbers are ten digits.

    :raises NothingLoaded: before the first load
    """
    meta, found = choice.engine().look_up([int(number) for number in numbers])
    return Answer(
        meta.version, meta.as_of, {str(number): Assignment(*held) for number, held in found.items()}
    )


def state(*, now: datetime) -> InventoryState:
    """Tell what is loaded and whether it is stale by the guide in force (W20)."""
    rule = freshness(now)
    max_age = rule.max_age.elapsed if rule.max_age else None
    meta = choice.engine().meta()
    if meta is None:
        return InventoryState(0, None, None, 0, stale=True, refuses=True, max_age=max_age)
    stale = max_age is not None and is_stale(meta.as_of, now=now, max_age=max_age)
    refuses = stale and rule.then == "refuse"
    return InventoryState(meta.version, meta.as_of, now - meta.as_of, meta.total, stale, refuses, max_age)


def freshness(now: datetime) -> Freshness:
    """Return what the guide in force says of the inventory's age and of how much one file may change."""
    lookups = policy.at(now).lookups
    return lookups[0].inventory if lookups else Freshness()


def assignments(number: str, *, now: datetime) -> NumberHistory:
    """
    Return the history of one number; doors ask `operations.read_history`, which records who did.

    :raises NothingLoaded: before the first load
    """
    zone = policy.at(now).carrier.zone.tz
    key, engine = int(number), choice.engine()
    meta, found = engine.look_up([key])
    recorded = [(row.source_id, row.past) for row in engine.past(key)]
    kept = believed(recorded, found.get(key), zone)
    gone = set(recorded).difference(kept)
    rows = [PastAssignment(*row, True, version) for version, row in kept]
    rows += [PastAssignment(*row, False, version) for version, row in gone]
    rows.sort(key=lambda row: (row.until, row.believed), reverse=True)
    return NumberHistory(meta.version, Assignment(*found[key]) if key in found else None, tuple(rows))


def counts_by_customer() -> dict[str, int]:
    """Count the numbers in service by customer; empty before the first load."""
    engine = choice.engine()
    return engine.counts() if engine.meta() else {}


def counts_within(blocks: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Count the numbers in service by customer within blocks of numbers, both ends included, each number once."""
    engine = choice.engine()
    spans = joined(Span(int(first), int(last)) for first, last in blocks)
    return engine.counts_within(spans) if engine.meta() else {}


def loads(*, by: Actor, now: datetime, limit: int = 50) -> list[InventoryLoad]:
    """Return the last loads, newest first."""
    require(by, "inventory.read", now=now)
    return list(InventoryLoad.objects.order_by("-intended_at", "-pk")[:limit])
