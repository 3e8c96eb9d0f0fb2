"""What is watched, and when somebody is told."""

from dataclasses import dataclass

from tecum.guide.entries import Stated
from tecum.guide.fields import maybe
from tecum.guide.model.lookup import not_elapsed
from tecum.guide.values import Span, Unit


@dataclass(frozen=True, kw_only=True)
class Assurance(Stated):
    """`[assurance]`: how the desk watches itself."""

    trail_hour: int = maybe(2, "The hour of the carrier's day at which the whole trail is verified, 0 to 23.")
    trail_alarm_after: Span = maybe(
        Span(36, 36, Unit.HOUR),
        "How long the trail may go without a verification that found it good, before those who may verify it are told.",
        example="36 hours",
    )

    silent_after: Span = maybe(
        Span(3, 3, Unit.MINUTE),
        "How long nothing may be heard from the watcher of the invariants, before those who watch over them are told.",
        example="3 minutes",
    )
    page_again: Span = maybe(
        Span(1, 1, Unit.HOUR),
        "After how long an invariant that does not hold, or a watcher that is silent, is told again.",
        example="1 hour",
    )

    def faults(self) -> tuple[str, ...]:
        """Return what is wrong with the table by itself."""
        wrong = () if 0 <= self.trail_hour <= 23 else ("trail_hour is an hour of the day, 0 to 23.",)
        lengths = {
            "trail_alarm_after": self.trail_alarm_after,
            "silent_after": self.silent_after,
            "page_again": self.page_again,
        }
        return (*wrong, *not_elapsed(lengths))
