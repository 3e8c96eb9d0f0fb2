"""
The receipt that confirms an order: issued when it arrives, when it is implemented, and whenever its end changes (R-131).

A receipt is never changed. It is printed from what it says, with the guide of the moment at which it was issued.
"""

from datetime import datetime

from django.db import transaction

from tecum.agencies import queries as agencies
from tecum.audit import operations as audit
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases import sealed
from tecum.cases.queries import CaseView
from tecum.documents import operations as documents
from tecum.documents import printing
from tecum.documents.drivers.pdf import NoPrinter
from tecum.documents.queries import FileView
from tecum.guide.model.guide import Guide, NotInGuide
from tecum.guide.model.reporting import Form
from tecum.kernel import ids, numbers
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused
from tecum.notices import operations as notices
from tecum.notices.rules import is_address
from tecum.policy import queries as policy
from tecum.surveillance import messages
from tecum.surveillance.models import Authority, CourtOrder, OrderReceipt, Tap
from tecum.surveillance.operations.orders.rows import locked
from tecum.surveillance.queries import orders as queries
from tecum.surveillance.queries import telling
from tecum.surveillance.queries.orders import ReceiptView, receipt_view
from tecum.surveillance.rules.receipt import Facts, ReceiptSaid, fitting, labelled, written

FORM = "order_receipt"


class CannotIssue(Refused):
    """A receipt that cannot be issued or printed."""


def first(row: CourtOrder, *, by: Actor, now: datetime) -> OrderReceipt:
    """Issue the receipt that goes out when an order arrives, in the caller's transaction."""
    return _issue(row, "received", by=by, now=now)


def again(row: CourtOrder, *, why: str, by: Actor, now: datetime) -> OrderReceipt | None:
    """Issue another receipt where what it says has changed, in the caller's transaction; nothing where it has not."""
    said = _said(row, by=by, now=now)
    last = row.receipts.order_by("-ordinal").first()
    if last is not None and last.digest == said.digest():
        return None
    if last is not None and last.expires_at == row.expires_at and why == "changed":
        why = "corrected"
    return _issue(row, why, by=by, now=now, said=said)


@transaction.atomic
def issue(*, case: str, by: Actor, now: datetime) -> ReceiptView:
    """Issue the receipt once more, as it stands now: the agency lost it, or its address was corrected."""
    row = locked(case, by=by, now=now)
    return receipt_view(_issue(row, "again", by=by, now=now))


def show(*, case: str, ordinal: int, by: Actor, now: datetime) -> bytes:
    """
    Return a receipt as PDF; that it was looked at is stored first.

    :raises NotYours: when there is none for this person
    :raises CannotIssue: where the guide of that moment has no such form
    """
    return _shown(queries.row_of(case, by=by, now=now), ordinal, by=by, now=now)


def show_to_officer(*, case: str, ordinal: int, by: Actor, now: datetime) -> bytes:
    """
    Return a receipt as PDF to an officer on the list of its case; that it was looked at is stored first.

    :raises NotYours: when there is none for this officer
    :raises CannotIssue: where the guide of that moment has no such form
    """
    return _shown(telling.row_for(case, by=by, now=now), ordinal, by=by, now=now)


def _shown(row: CourtOrder, ordinal: int, *, by: Actor, now: datetime) -> bytes:
    found = row.receipts.filter(ordinal=ordinal).first()
    if found is None:
        raise NotYours
    audit.note("order.receipt_shown", by=by, at=now, matter=row.matter, order=row.pk, ordinal=ordinal)
    try:
        return _printed(receipt_view(found).content, at=found.at)
    except NotInGuide:
        raise CannotIssue("The guide of that time has no form for a receipt.") from None


def _printed(said: ReceiptSaid, *, at: datetime) -> bytes:
    """Return a receipt as PDF, by the guide of its moment. :raises NotInGuide: where that has no such form"""
    guide = policy.at(at)
    day = at.astimezone(guide.carrier.zone.tz).date()
    form = printing.find(guide, FORM, day)
    return printing.filled(
        guide, FORM, on=day, values=fitting(said, form), said={"cut": said.cut, "why": said.why or "-"}
    )


def _issue(
    row: CourtOrder, why: str, *, by: Actor, now: datetime, said: ReceiptSaid | None = None
) -> OrderReceipt:
    said = said or _said(row, by=by, now=now)
    home = files.case(case=row.case_id, by=by, now=now)
    made = OrderReceipt(
        id=ids.unguessable(), order=row, ordinal=row.receipts.count() + 1, why=why, at=now, by=by.ref,
        expires_at=row.expires_at, cut_at=row.cut_at, provisional=row.provisional, digest=said.digest(),
        guide_version=policy.at(now).version, sent_how="print",
    )  # fmt: skip
    made.content = sealed.close(sealed.key_of(row.matter), f"receipt {made.pk}", said.as_dict())
    made.notice, made.sent_how = _send(home, said, made.ordinal, by=by, now=now)
    made.save(force_insert=True)
    audit.record(
        "order.receipt_issued", by=by, at=now, matter=row.matter, order=row.pk, ordinal=made.ordinal, why=why,
        content=made.digest, how=made.sent_how, ends=row.expires_at, cut=row.cut_at,
    )  # fmt: skip
    return made


def _send(home: CaseView, said: ReceiptSaid, ordinal: int, *, by: Actor, now: datetime) -> tuple[str, str]:
    """Send it to the case's contact, by mail or by fax; where the guide has neither, it is printed and faxed by hand."""
    guide = policy.at(now)
    to, how = _where(home, guide)
    if not to:
        return "", "print"
    try:
        box = guide.writes_from
    except NotInGuide:
        return "", "print"
    sent = notices.enqueue(
        messages.ORDER_RECEIPT.name, to=to, mailbox=box, matter=home.matter, by=by, now=now,
        attach=_paper(home, said, ordinal, by=by, now=now),
        context={
            "case": home.reference, "facts": labelled(said, _form(guide, now)) or ["-"], "ends": said.expires,
            "cut": said.cut, "why": said.why or "-",
        },
    )  # fmt: skip
    cases.note_sent(
        case=home.id, notice=sent.id, said={"subject": "Receipt of Court Order Confirmation", "to": to}, channel=how, by=by,
        now=now,
    )  # fmt: skip
    return sent.id, how


def _paper(
    home: CaseView, said: ReceiptSaid, ordinal: int, *, by: Actor, now: datetime
) -> dict[str, FileView]:
    """Return the receipt as PDF, sealed with its case, to go with its mail; none where nothing prints it here."""
    try:
        content = _printed(said, at=now)
    except (NotInGuide, NoPrinter):
        return {}
    kept = documents.store(
        content, matter=home.matter, purpose="receipt", media_type="application/pdf", by=by, now=now
    )
    return {f"receipt-{ordinal}.pdf": kept}


def _where(home: CaseView, guide: Guide) -> tuple[str, str]:
    if is_address(home.contact.email):
        return home.contact.email, "email"
    try:
        return (f"fax:{numbers.read(home.contact.fax)}", "fax") if guide.mail.fax_gateway else ("", "")
    except numbers.NotANumber:
        return "", ""


def _form(guide: Guide, now: datetime) -> Form | None:
    try:
        return printing.find(guide, FORM, now.astimezone(guide.carrier.zone.tz).date())
    except NotInGuide:
        return None


def _said(row: CourtOrder, *, by: Actor, now: datetime) -> ReceiptSaid:
    home = files.case(case=row.case_id, by=by, now=now)
    guide = policy.at(now)
    try:
        ending = queries.ending(row, by=by, now=now) if row.read_at else None
    except NotInGuide:
        ending = None
    agency = agencies.names({home.agency} - {""}).get(home.agency) or home.contact.agency_name
    authority = Authority.objects.filter(pk=row.authority).first() if row.authority else None
    longer = (
        authority.ends_at if authority and row.expires_at and authority.ends_at > row.expires_at else None
    )
    facts = Facts(
        issued_at=now.astimezone(guide.carrier.zone.tz), fax=home.contact.fax, agency=agency, contact=home.contact.name,
        said=queries.said_of(row), read=row.read_at is not None, ending=ending, implemented_at=row.implemented_at,
        activated=_activated(authority), extended_until=longer, extended_cut=_cut_of(authority) if longer else None,
    )  # fmt: skip
    return written(facts)


def _activated(authority: Authority | None) -> dict[str, datetime]:
    """Return when each service and type was activated: the first moment at which a switch showed it (A9)."""
    found: dict[str, datetime] = {}
    if authority is None:
        return found
    for tap in Tap.objects.filter(target__surveillance=authority.surveillance_id, on_at__isnull=False):
        for kind in tap.types.split():
            blank = f"{tap.service}_{kind}"
            if tap.on_at is not None:
                found[blank] = min(found.get(blank, tap.on_at), tap.on_at)
    return found


def _cut_of(authority: Authority | None) -> datetime | None:
    """Return the earliest cut among the taps of an authority; its end where none is on."""
    if authority is None:
        return None
    cuts = Tap.objects.filter(authority=authority).values_list("cut_at", flat=True)
    return min(cuts, default=authority.ends_at)
