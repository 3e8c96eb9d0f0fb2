"""Invariant I10 as a question: billable facts = invoiced + waived + free + unbilled, each once, and on its own invoice."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import TypeVar

from django.db.models import F, Q, Sum

from tecum.billing.models import Invoice, InvoiceLine, SettledFact
from tecum.billing.states import Outcome, PaperKind
from tecum.cases import queries as cases
from tecum.kernel.invariants import Broken

PIECE = 500
Row = TypeVar("Row")


def broken(*, since: datetime | None = None) -> tuple[Broken, ...]:
    """
    Return the settled facts that nothing of that kind happened in their case, or that no line of their invoice is for;
    and the invoices whose lines do not add up, or are for what was never settled on them. All, or those since an instant.
    """
    settled = SettledFact.objects.filter(released_at=None)
    papers = Invoice.objects.filter(kind=PaperKind.INVOICE)
    if since is not None:
        settled, papers = settled.filter(settled_at__gte=since), papers.filter(issued_at__gte=since)
    found = {
        fact: at
        for piece in _pieces(settled.order_by("pk").iterator())
        for fact, at in _settled_wrongly(piece)
    }
    wrong = papers.annotate(sum=Sum("lines__cents")).exclude(sum=F("cents"))
    found |= dict(wrong.values_list("pk", "issued_at"))
    found |= dict(
        _charged_for_nothing(InvoiceLine.objects.filter(Q(invoice__in=papers.values("pk")), cents__gt=0))
    )
    return tuple(Broken("I10", about, at) for about, at in sorted(found.items()))


def _settled_wrongly(rows: list[SettledFact]) -> Iterator[tuple[str, datetime]]:
    known = cases.cases_of_facts([row.fact for row in rows])
    invoices = {row.invoice_id for row in rows if row.outcome == Outcome.INVOICED}
    listed: dict[str, set[str]] = {}
    for invoice, facts in InvoiceLine.objects.filter(invoice__in=invoices).values_list("invoice", "facts"):
        listed.setdefault(invoice, set()).update(facts)
    for row in rows:
        on_paper = row.outcome != Outcome.INVOICED or row.fact in listed.get(row.invoice_id or "", ())
        if known.get(row.fact) != row.case or not on_paper:
            yield row.fact, row.settled_at


def _charged_for_nothing(lines: "Iterable[InvoiceLine]") -> Iterator[tuple[str, datetime]]:
    """Yield the invoices with a line for a fact that was never settled on them."""
    for piece in _pieces(iter(lines)):
        invoices = {line.invoice_id for line in piece}
        settled = set(SettledFact.objects.filter(invoice__in=invoices).values_list("invoice", "fact"))
        for line in piece:
            if any((line.invoice_id, fact) not in settled for fact in line.facts):
                yield line.invoice_id, line.invoice.issued_at


def _pieces(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while piece := list(islice(rows, PIECE)):
        yield piece
