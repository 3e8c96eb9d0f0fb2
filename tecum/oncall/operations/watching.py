"""Watching the roster: whoever keeps it hears of a gap a week ahead, and that no drill was held for a month."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from tecum.accounts import queries as people
from tecum.audit import operations as audit
from tecum.guide.model.guide import Guide
from tecum.kernel import words
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.kernel.refusals import Refused
from tecum.notices import operations as notices
from tecum.oncall import messages, queries
from tecum.oncall.models import Escalation, RosterWarning
from tecum.policy import queries as policy

AHEAD = timedelta(days=7)
AGAIN = timedelta(days=1)
DRILLS = timedelta(days=31)
SHOWN = 10


@transaction.atomic
def watch_roster(*, by: Actor, now: datetime) -> int:
    """
    Tell whoever keeps the roster, once a day, of the gaps of the next seven days; return how many there are.

    A carrier that has no roster and no ladder has nothing to watch. That the last drill is older than a month is told in
    the same letter.
    """
    guide = policy.at(now)
    if not guide.ladders or RosterWarning.objects.filter(told_at__gt=now - AGAIN).exists():
        return 0
    gaps = queries.gaps(within=Period(now, now + AHEAD))
    late = _drill_late(now)
    if not gaps and not late:
        return 0
    RosterWarning.objects.create(told_at=now, gaps=len(gaps), drill_late=late)
    told = _tell(guide, gaps, late, by=by, now=now)
    audit.record("oncall.gaps_told", by=by, at=now, gaps=len(gaps), drill_late=late, told=told)
    return len(gaps)


def _drill_late(now: datetime) -> bool:
    """Tell whether people are on a roster, and nobody rehearsed for a month."""
    rehearsed = Escalation.objects.filter(drill=True, begun_at__gt=now - DRILLS).exists()
    return not rehearsed and queries.kept_since(now - DRILLS)


def _tell(guide: Guide, gaps: tuple[Period, ...], late: bool, *, by: Actor, now: datetime) -> int:
    zone, told = guide.carrier.zone.tz, 0
    lines = [f"{words.moment(gap.start, zone)} to {words.moment(gap.end, zone)}" for gap in gaps[:SHOWN]]
    more = len(gaps) - len(lines)
    context = {
        "gaps": "\n".join(f"- {line}" for line in lines) + (f"\n- and {more} more" if more > 0 else "")
        or "none",
        "drill": "No drill was held for a month: run `tecum oncall drill`." if late else "No drill is due.",
        "page": settings.PUBLIC_ADDRESS + reverse("oncall:roster"),
    }
    keepers = people.addresses({ref for ref, _ in people.holders("oncall.roster")})
    for address in sorted(set(keepers.values())):
        try:
            with transaction.atomic():
                notices.enqueue(
                    messages.ONCALL_GAPS.name,
                    to=address,
                    context=context,
                    mailbox=messages.box(guide),
                    by=by,
                    now=now,
                )
                told += 1
        except Refused:  # no mailbox to write from: the page and the health report show the gap all the same
            continue
    return told
