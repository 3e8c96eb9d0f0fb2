"""Notices ahead of an end, to the agency in writing and to the desk (R-127, C4, C8), and the word that access was disabled."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from tecum.audit import operations as audit
from tecum.cases import queries as cases
from tecum.deadlines import operations as deadlines
from tecum.guide.calculators import expiry
from tecum.guide.model.guide import Guide
from tecum.guide.questions import Question
from tecum.guide.values import Span
from tecum.kernel import words
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused
from tecum.notices import operations as notices
from tecum.policy import queries as policy
from tecum.surveillance import messages
from tecum.surveillance.models import Authority, EndNotice, Surveillance, Tap
from tecum.surveillance.operations import telling
from tecum.surveillance.rules.ordered import AuthorityKind
from tecum.surveillance.states import ON, AuthorityState, TapState

NOTICE = "surveillance.notice"
HOUSE = Actor.system("surveillance")  # reads the contact that a letter goes to
WHY = {
    "expired": "the authorization came to its end",
    "agency_asked": "as you asked",
    "order_withdrawn": "the order was withdrawn",
    "application_denied": "the application was denied",
    "information_obtained": "what was sought was obtained",
}


def plan(authority: Authority, *, now: datetime) -> None:
    """Arm the next notice ahead of an authority's end; one whose time has passed already goes at once."""
    due_at = _next(authority, now=now)
    if due_at is None:
        deadlines.disarm(NOTICE, subject=authority.pk, now=now)
    else:
        deadlines.arm(NOTICE, subject=authority.pk, due_at=due_at, matter=authority.matter, now=now)


@transaction.atomic
def notice_due(*, authority: str, by: Actor, now: datetime) -> datetime | None:
    """Send what is due ahead of an end: the written notice to the agency, the reminder to the desk; return when the next is due."""
    row = (
        Authority.objects.select_for_update(of=("self",))
        .select_related("surveillance")
        .filter(pk=authority)
        .first()
    )
    if row is None or row.state != AuthorityState.IN_FORCE or row.ends_at <= now:
        return None
    sent = set(EndNotice.objects.filter(authority=row, ends_at=row.ends_at).values_list("before", "to"))
    ready = [
        (on, before, to)
        for on, before, to in _due(row, policy.at(now))
        if on <= now and (before, to) not in sent
    ]
    # Of several that are due for one reader, as for an order of five days, one is enough.
    last = {to: before for _, before, to in sorted(ready)}
    for _, before, to in ready:
        notice = _send(row, to, by=by, now=now) if last[to] == before else "same"
        EndNotice.objects.create(
            authority=row, before=before, to=to, ends_at=row.ends_at, at=now, notice=notice
        )
        audit.record(
            "surveillance.noticed", by=by, at=now, matter=row.surveillance.matter, surveillance=row.surveillance_id,
            authority=row.pk, to=to, sent=notice not in {"", "same"},
        )  # fmt: skip
    return _next(row, now=now)


def ended(rows: Sequence[Tap], *, at: datetime, by: Actor, now: datetime) -> None:
    """Tell each agency that access was disabled, in one letter, once everything of an authority is off."""
    why = {row.authority_id: row.why for row in rows}
    running = Tap.objects.filter(authority__in=why).exclude(state=TapState.ENDED)
    over = why.keys() - set(running.values_list("authority", flat=True))
    guide = policy.at(now)
    zone = _zone(guide)
    for authority in Authority.objects.select_related("surveillance").filter(pk__in=over).order_by("pk"):
        context = {
            "case": "", "ended": words.moment(at, zone), "ended_utc": words.utc(at, seconds=True),
            "because": WHY.get(why[authority.pk], "the carrier ended it"),
        }  # fmt: skip
        write(authority.surveillance, messages.SURVEILLANCE_ENDED.name, context, guide, by=by, now=now)


def _next(row: Authority, *, now: datetime) -> datetime | None:
    sent = set(EndNotice.objects.filter(authority=row, ends_at=row.ends_at).values_list("before", "to"))
    waits = [on for on, before, to in _due(row, policy.at(now)) if (before, to) not in sent]
    return max(min(waits), now) if row.state == AuthorityState.IN_FORCE and waits else None


def _due(row: Authority, guide: Guide) -> list[tuple[datetime, str, str]]:
    """Return every notice of an end: when, how long before, to whom."""
    if row.kind == AuthorityKind.EMERGENCY:
        return [(row.ends_at - each.elapsed, str(each), "desk") for each in guide.surveillance.reminders]
    found = []
    for to, spans in (("agency", guide.expiry.notices), ("desk", guide.surveillance.staff_notices)):
        found += [(on, before, to) for on, before in _ahead(row, guide, spans)]
    return found


def _ahead(row: Authority, guide: Guide, spans: tuple[Span, ...]) -> list[tuple[datetime, str]]:
    asked = replace(guide, expiry=replace(guide.expiry, notices=spans))
    on = row.ends_at.astimezone(guide.carrier.zone.tz).date()
    answer = expiry.ending(asked, Question(on=on), expiry.Order(ends=row.ends_at, unattended=True))
    return [(each.on, str(each.before)) for each in answer.notices]


def _send(row: Authority, to: str, *, by: Actor, now: datetime) -> str:
    guide = policy.at(now)
    first = Tap.objects.filter(authority=row, state__in=ON).order_by("cut_at").first()
    cut = first.cut_at if first else row.ends_at
    zone = _zone(guide)
    if to == "desk":
        told = telling.tell_desk(
            row.surveillance.reference, "its authority ends soon", f"It is cut at {words.moment(cut, zone)} ({words.utc(cut)}).",
            matter=row.surveillance.matter, by=by, now=now,
        )  # fmt: skip
        return "desk" if told else ""
    context = {
        "case": "", "expires": words.moment(row.ends_at, zone), "expires_utc": words.utc(row.ends_at),
        "cut": words.moment(cut, zone), "cut_utc": words.utc(cut),
        "because": "the authorization ends then" if cut == row.ends_at else "it is the last moment before the end at which somebody is on duty",
    }  # fmt: skip
    return write(row.surveillance, messages.SURVEILLANCE_ENDS.name, context, guide, by=by, now=now)


def write(
    home: Surveillance, message: str, context: dict[str, str], guide: Guide, *, by: Actor, now: datetime
) -> str:
    """Write to a surveillance's agency, as `to_contact` does."""
    return to_contact(home.case_id, message, context, guide, by=by, now=now)


def to_contact(
    home: str, message: str, context: dict[str, str], guide: Guide, *, by: Actor, now: datetime
) -> str:
    """Write to a case's contact by mail, else by fax; return the notice's id, or nothing where it has to go by hand."""
    case = cases.case(case=home, by=HOUSE, now=now)
    sender = guide.writes_from if guide.writes_mail else ""
    addresses = [case.contact.email, f"fax:{case.contact.fax}" if case.contact.fax else ""]
    for to in filter(None, addresses if sender else ()):
        try:
            with transaction.atomic():
                return notices.enqueue(
                    message, to=to, context={**context, "case": case.reference}, mailbox=sender, matter=case.matter, by=by, now=now,
                ).id  # fmt: skip
        except Refused:
            continue
    return ""


def _zone(guide: Guide) -> ZoneInfo:
    return ZoneInfo(guide.expiry.zone) if guide.expiry.zone else guide.carrier.zone.tz
