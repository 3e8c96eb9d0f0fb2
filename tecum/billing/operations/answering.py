"""What an agency says of the price of its order: its officer on the page, or staff who write it down; or nobody, in time."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tecum.access.rules import require
from tecum.accounts import operations as accounts
from tecum.audit import operations as audit
from tecum.billing import messages
from tecum.billing.operations.quoting import LAPSES, CannotQuote
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases.facts import BY_STAFF, Answer
from tecum.cases.queries import CaseView, QuoteView
from tecum.cases.states import CaseKind, Direction, QuoteState
from tecum.deadlines import operations as deadlines
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours
from tecum.notices import operations as notices
from tecum.policy import queries as policy
from tecum.surveillance.operations import orders

PORTAL = Actor.system("portal")


@dataclass(frozen=True, slots=True)
class _Asked:
    """A quote that is answered, the case that it is of, and who writes the answer down: staff, or the page for an officer."""

    home: CaseView
    quote: QuoteView
    clerk: Actor


@transaction.atomic
def answer_order_quote(*, quote: str, answer: Answer, by: Actor, now: datetime) -> QuoteView:
    """
    Write down what an agency said of the price of its order: an officer on its list by the page, or staff with who said it
    and what proves it.

    :raises NotYours: when the case is unknown, no order's, or not for this person
    :raises CannotQuote: without who gave it or what proves it; for a quote that only its payment accepts
    :raises CannotSettleQuote: when it changed, was answered or has lapsed
    """
    asked = _asked(quote, by=by, now=now)
    home, known, clerk = asked.home, asked.quote, asked.clerk
    if answer.accepts and known.in_advance:
        raise CannotQuote(f"Quote {known.reference} is accepted by paying it, with its number named.")
    if by.agency:
        if answer.how != "portal":
            raise NotYours
        given, evidence = f"{by.name}, on the page of the order", ""
    else:
        evidence = _proof(home, known, answer, by=by, now=now)
        given = f"{answer.said_by.strip()}, by {BY_STAFF[answer.how]}"
    if answer.accepts:
        done = cases.accept_quote(
            quote=quote, seen=answer.seen, how=answer.how, given=given, evidence=evidence, who=by.ref, by=clerk, now=now
        )  # fmt: skip
        deadlines.disarm(LAPSES, subject=quote, now=now)
    else:
        done = _ended(asked, QuoteState.REFUSED, answer.how, given, evidence=evidence, who=by.ref, now=now)
    audit.record(
        "order.quote_answered", by=by, at=now, matter=home.matter, case=home.id, quote=quote, accepted=answer.accepts,
        how=answer.how,
    )  # fmt: skip
    return done


@transaction.atomic
def order_quote_lapses(*, quote: str, by: Actor, now: datetime) -> bool:
    """
    End the price of an order that nobody accepted in time, tell the agency, and tell whether it did. For the clockwork.

    Nothing is proposed on it any more; what runs by what was accepted before goes on.
    """
    try:
        asked = _asked(quote, by=by, now=now)
    except NotYours:
        return False
    known = asked.quote
    if known.state is not QuoteState.OFFERED or known.waived or known.ends_at is None or known.ends_at > now:
        return False
    _ended(asked, QuoteState.LAPSED, "time", "Nobody accepted it in time.", who=by.ref, now=now)
    audit.record(
        "order.quote_lapsed", by=by, at=now, matter=asked.home.matter, case=asked.home.id, quote=quote
    )
    _tell(asked, by=by, now=now)
    return True


def _asked(quote: str, *, by: Actor, now: datetime) -> _Asked:
    """Return a quote with its case, which is held until the transaction ends. :raises NotYours"""
    require(by, "fee.accept" if by.agency else "order.work", now=now)
    accounts.stand(by=by, now=now)
    case, clerk = files.case_of_quote(quote), PORTAL if by.agency else by
    cases.locked(case, by=clerk, now=now, writing=False)
    # Asked after the lock is ours: an officer who left the list while we waited is not heard.
    known = next((each for each in files.quotes(case=case, by=by, now=now) if each.id == quote), None)
    home = files.case(case=case, by=clerk, now=now)
    if known is None or home.kind is not CaseKind.ORDER:
        raise NotYours
    return _Asked(home, known, clerk)


def _ended(
    asked: _Asked, to: QuoteState, how: str, given: str, *, who: str, now: datetime, evidence: str = ""
) -> QuoteView:
    """End a quote that was not accepted: what the order has beside what was accepted before is priced again first."""
    deadlines.disarm(LAPSES, subject=asked.quote.id, now=now)
    done = cases.end_quote(
        quote=asked.quote.id, to=to, how=how, given=given, evidence=evidence, who=who, by=asked.clerk, now=now
    )
    orders.note_price(case=asked.home.id, stands=False, by=asked.clerk, now=now)
    return done


def _tell(asked: _Asked, *, by: Actor, now: datetime) -> None:
    """Tell the agency, where its quote was written to it and the guide has the words; the desk sees it on its pages."""
    guide, home = policy.at(now), asked.home
    if not home.contact.email or not guide.writes_mail or messages.QUOTE_LAPSED.name not in guide.wording:
        return
    sent = notices.enqueue(
        messages.QUOTE_LAPSED.name, to=home.contact.email, mailbox=guide.writes_from, matter=home.matter,
        context={"case": home.reference, "quote": asked.quote.reference, "amount": asked.quote.amount}, by=by, now=now,
    )  # fmt: skip
    cases.note_sent(
        case=home.id, notice=sent.id, said={"subject": f"Quote {asked.quote.reference} has lapsed"}, by=by, now=now
    )  # fmt: skip


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
    if answer.evidence not in files.proofs(case=home.id, by=by, now=now):
        raise CannotQuote("Choose the paper or the message of this case that proves it.")
    return answer.evidence
