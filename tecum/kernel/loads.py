"""What every load of a list has in common: why it is refused, and what it says of itself."""

from dataclasses import dataclass
from datetime import datetime

from tecum.kernel.refusals import Refused


class ChangesTooMuch(Refused):
    """A list that would change more of what there is than the guide, or the person, allows."""


class OutOfOrder(Refused):
    """A list older than what is loaded, or from the future."""


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """What a list did, or would do: lines read, not taken (`rejected`), and kept as they were for a bad line (`held`)."""

    as_of: datetime
    lines: int
    added: int = 0
    moved: int = 0
    rejected: int = 0
    held: int = 0
    share: float = 0.0


def said(at: datetime) -> str:
    """Return an instant as messages about loads write it, with its zone."""
    return f"{at:%Y-%m-%d %H:%M %Z}"
