"""Quotes of fees: offered as the guide computed them, accepted exactly as they were shown, refused, lapsed (R-105, B11)."""

from datetime import datetime

from django.db import transaction

from tecum.audit import operations as audit
from tecum.cases import sealed
from tecum.cases.facts import Offer
from tecum.cases.models import FeeQuote, Gate
from tecum.cases.operations.gates import close_gate, deny_gate, open_gate, waive_gate
from tecum.cases.operations.opening import locked
from tecum.cases.queries.quotes import QuoteView, quote_view
from tecum.cases.rules.quoting import digest, said_of
from tecum.cases.states import QUOTE_NEXT, QuoteState
from tecum.kernel import ids
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused


class CannotSettleQuote(Refused):
    """A quote that was answered already, changed, or whose time is over."""


@transaction.atomic
def offer_quote(
    *,
    case: str,
    kind: str,
    rule: str,
    offer: Offer,
    asked: str,
    by: Actor,
    now: datetime,
    ends_at: datetime | None,
) -> QuoteView:
    """
    Ask for the acceptance of a fee: the quote is frozen as it stands, and its gate holds the work back.

    The same offer again changes nothing; another one takes the place of an unanswered one of the same rule, and its gate.
    """
    row = locked(case, by=by, now=now)
    key, content = sealed.key_of(row.matter), digest(offer)
    before = FeeQuote.objects.filter(case=row, gate__rule=rule, state=QuoteState.OFFERED).first()
    if before is not None and _same(offer, shown := quote_view(before, key)) and shown.open_at(now):
        return shown  # of whatever day it is: the price that was said stands until its time is over
    if before is not None:
        _settle(
            before, QuoteState.REPLACED, how="replaced", given="", evidence="", who=by.ref, by=by, now=now
        )
        gate = before.gate_id
    else:
        place = Gate.objects.filter(case=row, rule=rule).count() + 1
        gate = open_gate(
            case=case, kind=kind, subject=f"{rule}:{place}"[:60], rule=rule, asked=asked, by=by, now=now
        )
    quote = FeeQuote(
        id=ids.unguessable(), reference=ids.reference("QUOTE"), case=row, gate_id=gate, on_day=offer.on,
        guide_version=offer.guide_version, schedules=", ".join(offer.schedules)[:200], currency=offer.low.currency,
        low=offer.low.amount, high=offer.high.amount, digest=content, offered_at=now, offered_by=by.ref, ends_at=ends_at,
    )  # fmt: skip
    quote.said = sealed.close(key, f"quote {quote.pk}", said_of(offer))
    quote.save(force_insert=True)
    audit.record(
        "case.quote_offered", by=by, at=now, matter=row.matter, case=row.pk, quote=quote.pk, content=content, until=ends_at
    )  # fmt: skip
    return quote_view(quote, key)


@transaction.atomic
def accept_quote(
    *, quote: str, seen: str, how: str, given: str, who: str, by: Actor, now: datetime, evidence: str = ""
) -> QuoteView:
    """
    Write down that a quote was accepted: by whom (`who`, and in words `given`), by which way, and what proves it.

    `seen` is the digest of what was shown; anything else is another quote. Its gate closes.

    :raises CannotSettleQuote: when it was answered or replaced meanwhile, or its time is over
    """
    row = _locked(quote, by=by, now=now)
    if row.ends_at is not None and row.ends_at <= now:
        raise CannotSettleQuote(
            f"Quote {row.reference} could be accepted until its time ended; ask for a new one."
        )
    if seen != row.digest:
        raise CannotSettleQuote(f"Quote {row.reference} is not the one that you saw. Look at it again.")
    _settle(row, QuoteState.ACCEPTED, how=how, given=given, evidence=evidence, who=who, by=by, now=now)
    close_gate(gate=row.gate_id, given=given, evidence=evidence, by=by, now=now)
    return quote_view(row, sealed.key_of(row.case.matter))


@transaction.atomic
def end_quote(
    *,
    quote: str,
    to: QuoteState,
    how: str,
    given: str,
    who: str,
    by: Actor,
    now: datetime,
    evidence: str = "",
) -> QuoteView:
    """
    Write down that a quote was refused, that its time passed, or that nothing waits for it any more; its gate ends too.

    :raises CannotSettleQuote: when it was answered meanwhile
    """
    row = _locked(quote, by=by, now=now)
    _settle(row, to, how=how, given=given, evidence=evidence, who=who, by=by, now=now)
    deny_gate(gate=row.gate_id, why=given, evidence=evidence, by=by, now=now)
    return quote_view(row, sealed.key_of(row.case.matter))


@transaction.atomic
def waive_quote(*, quote: str, reason: str, by: Actor, now: datetime) -> QuoteView:
    """Let a case go on without the acceptance of a fee, and keep why. :raises CannotClose: without a reason"""
    row = _locked(quote, by=by, now=now)
    waive_gate(gate=row.gate_id, reason=reason, by=by, now=now)
    _settle(row, QuoteState.REPLACED, how="waived", given=reason, evidence="", who=by.ref, by=by, now=now)
    return quote_view(row, sealed.key_of(row.case.matter))


def _locked(quote: str, *, by: Actor, now: datetime) -> FeeQuote:
    found = FeeQuote.objects.filter(pk=quote).first()
    if found is None:
        raise NotYours
    locked(found.case_id, by=by, now=now)
    return FeeQuote.objects.select_for_update(of=("self",)).select_related("gate", "case").get(pk=quote)


def _same(offer: Offer, shown: QuoteView) -> bool:
    """Tell whether a quote says the same to whoever pays: lines, targets and amounts."""
    return (offer.lines, tuple(sorted(offer.targets)), offer.low, offer.high) == (
        shown.lines, shown.targets, shown.low, shown.high
    )  # fmt: skip


def _settle(
    row: FeeQuote, to: QuoteState, *, how: str, given: str, evidence: str, who: str, by: Actor, now: datetime
) -> None:
    was = QuoteState(row.state)
    key = sealed.key_of(row.case.matter)
    kept = sealed.close(key, f"quote {row.pk} given", given.strip()[:2000]) if given.strip() else b""
    rows = FeeQuote.objects.filter(pk=row.pk, state=was)
    changed = {
        "state": to,
        "settled_at": now,
        "settled_by": who,
        "how": how,
        "evidence": evidence,
        "given": kept,
    }
    if to not in QUOTE_NEXT[was] or not rows.update(**changed):
        raise CannotSettleQuote(f"Quote {row.reference} is {was.lower()} already.")
    audit.record(
        "case.quote_settled", by=by, at=now, matter=row.case.matter, case=row.case_id, quote=row.pk, state=to.lower(), how=how,
        evidence=evidence or None,
    )  # fmt: skip
    row.refresh_from_db()
