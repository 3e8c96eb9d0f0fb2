"""What stands for a demand: proposed and approved scopes, holds, a preservation."""

from dataclasses import dataclass
from datetime import datetime

from tecum.cases import sealed
from tecum.demands.models import Demand, DemandHold, DemandScope, Preservation
from tecum.demands.queries.reading import row_of
from tecum.demands.rules.compiling import Line
from tecum.demands.rules.writing import read
from tecum.demands.states import PreservationState
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.records.rules.scope import Scope
from tecum.secrecy import operations as keys


@dataclass(frozen=True, slots=True)
class ScopeView:
    """One version of what is granted, as it was proposed."""

    id: str
    case: str
    ordinal: int
    digest: str
    approval: str
    proposed_at: datetime
    proposed_by: str
    approved_at: datetime | None
    approved_by: str
    ended_at: datetime | None
    lines: tuple[Line, ...]
    scope: Scope | None

    @property
    def waits(self) -> bool:
        """Tell whether it waits for a second person."""
        return self.approved_at is None and self.ended_at is None

    @property
    def in_force(self) -> bool:
        """Tell whether it is what may be searched and produced now."""
        return self.approved_at is not None and self.ended_at is None


@dataclass(frozen=True, slots=True)
class HoldView:
    """Records of one number that are held."""

    id: str
    number: str
    period: Period
    made_at: datetime


@dataclass(frozen=True, slots=True)
class PreservationView:
    """A preservation of a case's records."""

    id: str
    state: PreservationState
    asked_at: datetime
    ends_at: datetime
    renewals: int
    rule: str


def scopes(*, case: str, by: Actor, now: datetime) -> list[ScopeView]:
    """Return the versions of a demand's scope, the newest first. :raises NotYours"""
    row = row_of(case, by=by, now=now)
    return scopes_of(row, keys.keys_of([row.matter]).get(row.matter))


def scopes_of(row: Demand, key: "keys.Key | None") -> list[ScopeView]:
    """Return the same of a row that was read already."""
    return [
        _scope(made, row.case_id, key) for made in DemandScope.objects.filter(demand=row).order_by("-ordinal")
    ]


def lines_in_force(row: Demand) -> tuple[Line, ...]:
    """Return the lines of the scope in force, as they were approved; none without one."""
    made = DemandScope.objects.filter(demand=row, approved_at__isnull=False, ended_at=None).first()
    key = keys.keys_of([row.matter]).get(row.matter)
    return read(sealed.opened(key, f"scope {made.pk} lines", made.lines) or ()) if made else ()


def holds(*, case: str, by: Actor, now: datetime) -> list[HoldView]:
    """Return the holds that stand for a demand. :raises NotYours"""
    row = row_of(case, by=by, now=now)
    return holds_of(row, keys.keys_of([row.matter]).get(row.matter))


def holds_of(row: Demand, key: "keys.Key | None") -> list[HoldView]:
    """Return the same of a row that was read already."""
    return [
        HoldView(
            each.pk,
            sealed.opened(key, f"hold {each.pk}", each.number) or "",
            Period(each.starts_at, each.ends_at),
            each.made_at,
        )  # fmt: skip
        for each in DemandHold.objects.filter(demand=row, lifted_at=None).order_by("starts_at", "pk")
    ]


def preservation(*, case: str, by: Actor, now: datetime) -> PreservationView | None:
    """Return the preservation of a case's records, if there is one. :raises NotYours"""
    return preservation_of(row_of(case, by=by, now=now))


def preservation_of(row: Demand) -> PreservationView | None:
    """Return the same of a row that was read already."""
    made = Preservation.objects.filter(demand=row).first()
    return shown(made) if made else None


def shown(made: Preservation) -> PreservationView:
    """Return a preservation as its readers see it."""
    return PreservationView(
        made.pk, PreservationState(made.state), made.asked_at, made.ends_at, made.renewals, made.rule
    )


def _scope(made: DemandScope, case: str, key: "keys.Key | None") -> ScopeView:
    text = sealed.opened(key, f"scope {made.pk}", made.scope)
    said = sealed.opened(key, f"scope {made.pk} lines", made.lines) or ()
    return ScopeView(
        made.pk, case, made.ordinal, made.digest, made.approval, made.proposed_at, made.proposed_by, made.approved_at,
        made.approved_by, made.ended_at, read(said), Scope.parse(text) if text else None,
    )  # fmt: skip
