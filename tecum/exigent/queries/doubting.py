"""The warnings about one request, from everything that its reader may know of (control 5)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from tecum.agencies import queries as agencies
from tecum.cases import queries as files
from tecum.cases import sealed
from tecum.demands.queries import judging
from tecum.exigent.models import ExigentMark, ExigentRequest
from tecum.exigent.queries.reading import readable, row_of, said_of
from tecum.exigent.rules import warning as rules
from tecum.exigent.rules.facts import Said
from tecum.exigent.rules.warning import Asking, Known, Marked, Warning
from tecum.exigent.states import WAITING
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.policy import queries as policy

DAY = timedelta(days=1)
LOOKS_BACK = timedelta(days=365)
SELF = Actor.system("exigent")


def warnings(*, case: str, by: Actor, now: datetime) -> tuple[Warning, ...]:
    """Return the warnings about a request, the gravest first. :raises NotYours"""
    row = row_of(case, by=by, now=now)
    guide, said = policy.at(now), said_of(row)
    home = files.case(case=case, by=by, now=now)
    asking = Asking(
        email=said.email or home.contact.email, reply_to=said.reply_to, verdict=said.verdict, phone=said.phone,
        agency=said.agency, words=f"{said.words}\n{said.circumstances}", targets=said.targets,
        local=row.received_at.astimezone(guide.carrier.zone.tz), unread=said.unread,
    )  # fmt: skip
    return rules.warnings(asking, _known(row, said, home.agency, asking, by=by, now=now))


def _known(
    row: ExigentRequest, said: Said, agency: str, asking: Asking, *, by: Actor, now: datetime
) -> Known:
    entry = agencies.agency(id=agency, by=SELF, now=now) if agency else None
    mine = readable(by=by, now=now)
    earlier = mine.filter(
        received_at__lt=row.received_at, received_at__gt=row.received_at - LOOKS_BACK
    ).exclude(pk=row.pk)
    of_agency = (
        list(earlier.filter(case__agency=agency).values_list("received_at", flat=True)) if agency else []
    )
    zone = policy.at(now).carrier.zone.tz
    return Known(
        agency=agency,
        agency_name=entry.name if entry else "",
        domains=entry.domains if entry else (),
        every_domain=agencies.verified_domains(),
        numbers=tuple(each.number for each in entry.call_back_numbers if each.confirmed_at) if entry else (),
        before=earlier.filter(sent_from=row.sent_from).count() if row.sent_from else 0,
        recent=sum(at > row.received_at - DAY for at in of_agency) + (1 if agency else 0),
        usual=_most(of_agency, row.received_at),
        hours=[_hour(at, zone) for at in of_agency],
        marks=_marks(row, said, asking, by=by, now=now),
        others=_others(row, said, by=by, now=now),
        not_ours=_not_ours(said, now=now),
        free_mail=policy.at(now).mail.free_mail,
    )


def _hour(at: datetime, zone: ZoneInfo) -> int:
    return at.astimezone(zone).hour


def _most(at: list[datetime], until: datetime) -> int:
    days: dict[object, int] = {}
    for each in at:
        if each <= until - DAY:
            days[each.date()] = days.get(each.date(), 0) + 1
    return max(days.values(), default=0)


def mark_of(kind: str, value: str) -> str:
    """Return the keyed print of something that a request gives."""
    return sealed.fingerprint(value, purpose=f"exigent {kind}")


def marks_of(said: Said, email: str) -> dict[str, tuple[str, ...]]:
    """Return the prints of everything by which a request can be known again, by kind."""
    domain = email.rpartition("@")[2]
    words = rules.prints(f"{said.words} {said.circumstances}")
    found = {
        "sender": (email,), "domain": (domain,), "number": (said.phone,), "target": said.targets, "words": words,
    }  # fmt: skip
    return {kind: tuple(mark_of(kind, each) for each in values if each) for kind, values in found.items()}


def _marks(row: ExigentRequest, said: Said, asking: Asking, *, by: Actor, now: datetime) -> list[Marked]:
    """Return the marks of forged requests that this one bears; only of those that the reader may know of."""
    mine = marks_of(said, asking.email)
    known = ExigentMark.objects.filter(request__in=readable(by=by, now=now)).exclude(request=row)
    wanted = Q()
    for kind, prints in mine.items():
        wanted |= Q(kind=kind, print__in=prints)
    found: list[Marked] = []
    words: dict[str, int] = {}
    for mark in known.filter(wanted).select_related("request__case") if any(mine.values()) else ():
        if mark.kind == "words":
            words[mark.request_id] = words.get(mark.request_id, 0) + 1
        else:
            found.append(Marked(mark.kind, mark.request.case_id))
    for request, count in words.items():
        all_of = list(known.filter(request=request, kind="words").values_list("print", flat=True))
        share = count / max(1, min(len(all_of), len(mine["words"])))
        if share >= rules.ALIKE:
            case = ExigentRequest.objects.get(pk=request).case_id
            found.append(Marked("words", case, share))
    return found


def _others(row: ExigentRequest, said: Said, *, by: Actor, now: datetime) -> list[str]:
    cases = {
        each for number in said.targets for each in files.naming_number(number=number, by=by, now=now)
    } - {row.case_id}
    return list(
        readable(by=by, now=now).filter(case__in=cases, state__in=WAITING).values_list("case", flat=True)
    )


def _not_ours(said: Said, *, now: datetime) -> list[str]:
    """Return the targets that no list of ours names, where there are lists: a target that is not ours."""
    guide = policy.at(now)
    found = []
    for number in said.targets:
        tenures = judging.tenures(number, Period(now - DAY, now), guide, now=now)
        if not any(each.kind in {"ours", "wholesale"} for each in tenures):
            found.append(number)
    return found
