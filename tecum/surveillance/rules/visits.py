"""When an agency gets into a switching office, and who does (R-154 to R-157, D4)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tecum.guide.calculators import calendars, clocks
from tecum.guide.model.guide import Guide, NotInGuide
from tecum.guide.questions import Question
from tecum.kernel import business

FOUND, FOUND_LIVE = "failure_found", "failure_found_live"  # the events that the guide's clocks start at
LONGEST = timedelta(hours=12)
IDENTIFICATIONS = {
    "agency_credential": "Agency credential with picture",
    "drivers_license": "Driver's license",
    "passport": "Passport",
    "government_id": "Other government picture ID",
}
WHYS = {
    "no_identification": "No picture identification",
    "not_alike": "The picture is not theirs, or the name differs",
    "not_coordinated": "No visit was coordinated with the administrator",
    "not_the_time": "Not at the agreed time",
    "not_on_the_list": "Not among those who were announced",
}
SENTENCES = {
    "no_identification": "Nobody enters without a picture identification (R-154, R-155).",
    "not_alike": "The picture identification must be their own, and name the visitor who was announced.",
    "not_coordinated": "Nobody enters without prior coordination with the Law Enforcement Administrator (R-155).",
    "not_the_time": "The visit was agreed for another time; Security and Fraud agrees a new one.",
    "not_on_the_list": "Only those who were announced enter; the administrator announces further visitors.",
}


@dataclass(frozen=True, slots=True)
class Window:
    """From when on, and by when, access is given; with the clock that says so and its sentence."""

    earliest: datetime
    latest: datetime | None
    rule: str
    because: str


def window(guide: Guide, *, found_at: datetime, live: bool, now: datetime) -> Window:
    """
    Return when access is given after a failure.

    Live overrides all: as soon as reasonably possible, by counsel's time where the guide has one (R-157). Found in business
    hours: a date and time in business hours is coordinated (R-154). Found outside them: on the next business day (R-156),
    which is the day that begins next, so the access is never later than either reading of "next".
    """
    if live:
        clock = _clock(guide, FOUND_LIVE)
        latest = clocks.run(guide, Question(on=found_at.date()), clock, found_at, {}).ends if clock else None
        return Window(
            now, latest, clock or FOUND_LIVE, "During a live wiretap: as soon as reasonably possible (R-157)."
        )
    calendar = _calendar(guide).kernel
    if business.is_staffed(calendar, found_at):
        return Window(
            max(found_at, now),
            None,
            _calendar(guide).id,
            "Found in business hours: date and time are coordinated (R-154).",
        )
    opens = business.next_staffed(calendar, found_at)
    return Window(
        opens, business.closes_next(calendar, opens), _clock(guide, FOUND) or FOUND,
        "Found outside business hours: access on the next business day (R-156).",
    )  # fmt: skip


def fault(guide: Guide, *, starts_at: datetime, ends_at: datetime, live: bool, now: datetime) -> str:
    """Return what is wrong with a date and time that somebody would agree; "" when it is right."""
    if ends_at <= starts_at or ends_at - starts_at > LONGEST:
        return "A visit ends after it starts, within twelve hours."
    if ends_at <= now:
        return "That time is over."
    calendar = _calendar(guide).kernel
    inside = business.is_staffed(calendar, starts_at) and business.is_staffed(
        calendar, ends_at - timedelta(minutes=1)
    )
    if not live and not inside:
        return "Outside business hours access is given during a live wiretap alone (R-156, R-157)."
    return ""


def at_the_door(
    *,
    starts_at: datetime | None,
    ends_at: datetime | None,
    identification: str,
    alike: bool,
    listed: bool,
    now: datetime,
) -> str:
    """Return why somebody may not enter, as a code; "" when they may: both, identification and coordination (D4)."""
    if starts_at is None or ends_at is None:
        return "not_coordinated"
    if not listed:
        return "not_on_the_list"
    if not starts_at <= now < ends_at:
        return "not_the_time"
    if identification not in IDENTIFICATIONS:
        return "no_identification"
    return "" if alike else "not_alike"


def _clock(guide: Guide, starts: str) -> str:
    return next((each.id for each in guide.clocks if each.starts == starts), "")


def _calendar(guide: Guide) -> calendars.Found:
    """Return the hours of whoever coordinates visits, else those of the desk that cuts, else the carrier's."""
    for desk in guide.desks:
        if "site visits" in desk.subjects and desk.calendar:
            return calendars.of_desk(guide, desk)
    try:
        return calendars.of_desk(guide, guide.desk(guide.expiry.desk), guide.expiry.capability)
    except NotInGuide:
        return calendars.for_question(guide, Question(on=guide.guide.effective_from))
