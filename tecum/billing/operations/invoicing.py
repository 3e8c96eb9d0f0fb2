"""Making invoices: the charges of a case are frozen, numbered and settled in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction

from tecum.access.rules import require
from tecum.accounts import operations as accounts
from tecum.audit import operations as audit
from tecum.billing import adapters, reminders
from tecum.billing.adapters import InvoiceView
from tecum.billing.models import Invoice, InvoiceLine, SettledFact
from tecum.billing.numbering import next_number
from tecum.billing.operations.advancing import draw
from tecum.billing.operations.owing import judge_arrears
from tecum.billing.queries.account import BillView, bill, neutral, unready
from tecum.billing.rules.pricing import Charge
from tecum.billing.states import Outcome, Series
from tecum.guide.model.guide import Guide
from tecum.kernel import ids
from tecum.kernel.actors import Actor
from tecum.kernel.money import Money
from tecum.kernel.refusals import Refused
from tecum.policy import queries as policy
from tecum.recovery import operations as recovery

NEUTRAL = "Service by the schedule of fees"


class CannotInvoice(Refused):
    """An invoice that cannot be made as things stand; the sentence says what is missing."""


@dataclass(slots=True)
class _Line:
    """Charges that differ in nothing but the fact they are for."""

    first: Charge
    facts: list[str] = field(default_factory=list)
    quantity: Decimal = Decimal(0)
    cents: int = 0
    full_cents: int = 0

    def take(self, charge: Charge) -> None:
        self.facts.append(charge.fact)
        self.quantity += charge.quantity
        self.cents += charge.amount.cents
        self.full_cents += charge.full.cents

    def how(self) -> list[str]:
        """Return how the amount came about: as the one charge says, or as their sum."""
        if len(self.facts) == 1:
            return list(self.first.how)
        total = Money.of_cents(self.cents, self.first.amount.currency)
        return [
            f"{self.quantity.normalize():f} {self.first.unit.replace('_', ' ')} at {self.first.unit_price}: {total}"
        ]


@transaction.atomic
def issue(*, case: str, by: Actor, now: datetime) -> InvoiceView | None:
    """
    Invoice what a case owes, at the conclusion of the service (R-137), and settle its facts.

    Where everything is free or waived the facts are settled and there is no invoice: not one of zero.

    :raises NotYours: without the permission, or for a case that is not to be known of
    :raises InRecovery: while the house is checked after it was put back from a copy
    :raises CannotInvoice: before the service is concluded, without an address, or with a fact that cannot be priced
    """
    require(by, "billing.issue", now=now)
    accounts.stand(by=by, now=now)
    recovery.refuse(
        leaves=True
    )  # what was invoiced since the copy is not in it: numbers would be given twice
    view, guide = bill(case=case, by=by, now=now), policy.at(now)
    lacking = unready(view, guide)
    if lacking:
        raise CannotInvoice(lacking)
    lines = _lines(view)
    currencies = {line.first.amount.currency for line in lines if line.cents}
    if len(currencies) > 1:
        raise CannotInvoice(
            f"These charges are in {' and '.join(sorted(currencies))}: the guide must price a case in one currency."
        )
    try:
        with transaction.atomic():
            row = _stored(view, lines, guide, by=by, now=now) if sum(line.cents for line in lines) else None
            _settle(view, row, by=by, now=now)
            draw(case, row, by=by, now=now)
    except IntegrityError:
        raise CannotInvoice("Somebody settled a part of this a moment ago: look again.") from None
    if row is None:
        return None
    row.refresh_from_db()  # what was paid in advance is on it
    return adapters.invoice(row, lines=True)


@dataclass(frozen=True, slots=True)
class Issued:
    """What came of invoicing many cases: what was made, and why not, by case."""

    invoices: tuple[InvoiceView, ...]
    settled_free: int
    left: dict[str, str]


def issue_many(*, chosen: Sequence[str], by: Actor, now: datetime) -> Issued:
    """Invoice many cases, each in a transaction of its own: what stops one stops no other."""
    made: list[InvoiceView] = []
    left: dict[str, str] = {}
    free = 0
    for case in dict.fromkeys(chosen):
        try:
            view = issue(case=case, by=by, now=now)
        except CannotInvoice as refusal:
            left[case] = str(refusal)
        else:
            made += [view] if view else []
            free += view is None
    return Issued(tuple(made), free, left)


def _lines(view: BillView) -> list[_Line]:
    """Return the charges that are open, those alike on one line, in the order in which they arose."""
    found: dict[tuple[object, ...], _Line] = {}
    for line in view.to_settle:
        for charge in line.charges:
            alike = (charge.fee, charge.version, charge.unit_price, charge.waiver, charge.waiver_label)
            found.setdefault(alike, _Line(charge)).take(charge)
    return list(found.values())


def _stored(view: BillView, lines: Sequence[_Line], guide: Guide, *, by: Actor, now: datetime) -> Invoice:
    series = Series.SEALED if view.account.sealed else Series.ORDINARY
    today = now.astimezone(guide.carrier.zone.tz).date()
    cents = sum(line.cents for line in lines)
    if cents <= 0:
        raise CannotInvoice(
            "What came in since takes off as much as it adds, or more: take the earlier invoice back by a credit note, and bill it again together."
        )
    due = guide.billing.due_days
    row = Invoice(
        id=ids.unguessable(), series=series, number=next_number(series), case=view.account.case, matter=view.account.matter,
        agency=view.account.agency, cents=cents, currency=next(line.first.amount.currency for line in lines if line.cents),
        issued_at=now, issued_by=by.ref, due_on=None if due is None else today + timedelta(days=due),
        guide_version=guide.version, process=view.about.process, country=view.about.country, region=view.about.region,
        neutral=neutral(view), address=view.address, reference=view.reference,
    )  # fmt: skip
    row.save(force_insert=True)
    audit.record(
        "billing.invoiced", by=by, at=now, matter=row.matter, case=row.case, invoice=row.pk, series=series.value,
        number=row.number, cents=cents, currency=row.currency, process=row.process or None, country=row.country or None,
        region=row.region or None,
    )  # fmt: skip
    for place, line in enumerate(lines, start=1):
        _line(row, place, line, by=by, now=now)
    reminders.arm(row, guide, now=now)
    if row.agency and row.due_on is not None:
        judge_arrears(agency=row.agency, by=by, now=now)
    return row


def _line(row: Invoice, place: int, line: _Line, *, by: Actor, now: datetime) -> None:
    charge = line.first
    InvoiceLine.objects.create(
        invoice=row, place=place, fee=charge.fee, product=charge.product,
        label=f"{NEUTRAL}: item {charge.fee}" if row.neutral else charge.label, unit=charge.unit,
        quantity=line.quantity, unit_price=charge.unit_price, cents=line.cents, full_cents=line.full_cents,
        basis=charge.basis, version=charge.version, source=charge.source, how=line.how(),
        facts=list(dict.fromkeys(line.facts)), waiver=charge.waiver,
        waiver_label=charge.waiver_label,
    )  # fmt: skip
    audit.record(
        "billing.charged", by=by, at=now, matter=row.matter, case=row.case, invoice=row.pk, fee=charge.fee,
        version=charge.version, cents=line.cents, full_cents=line.full_cents, waiver=charge.waiver or None,
    )  # fmt: skip


def _settle(view: BillView, row: Invoice | None, *, by: Actor, now: datetime) -> None:
    """Settle every open fact once: on the invoice, waived, or free."""
    for told in view.to_settle:
        outcome = _outcome(told.charges, on_paper=row is not None)
        on = row if outcome is Outcome.INVOICED else None
        SettledFact.objects.create(
            fact=told.fact.id,
            case=view.account.case,
            outcome=outcome,
            invoice=on,
            settled_at=now,
            settled_by=by.ref,
        )
        audit.record(
            "billing.settled", by=by, at=now, matter=view.account.matter, case=view.account.case, billable=told.fact.id,
            outcome=outcome.value, invoice=on.pk if on else None,
        )  # fmt: skip


def _outcome(charges: Sequence[Charge], *, on_paper: bool) -> Outcome:
    if on_paper and any(charge.amount for charge in charges):
        return Outcome.INVOICED
    return Outcome.WAIVED if any(charge.waiver for charge in charges) else Outcome.FREE
