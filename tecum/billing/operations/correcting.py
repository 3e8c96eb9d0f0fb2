"""Correcting an invoice: by a credit note, never by an edit; a dispute stops the reminders."""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction

from tecum.access.rules import require
from tecum.accounts import operations as accounts
from tecum.audit import operations as audit
from tecum.billing import adapters, reminders
from tecum.billing.adapters import InvoiceView
from tecum.billing.models import Invoice, InvoiceLine, SettledFact
from tecum.billing.numbering import next_number
from tecum.billing.operations.turning import CannotCorrect, balance, turn
from tecum.billing.queries.papers import row_of
from tecum.billing.states import InvoiceState, Outcome, PaperKind, Series
from tecum.kernel import ids
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy
from tecum.recovery import operations as recovery


@transaction.atomic
def credit(
    *, invoice: str, lines: Collection[str], reason: str, again: bool, by: Actor, now: datetime
) -> InvoiceView:
    """
    Take lines of an invoice back by a credit note with a number of its own.

    Once the whole invoice is taken back its facts are let go: with `again` they are unbilled once more, to be invoiced as
    they should have been; else they count as waived. A part that is taken back lets no fact go: nothing is billed twice.

    :raises NotYours: without the permission, or for an invoice that is not to be known of
    :raises CannotCorrect: without a reason or a line, or for a line that was credited already
    """
    require(by, "billing.credit", now=now)
    accounts.stand(by=by, now=now)
    recovery.refuse(leaves=True)
    row = _locked(invoice, reason, by=by, now=now)
    chosen = list(row.lines.filter(pk__in=lines).order_by("place"))
    if not chosen or len(chosen) != len(set(lines)):
        raise CannotCorrect("Choose the lines that are taken back.")
    if not sum(line.cents for line in chosen):
        raise CannotCorrect("These lines cost nothing: there is nothing to take back.")
    note = Invoice(
        id=ids.unguessable(), kind=PaperKind.CREDIT, series=row.series, number=next_number(Series(row.series)), case=row.case,
        matter=row.matter, agency=row.agency, cents=-sum(line.cents for line in chosen), currency=row.currency, issued_at=now,
        issued_by=by.ref, credits=row, guide_version=policy.at(now).version, process=row.process, country=row.country,
        region=row.region, neutral=row.neutral, address=row.address, reference=row.reference, why=reason.strip()[:300],
        state=InvoiceState.CREDITED, settled_at=now, settled_by=by.ref,
    )  # fmt: skip
    try:
        with transaction.atomic():
            note.save(force_insert=True)
            for place, line in enumerate(chosen, start=1):
                _taken_back(note, place, line)
    except IntegrityError:
        raise CannotCorrect("One of these lines was taken back already.") from None
    audit.record(
        "billing.credited", by=by, at=now, matter=row.matter, case=row.case, invoice=row.pk, note=note.pk,
        series=note.series, number=note.number, cents=note.cents, again=again,
    )  # fmt: skip
    if not _stands(row):
        _release(row, again=again, by=by, now=now)
    elif again:
        raise CannotCorrect("Only a whole invoice can be taken back to be invoiced again: choose every line.")
    balance(row, by=by, now=now)
    return adapters.invoice(note, lines=True)


@transaction.atomic
def dispute(*, invoice: str, reason: str, by: Actor, now: datetime) -> InvoiceView:
    """Note that an agency disputes an invoice: no reminder goes out meanwhile. :raises CannotCorrect: without a reason"""
    require(by, "billing.work", now=now)
    accounts.stand(by=by, now=now)
    row = _locked(invoice, reason, by=by, now=now)
    turn(row, InvoiceState.DISPUTED, by=by, now=now, why=reason.strip()[:300])
    reminders.disarm(row, now=now)
    return adapters.invoice(row, lines=True)


@transaction.atomic
def end_dispute(*, invoice: str, reason: str, by: Actor, now: datetime) -> InvoiceView:
    """Note that a dispute ended and the invoice stands. :raises CannotCorrect: for an invoice that is not disputed"""
    require(by, "billing.work", now=now)
    accounts.stand(by=by, now=now)
    row = _locked(invoice, reason, by=by, now=now)
    if row.state != InvoiceState.DISPUTED:
        raise CannotCorrect(f"Invoice {row} is not disputed.")
    turn(row, InvoiceState.OPEN, by=by, now=now, why=reason.strip()[:300])
    reminders.arm(row, policy.at(now), now=now)
    return adapters.invoice(row, lines=True)


@transaction.atomic
def give_up(*, invoice: str, reason: str, by: Actor, now: datetime) -> InvoiceView:
    """Give the rest of an invoice up; the agency still owes nothing more. :raises CannotCorrect: without a reason"""
    require(by, "billing.credit", now=now)
    accounts.stand(by=by, now=now)
    row = _locked(invoice, reason, by=by, now=now)
    turn(row, InvoiceState.GIVEN_UP, by=by, now=now, why=reason.strip()[:300])
    reminders.disarm(row, now=now)
    return adapters.invoice(row, lines=True)


def _locked(invoice: str, reason: str, *, by: Actor, now: datetime) -> Invoice:
    row_of(invoice, by=by, now=now)
    row = Invoice.objects.select_for_update().get(pk=invoice)
    if row.kind != PaperKind.INVOICE:
        raise NotYours
    if len(reason.strip()) < 3:
        raise CannotCorrect("Say why; that is kept with the invoice.")
    return row


def _taken_back(note: Invoice, place: int, line: InvoiceLine) -> None:
    InvoiceLine.objects.create(
        invoice=note, place=place, fee=line.fee, product=line.product, label=line.label, unit=line.unit,
        quantity=-line.quantity, unit_price=line.unit_price, cents=-line.cents, full_cents=-line.full_cents,
        basis=line.basis, version=line.version, source=line.source, how=line.how, waiver=line.waiver,
        waiver_label=line.waiver_label, credits=line,
    )  # fmt: skip


def _stands(row: Invoice) -> bool:
    """Tell whether a line of the invoice that costs something was not taken back."""
    return row.lines.exclude(cents=0).filter(credited=None).exists()


def _release(row: Invoice, *, again: bool, by: Actor, now: datetime) -> None:
    """Let go of the facts of an invoice that was taken back: to be billed again, or waived for good."""
    for settled in SettledFact.objects.select_for_update().filter(invoice=row, released_at=None):
        SettledFact.objects.filter(pk=settled.pk).update(released_at=now)
        if not again:
            SettledFact.objects.create(
                fact=settled.fact,
                case=settled.case,
                outcome=Outcome.WAIVED,
                settled_at=now,
                settled_by=by.ref,
            )
        audit.record(
            "billing.settled", by=by, at=now, matter=row.matter, case=row.case, billable=settled.fact,
            outcome="UNBILLED" if again else Outcome.WAIVED.value,
        )  # fmt: skip
