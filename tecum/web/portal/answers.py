"""An answer as its page shows it: each line with its words, and the verdict on the interval as a picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tecum.kernel import numbers, words
from tecum.lookup import rules
from tecum.lookup.rules import Interval, LineView, LookupView
from tecum.lookup.states import Coverage, Outcome
from tecum.web.portal.pending import Offer

WIDTH = 200  # of the picture
BEFORE, AFTER = 3, 4  # lengths of the interval shown before it and after it
NONE: Mapping[int, tuple[Offer, ...]] = {}
LEAST = 3  # what is drawn is seen


@dataclass(frozen=True, slots=True)
class Verdict:
    """How much of the interval today's customer covers, in words and as a bar against a dashed box."""

    says: str
    whole: bool
    box_x: float
    box_width: float
    bar_x: float
    bar_width: float


@dataclass(frozen=True, slots=True)
class Detail:
    """One field of a contact card, or that it is not on file."""

    name: str
    value: str = ""
    number: str = ""  # a telephone number that can be grouped


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the answer."""

    line: LineView
    found: bool = False
    repeated: bool = False
    malformed: bool = False
    before: str = ""
    mark: str = ""
    after: str = ""
    name: str = ""
    address: str = ""
    contact: tuple[Detail, ...] = ()
    online: tuple[Detail, ...] = ()
    verdict: Verdict | None = None
    offers: tuple[Offer, ...] = ()


#: What a website's address begins with says nothing to a person.
SCHEMES = ("https://", "http://")
FILED = {
    "contact_person": "No contact person",
    "phone": "no telephone number",
    "email": "No e\N{NON-BREAKING HYPHEN}mail",
    "website": "no web site",
}


def heading(view: LookupView) -> str:
    """Put the outcome first: `4 found, 3 without result, 1 line not read`."""
    parts = [f"{view.hits} found", f"{view.non_results} without result"]
    if view.malformed:
        parts.append(f"{words.count(view.malformed, 'line')} not read")
    if repeated := view.count(Outcome.DUPLICATE):
        parts.append(f"{repeated} repeated")
    return ", ".join(parts)


def rows(
    view: LookupView,
    *,
    shows: Sequence[str],
    interval: Interval | None,
    today: date,
    offers: Mapping[int, tuple[Offer, ...]] = NONE,
) -> list[Row]:
    """Prepare every line in the order in which it was typed; `offers` stand beside the places they are for (D11)."""
    made = [_row(line, shows, interval, today) for line in view.lines]
    return [replace(row, offers=offers.get(row.line.place, ())) for row in made]


def _row(line: LineView, shows: Sequence[str], interval: Interval | None, today: date) -> Row:
    if line.outcome is Outcome.MALFORMED:
        return _unread(line)
    if line.hit is None:
        return Row(line, repeated=line.outcome is Outcome.DUPLICATE)
    card = line.hit.shown
    return Row(
        line,
        found=True,
        name=card.get("customer_name", ""),
        address=card.get("address", ""),
        contact=tuple(
            _detail(field, card.get(field, "")) for field in ("contact_person", "phone") if field in shows
        ),
        online=tuple(_detail(field, card.get(field, "")) for field in ("email", "website") if field in shows),
        verdict=verdict(line.hit.in_service, interval, today=today) if interval else None,
    )


def _unread(line: LineView) -> Row:
    """Part a line at the character that stopped it, so that the page can mark it."""
    at = line.offence
    if at is None or at >= len(line.typed):
        return Row(line, malformed=True, before=line.typed)
    typed = line.typed
    return Row(line, malformed=True, before=typed[:at], mark=typed[at], after=typed[at + 1 :])


def _detail(field: str, value: str) -> Detail:
    if field == "website":
        value = value.removeprefix(SCHEMES[0]).removeprefix(SCHEMES[1]).rstrip("/")
    if field != "phone" or not value:
        return Detail(FILED[field], value)
    try:
        return Detail(FILED[field], value, numbers.read(value))
    except numbers.NotANumber:
        return Detail(FILED[field], value)


def verdict(in_service: date, interval: Interval, *, today: date) -> Verdict:
    """Compare a hit's in-service date with the interval, and place both on one line of days (A3, R-029, R-030)."""
    length = (interval.last - interval.first).days + 1
    start = interval.first - timedelta(days=BEFORE * length)
    scale = WIDTH / (length * (BEFORE + 1 + AFTER))

    def x(day: date) -> float:
        return min(max((day - start).days * scale, 0.0), float(WIDTH))

    end = x(today + timedelta(days=1))
    begin = min(x(in_service), end - LEAST)
    covered = rules.coverage(in_service, interval)
    says = {
        Coverage.WHOLE: "Covers the whole interval",
        Coverage.PART: f"Covers part of it, from {words.day(in_service)}",
        Coverage.NONE: "Covers none of it: a Legal Demand is necessary for the earlier period",
    }[covered]
    return Verdict(
        says,
        covered is Coverage.WHOLE,
        round(x(interval.first), 1),
        round(x(interval.last + timedelta(days=1)) - x(interval.first), 1),
        round(begin, 1),
        round(end - begin, 1),
    )


def interval_words(interval: Interval) -> str:
    """Name an interval: `April 2022` for a whole month, `1 Apr 2022`, `1 Apr 2022 to 15 Apr 2022`."""
    first, last = interval.first, interval.last
    following = last + timedelta(days=1)
    if first.day == 1 and following.day == 1 and (last.year, last.month) == (first.year, first.month):
        return f"{first:%B %Y}"
    if first == last:
        return words.day(first)
    return f"{words.day(first)} to {words.day(last)}"
