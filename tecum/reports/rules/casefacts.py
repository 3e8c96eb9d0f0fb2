"""What the trail tells of one case, gathered from its entries: enough to count it by the guide's rules."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from tecum.reports.rules.content import Told
from tecum.reports.rules.tallies import Tally

ENDS = {
    "produced": "answered", "answered": "answered", "no_records": "no_records", "withdrawn": "withdrawn",
    "routed": "rejected", "refused": "rejected", "elsewhere": "rejected", "not_honoured": "rejected",
}  # fmt: skip
REASONS = {"process.not_honoured": "not honoured", "process.elsewhere": "belongs to another"}


@dataclass(slots=True)
class CaseFacts:
    """One case as far as entries told it."""

    case: str
    kind: str
    opened: datetime
    agency: str
    matter: str
    process: str = ""
    targets: int = 0
    closed: datetime | None = None
    outcome: str = ""
    joined: bool = False
    intercept: str = ""  # order or extension, for a court order that starts or prolongs something
    handed_over: int = 0
    produced: datetime | None = None
    clocks: dict[str, datetime | None] = field(default_factory=dict)
    overdue: set[str] = field(default_factory=set)
    ended: dict[str, datetime] = field(default_factory=dict)
    reasons: set[str] = field(default_factory=set)

    @property
    def turned_away(self) -> bool:
        """Tell whether an emergency request was refused, or found forged."""
        return self.outcome == "forged" or self.outcome.startswith("refused_")

    @property
    def end(self) -> str:
        """Return how it ended: answered, no_records, rejected, withdrawn; open while it goes on."""
        if self.kind == "order" and self.produced is not None:
            return "answered"  # it was carried out, whether it still runs or not
        if self.closed is not None and self.turned_away:
            return (
                "rejected" if self.produced is None else "answered"
            )  # its agency knew nothing of it, too late
        return ENDS.get(self.outcome, "answered") if self.closed is not None else "open"


class CaseTally(Tally):
    """A tally that gathers cases, from the whole trail: what happened to one may have begun long before the period."""

    EVENTS: ClassVar[tuple[str, ...]] = (
        "agency.created", "case.opened", "case.contact_changed", "case.closed", "case.reopened", "case.joined", "case.parted",
        "case.kind_changed", "case.target_added", "case.clock_started", "case.clock_resumed", "case.clock_ended", "case.overdue",
        "process.received", "process.confirmed", "process.deficient", "process.not_honoured", "process.elsewhere",
        "order.begun", "order.kind_set", "exigent.received", "exigent.located", "surveillance.opened", "surveillance.on_seen",
        "production.prepared", "production.handed_over",
    )  # fmt: skip

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.cases: dict[str, CaseFacts] = {}
        self.countries: dict[str, str] = {}
        self.leads: dict[str, str] = {}  # an order, a surveillance, a production → its case

    def take(self, told: Told) -> None:
        """Take one entry."""
        if told.event == "agency.created":
            self.countries[told.data["agency"]] = told.data["country"]
        elif told.event == "case.opened":
            data = told.data
            received = datetime.fromisoformat(data["received"]) if data.get("received") else told.at
            self.cases[data["case"]] = CaseFacts(
                data["case"], data["kind"], received, data.get("agency") or "", told.matter
            )
        elif told.event in LEADING:
            thing, name = LEADING[told.event]
            self.leads[told.data[thing]] = told.data["case"]
            if name:
                self._of(told.data["case"], lambda row: setattr(row, name, told.data["kind"]))
        elif told.event in LED:
            thing, do = LED[told.event]
            self._of(self.leads.get(told.data[thing], ""), lambda row: do(row, told))
        else:
            self._of(told.data["case"], lambda row: TAKERS[told.event](row, told))

    def _of(self, case: str, do: "Callable[[CaseFacts], object]") -> None:
        row = self.cases.get(case)
        if row is not None:
            do(row)

    def open_to_all(self) -> list[CaseFacts]:
        """Return the cases that repeat no other and are not sealed."""
        return [row for row in self.cases.values() if not row.joined and row.matter not in self.sealed]


def _left(row: CaseFacts, told: Told) -> None:
    if not told.data["again"]:
        row.handed_over += 1
        row.produced = row.produced or told.at


def _ran(row: CaseFacts, told: Told) -> None:
    row.produced = row.produced or told.at


def _kind(row: CaseFacts, told: Told) -> None:
    row.intercept = told.data["kind"]


def _contact(row: CaseFacts, told: Told) -> None:
    row.agency = told.data.get("agency") or row.agency


def _became(row: CaseFacts, told: Told) -> None:
    row.kind = told.data["kind"]


def _closed(row: CaseFacts, told: Told) -> None:
    row.closed, row.outcome = told.at, told.data["outcome"]


def _reopened(row: CaseFacts, told: Told) -> None:
    row.closed, row.outcome = None, ""


def _joined(row: CaseFacts, told: Told) -> None:
    row.joined = told.event == "case.joined"


def _target(row: CaseFacts, told: Told) -> None:
    row.targets += 1


def _clock(row: CaseFacts, told: Told) -> None:
    due = told.data.get("due")
    row.clocks[told.data["clock"]] = datetime.fromisoformat(due) if due else None


def _clock_ended(row: CaseFacts, told: Told) -> None:
    row.ended[told.data["clock"]] = told.at


def _overdue(row: CaseFacts, told: Told) -> None:
    row.overdue.add(told.data["clock"])


def _process(row: CaseFacts, told: Told) -> None:
    row.process = told.data.get("process") or row.process


def _reason(row: CaseFacts, told: Told) -> None:
    if told.event == "process.deficient":
        row.reasons |= {str(code) for code in told.data["codes"]}
    else:
        row.reasons.add(REASONS[told.event])


LEADING = {
    "order.begun": ("order", "intercept"),
    "exigent.received": ("request", ""),
    "surveillance.opened": ("surveillance", ""),
    "production.prepared": ("production", ""),
}
LED: dict[str, tuple[str, Callable[[CaseFacts, Told], None]]] = {
    "order.kind_set": ("order", _kind),
    "surveillance.on_seen": ("surveillance", _ran),
    "exigent.located": ("request", _ran),
    "production.handed_over": ("production", _left),
}
TAKERS: dict[str, Callable[[CaseFacts, Told], None]] = {
    "case.contact_changed": _contact,
    "case.kind_changed": _became,
    "case.closed": _closed,
    "case.reopened": _reopened,
    "case.joined": _joined,
    "case.parted": _joined,
    "case.target_added": _target,
    "case.clock_started": _clock,
    "case.clock_resumed": _clock,
    "case.clock_ended": _clock_ended,
    "case.overdue": _overdue,
    "process.received": _process,
    "process.confirmed": _process,
    "process.deficient": _reason,
    "process.not_honoured": _reason,
    "process.elsewhere": _reason,
}
