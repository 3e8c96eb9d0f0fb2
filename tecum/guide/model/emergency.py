"""Dimension 12 and the ends of surveillance: emergencies, expiry readings, caps and cuts."""

from dataclasses import dataclass
from typing import Literal

from tecum.guide import phrases
from tecum.guide.entries import Rule, Stated
from tecum.guide.fields import maybe, need
from tecum.guide.values import Span

StartEvent = Literal[
    "order", "implementation", "collection", "earlier_of_interception_and_ten_days", "former_end"
]
Counting = Literal["first_day_counts", "first_day_does_not_count", "exact_hours"]


@dataclass(frozen=True, kw_only=True)
class Ground(Stated):
    """A ground for an emergency request."""

    id: str = need("Its name.", example="danger_to_life")
    label: str = need("The ground in words.", example="immediate danger of death or serious physical injury")
    countries: tuple[str, ...] = maybe((), "Countries where it counts; left out, all.")
    words: tuple[str, ...] = maybe(
        (),
        "Phrases by which a letter or a mail names it besides its label up to the first comma, written as in `[mail.words]`; "
        "they suggest it, and a person reads.",
        example='["threat to life", "life threatening"]',
    )
    stops_for: str = maybe(
        "", "Who must decide before anything happens; empty, nobody further.", example="counsel"
    )

    def faults(self) -> tuple[str, ...]:
        """Return what is wrong with the phrases."""
        return phrases.faults("words", self.words)


@dataclass(frozen=True, kw_only=True)
class FollowUp(Stated):
    """Something that must follow."""

    what: str = need("What must follow.", example="court_order")
    clock: str = maybe("", "The clock within which it must.", ref="clocks")
    otherwise: str = maybe("", "What happens otherwise.", example="cut")


@dataclass(frozen=True, kw_only=True)
class Emergency(Rule):
    """`[[emergencies]]`: a way in which the carrier acts without legal process."""

    name: str = need("Its name.", example="Emergency disclosure")
    kind: Literal["disclosure", "surveillance", "location", "preservation"] = maybe(
        "disclosure", "What is done."
    )
    grounds: tuple[Ground, ...] = maybe((), "The grounds, one of which must be given.")
    certifiers: tuple[str, ...] = maybe((), "Who alone may certify; left out, the person who asks.")
    first: Literal["written", "oral"] = maybe("written", "Whether a written request must come first.")
    release_gate: Literal["none", "written_request", "signed_form", "certification"] = maybe(
        "none",
        "What must have arrived before anything is released, where an oral request may begin the work.",
    )
    forms: tuple[str, ...] = maybe((), "Forms that are enough.", ref="forms")
    alternatives: tuple[str, ...] = maybe((), "What is enough instead of a form.", example='["letterhead"]')
    must_hold: tuple[str, ...] = maybe(
        (), "What the request must say.", example='["target", "circumstances"]'
    )
    call_back: bool = maybe(True, "Whether the carrier calls back before it acts.")
    follow_ups: tuple[FollowUp, ...] = maybe((), "What must follow.")
    desk: str = maybe("", "The desk that takes it.", ref="desks")
    ladder: str = maybe("", "The ladder outside its hours.", ref="ladders")
    clock: str = maybe("", "The clock that ends it.", ref="clocks")
    citation: str = maybe("", "The law.", example="18 USC 2702(c)(4)")


@dataclass(frozen=True, kw_only=True)
class Expiry(Stated):
    """`[expiry]`: how the end of an authorised surveillance is found and when access is cut."""

    starts: tuple[StartEvent, ...] = maybe(
        ("order", "implementation", "collection", "earlier_of_interception_and_ten_days"),
        "The events from which a stated duration may run.",
    )
    countings: tuple[Counting, ...] = maybe(
        ("first_day_counts", "first_day_does_not_count", "exact_hours"),
        "The ways of counting that are shown.",
    )
    default: Literal["earliest"] = maybe(
        "earliest", "Without a rule of counsel's the earliest reading governs."
    )
    zone: str = maybe(
        "", "The zone of local days; left out, that of the calendar that cuts.", example="America/New_York"
    )
    desk: str = maybe("", "The desk that cuts.", ref="desks")
    capability: str = maybe("termination", "The capability whose calendar says when somebody can cut.")
    notices: tuple[Span, ...] = maybe(
        (), "How long before its end the agency is told in writing.", example='["7 business days"]'
    )
    cut_by_hand: Literal["last_staffed_moment", "expiry"] = maybe(
        "last_staffed_moment",
        "When a switch is cut that needs a person, and the end falls outside staffed hours.",
    )
    unattended_switches: tuple[str, ...] = maybe(
        (), "Switches that deactivate by themselves, at the end itself."
    )


@dataclass(frozen=True, kw_only=True)
class ExpiryRule(Rule):
    """`[[expiry_rules]]`: a reading that counsel approved by name, for a jurisdiction."""

    name: str = need("The rule's name.", example="Rule 45 counting")
    start: StartEvent | None = maybe(None, "The event it runs from; left out, any that remains.")
    counting: Counting | None = maybe(None, "How it counts; left out, any that remains.")
    types: tuple[str, ...] = maybe((), "Types of surveillance; left out, all.", example='["title_iii"]')
    approved_by: str = maybe(
        "", "Who approved it; a rule without approval is shown and not used.", example="counsel"
    )
    citation: str = maybe("", "The case or statute.")


@dataclass(frozen=True, kw_only=True)
class ExpiryCap(Rule):
    """`[[expiry_caps]]`: the longest that an order may run."""

    types: tuple[str, ...] = need("Types of surveillance.", example='["title_iii"]')
    time: Span = need("The longest duration.", example="30 days")
    start: StartEvent | None = maybe(
        None, "The event from which the law counts it; left out, the start of each reading."
    )
    citation: str = maybe("", "The law.", example="18 USC 2518(5)")
