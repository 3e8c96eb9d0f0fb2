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

    def faults(self) -> tuple[str, ...]:
        """Return what is wrong with the table by itself."""
        wrong = () if 0 <= self.trail_hour <= 23 else ("trail_hour is an hour of the day, 0 to 23.",)
        return (*wrong, *not_elapsed({"trail_alarm_after": self.trail_alarm_after}))
