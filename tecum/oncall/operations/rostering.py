"""Keeping the roster: shifts, covers, and how each person is reached."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db import transaction

from tecum.access.rules import require
from tecum.accounts import queries as accounts
from tecum.audit import operations as audit
from tecum.kernel.actors import Actor
from tecum.kernel.ids import unguessable
from tecum.kernel.periods import Period
from tecum.kernel.refusals import NotYours, Refused
from tecum.notices.rules import destination
from tecum.oncall.models import ReachedBy, RosterShift
from tecum.oncall.queries import ANSWERS
from tecum.oncall.rules import duty
from tecum.oncall.rules.duty import ShiftView
from tecum.oncall.states import ShiftKind
from tecum.policy import queries as policy

LONGEST = timedelta(days=35)
MOST_WAYS = 6
MOST_DAYS = 400


class CannotRoster(Refused):
    """A shift without a length or too long, a person who may not answer, or a way that reaches nobody."""


@transaction.atomic
def add_shift(
    *,
    person: str,
    period: Period,
    by: Actor,
    now: datetime,
    kind: ShiftKind = ShiftKind.ORDINARY,
    place: int = 1,
) -> ShiftView:
    """
    Put a person on call for a period; a cover takes the place of what it overlaps.

    :raises CannotRoster: for somebody who may not answer, an empty or endless period, or one that is over
    """
    require(by, "oncall.roster", now=now)
    names = dict(accounts.holders(ANSWERS))
    if person not in names:
        raise CannotRoster("This person may not answer emergencies: give them the role first.")
    if period.empty or period.elapsed > LONGEST:
        raise CannotRoster(f"A shift is longer than nothing and at most {LONGEST.days} days long.")
    if period.end <= now:
        raise CannotRoster("This shift would be over already.")
    if not 1 <= place <= 9:
        raise CannotRoster("The place is a number from 1, who is paged first, to 9.")
    row = RosterShift(
        id=unguessable(), person=person, begins_at=period.start, ends_at=period.end, kind=kind, place=place,
        entered_at=now, entered_by=by.ref,
    )  # fmt: skip
    row.save(force_insert=True)
    audit.record(
        "oncall.shift_entered", by=by, at=now, shift=row.pk, person=person.removeprefix("person:"),
        begins=period.start, ends=period.end, kind=kind.value, place=place,
    )  # fmt: skip
    return row.view(names[person])


@transaction.atomic
def enter_rotation(
    *,
    people: Sequence[str],
    first: date,
    at: time,
    days: int,
    turns: int,
    by: Actor,
    now: datetime,
    place: int = 1,
) -> list[ShiftView]:
    """
    Put people on call in turn, for so many days each, so many times; hand-overs are at one time of the carrier's clocks.

    :raises CannotRoster: without people, or for more than a year
    """
    require(by, "oncall.roster", now=now)
    if not people or not 1 <= days <= LONGEST.days or not turns >= 1 or days * turns > MOST_DAYS:
        raise CannotRoster(
            f"Name people, 1 to {LONGEST.days} days each, and at most {MOST_DAYS} days in all."
        )
    zone = policy.at(now).carrier.zone.tz
    wanted = duty.rotation(people, first=first, at=at, days=days, turns=turns, zone=zone)
    made = [add_shift(person=who, period=part, place=place, by=by, now=now) for who, part in wanted]
    audit.record("oncall.rotation_entered", by=by, at=now, shifts=len(made), people=len(set(people)))
    return made


@transaction.atomic
def remove_shift(*, shift: str, by: Actor, now: datetime) -> None:
    """Take a shift from the roster; what of it is past stays true. :raises NotYours: for one that is not there"""
    require(by, "oncall.roster", now=now)
    row = RosterShift.objects.select_for_update().filter(pk=shift, removed_at=None).first()
    if row is None:
        raise NotYours
    if row.ends_at <= now:
        raise CannotRoster("This shift is over; the past is not changed.")
    if row.begins_at < now:
        RosterShift.objects.filter(pk=row.pk).update(ends_at=now)
    else:
        RosterShift.objects.filter(pk=row.pk).update(removed_at=now, removed_by=by.ref)
    audit.record("oncall.shift_removed", by=by, at=now, shift=row.pk)


@transaction.atomic
def set_ways(*, person: str, ways: Sequence[str], by: Actor, now: datetime) -> None:
    """
    Say how a person is reached, the first way first; one's own, or anybody's with the roster.

    :raises CannotRoster: for a way that is no address, or too many
    """
    if by.ref != person:
        require(by, "oncall.roster", now=now)
    wanted = list(dict.fromkeys(" ".join(each.split()) for each in ways if each.strip()))
    if len(wanted) > MOST_WAYS:
        raise CannotRoster(f"A person is reached by {MOST_WAYS} ways at most.")
    for each in wanted:
        try:
            destination(each)
        except Refused as why:
            raise CannotRoster(f"'{each}': {why}") from None
    rows = ReachedBy.objects.select_for_update().filter(person=person, ended_at=None)
    rows.update(ended_at=now)
    ReachedBy.objects.bulk_create(
        ReachedBy(id=unguessable(), person=person, way=each, place=place, entered_at=now, entered_by=by.ref)
        for place, each in enumerate(wanted, 1)
    )
    audit.record("oncall.ways_set", by=by, at=now, person=person.removeprefix("person:"), ways=len(wanted))
