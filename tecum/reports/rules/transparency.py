"""The transparency report by the guide's counting rules: what is a row, a column, a count, and what is not told."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from tecum.guide.calculators.summaries import report_rules
from tecum.guide.model.guide import NotInGuide
from tecum.guide.model.reporting import OF_DEMANDS, Report
from tecum.guide.questions import Question, word
from tecum.reports.rules import hiding
from tecum.reports.rules.casefacts import CaseFacts, CaseTally
from tecum.reports.rules.content import Bar, Content, Picture, Table, number, share
from tecum.reports.rules.tallies import WITH_SEALED, WITHOUT_SEALED

OUTCOMES = ("answered", "no_records", "rejected", "withdrawn", "open")
HEADS = {
    "demands": "Demands", "targets": "Targets", "answered": "Some data disclosed", "no_records": "No data found",
    "rejected": "Rejected", "withdrawn": "Withdrawn", "open": "Open", "disclosures": "Packages handed over",
}  # fmt: skip
TOGETHER = "Together"
NOT_TOLD = "not told"
WEIGHTS: dict[str, Callable[[CaseFacts], int]] = {
    "demands": lambda row: 1,
    "targets": lambda row: row.targets,
    "accounts": lambda row: row.targets,
    "disclosures": lambda row: row.handed_over,
}


class Transparency(CaseTally):
    """Counts legal process by the rule of the guide that holds on the first day of the period."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.rule = rule_of(self.guide, on=self.period.start.astimezone(self.zone).date())
        told = [OF_DEMANDS[word(each)] for each in self.rule.columns if word(each) in OF_DEMANDS]
        self.columns = [each for each in dict.fromkeys(told) if each in HEADS]

    def content(self) -> Content:
        """Return the report."""
        rows = self._rows()
        plain = {name: row for name, row in rows.items() if name not in self._banded(rows)}
        total: Counter[str] = sum(plain.values(), Counter())
        grid = [[row[each] for each in self.columns] for row in plain.values()]
        grid.append([total[each] for each in self.columns])
        names = [*plain, TOGETHER]
        hidden = hiding.hidden(grid, smallest=self.rule.smallest, lines=self._sums(len(plain)))
        cells = [
            (name, *(self._cell(value, (at, place) in hidden) for place, value in enumerate(grid[at])))
            for at, name in enumerate(names)
        ]
        banded = [
            (name, *(_band(rows[name][each], self._banded(rows)[name]) for each in self.columns))
            for name in self._banded(rows)
        ]
        told = {
            name: sum(
                grid[at][place] for place, each in enumerate(self.columns) if each in ("demands", "targets")
            )
            for at, name in enumerate(names[:-1])
            if not any((at, place) in hidden for place in range(len(self.columns)))
        }
        return Content(
            title=self.rule.name,
            lead="What this carrier was asked by law-enforcement agencies, and what came of it.",
            facts=(("One stands for", {"targets": "a target", "accounts": "a target", "disclosures": "a package handed over"}.get(self.rule.counts, "a demand")),),
            pictures=self._pictures(told, grid, names, hidden),
            tables=tuple(filter(None, (
                Table("By " + " and ".join(self._dimensions()).replace("_", " "), ("", *(HEADS[each] for each in self.columns)), (*cells[:-1], *banded, cells[-1]), self._note(bool(banded))),
                self._reasons(),
            ))),
            rules=self._rules(),
        )  # fmt: skip

    def _counted(self) -> list[CaseFacts]:
        rows = list(self.cases.values()) if self.rule.sealed == "counted" else self.open_to_all()
        return [row for row in rows if not row.joined and self._wanted(row)]

    def _wanted(self, row: CaseFacts) -> bool:
        at = {"received": row.opened, "closed": row.closed, "produced": row.produced}[self.rule.counted_by]
        if at is None or at not in self.period:
            return False
        if row.kind == "emergency" and self.rule.emergencies == "left_out":
            return False
        if row.intercept == "extension" and self.rule.intercepts == "initial_only":
            return False
        return not (row.end == "withdrawn" and self.rule.withdrawn == "left_out")

    def _rows(self) -> dict[str, Counter[str]]:
        weigh = WEIGHTS[self.rule.counts]
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for row in self._counted():
            line = found[self._name(row)]
            line["demands"] += 1
            line["targets"] += row.targets
            line["disclosures"] += row.handed_over
            line[row.end] += weigh(row)
        return dict(sorted(found.items()))

    def _dimensions(self) -> list[str]:
        return [word(each) for each in self.rule.rows if word(each) in {"process_type", "country"}] or ["process_type"]  # fmt: skip

    def _name(self, row: CaseFacts) -> str:
        types = {one.id: one.name or one.id for one in self.guide.process_types}
        process = types.get(row.process, row.process or "Kind not known")
        if row.kind == "emergency" and self.rule.emergencies == "separate":
            process = "Emergency"
        parts = {"process_type": process, "country": self.countries.get(row.agency, "country not known")}
        return ", ".join(parts[each] for each in self._dimensions())

    def _banded(self, rows: Iterable[str]) -> dict[str, int]:
        """Return the rows that are told in bands only, with the width."""
        names = {one.id: one.name or one.id for one in self.guide.process_types}
        widths = {names.get(process, process): width for process, width in self.rule.bands.items()}
        return {row: widths[row.split(", ")[0]] for row in rows if row.split(", ")[0] in widths}

    def _sums(self, rows: int) -> list[list[tuple[int, int]]]:
        """Return the sums that a reader can form: down each column, and across where every outcome is told."""
        down = [[(row, place) for row in range(rows + 1)] for place in range(len(self.columns))]
        wanted = [each for each in OUTCOMES if each != "withdrawn" or self.rule.withdrawn == "counted"]
        whole = {"demands": "demands", "disclosures": "disclosures"}.get(self.rule.counts, "targets")
        if not set(wanted) | {whole} <= set(self.columns):
            return down
        across = [self.columns.index(each) for each in (*wanted, whole)]
        return down + [[(row, place) for place in across] for row in range(rows + 1)]

    def _cell(self, value: int, hidden: bool) -> str:
        if not hidden:
            return number(value)
        return f"fewer than {self.rule.smallest}" if 0 < value < self.rule.smallest else NOT_TOLD

    def _pictures(
        self, told: dict[str, int], grid: list[list[int]], names: list[str], hidden: hiding.Hidden
    ) -> tuple[Picture, ...]:
        if not {"answered", "demands"} <= set(self.columns) or self.rule.counts != "demands":
            return ()
        whole, some = self.columns.index("demands"), self.columns.index("answered")
        bars = tuple(
            Bar(name, grid[at][some], grid[at][whole], f"{number(grid[at][some])} of {number(grid[at][whole])}, {share(grid[at][some], grid[at][whole])}")
            for at, name in enumerate(names[:-1])
            if name in told and grid[at][whole] and not {(at, whole), (at, some)} & hidden
        )  # fmt: skip
        says = "One frame for what was asked, filled as far as some data was disclosed. Rows with counts that are not told are left out."
        return (Picture("Asked, and answered with data", says, bars),) if bars else ()

    def _reasons(self) -> Table | None:
        if not self.rule.rejections or not {"reasons", "rejected"} & {OF_DEMANDS.get(word(each), "") for each in self.rule.columns}:  # fmt: skip
            return None
        found: Counter[str] = Counter()
        for row in self._counted():
            if row.end == "rejected":
                found.update(row.reasons or {"no reason in the trail"})
        rows = tuple(
            (name.replace("_", " "), self._cell(value, 0 < value < self.rule.smallest))
            for name, value in sorted(found.items())
        )
        note = "A demand may be rejected for several reasons; it counts at each."
        return Table("Why demands were rejected", ("Reason", "Demands"), rows, note) if rows else None

    def _note(self, banded: bool) -> str:
        parts = [f"Counts below {self.rule.smallest} are not told, nor what would give them away."] if self.rule.smallest else []  # fmt: skip
        parts += ["What is told in bands is not in the sum."] if banded else []
        return " ".join(parts)

    def _rules(self) -> tuple[str, ...]:
        rule = self.rule
        intercepts = "An extension of an intercept is not counted by itself." if rule.intercepts == "initial_only" else "An extension of an intercept counts like a new one."  # fmt: skip
        return (
            f"A demand belongs to the period in which it was {rule.counted_by}; what came of it is told as it stood when the report was made.",
            intercepts,
            {"counted": "A withdrawn demand counts.", "left_out": "A withdrawn demand does not count."}[rule.withdrawn],
            {"separate": "Emergencies stand in rows of their own.", "included": "Emergencies count among the others.", "left_out": "Emergencies are not counted."}[rule.emergencies],
            "A demand that repeats another is not counted again.",
            "A target is what was named: a number, a device, an account.",
            WITH_SEALED if rule.sealed == "counted" else WITHOUT_SEALED,
        )  # fmt: skip


def rule_of(guide: Any, *, on: Any) -> Report:
    """Return the counting rules of demands on a day. :raises NotInGuide: where the guide has none"""
    named = [one for one in guide.reports if one.about == "demands"]
    if not named:
        raise NotInGuide(
            "The guide has no counting rules for a transparency report: add one under [[reports]]."
        )
    return report_rules(guide, Question(on=on), named[0].id).report


def _band(value: int, width: int) -> str:
    low = value // width * width
    return f"{number(low)}–{number(low + width - 1)}"
