"""The price of a surveillance is asked for before it begins, as a quote that stands for a time; asked anew where the order changes."""

from datetime import datetime

from django.db import transaction

from tecum.access.rules import require
from tecum.accounts import operations as accounts
from tecum.audit import operations as audit
from tecum.billing import messages
from tecum.billing.queries import quote_paper
from tecum.billing.queries.quoting import price_of_order
from tecum.billing.rules import quoting
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases.facts import Offer
from tecum.cases.queries import CaseView, QuoteView
from tecum.cases.states import GateState, QuoteState
from tecum.deadlines import operations as deadlines
from tecum.documents import operations as documents
from tecum.documents.drivers.pdf import NoPrinter
from tecum.guide.calculators import calendars
from tecum.guide.model.fees import Gate
from tecum.guide.model.guide import Guide
from tecum.guide.saying import pays_to
from tecum.kernel import words
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused
from tecum.notices import operations as notices
from tecum.policy import queries as policy
from tecum.surveillance.operations import orders

LAPSES = "order.quote_lapses"


class CannotQuote(Refused):
    """A price that cannot be asked for, or an answer without who gave it and what proves it."""


@transaction.atomic
def quote_order(*, case: str, by: Actor, now: datetime) -> QuoteView | None:
    """
    Ask an agency to accept, or to pay, what its order costs, before it begins; the gate stands until it does.

    Of an order that changed after a price was accepted, only what it costs beside that is asked for. Where the price is not
    above what the guide lets begin without, or no higher than what was accepted, that is written down, and nothing is asked.

    Only for an order that begins something. An extension, or an order that follows an emergency, never waits for money.

    :raises CannotQuote: where the guide asks for no acceptance, or there is no price yet
    """
    require(by, "order.work", now=now)
    accounts.stand(by=by, now=now)
    return _priced(case, by=by, now=now)


@transaction.atomic
def price_order_again(*, case: str, by: Actor, now: datetime) -> bool:
    """
    Price an order anew that changed after its agency was told the price; tell whether it is asked for more. For the clockwork.

    Where there is no price yet nothing is asked, and nothing is proposed either, until a person sends the quote.
    """
    try:
        with transaction.atomic():
            quote = _priced(case, by=by, now=now)
    except Refused:
        return False
    matter = files.case(case=case, by=by, now=now).matter
    asks = quote is not None and quote.offered_at == now
    audit.record("order.price_followed", by=by, at=now, matter=matter, case=case, quoted=asks)
    return asks


def _priced(case: str, *, by: Actor, now: datetime) -> QuoteView | None:
    orders.note_price(case=case, stands=True, by=by, now=now)  # the order is held from here on
    price, guide = price_of_order(case=case, by=by, now=now), policy.at(now)
    rule = price.gate
    if rule is None or (price.offer is None and not price.small):
        raise CannotQuote(price.why or "The guide asks for no acceptance of this price.")
    offer = None if price.offer is None or price.small else _beyond(case, price.offer, by=by, now=now)
    if offer is None:
        _not_needed(case, rule, small=price.small, by=by, now=now)
        return None
    amount = offer.high
    asked = f"Before the surveillance begins, the agency {'pays' if rule.kind in {'paid', 'deposit'} else 'accepts the price of'} {amount}."
    quote = cases.offer_quote(
        case=case, kind=rule.kind, rule=rule.id, offer=offer, asked=asked,
        ends_at=calendars.later(guide, now, rule.lapses_after) if rule.lapses_after else None, by=by, now=now,
    )  # fmt: skip
    if quote.offered_at == now:
        home = files.case(case=case, by=by, now=now)
        audit.record("order.quoted", by=by, at=now, matter=home.matter, case=case, quote=quote.id)
        if quote.ends_at is not None:
            deadlines.arm(LAPSES, subject=quote.id, due_at=quote.ends_at, matter=home.matter, now=now)
        _write(home, quote, guide, by=by, now=now)
    return quote


def _beyond(case: str, offer: Offer, *, by: Actor, now: datetime) -> Offer | None:
    """Return what an order costs beside what its agency accepted before; nothing where that is no more."""
    accepted = [each for each in files.quotes(case=case, by=by, now=now) if each.state is QuoteState.ACCEPTED]
    lines = [line for quote in accepted for line in quote.lines]
    return quoting.beyond(offer, lines, [each.reference for each in accepted])


def _not_needed(case: str, rule: Gate, *, small: bool, by: Actor, now: datetime) -> None:
    """Write down that nothing has to be accepted: the gate of the rule is opened and closed, what was asked before ends."""
    for quote in files.quotes(case=case, by=by, now=now):
        if quote.state is QuoteState.OFFERED:
            deadlines.disarm(LAPSES, subject=quote.id, now=now)
            cases.end_quote(
                quote=quote.id, to=QuoteState.REPLACED, how="not_needed", given="The order changed.", who=by.ref, by=by, now=now
            )  # fmt: skip
    gate = cases.open_gate(
        case=case, kind=rule.kind, subject=f"{rule.id}:0"[:60], rule=rule.id, asked="Whether the price is accepted first.",
        by=by, now=now,
    )  # fmt: skip
    opened = next(each for each in files.gates(case=case, by=by, now=now) if each.id == gate)
    if opened.state is GateState.OPEN:
        given = (
            "The guide lets it begin without: the price is small enough."
            if small
            else "The price is no higher than what was accepted."
        )
        cases.close_gate(gate=gate, given=given, by=by, now=now)


def _write(home: CaseView, quote: QuoteView, guide: Guide, *, by: Actor, now: datetime) -> None:
    """Send the quote with its PDF, where there is an address and a mailbox; else it is printed from its page."""
    if not home.contact.email or not guide.writes_mail:
        return
    try:
        paper = documents.put(quote_paper.printed(quote, guide, home), matter=home.matter)
    except NoPrinter:
        paper = None
    attach = {} if paper is None else {f"{quote.reference}.pdf": documents.enter(
        paper, purpose="quote", media_type="application/pdf", by=by, now=now
    )}  # fmt: skip
    until = words.moment(quote.ends_at, guide.carrier.zone.tz) if quote.ends_at else "further notice"
    pay = (
        f"Pay to: {pays_to(guide)}, and name {quote.reference} with the payment."
        if quote.in_advance
        else "Answer on the page of the order, where you have one, or by mail, fax or letter."
    )
    sent = notices.enqueue(
        messages.ORDER_QUOTE.name, to=home.contact.email, attach=attach, mailbox=guide.writes_from, matter=home.matter,
        context={
            "case": home.reference, "quote": quote.reference, "amount": quote.amount, "until": until, "how": pay,
            "lines": [f"{line.label}: {line.how}" for line in quote.lines],
        },
        by=by, now=now,
    )  # fmt: skip
    cases.note_sent(
        case=home.id, notice=sent.id, said={"subject": f"Quote {quote.reference}"}, by=by, now=now
    )
