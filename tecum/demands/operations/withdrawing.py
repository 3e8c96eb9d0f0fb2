"""A demand, or a part of it, is no longer needed (R-043 to R-045, D11); for a day that can be undone."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from tecum.agencies import queries as agencies
from tecum.audit import operations as audit
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases.states import TargetState
from tecum.deadlines import operations as deadlines
from tecum.demands import messages
from tecum.demands.models import Demand, DemandScope
from tecum.demands.operations import customers, fees, holding, hooking, scoping
from tecum.demands.operations.rows import CannotTurn, locked, turn
from tecum.demands.queries.reading import DemandView, readable, view
from tecum.demands.queries.telling import addresses_on_list
from tecum.demands.rules import withdrawing as rules
from tecum.demands.states import OPEN, DemandState
from tecum.guide.calculators import calendars
from tecum.kernel import words
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours
from tecum.notices import operations as notices
from tecum.policy import queries as policy
from tecum.process import operations as process
from tecum.production import queries as productions
from tecum.production.states import OUT
from tecum.secrecy import queries as secrecy

SETTLES = "demand.withdrawal_settles"
HOUSE = Actor.system("demands")
SAID = frozenset(
    {"mail", "telephone", "letter"}
)  # outside the portal: somebody says that the agency wants it
HOW = frozenset({"portal", "mail", "telephone", "letter", "api", "look_up"})


@transaction.atomic
def withdraw(
    *, case: str, how: str, by: Actor, now: datetime, targets: Collection[str] = (), said_by: str = ""
) -> DemandView:
    """
    Withdraw a demand, or only some of its targets; it closes when none is left. Holds stay until it can no longer be undone.

    An officer must stand on the case's own list; staff write down how the agency said so, and `said_by` whom: the mail
    address or number of somebody whom the agency names for this subject, once it names anybody (R-074).

    :raises NotYours: when the case or a target is unknown, or not for this person
    :raises CannotTurn: once the demand is produced, or over
    """
    if how not in HOW:
        raise ValueError(f"Nobody withdraws by {how}.")
    row = locked(case, by=by, now=now, permission="demand.withdraw")
    if by.agency and not secrecy.may_know(row.matter, by.ref):
        raise NotYours
    if row.state not in OPEN:
        raise CannotTurn(f"Case {row.case.reference} is already {row.state.replace('_', ' ').lower()}.")
    as_staff = by if not by.agency else Actor.system("portal")
    _heard(case, how, said_by, by=by, now=now)
    live = [
        each for each in files.targets(case=case, by=as_staff, now=now) if each.state is TargetState.ASKED
    ]
    chosen = set(targets) or {each.id for each in live}
    if not chosen <= {each.id for each in live}:
        raise NotYours
    for each in live:
        if each.id in chosen:
            cases.turn_target(target=each.id, to=TargetState.WITHDRAWN, by=as_staff, now=now)
    narrowed = len(chosen) < len(live)
    audit.record(
        "demand.narrowed" if narrowed else "demand.withdrawn", by=by, at=now, matter=row.matter, demand=row.pk,
        how=how, targets=len(chosen),
    )  # fmt: skip
    if narrowed:
        hooking.narrowed(row, chosen, by=by, now=now)
        scoping.void_if_changed(row, by=as_staff, now=now)
        fees.ask_again(row, by=as_staff, now=now)
        return view(row, by=by, now=now)
    standing = list(DemandScope.objects.select_for_update().filter(demand=row, ended_at=None))
    scoping.void(row, standing, by=as_staff, now=now)
    _nothing_left(row, standing, now=now)
    fees.drop(row, by=as_staff, now=now)
    guide = policy.at(now)
    until = calendars.later(guide, now, guide.demands.undo_withdrawal)
    was = DemandState(row.state)
    turn(
        row, DemandState.WITHDRAWN, by=by, now=now, was=was, undo_until=until, withdrawn_how=how, ended_at=now,
        ended_by=by.ref,
    )  # fmt: skip
    deadlines.arm(SETTLES, subject=row.pk, due_at=until, matter=row.matter, now=now)
    customers.settle(row, now=now)
    process.answer_ends(case=case, how="withdrawn", by=as_staff, now=now)
    cases.close(case=case, outcome="withdrawn", by=as_staff, now=now)
    _tell(row, until=until, by=as_staff, now=now)
    return view(row, by=by, now=now)


@transaction.atomic
def undo(*, case: str, by: Actor, now: datetime) -> DemandView:
    """
    Take a withdrawal back within the guide's time: the demand goes back to where it was, with its targets.

    :raises CannotTurn: when that time is over, or nothing was withdrawn
    """
    row = locked(case, by=by, now=now, permission="demand.withdraw")
    if by.agency and not secrecy.may_know(row.matter, by.ref):
        raise NotYours
    if row.state != DemandState.WITHDRAWN or row.undo_until is None or row.undo_until <= now:
        raise CannotTurn(
            f"Nothing can be undone in case {row.case.reference} any more; send the demand again."
        )
    as_staff = by if not by.agency else Actor.system("portal")
    back = DemandState(row.was)
    cases.reopen(case=case, by=as_staff, now=now)
    for each in files.targets(case=case, by=as_staff, now=now):
        if each.state is TargetState.WITHDRAWN and each.turned_at == row.ended_at:
            cases.turn_target(target=each.id, to=TargetState.ASKED, by=as_staff, now=now)
    back = DemandState.IN_REVIEW if back is DemandState.SCOPED else back  # its scope has ended
    turn(row, back, by=by, now=now, was="", undo_until=None, withdrawn_how="", ended_at=None, ended_by="")
    process.promise_again(received=row.received_id, by=as_staff, now=now)
    deadlines.disarm(SETTLES, subject=row.pk, now=now)
    fees.ask_again(row, by=as_staff, now=now)
    audit.record("demand.withdrawal_undone", by=by, at=now, matter=row.matter, demand=row.pk)
    return view(row, by=by, now=now)


@transaction.atomic
def settle(*, demand: str, by: Actor, now: datetime) -> bool:
    """End the holds of a withdrawn demand once it can no longer be undone; tell whether it did. For the clockwork."""
    row = Demand.objects.select_for_update().select_related("case").filter(pk=demand, settled_at=None).first()
    if row is None or row.state != DemandState.WITHDRAWN or row.undo_until is None or row.undo_until > now:
        return False
    Demand.objects.filter(pk=row.pk).update(settled_at=now)
    holding.lift(row, why="withdrawn", by=by, now=now)
    audit.record("demand.withdrawal_settled", by=by, at=now, matter=row.matter, demand=row.pk)
    return True


def withdraw_by_mail(*, asking: rules.Asking, by: Actor, now: datetime) -> rules.Verdict:
    """
    Judge a message at the status mailbox, and withdraw where it may (decisions, E); everything else waits for a person.

    Whoever asks learns nothing from what happens: a case that there is not is answered like one that is another's.
    """
    found = None
    if len(asking.references) == 1:
        (reference,) = asking.references
        found = readable(by=by, now=now).filter(case__reference=reference).select_related("case").first()
    verdict = rules.by_mail(asking, None if found is None else _facts(found))
    if verdict.withdraws and found is not None and not _named(found, asking.sender):
        verdict = rules.Verdict(False, True, "The agency's register names others for this subject (R-074).")
    if verdict.withdraws and found is not None:
        withdraw(case=found.case_id, how="mail", said_by=asking.sender, by=by, now=now)
    return verdict


def _nothing_left(row: Demand, standing: Collection[DemandScope], *, now: datetime) -> None:
    """
    Refuse once the answer has left under a scope that is standing: what was answered is not withdrawn.

    Asked when the scope was ended, with the lock that a release takes too: one that came first is seen, one that comes later
    finds the scope ended.
    """
    since = [each.approved_at for each in standing if each.approved_at]
    left = productions.productions(by=HOUSE, now=now, case=row.case_id, states=OUT)
    if any(each.released_at and each.released_at >= min(since) for each in left if since):
        raise CannotTurn(
            f"The answer of case {row.case.reference} has left; nothing of it is withdrawn any more."
        )


def _heard(case: str, how: str, said_by: str, *, by: Actor, now: datetime) -> None:
    """Refuse a wish that staff heard from somebody whom the agency does not name."""
    if not by.agency and how in SAID:
        cases.refuse_outside_register(files.case(case=case, by=by, now=now), said_by, by=by, now=now)


def _named(row: Demand, sender: str) -> bool:
    return agencies.honoured(agency=row.case.agency, desk=row.case.desk, way=sender)


def _facts(row: Demand) -> rules.Case:
    return rules.Case(
        reference=row.case.reference,
        state=DemandState(row.state),
        addresses=addresses_on_list(secrecy.readers(row.matter)),
        sealed=secrecy.is_sealed(row.matter),
    )


def _tell(row: Demand, *, until: datetime, by: Actor, now: datetime) -> None:
    home = files.case(case=row.case_id, by=by, now=now)
    guide = policy.at(now)
    if not home.contact.email or not guide.writes_mail:
        return  # without a mailbox the desk tells it by fax or telephone
    sent = notices.enqueue(
        messages.DEMAND_WITHDRAWN.name, to=home.contact.email,
        context={"case": home.reference, "until": words.moment(until, guide.carrier.zone.tz)},
        mailbox=guide.writes_from, matter=row.matter, by=by, now=now,
    )  # fmt: skip
    cases.note_sent(case=row.case_id, notice=sent.id, said={"subject": "Withdrawn"}, by=by, now=now)
