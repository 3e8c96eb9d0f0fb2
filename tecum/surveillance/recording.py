"""Whatever a switch shows lets the record of the interception follow (47 CFR 1.20004); by when it is signed, and a compromise told."""

from collections.abc import Mapping
from datetime import datetime

from tecum.deadlines import operations as deadlines
from tecum.guide.calculators import calendars
from tecum.guide.model.guide import Guide
from tecum.policy import queries as policy

RECORD, RECORD_UNKNOWN = "surveillance.record", "surveillance.record_unknown"


def follows(homes: Mapping[str, str], *, now: datetime) -> None:
    """Let the records of surveillances follow, soon and by themselves; `homes`: surveillance → its matter."""
    deadlines.arm_many(RECORD, matters=homes, due_at=now, now=now)


def follows_unknown(mismatch: str, *, now: datetime) -> None:
    """Let something that nobody here put on a switch have its record too; it is of no matter of ours."""
    deadlines.arm(RECORD_UNKNOWN, subject=mismatch, due_at=now, matter="", now=now)


def sign_by(now: datetime) -> datetime:
    """Return by when a record that is open from now on is to be signed: the guide's reasonable time."""
    guide = policy.at(now)
    return calendars.later(guide, now, guide.surveillance.certify_within, calendar_id=_calendar(guide))


def report_by(discovered_at: datetime, now: datetime) -> datetime:
    """Return by when agencies are to be told of a compromise that was discovered at an instant."""
    guide = policy.at(now)
    return calendars.later(
        guide, discovered_at, guide.surveillance.report_within, calendar_id=_calendar(guide)
    )


def _calendar(guide: Guide) -> str:
    """Return the calendar of the desk that keeps surveillance, "" for the carrier's own."""
    desk = guide.surveillance.desk or guide.expiry.desk
    return next((each.calendar for each in guide.desks if each.id == desk), "")
