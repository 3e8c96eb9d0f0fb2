"""Dimension 16: the switches that surveillances run on, and how the carrier starts and ends them."""

from dataclasses import dataclass
from typing import Literal

from tecum.guide.entries import Entry, Stated
from tecum.guide.fields import maybe, need
from tecum.guide.values import Span, Unit


@dataclass(frozen=True, kw_only=True)
class Switch(Entry):
    """`[[switches]]`: a switch that surveillances run on, and who works it: a technician by hand, or a driver."""

    name: str = need("What people call it.", example="Reston 1")
    driver: Literal["work_order", "simulator"] = maybe(
        "work_order",
        "How it is worked: `work_order`, a technician types and another looks; `simulator`, a switch that is only "
        "played, for training, drills and tests. A switch that a driver reaches is cut at the expiry itself.",
    )
    market: str = maybe(
        "", "Its market: switches outside the initial market cost more (R-141).", ref="markets"
    )
    services: tuple[Literal["interconnect", "dispatch"], ...] = maybe(
        ("interconnect", "dispatch"), "The services that can be listened to on it."
    )
    instructions: str = maybe(
        "",
        "What the technician is told to do there, in the carrier's words; it holds no number and no name.",
        example="LI terminal, menu 4: intercept subjects",
    )


@dataclass(frozen=True, kw_only=True)
class Surveillances(Stated):
    """`[surveillance]`: the carrier's own rules for starting, watching and ending."""

    lead: int = maybe(
        5,
        "So long before the cut the command leaves for a switch that a driver reaches, so that it has obeyed by then.",
        unit="seconds",
    )
    lead_by_hand: Span = maybe(
        Span(15, 15, Unit.MINUTE),
        "So long before the cut a technician is told to end one by hand.",
        example="15 minutes",
    )
    accepted_before: Span = maybe(
        Span(4, 4, Unit.HOUR),
        "So long before the cut a named technician has accepted to make it; if nobody has, the on-call ladder starts.",
        example="4 hours",
    )
    recheck: Span = maybe(
        Span(1, 1, Unit.DAY),
        "How long after a technician's work another one is asked to look at the switch again.",
        example="1 day",
    )
    review_grace: Span = maybe(
        Span(4, 4, Unit.HOUR),
        "How long one administrator may hold a cut while papers that came in time are read (C3).",
        example="4 hours",
    )
    reminders: tuple[Span, ...] = maybe(
        (Span(12, 12, Unit.HOUR), Span(4, 4, Unit.HOUR), Span(1, 1, Unit.HOUR), Span(15, 15, Unit.MINUTE)),
        "How long before the end of an emergency the staff are told (C4).",
        example='["12 hours", "1 hour"]',
    )
    staff_notices: tuple[Span, ...] = maybe(
        (Span(7, 7, Unit.BUSINESS_DAY), Span(2, 2, Unit.BUSINESS_DAY)),
        "How long before its end the staff are told of an order's end.",
        example='["7 business days"]',
    )
    desk: str = maybe("", "The desk that is told; left out, the one that cuts.", ref="desks")
    certify_within: Span = maybe(
        Span(1, 1, Unit.BUSINESS_DAY),
        "The reasonable time within which the overseeing employee signs the record of an interception (47 CFR 1.20004).",
        example="1 business day",
    )
    report_within: Span = maybe(
        Span(1, 1, Unit.BUSINESS_DAY),
        "The reasonable time within which agencies are told of a compromise or an unlawful surveillance (47 CFR 1.20003).",
        example="1 business day",
    )
    certification: str = maybe(
        "", "What the overseeing employee certifies by signing the record of an interception.", ref="wording"
    )
    trouble_words: tuple[str, ...] = maybe(
        (
            "lost capability",
            "lost the wiretap",
            "no longer receiving",
            "not receiving",
            "wiretap is down",
            "no data is received",
        ),
        "Words of a message in an order's case that open a trouble ticket (R-148); the message stays in its case either way.",
    )
