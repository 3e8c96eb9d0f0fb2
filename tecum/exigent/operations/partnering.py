"""
A partner's market (R-163): what belongs to the partner, judged by the market of each target, is handled through the partner,
who is called; the ladder runs until somebody there took it. Where the guide wants the partner's surveillances here for processing (R-162), the switch work then goes on here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.db import transaction

from tecum.access.rules import require
from tecum.audit import operations as audit
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases import sealed
from tecum.cases.states import Direction, TargetState
from tecum.exigent.models import ExigentRequest
from tecum.exigent.operations import deciding, following, telling
from tecum.exigent.operations.rows import WORK, changed, locked, say, turn
from tecum.exigent.queries import reading
from tecum.exigent.queries.reading import RequestView
from tecum.exigent.rules import belonging
from tecum.exigent.rules.belonging import Whose
from tecum.exigent.rules.reading import is_surveillance
from tecum.exigent.states import WAITING, RequestState
from tecum.kernel import numbers
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused
from tecum.policy import queries as policy
from tecum.records.queries import subscribers

NOBODY_SAID: Mapping[str, str] = MappingProxyType({})


class CannotPassOn(Refused):
    """No partner of the guide, or nobody there who took it over by name."""


def look_whose(*, case: str, by: Actor, now: datetime) -> tuple[Whose, ...]:
    """
    Return whose each target of a request is, by the market that the subscriber source names; that it was read is recorded first.

    :raises NotYours: when the request is unknown, or not for this person to work on
    """
    require(by, WORK, now=now)
    row = reading.row_of(case, by=by, now=now)
    audit.note("exigent.markets_read", by=by, at=now, matter=row.matter, request=row.pk)
    return _judged(row, {}, now=now)


@transaction.atomic
def pass_on(
    *,
    case: str,
    entity: str,
    spoke_with: str,
    number: str,
    called_at: datetime,
    by: Actor,
    now: datetime,
    whose: Mapping[str, str] = NOBODY_SAID,
) -> RequestView:
    """
    Hand an emergency over to a partner on the telephone: only the name of whoever took it there stops the ladder.

    Only what belongs to the partner goes there, judged by each target's market; `whose` says it of a target of which the
    subscriber source names none: an entity of the guide, or `OURS`. A surveillance of a partner whose orders are copied to us
    for processing stays open: the partner handles the request, the desks of the copy rule are told, and the switches are ours
    to start, by a call back and two people as ever. Of every other request our own targets stay here, and the ladder climbs on
    about them; one without any is the partner's alone from then on.

    :raises CannotPassOn: for a company that the guide does not name as a partner, without a name and a number, for a target
        of which nobody knows whose it is, or where none is that partner's
    """
    row = locked(case, by=by, now=now)
    guide, said = policy.at(now), reading.said_of(row)
    partner = next((each for each in belonging.partners(guide) if each.id == entity), None)
    if partner is None:
        raise CannotPassOn("The guide names no such partner.")
    if len(spoke_with.strip()) < 3 or not row.received_at <= called_at <= now:
        raise CannotPassOn("Write down who took it over there, and when: until then the ladder runs.")
    if row.passed_to:
        raise CannotPassOn("It was handed over already.")
    theirs, rest = _theirs(row, entity, whose, now=now)
    known = numbers.read(number)
    who = " ".join(spoke_with.split())[:120]
    kept = {"spoke_with": who, "number": known, "targets": list(theirs)}
    shut = sealed.close(sealed.key_of(row.matter), f"exigent {row.pk} passed", kept)
    over = {"passed_to": entity, "passed_at": called_at, "passed_by": by.ref, "passed_said": shut}
    ours = (
        belonging.copies(guide, partner, said.types)
        if is_surveillance(reading.pathway_of(row, guide))
        else ()
    )
    if ours:
        _for_processing(row, ours, over, by=by, now=now)
    elif rest:
        _in_part(row, theirs, rest, over, by=by, now=now)
    else:
        deciding.void_proposals(row, by=by, now=now)
        turn(row, RequestState.ELSEWHERE, by=by, now=now, **over)
        following.quiet(row, by=by, now=now)
    cases.write_down(
        case=case, direction=Direction.OUT, channel="telephone",
        said={"subject": f"Handed over to {partner.name}", "text": _written(kept, len(rest))}, at=called_at, by=by, now=now,
    )  # fmt: skip
    if ours or not rest:
        following.answered(row, spoke_with=who, number=known, at=called_at, by=by, now=now)
    audit.record(
        "exigent.passed_on", by=by, at=now, matter=row.matter, request=row.pk, to=entity, targets=len(theirs), kept=len(rest)
    )  # fmt: skip
    return reading.view(row, by=by, now=now)


def _theirs(
    row: ExigentRequest, entity: str, whose: Mapping[str, str], *, now: datetime
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the targets that belong to a partner, and the others. :raises CannotPassOn: where that is not known, or none is"""
    judged = _judged(row, whose, now=now)
    unknown = [numbers.grouped(each.number) for each in judged if not each.entity]
    if unknown:
        raise CannotPassOn(f"Say whose market {', '.join(unknown)} is in: the subscriber source names none.")
    theirs, rest = belonging.parted(judged, entity)
    if judged and not theirs:
        raise CannotPassOn("None of its targets is in a market of that partner.")
    return theirs, rest


def _judged(row: ExigentRequest, said: Mapping[str, str], *, now: datetime) -> tuple[Whose, ...]:
    """Return whose each target is: the subscriber source's word, else a person's."""
    guide = policy.at(now)
    on = now.astimezone(guide.carrier.zone.tz).date()
    may_be = {belonging.OURS, *(each.id for each in belonging.partners(guide))}
    found = []
    for number in reading.said_of(row).targets:
        market = subscribers.market_of(number, now=now)
        by_source = belonging.whose(guide, market, on=on)
        given = said.get(number, "")
        found.append(Whose(number, market, by_source or (given if given in may_be else "")))
    return tuple(found)


def _written(kept: Mapping[str, Any], rest: int) -> str:
    """Return what the case's correspondence says of a hand-over."""
    which = f"{len(kept['targets'])} of its targets; {rest} stay here. " if rest else ""
    return f"{which}Taken over by {kept['spoke_with']}."


def _in_part(
    row: ExigentRequest,
    theirs: Sequence[str],
    rest: Sequence[str],
    over: Mapping[str, Any],
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Go on with our own targets alone. :raises CannotPassOn: once it was decided"""
    if row.state not in WAITING:
        raise CannotPassOn(f"This request is {row.state.lower()}.")
    deciding.void_proposals(row, by=by, now=now)
    say(row, replace(reading.said_of(row), targets=tuple(rest)))
    for name, value in over.items():
        setattr(row, name, value)
    row.save(update_fields=["said", "requester", "grounds", "sent_from", *over])
    for each in files.targets(case=row.case_id, by=by, now=now):
        if each.value in theirs and each.state is TargetState.ASKED:
            cases.turn_target(target=each.id, to=TargetState.DECLINED, by=by, now=now)
    changed(row, now=now)


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
