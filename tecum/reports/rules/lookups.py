"""The share of look-ups that were found (R-036), and the share of the numbers that consents reach, from the trail."""

from collections import Counter, defaultdict
from typing import Any, ClassVar

from tecum.reports.rules import spans
from tecum.reports.rules.content import Bar, Content, Picture, Table, Told, number, share
from tecum.reports.rules.tallies import Tally

COUNTED = ("hits", "non_results", "malformed")


class HitRate(Tally):
    """Counts what officers asked and what was found, by month."""

    EVENTS: ClassVar[tuple[str, ...]] = ("lookup.answered",)
    WHOLE: ClassVar[bool] = False

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.months: dict[str, Counter[str]] = defaultdict(Counter)
        self.agencies: set[str] = set()

    def take(self, told: Told) -> None:
        """Take one submission that was answered."""
        if told.at not in self.period:
            return
        month = self.months[spans.month_of(told.at, self.zone)]
        month["submissions"] += 1
        for name in COUNTED:
            month[name] += told.data[name]
        self.agencies.add(told.agency)

    def content(self) -> Content:
        """Return the share by month and as a whole."""
        whole: Counter[str] = Counter()
        rows, bars = [], []
        most = max((_asked(one) for one in self.months.values()), default=0)
        for name in spans.months(self.period, self.zone):
            one = self.months.get(name, Counter())
            whole.update(one)
            rows.append(_row(name, one))
            bars.append(Bar(name, one["hits"], _asked(one), share(one["hits"], _asked(one))))
        if len(rows) > 1:
            rows.append(_row("Together", whole))
        asked = _asked(whole)
        return Content(
            title="Share of look-ups that were found",
            lead=f"Of {number(asked)} numbers that officers asked, {number(whole['hits'])} were found: {share(whole['hits'], asked)}.",
            facts=(("Submissions", number(whole["submissions"])), ("Agencies that asked", number(len(self.agencies)))),
            pictures=(
                (Picture("Asked and found by month", "One frame for what was asked, filled as far as it was found.", tuple(bars)),)
                if most
                else ()
            ),
            tables=(
                Table(
                    "By month", ("Month", "Asked", "Found", "Share", "Without result", "Not read"), tuple(rows),
                    "Why a number had no result is not told here: it is for staff alone.",
                ),
            ),
            rules=(
                "A line counts once; the same number asked again the same day by the same person counts again.",
                "Look-ups by staff for a case of the carrier do not count.",
            ),
        )  # fmt: skip


def _asked(one: Counter[str]) -> int:
    return one["hits"] + one["non_results"]


def _row(name: str, one: Counter[str]) -> tuple[str, ...]:
    asked = _asked(one)
    return (name, number(asked), number(one["hits"]), share(one["hits"], asked), number(one["non_results"]), number(one["malformed"]))  # fmt: skip


class Coverage(Tally):
    """Reads the counts of each day: how many numbers there are, and how many a consent reaches."""

    EVENTS: ClassVar[tuple[str, ...]] = ("coverage.counted", "consent.given", "consent.withdrawn")
    WHOLE: ClassVar[bool] = False

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.months: dict[str, Counter[str]] = defaultdict(Counter)
        self.last: dict[str, Told] = {}

    def take(self, told: Told) -> None:
        """Take one count, or one consent that was given or withdrawn."""
        if told.at not in self.period:
            return
        month = spans.month_of(told.at, self.zone)
        if told.event == "coverage.counted":
            self.last[month] = told
        else:
            self.months[month][told.event] += 1

    def content(self) -> Content:
        """Return the last count of each month, with what was given and withdrawn."""
        names = list(spans.months(self.period, self.zone))
        counted = [(name, self.last[name].data) for name in names if name in self.last]
        bars = tuple(
            Bar(name, data["consented"], data["numbers"], share(data["consented"], data["numbers"]))
            for name, data in counted
        )
        rows = tuple(self._row(name) for name in names)
        lead = "The inventory was not counted in this period."
        if counted:
            data = counted[-1][1]
            lead = (
                f"At the end, a consent reached {number(data['consented'])} of {number(data['numbers'])} numbers: "
                f"{share(data['consented'], data['numbers'])}."
            )
        return Content(
            title="Numbers under consent",
            lead=lead,
            facts=(
                ("Consents given", number(sum(one["consent.given"] for one in self.months.values()))),
                ("Consents withdrawn", number(sum(one["consent.withdrawn"] for one in self.months.values()))),
            ),
            pictures=(
                (Picture("Numbers and those under consent, last count of each month", "One frame for all numbers, filled as far as consents reach.", bars),)
                if bars
                else ()
            ),
            tables=(
                Table(
                    "By month",
                    ("Month", "Counted on", "Numbers", "Under consent", "Share", "Customers", "of them consenting", "Given", "Withdrawn"),
                    rows,
                ),
            ),
            rules=(
                "A number counts as under consent where its customer's consent in force reaches it by its scope.",
                "The inventory is counted once a day; what stands here is the last count of each month.",
            ),
        )  # fmt: skip

    def _row(self, name: str) -> tuple[str, ...]:
        told, moved = self.last.get(name), self.months.get(name, Counter())
        after = (number(moved["consent.given"]), number(moved["consent.withdrawn"]))
        if told is None:
            return (name, "not counted", "–", "–", "–", "–", "–", *after)
        data = told.data
        return (
            name, f"{told.at.astimezone(self.zone):%Y-%m-%d}", number(data["numbers"]), number(data["consented"]),
            share(data["consented"], data["numbers"]), number(data["customers"]), number(data["consenting"]), *after,
        )  # fmt: skip
