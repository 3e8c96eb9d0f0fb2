"""How long answers took, and how many promises were kept."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from tecum.reports.rules.casefacts import CaseFacts, CaseTally
from tecum.reports.rules.content import Bar, Content, Picture, Table, Told, number, share
from tecum.reports.rules.tallies import WITHOUT_SEALED

ANSWER = "answer"
APPLICATIONS = "Applications for portal access"
DAY = timedelta(days=1)
DECIDED = ("application.accepted", "application.returned", "application.refused")


class Turnaround(CaseTally):
    """Reads when process arrived and when it was answered, and the same of applications."""

    EVENTS: ClassVar[tuple[str, ...]] = (
        *CaseTally.EVENTS,
        "application.received",
        "application.late",
        *DECIDED,
    )

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.arrived: dict[str, datetime] = {}
        self.late: set[str] = set()
        self.decided: dict[str, datetime] = {}

    def take(self, told: Told) -> None:
        """Take one entry."""
        if not told.event.startswith("application."):
            super().take(told)
            return
        application = told.data["application"]
        if told.event == "application.received":
            self.arrived[application] = told.at
        elif told.event == "application.late":
            self.late.add(application)
        else:
            self.decided.setdefault(application, told.at)

    def content(self) -> Content:
        """Return the times by kind of process, and the promises."""
        spent, kept, promised = self._cases()
        taken = self._applications()
        rows = tuple(_row(name, spent[name], kept[name], promised[name]) for name in sorted(spent))
        if taken:
            late = sum(one in self.late for one in self._of_period())
            rows += (_row(APPLICATIONS, taken, len(taken) - late, len(taken)),)
        bars = tuple(
            Bar(name, kept[name], promised[name], f"{number(kept[name])} of {number(promised[name])} in time, {share(kept[name], promised[name])}")
            for name in sorted(promised)
            if promised[name]
        )  # fmt: skip
        answered = sum(len(times) for times in spent.values())
        return Content(
            title="How long answers took",
            lead=f"{number(answered)} cases were answered in this period; {share(sum(kept.values()), sum(promised.values()))} of those with a promised day in time.",
            facts=(("Cases answered", number(answered)), ("with a promised day", number(sum(promised.values()))), ("Applications decided", number(len(taken)))),
            pictures=((Picture("Answered by the promised day", "One frame for the answers that had a promised day, filled as far as they came in time.", bars),) if bars else ()),
            tables=((Table("Days from arrival to answer", ("", "Answered", "Half within", "Nine of ten within", "Longest", "Promised", "In time"), rows, "Days are days of 24 hours that really passed, nights and weekends included."),) if rows else ()),
            rules=(
                "A case counts in the period in which it was first answered: handed over, closed, or an interception seen on its switch.",
                "Withdrawn cases and those that repeat another do not count.",
                "The promised day is the one that the guide's calculator gave and that stood last, pauses included.",
                WITHOUT_SEALED,
            ),
        )  # fmt: skip

    def _cases(self) -> tuple[dict[str, list[timedelta]], dict[str, int], dict[str, int]]:
        spent: dict[str, list[timedelta]] = defaultdict(list)
        kept: dict[str, int] = defaultdict(int)
        promised: dict[str, int] = defaultdict(int)
        types = {one.id: one.name or one.id for one in self.guide.process_types}
        for row in self.open_to_all():
            at = answered_at(row)
            if at is None or at not in self.period:
                continue
            name = types.get(row.process, row.process or "Kind not known")
            spent[name].append(at - row.opened)
            due = row.clocks.get(ANSWER)
            if due is not None:
                promised[name] += 1
                kept[name] += at <= due
        return spent, kept, promised

    def _of_period(self) -> list[str]:
        return [one for one, at in self.decided.items() if at in self.period and one in self.arrived]

    def _applications(self) -> list[timedelta]:
        return [self.decided[one] - self.arrived[one] for one in self._of_period()]


def answered_at(row: CaseFacts) -> datetime | None:
    """Return when a case was first answered; nothing for one that was withdrawn, or still waits."""
    if row.end == "withdrawn":
        return None
    return row.produced or row.closed


def _row(name: str, times: Sequence[timedelta], kept: int, promised: int) -> tuple[str, ...]:
    line = sorted(times)
    return (
        name, number(len(line)), _days(_at(line, 50)), _days(_at(line, 90)), _days(line[-1]), number(promised),
        share(kept, promised),
    )  # fmt: skip


def _at(line: Sequence[timedelta], percent: int) -> timedelta:
    """Return the time within which so many percent lie: the nearest rank."""
    return line[max(0, -(-len(line) * percent // 100) - 1)]


def _days(time: timedelta) -> str:
    return f"{time / DAY:.1f}"
