"""What a decision allows: the scope of a disclosure, permission to locate, the lines of a surveillance; never more than asked."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from tecum.demands.rules.compiling import Asked, Kept, Line, Supported, Tenure, World, compiled
from tecum.exigent.rules.facts import Said
from tecum.guide.model.emergency import Emergency
from tecum.guide.model.guide import Guide
from tecum.guide.model.process import Product
from tecum.kernel.periods import Period

SEARCHING = frozenset({"calls", "destination", "subscriber", "provider"})
PERSONAL = frozenset({"calls", "subscriber", "work_order", "live"})
DISCLOSE, LOCATE, SURVEIL = "disclose", "locate", "surveil"
LONGEST = timedelta(hours=48)  # of permission to locate; a guide's clock may be shorter


@dataclass(frozen=True, slots=True)
class Wanted:
    """One product of one number in one period, as the proposer limits it to what the emergency needs."""

    product: str
    number: str
    period: Period


def clause(pathway: Emergency, said: Said) -> str:
    """Return the clause that every row of a disclosure carries."""
    ground = next((each.label for each in pathway.grounds if each.id in said.grounds), "an emergency")
    return (
        f"{pathway.name}: {ground} ({pathway.citation})" if pathway.citation else f"{pathway.name}: {ground}"
    )


def lines(
    wanted: Iterable[Wanted],
    pathway: Emergency,
    said: Said,
    guide: Guide,
    *,
    kept: Mapping[str, list[Kept]],
    tenures: Mapping[str, list[Tenure]],
    chosen: frozenset[str] = frozenset(),
) -> tuple[Line, ...]:
    """
    Return what becomes of everything that is proposed, by the compiler of legal demands (control 7).

    A number that the request does not name, or a product that the pathway does not allow, is no part of it.
    """
    why = clause(pathway, said)
    how = {each.id: each.answered_by for each in guide.products}
    asked = [
        Asked(f"{each.product}:{each.number}", each.product, each.number, each.period, why)
        for each in wanted
        if each.number in said.targets
    ]
    products = {each.product for each in asked}
    allowed = set(pathway.products)
    world = World(
        supported={
            name: Supported(not allowed or name in allowed, why if name in allowed or not allowed else "This pathway does not allow it.", pathway.citation)
            for name in products
        },
        kept=kept, tenures=tenures,
        about_a_person=frozenset(name for name in products if how.get(name) in PERSONAL),
        about_a_provider=frozenset(name for name in products if how.get(name) == "provider"),
    )  # fmt: skip
    return compiled(asked, world)


def offered(pathway: Emergency, guide: Guide) -> tuple[Product, ...]:
    """Return the products that a pathway allows and that can be searched here."""
    allowed = set(pathway.products)
    return tuple(
        each
        for each in guide.products
        if each.answered_by in SEARCHING and (not allowed or each.id in allowed)
    )


def locates(pathway: Emergency, guide: Guide) -> Product | None:
    """Return the product of a single location, where the pathway allows it."""
    live = [each for each in guide.products if each.answered_by == "live" and each.kind != "surveillance"]
    return next((each for each in live if not pathway.products or each.id in pathway.products), None)


def line_data(line: Line) -> dict[str, Any]:
    """Return a line as plain data."""
    found = asdict(line)
    return {
        **found,
        "period": [stamp(line.period.start), stamp(line.period.end)],
        "outcome": line.outcome.value,
    }


def digest(act: str, content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of exactly what will happen; instants in UTC, keys in order."""
    return sha256(json.dumps({"act": act, **content}, sort_keys=True).encode()).hexdigest()


def stamp(at: datetime) -> str:
    """Return an instant as the one text that is hashed and kept."""
    return at.astimezone(UTC).isoformat()
