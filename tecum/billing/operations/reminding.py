"""What is sent about money: invoices, credit notes, reminders on their days, statements."""

from datetime import datetime

from django.db import transaction

from tecum.access.rules import require
from tecum.accounts import operations as accounts
from tecum.audit import operations as audit
from tecum.billing import adapters, messages, reminders
from tecum.billing.adapters import InvoiceView
from tecum.billing.models import Invoice
from tecum.billing.queries.papers import UNPAID, readable, row_of
from tecum.billing.queries.printing import due_words, printed, said
from tecum.billing.states import InvoiceState, PaperKind
from tecum.documents import operations as documents
from tecum.documents.drivers.pdf import NoPrinter
from tecum.documents.queries import FileView
from tecum.guide.model.guide import Guide
from tecum.guide.saying import pays_to
from tecum.kernel.actors import Actor
from tecum.kernel.money import Money
from tecum.kernel.refusals import Refused
from tecum.notices import operations as notices
from tecum.notices.rules import is_address
from tecum.policy import queries as policy


class CannotSend(Refused):
    """Nothing can be sent: there is no address, or nothing is open."""


def send(*, invoice: str, to: str, by: Actor, now: datetime) -> None:
    """
    Send an invoice, or a credit note, to the agency's office by mail or fax, with the paper itself as PDF.

    :raises NotYours: without the permission, or for an invoice that is not to be known of
    :raises CannotSend: without an address
    """
    require(by, "billing.issue", now=now)
    row = row_of(invoice, by=by, now=now)
    view, guide = adapters.invoice(row, lines=True), policy.at(now)
    address = _address(to)
    try:  # printed and on the disk before the transaction: a printer may take its time
        paper = documents.put(printed(view, guide, remit_to=pays_to(guide)), matter=row.matter)
    except NoPrinter:
        paper = None
    with transaction.atomic():
        accounts.stand(by=by, now=now)
        Invoice.objects.filter(pk=row.pk).update(sent_to=address)
        attach = {} if paper is None else {f"{view.number}.pdf": documents.enter(
            paper, purpose="invoice", media_type="application/pdf", by=by, now=now
        )}  # fmt: skip
        _send(row, view, guide, address, attach, by=by, now=now)
        audit.record("billing.sent", by=by, at=now, matter=row.matter, case=row.case, invoice=row.pk)


def _send(
    row: Invoice,
    view: InvoiceView,
    guide: Guide,
    to: str,
    attach: dict[str, FileView],
    *,
    by: Actor,
    now: datetime,
) -> None:
    if view.kind is PaperKind.CREDIT:
        _enqueue(
            row, messages.CREDIT_NOTE.name, to, attach=attach, by=by, now=now, invoice=view.credits, **_about(view)
        )  # fmt: skip
    else:
        _enqueue(
            row, messages.INVOICE.name, to, attach=attach, by=by, now=now, due=due_words(view), remit_to=pays_to(guide),
            reference=view.reference, **_about(view),
        )  # fmt: skip


@transaction.atomic
def remind(*, invoice: str, by: Actor, now: datetime) -> None:
    """Remind an agency of an overdue invoice, where it is still owed; the next reminder is armed."""
    row = Invoice.objects.select_for_update().filter(pk=invoice.partition("/")[0]).first()
    if row is None or row.state != InvoiceState.OPEN or invoice != reminders.subject(row):
        return
    row.reminders += 1
    row.save(update_fields=["reminders"])
    view, guide = adapters.invoice(row), policy.at(now)
    if row.sent_to:
        _enqueue(
            row, messages.REMINDER.name, row.sent_to, by=by, now=now, number=view.number, owed=str(view.owed),
            due=due_words(view), remit_to=pays_to(guide), reference=view.reference,
        )  # fmt: skip
    audit.record(
        "billing.reminded", by=by, at=now, matter=row.matter, case=row.case, invoice=row.pk, number=row.reminders,
        sent=bool(row.sent_to),
    )  # fmt: skip
    reminders.arm(row, guide, now=now)


@transaction.atomic
def send_statement(*, agency: str, name: str, to: str, by: Actor, now: datetime) -> int:
    """
    Send an agency the list of its open invoices, of those that the sender may know of, and return how many there are.

    :raises CannotSend: without an address, or when nothing is open
    """
    require(by, "billing.issue", now=now)
    accounts.stand(by=by, now=now)
    rows = readable(by=by, now=now).filter(agency=agency, state__in=UNPAID, kind=PaperKind.INVOICE)
    views = [
        adapters.invoice(row) for row in rows.prefetch_related("credit_notes").order_by("issued_at", "number")
    ]
    if not agency or not views:
        raise CannotSend("No invoice of this agency is open.")
    guide = policy.at(now)
    owed = Money.of_cents(
        sum(each.owed.cents for each in views if each.owed.currency == guide.carrier.currency),
        guide.carrier.currency,
    )
    notices.enqueue(
        messages.STATEMENT.name, to=_address(to), by=by, now=now, mailbox=messages.mailbox(guide),
        context={
            "agency": name, "owed": str(owed), "remit_to": pays_to(guide),
            "lines": [f"{each.number}, due {due_words(each)}: {each.owed}" for each in views],
        },
    )  # fmt: skip
    audit.record(
        "billing.statement_sent", by=by, at=now, agency=agency, invoices=len(views), cents=owed.cents
    )
    return len(views)


def _address(to: str) -> str:
    if not is_address(to.strip()) and not to.strip().startswith("fax:"):
        raise CannotSend("Say where it goes: a mail address, or fax: and a number.")
    return to.strip()


def _enqueue(
    row: Invoice,
    message: str,
    to: str,
    *,
    by: Actor,
    now: datetime,
    attach: dict[str, FileView] | None = None,
    **context: "str | list[str]",
) -> None:
    notices.enqueue(
        message,
        to=_address(to),
        context=context,
        matter=row.matter,
        mailbox=messages.mailbox(policy.at(now)),
        attach=attach,
        by=by,
        now=now,
    )


def _about(view: InvoiceView) -> dict[str, "str | list[str]"]:
    return {"number": view.number, "total": str(view.total), "lines": [said(line) for line in view.lines]}
