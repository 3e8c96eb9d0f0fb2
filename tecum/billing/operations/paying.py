"""Payments: read from the bank's file, matched by the invoice's number, the rest by a person."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction

from tecum.access.rules import require
from tecum.accounts import operations as accounts
from tecum.audit import operations as audit
from tecum.billing.models import Allocation, Invoice, Payment
from tecum.billing.operations.advancing import hold_named
from tecum.billing.operations.allocating import allocate, told
from tecum.billing.operations.turning import balance
from tecum.billing.queries.papers import row_of
from tecum.billing.rules.matching import named_numbers
from tecum.billing.states import PAYMENT_NEXT, InvoiceState, PaperKind, PaymentState
from tecum.billing.taken import CannotMatch, found, locked
from tecum.kernel import ids
from tecum.kernel.actors import Actor
from tecum.kernel.money import Money
from tecum.kernel.refusals import Refused
from tecum.policy import queries as policy

COLUMNS = ("reference", "received_on", "amount", "currency", "payer", "text")
OPEN = (InvoiceState.OPEN, InvoiceState.DISPUTED, InvoiceState.GIVEN_UP)
MOST_BYTES = 4 << 20
MORE = (
    "\N{SYMBOL FOR UNIT SEPARATOR}"  # what a line has beyond its columns stands under this, no column's name
)
AMOUNT = re.compile(r"(\d{1,3}(,\d{3})+|\d{1,30})(\.\d{1,2})?", re.ASCII)
MOST = Decimal(10) ** 12
EARLY = timedelta(days=31)  # a value day may lie ahead; another year is a mistake


class BadFile(Refused):
    """A file of payments that cannot be read at all; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a file: payments matched, held for a quote, waiting for a person, seen before; lines not taken, with their reason."""

    matched: int
    held: int
    waiting: int
    again: int
    rejected: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class _Line:
    reference: str
    received_on: date
    amount: Money
    payer: str
    said: str


def take_payments(*, content: bytes, by: Actor, now: datetime) -> Taken:
    """
    Take the payments of a bank's CSV file in, each once by its reference, and match what names one open invoice.

    The columns are `reference,received_on,amount,currency,payer,text`; a line that cannot be read is named and the others
    are taken: the same file, mended, may be given again.

    :raises NotYours: without the permission
    :raises BadFile: when it is no such file
    """
    require(by, "billing.pay", now=now)
    matched = held = waiting = again = 0
    rejected: list[tuple[int, str]] = []
    carrier = policy.at(now).carrier
    today = now.astimezone(carrier.zone.tz).date()
    for number, row in _rows(content):
        try:
            line = _read(row, carrier.currency, today)
            fresh = _take(line, by=by, now=now)
        except Refused as refusal:
            rejected.append((number, str(refusal)))
            continue
        again += fresh is None
        matched += fresh is PaymentState.MATCHED
        held += fresh is PaymentState.HELD
        waiting += fresh is PaymentState.WAITING
    return Taken(matched, held, waiting, again, tuple(rejected))


@transaction.atomic
def match(*, payment: str, invoice: str, by: Actor, now: datetime) -> None:
    """
    Say what a payment is for: as much of it as the invoice still owes; the rest waits on.

    :raises NotYours: without the permission, or for what is not to be known of
    :raises CannotMatch: in another currency, or for an invoice that owes nothing
    """
    require(by, "billing.pay", now=now)
    accounts.stand(by=by, now=now)
    row_of(invoice, by=by, now=now)
    row = locked(payment, PaymentState.WAITING)
    allocate(row, Invoice.objects.select_for_update().get(pk=invoice), by=by, now=now)


@transaction.atomic
def unmatch(*, payment: str, by: Actor, now: datetime) -> None:
    """Take a payment off the invoices it was matched to; it waits for a person again."""
    require(by, "billing.pay", now=now)
    accounts.stand(by=by, now=now)
    row = found(payment)
    standing = list(row.allocations.filter(undone_at=None).select_related("invoice"))
    if not standing:
        raise CannotMatch("This payment is matched to nothing.")
    for each in standing:
        row_of(each.invoice_id, by=by, now=now)
        Allocation.objects.filter(pk=each.pk).update(undone_at=now, undone_by=by.ref)
        invoice = Invoice.objects.select_for_update().get(pk=each.invoice_id)
        Invoice.objects.filter(pk=invoice.pk).update(paid_cents=invoice.paid_cents - each.cents)
        told(row, invoice, -each.cents, by=by, now=now)
        balance(invoice, by=by, now=now)
    Payment.objects.filter(pk=row.pk).update(
        state=PaymentState.WAITING, left_cents=row.left_cents + sum(each.cents for each in standing), ended_at=None, ended_by=""
    )  # fmt: skip


@transaction.atomic
def send_back(*, payment: str, reason: str, by: Actor, now: datetime) -> None:
    """Note that the rest of a payment went back to its payer. :raises CannotMatch: without a reason"""
    require(by, "billing.pay", now=now)
    accounts.stand(by=by, now=now)
    row = locked(payment, PaymentState.WAITING)
    if len(reason.strip()) < 3:
        raise CannotMatch("Say why and how it went back; that is kept.")
    if PaymentState.SENT_BACK not in PAYMENT_NEXT[PaymentState(row.state)]:
        raise CannotMatch("This payment is settled.")
    Payment.objects.filter(pk=row.pk).update(
        state=PaymentState.SENT_BACK, why=reason.strip()[:300], ended_at=now, ended_by=by.ref
    )
    audit.record("billing.payment_sent_back", by=by, at=now, payment=row.pk, cents=row.left_cents)


def _rows(content: bytes) -> Iterator[tuple[int, Mapping[str, str]]]:
    if len(content) > MOST_BYTES:
        raise BadFile(f"The file is larger than {MOST_BYTES >> 20} MB: give it in parts.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadFile("The file is not UTF-8 text.") from None
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey=MORE)
    heading = tuple(reader.fieldnames or ())
    missing = [name for name in COLUMNS[:4] if name not in heading]
    if missing and any(COLUMNS[0] in each and each != COLUMNS[0] for each in heading):
        raise BadFile(f"The file is not parted by commas: it must begin with the line {','.join(COLUMNS)}.")
    if missing:
        raise BadFile(
            f"The file lacks the column {missing[0]}; it must begin with the line {','.join(COLUMNS)}."
        )
    try:
        for row in reader:
            cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
            yield reader.line_num, {**cells, MORE: "more" if row.get(MORE) else ""}
    except csv.Error as broken:
        raise BadFile(f"The file cannot be read from line {reader.line_num} on: {broken}.") from None


def _read(row: Mapping[str, str], currency: str, today: date) -> _Line:
    if not row["reference"]:
        raise BadFile("It has no reference: the bank's own, by which it is taken in once.")
    if row[MORE]:
        raise BadFile("It has more cells than the file has columns: a comma within a cell needs quotes.")
    amount, received_on = _amount(row["amount"]), _day(row["received_on"], today)
    if row["currency"].upper() != currency:
        raise BadFile(
            f"It is in {row['currency'].upper()[:12] or 'no currency'}; the guide's currency is {currency}."
        )
    return _Line(
        row["reference"][:120], received_on, Money(amount, currency), row["payer"][:200], row["text"][:200]
    )


def _amount(said: str) -> Decimal:
    if not AMOUNT.fullmatch(said):
        raise BadFile(
            f"The amount '{said[:40]}' must be like 1250.00 or 1,250.00: above nothing, with two decimals at most."
        )
    amount = Decimal(said.replace(",", ""))
    if amount <= 0:
        raise BadFile(f"The amount '{said[:40]}' must be above nothing.")
    if amount >= MOST:
        raise BadFile(f"The amount '{said[:40]}' is too much to be a payment.")
    return amount


def _day(said: str, today: date) -> date:
    try:
        day = date.fromisoformat(said)
    except ValueError:
        raise BadFile(f"The day '{said[:40]}' must be like 2026-11-22.") from None
    if day > today + EARLY:
        raise BadFile(f"The day '{said[:40]}' lies too far ahead.")
    return day


@transaction.atomic
def _take(line: _Line, *, by: Actor, now: datetime) -> PaymentState | None:
    """Store one payment and match it where it names one open invoice; nothing for one that was taken in before."""
    row = Payment(
        id=ids.unguessable(), source=line.reference, cents=line.amount.cents, left_cents=line.amount.cents,
        currency=line.amount.currency, received_on=line.received_on, payer=line.payer, said=line.said, read_at=now,
        read_by=by.ref,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        known = Payment.objects.get(source=line.reference)
        if known.cents != row.cents or known.received_on != row.received_on:
            raise BadFile(
                "Its reference was taken in before with another amount or day: ask the bank which holds."
            ) from None
        return None
    audit.record(
        "billing.payment_taken", by=by, at=now, payment=row.pk, cents=row.cents, currency=row.currency
    )
    named = [
        invoice
        for series, number in named_numbers(f"{line.said} {line.reference}")
        for invoice in Invoice.objects.select_for_update().filter(
            series=series, number=number, kind=PaperKind.INVOICE, state__in=OPEN
        )
    ]
    if len(named) == 1 and named[0].currency == row.currency:
        allocate(row, named[0], by=by, now=now)
    elif not named:
        hold_named(row, line.said, by=by, now=now)
    row.refresh_from_db()
    return PaymentState(row.state)
