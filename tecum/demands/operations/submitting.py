"""An officer hands a demand in, on the page or by program: the same verb as for mail, and once for each key."""

from datetime import datetime

from tecum.agencies import queries as agencies
from tecum.audit import operations as audit
from tecum.demands.models import Demand
from tecum.demands.operations.keyed import CannotSubmit, Door, DoorShut, Handing, Submitted, once
from tecum.demands.operations.opening import receive
from tecum.demands.queries.submitting import contact_of
from tecum.demands.rules import submitting as rules
from tecum.demands.rules.submitting import Submission
from tecum.guide import saying
from tecum.guide.calculators.payment import closed
from tecum.kernel.actors import Actor
from tecum.policy import queries as policy
from tecum.process.queries import ReceivedView


def submit(*, submission: Submission, door: Door, key: str, by: Actor, now: datetime) -> Submitted:
    """
    Take in a legal demand that an officer hands in; the same key again returns what it was answered with.

    :raises NotYours: for anybody but an officer of a vetted agency
    :raises DoorShut: where the guide does not name this channel, or not for this process
    :raises CannotSubmit: with every fault, and nothing was kept
    :raises KeyUsed: when the key stands for another demand
    """
    handing = Handing(
        submission.content(),
        lambda: submission.papers,
        may_come=lambda: _may_come(submission, door, by.agency, now=now),
        take_in=lambda id: _take_in(submission, door, id, by=by, now=now),
    )
    return once(handing, door=door, key=key, by=by, now=now)


def _may_come(submission: Submission, door: Door, agency: str, *, now: datetime) -> None:
    guide = policy.at(now)
    day = now.astimezone(guide.carrier.zone.tz).date()
    if not rules.door_open(guide, door, on=day):
        raise DoorShut(f"Legal process is not accepted by {rules.DOORS[door]} here.")
    if faults := rules.faults(guide, submission):
        raise CannotSubmit(faults)
    route = rules.way_in(guide, submission, door, on=day)
    if route is not None and not route.accepted:
        raise DoorShut(route.refusal)
    said = submission.said
    late = agencies.arrears(agency=agency, at=now, process=said.process, facts=said.facts)
    if late is not None and closed(guide, late, door):
        raise DoorShut(
            " ".join(
                ["Invoices of your agency are overdue.", *saying.changed_by_arrears(late.arrears, guide)]
            )
        )


def _take_in(submission: Submission, door: Door, id: str, *, by: Actor, now: datetime) -> ReceivedView:
    clerk, guide = Actor.system(door), policy.at(now)
    route = rules.way_in(guide, submission, door, on=now.astimezone(guide.carrier.zone.tz).date())
    got = receive(
        channel=door, received_at=now, said=submission.said, contact=contact_of(submission.contact, by=by, now=now),
        targets=submission.targets, agency=by.agency, desk=guide.demands.desk or (route.desk if route else ""),
        people=(by.ref,), by=clerk, now=now,
    )  # fmt: skip
    demand = Demand.objects.get(case=got.case)
    audit.record(
        "demand.submitted", by=by, at=now, matter=demand.matter, demand=demand.pk, case=got.case, submission=id,
        door=door, targets=len(submission.targets), papers=len(submission.papers),
    )  # fmt: skip
    return got
