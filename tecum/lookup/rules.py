"""The look-up's decisions as plain functions: what was typed, what it costs, when more comes, what a hit covers."""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tecum.kernel import numbers
from tecum.lookup.states import Cause, Coverage, Outcome

LINES_READ = 500  # of one paste; a batch is far smaller, and a whole spreadsheet is refused below it


@dataclass(frozen=True, slots=True)
class Line:
    """One line as typed: its number, or why it has none; `repeats` is the place of the line it repeats."""

    place: int
    typed: str
    number: str | None
    problem: str = ""
    offence: int | None = None
    repeats: int | None = None


def read_lines(text: str) -> list[Line]:
    """
    Return every non-empty line of a paste in its order (A1): numbers may also be parted by commas or semicolons.

    Repeated numbers point at their first line; a line that is no number carries the reason.
    """
    typed = [part.strip() for row in text.splitlines() for part in row.replace(";", ",").split(",")]
    first: dict[str, int] = {}
    lines: list[Line] = []
    for place, part in enumerate((part for part in typed if part), start=1):
        line = _read_line(place, part)
        if line.number is not None:
            at = first.setdefault(line.number, place)
            line = line if at == place else Line(place, part, line.number, repeats=at)
        lines.append(line)
    return lines


def _read_line(place: int, typed: str) -> Line:
    cells = [cell for cell in typed.split("\t") if cell.strip()]
    if len(cells) > 1:
        return Line(
            place,
            typed,
            None,
            f"This line holds {len(cells)} cells of a spreadsheet. Paste only the column of numbers.",
        )
    try:
        return Line(place, typed, numbers.read(typed))
    except numbers.NotANumber as fault:
        return Line(place, typed, None, fault.reason, fault.at)


def distinct(lines: Iterable[Line]) -> list[str]:
    """Return the distinct valid numbers of a paste, in order: what a submission asks."""
    return list(dict.fromkeys(line.number for line in lines if line.number is not None))


def next_midnight(zone: str, *, now: datetime, days: int = 1) -> datetime:
    """Return the instant (UTC) at which a day of a zone ends: `days` midnights from now (R-022, A1)."""
    local = now.astimezone(ZoneInfo(zone))
    return datetime.combine(local.date() + timedelta(days=days), time.min, ZoneInfo(zone)).astimezone(UTC)


def freed_at(window: str, *, zone: str, session_ends: datetime | None, now: datetime) -> datetime:
    """
    Return when a unit spent now can be spent again.

    `calendar_day`, `calendar_week` (from Monday), `calendar_month`: at the midnight of the zone that ends it;
    `rolling_24h`: 24 hours of elapsed time from now; `session`: when the session ends at the latest.

    :raises ValueError: for any other window
    """
    local = now.astimezone(ZoneInfo(zone)).date()
    days = {
        "calendar_day": 1,
        "calendar_week": 7 - local.weekday(),
        "calendar_month": monthrange(local.year, local.month)[1] - local.day + 1,
    }
    if window in days:
        return next_midnight(zone, now=now, days=days[window])
    if window == "rolling_24h" or (window == "session" and session_ends is None):
        return now + timedelta(hours=24)
    if window == "session" and session_ends is not None:
        return session_ends
    raise ValueError(f"There is no window '{window}'.")


def limit_of(limit: int, *, ramp: Sequence[tuple[int, int]], age: timedelta | None) -> int:
    """Return a person's limit: the lowest step of the ramp (days, limit) that a young account is still on (W2)."""
    if age is None:
        return limit
    return min([limit, *(lower for days, lower in ramp if age < timedelta(days=days))])


@dataclass(frozen=True, slots=True)
class Interval:
    """The days an investigation is about, both inclusive, in the portal's zone."""

    first: date
    last: date


def coverage(in_service: date, interval: Interval) -> Coverage:
    """Tell how much of an interval the current customer covers, from its in-service date (A3, R-029, R-030)."""
    if in_service <= interval.first:
        return Coverage.WHOLE
    return Coverage.PART if in_service <= interval.last else Coverage.NONE


@dataclass(frozen=True, slots=True)
class Scan:
    """A pattern in what an agency's people asked that looks like mapping a block (W10)."""

    first: str
    last: str
    asked: int
    kind: str


def scans(asked: Sequence[str], *, consecutive: int, block: int, block_asked: int) -> list[Scan]:
    """
    Find runs of at least `consecutive` numbers in a row, and blocks of `block` numbers (a power of ten)
    of which at least `block_asked` were asked.
    """
    values = sorted({int(number) for number in asked})
    return _runs(values, consecutive) + _blocks(values, block, block_asked)


def _runs(values: list[int], consecutive: int) -> list[Scan]:
    found: list[Scan] = []
    start = 0
    for at in range(1, len(values) + 1):
        if at == len(values) or values[at] != values[at - 1] + 1:
            if at - start >= consecutive:
                found.append(Scan(str(values[start]), str(values[at - 1]), at - start, "consecutive"))
            start = at
    return found


def _blocks(values: list[int], block: int, block_asked: int) -> list[Scan]:
    counts: dict[int, int] = {}
    for value in values:
        counts[value // block] = counts.get(value // block, 0) + 1
    return [
        Scan(str(key * block), str(key * block + block - 1), count, "block")
        for key, count in counts.items()
        if count >= block_asked
    ]


@dataclass(frozen=True, slots=True)
class HitView:
    """The service provider to serve next: the fields that the guide shows, any of which may be empty (R-020, R-028)."""

    customer: str
    shown: Mapping[str, str]
    in_service: date
    consent: str
    disclosure: str


@dataclass(frozen=True, slots=True)
class LineView:
    """One line of the answer, as the person who asked may see it."""

    place: int
    typed: str
    number: str
    outcome: Outcome
    problem: str = ""
    offence: int | None = None
    repeats: int | None = None
    hit: HitView | None = None


# A line, and why it has no result: the cause is for staff alone (A2).
Judged = tuple[LineView, Cause | None]


@dataclass(frozen=True, slots=True)
class LookupView:
    """One submission and its answers, in the order of its lines."""

    id: str
    reference: str
    case_number: str
    purpose: str
    asked_at: datetime
    inventory_version: int
    inventory_as_of: datetime
    guide_version: str
    charged: int
    left: int
    more_at: datetime | None
    receipt: str
    lines: tuple[LineView, ...]

    def count(self, outcome: Outcome) -> int:
        """Count the lines of one outcome."""
        return sum(line.outcome is outcome for line in self.lines)

    @property
    def hits(self) -> int:
        """Return how many lines name a provider."""
        return self.count(Outcome.HIT)

    @property
    def non_results(self) -> int:
        """Return how many lines say that a Legal Demand is necessary."""
        return self.count(Outcome.NON_RESULT)

    @property
    def malformed(self) -> int:
        """Return how many lines were not read."""
        return self.count(Outcome.MALFORMED)


@dataclass(frozen=True, slots=True)
class SpentUnit:
    """A unit of a person's quota that is spent on a number until `free_at`."""

    slot: int
    number: str
    free_at: datetime
    session: str


@dataclass(frozen=True, slots=True)
class QuotaView:
    """How many more numbers a person may ask now, and when the next unit comes back."""

    limit: int
    left: int
    more_at: datetime | None


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One submission in the list of one's own."""

    id: str
    reference: str
    case_number: str
    asked_at: datetime
    hits: int
    non_results: int


@dataclass(frozen=True, slots=True)
class WeekOfHits:
    """The hit rate of one week (R-036); `first` is its Monday in the portal's zone."""

    first: date
    asked: int
    hits: int
    not_in_service: int
    no_consent: int

    @property
    def rate(self) -> float:
        """Return the share of asked numbers that had a result, 0 to 1."""
        return self.hits / self.asked if self.asked else 0.0


@dataclass(frozen=True, slots=True)
class StaffLine:
    """One line as staff see it: the customer whether it consented or not, and why an officer has no result (A17)."""

    place: int
    typed: str
    number: str
    problem: str
    customer: str
    in_service: date | None
    cause: Cause | None


@dataclass(frozen=True, slots=True)
class DisclosureView:
    """One revealed answer: what of whom was shown to whom, resting on which consent."""

    id: str
    lookup: str
    reference: str
    number: str
    customer: str
    consent: str
    to_person: str
    to_agency: str
    case_number: str
    disclosed_at: datetime


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """One number answered to somebody: what the answer was, and what it revealed."""

    at: datetime
    lookup: str
    reference: str
    case_number: str
    by_staff: bool
    number: str
    outcome: Outcome
    customer: str
    consent: str
    receipt: str
