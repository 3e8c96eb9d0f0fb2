"""Lists that leave: invoices for a spreadsheet, and journal lines for the carrier's ledger."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from tecum.access.rules import require
from tecum.audit import operations as audit
from tecum.billing import adapters
from tecum.billing.models import Allocation, Invoice
from tecum.billing.queries.papers import readable
from tecum.documents.spreadsheets import as_csv, as_xlsx
from tecum.kernel.actors import Actor
from tecum.kernel.money import Money
from tecum.kernel.refusals import NotYours

MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
INVOICE_HEADS = ("number", "kind", "agency", "issued", "due", "total", "paid", "credited", "owed", "currency", "state", "reference")  # fmt: skip
JOURNAL_HEADS = ("date", "document", "account", "debit", "credit", "currency", "fee", "version", "agency")
RECEIVABLE, BANK = "receivable", "bank"


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file to hand over."""

    name: str
    media_type: str
    content: bytes


def export(*, what: str, form: str, by: Actor, now: datetime) -> ExportFile:
    """
    Return the list of `invoices`, or the `journal` of debits and credits, as `csv` or `xlsx`; noted before it is handed over.

    :raises NotYours: without the permission, or for a list or form that there is not
    """
    require(by, "billing.read", now=now)
    if what not in LISTS or form not in MEDIA:
        raise NotYours
    heads, rows_of = LISTS[what]
    rows = list(rows_of(by, now))
    audit.note("billing.exported", by=by, at=now, what=what, rows=len(rows))
    made = (
        as_csv(notes=(), header=heads, rows=rows)
        if form == "csv"
        else as_xlsx(title=what.capitalize(), notes=(), header=heads, rows=rows)
    )
    return ExportFile(f"{what}.{form}", MEDIA[form], made)


def _invoices(by: Actor, now: datetime) -> Iterator[tuple[str, ...]]:
    rows = readable(by=by, now=now).prefetch_related("credit_notes").order_by("issued_at", "series", "number")
    for view in map(adapters.invoice, rows):
        yield (
            view.number, view.kind.value.lower(), view.agency, f"{view.issued_at:%Y-%m-%d}",
            f"{view.due_on:%Y-%m-%d}" if view.due_on else "", view.total.text, view.paid.text, view.credited.text,
            view.owed.text, view.total.currency, view.state.value.lower(), view.reference,
        )  # fmt: skip


def _journal(by: Actor, now: datetime) -> Iterator[tuple[str, ...]]:
    """Yield balanced lines: an invoice debits what is receivable and credits each fee; a payment moves it to the bank."""
    mine = readable(by=by, now=now)
    for row in mine.prefetch_related("lines").order_by("issued_at", "series", "number"):
        yield _entry(row, RECEIVABLE, row.cents, "", row.guide_version, f"{row.issued_at:%Y-%m-%d}")
        for line in row.lines.all():
            if line.cents:
                yield _entry(
                    row, f"fee:{line.fee}", -line.cents, line.fee, line.version, f"{row.issued_at:%Y-%m-%d}"
                )
    paid = Allocation.objects.filter(invoice__in=mine.values("pk"), undone_at=None).select_related(
        "invoice", "payment"
    )
    for each in paid.order_by("at", "pk"):
        on = f"{each.payment.received_on:%Y-%m-%d}"
        yield _entry(each.invoice, BANK, each.cents, "", "", on)
        yield _entry(each.invoice, RECEIVABLE, -each.cents, "", "", on)


def _entry(row: Invoice, account: str, cents: int, fee: str, version: str, on: str) -> tuple[str, ...]:
    """Return one line; an amount above nothing is a debit."""
    amount = Money.of_cents(abs(cents), row.currency).text
    debit, credit = (amount, "") if cents > 0 else ("", amount)
    return (on, str(row), account, debit, credit, row.currency, fee, version, row.agency)


LISTS: Mapping[str, tuple[tuple[str, ...], Callable[[Actor, datetime], Iterator[tuple[str, ...]]]]] = {
    "invoices": (INVOICE_HEADS, _invoices),
    "journal": (JOURNAL_HEADS, _journal),
}
