"""Writing to the desk, to counsel and to the agency about an emergency; where no mail is written, a person reads the board."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from tecum.accounts import queries as people
from tecum.cases import queries as files
from tecum.exigent import messages
from tecum.exigent.models import ExigentRequest
from tecum.exigent.queries import reading
from tecum.guide.model.guide import Guide, NotInGuide
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused
from tecum.notices import operations as notices
from tecum.notices.rules import is_address
from tecum.policy import queries as policy


def desk(row: ExigentRequest, what: str, by_when: str, *, by: Actor, now: datetime) -> bool:
    """Write to the desk that takes emergencies, by reference alone; tell whether it has an address to write to."""
    guide = policy.at(now)
    return _send(row, [_address(row, guide)], what, by_when, guide, by=by, now=now)


def desks(
    row: ExigentRequest, ids: Collection[str], what: str, by_when: str, *, by: Actor, now: datetime
) -> bool:
    """Write to these desks of the guide, else to the one that takes emergencies; tell whether any has an address."""
    guide = policy.at(now)
    named = [each.email for each in guide.desks if each.id in ids and each.email]
    return _send(row, named or [_address(row, guide)], what, by_when, guide, by=by, now=now)


def counsel(row: ExigentRequest, what: str, by_when: str, *, by: Actor, now: datetime) -> bool:
    """Write to everybody who holds counsel's word on emergencies; tell whether there is anybody."""
    refs = {ref for ref, _ in people.holders("emergency.counsel")}
    return _send(row, sorted(people.addresses(refs).values()), what, by_when, policy.at(now), by=by, now=now)


def agency(row: ExigentRequest, message: str, context: dict[str, str], *, by: Actor, now: datetime) -> bool:
    """Write to whoever asked, at the address on file; tell whether a letter could go."""
    guide = policy.at(now)
    to, sender = files.case(case=row.case_id, by=by, now=now).contact.email, messages.box(guide)
    if not sender or not is_address(to):
        return False
    try:
        with transaction.atomic():
            notices.enqueue(
                message, to=to, context={**context, "case": row.case.reference}, mailbox=sender, matter=row.matter,
                by=by, now=now,
            )  # fmt: skip
    except Refused:
        return False
    return True


def _send(
    row: ExigentRequest, to: list[str], what: str, by_when: str, guide: Guide, *, by: Actor, now: datetime
) -> bool:
    sender, sent = messages.box(guide), False
    context = {"about": row.case.reference, "what": what, "by_when": by_when}
    for address in filter(None, to if sender else ()):
        notices.enqueue(
            messages.EXIGENT_DESK.name,
            to=address,
            context=context,
            mailbox=sender,
            matter=row.matter,
            by=by,
            now=now,
        )
        sent = True
    return sent


def _address(row: ExigentRequest, guide: Guide) -> str:
    try:
        named = reading.pathway_of(row, guide).desk
    except NotInGuide:
        named = ""
    desks = sorted(guide.desks, key=lambda each: each.id != (named or row.case.desk))
    return next((each.email for each in desks if each.email), "")
