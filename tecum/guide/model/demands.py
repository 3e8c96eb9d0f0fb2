"""What follows a legal demand for records: preservation, holds, withdrawal, the diary of its dates."""

from dataclasses import dataclass
from typing import Literal

from tecum.guide.entries import Rule, Stated
from tecum.guide.fields import maybe, need
from tecum.guide.values import Span, Unit

MOST_REMINDERS = 5


@dataclass(frozen=True, kw_only=True)
class Preservation(Rule):
    """`[[preservations]]`: how long records are kept for an agency that has asked for it, until process follows."""

    time: Span = need("How long from receipt.", example="90 days")
    renewals: int = maybe(1, "How often it may be renewed before it ends.", unit="renewals")
    renewal: Span | None = maybe(None, "How long a renewal adds; left out, as long as at first.")
    warned_before: Span = maybe(
        Span(14, 14, Unit.DAY), "How long before its end the agency is told.", example="14 days"
    )
    wording: str = maybe("", "The letter that confirms it.", ref="wording")
    citation: str = maybe("", "The law.", example="18 USC 2703(f)")


@dataclass(frozen=True, kw_only=True)
class Handling(Stated):
    """`[demands]`: the carrier's own rules for legal demands in its hands."""

    desk: str = maybe("", "The desk that works on them; left out, that of the mailbox.", ref="desks")
    pauses: Literal["never", "deficiency", "any_letter"] = maybe(
        "deficiency",
        "Whether the promised time stands still while the agency has to answer: after a deficiency letter, or after an "
        "objection and a question of narrowing too.",
    )
    restarts: Literal["goes_on", "from_start"] = maybe(
        "goes_on",
        "Whether the promised time goes on, with what was left of it in its own unit, or begins again once the answer is in.",
    )
    holds_on_receipt: bool = maybe(
        True, "Whether records that would expire are held from receipt on, also for a defective demand."
    )
    hold_after_deficiency: Span = maybe(
        Span(30, 30, Unit.DAY),
        "How long after the deficiency letter such a hold lapses when nothing follows.",
        example="30 days",
    )
    holds_per_agency: int = maybe(
        500, "The most numbers that may be held for one agency before a person decides.", unit="numbers"
    )
    holds_for_unverified: bool = maybe(
        False,
        "Whether records are held for a sender that the mail systems do not prove, without a person first.",
    )
    draft_kept: Span = maybe(
        Span(14, 14, Unit.DAY), "How long an officer's unsent draft is kept.", example="14 days"
    )
    undo_withdrawal: Span = maybe(
        Span(24, 24, Unit.HOUR), "How long a withdrawal can be taken back.", example="24 hours"
    )
    reminders: tuple[Span, ...] = maybe(
        (Span(3, 3, Unit.BUSINESS_DAY), Span(1, 1, Unit.BUSINESS_DAY)),
        "How long before the promised answer, or the return date, whoever works on the demand is reminded.",
        example='["3 business days", "1 business day"]',
    )

    def faults(self) -> tuple[str, ...]:
        """Return what is wrong with the rules by themselves."""
        many = len(self.reminders) > MOST_REMINDERS
        return (f"reminders: at most {MOST_REMINDERS}, and there are {len(self.reminders)}.",) if many else ()
