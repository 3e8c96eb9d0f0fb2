"""Rows and other capabilities' views become the frozen values that the rules and the readers of billing know."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from tecum.billing.models import Invoice, InvoiceLine, Payment
from tecum.billing.rules.facts import Fact
from tecum.billing.states import InvoiceState, PaperKind, PaymentState
from tecum.cases.queries import FactView
from tecum.kernel.money import Money


def fact(told: FactView) -> Fact:
    """Return a fact of a case as pricing knows it."""
    return Fact(
        id=told.id, product=told.kind, unit=told.unit, happened_at=told.happened_at, version=told.guide_version,
        target=told.target,
        quantity=told.quantity, details=told.details, found=told.found,
        cost=None if told.cents is None else Money.of_cents(told.cents, told.currency), reason=told.reason,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """One line of an invoice; `credited` says the credit note that took it back."""

    id: str
    fee: str
    product: str
    label: str
    unit: str
    quantity: Decimal
    unit_price: str
    amount: Money
    full: Money
    basis: str
    version: str
    source: str
    how: tuple[str, ...]
    facts: tuple[str, ...]
    waiver: str
    waiver_label: str
    credited: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceView:
    """An invoice, or a credit note of one."""

    id: str
    kind: PaperKind
    number: str
    case: str
    agency: str
    state: InvoiceState
    total: Money
    paid: Money
    credited: Money
    issued_at: datetime
    issued_by: str
    due_on: date | None
    credits: str
    guide_version: str
    neutral: bool
    address: str
    reference: str
    reminders: int
    why: str
    settled_at: datetime | None
    lines: tuple[LineView, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()  # credit notes: id, number

    @property
    def owed(self) -> Money:
        """Return what is still to be paid."""
        return self.total - self.paid - self.credited


def line(row: InvoiceLine, currency: str, credited: Mapping[str, str]) -> LineView:
    """Return one line."""
    return LineView(
        id=row.pk, fee=row.fee, product=row.product, label=row.label, unit=row.unit, quantity=row.quantity.normalize(),
        unit_price=row.unit_price, amount=Money.of_cents(row.cents, currency),
        full=Money.of_cents(row.full_cents, currency), basis=row.basis, version=row.version, source=row.source,
        how=tuple(row.how), facts=tuple(row.facts), waiver=row.waiver, waiver_label=row.waiver_label, credited=credited.get(row.pk, ""),
    )  # fmt: skip


def invoice(row: Invoice, *, lines: bool = False) -> InvoiceView:
    """Return an invoice, with its lines where they are asked for."""
    notes = list(row.credit_notes.all())
    rows = list(row.lines.order_by("place")) if lines else []
    credited = {
        each.credits_id: str(note) for note in notes for each in note.lines.all() if each.credits_id
    } if lines else {}  # fmt: skip
    return InvoiceView(
        id=row.pk, kind=PaperKind(row.kind), number=str(row), case=row.case, agency=row.agency,
        state=InvoiceState(row.state), total=Money.of_cents(row.cents, row.currency),
        paid=Money.of_cents(row.paid_cents, row.currency),
        credited=Money.of_cents(-sum(note.cents for note in notes), row.currency), issued_at=row.issued_at,
        issued_by=row.issued_by, due_on=row.due_on, credits=str(row.credits) if row.credits else "",
        guide_version=row.guide_version, neutral=row.neutral, address=row.address, reference=row.reference,
        reminders=row.reminders, why=row.why, settled_at=row.settled_at,
        lines=tuple(line(each, row.currency, credited) for each in rows),
        notes=tuple((note.pk, str(note)) for note in notes),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentView:
    """Money that came in."""

    id: str
    source: str
    amount: Money
    left: Money
    received_on: date
    payer: str
    said: str
    state: PaymentState
    why: str


def payment(row: Payment) -> PaymentView:
    """Return a payment."""
    return PaymentView(
        id=row.pk, source=row.source, amount=Money.of_cents(row.cents, row.currency),
        left=Money.of_cents(row.left_cents, row.currency), received_on=row.received_on, payer=row.payer, said=row.said,
        state=PaymentState(row.state), why=row.why,
    )  # fmt: skip
