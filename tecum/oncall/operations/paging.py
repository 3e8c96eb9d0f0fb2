"""Who one step reaches, and the page to each of them by each of their ways."""

import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from tecum.accounts import queries as people
from tecum.guide.model.guide import Guide
from tecum.kernel import numbers, words
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused
from tecum.notices import operations as notices
from tecum.oncall import messages, queries
from tecum.oncall.models import Escalation
from tecum.oncall.rules.ladder import TO_DESK, Rung
from tecum.oncall.rules.links import kind_of, token_hash
from tecum.oncall.states import EntryKind
from tecum.policy import queries as policy

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Aim:
    """Somebody to page: a person's ref or `desk:ID`, and a way as a notice knows it."""

    who: str
    way: str


def fire(row: Escalation, rung: Rung, repeat: int, *, by: Actor, now: datetime) -> int:
    """Page whom a step reaches, and return how many pages are on their way; one that cannot be stops no other."""
    guide, sent = policy.at(now), 0
    for aim in dict.fromkeys(_aims(rung, guide, now=now)):
        sent += _page(row, rung, repeat, aim, guide, by=by, now=now)
    return sent


def _aims(rung: Rung, guide: Guide, *, now: datetime) -> Iterator[Aim]:
    if rung.aims == TO_DESK:
        yield from _of_desk(rung, guide)
        return
    duties = queries.on_duty(at=now)
    first = rung.number == 1 and rung.by == "page"
    least = min((each.place for each in duties), default=1)
    wanted = [each.person for each in duties if not first or each.place == least]
    if rung.by == "contact_list":
        wanted = [ref for ref, _ in people.holders(queries.ANSWERS)]
    yield from _of_people(wanted)


def _of_desk(rung: Rung, guide: Guide) -> Iterator[Aim]:
    """Yield how a desk is reached: its own address, and the people who sit there."""
    desk = next((each for each in guide.desks if each.id == rung.desk), None)
    if desk is not None and desk.email:
        yield Aim(f"desk:{desk.id}", desk.email)
    if any(pager.kind == "voice" for pager in guide.mail.pagers):
        with suppress(numbers.NotANumber):  # an extension, or a number abroad: a person dials it
            yield Aim(f"desk:{rung.desk}", f"call:{numbers.read(rung.to)}")
    only_passes_on = desk is not None and desk.may_only_escalate
    answer = [ref for ref, _ in people.holders(queries.ANSWERS)]
    passes_on = [ref for ref, _ in people.holders("oncall.escalate") if ref not in answer]
    yield from _of_people(passes_on if only_passes_on else answer)


def _of_people(refs: list[str]) -> Iterator[Aim]:
    found = queries.ways(refs)
    for ref in refs:
        for way in found.get(ref, ()):
            yield Aim(ref, way)


def _page(
    row: Escalation, rung: Rung, repeat: int, aim: Aim, guide: Guide, *, by: Actor, now: datetime
) -> bool:
    """Send one page; what this machine or the guide cannot send is written down and passed over."""
    token = secrets.token_urlsafe(24)
    message = messages.ONCALL_ALARM if row.signal else messages.ONCALL_PAGE
    line = {"step": rung.number, "round": repeat, "who": aim.who, "way": kind_of(aim.way)}
    try:
        with transaction.atomic():
            queued = notices.enqueue(
                message.name, to=aim.way, context=_said(row, rung, token, guide, now=now), by=by, now=now,
                matter=row.matter, mailbox=messages.box(guide),
            )  # fmt: skip
            row.say(EntryKind.PAGED, at=now, by=by.ref, notice=queued.id, link=token_hash(token), **line)
    except Refused as why:
        log.error("oncall.no_page", why=type(why).__name__, way=kind_of(aim.way))
        row.say(EntryKind.UNDELIVERED, at=now, by=by.ref, code=type(why).__name__, **line)
        return False
    return True


def _said(row: Escalation, rung: Rung, token: str, guide: Guide, *, now: datetime) -> dict[str, str]:
    zone = guide.carrier.zone.tz
    owner = people.names({row.owner}).get(row.owner, "somebody") if row.owner else ""
    kind = {} if row.signal else {"kind": "DRILL, no emergency" if row.drill else "Emergency"}
    return {
        **kind,
        "reference": row.reference,
        "step": f"step {rung.number} of {len(row.steps.rungs)}: {rung.who}",
        "received": words.moment(row.received_at, zone),
        "waits": words.span(now - row.received_at),
        "taken": f"{owner} took it; no call-back is recorded yet." if owner else "Nobody has taken it yet.",
        "link": settings.PUBLIC_ADDRESS + reverse("oncall:page", args=[token]),
    }
