"""What a person read in an order is written down; it is held against the bill; particulars and corrections come later."""

from dataclasses import asdict, replace
from datetime import datetime, timedelta

from django.db import transaction

from tecum.audit import operations as audit
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases import sealed
from tecum.cases.facts import Asked
from tecum.cases.states import Direction, TargetState
from tecum.guide.values import parse_span
from tecum.kernel import numbers
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.kernel.refusals import Refused
from tecum.policy import queries as policy
from tecum.process import operations as process
from tecum.process.facts import Said
from tecum.records.operations import matching
from tecum.records.queries import subscribers
from tecum.records.rules.matching import Claim
from tecum.surveillance.models import CourtOrder
from tecum.surveillance.operations.orders import receipts
from tecum.surveillance.operations.orders.opening import keep_silent
from tecum.surveillance.operations.orders.rows import locked, say, turn, work_out
from tecum.surveillance.pricing import price_again
from tecum.surveillance.queries import orders as queries
from tecum.surveillance.queries.orders import OrderView, view
from tecum.surveillance.rules.order_facts import OrderSaid, moment
from tecum.surveillance.rules.reviewing import Matched
from tecum.surveillance.states import OrderState

LOOKS_BACK = timedelta(days=1)  # who has the number now, and who had it the day before: "ported yesterday"
HOW_TOLD = frozenset({"telephone", "person", "post"})


class CannotConfirm(Refused):
    """Something that cannot be written down as it stands."""


@transaction.atomic
def confirm(*, case: str, said: Said, order: OrderSaid, by: Actor, now: datetime) -> OrderView:
    """
    Write down what a person read in an order, with its particulars; the end is worked out anew, and a receipt that has
    become wrong is followed by another (R-120, R-131).

    What changes of the targets makes the comparison with the bill void; what changes of the order is priced again, where the
    agency was told its price. Once an authority rests on it, it changes no more.

    :raises NotANumber: for a number that is none
    :raises CannotConfirm: for a time that cannot be read, or once it is an authority
    """
    row = locked(case, by=by, now=now)
    if row.authority:
        raise CannotConfirm("An authority rests on this order already; a corrected order is a new one.")
    if row.state == OrderState.SOUND:  # what was found sound is not what it says any more
        turn(row, OrderState.IN_REVIEW, by=by, now=now, decided_at=None, decided_by="")
        process.look_again(received=row.received_id, by=by, now=now)
    elif row.state in {OrderState.RECEIVED, OrderState.DEFICIENT}:
        turn(row, OrderState.IN_REVIEW, by=by, now=now)
    order = _canonical(order)
    before = queries.said_of(row)
    process.confirm(
        received=row.received_id,
        said=replace(said, details=order.details(), facts=order.facts()),
        by=by,
        now=now,
    )
    say(row, order)
    row.read_at, row.read_by = now, by.ref
    if before.subjects != order.subjects:
        row.matched, row.matched_at = b"", None
    row.save(update_fields=["said", "read_at", "read_by", "matched", "matched_at"])
    audit.record(
        "order.read",
        by=by,
        at=now,
        matter=row.matter,
        order=row.pk,
        targets=len(order.subjects),
        lines=len(order.lines),
    )
    _targets(row, order, by=by, now=now)
    keep_silent(row, by=by, now=now)
    changed = work_out(row, by=by, now=now)
    price_again(row, now=now)
    receipts.again(row, why="changed" if changed else "corrected", by=by, now=now)
    return view(row, by=by, now=now)


def _canonical(order: OrderSaid) -> OrderSaid:
    """Return what was read with its numbers and times in one way of writing."""
    try:
        if order.duration:
            parse_span(order.duration)
        for text in (order.ends, order.issued_at, order.collection_at):
            moment(text)
    except ValueError as fault:
        raise CannotConfirm(f"A time of the order cannot be read: {fault}.") from None
    subjects = tuple(replace(each, number=numbers.read(each.number)) for each in order.subjects)
    return replace(order, subjects=tuple({each.number: each for each in subjects}.values()))


def _targets(row: CourtOrder, order: OrderSaid, *, by: Actor, now: datetime) -> None:
    """Let the case's targets be those of the order."""
    product = next((each.id for each in policy.at(now).products if each.kind == "surveillance"), "")
    wanted = [each.number for each in order.subjects]
    known = {each.value: each for each in files.targets(case=row.case_id, by=by, now=now)}
    for number in wanted:
        if number not in known:
            cases.add_target(case=row.case_id, asked=Asked(number, None, product), by=by, now=now)
    for number, target in known.items():
        if number not in wanted and target.state is TargetState.ASKED:
            cases.turn_target(target=target.id, to=TargetState.WITHDRAWN, by=by, now=now)
        elif number in wanted and target.state is TargetState.WITHDRAWN:
            cases.turn_target(target=target.id, to=TargetState.ASKED, by=by, now=now)


def match(*, case: str, by: Actor, now: datetime) -> OrderView:
    """
    Hold every target of an order against the billing system, inside Tecum and on our own copy of its list (R-115).

    That it was done is stored before the answer. Each comparison is of the time from the day before to now: a number that
    was ported yesterday shows.

    :raises CannotConfirm: before a person wrote down what the order says
    """
    seen = queries.of_case(case=case, by=by, now=now)
    if not seen.said.subjects:
        raise CannotConfirm("Write down first which targets it names.")
    period = Period(now - LOOKS_BACK, now + timedelta(minutes=1))
    found = []
    for each in seen.said.subjects:
        claim = Claim(each.number, each.name, each.address, each.imei, each.imsi)
        result = matching.match(claim, period=period, matter=seen.case.matter, by=by, now=now)
        found.append(
            Matched(
                each.number, result.match.verdict.value, result.match.score, result.match.says, result.match.for_agency,
                subscribers.market_of(each.number, now=now), now.isoformat(), by.ref,
            )
        )  # fmt: skip
    return _keep_match(case, found, by=by, now=now)


@transaction.atomic
def _keep_match(case: str, found: list[Matched], *, by: Actor, now: datetime) -> OrderView:
    row = locked(case, by=by, now=now)
    row.matched = sealed.close(
        sealed.key_of(row.matter), f"order {row.pk} bill", [asdict(each) for each in found]
    )
    row.matched_at = now
    row.save(update_fields=["matched", "matched_at"])
    audit.record(
        "order.matched", by=by, at=now, matter=row.matter, order=row.pk, targets=len(found),
        unlike=sum(each.verdict == "DOES_NOT_MATCH" for each in found),
    )  # fmt: skip
    return view(row, by=by, now=now)


@transaction.atomic
def correct_billing(
    *, case: str, billing: str, channel: str, by: Actor, now: datetime, document: str = ""
) -> OrderView:
    """
    Write down the agency's billing address as it came back corrected, by fax as a rule (R-134); the receipt is issued anew.

    :raises CannotConfirm: for an empty address
    """
    row = locked(case, by=by, now=now)
    lines = "\n".join(" ".join(line.split()) for line in billing.strip().splitlines() if line.strip())
    if not lines:
        raise CannotConfirm("Write the name and the address as the agency gives them.")
    said = queries.said_of(row)
    brought = {**dict(said.brought_by), **({"billing_name_and_address": document} if document else {})}
    say(row, replace(said, billing=lines, brought_by=tuple(brought.items())))
    row.save(update_fields=["said"])
    cases.write_down(
        case=case, direction=Direction.IN, channel=channel, said={"subject": "Corrected billing address", "text": lines},
        at=now, by=by, now=now,
    )  # fmt: skip
    audit.record("order.billing_corrected", by=by, at=now, matter=row.matter, order=row.pk, channel=channel)
    receipts.again(row, why="corrected", by=by, now=now)
    return view(row, by=by, now=now)


@transaction.atomic
def note_collection(*, case: str, began_at: datetime, by: Actor, now: datetime) -> OrderView:
    """
    Write down when the agency began to collect, as it says; the end is worked out anew where that is what counts (R-129).

    :raises CannotConfirm: for a time that has not come
    """
    row = locked(case, by=by, now=now)
    if began_at > now:
        raise CannotConfirm("That time has not come yet.")
    say(row, replace(queries.said_of(row), collection_at=began_at.isoformat()))
    row.save(update_fields=["said"])
    audit.record("order.collection_noted", by=by, at=now, matter=row.matter, order=row.pk, began=began_at)
    if work_out(row, by=by, now=now):
        receipts.again(row, why="changed", by=by, now=now)
    return view(row, by=by, now=now)


@transaction.atomic
def tell_password(*, case: str, how: str, by: Actor, now: datetime, password: str = "") -> OrderView:
    """
    Keep the surveillance password under its case's seal and write down how it was told: never on the receipt (R-167).

    :raises CannotConfirm: without a password, or for a way that is none
    """
    row = locked(case, by=by, now=now)
    if how not in HOW_TOLD:
        raise CannotConfirm(
            "Say how it was told: by telephone, in person or by post. Fax and mail are not for passwords."
        )
    if password.strip():
        row.password = sealed.close(sealed.key_of(row.matter), f"order {row.pk} password", password.strip())
    if not row.password:
        raise CannotConfirm("There is no password yet.")
    row.password_told_at, row.password_told_by, row.password_told_how = now, by.ref, how
    row.save(update_fields=["password", "password_told_at", "password_told_by", "password_told_how"])
    audit.record("order.password_told", by=by, at=now, matter=row.matter, order=row.pk, how=how)
    return view(row, by=by, now=now)
