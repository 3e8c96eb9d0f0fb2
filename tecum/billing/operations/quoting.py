"""The price of a surveillance is asked for before it begins, and its acceptance kept as a fact, where the guide says so."""

from datetime import datetime

from django.db import transaction

from tecum.access.rules import require
from tecum.accounts import operations as accounts
from tecum.audit import operations as audit
from tecum.billing import messages
from tecum.billing.queries import quote_paper
from tecum.billing.queries.quoting import price_of_order
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases.facts import BY_STAFF, Answer
from tecum.cases.queries import CaseView, QuoteView
from tecum.cases.states import Direction, GateState, QuoteState
from tecum.documents import operations as documents
from tecum.documents.drivers.pdf import NoPrinter
from tecum.guide.calculators import calendars
from tecum.guide.model.fees import Gate
from tecum.guide.model.guide import Guide
from tecum.guide.saying import pays_to
from tecum.kernel import words
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused
from tecum.notices import operations as notices
from tecum.policy import queries as policy


class CannotQuote(Refused):
    """A price that cannot be asked for, or an answer without who gave it and what proves it."""


@transaction.atomic
def quote_order(*, case: str, by: Actor, now: datetime) -> QuoteView | None:
    """
    Ask an agency to accept, or to pay, what its order costs, before it begins; the gate stands until it does.

    Where the price is not above what the guide lets begin without, that is written down, and nothing is asked.

    Only for an order that begins something. An extension, or an order that follows an emergency, never waits for money.

    :raises CannotQuote: where the guide asks for no acceptance, or there is no price yet
    """
    require(by, "order.work", now=now)
    accounts.stand(by=by, now=now)
    price, guide = price_of_order(case=case, by=by, now=now), policy.at(now)
    rule = price.gate
    if rule is not None and price.small:
        _not_needed(case, rule, by=by, now=now)
        return None
    if price.offer is None or rule is None:
        raise CannotQuote(price.why or "The guide asks for no acceptance of this price.")
    amount = price.offer.high
    asked = f"Before the surveillance begins, the agency {'pays' if rule.kind in {'paid', 'deposit'} else 'accepts the price of'} {amount}."
    quote = cases.offer_quote(
        case=case, kind=rule.kind, rule=rule.id, offer=price.offer, asked=asked,
        ends_at=calendars.later(guide, now, rule.lapses_after) if rule.lapses_after else None, by=by, now=now,
    )  # fmt: skip
    if quote.offered_at == now:
        home = files.case(case=case, by=by, now=now)
        audit.record("order.quoted", by=by, at=now, matter=home.matter, case=case, quote=quote.id)
        _write(home, quote, guide, by=by, now=now)
    return quote


@transaction.atomic
def answer_order_quote(*, quote: str, answer: Answer, by: Actor, now: datetime) -> QuoteView:
    """
    Write down what an agency said of the price of its order, with who said it and what proves it.

    :raises CannotQuote: without who gave it or what proves it; for a quote that only its payment accepts
    :raises CannotSettleQuote: when it changed, was answered or has lapsed
    """
    require(by, "order.work", now=now)
    accounts.stand(by=by, now=now)
    case = files.case_of_quote(quote)
    home = files.case(case=case, by=by, now=now)
    known = next((each for each in files.quotes(case=case, by=by, now=now) if each.id == quote), None)
    if known is None:
        raise NotYours
    if answer.accepts and known.in_advance:
        raise CannotQuote(f"Quote {known.reference} is accepted by paying it, with its number named.")
    evidence = _proof(home, known, answer, by=by, now=now)
    given = f"{answer.said_by.strip()}, by {BY_STAFF[answer.how]}"
    if answer.accepts:
        done = cases.accept_quote(
            quote=quote, seen=answer.seen, how=answer.how, given=given, evidence=evidence, who=by.ref, by=by, now=now
        )  # fmt: skip
    else:
        done = cases.end_quote(
            quote=quote, to=QuoteState.REFUSED, how=answer.how, given=given, evidence=evidence, who=by.ref, by=by, now=now
        )  # fmt: skip
    audit.record(
        "order.quote_answered",
        by=by,
        at=now,
        matter=home.matter,
        case=case,
        quote=quote,
        accepted=answer.accepts,
    )
    return done


def _not_needed(case: str, rule: Gate, *, by: Actor, now: datetime) -> None:
    """Write down that a price was looked at and is small enough: the gate of the rule is opened and closed."""
    gate = cases.open_gate(
        case=case, kind=rule.kind, subject=f"{rule.id}:0"[:60], rule=rule.id, asked="Whether the price is accepted first.",
        by=by, now=now,
    )  # fmt: skip
    opened = next(each for each in files.gates(case=case, by=by, now=now) if each.id == gate)
    if opened.state is GateState.OPEN:
        cases.close_gate(
            gate=gate, given="The guide lets it begin without: the price is small enough.", by=by, now=now
        )


def _proof(home: CaseView, quote: QuoteView, answer: Answer, *, by: Actor, now: datetime) -> str:
    """Return the paper or message that proves an answer; of a call its words are written down."""
    if answer.how not in BY_STAFF or len(answer.said_by.strip()) < 3:
        raise CannotQuote("Say who answered for the agency, and how: by telephone, letter, fax or message.")
    cases.refuse_outside_register(home, answer.said_by.strip(), by=by, now=now)
    if answer.how == "telephone":
        if len(answer.words.strip()) < 3:
            raise CannotQuote("Write down what was said: a call leaves nothing else.")
        return cases.write_down(
            case=home.id, direction=Direction.IN, channel="telephone",
            said={"subject": f"Answer to {quote.reference}", "from": answer.said_by, "text": answer.words},
            at=now, by=by, now=now,
        )  # fmt: skip
    papers = {each.id for each in files.documents(case=home.id, by=by, now=now)}
    letters = {
        each.id for each in files.entries(case=home.id, by=by, now=now) if each.direction is Direction.IN
    }
    if answer.evidence not in papers | letters:
        raise CannotQuote("Choose the paper or the message of this case that proves it.")
    return answer.evidence


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
        else "Answer by mail, fax or letter."
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
