"""
Getting into a switching office: the administrator asks, Security and Fraud agrees date and time, the office looks at the
picture ID and lets in; who comes without both is turned away with a sentence, and all of it stands in the visitor log.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from tecum.access.rules import require
from tecum.accounts import operations as accounts
from tecum.audit import operations as audit
from tecum.cases import sealed
from tecum.deadlines import operations as deadlines
from tecum.kernel import ids
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused
from tecum.policy import queries as policy
from tecum.secrecy import operations as secrecy
from tecum.surveillance.models import SiteVisit, Surveillance, Tap, TroubleTicket, VisitorEntry
from tecum.surveillance.operations import telling
from tecum.surveillance.queries import visits as queries
from tecum.surveillance.queries.reading import readable
from tecum.surveillance.rules import visits as rules
from tecum.surveillance.rules.visits import IDENTIFICATIONS, SENTENCES, WHYS, Window
from tecum.surveillance.states import ON, VISIT_NEXT, VisitState

ASK, COORDINATE, ADMIT = "visit.ask", "visit.coordinate", "visit.admit"
WAITS = "visit.waits"
LIVE_AGAIN, AGAIN = timedelta(minutes=15), timedelta(hours=4)
S = VisitState


class CannotVisit(Refused):
    """A visit that cannot be asked for, agreed or ended so."""


class MayNotEnter(Refused):
    """Somebody at the door without picture ID, without an agreed visit, or at another time."""


@transaction.atomic
def ask(
    *,
    surveillance: str,
    switch: str,
    found_at: datetime,
    agency: str,
    reason: str,
    visitors: Sequence[tuple[str, str]],
    by: Actor,
    now: datetime,
    contact: str = "",
    phone: str = "",
    ticket: str = "",
) -> str:
    """
    Coordinate a visit with the administrator, who says who comes and why; Security and Fraud agrees the time next (R-154, R-155).

    `visitors` are names with their agencies. A failure while something is on in that office is one during a live wiretap.

    :raises NotYours: for a surveillance that is not for this person to know of
    :raises CannotVisit: for an office that the surveillance has nothing in, without visitors, or found in time to come
    """
    require(by, ASK, now=now)
    accounts.stand(by=by, now=now)
    home = readable(by=by, now=now).filter(pk=surveillance).first()
    if home is None:
        raise NotYours
    comers = [(name.strip(), of.strip()) for name, of in visitors if name.strip()]
    if not comers or not agency.strip() or not reason.strip():
        raise CannotVisit("Say which agency comes, who, and why.")
    if found_at > now:
        raise CannotVisit("The failure was found already: that moment lies ahead.")
    taps = Tap.objects.filter(target__surveillance=home, switch=switch)
    if not taps.exists():
        raise CannotVisit("Nothing of this surveillance runs in that office.")
    live = _live(taps, found_at)
    when = rules.window(policy.at(now), found_at=found_at, live=live, now=now)
    row = _new(home, switch, live, found_at, when, ticket, by=by, now=now)
    row.said = sealed.close(
        sealed.key_of(row.matter), f"visit {row.pk}",
        {
            "agency": agency.strip(), "contact": contact.strip(), "phone": phone.strip(), "reason": reason.strip(),
            "visitors": [{"name": name, "agency": of or agency.strip()} for name, of in comers],
        },
    )  # fmt: skip
    row.save(force_insert=True)
    audit.record(
        "visit.asked",
        by=by,
        at=now,
        matter=home.matter,
        visit=row.pk,
        surveillance=home.pk,
        live=live,
        visitors=len(comers),
    )
    due = now if live else max(now, min(when.earliest, now + AGAIN))
    deadlines.arm(WAITS, subject=row.pk, due_at=due, matter=home.matter, now=now)
    return row.pk


@transaction.atomic
def agree(*, visit: str, starts_at: datetime, ends_at: datetime, by: Actor, now: datetime) -> bool:
    """
    Agree date and time, as Security and Fraud; tell whether that keeps the rule (R-154, R-156, R-157).

    :raises CannotVisit: outside business hours without a live wiretap, before the window, or once somebody is inside
    """
    row = _locked(visit, COORDINATE, by=by, now=now)
    if row.state not in {S.ASKED, S.AGREED}:
        raise CannotVisit(f"Visit {row.reference} is {row.state.lower()}.")
    fault = rules.fault(policy.at(now), starts_at=starts_at, ends_at=ends_at, live=row.live, now=now)
    if fault:
        raise CannotVisit(fault)
    again = row.state == S.AGREED
    row.state, row.starts_at, row.ends_at, row.agreed_at, row.agreed_by = (
        S.AGREED,
        starts_at,
        ends_at,
        now,
        by.ref,
    )
    row.save()
    deadlines.disarm(WAITS, subject=row.pk, now=now)
    kept = row.latest_at is None or starts_at <= row.latest_at
    audit.record(
        "visit.agreed",
        by=by,
        at=now,
        matter=row.surveillance.matter,
        visit=row.pk,
        starts=starts_at,
        again=again,
        kept=kept,
    )
    telling.tell_desk(
        row.reference, "a visit to a switching office is agreed", f"It begins at {starts_at:%Y-%m-%d %H:%M} UTC.",
        matter=row.surveillance.matter, by=by, now=now,
    )  # fmt: skip
    return kept


@transaction.atomic
def admit(*, visit: str, place: int, identification: str, alike: bool, by: Actor, now: datetime) -> None:
    """
    Let an announced visitor in, as the office: with a picture ID that is theirs, at the agreed time (R-154, R-155, D4).

    :raises MayNotEnter: without either; nothing changes, and the refusal is remembered
    """
    row = _locked(visit, ADMIT, by=by, now=now)
    comers = queries.said_of(row).get("visitors", [])
    listed = 1 <= place <= len(comers)
    standing = row.state in {S.AGREED, S.INSIDE}
    why = rules.at_the_door(
        starts_at=row.starts_at if standing else None, ends_at=row.ends_at if standing else None, identification=identification,
        alike=alike, listed=listed, now=now,
    )  # fmt: skip
    if why:
        raise MayNotEnter(SENTENCES[why])
    if row.log.filter(place=place, what="admitted").exists():
        raise CannotVisit("They are in the log already.")
    _enter(row, place, "admitted", comers[place - 1], identification=identification, by=by, now=now)
    if row.state == S.AGREED:
        row.state = S.INSIDE
        row.save(update_fields=["state"])
    audit.record(
        "visit.admitted",
        by=by,
        at=now,
        matter=row.surveillance.matter,
        visit=row.pk,
        place=place,
        identification=identification,
    )


@transaction.atomic
def left(*, visit: str, place: int, by: Actor, now: datetime) -> None:
    """Write down that a visitor left; with the last one the visit is over. :raises CannotVisit: for one who is not inside"""
    row = _locked(visit, ADMIT, by=by, now=now)
    inside = set(row.log.filter(what="admitted").values_list("place", flat=True))
    gone = set(row.log.filter(what="left").values_list("place", flat=True))
    if place not in inside - gone:
        raise CannotVisit("They are not inside, by the log.")
    _enter(row, place, "left", queries.said_of(row)["visitors"][place - 1], by=by, now=now)
    if inside == gone | {place}:
        _end(row, S.OVER, "left", by=by, now=now)
    audit.record("visit.left", by=by, at=now, matter=row.surveillance.matter, visit=row.pk, place=place)


@transaction.atomic
def turn_away(
    *, switch: str, name: str, agency: str, why: str, by: Actor, now: datetime, visit: str = ""
) -> str:
    """
    Write down who was turned away at the door and why, and return the sentence that they are told.

    :raises CannotVisit: for a reason that there is not, or without what they said of themselves
    """
    require(by, ADMIT, now=now)
    accounts.stand(by=by, now=now)
    if why not in WHYS or not name.strip():
        raise CannotVisit("Say who they said they are, and why they were turned away.")
    row = _locked(visit, ADMIT, by=by, now=now) if visit else None
    office = row.switch if row else switch
    if office not in {each.id for each in policy.at(now).switches}:
        raise CannotVisit("Say at which office.")
    said = {"name": name.strip(), "agency": agency.strip()}
    _enter(row, None, "turned_away", said, why=why, switch=office, by=by, now=now)
    matter = row.surveillance.matter if row else ""
    audit.record(
        "visit.turned_away",
        by=by,
        at=now,
        matter=matter,
        visit=row.pk if row else None,
        switch=office,
        why=why,
    )
    return SENTENCES[why]


@transaction.atomic
def cancel(*, visit: str, why: str, by: Actor, now: datetime) -> None:
    """Call a visit off before anybody is inside: one person is enough. :raises CannotVisit: once somebody was let in"""
    row = _locked(visit, ASK, by=by, now=now)
    if not readable(by=by, now=now).filter(pk=row.surveillance_id).exists():
        raise NotYours
    if row.state not in {S.ASKED, S.AGREED} or why not in {"mended", "agency_asked", "not_needed"}:
        raise CannotVisit("A visit is called off before anybody is inside, for a reason.")
    _end(row, S.CANCELLED, why, by=by, now=now)
    deadlines.disarm(WAITS, subject=row.pk, now=now)
    audit.record("visit.cancelled", by=by, at=now, matter=row.surveillance.matter, visit=row.pk, why=why)


@transaction.atomic
def waits(*, visit: str, by: Actor, now: datetime) -> datetime | None:
    """Say that a visit waits for a date and time, and return when again: every quarter of an hour during a live wiretap."""
    row = SiteVisit.objects.select_related("surveillance").filter(pk=visit, state=S.ASKED).first()
    if row is None:
        return None
    by_when = (
        f"By {row.latest_at:%Y-%m-%d %H:%M} UTC." if row.latest_at else "As soon as reasonably possible."
    )
    telling.tell_desk(
        row.reference, "a visit to a switching office waits for a date and time", by_when, matter=row.surveillance.matter, by=by,
        now=now,
    )  # fmt: skip
    row.told_at = now
    row.save(update_fields=["told_at"])
    audit.record("visit.waited", by=by, at=now, matter=row.surveillance.matter, visit=row.pk, live=row.live)
    return now + (LIVE_AGAIN if row.live else AGAIN)


def _live(taps: "QuerySet[Tap]", found_at: datetime) -> bool:
    """Tell whether something was on in that office when the failure was found, or is on now."""
    then = Q(on_at__lte=found_at) & (Q(off_at=None) | Q(off_at__gt=found_at))
    return taps.filter(Q(state__in=ON) | then).exists()


def _new(
    home: Surveillance, switch: str, live: bool, found_at: datetime, when: Window, ticket: str, *, by: Actor, now: datetime
) -> SiteVisit:  # fmt: skip
    known = TroubleTicket.objects.filter(pk=ticket, surveillance=home).first() if ticket else None
    if ticket and known is None:
        raise NotYours
    matter = secrecy.open_matter(kind="visits", by=by, now=now)
    secrecy.make_part(matter, of=home.matter)
    return SiteVisit(
        id=ids.unguessable(), reference=ids.reference("VS"), matter=matter, surveillance=home, ticket=known, switch=switch,
        live=live, found_at=found_at, earliest_at=when.earliest, latest_at=when.latest, rule=when.rule, asked_at=now,
        asked_by=by.ref,
    )  # fmt: skip


def _enter(
    row: SiteVisit | None, place: int | None, what: str, said: dict[str, str], *, by: Actor, now: datetime,
    identification: str = "", why: str = "", switch: str = "",
) -> None:  # fmt: skip
    matter = row.matter if row else secrecy.open_matter(kind="visits", by=by, now=now)
    made = VisitorEntry(
        id=ids.unguessable(), visit=row, place=place, switch=row.switch if row else switch, matter=matter, what=what,
        identification=identification if identification in IDENTIFICATIONS else "", why=why, at=now, by=by.ref,
    )  # fmt: skip
    made.said = sealed.close(sealed.key_of(matter), f"visitor {made.pk}", said)
    made.save(force_insert=True)


def _end(row: SiteVisit, to: VisitState, why: str, *, by: Actor, now: datetime) -> None:
    if to not in VISIT_NEXT[S(row.state)]:
        raise CannotVisit(f"Visit {row.reference} is {row.state.lower()}.")
    row.state, row.ended_at, row.ended_by, row.why = to, now, by.ref, why
    row.save(update_fields=["state", "ended_at", "ended_by", "why"])


def _locked(visit: str, permission: str, *, by: Actor, now: datetime) -> SiteVisit:
    require(by, permission, now=now)
    accounts.stand(by=by, now=now)
    row = (
        SiteVisit.objects.select_for_update(of=("self",))
        .select_related("surveillance")
        .filter(pk=visit)
        .first()
    )
    if row is None or not queries.visible(by=by, now=now).filter(pk=row.pk).exists():
        raise NotYours
    return row
