"""
The register of disclosures of a year: every answer that revealed a customer, every production that was handed over.

47 CFR 64.2009(c) asks for a record of all instances; (e) for what an officer states about it. The register says who was
told, when, resting on what, and by which entry of the trail; the numbers themselves stand in the records that the entry
names, never in the trail.
"""

import hashlib
from collections import Counter, defaultdict
from typing import Any, ClassVar

from tecum.reports.rules import spans
from tecum.reports.rules.content import Bar, Content, Picture, Table, Told, number
from tecum.reports.rules.tallies import WITHOUT_SEALED, Tally

HEADER = ("When (UTC)", "Kind", "Agency", "To whom, or by whom it was handed over", "Reference", "Instances", "Rests on", "Content", "Receipt")  # fmt: skip
BY_AGENCY = "By agency"
LOOK_UP, PRODUCTION = "look-up answer", "production"
BESIDE = {
    "consent.given": "Consents given", "consent.withdrawn": "Consents withdrawn", "breach.opened": "Breaches opened",
    "lookup.exported": "Answers taken away as files",
}  # fmt: skip

Line = tuple[str, ...]


class Disclosures(Tally):
    """Reads every disclosure of the period; `lines` are kept only where `keep` says so."""

    EVENTS: ClassVar[tuple[str, ...]] = (
        "lookup.answered", "case.opened", "case.contact_changed", "production.prepared", "production.released",
        "production.handed_over", *BESIDE,
    )  # fmt: skip
    keep = False

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.agencies: dict[str, str] = {}
        self.matters: dict[str, str] = {}
        self.cases: dict[str, str] = {}
        self.scopes: dict[str, str] = {}
        self.handed: list[Told] = []
        self.months: dict[str, Counter[str]] = defaultdict(Counter)
        self.by_agency: dict[str, Counter[str]] = defaultdict(Counter)
        self.beside: Counter[str] = Counter()
        self.lines: list[Line] = []
        self._hash = hashlib.sha256()

    def take(self, told: Told) -> None:
        """Take one entry."""
        data = told.data
        if told.event in ("case.opened", "case.contact_changed"):
            self.matters[data["case"]] = told.matter
            self.agencies[data["case"]] = data.get("agency") or self.agencies.get(data["case"], "")
        elif told.event == "production.prepared":
            self.cases[data["production"]] = data["case"]
        elif told.event == "production.released":
            self.scopes[data["production"]] = data["package"]
        elif told.at not in self.period:
            return
        elif told.event == "production.handed_over":
            self.handed.append(told)
        elif told.event == "lookup.answered":
            self._answered(told)
        else:
            self.beside[told.event] += 1

    def _answered(self, told: Told) -> None:
        if told.data["hits"]:
            self._enter(told, LOOK_UP, told.agency, told.data["lookup"], told.data["hits"], "consent, named on each record", told.data["answer"])  # fmt: skip

    def _enter(
        self, told: Told, kind: str, agency: str, reference: str, instances: int, basis: str, content: str
    ) -> None:
        month = self.months[spans.month_of(told.at, self.zone)]
        month[kind] += 1
        month[f"{kind}s in all"] += instances
        self.by_agency[agency or "not known"][kind] += instances
        line = (told.at.isoformat(), kind, agency, told.by, reference, str(instances), basis, content, told.receipt)  # fmt: skip
        self._hash.update("\x1f".join(line).encode() + b"\x1e")
        if self.keep:
            self.lines.append(line)

    def _productions(self) -> None:
        """Enter the productions, of which only now is known whether their cases are sealed."""
        for told in self.handed:
            production = told.data["production"]
            case = self.cases.get(production, "")
            if {told.matter, self.matters.get(case, "")} & self.sealed or told.data["again"]:
                continue
            agency = self.agencies.get(case, "")
            self._enter(told, PRODUCTION, agency, production, 1, "legal process, by an approved scope", self.scopes.get(production, ""))  # fmt: skip
        self.handed = []

    def content(self) -> Content:
        """Return the register in figures, with the hash of its lines."""
        self._productions()
        names = list(spans.months(self.period, self.zone))
        whole = sum((self.months[name] for name in names), Counter[str]())
        rows = [self._row(name, self.months[name]) for name in names]
        if len(rows) > 1:
            rows.append(self._row("Together", whole))
        most = max((_instances(self.months[name]) for name in names), default=0)
        bars = tuple(
            Bar(name, _instances(self.months[name]), most, number(_instances(self.months[name])))
            for name in names
        )
        return Content(
            title="Register of disclosures",
            lead=f"{number(_instances(whole))} instances of disclosure: {number(whole[f'{LOOK_UP}s in all'])} numbers answered in {number(whole[LOOK_UP])} look-ups, {number(whole[PRODUCTION])} productions handed over.",
            facts=(
                *((words, number(self.beside[event])) for event, words in BESIDE.items()),
                ("SHA-256 of the lines", self._hash.hexdigest()),
            ),
            pictures=(Picture("Instances by month", "As long as the busiest month has instances.", bars),) if most else (),
            tables=(
                Table("By month", ("Month", "Look-ups with an answer", "Numbers answered", "Productions handed over", "Instances"), tuple(rows)),
                *self._agencies(),
            ),
            rules=(
                "An instance is one number answered to an officer, or one production handed over; handed over again counts once.",
                "Each number answered has a record of its own with the consent it rested on; the look-up's reference leads to it.",
                "Telephone numbers and names stand in those records, never in the trail.",
                WITHOUT_SEALED,
            ),
        )  # fmt: skip

    def _agencies(self) -> tuple[Table, ...]:
        rows = tuple(
            (agency, number(one[LOOK_UP]), number(one[PRODUCTION]))
            for agency, one in sorted(self.by_agency.items())
        )
        return (
            (Table(BY_AGENCY, ("Agency", "Numbers answered", "Productions handed over"), rows),)
            if rows
            else ()
        )

    def _row(self, name: str, one: Counter[str]) -> tuple[str, ...]:
        return (name, number(one[LOOK_UP]), number(one[f"{LOOK_UP}s in all"]), number(one[PRODUCTION]), number(_instances(one)))  # fmt: skip


def _instances(one: Counter[str]) -> int:
    return one[f"{LOOK_UP}s in all"] + one[PRODUCTION]
