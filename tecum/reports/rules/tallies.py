"""What every tally does: which events it reads, and which matters are sealed when the trail ends."""

from typing import ClassVar
from zoneinfo import ZoneInfo

from tecum.guide.model.guide import Guide
from tecum.kernel.periods import Period
from tecum.reports.rules.content import Content, Told

SEALS = ("case.sealed", "case.unsealed")
WITHOUT_SEALED = "Cases that are sealed when the report is made are not counted; they count in a report made after their seal."
WITH_SEALED = "Cases that are sealed are counted."


class Tally:
    """Reads entries of the trail one after another, then says what they come to."""

    EVENTS: ClassVar[tuple[str, ...]] = ()
    WHOLE: ClassVar[bool] = (
        True  # whether entries from before the period are read too, those about seals among them
    )

    def __init__(self, period: Period, guide: Guide) -> None:
        self.period = period
        self.guide = guide
        self.zone = ZoneInfo(str(guide.carrier.zone))
        self.sealed: set[str] = set()

    @classmethod
    def events(cls) -> tuple[str, ...]:
        """Return the events that it reads."""
        return (*cls.EVENTS, *SEALS) if cls.WHOLE else cls.EVENTS

    def read(self, told: Told) -> None:
        """Take one entry."""
        if told.event == "case.sealed":
            self.sealed.add(told.matter)
        elif told.event == "case.unsealed":
            self.sealed.discard(told.matter)
        else:
            self.take(told)

    def take(self, told: Told) -> None:
        """Take one entry that is not about a seal."""
        raise NotImplementedError

    def content(self) -> Content:
        """Return what the entries come to."""
        raise NotImplementedError
