"""Many cases: the queue by what is due, counts, and which cases name the same number, paper or agency."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet

from tecum.cases import sealed
from tecum.cases.models import CaseDocument, CaseTarget, LegalCase
from tecum.cases.queries.reading import allowed, readable
from tecum.cases.states import CaseKind, CaseState, TargetState
from tecum.kernel.actors import Actor
from tecum.secrecy import queries as secrecy


@dataclass(frozen=True, slots=True)
class Filter:
    """How a list is narrowed; what is empty narrows nothing."""

    kind: str = ""
    state: str = "OPEN"
    agency: str = ""
    owner: str = ""
    unowned: bool = False
    desk: str = ""
    due_before: datetime | None = None
    reference: str = ""
    order: str = "due"  # or "received": the youngest first


@dataclass(frozen=True, slots=True)
class Line:
    """One case in a list: nothing of what it says."""

    id: str
    reference: str
    kind: CaseKind
    state: CaseState
    agency: str
    desk: str
    channel: str
    received_at: datetime
    owner: str
    due_at: datetime | None
    due_clock: str
    targets_open: int
    sealed: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines; `more` tells whether others follow."""

    lines: list[Line]
    more: bool


def cases(*, by: Actor, now: datetime, narrowed: Filter = Filter(), offset: int = 0, limit: int = 50) -> Page:
    """Return cases in their order, as far as this person may know of them."""
    rows = _narrowed(readable(by=by, now=now), narrowed)
    ordered = (
        rows.order_by("-received_at", "pk")
        if narrowed.order == "received"
        else rows.order_by(F("due_at").asc(nulls_last=True), "received_at", "pk")
    )
    found = list(ordered[offset : offset + limit + 1])
    hidden = secrecy.sealed_among({row.matter for row in found})
    return Page([_line(row, row.matter in hidden) for row in found[:limit]], len(found) > limit)


def count(*, by: Actor, now: datetime, narrowed: Filter = Filter()) -> int:
    """Return how many cases there are, as far as this person may know of them."""
    return _narrowed(readable(by=by, now=now), narrowed).count()


def owners(*, by: Actor, now: datetime, beside: Collection[str] = ()) -> list[str]:
    """Return who owns an open case that this person may know of, beside those who are known already."""
    every = LegalCase.objects.filter(state=CaseState.OPEN).exclude(owner="").values_list("owner", flat=True)
    mine = readable(by=by, now=now).filter(state=CaseState.OPEN)
    return sorted(each for each in set(every.distinct()) - set(beside) if mine.filter(owner=each).exists())


def naming_number(*, number: str, by: Actor, now: datetime, open_only: bool = True) -> list[str]:
    """Return the ids of the cases that ask for a number; an officer learns only of the own list's (D11)."""
    rows = CaseTarget.objects.filter(
        allowed(by=by, now=now, of="case__"), print=sealed.fingerprint(number, purpose="target")
    )
    if open_only:
        rows = rows.filter(state=TargetState.ASKED, case__state=CaseState.OPEN)
    return list(rows.order_by("case__received_at").values_list("case", flat=True).distinct())


def with_documents(*, prints: set[str], by: Actor, now: datetime) -> list[str]:
    """Return the ids of the cases that hold a paper of the same content."""
    rows = CaseDocument.objects.filter(print__in=prints - {""}).filter(allowed(by=by, now=now, of="case__"))
    return list(rows.order_by("received_at").values_list("case", flat=True).distinct())


def with_targets(*, prints: Collection[str], by: Actor, now: datetime) -> list[str]:
    """Return the ids of the cases that name one of these targets, by their marks, as far as they may be known of."""
    wanted = [each for each in prints if each]
    rows = readable(by=by, now=now).filter(targets__print__in=wanted).distinct()
    return list(rows.values_list("pk", flat=True))


def _narrowed(rows: "QuerySet[LegalCase]", narrowed: Filter) -> "QuerySet[LegalCase]":
    wanted = {
        "kind": narrowed.kind,
        "state": narrowed.state,
        "agency": narrowed.agency,
        "owner": narrowed.owner,
        "desk": narrowed.desk,
        "reference": narrowed.reference.strip().upper(),
    }
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    if narrowed.unowned:
        rows = rows.filter(owner="")
    return rows.filter(Q(due_at__lt=narrowed.due_before)) if narrowed.due_before else rows


def _line(row: LegalCase, is_sealed: bool) -> Line:
    return Line(
        row.pk, row.reference, CaseKind(row.kind), CaseState(row.state), row.agency, row.desk, row.channel,
        row.received_at, row.owner, row.due_at, row.due_clock, row.targets_open, is_sealed,
    )  # fmt: skip
