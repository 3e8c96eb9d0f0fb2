"""Quotes of fees as they were shown, and what was answered; for the desk, the officer and, later, the invoice."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tecum.cases import sealed
from tecum.cases.facts import QuoteLine
from tecum.cases.models import FeeQuote
from tecum.cases.queries.reading import row_of
from tecum.cases.states import CaseKind, GateState, QuoteState
from tecum.kernel.actors import Actor
from tecum.kernel.money import Money
from tecum.kernel.refusals import NotYours
from tecum.secrecy import operations as keys
from tecum.secrecy.operations import Key


@dataclass(frozen=True, slots=True)
class QuoteView:
    """
    One quote. `targets` are the ids it is for; `lines` are frozen with their schedule, so an accepted quote keeps its
    price whatever the guide says later (B11). `given` says in words who answered; `evidence` is a paper or an entry.
    """

    id: str
    reference: str
    case: str
    gate: str
    kind: str
    rule: str
    waived: bool
    state: QuoteState
    on_day: date
    guide_version: str
    low: Money
    high: Money
    digest: str
    lines: tuple[QuoteLine, ...]
    targets: tuple[str, ...]
    notes: tuple[str, ...]
    offered_at: datetime
    ends_at: datetime | None
    settled_at: datetime | None
    settled_by: str
    how: str
    given: str
    evidence: str

    @property
    def amount(self) -> str:
        """Return what it comes to, as people write it."""
        return str(self.low) if self.low == self.high else f"between {self.low} and {self.high}"

    @property
    def in_advance(self) -> bool:
        """Tell whether it is accepted by paying it, and by nothing else."""
        return self.kind in {"paid", "deposit"}

    def open_at(self, now: datetime) -> bool:
        """Tell whether it can still be answered."""
        return (
            self.state is QuoteState.OFFERED
            and not self.waived
            and (self.ends_at is None or now < self.ends_at)
        )


def quotes(*, case: str, by: Actor, now: datetime) -> list[QuoteView]:
    """Return the quotes of a case, oldest first. :raises NotYours: when it is not to be known of; officers may ask too"""
    row = row_of(case, by=by, now=now)
    key = keys.keys_of([row.matter]).get(row.matter)
    rows = FeeQuote.objects.select_related("gate").filter(case=row).order_by("offered_at", "pk")
    return [quote_view(each, key) for each in rows]


def quotes_told(*, case: str, by: Actor, now: datetime) -> list[QuoteView]:
    """Return the quotes that an agency is shown: those that it can answer now, and those that it accepted. :raises NotYours"""
    found = quotes(case=case, by=by, now=now)
    return [each for each in found if each.state is QuoteState.ACCEPTED or each.open_at(now)]


def accepted_quote(*, case: str, target: str, by: Actor, now: datetime) -> QuoteView | None:
    """Return the accepted quote that a target of a case is charged by; none where no fee was asked for. :raises NotYours"""
    mine = [
        each
        for each in quotes(case=case, by=by, now=now)
        if each.state is QuoteState.ACCEPTED and target in each.targets
    ]
    return mine[-1] if mine else None


def last_answers(cases: Collection[str]) -> dict[str, QuoteState]:
    """Return the state of the newest quote of each of some cases, for whoever may know of them; replaced ones do not count."""
    rows = FeeQuote.objects.filter(case__in=list(cases)).exclude(state=QuoteState.REPLACED)
    return {row.case_id: QuoteState(row.state) for row in rows.order_by("offered_at", "pk")}


def accepted_version(case: str) -> str:
    """Return the guide's version of the price that was accepted for a whole case, such as an order's; else nothing."""
    rows = FeeQuote.objects.filter(case=case, state=QuoteState.ACCEPTED).order_by("-settled_at")
    return rows.values_list("guide_version", flat=True).first() or ""


def case_of_quote(quote: str) -> str:
    """Return the id of the case of a quote, for whoever then asks whether it may be known of. :raises NotYours"""
    case = FeeQuote.objects.filter(pk=quote).values_list("case", flat=True).first()
    if case is None:
        raise NotYours
    return str(case)


def waiting_quotes(references: Collection[str], *, now: datetime) -> list[tuple[str, str, Money, CaseKind]]:
    """Return id, case, amount and the kind of case of the quotes of some references that wait to be paid, for whoever reads payments."""
    rows = FeeQuote.objects.select_related("case").filter(
        reference__in=list(references), state=QuoteState.OFFERED, gate__kind__in=["paid", "deposit"]
    )
    return [
        (row.pk, row.case_id, Money(row.high, row.currency), CaseKind(row.case.kind))
        for row in rows.order_by("offered_at")
        if row.ends_at is None or row.ends_at > now
    ]


def quote_view(row: FeeQuote, key: Key | None) -> QuoteView:
    """Return a row as its readers see it."""
    said: dict[str, Any] = sealed.opened(key, f"quote {row.pk}", row.said) or {}
    return QuoteView(
        id=row.pk, reference=row.reference, case=row.case_id, gate=row.gate_id, kind=row.gate.kind, rule=row.gate.rule,
        waived=row.gate.state == GateState.WAIVED, state=QuoteState(row.state),
        on_day=row.on_day, guide_version=row.guide_version, low=Money(row.low, row.currency),
        high=Money(row.high, row.currency), digest=row.digest,
        lines=tuple(QuoteLine(**each) for each in said.get("lines", ())), targets=tuple(said.get("targets", ())),
        notes=tuple(said.get("notes", ())), offered_at=row.offered_at, ends_at=row.ends_at, settled_at=row.settled_at,
        settled_by=row.settled_by, how=row.how, given=sealed.opened(key, f"quote {row.pk} given", row.given) or "",
        evidence=row.evidence,
    )  # fmt: skip
