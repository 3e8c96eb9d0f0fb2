"""When an emergency surveillance is cut: by the guide's clock, elapsed time counted in UTC (C3, control 15)."""

from datetime import UTC, datetime

from tecum.guide.calculators import clocks
from tecum.guide.model.emergency import Emergency
from tecum.guide.model.guide import Guide
from tecum.guide.questions import Question


def ends_at(guide: Guide, pathway: Emergency, started: datetime) -> datetime | None:
    """Return when an emergency ends that starts at an instant; None where the guide has no clock for it, or that gives no time."""
    if not pathway.clock:
        return None
    on = started.astimezone(guide.carrier.zone.tz).date()
    ends = clocks.run(guide, Question(on=on), pathway.clock, started, {}).ends_utc
    return ends.astimezone(UTC) if ends else None
