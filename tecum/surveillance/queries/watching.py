"""Counts and lists over all surveillances: what ends next, what is overdue, what differs. The invariants I1 to I4 as questions."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Min, Q

from tecum.deadlines import queries as deadlines
from tecum.kernel.invariants import Broken
from tecum.policy import queries as policy
from tecum.surveillance.drivers import choice
from tecum.surveillance.models import AuthorityTurn, Mismatch, SwitchReading, Tap, TapTarget
from tecum.surveillance.rules.ordered import AuthorityKind
from tecum.surveillance.states import ON, AuthorityState, MismatchState, TapState

LOOKED = timedelta(seconds=60)


def counts(*, now: datetime) -> dict[str, int]:
    """Return how many are on, on their way, overdue, and differ; for a watcher and the command line: no name, no number."""
    state = Count("pk", filter=Q(state__in=ON))
    moving = Count("pk", filter=Q(state__in=[TapState.STARTING, TapState.STOPPING]))
    overdue = Count("pk", filter=~Q(state=TapState.ENDED) & Q(until_at__lte=now))
    rows = Tap.objects.aggregate(on=state, moving=moving, overdue=overdue)
    return {**rows, "differences": Mismatch.objects.filter(state=MismatchState.OPEN).count()}


@dataclass(frozen=True, slots=True)
class EmergencyOn:
    """
    A tap that is on by an emergency, for whoever decides emergencies to vouch for; `since` this generation is desired.

    `first_on` is when the first switch of its surveillance obeyed, `prolonged` that two people gave it a later end.
    """

    tap: str
    authority: str
    ends_at: datetime
    since: datetime
    first_on: datetime | None = None
    prolonged: bool = False


def emergencies_on() -> tuple[EmergencyOn, ...]:
    """Return the taps that are on by an emergency: ids and instants only."""
    rows = Tap.objects.filter(state__in=ON, authority__kind=AuthorityKind.EMERGENCY)
    found = rows.values_list(
        "pk", "authority_id", "authority__ends_at", "turned_at", "authority__surveillance_id"
    ).order_by("pk")
    later = AuthorityTurn.objects.filter(authority__in=[row[1] for row in found], why="extended")
    two = set(later.exclude(second="").exclude(second=F("by")).values_list("authority", flat=True))
    return tuple(EmergencyOn(*row[:4], first_on(surveillance=row[4]), row[1] in two) for row in found)


def first_on(*, surveillance: str) -> datetime | None:
    """Return when the first activation command of a surveillance left that a switch did not reject (C3)."""
    known = TapTarget.objects.filter(surveillance=surveillance, first_on_at__isnull=False)
    first: datetime | None = known.aggregate(first=Min("first_on_at"))["first"]
    return first


def broken(*, now: datetime) -> tuple[Broken, ...]:
    """
    Return where I1, I2 or I3 do not hold at this moment; for the watcher of the invariants and for the tests of crashes.

    I1: nothing is desired on after its authorised end, and what is seen on after it is an open overrun. I2: whatever is
    on rests on an authority in force and on two approvers, or on an emergency that one person decided for a life (decisions,
    E); that an emergency was called back and is cut in time, `exigent` asks. I3: it has exactly one armed deadline of its end.
    """
    found: list[Broken] = []
    for tap in Tap.objects.select_related("authority").exclude(state=TapState.ENDED):
        if tap.state in ON:
            found += [Broken(name, tap.pk, since) for name, since in _on(tap, now)]
        elif tap.until_at + LOOKED <= now and not _overrun(tap):
            found.append(Broken("I1", tap.pk, tap.until_at))
    return tuple(found)


def undeclared(*, now: datetime) -> tuple[Broken, ...]:
    """
    Return the switches at which I4 cannot be vouched for: nobody reads their list, and no open difference says so.

    A switch that a technician works on has no list to be read.
    """
    found = [Broken("I4", switch) for switch in unseen(now=now)]
    read = set(SwitchReading.objects.values_list("switch", flat=True))
    used = set(Tap.objects.exclude(state=TapState.ENDED).values_list("switch", flat=True).distinct())
    driven = {
        each.id for each in policy.at(now).switches if each.id in used and choice.port(each) is not None
    }
    return (*found, *(Broken("I4", switch) for switch in sorted(driven - read)))


def unseen(*, now: datetime) -> tuple[str, ...]:
    """Return the switches whose list was not read lately and that nobody is told of (I4)."""
    late = SwitchReading.objects.filter(Q(read_at=None) | Q(read_at__lt=now - LOOKED))
    told = Mismatch.objects.filter(state=MismatchState.OPEN, kind="silent").values("switch")
    return tuple(late.exclude(switch__in=told).values_list("switch", flat=True))


def _on(tap: Tap, now: datetime) -> list[tuple[str, datetime]]:
    found = []
    if tap.until_at <= now:
        found.append(("I1", tap.until_at))
    standing = tap.authority.state == AuthorityState.IN_FORCE
    two = tap.approved_by != tap.proposed_by or (tap.alone and tap.authority.alone)
    if not standing or not two or not tap.affirmed_by:
        found.append(("I2", tap.turned_at))
    if not deadlines.is_open("surveillance.end", subject=tap.pk):
        found.append(("I3", tap.turned_at))
    return found


def _overrun(tap: Tap) -> bool:
    return Mismatch.objects.filter(tap=tap, kind="overrun", state=MismatchState.OPEN).exists()
