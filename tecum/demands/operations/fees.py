"""
The acceptance of a fee, as a fact of the case (R-105): asked with the guide's quote, answered by somebody who may, kept.

Until it is accepted a gate holds the work back, and the records are held meanwhile; refused or out of time, what it was
for is left out and the rest goes on.
"""

from datetime import datetime

from django.db import transaction

from tecum.access.rules import require
from tecum.agencies import queries as agencies
from tecum.audit import operations as audit
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases.facts import BY_STAFF, Answer
from tecum.cases.queries import QuoteView
from tecum.cases.states import Direction, QuoteState, TargetState
from tecum.deadlines import operations as deadlines
from tecum.demands import messages
from tecum.demands.models import Demand
from tecum.demands.operations import customers, holding, hooking
from tecum.demands.operations.choosing import decide
from tecum.demands.operations.rows import locked
from tecum.demands.queries import fees as asking
from tecum.demands.queries.reading import choices, readable
from tecum.demands.queries.telling import addresses_on_list
from tecum.demands.rules import fees as rules
from tecum.demands.rules.withdrawing import Asking
from tecum.guide import saying
from tecum.guide.calculators import calendars
from tecum.guide.model.guide import Guide
from tecum.kernel import words
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused
from tecum.notices import operations as notices
from tecum.policy import queries as policy
from tecum.process import operations as process
from tecum.secrecy import queries as secrecy

LAPSES = "demand.quote_lapses"
PORTAL, DESK = Actor.system("portal"), Actor.system("demands")


class CannotAnswerFee(Refused):
    """An answer about a fee without who gave it or what proves it, or about a quote that nobody waits for."""


@transaction.atomic
def ask_fee(*, case: str, by: Actor, now: datetime) -> list[QuoteView]:
    """Ask the agency to accept what its targets cost, as they stand now; return the quotes that wait for it."""
    row = locked(case, by=by, now=now)
    return ask(row, by=by, now=now)


def ask(row: Demand, *, by: Actor, now: datetime) -> list[QuoteView]:
    """Ask in the caller's transaction; what was asked in the same words stands, what nobody needs any more ends."""
    guide = policy.at(now)
    wanted = asking.asks(row, by=by, now=now)
    for each in wanted:
        if each.offer is None:
            cases.open_gate(
                case=row.case_id, kind=each.gate.kind, subject=each.gate.id, rule=each.gate.id, asked=_paper(guide, each),
                by=by, now=now,
            )  # fmt: skip
            continue
        ends = each.gate.lapses_after
        quote = cases.offer_quote(
            case=row.case_id, kind=each.gate.kind, rule=each.gate.id, offer=each.offer, asked=_words(guide, each, row),
            ends_at=calendars.later(guide, now, ends) if ends else None, by=by, now=now,
        )  # fmt: skip
        if quote.offered_at == now:
            _write(row, quote, guide, by=by, now=now)
    rules_now = {each.gate.id for each in wanted}
    for quote in asking.standing(row, by=by, now=now):
        if quote.rule not in rules_now:
            _end(
                quote,
                QuoteState.REPLACED,
                "not_needed",
                "What it was for is not asked any more.",
                by=by,
                now=now,
            )
    if any(each.gate.preserve_meanwhile for each in wanted):
        holding.at_receipt(row, by=by, now=now)
    return asking.standing(row, by=by, now=now)


def ask_again(row: Demand, *, by: Actor, now: datetime) -> None:
    """Ask anew, in the caller's transaction, where something was asked before: what is wanted has changed."""
    if files.quotes(case=row.case_id, by=by, now=now):
        ask(row, by=by, now=now)


def drop(row: Demand, *, by: Actor, now: datetime) -> None:
    """End, in the caller's transaction, what was asked of the agency: the demand is over."""
    for quote in asking.standing(row, by=by, now=now):
        _end(quote, QuoteState.REPLACED, "not_needed", "The demand is over.", by=by, now=now)


@transaction.atomic
def answer_fee(*, quote: str, answer: Answer, by: Actor, now: datetime) -> QuoteView:
    """
    Write down the agency's answer to a quote: an officer's own, or typed by staff with what proves it.

    :raises NotYours: when the case is unknown, or not for this person
    :raises CannotAnswerFee: without who gave it, or without evidence
    :raises CannotSettleQuote: when the quote changed, was answered or has lapsed
    :raises OutsideRegister: for somebody whom the agency does not name for this subject
    """
    row, known = _row_of(quote, by=by, now=now)
    if answer.accepts and known.in_advance:
        raise CannotAnswerFee(f"Quote {known.reference} is accepted by paying it, with its number named.")
    if by.agency:
        if answer.how != "portal":
            raise NotYours
        given, clerk = f"{by.name}, on the page of the case", PORTAL
    else:
        given, clerk = _typed(row, answer, by=by, now=now), by
    return _settle(row, known, answer, given, who=by, by=clerk, now=now)


def answer_fee_by_mail(*, case: str, asking_: Asking, text: str, entry: str, by: Actor, now: datetime) -> str:
    """
    Judge a mail that was joined to its case, and return `accepted`, `refused` or nothing: then a person reads it.

    Its sender must be proven and stand on the case's list; it must say one thing of one quote, without a condition.
    """
    said = rules.read(text, policy.at(now).mail.words.conditions)
    row = readable(by=by, now=now).filter(case=case).first()
    if (
        said is None
        or row is None
        or not asking_.proven
        or asking_.automatic
        or secrecy.is_sealed(row.matter)
    ):
        return ""
    on_list = asking_.sender.casefold() in addresses_on_list(secrecy.readers(row.matter))
    named = agencies.honoured(agency=row.case.agency, desk=row.case.desk, way=asking_.sender)
    waiting = [each for each in asking.standing(row, by=by, now=now) if each.reference == said.quote]
    if not on_list or not named or not waiting:
        return ""
    (quote,) = waiting
    if quote.in_advance and said.accepts:
        return ""  # only the payment accepts it
    answer = Answer(said.accepts, quote.digest, "mail", asking_.sender, entry)
    with transaction.atomic():
        _settle(row, quote, answer, f"{asking_.sender}, by a proven message", who=by, by=by, now=now)
    return "accepted" if said.accepts else "refused"


@transaction.atomic
def fee_paid(*, quote: str, payment: str, by: Actor, now: datetime) -> QuoteView:
    """
    Find that a quote which is paid in advance is paid: its gate closes, the work goes on. For billing, by its payments.

    :raises CannotAnswerFee: for a quote that is not paid in advance
    :raises CannotSettleQuote: when it was answered, or has lapsed
    """
    row, known = _row_of(quote, by=by, now=now)
    if not known.in_advance:
        raise CannotAnswerFee(f"Quote {known.reference} is not one that is paid in advance.")
    answer = Answer(True, known.digest, "payment", evidence=payment)
    return _settle(row, known, answer, "the payment", who=by, by=by, now=now)


@transaction.atomic
def waive_fee(*, quote: str, reason: str, by: Actor, now: datetime) -> QuoteView:
    """Let the work go on without the acceptance of a fee, and keep why. :raises CannotClose: without a reason"""
    require(by, "case.waive", now=now)
    row, known = _row_of(quote, by=by, now=now)
    ended = cases.waive_quote(quote=known.id, reason=reason, by=by, now=now)
    _over(row, known, by=by, now=now)
    return ended


@transaction.atomic
def close_paper_gate(*, case: str, gate: str, given: str, evidence: str, by: Actor, now: datetime) -> None:
    """
    Find that a signed form or a consent is given, with the paper that it is. For gates that are no fee.

    :raises CannotAnswerFee: without a paper or message of this case
    """
    row = locked(case, by=by, now=now)
    known = {each.id: each for each in files.gates(case=case, by=by, now=now)}
    if gate not in known or known[gate].kind in {*rules.ACCEPTED, *rules.PAID, customers.GATE}:
        raise NotYours
    _proof(row, evidence, by=by, now=now)
    cases.close_gate(gate=gate, given=given, evidence=evidence, by=by, now=now)


@transaction.atomic
def quote_lapses(*, quote: str, by: Actor, now: datetime) -> bool:
    """End a quote that nobody answered in time, and leave out what it was for; tell whether it did. For the clockwork."""
    try:
        row, known = _row_of(quote, by=by, now=now)
    except NotYours:
        return False
    if known.state is not QuoteState.OFFERED or known.waived or known.ends_at is None or known.ends_at > now:
        return False
    said = "Nobody accepted it in time."
    _end(known, QuoteState.LAPSED, "time", said, by=by, now=now)
    _leave_out(row, known, f"The fee of quote {known.reference} was not accepted in time (R-105).", now=now)
    _over(row, known, by=by, now=now)
    return True


def _row_of(quote: str, *, by: Actor, now: datetime) -> tuple[Demand, QuoteView]:
    """Return the demand of a quote, held until the transaction ends, and the quote as it stands then. :raises NotYours"""
    case = files.case_of_quote(quote)
    row = locked(case, by=by, now=now, permission="fee.accept" if by.agency else "demand.work")
    if by.agency and not secrecy.may_know(row.matter, by.ref):
        raise NotYours
    (known,) = [each for each in files.quotes(case=case, by=by, now=now) if each.id == quote]
    return row, known


def heard(row: Demand, answer: Answer, *, subject: str, by: Actor, now: datetime) -> tuple[str, str]:
    """
    Return what proves a word of the agency that staff heard, and who gave it in words; of a call its words are written down.

    :raises CannotAnswerFee: without who said it, or without a paper or message of the case
    :raises OutsideRegister: for somebody whom the agency does not name for this subject
    """
    given = _typed(row, answer, by=by, now=now)
    return _written_down(row, answer, subject, by=by, now=now), given


def _typed(row: Demand, answer: Answer, *, by: Actor, now: datetime) -> str:
    """Return in words who answered, as a person of the carrier heard it."""
    if answer.how not in BY_STAFF:
        raise CannotAnswerFee("Say how the agency answered: by telephone, letter, fax or message.")
    if len(answer.said_by.strip()) < 3:
        raise CannotAnswerFee("Say who answered for the agency: the mail address or the telephone number.")
    home = files.case(case=row.case_id, by=by, now=now)
    cases.refuse_outside_register(home, answer.said_by.strip(), by=by, now=now)
    if answer.how == "telephone":
        if len(answer.words.strip()) < 3:
            raise CannotAnswerFee("Write down what was said: a call leaves nothing else.")
    else:
        _proof(row, answer.evidence, by=by, now=now)
    return f"{answer.said_by.strip()}, by {BY_STAFF[answer.how]}" + (
        f": {answer.words.strip()}" if answer.words.strip() else ""
    )


def _proof(row: Demand, evidence: str, *, by: Actor, now: datetime) -> None:
    if evidence not in files.proofs(case=row.case_id, by=by, now=now):
        raise CannotAnswerFee("Choose the paper or the message of this case that proves it.")


def _settle(
    row: Demand, known: QuoteView, answer: Answer, given: str, *, who: Actor, by: Actor, now: datetime
) -> QuoteView:
    evidence = _written_down(row, answer, f"Answer to {known.reference}", by=by, now=now)
    if answer.accepts:
        done = cases.accept_quote(
            quote=known.id, seen=answer.seen, how=answer.how, given=given, evidence=evidence, who=who.ref, by=by, now=now
        )  # fmt: skip
        audit.record(
            "fee.accepted", by=who, at=now, matter=row.matter, demand=row.pk, quote=known.id, how=answer.how
        )
    else:
        done = _end(known, QuoteState.REFUSED, answer.how, given, evidence=evidence, who=who, by=by, now=now)
        audit.record(
            "fee.refused", by=who, at=now, matter=row.matter, demand=row.pk, quote=known.id, how=answer.how
        )
        _leave_out(
            row, known, f"The agency did not accept the fee of quote {known.reference} (R-105).", now=now
        )
    _over(row, known, by=by, now=now)
    return done


def _written_down(row: Demand, answer: Answer, subject: str, *, by: Actor, now: datetime) -> str:
    """Return the evidence of an answer; the words of a call become a piece of correspondence."""
    if answer.how != "telephone" or answer.evidence:
        return answer.evidence
    return cases.write_down(
        case=row.case_id, direction=Direction.IN, channel="telephone",
        said={"subject": subject, "from": answer.said_by, "text": answer.words}, at=now, by=by, now=now,
    )  # fmt: skip


def _end(
    quote: QuoteView, to: QuoteState, how: str, given: str, *, by: Actor, now: datetime, evidence: str = "", who: Actor | None = None
) -> QuoteView:  # fmt: skip
    deadlines.disarm(LAPSES, subject=quote.id, now=now)
    return cases.end_quote(
        quote=quote.id, to=to, how=how, given=given, evidence=evidence, who=(who or by).ref, by=by, now=now
    )


def _over(row: Demand, quote: QuoteView, *, by: Actor, now: datetime) -> None:
    deadlines.disarm(LAPSES, subject=quote.id, now=now)
    if not asking.standing(row, by=by, now=now):
        process.answer_goes_on(case=row.case_id, by=by, now=now)


def _leave_out(row: Demand, quote: QuoteView, why: str, *, now: datetime) -> None:
    """Leave out the targets of a quote that nobody pays for; holds that nothing else needs end."""
    targets = {each.id: each for each in files.targets(case=row.case_id, by=DESK, now=now)}
    for target in quote.targets:
        if target in targets and targets[target].state is TargetState.ASKED:
            decide(row, target=target, holders=(), withheld=True, reason=why, by=DESK, now=now)
    left_out = {target for target, choice in choices(row).items() if choice.withheld}
    needed = {
        each.value for each in targets.values() if each.state is TargetState.ASKED and each.id not in left_out
    }
    gone = {targets[each].value for each in quote.targets if each in targets} - needed
    if gone:
        holding.lift(row, why="fee_not_accepted", numbers=gone, by=DESK, now=now)


def _words(guide: Guide, asks: rules.Asks, row: Demand) -> str:
    """Return the guide's own text that asks for it, where it needs nothing but the case and the amount."""
    if asks.offer is None:
        return ""
    amount = (
        str(asks.offer.high)
        if asks.offer.low == asks.offer.high
        else f"{asks.offer.low} to {asks.offer.high}"
    )
    text = guide.wording.get(asks.gate.wording) if asks.gate.wording else None
    if asks.gate.kind in rules.PAID:
        return f"Before this is worked on, the agency pays {amount}."
    if text is None or not set(text.variables) <= {"reference", "amount"}:
        return f"Before this is worked on, the agency accepts the fee of {amount}."
    given = {"reference": row.case.reference, "amount": amount}
    return guide.say(asks.gate.wording, **{each: given[each] for each in text.variables}).body.strip()


def _paper(guide: Guide, asks: rules.Asks) -> str:
    form = next((each.title for each in guide.forms if each.id == asks.gate.form), "")
    return f"The signed form: {form}." if form else "The agency's written consent."


def _write(row: Demand, quote: QuoteView, guide: Guide, *, by: Actor, now: datetime) -> None:
    """Send the quote where there is an address and a mailbox; arm its end; let the answer's clock stand where the guide says."""
    if quote.ends_at is not None:
        deadlines.arm(LAPSES, subject=quote.id, due_at=quote.ends_at, matter=row.matter, now=now)
    process.answer_waits(case=row.case_id, after="quote", by=by, now=now)
    hooking.quote_waits(row, quote, by=by, now=now)
    home = files.case(case=row.case_id, by=by, now=now)
    if not home.contact.email or not guide.writes_mail:
        return
    until = words.moment(quote.ends_at, guide.carrier.zone.tz) if quote.ends_at else "further notice"
    pays: dict[str, str | list[str]] = {"remit_to": saying.pays_to(guide)} if quote.in_advance else {}
    sent = notices.enqueue(
        (messages.FEE_IN_ADVANCE if quote.in_advance else messages.FEE_QUOTE).name, to=home.contact.email,
        context=pays | {
            "case": home.reference, "quote": quote.reference, "amount": quote.amount, "until": until,
            "lines": [f"{each.label}: {each.how}" if each.how else each.label for each in quote.lines],
        },
        mailbox=guide.writes_from, matter=row.matter, by=by, now=now,
    )  # fmt: skip
    cases.note_sent(
        case=row.case_id, notice=sent.id, said={"subject": f"Quote {quote.reference}"}, by=by, now=now
    )
