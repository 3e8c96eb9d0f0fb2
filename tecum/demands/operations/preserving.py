"""Records kept on request until legal process follows (18 USC 2703(f); Criminal Code 487.012, 487.013)."""

from datetime import datetime

from django.db import transaction

from tecum.audit import operations as audit
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.deadlines import operations as deadlines
from tecum.demands import messages
from tecum.demands.models import Demand, Preservation
from tecum.demands.operations import holding, hooking
from tecum.demands.operations.rows import CannotTurn, locked
from tecum.demands.queries import planning
from tecum.demands.queries.standing import PreservationView, shown
from tecum.demands.states import PRESERVATION_NEXT, PreservationState
from tecum.guide.calculators import calendars
from tecum.guide.model.demands import Preservation as Rule
from tecum.guide.model.guide import Guide
from tecum.guide.questions import Question, best
from tecum.kernel import words
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused
from tecum.notices import operations as notices
from tecum.policy import queries as policy
from tecum.process import queries as process

ENDS, WARNS = "preservation.ends", "preservation.warns"


class CannotPreserve(Refused):
    """Records that cannot be preserved as asked."""


@transaction.atomic
def preserve(*, case: str, by: Actor, now: datetime) -> PreservationView:
    """
    Keep what a preservation request names, for as long as the guide says from its receipt.

    :raises CannotPreserve: where the guide knows no preservation, or nothing that exists is named
    """
    row = locked(case, by=by, now=now)
    guide = policy.at(now)
    received = process.received(id=row.received_id, by=by, now=now)
    rule = _rule(guide, received.said.country, received.received_at, received.said.process)
    if Preservation.objects.filter(demand=row).exists():
        raise CannotPreserve("The records of this case are preserved already; renew it instead.")
    if not planning.plan_of(row, by=by, now=now).hold and not row.holds.filter(lifted_at=None).exists():
        raise CannotPreserve("Nothing that still exists is named with a number, an interval and a product.")
    made = Preservation.objects.create(
        demand=row, rule=rule.id, asked_at=received.received_at, guide_version=guide.version,
        ends_at=calendars.later(guide, received.received_at, rule.time),
    )  # fmt: skip
    holding.at_receipt(row, by=by, now=now)
    holding.lapse_no_more(row, now=now)
    _arm(made, rule, guide, now=now)
    audit.record(
        "preservation.begun",
        by=by,
        at=now,
        matter=row.matter,
        demand=row.pk,
        until=made.ends_at,
        rule=rule.id,
    )
    hooking.preservation_moved(made, row, by=by, now=now)
    _tell(row, made, guide, messages.PRESERVATION_CONFIRMED.name, by=by, now=now)
    return shown(made)


@transaction.atomic
def renew(*, case: str, by: Actor, now: datetime) -> PreservationView:
    """
    Renew a preservation before it ends, as often as the guide allows.

    :raises CannotPreserve: after its end, or once it was renewed as often as that
    """
    row = locked(case, by=by, now=now)
    made = Preservation.objects.select_for_update().filter(demand=row).first()
    if made is None or made.state != PreservationState.ACTIVE or made.ends_at <= now:
        raise CannotPreserve("There is no preservation in this case that could be renewed.")
    guide = policy.at(now)
    rule = next((each for each in guide.preservations if each.id == made.rule), None)
    if rule is None or made.renewals >= rule.renewals:
        raise CannotPreserve(f"It was renewed as often as the guide allows ({made.renewals}).")
    made.ends_at = calendars.later(guide, made.ends_at, rule.renewal or rule.time)
    made.renewals, made.warned_at = made.renewals + 1, None
    made.save()
    _arm(made, rule, guide, now=now)
    audit.record(
        "preservation.renewed", by=by, at=now, matter=row.matter, demand=row.pk, until=made.ends_at,
        times=made.renewals,
    )  # fmt: skip
    hooking.preservation_moved(made, row, by=by, now=now)
    _tell(row, made, guide, messages.PRESERVATION_CONFIRMED.name, by=by, now=now)
    return shown(made)


@transaction.atomic
def follow(*, case: str, by_case: str, by: Actor, now: datetime) -> None:
    """Say that legal process followed a preservation: its holds pass to that demand, which holds them as its own."""
    row = locked(case, by=by, now=now)
    after = locked(by_case, by=by, now=now)
    made = Preservation.objects.select_for_update().filter(demand=row).first()
    if made is None or row.pk == after.pk:
        raise NotYours
    _turn(made, PreservationState.FOLLOWED, by=by, now=now, followed_by=after)
    row.holds.filter(lifted_at=None).update(demand=after)
    cases.link(case=case, other=by_case, why="preserved", by=by, now=now)
    audit.record("preservation.followed", by=by, at=now, matter=row.matter, demand=row.pk, other=after.pk)


@transaction.atomic
def release(*, case: str, by: Actor, now: datetime) -> None:
    """End a preservation because the agency no longer needs it."""
    row = locked(case, by=by, now=now)
    made = Preservation.objects.select_for_update().filter(demand=row).first()
    if made is None:
        raise NotYours
    _turn(made, PreservationState.RELEASED, by=by, now=now)
    holding.lift(row, why="released", by=by, now=now)


@transaction.atomic
def ends(*, preservation: str, by: Actor, now: datetime) -> bool:
    """End a preservation whose time is over, with its holds; tell whether it did. For the clockwork."""
    made = Preservation.objects.select_for_update().select_related("demand").filter(pk=preservation).first()
    if made is None or made.state != PreservationState.ACTIVE or made.ends_at > now:
        return False
    _turn(made, PreservationState.LAPSED, by=by, now=now)
    holding.lift(made.demand, why="lapsed", by=by, now=now)
    return True


@transaction.atomic
def warns(*, preservation: str, by: Actor, now: datetime) -> bool:
    """Tell the agency that a preservation ends soon; tell whether it did. For the clockwork."""
    made = (
        Preservation.objects.select_for_update(of=("self",))
        .select_related("demand__case")
        .filter(pk=preservation)
        .first()
    )
    if made is None or made.state != PreservationState.ACTIVE or made.warned_at is not None:
        return False
    made.warned_at = now
    made.save(update_fields=["warned_at"])
    audit.record(
        "preservation.warned",
        by=by,
        at=now,
        matter=made.demand.matter,
        demand=made.demand_id,
        until=made.ends_at,
    )
    hooking.preservation_moved(made, made.demand, by=by, now=now)
    _tell(made.demand, made, policy.at(now), messages.PRESERVATION_ENDS.name, by=by, now=now)
    return True


def _rule(guide: Guide, country: str, received: datetime, kind: str) -> Rule:
    day = received.astimezone(guide.carrier.zone.tz).date()
    process_kind = next((each.kind for each in guide.process_types if each.id == kind), "")
    facts = frozenset({process_kind} if process_kind else ())
    question = Question(on=day, country=country or guide.carrier.country, facts=facts)
    rule, _ = best(guide.preservations, question, guide)
    if rule is None:
        raise CannotPreserve("The guide says nothing about preservation.")
    return rule


def _arm(made: Preservation, rule: Rule, guide: Guide, *, now: datetime) -> None:
    deadlines.arm(ENDS, subject=made.pk, due_at=made.ends_at, matter=made.demand.matter, now=now)
    before = calendars.later(guide, made.ends_at, rule.warned_before, back=True)
    if before > now:
        deadlines.arm(WARNS, subject=made.pk, due_at=before, matter=made.demand.matter, now=now)


def _turn(
    made: Preservation, to: PreservationState, *, by: Actor, now: datetime, followed_by: Demand | None = None
) -> None:
    was = PreservationState(made.state)
    if to not in PRESERVATION_NEXT[was]:
        raise CannotTurn(f"This preservation is already {was.lower()}.")
    made.state, made.turned_at, made.turned_by, made.followed_by = to, now, by.ref, followed_by
    made.save()
    for kind in (ENDS, WARNS):
        deadlines.disarm(kind, subject=made.pk, now=now)
    audit.record(
        "preservation.turned", by=by, at=now, matter=made.demand.matter, demand=made.demand_id, was=was.lower(),
        state=to.lower(),
    )  # fmt: skip
    hooking.preservation_moved(made, made.demand, by=by, now=now)


def _tell(row: Demand, made: Preservation, guide: Guide, message: str, *, by: Actor, now: datetime) -> None:
    home = files.case(case=row.case_id, by=by, now=now)
    if not home.contact.email or not guide.writes_mail:
        return  # without a mailbox the desk tells it by fax or telephone
    sent = notices.enqueue(
        message, to=home.contact.email,
        context={"case": home.reference, "until": words.moment(made.ends_at, guide.carrier.zone.tz)},
        mailbox=guide.writes_from, matter=row.matter, by=by, now=now,
    )  # fmt: skip
    cases.note_sent(case=row.case_id, notice=sent.id, said={"subject": "Preservation"}, by=by, now=now)
