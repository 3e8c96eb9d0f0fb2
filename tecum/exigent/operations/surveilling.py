"""
Emergency surveillance: the authority, the command and the end that cuts it are written in one transaction by
`surveillance`; here are the certificate it rests on, what must follow, and its other two ends (R-180, R-181).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tecum.cases import queries as files
from tecum.exigent.models import ExigentDecision, ExigentRequest
from tecum.exigent.operations import following
from tecum.exigent.queries import reading
from tecum.exigent.rules import cutting
from tecum.exigent.rules import following as rules
from tecum.guide.model.emergency import Emergency
from tecum.guide.model.guide import Guide
from tecum.kernel import numbers
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused
from tecum.policy import queries as policy
from tecum.surveillance import queries as taps
from tecum.surveillance.operations import emergencies
from tecum.surveillance.rules import ordered as ordering
from tecum.surveillance.rules.ordered import CONTENT, Ordered


class CannotSurveil(Refused):
    """A surveillance that the request does not ask for, or that no clock would end."""


def content(
    row: ExigentRequest, ordered: Sequence[Ordered], delivery: Mapping[str, str], *, by: Actor, now: datetime
) -> dict[str, Any]:
    """
    Return exactly what would start: these lines, delivered there, for the length of the guide's clock.

    :raises CannotSurveil: for a target or a type that the request does not name, content without a dial-up number, or a
        guide without a clock that ends it
    """
    guide = policy.at(now)
    pathway, said = reading.pathway_of(row, guide), reading.said_of(row)
    wanted = [Ordered(numbers.read(o.number), o.service, o.type, tuple(o.switches)) for o in ordered]
    if not wanted or not all(each.switches for each in wanted):
        raise CannotSurveil("Name at least one target, and the switches of each.")
    if any(each.number not in said.targets or each.type not in said.types for each in wanted):
        raise CannotSurveil("The certificate does not ask for that: ask the official for a corrected one.")
    where = {numbers.read(number): numbers.read(to) for number, to in delivery.items() if to.strip()}
    if any(each.type in CONTENT and each.number not in where for each in wanted):
        raise CannotSurveil("A Title III surveillance needs the agency's dial-up number in writing (R-121).")
    _ends(guide, pathway, now)
    return {
        "ordered": ordering.as_data(wanted), "delivery": where, "clock": pathway.clock, "evidence": _paper(row, by=by, now=now)
    }  # fmt: skip


def begin(
    row: ExigentRequest, made: ExigentDecision, said: dict[str, Any], *, by: Actor, now: datetime
) -> None:
    """
    Start it, with its end armed in this same transaction, and arm the reminders of what must follow.

    The clock is counted as if the first switch obeyed at once, so that it is never late (C3). What was stopped and begins
    anew keeps the end it had: one request gives its hours once.
    """
    guide = policy.at(now)
    pathway = reading.pathway_of(row, guide)
    ends_at = min([_ends(guide, pathway, now), *_before(row, now=now)])
    if ends_at <= now:
        raise CannotSurveil("The hours of this emergency are over: it takes an order, or a new request.")
    started = emergencies.start(
        case=row.case_id, approval=made.approval, content=made.digest, ends_at=ends_at, evidence=said["evidence"],
        ordered=ordering.from_data(said["ordered"]), delivery=said["delivery"], by=by, now=now,
    )  # fmt: skip
    made.surveillance, made.authority = started.surveillance, started.authority
    made.save(update_fields=["surveillance", "authority"])
    wanted = rules.must_follow(pathway, guide, started=now, order_by=ends_at)
    following.plan(row, wanted, started_at=now, by=by, now=now)


def _ends(guide: Guide, pathway: Emergency, started: datetime) -> datetime:
    """Return when an emergency ends that starts now, by the guide's clock."""
    ends = cutting.ends_at(guide, pathway, started)
    if ends is None:
        raise CannotSurveil("The guide names no clock that ends it: nothing starts that has no end.")
    return ends


def _before(row: ExigentRequest, *, now: datetime) -> list[datetime]:
    """Return the ends that the clock gave this request before."""
    known = row.decisions.exclude(authority="").values_list("authority", flat=True)
    return [taps.authority(authority=each, by=following.SELF, now=now).ends_at for each in known]


def _paper(row: ExigentRequest, *, by: Actor, now: datetime) -> str:
    if row.paper:
        return row.paper
    papers = files.documents(case=row.case_id, by=by, now=now)
    return papers[0].id if papers else row.received_id
