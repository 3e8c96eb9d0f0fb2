"""How a demand ends: objected to, refused, routed elsewhere, answered; and what a new paper of the agency does."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from tecum.audit import operations as audit
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases.states import CaseState, Direction, TargetState
from tecum.demands import messages
from tecum.demands.models import Demand
from tecum.demands.operations import charging, customers, fees, holding, scoping
from tecum.demands.operations.rows import locked, turn
from tecum.demands.queries.reading import DemandView, view
from tecum.demands.queries.standing import lines_in_force
from tecum.demands.states import SEARCHED, DemandState
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused
from tecum.notices import operations as notices
from tecum.notices.drivers import letters
from tecum.policy import queries as policy
from tecum.process import operations as process
from tecum.production import queries as productions
from tecum.production.states import OUT


class CannotAnswer(Refused):
    """An answer that does not fit what is granted."""


@transaction.atomic
def find_deficient(
    *, case: str, by: Actor, now: datetime, leave_out: Collection[int] = (), note: str = "", to: str = ""
) -> DemandView:
    """
    Send the deficiency letter: every finding not met, except those left out by their place; holds get their end.

    :raises CannotTurn: outside the review
    :raises CannotSend: when the letter would say nothing, or has no address to go to
    """
    row = locked(case, by=by, now=now)
    turn(row, DemandState.DEFICIENT, by=by, now=now)
    process.send_deficiency(received=row.received_id, leave_out=leave_out, note=note, to=to, by=by, now=now)
    holding.lapse_later(row, now=now)
    return view(row, by=by, now=now)


@transaction.atomic
def accept(*, case: str, by: Actor, now: datetime, despite: str = "") -> DemandView:
    """Find the process sound; `despite` says why where not all is met. :raises CannotDecide: as `process.accept` says"""
    row = locked(case, by=by, now=now)
    if row.state == DemandState.RECEIVED:
        turn(row, DemandState.IN_REVIEW, by=by, now=now)
    process.accept(received=row.received_id, despite=despite, by=by, now=now)
    fees.ask(row, by=by, now=now)
    scoping.void_if_changed(row, by=by, now=now)
    return view(row, by=by, now=now)


@transaction.atomic
def object_to(*, case: str, reasons: str, proposal: str, by: Actor, now: datetime) -> DemandView:
    """
    Object to a demand, or ask the agency to narrow it, by letter; what was proposed under it ends.

    :raises CannotAnswer: without reasons, or without an address to write to
    """
    row = locked(case, by=by, now=now)
    home = files.case(case=case, by=by, now=now)
    if not reasons.strip():
        raise CannotAnswer("Say what the objection is.")
    guide = policy.at(now)
    if not home.contact.email and guide.writes_mail:
        raise CannotAnswer(
            "The case has no e-mail address of the agency: write it down first, or object by post."
        )
    scoping.void(row, list(row.scopes.select_for_update().filter(ended_at=None)), by=by, now=now)
    turn(row, DemandState.OBJECTED, by=by, now=now)
    customers.settle(row, now=now)
    context = {"case": home.reference, "reasons": reasons.strip(), "proposal": proposal.strip() or "–"}
    if guide.writes_mail:
        sent = notices.enqueue(
            messages.DEMAND_OBJECTION.name, to=home.contact.email, context=context, mailbox=guide.writes_from,
            matter=row.matter, by=by, now=now,
        )  # fmt: skip
        cases.note_sent(
            case=case, notice=sent.id, said={"subject": "Objection", "text": reasons.strip()}, by=by, now=now
        )
    else:  # printed from the case, and sent by hand
        letter = letters.write(guide, messages.DEMAND_OBJECTION.name, context)
        cases.write_down(
            case=case, direction=Direction.OUT, channel="post", said={"subject": letter.subject, "text": letter.text}, at=now,
            by=by, now=now,
        )  # fmt: skip
    process.answer_waits(case=case, after="objection", by=by, now=now)
    audit.record("demand.objected", by=by, at=now, matter=row.matter, demand=row.pk)
    return view(row, by=by, now=now)


@transaction.atomic
def go_on(*, case: str, by: Actor, now: datetime, received: str = "") -> DemandView:
    """
    Go on with the review: the agency has mended its process (`received` is the better one), answered an objection, or
    more is wanted after a production.
    """
    row = locked(case, by=by, now=now)
    if row.state in {DemandState.PRODUCED, DemandState.NO_RECORDS, DemandState.ROUTED, DemandState.REFUSED}:
        cases.reopen(case=case, by=by, now=now)
    turn(row, DemandState.IN_REVIEW, by=by, now=now)
    Demand.objects.filter(pk=row.pk).update(ended_at=None, ended_by="")
    if received:
        row.received_id = received
        row.save(update_fields=["received"])
    holding.lapse_no_more(row, now=now)
    process.answer_goes_on(case=case, by=by, now=now)
    holding.at_receipt(row, by=by, now=now)
    row.refresh_from_db()
    return view(row, by=by, now=now)


@transaction.atomic
def refuse(*, case: str, reason: str, by: Actor, now: datetime, to: str = "") -> DemandView:
    """End a demand that is not honoured, with a letter that says why (R-107). Holds end with it."""
    row = locked(case, by=by, now=now)
    process.send_not_honoured(received=row.received_id, reason=reason, to=to, by=by, now=now)
    return _end(row, DemandState.REFUSED, by=by, now=now)


@transaction.atomic
def route(*, case: str, by: Actor, now: datetime, to: str = "") -> DemandView:
    """End a demand that another company or partner answers; its letter says where (R-158 to R-162)."""
    row = locked(case, by=by, now=now)
    process.send_elsewhere(received=row.received_id, to=to, by=by, now=now)
    return _end(row, DemandState.ROUTED, by=by, now=now)


@transaction.atomic
def released(*, production: str, by: Actor, now: datetime) -> bool:
    """
    End a demand whose production two people have released; tell whether there was one to end.

    The release is its own act, in `production`; this follows it, at once by the page or a moment later by the jobs.
    """
    made = productions.opened(id=production, by=Actor.system("demands"), now=now)
    row = (
        Demand.objects.select_for_update(of=("self",))
        .select_related("case")
        .filter(case=made.line.case)
        .first()
    )
    if row is None or row.state != DemandState.SCOPED or made.line.state not in OUT:
        return False
    lines = [line for line in lines_in_force(row) if line.outcome in SEARCHED]
    searched = {line.target for line in lines}
    for each in files.targets(case=row.case_id, by=by, now=now):
        if each.state is TargetState.ASKED:
            to = TargetState.ANSWERED if each.id in searched else TargetState.DECLINED
            cases.turn_target(target=each.id, to=to, by=by, now=now)
    state = DemandState.PRODUCED if made.inputs.parts else DemandState.NO_RECORDS
    charging.leave_facts(row, made, lines, by=by, now=now)
    turn(row, state, by=by, now=now, ended_at=now, ended_by=by.ref)
    (customers.produced if made.inputs.parts else customers.settle)(row, now=now)
    process.answer_ends(case=row.case_id, how=state.lower(), by=by, now=now)
    holding.lift(row, why="answered", by=by, now=now)
    cases.close(case=row.case_id, outcome=state.lower(), by=by, now=now)
    return True


def _end(row: Demand, state: DemandState, *, by: Actor, now: datetime) -> DemandView:
    scoping.void(row, list(row.scopes.select_for_update().filter(ended_at=None)), by=by, now=now)
    fees.drop(row, by=by, now=now)
    turn(row, state, by=by, now=now, ended_at=now, ended_by=by.ref)
    customers.settle(row, now=now)
    holding.lift(row, why=state.lower(), by=by, now=now)
    home = files.case(case=row.case_id, by=by, now=now)
    if home.state is CaseState.OPEN:
        cases.close(case=row.case_id, outcome=state.lower(), by=by, now=now)
    return view(row, by=by, now=now)
