"""What billing may know of a case: that it is there, whose it is, and what happened in it; never what it is about."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from tecum.access.rules import may, require
from tecum.cases.models import BillableFact, LegalCase
from tecum.cases.queries.files import FactView, fact_view
from tecum.cases.states import CaseKind, CaseState
from tecum.kernel.actors import Actor, ActorKind
from tecum.kernel.refusals import NotYours
from tecum.secrecy import queries as secrecy


@dataclass(frozen=True, slots=True)
class AccountView:
    """One case as billing sees it."""

    case: str
    reference: str
    kind: CaseKind
    state: CaseState
    matter: str
    agency: str
    received_at: datetime
    closed_at: datetime | None
    sealed: bool


def billable(*, by: Actor, now: datetime) -> "QuerySet[LegalCase]":
    """Return the cases with something to bill that somebody may know of: none that is sealed to them. :raises NotYours"""
    require(by, "billing.read", now=now)
    rows = LegalCase.objects.filter(billable_facts__isnull=False).distinct()
    if by.kind is ActorKind.SYSTEM:
        return rows
    return rows.exclude(matter__in=secrecy.sealed_from(by.ref).values("pk"))


def account(*, case: str, by: Actor, now: datetime) -> AccountView:
    """Return one case as billing sees it. :raises NotYours: when it is unknown, sealed to this person, or has no fact"""
    row = billable(by=by, now=now).filter(pk=case).first()
    if row is None:
        raise NotYours
    return accounts([row])[0]


def accounts(rows: "Collection[LegalCase] | QuerySet[LegalCase]") -> list[AccountView]:
    """Return cases as billing sees them."""
    found = list(rows)
    closed = secrecy.sealed_among([row.matter for row in found])
    return [
        AccountView(
            row.pk, row.reference, CaseKind(row.kind), CaseState(row.state), row.matter, row.agency, row.received_at,
            row.closed_at, row.matter in closed,
        )
        for row in found
    ]  # fmt: skip


def noted(cases: Collection[str]) -> dict[str, list[FactView]]:
    """Return what happened in cases that the caller was shown, in order, by case."""
    found: dict[str, list[FactView]] = {case: [] for case in cases}
    for row in BillableFact.objects.filter(case__in=cases).order_by("happened_at", "pk"):
        found[row.case_id].append(fact_view(row))
    return found


def cases_of_facts(facts: Collection[str]) -> dict[str, str]:
    """Return the case of each of these billable facts; one that there is not is missing."""
    return dict(BillableFact.objects.filter(pk__in=facts).values_list("pk", "case"))


def sealed_to(reader: Actor) -> "QuerySet[LegalCase]":
    """Return the cases that a person of billing must not learn of, for lists of what was billed."""
    if reader.kind is ActorKind.SYSTEM or not may(reader, "billing.read"):
        return LegalCase.objects.none()
    return LegalCase.objects.filter(matter__in=secrecy.sealed_from(reader.ref).values("pk"))
