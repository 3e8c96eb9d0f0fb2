"""What a price rests on: the facts of a case, and what is known about the request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tecum.kernel.money import Money

MONTH = "month"
COST = "cost"
ON, OFF = "on", "off"  # a surveillance went off, or on again: counted by fees that charge months in parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One billable fact: `product` and `unit` are words of the guide, `details` codes that a fee may count by."""

    id: str
    product: str
    unit: str
    happened_at: datetime
    version: str = (
        ""  # of the guide: in force when it happened, or that of the quote which was accepted (B11)
    )
    target: str = ""
    quantity: int = 1
    details: Mapping[str, str] = field(default_factory=dict)
    found: bool = True
    cost: Money | None = None
    reason: str = ""

    def detail(self, name: str) -> str:
        """Return a code of the fact, or nothing."""
        return self.details.get(name) or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is known of the request beside its facts: the guide's rules are asked with it."""

    process: str = ""
    country: str = ""
    region: str = ""
    requester: str = "lea"
    circumstances: frozenset[str] = frozenset()
