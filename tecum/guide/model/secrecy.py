"""Dimension 10: whether the customer is told, and what a gag needs."""

from dataclasses import dataclass
from typing import Literal

from tecum.guide.entries import Rule
from tecum.guide.fields import maybe, need
from tecum.guide.values import Span


@dataclass(frozen=True, kw_only=True)
class CustomerNotice(Rule):
    """`[[customer_notices]]`: whether a customer is told that its records were asked for."""

    told: bool = need("Whether the customer is told.")
    when: Literal["before_production", "after_production", "after_gag"] = maybe("before_production", "When.")
    wait: Span | None = maybe(None, "How long production waits after the notice.", example="7 days")
    told_after: Span | None = maybe(
        None,
        "How long after the process, or after the end of a gag, the customer is told. `gag` among the `exceptions` "
        "then only puts it off.",
        example="14 days",
    )
    exceptions: tuple[str, ...] = maybe(
        (),
        "Circumstances in which it is not told after all; with `told_after` or `after_gag` a gag puts it off.",
        example='["gag", "emergency", "child_exploitation"]',
    )
    wording: str = maybe("", "The letter.", ref="wording")
    citation: str = maybe("", "The law.")


@dataclass(frozen=True, kw_only=True)
class Gag(Rule):
    """`[[gags]]`: an order or request not to tell."""

    automatic: bool = maybe(False, "Whether the process itself forbids disclosure, without words of its own.")
    must_cite: bool = maybe(False, "Whether it must cite its law.")
    must_state_duration: bool = maybe(False, "Whether it must say how long.")
    without_duration: Literal["indefinite", "lapses", "default_duration", "refused", "ask"] = maybe(
        "indefinite", "What a gag without a duration becomes."
    )
    default_duration: Span | None = maybe(None, "Its duration then.", example="90 days")
    longest: Span | None = maybe(None, "The longest duration that is honoured.", example="1 year")
    starts: str = maybe("order", "The event from which it runs.", example="order")
    citation: str = maybe("", "The law.", example="18 USC 2705(b)")
    reminder: Span | None = maybe(None, "How long before its end counsel is reminded.", example="14 days")

    def faults(self) -> tuple[str, ...]:
        """Return what is wrong with the rule by itself."""
        lacks = self.without_duration == "default_duration" and self.default_duration is None
        return (*super().faults(), *((f"'{self.id}' needs a default_duration.",) if lacks else ()))
