"""What can be read of rosters and escalations."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from tecum.access.rules import require
from tecum.accounts import queries as people
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.kernel.refusals import NotYours
from tecum.oncall.models import Escalation, EscalationEntry, ReachedBy, RosterShift
from tecum.oncall.rules import duty
from tecum.oncall.rules.duty import Duty, ShiftView
from tecum.oncall.rules.links import LINK_LASTS, token_hash
from tecum.oncall.rules.views import EscalationView
from tecum.secrecy import queries as lists

ANSWERS = "oncall.answer"
INSTANT = timedelta(microseconds=1)


def on_duty(*, at: datetime) -> tuple[Duty, ...]:
    """Return who is on call at an instant and may answer then, who is paged first first; empty in a gap."""
    able = dict(people.holders(ANSWERS))
    return duty.on_duty(_named(_rows(Period(at, at + INSTANT)), able), at)


def shifts(*, within: Period, by: Actor, now: datetime) -> list[ShiftView]:
    """Return the shifts that touch a period, in order of time, with names, of people who may answer or not."""
    require(by, "oncall.read", now=now)
    rows = list(_rows(within))
    names = people.names({row.person for row in rows})
    return [row.view(names.get(row.person, "")) for row in rows]


def gaps(*, within: Period) -> tuple[Period, ...]:
    """Return when nobody is on call who may answer now: a suspended person leaves a gap."""
    able = dict(people.holders(ANSWERS))
    return duty.gaps(_named(_rows(within), able), within)


def ways(refs: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return ref → the ways to reach each person, the first first; without any, the address of the account."""
    wanted = set(refs)
    found: dict[str, list[str]] = {}
    for row in ReachedBy.objects.filter(person__in=wanted, ended_at=None).order_by("place", "pk"):
        found.setdefault(row.person, []).append(row.way)
    mail = people.addresses(wanted)
    return {ref: tuple(found.get(ref) or ([mail[ref]] if ref in mail else [])) for ref in wanted}


def escalation(*, by: Actor, now: datetime, id: str = "", about: str = "") -> EscalationView:
    """
    Return one escalation with its record, by its id or, the latest, by what it is about.

    Whoever may only escalate (the NOC) sees how it climbs, and not what it is about (R-090).

    :raises NotYours: when unknown, or not for this actor
    """
    whole = by.may("oncall.read")
    if not whole:
        require(by, "oncall.escalate", now=now)
    rows = Escalation.objects.filter(pk=id) if id else Escalation.objects.filter(about=about)
    row = rows.order_by("-begun_at", "-pk").first()
    if row is None or (about and not whole):
        raise NotYours
    return row.view(whole=whole and _may_know(row.matter, by))


def by_link(*, token: str, now: datetime) -> EscalationView | None:
    """Return the open escalation that a page's link takes, without what it is about; None when it takes nothing."""
    line = EscalationEntry.objects.filter(link=token_hash(token), used_at=None).first() if token else None
    if line is None or now - line.at > LINK_LASTS or line.escalation.ended_at is not None:
        return None
    return line.escalation.view(whole=False, entries=False)


def escalations(*, by: Actor, now: datetime, open_only: bool = False, most: int = 50) -> list[EscalationView]:
    """Return escalations: the open ones first, then the latest. :raises NotYours: without a permission for it"""
    whole = by.may("oncall.read")
    if not whole:
        require(by, "oncall.escalate", now=now)
    rows = list(Escalation.objects.filter(ended_at=None).order_by("received_at", "pk"))
    if not open_only:
        rows += list(Escalation.objects.exclude(ended_at=None).order_by("-begun_at", "-pk")[:most])
    hidden = lists.sealed_among({row.matter for row in rows})
    return [
        row.view(whole=whole and (row.matter not in hidden or _may_know(row.matter, by)), entries=False)
        for row in rows
    ]


def _may_know(matter: str, by: Actor) -> bool:
    return not lists.is_sealed(matter) or lists.may_know(matter, by.ref)


def _rows(within: Period) -> Iterable[RosterShift]:
    rows = RosterShift.objects.filter(removed_at=None, begins_at__lt=within.end, ends_at__gt=within.start)
    return rows.order_by("begins_at", "place", "pk")


def _named(rows: Iterable[RosterShift], able: dict[str, str]) -> list[ShiftView]:
    return [row.view(able[row.person]) for row in rows if row.person in able]
