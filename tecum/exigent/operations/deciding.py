"""
Two people decide (control 6): one proposes exactly what will happen, another approves it, bound to its hash.

Whoever approves did not call back (control 5). Only on the ground of danger to life may one person do all of it, and
another confirms it within 24 hours (decisions, part E): `alone.py`.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from tecum.agencies import operations as directory
from tecum.agencies import queries as agencies
from tecum.approvals import operations as approvals
from tecum.audit import operations as audit
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases import sealed
from tecum.cases.states import GateState
from tecum.exigent.models import ExigentCall, ExigentDecision, ExigentRequest
from tecum.exigent.operations import disclosing, following, surveilling
from tecum.exigent.operations.rows import DECIDE, changed, locked, locked_for_counsel, turn
from tecum.exigent.queries import reading
from tecum.exigent.queries.reading import RequestView
from tecum.exigent.rules import calling
from tecum.exigent.rules.compiling import DISCLOSE, LOCATE, SURVEIL, Wanted, digest
from tecum.exigent.rules.reading import is_surveillance
from tecum.exigent.states import CallState, DecisionState, RequestState
from tecum.kernel import ids
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused
from tecum.policy import queries as policy
from tecum.recovery import queries as recoveries
from tecum.surveillance.operations import NotAffirmed
from tecum.surveillance.rules.ordered import Ordered

SELF = Actor.system("exigent")
ACT = {DISCLOSE: "exigent.disclose", LOCATE: "exigent.locate", SURVEIL: "exigent.surveil"}
WHYS = {
    "not_verified": "The agency could not be verified",
    "denied": "The agency knows nothing of it",
    "no_ground": "It is no emergency that the law recognises",
    "not_ours": "The number is not ours",
    "not_certified": "Nobody who is designated certified it",
    "civil": "It comes from a party of a civil matter",
    "withdrawn": "The agency withdrew it",
    "nothing_held": "Nothing of what it asks is held",
}


class CannotDecide(Refused):
    """A request that nothing can be decided about yet; the sentence says what is missing."""


class CalledBack(Refused):
    """Whoever called back would approve."""


@transaction.atomic
def propose_disclosure(*, case: str, wanted: Sequence[Wanted], by: Actor, now: datetime) -> str:
    """
    Propose to disclose records, limited to what the emergency needs, and return the id of the decision.

    :raises CannotDecide: before the agency was called back, or while something hard is missing
    """
    row = _ready(case, by=by, now=now)
    content = disclosing.content(row, wanted, by=by, now=now)
    return _propose(row, DISCLOSE, content, by=by, now=now)


@transaction.atomic
def propose_location(*, case: str, targets: Sequence[str], hours: int, by: Actor, now: datetime) -> str:
    """Propose permission to locate targets for some hours (D7): each location is a fact, none is made after the end."""
    row = _ready(case, by=by, now=now)
    content = disclosing.location(row, targets, hours, by=by, now=now)
    return _propose(row, LOCATE, content, by=by, now=now)


@transaction.atomic
def propose_surveillance(
    *, case: str, ordered: Sequence[Ordered], delivery: Mapping[str, str], by: Actor, now: datetime
) -> str:
    """
    Propose to start exactly these lines for the guide's hours, on the certificate that is in (R-091, R-096).

    :raises CannotDecide: for a pathway that starts nothing, or before everything hard is there
    """
    row = _ready(case, by=by, now=now)
    content = surveilling.content(row, ordered, delivery, by=by, now=now)
    return _propose(row, SURVEIL, content, by=by, now=now)


@transaction.atomic
def approve(*, decision: str, by: Actor, now: datetime, affirmed_as: str = "") -> RequestView:
    """
    Approve exactly what was proposed, as another person than proposed it and than called back; it happens in this transaction.

    A surveillance is affirmed by name (47 CFR 1.20003): `affirmed_as` is the approver's own, typed by them.

    :raises SamePerson: for whoever proposed it
    :raises CalledBack: for whoever called back
    :raises Changed: when anything of the request changed since
    :raises NotAffirmed: for a surveillance without the approver's own name
    """
    made, row = waiting(decision, by=by, now=now)
    if not calling.decides(made.call.called_by, by.ref) and not made.alone:
        raise CalledBack("You called back: another person approves it (control 5).")
    return decide(made, row, by=by, now=now, affirmed_as=affirmed_as)


def decide(
    made: ExigentDecision, row: ExigentRequest, *, by: Actor, now: datetime, affirmed_as: str
) -> RequestView:
    refuse_unready(row, made.call, by=by, now=now)
    content = sealed.opened(sealed.key_of(row.matter), f"exigent decision {made.pk}", made.content)
    hashed = digest(made.act, {**content, "request": row.pk, "call": made.call_id, "revision": row.revision})
    approvals.approve(made.approval, digest=hashed, by=by, now=now, matter=row.matter)
    if made.act == SURVEIL and _plain(affirmed_as) != _plain(by.name):
        raise NotAffirmed(
            "Type your own name: an activation is affirmed by a named employee (47 CFR 1.20003)."
        )
    made.state, made.decided_at, made.decided_by = DecisionState.DONE, now, by.ref
    made.save(update_fields=["state", "decided_at", "decided_by"])
    if row.ended_at is not None and made.act != DISCLOSE:  # it was stopped, and begins anew
        row.ended_at = None
        row.save(update_fields=["ended_at"])
    if row.state != RequestState.APPROVED:
        kind = agencies.agency(id=row.case.agency, by=by, now=now).type
        turn(row, RequestState.APPROVED, by=by, now=now, decided_at=now, agency_type=kind)
    audit.record(
        "exigent.approved", by=by, at=now, matter=row.matter, request=row.pk, decision=made.pk, act=made.act, content=hashed,
        call=made.call_id, alone=made.alone,
    )  # fmt: skip
    _DO[made.act](row, made, content, by=by, now=now)
    return reading.view(row, by=by, now=now)


@transaction.atomic
def withdraw(*, decision: str, by: Actor, now: datetime) -> RequestView:
    """Take a proposal back; one person is enough. :raises NotYours: when it is unknown, or not for this actor"""
    made, row = waiting(decision, by=by, now=now)
    approvals.withdraw(made.approval, by=by, now=now, matter=row.matter)
    made.state, made.decided_at, made.decided_by = DecisionState.WITHDRAWN, now, by.ref
    made.save(update_fields=["state", "decided_at", "decided_by"])
    audit.record("exigent.withdrawn", by=by, at=now, matter=row.matter, request=row.pk, decision=made.pk)
    return reading.view(row, by=by, now=now)


@transaction.atomic
def counsel_decides(*, case: str, goes_on: bool, said: str, by: Actor, now: datetime) -> RequestView:
    """
    Write down counsel's word on a ground that waits for it (D7): it goes on to the call back and the decision, or it stops.

    :raises CannotDecide: where nothing waits for counsel, or without a word on why
    """
    row = locked_for_counsel(case, by=by, now=now)
    gate = next(
        (
            each
            for each in files.gates(case=case, by=SELF, now=now)
            if each.kind == "counsel" and each.state is GateState.OPEN
        ),
        None,
    )
    if gate is None:
        raise CannotDecide("Nothing of this request waits for counsel.")
    if len(said.strip()) < 3:
        raise CannotDecide("Say why; that is kept with the case.")
    if goes_on:
        cases.close_gate(gate=gate.id, given=said.strip(), by=SELF, now=now)
    else:
        cases.deny_gate(gate=gate.id, why=said.strip(), by=SELF, now=now)
    changed(row, now=now)
    audit.record("exigent.counsel_decided", by=by, at=now, matter=row.matter, request=row.pk, goes_on=goes_on)
    return reading.view(row, by=by, now=now)


@transaction.atomic
def refuse(*, case: str, why: str, by: Actor, now: datetime, said: str = "") -> RequestView:
    """
    Do not act on a request; one person is enough. Nothing is sent by it: whoever asked is told on the telephone.

    One that was acted on is refused only after its agency knew nothing of it, when nothing of it runs any more.

    :raises CannotDecide: for a reason that there is not, or what was acted on and stood by
    """
    row = locked(case, by=by, now=now)
    acted_on = row.state == RequestState.APPROVED
    if why not in WHYS:
        raise CannotDecide("Say why nothing is done about it.")
    if acted_on and (why != "denied" or not reading.is_denied(row)):
        raise CannotDecide("This was acted on: end it, or call back first.")
    void_proposals(row, by=by, now=now)
    turn(
        row, RequestState.REFUSED, by=by, now=now, refusal=why, decided_at=row.decided_at if acted_on else now
    )
    if said.strip():
        cases.add_note(case=case, text=said.strip(), by=by, now=now)
    following.quiet(row, by=by, now=now)
    following.calm(row, by=by, now=now)
    audit.record("exigent.refused", by=by, at=now, matter=row.matter, request=row.pk, why=why)
    cases.close(case=case, outcome=f"refused_{why}", by=by, now=now)
    return reading.view(row, by=by, now=now)


@transaction.atomic
def look_again(*, case: str, by: Actor, now: datetime) -> RequestView:
    """Take up a request again that was refused, handed over, joined or marked by mistake; it is verified anew."""
    row = locked(case, by=by, now=now)
    turn(
        row,
        RequestState.RECEIVED,
        by=by,
        now=now,
        refusal="",
        decided_at=None,
        forged_at=None,
        forged_by="",
        forged_why=b"",
    )
    row.calls.filter(void_at=None).update(void_at=now)
    row.marks.all().delete()
    if files.case(case=case, by=by, now=now).state.value == "CLOSED":
        cases.reopen(case=case, by=by, now=now)
    audit.record("exigent.taken_up_again", by=by, at=now, matter=row.matter, request=row.pk)
    return reading.view(row, by=by, now=now)


def void_proposals(row: ExigentRequest, *, by: Actor, now: datetime) -> None:
    """Let what waits for another person fit no more."""
    for each in row.decisions.filter(state=DecisionState.PROPOSED):
        approvals.withdraw(each.approval, by=by, now=now, matter=row.matter)
        each.state, each.decided_at, each.decided_by = DecisionState.VOID, now, by.ref
        each.save(update_fields=["state", "decided_at", "decided_by"])


def refuse_unready(row: ExigentRequest, call: ExigentCall | None, *, by: Actor, now: datetime) -> None:
    """
    Refuse to decide before everything hard is there and the agency stood by it at a number that may be called.

    :raises CannotDecide: with what is missing
    """
    if row.state not in {RequestState.VERIFIED, RequestState.APPROVED}:
        raise CannotDecide(
            "Call the agency back first: nothing is decided before somebody there stood by it."
        )
    directory.stand(agency=row.case.agency)
    if call is None:
        raise CannotDecide("Call the agency back again: nobody there stands by it now.")
    if call.request_id != row.pk or call.agency != row.case.agency:
        raise CannotDecide("The call back was not about this request.")
    if recoveries.older(call.called_at):
        raise CannotDecide("This installation was put back from a copy after that call: call back again.")
    if not calling.good(CallState(call.state), void_at=call.void_at):
        raise CannotDecide("What the call back verified changed since: call again.")
    hard = [each for each in reading.lacks_of(row, by=by, now=now) if each.hard]
    if hard:
        raise CannotDecide(" ".join(each.sentence for each in hard))


def _ready(case: str, *, by: Actor, now: datetime) -> ExigentRequest:
    row = locked(case, by=by, now=now, permission=DECIDE)
    refuse_unready(row, _good_call(row), by=by, now=now)
    return row


def _good_call(row: ExigentRequest) -> ExigentCall | None:
    return row.calls.filter(state="VERIFIED", void_at=None).order_by("-ordinal").first()


def _propose(row: ExigentRequest, act: str, content: dict[str, Any], *, by: Actor, now: datetime) -> str:
    """Write down exactly what will happen, and bind the approval to its hash."""
    pathway = reading.pathway_of(row, policy.at(now))
    if (act == SURVEIL) != is_surveillance(pathway):
        raise CannotDecide(f"{pathway.name} is another pathway (D7).")
    call = _good_call(row)
    if call is None:
        raise CannotDecide("Call the agency back first.")
    for each in row.decisions.filter(state=DecisionState.PROPOSED, act=act):
        each.state, each.decided_at, each.decided_by = DecisionState.VOID, now, by.ref
        each.save(update_fields=["state", "decided_at", "decided_by"])
    hashed = digest(act, {**content, "request": row.pk, "call": call.pk, "revision": row.revision})
    approval = approvals.propose(ACT[act], row.pk, hashed, by=by, now=now, matter=row.matter)
    made = ExigentDecision(
        id=ids.unguessable(), request=row, call=call, act=act, digest=hashed, revision=row.revision,
        approval=approval.id, proposed_at=now, proposed_by=by.ref,
    )  # fmt: skip
    made.content = sealed.close(sealed.key_of(row.matter), f"exigent decision {made.pk}", content)
    made.save(force_insert=True)
    audit.record(
        "exigent.proposed", by=by, at=now, matter=row.matter, request=row.pk, decision=made.pk, act=act, content=hashed,
        call=call.pk,
    )  # fmt: skip
    return made.pk


def waiting(decision: str, *, by: Actor, now: datetime) -> tuple[ExigentDecision, ExigentRequest]:
    known = ExigentDecision.objects.filter(pk=decision).values_list("request__case", flat=True).first()
    if known is None:
        raise NotYours
    row = locked(known, by=by, now=now, permission=DECIDE)
    made = ExigentDecision.objects.select_for_update(of=("self",)).select_related("call").get(pk=decision)
    if made.state != DecisionState.PROPOSED:
        raise approvals.NotWaiting("This was decided already, or is void.")
    return made, row


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


_DO: Mapping[str, Callable[..., None]] = {
    DISCLOSE: disclosing.begin,
    LOCATE: disclosing.allow_location,
    SURVEIL: surveilling.begin,
}
