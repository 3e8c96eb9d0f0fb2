"""Telling: the agency in writing ahead of an end (R-127), the desk of what needs a person, again and again until it is done."""

from datetime import datetime, timedelta

from django.db import transaction

from tecum.audit import operations as audit
from tecum.guide.model.guide import Guide
from tecum.kernel.actors import Actor
from tecum.notices import operations as notices
from tecum.policy import queries as policy
from tecum.surveillance import messages
from tecum.surveillance.models import Mismatch
from tecum.surveillance.states import MismatchState

REPEAT = timedelta(minutes=15)
WHAT = {
    "overrun": "a surveillance was on after its authorised end",
    "returned": "a surveillance that was off is on its switch again",
    "unknown": "a switch lists a surveillance that is not ours",
    "missing": "a switch lost a surveillance that is authorised",
    "altered": "a switch holds something else than was ordered",
    "silent": "a switch does not answer",
    "unrecorded": "an interception has no record",
    "unfounded": "a record is of no interception that a switch showed",
}


@transaction.atomic
def raise_mismatch(*, mismatch: str, by: Actor, now: datetime) -> datetime | None:
    """Tell the desk of a difference, and return when again: until a person settled it, or it is gone (I1)."""
    row = (
        Mismatch.objects.select_for_update(of=("self",))
        .select_related("tap__target__surveillance")
        .filter(pk=mismatch)
        .first()
    )
    if row is None or row.state != MismatchState.OPEN:
        return None
    home = row.tap.target.surveillance if row.tap else None
    tell_desk(
        home.reference if home else row.switch, WHAT[row.kind], "Open the page of switches; it stays open until a person settled it.",
        matter=home.matter if home else "", by=by, now=now,
    )  # fmt: skip
    row.told_at, row.told = now, row.told + 1
    row.save(update_fields=["told_at", "told"])
    audit.record(
        "surveillance.raised", by=by, at=now, matter=home.matter if home else "", mismatch=row.pk, kind=row.kind, times=row.told
    )  # fmt: skip
    return now + REPEAT


def tell_desk(about: str, what: str, by_when: str, *, matter: str, by: Actor, now: datetime) -> bool:
    """Write to the desk that keeps surveillance, by reference alone; tell whether it has an address to write to."""
    guide = policy.at(now)
    to, sender = _desk(guide), guide.writes_from if guide.writes_mail else ""
    if not to or not sender:
        return False
    notices.enqueue(
        messages.SURVEILLANCE_DESK.name, to=to, context={"about": about, "what": what, "by_when": by_when},
        mailbox=sender, matter=matter, by=by, now=now,
    )  # fmt: skip
    return True


def _desk(guide: Guide) -> str:
    wanted = guide.surveillance.desk or guide.expiry.desk
    desks = [each for each in guide.desks if each.id == wanted] or [
        each for each in guide.desks if guide.expiry.capability in each.capabilities
    ]
    return next((each.email for each in (*desks, *guide.desks) if each.email), "")
