"""Every kind of deadline: what it is for, who works on it (its lane), how often it is tried."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of deadline; `lease` is longer than its longest honest run, `attempts` precede the dead letter."""

    meaning: str
    lane: str = "ordinary"
    lease: timedelta = timedelta(minutes=2)
    attempts: int = 8


KINDS: dict[str, Kind] = {
    "account.link_expires": Kind("The 24 hours of a single-use link are over (R-066)"),
    "consent.reminder": Kind("A wholesale customer is to be asked again for its consent (R-035)"),
    "inventory.stale": Kind("The number inventory is older than the guide allows"),
}
