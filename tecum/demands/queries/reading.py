"""One demand, and which demands somebody may know of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from tecum.cases import queries as cases
from tecum.cases import sealed
from tecum.cases.queries import CaseView, TargetView
from tecum.demands.models import Demand
from tecum.demands.rules.compiling import Choice
from tecum.demands.states import OPEN, DemandState
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours
from tecum.process import queries as process
from tecum.process.queries import ReceivedView
from tecum.secrecy import operations as keys


@dataclass(frozen=True, slots=True)
class Silence:
    """The gag a demand carries: from and until are local days; `until` is the first day on which it no longer holds."""

    state: str = "none"
    since: date | None = None
    until: date | None = None
    rule: str = ""

    @property
    def holds(self) -> bool:
        """Tell whether the customer must not be told, as far as the demand says."""
        return self.state in {"in_force", "indefinite", "ask"}


@dataclass(frozen=True, slots=True)
class DemandView:
    """One demand with its case; `choices` are the analyst's by target."""

    id: str
    case: CaseView
    received: str
    state: DemandState
    began_at: datetime | None
    ended_at: datetime | None
    withdrawn_how: str
    undo_until: datetime | None
    lapses_at: datetime | None
    testimony: bool
    silence: Silence
    choices: dict[str, Choice]

    @property
    def open(self) -> bool:
        """Tell whether somebody has to do something about it."""
        return self.state in OPEN


def readable(*, by: Actor, now: datetime) -> "QuerySet[Demand]":
    """Return the demands that somebody may know of, as a question that the database joins to others."""
    return Demand.objects.select_related("case").filter(cases.allowed(by=by, now=now, of="case__"))


def of_case(*, case: str, by: Actor, now: datetime) -> DemandView:
    """Return the demand of a case. :raises NotYours: when there is none for this person"""
    return view(row_of(case, by=by, now=now), by=by, now=now)


def row_of(case: str, *, by: Actor, now: datetime) -> Demand:
    """Return the row for the functions of this capability. :raises NotYours"""
    row = readable(by=by, now=now).filter(case=case).first()
    if row is None:
        raise NotYours
    return row


@dataclass(frozen=True, slots=True)
class Read:
    """A demand with its process and its targets, read once for everything that is asked about it."""

    row: Demand
    received: ReceivedView
    targets: Sequence[TargetView]


def read(row: Demand, *, by: Actor, now: datetime) -> Read:
    """Return a row with what the questions about it rest on."""
    received = process.received(id=row.received_id, by=by, now=now)
    return Read(row, received, cases.targets(case=row.case_id, by=by, now=now))


def view(row: Demand, *, by: Actor, now: datetime) -> DemandView:
    """Return a row as its readers see it."""
    return viewed(row, cases.case(case=row.case_id, by=by, now=now))


def viewed(row: Demand, case: CaseView) -> DemandView:
    """Return a row as its readers see it, with its case as it was read already."""
    return DemandView(
        id=row.pk, case=case, received=row.received_id,
        state=DemandState(row.state), began_at=row.began_at, ended_at=row.ended_at, withdrawn_how=row.withdrawn_how,
        undo_until=row.undo_until, lapses_at=row.lapses_at, testimony=row.testimony,
        silence=Silence(row.gag, row.gag_from, row.gag_until, row.gag_rule), choices=choices(row),
    )  # fmt: skip


def choices(row: Demand) -> dict[str, Choice]:
    """Return what the analyst decided, by target; nothing where the seal is gone."""
    key = keys.keys_of([row.matter]).get(row.matter)
    said: dict[str, Any] = sealed.opened(key, f"demand {row.pk} choices", row.decided) or {}
    return {
        target: Choice(frozenset(each["holders"]), each["withheld"], each["reason"])
        for target, each in said.items()
    }
