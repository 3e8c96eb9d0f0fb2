"""The row of a request, held for a change by somebody who may, and the turns of its life."""

from datetime import datetime
from typing import TYPE_CHECKING

from tecum.access.rules import require
from tecum.accounts import operations as accounts
from tecum.audit import operations as audit
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases import sealed
from tecum.cases.states import GateState
from tecum.exigent.models import ExigentDecision, ExigentFollowUp, ExigentRequest
from tecum.exigent.queries import doubting, reading
from tecum.exigent.rules.facts import Said
from tecum.exigent.states import NEVER_ACTED_ON, REQUEST_NEXT, DecisionState, RequestState
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused

if TYPE_CHECKING:
    from django.db.models import QuerySet

WORK, DECIDE, COUNSEL, MARK = "emergency.work", "emergency.decide", "emergency.counsel", "emergency.mark"
NOT_STOOD_BY = "contact_verified"  # the gate that keeps a production in


class CannotTurn(Refused):
    """A request that is not in the state for that."""


def locked(case: str, *, by: Actor, now: datetime, permission: str = WORK) -> ExigentRequest:
    """
    Return the row of a case's request, held with its case until the transaction ends, for an actor in good standing.

    :raises NotYours: when it is unknown, or not for this actor
    """
    require(by, permission, now=now)
    cases.locked(case, by=by, now=now, writing=False)
    accounts.stand(by=by, now=now)
    row = (
        ExigentRequest.objects.select_for_update(of=("self",))
        .select_related("case", "received")
        .filter(case=case)
        .first()
    )
    # Asked after the lock is ours: whoever sealed the case while we waited is obeyed.
    if row is None or not reading.readable(by=by, now=now).filter(pk=row.pk).exists():
        raise NotYours
    return row


def held(rows: "QuerySet[ExigentDecision] | QuerySet[ExigentFollowUp]", *, by: Actor, now: datetime) -> None:
    """Hold case and request of a row before the row itself, as every person's act does: nobody waits in a circle."""
    home = rows.values_list("request", "request__case").first()
    if home is not None:
        cases.locked(home[1], by=by, now=now, writing=False)
        ExigentRequest.objects.select_for_update().get(pk=home[0])


def locked_for_counsel(case: str, *, by: Actor, now: datetime) -> ExigentRequest:
    """Return the row for counsel's word, who works on no case. :raises NotYours: when it is not to be known of"""
    require(by, COUNSEL, now=now)
    accounts.stand(by=by, now=now)
    known = reading.row_of(case, by=by, now=now)
    return (
        ExigentRequest.objects.select_for_update(of=("self",))
        .select_related("case", "received")
        .get(pk=known.pk)
    )


def turn(
    row: ExigentRequest, to: RequestState, *, by: Actor, now: datetime, **columns: object
) -> RequestState:
    """Change the state, only as the life cycle allows and only from what was read; return what it was."""
    was = RequestState(row.state)
    if to in NEVER_ACTED_ON and row.decisions.filter(state=DecisionState.DONE).exists():
        raise CannotTurn(f"Emergency {row.case.reference} was acted on; it cannot become {to.lower()}.")
    mine = ExigentRequest.objects.filter(pk=row.pk, state=was)
    if to not in REQUEST_NEXT[was] or not mine.update(state=to, **columns):
        raise CannotTurn(f"Emergency {row.case.reference} is {was.lower()}; it cannot become {to.lower()}.")
    audit.record(
        "exigent.turned", by=by, at=now, matter=row.matter, request=row.pk, was=was.lower(), state=to.lower()
    )
    row.refresh_from_db()
    return was


def say(row: ExigentRequest, said: Said) -> None:
    """Put what a request says under the seal of its case, with the columns that lists and figures need; the caller saves it."""
    row.said = sealed.close(sealed.key_of(row.matter), f"exigent {row.pk}", said.as_dict())
    row.requester, row.grounds = said.requester, " ".join(said.grounds)
    row.sent_from = doubting.mark_of("domain", said.email.rpartition("@")[2])


def changed(row: ExigentRequest, *, now: datetime) -> None:
    """Count a change of what a decision is about: every proposal made before fits no more."""
    row.revision += 1
    row.save(update_fields=["revision"])


def keep_in(row: ExigentRequest, *, by: Actor, now: datetime) -> None:
    """Let nothing more of a decided request leave: its agency stands by it no more, or it is forged. A good call lets it out."""
    if row.case.state != "OPEN" or NOT_STOOD_BY in files.gates_open(row.case_id):
        return
    opened = str(
        row.calls.count()
    )  # a gate is asked for once per subject; the agency may change its word twice
    cases.open_gate(
        case=row.case_id, kind=NOT_STOOD_BY, subject=opened, asked="The agency does not stand by it.", by=by, now=now
    )  # fmt: skip


def let_out(row: ExigentRequest, spoke_with: str, *, by: Actor, now: datetime) -> None:
    """Let what was kept in leave again, because the agency stood by it on a new call back."""
    for gate in files.gates(case=row.case_id, by=by, now=now):
        if gate.kind == NOT_STOOD_BY and gate.state is GateState.OPEN:
            cases.close_gate(gate=gate.id, given=f"Called back: {spoke_with}", by=by, now=now)
