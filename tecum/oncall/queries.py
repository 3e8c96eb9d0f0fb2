"""What can be read of rosters and escalations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from tecum.access.rules import require
from tecum.accounts import queries as people
from tecum.kernel.actors import Actor
from tecum.kernel.lists import Long
from tecum.kernel.periods import Period
from tecum.kernel.refusals import NotYours
from tecum.notices import queries as notices
from tecum.oncall.models import Escalation, EscalationEntry, ReachedBy, RosterShift
from tecum.oncall.rules import duty
from tecum.oncall.rules.duty import Duty, ShiftView
from tecum.oncall.rules.ladder import Rung
from tecum.oncall.rules.links import LINK_LASTS, token_hash
from tecum.oncall.rules.views import EscalationView
from tecum.policy import queries as policy
from tecum.secrecy import queries as lists


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who may answer an emergency; `duty` while on call."""

    person: str
    name: str
    ways: tuple[str, ...]
    duty: Duty | None


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


def kept_since(at: datetime) -> bool:
    """Tell whether a roster has been kept since an instant: a shift was entered by then."""
    return RosterShift.objects.filter(entered_at__lte=at).exists()


def able() -> list[tuple[str, str]]:
    """Return ref and name of everybody who may be on call."""
    return people.holders(ANSWERS)


def standing(shifts: Iterable[ShiftView]) -> list[ShiftView]:
    """Return those shifts whose person may answer now: the others are gaps."""
    may_answer = dict(able())
    return [each for each in shifts if each.person in may_answer]


def zone(*, now: datetime) -> ZoneInfo:
    """Return the zone of the carrier's clocks, by which people hand over."""
    return policy.at(now).carrier.zone.tz


def ways(refs: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return ref → the ways to reach each person, the first first; without any, the address of the account."""
    wanted = set(refs)
    found: dict[str, list[str]] = {}
    for row in ReachedBy.objects.filter(person__in=wanted, ended_at=None).order_by("place", "pk"):
        found.setdefault(row.person, []).append(row.way)
    mail = people.addresses(wanted)
    return {ref: tuple(found.get(ref) or ([mail[ref]] if ref in mail else [])) for ref in wanted}


def contacts(*, by: Actor, now: datetime) -> list[Contact]:
    """Return everybody who may answer, with how each is reached, those on call now first (R-089)."""
    require(by, "oncall.escalate", now=now)
    duties = {each.person: each for each in on_duty(at=now)}
    able = people.holders(ANSWERS)
    reached = ways([ref for ref, _ in able])
    found = [Contact(ref, name, reached.get(ref, ()), duties.get(ref)) for ref, name in able]
    return sorted(found, key=lambda each: (each.duty is None, each.duty.place if each.duty else 0, each.name))


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


def latest(about: str) -> EscalationView | None:
    """Return the latest escalation about a thing, for who began it: the house itself. It holds no caller."""
    row = Escalation.objects.filter(about=about).order_by("-begun_at", "-pk").first()
    return row.view(entries=False) if row else None


def about(*, about: str, by: Actor, now: datetime) -> list[EscalationView]:
    """Return every escalation about something, oldest first, each with its record. :raises NotYours: without the permission"""
    require(by, "oncall.read", now=now)
    rows = Escalation.objects.filter(about=about).order_by("begun_at", "pk")
    return [row.view(whole=_may_know(row.matter, by)) for row in rows]


def rungs(*, id: str, by: Actor, now: datetime) -> tuple[Rung, ...]:
    """Return the steps of an escalation's ladder. :raises NotYours: as `escalation`"""
    escalation(id=id, by=by, now=now)
    return Escalation.objects.get(pk=id).steps.rungs


def how_pages_stand(row: EscalationView) -> dict[str, str]:
    """Return notice → how it stands, for the pages of one escalation."""
    stood = notices.standing_of([each.notice for each in row.entries if each.notice])
    return {id: state.value for id, state in stood.items()}


def by_reference(*, reference: str, by: Actor, now: datetime) -> EscalationView:
    """Return one escalation by what people call it. :raises NotYours: when unknown, or not for this actor"""
    row = Escalation.objects.filter(reference=reference.strip().upper()).first()
    return escalation(id=row.pk if row else "-", by=by, now=now)


def names_in(row: EscalationView) -> dict[str, str]:
    """Return the names of whoever stands in a record: people by their account, desks by the guide in force then."""
    refs = (
        {each.who for each in row.entries}
        | {each.by for each in row.entries}
        | {row.owner, row.called_back_by}
    )
    desks = {f"desk:{each.id}": each.name for each in policy.at(row.begun_at).desks}
    return people.names(refs - {""}) | {ref: desks[ref] for ref in refs if ref in desks}


def by_link(*, token: str, now: datetime) -> EscalationView | None:
    """Return the open escalation that a page's link takes, without what it is about; None when it takes nothing."""
    line = EscalationEntry.objects.filter(link=token_hash(token), used_at=None).first() if token else None
    if line is None or now - line.at > LINK_LASTS or line.escalation.ended_at is not None:
        return None
    return line.escalation.view(whole=False, entries=False)


def climbing(*, by: Actor, now: datetime) -> Long[EscalationView]:
    """Return the open escalations, oldest first. :raises NotYours: without a permission for it"""
    return _seen(Escalation.objects.filter(ended_at=None).order_by("received_at", "pk"), by=by, now=now)


def over(*, by: Actor, now: datetime, drills: bool = False) -> Long[EscalationView]:
    """Return the escalations that are over, the latest first; or the drills alone. :raises NotYours: without a permission for it"""
    rows = Escalation.objects.exclude(ended_at=None).order_by("-begun_at", "-pk")
    return _seen(rows.filter(drill=True) if drills else rows, by=by, now=now)


def _seen(rows: "QuerySet[Escalation]", *, by: Actor, now: datetime) -> Long[EscalationView]:
    whole = by.may("oncall.read")
    if not whole:
        require(by, "oncall.escalate", now=now)

    def views(found: Sequence[Escalation]) -> list[EscalationView]:
        hidden = lists.sealed_among({row.matter for row in found})
        return [
            row.view(whole=whole and (row.matter not in hidden or _may_know(row.matter, by)), entries=False)
            for row in found
        ]

    return Long(rows, views)


def _may_know(matter: str, by: Actor) -> bool:
    return not lists.is_sealed(matter) or lists.may_know(matter, by.ref)


def _rows(within: Period) -> Iterable[RosterShift]:
    rows = RosterShift.objects.filter(removed_at=None, begins_at__lt=within.end, ends_at__gt=within.start)
    return rows.order_by("begins_at", "place", "pk")


def _named(rows: Iterable[RosterShift], able: dict[str, str]) -> list[ShiftView]:
    return [row.view(able[row.person]) for row in rows if row.person in able]
