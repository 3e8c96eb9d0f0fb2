"""Which calendar counts for a question, and when a span that began at an instant ends on it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tecum.guide.entries import Stated
from tecum.guide.model.desks import Calendar, Desk
from tecum.guide.model.guide import Guide, NotInGuide
from tecum.guide.questions import Question, brand_line
from tecum.guide.values import Span, Unit, add, parse_hours, shift
from tecum.kernel import business
from tecum.kernel.business import BusinessCalendar

CALENDAR_UNITS = {Unit.DAY, Unit.WEEK, Unit.MONTH, Unit.YEAR}


@dataclass(frozen=True, kw_only=True)
class Found:
    """A calendar with where it was found; `entry` is empty for the plain Monday to Friday."""

    kernel: BusinessCalendar
    id: str
    entry: Calendar | None = None
    desk: Desk | None = None

    @property
    def used(self) -> tuple[Stated, ...]:
        """Return the entries that decided."""
        return tuple(one for one in (self.entry, self.desk) if one is not None)


def of_desk(guide: Guide, desk: Desk, capability: str = "") -> Found:
    """Return the calendar of a desk for a capability. :raises NotInGuide: when the desk has none"""
    name = desk.capabilities.get(capability, desk.calendar)
    if not name:
        raise NotInGuide(f"The guide gives no hours for the desk '{desk.id}'.")
    calendar = guide.calendar(name)
    return Found(kernel=calendar.kernel, id=calendar.id, entry=calendar, desk=desk)


def by_id(guide: Guide, calendar_id: str) -> Found:
    """Return a calendar by its id. :raises NotInGuide: when there is none"""
    calendar = guide.calendar(calendar_id)
    return Found(kernel=calendar.kernel, id=calendar.id, entry=calendar)


def for_question(guide: Guide, question: Question, calendar_id: str = "", desk_id: str = "") -> Found:
    """Return the named calendar, else that of the desk, of the product's desk or of the brand's, else Monday to Friday."""
    if calendar_id:
        return by_id(guide, calendar_id)
    product = next((p for p in guide.products if p.id == question.product), None)
    brands = [b for name in brand_line(guide, question.brand) for b in guide.brands if b.id == name]
    desks = [desk_id, product.desk if product else "", *(b.desk for b in brands), *_only_desk(guide)]
    for name in desks:
        desk = guide.desk(name) if name else None
        if desk is not None and desk.calendar:
            return of_desk(guide, desk)
    shifts = parse_hours("Mon-Fri 00:00-24:00").shifts
    country = guide.carrier.country
    holidays = (country,) if business.known_jurisdiction(country) else ()
    return Found(kernel=BusinessCalendar(guide.carrier.zone, shifts, holidays), id="")


def _only_desk(guide: Guide) -> list[str]:
    names = {desk.calendar for desk in guide.desks if desk.calendar}
    return [guide.desks[0].id] if len(names) == 1 and guide.desks[0].calendar else []


def later(guide: Guide, at: datetime, span: Span, *, back: bool = False, calendar_id: str = "") -> datetime:
    """Return the instant a span's high end after another (before, with `back`), by the carrier's own calendar."""
    kernel = for_question(guide, Question(on=at.date()), calendar_id).kernel
    return shift(at, -span.high if back else span.high, span.unit, kernel)


def ends(start: datetime, count: int, unit: Unit, calendar: BusinessCalendar) -> datetime:
    """
    Return the last moment of a promise: hours really pass, days run to the end of the last day, business days to the
    end of business of the last one.
    """
    if unit in {Unit.MINUTE, Unit.HOUR, Unit.BUSINESS_HOUR}:
        return shift(start, count, unit, calendar)
    day = last_day(start, count, unit, calendar)
    if unit is Unit.BUSINESS_DAY:
        return business.end_of_business(calendar, day)
    return business.midnight(calendar.zone, day + timedelta(days=1))


def last_day(start: datetime, count: int, unit: Unit, calendar: BusinessCalendar) -> date:
    """Return the local day on which a span ends; the first day is not counted."""
    day = start.astimezone(calendar.tz).date()
    if unit in CALENDAR_UNITS:
        return add(day, count, unit)
    if unit is Unit.BUSINESS_DAY:
        return business.add_business_days(calendar, day, count)
    return shift(start, count, unit, calendar).astimezone(calendar.tz).date()


def window(start: datetime, span: Span, calendar: BusinessCalendar) -> tuple[datetime, datetime]:
    """Return the last moments of the low and of the high end of a span."""
    return ends(start, span.low, span.unit, calendar), ends(start, span.high, span.unit, calendar)
