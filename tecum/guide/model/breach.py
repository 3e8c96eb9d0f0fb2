"""Dimension 11b: what a breach of customer information sets running, by version of the rule."""

from dataclasses import dataclass
from typing import Literal

from tecum.guide.entries import Entry
from tecum.guide.fields import maybe, need
from tecum.guide.values import Span, Unit

Receiver = Literal["usss", "fbi", "fcc"]


@dataclass(frozen=True, kw_only=True)
class BreachRule(Entry):
    """`[[breach_rules]]`: one version of the duty to tell agencies and customers of a breach."""

    title: str = need("The version in words.", example="47 CFR 64.2011 as amended by FCC 23-111")
    applied: bool = maybe(
        True,
        "Whether its clocks are started. One that is not applied is shown beside, so that counsel sees the difference.",
    )
    receivers: tuple[Receiver, ...] = need(
        "The agencies that are told first.", example='["usss", "fbi", "fcc"]'
    )
    agencies_by: Span = need(
        "How long after the breach is determined they are told at the latest.", example="7 business days"
    )
    customers_after: Span | None = maybe(
        None,
        "How long after the agencies were told no customer may be told; left out, no such wait.",
        example="7 business days",
    )
    customers_by: Span | None = maybe(
        None,
        "How long after the breach is determined customers are told at the latest; left out, the rule names no day.",
        example="30 days",
    )
    delay: Span | None = maybe(
        None,
        "How long an agency may direct that customers are not told; it may be asked for again.",
        example="30 days",
    )
    remind: Span = maybe(
        Span(2, 2, Unit.BUSINESS_DAY),
        "How long before an end the desk is reminded.",
        example="2 business days",
    )
    calendar: str = maybe(
        "", "The calendar of its business days; left out, Monday to Friday.", ref="calendars"
    )
    basis: str = maybe("", "The law.", example="47 CFR 64.2011(b)")
