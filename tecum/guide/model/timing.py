"""Dimensions 6, 7 and 12: turnaround, retention, and every clock that runs."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from tecum.guide.entries import Rule, Stated
from tecum.guide.fields import maybe, need
from tecum.guide.values import Span


@dataclass(frozen=True, kw_only=True)
class Expedite(Stated):
    """A faster answer."""

    available: bool = maybe(True, "Whether there is one.")
    time: Span | None = maybe(None, "Its time.", example="24 hours")
    if_resources_permit: bool = maybe(False, "Whether it is only a wish.")
    facts: tuple[str, ...] = maybe(
        (), "Circumstances in which it may be asked; left out, any.", example='["emergency"]'
    )
    lost_by: tuple[str, ...] = maybe((), "Circumstances that take it away.", example='["arrears"]')
    conditions: str = maybe("", "Conditions in words.")


@dataclass(frozen=True, kw_only=True)
class Turnaround(Rule):
    """`[[turnarounds]]`: how long an answer takes."""

    kind: Literal["fixed", "range", "goal", "if_resources_permit", "open_ended"] = maybe(
        "fixed", "A promise, a range, a goal, a wish, or no promise at all (`open_ended` needs no time)."
    )
    time: Span | None = maybe(None, "The time, or its range.", example="5-10 business days")
    calendar: str = maybe(
        "", "The calendar of its business days; left out, that of the product's desk.", ref="calendars"
    )
    starts: Literal["receipt", "acceptance", "complete_request"] = maybe(
        "receipt", "The event from which it runs. A payment or a signed form is a gate, which work waits for."
    )
    after_hours: Literal["same_day", "next_business_day"] = maybe(
        "next_business_day", "When something counts as received that arrives outside staffed hours."
    )
    expedite: Expedite | None = maybe(None, "The faster answer; left out, there is none.")
    order: tuple[str, ...] = maybe(
        (), "The order of handling.", example='["emergencies", "homicide", "by receipt"]'
    )
    conditions: str = maybe("", "Conditions in words.", example="as resources permit")

    def faults(self) -> tuple[str, ...]:
        """Return what is wrong with the rule by itself."""
        lacks = self.time is None and self.kind not in {"open_ended", "if_resources_permit"}
        return (*super().faults(), *((f"'{self.id}' needs a time.",) if lacks else ()))


@dataclass(frozen=True, kw_only=True)
class Retention(Rule):
    """`[[retentions]]`: how long records of a product exist."""

    keeps: Span | None = maybe(
        None,
        "The rolling window back from receipt. A range is an uncertain band: surely kept for the lower number, "
        "perhaps up to the higher.",
        example="3-5 days",
    )
    since: date | None = maybe(
        None, "Records exist only from this day on, whatever the window.", example="2008-07-01"
    )
    until: date | None = maybe(None, "Records exist only before this day (a system that was switched off).")
    archived: Span | None = maybe(
        None,
        "Beyond the window, up to this age, they are archived and may be unavailable.",
        example="7 years",
    )
    indefinitely: bool = maybe(False, "Whether they are kept without an end.")
    not_kept: bool = maybe(False, "Whether no such record is ever kept.")
    counted_from: Literal["record", "account_closed", "bill"] = maybe(
        "record", "Whether a record's age, or the time since the account was closed, is what counts."
    )
    judged_at: Literal["receipt", "processing"] = maybe(
        "receipt", "When age is judged: receipt freezes what would otherwise expire."
    )
    basis: str = maybe("", "The law or reason.", example="47 CFR 42.6: 18 months")

    def faults(self) -> tuple[str, ...]:
        """Return what is wrong with the rule by itself."""
        says = self.keeps or self.since or self.indefinitely or self.not_kept or self.archived or self.until
        return (*super().faults(), *(() if says else (f"'{self.id}' says nothing: give keeps, since, …",)))


@dataclass(frozen=True, kw_only=True)
class Clock(Rule):
    """`[[clocks]]`: a time that runs from one event and ends at another, or at a deadline."""

    name: str = maybe("", "What it is called.", example="Order after emergency surveillance")
    starts: str = need("The event that starts it.", example="first_activation")
    time: Span | None = maybe(
        None, "Its length. Hours really pass; days end at the same wall-clock time.", example="48 hours"
    )
    reasonable: bool = maybe(
        False, "Whether the source says only “reasonable”; `counsel_time` then gives the length."
    )
    counsel_time: Span | None = maybe(
        None, "The length that counsel set for “reasonable”.", example="10 business days"
    )
    ends_when: tuple[str, ...] = maybe(
        (), "Events that end it before.", example='["order_received", "application_denied"]'
    )
    then: str = maybe("", "What happens at the deadline.", example="cut")
    calendar: str = maybe(
        "", "The calendar for business days, and the duty it needs at its end.", ref="calendars"
    )
    desk: str = maybe("", "The desk on whose people it depends.", ref="desks")
    capability: str = maybe("", "The capability that must be staffed at its end.", example="termination")
    reminders: tuple[Span, ...] = maybe(
        (), "How long before its end somebody is reminded.", example='["12 hours", "1 hour"]'
    )
    ladder: str = maybe("", "The ladder that is climbed.", ref="ladders")
    grace: Span | None = maybe(
        None, "How long one person may hold its end for papers received in time.", example="4 hours"
    )
    not_before: str = maybe("", "The clock before whose end this one must not end.", ref="clocks")
    end_of_day: bool = maybe(False, "Whether a length in days ends at the end of the last day.")

    def faults(self) -> tuple[str, ...]:
        """Return what is wrong with the clock by itself."""
        lacks = self.time is None and self.counsel_time is None and not self.reasonable
        return (*super().faults(), *((f"'{self.id}' needs a time.",) if lacks else ()))

    @property
    def length(self) -> Span | None:
        """Return the length in force: the source's, or counsel's for “reasonable”."""
        return self.time or self.counsel_time
