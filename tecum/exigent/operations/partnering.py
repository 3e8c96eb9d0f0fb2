"""
A partner's market (R-163): its emergency is handled through the partner, who is called; the ladder runs until somebody there
took it. Where the guide wants the partner's surveillances here for processing (R-162), the switch work then goes on here.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from tecum.audit import operations as audit
from tecum.cases import operations as cases
from tecum.cases import sealed
from tecum.cases.states import Direction
from tecum.exigent.models import ExigentRequest
from tecum.exigent.operations import deciding, following, telling
from tecum.exigent.operations.rows import locked, turn
from tecum.exigent.queries import reading
from tecum.exigent.queries.reading import RequestView
from tecum.exigent.rules.reading import is_surveillance
from tecum.exigent.states import WAITING, RequestState
from tecum.kernel import numbers
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused
from tecum.policy import queries as policy


class CannotPassOn(Refused):
    """No partner of the guide, or nobody there who took it over by name."""


@transaction.atomic
def pass_on(
    *, case: str, entity: str, spoke_with: str, number: str, called_at: datetime, by: Actor, now: datetime
) -> RequestView:
    """
    Hand an emergency over to a partner on the telephone: only the name of whoever took it there stops the ladder.

    A surveillance of a partner whose orders are copied to us for processing stays open: the partner handles the request,
    the desks of the copy rule are told, and the switches are ours to start, by a call back and two people as ever. Every
    other request is the partner's alone from then on.

    :raises CannotPassOn: for a company that the guide does not name as a partner, or without a name and a number
    """
    row = locked(case, by=by, now=now)
    guide = policy.at(now)
    own = {"self", "subsidiary"}
    partner = next((each for each in guide.entities if each.id == entity and each.kind not in own), None)
    if partner is None:
        raise CannotPassOn("The guide names no such partner.")
    if len(spoke_with.strip()) < 3 or not row.received_at <= called_at <= now:
        raise CannotPassOn("Write down who took it over there, and when: until then the ladder runs.")
    if row.passed_to:
        raise CannotPassOn("It was handed over already.")
    known = numbers.read(number)
    said = {"spoke_with": " ".join(spoke_with.split())[:120], "number": known}
    kept = sealed.close(sealed.key_of(row.matter), f"exigent {row.pk} passed", said)
    over = {"passed_to": entity, "passed_at": called_at, "passed_by": by.ref, "passed_said": kept}
    ours = partner.copy_to if is_surveillance(reading.pathway_of(row, guide)) else ()
    if ours:
        _for_processing(row, ours, over, by=by, now=now)
    else:
        deciding.void_proposals(row, by=by, now=now)
        turn(row, RequestState.ELSEWHERE, by=by, now=now, **over)
    cases.write_down(
        case=case, direction=Direction.OUT, channel="telephone",
        said={"subject": f"Handed over to {partner.name}", "text": f"Taken over by {said['spoke_with']}."}, at=called_at,
        by=by, now=now,
    )  # fmt: skip
    following.answered(row, spoke_with=said["spoke_with"], number=known, at=called_at, by=by, now=now)
    if not ours:
        following.quiet(row, by=by, now=now)
    audit.record("exigent.passed_on", by=by, at=now, matter=row.matter, request=row.pk, to=entity)
    return reading.view(row, by=by, now=now)


def _for_processing(
    row: ExigentRequest, desks: tuple[str, ...], over: Mapping[str, Any], *, by: Actor, now: datetime
) -> None:
    """Go on with the switch work of a request that its partner handles. :raises CannotPassOn: once it was decided"""
    if row.state not in WAITING:
        raise CannotPassOn(f"This request is {row.state.lower()}.")
    for name, value in over.items():
        setattr(row, name, value)
    row.save(update_fields=list(over))
    telling.desks(
        row, desks, "a partner handles it, and its switch work is ours",
        "Call the agency back, have the certificate, and propose the surveillance now.", by=by, now=now,
    )  # fmt: skip
    audit.record(
        "exigent.copy_processed", by=by, at=now, matter=row.matter, request=row.pk, to=row.passed_to, desks=list(desks)
    )  # fmt: skip
