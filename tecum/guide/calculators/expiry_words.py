"""Ends and cuts in words: one paragraph for the page, the receipt and the command line alike."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Protocol

from tecum.guide.model.emergency import ExpiryCap, ExpiryRule
from tecum.guide.values import Span


class Told(Protocol):
    """What the words need of a reading."""

    @property
    def title(self) -> str: ...
    @property
    def start(self) -> str: ...
    @property
    def ends(self) -> datetime: ...
    @property
    def cut(self) -> datetime: ...
    @property
    def cut_because(self) -> str: ...
    @property
    def capped_by(self) -> str: ...
    @property
    def excluded_because(self) -> str: ...


def spoken(at: datetime) -> str:
    """Return an instant in its zone, with the same in UTC: `Tue 31 March 2026, 00:00 EDT (31 March 04:00 UTC)`."""
    utc = at.astimezone(UTC)
    day = "" if utc.date() == at.date() else f"{utc:%-d %B} "
    return f"{at:%a %-d %B %Y, %H:%M %Z} ({day}{utc:%H:%M} UTC)"


def paragraph(
    chosen: Told,
    rule: ExpiryRule | None,
    readings: Collection[Told],
    cap: ExpiryCap | None,
    *,
    duration: Span | None,
    assumed: bool,
) -> str:
    """Return the why in one paragraph: for the page, the receipt and the command line alike."""
    length = f", {duration}" if duration is not None and chosen.start != "order_text" else ""
    parts = [f"Ends {spoken(chosen.ends)}: {chosen.title}{length}."]
    left = [reading for reading in readings if not reading.excluded_because]
    gone = len(readings) - len(left)
    if rule is not None:
        parts.append(f"Chosen by the rule '{rule.name}', approved by {rule.approved_by}.")
    elif len(left) > 1:
        parts.append(f"Of {len(left)} readings that remain the earliest governs.")
    if gone:
        parts.append(f"The order's own words exclude {gone} more.")
    if cap is not None and chosen.capped_by == cap.id:
        law = f" ({cap.citation})" if cap.citation else ""
        parts.append(f"The law allows no more than {cap.time}{law}.")
    elif chosen.capped_by:
        parts.append("The date that the order itself gives is earlier than what its length gives.")
    if assumed:
        parts.append(
            "It has not begun: this is the end if it began at once, and it is worked out anew when it does."
        )
    same = chosen.cut.astimezone(UTC) == chosen.ends.astimezone(UTC)
    when = "at that moment" if same else spoken(chosen.cut)
    parts.append(f"Access is cut {when}: {chosen.cut_because}.")
    return " ".join(parts)
