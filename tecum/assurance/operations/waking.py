"""
Waking whoever is on call (control 3): a finding that cannot wait for the morning, and a watcher that fell silent, begin an
escalation. It is a deadline of its own: a ladder that fails takes neither the finding nor its mail with it, and is tried again.
"""

from datetime import datetime, timedelta

from tecum.assurance import queries, rules
from tecum.assurance.models import Finding, Watch
from tecum.assurance.operations.watching import WAKE, WATCH
from tecum.assurance.states import FindingState
from tecum.audit import operations as audit
from tecum.deadlines import operations as deadlines
from tecum.deadlines.operations import Claim
from tecum.kernel.actors import Actor
from tecum.oncall import operations as oncall
from tecum.oncall import queries as ladders

BROKEN, SILENT = "invariant_broken", "watch_silent"
LOOK_AGAIN = timedelta(minutes=1)


def wake(claimed: Claim, *, by: Actor, now: datetime) -> None:
    """
    Begin to page whoever is on call about what is found, once for each finding; let them be when it is over.

    For the transaction of its deadline. What is found of one invariant while its escalation climbs joins that: a thousand
    ends that were missed are one alarm, with a list.
    """
    if claimed.subject.startswith(rules.SILENCE):
        _wake_for_silence(claimed.subject, by=by, now=now)
        return
    row = Finding.objects.select_for_update().filter(pk=claimed.subject).first()
    if row is None:
        return
    # One at a time, always after the finding: whoever joins an escalation never meets one that is just stood down.
    Watch.objects.select_for_update().filter(name=WATCH).first()
    if row.state == FindingState.CLEARED:
        _stand_down(row.escalation, by=by, now=now)
    elif not row.escalation:
        begun = oncall.begin(about=f"finding:{row.invariant}", cause=BROKEN, signal=True, by=by, now=now)
        row.escalation = begun.id
        row.save(update_fields=["escalation"])
        audit.record(
            "invariant.woke", by=by, at=now, finding=row.pk, invariant=row.invariant, escalation=begun.id
        )


def _stand_down(escalation: str, *, by: Actor, now: datetime) -> None:
    others = Finding.objects.filter(escalation=escalation, state=FindingState.OPEN)
    if escalation and not others.exists():
        oncall.stand_down(escalation=escalation, by=by, now=now)


def _wake_for_silence(silence: str, *, by: Actor, now: datetime) -> None:
    """Page for one silence of the watcher, once; look again every minute whether somebody watches, and let them be then."""
    since, known = queries.silent_since(now=now), ladders.latest(silence)
    lasts = (since is not None or queries.watch() is None) and silence == rules.silence(since)
    if not lasts:
        if known is not None and known.open:
            oncall.stand_down(escalation=known.id, by=by, now=now)
        return
    if known is None:
        begun = oncall.begin(about=silence, cause=SILENT, signal=True, by=by, now=now)
        audit.record("watch.woke", by=by, at=now, escalation=begun.id)
    elif not known.open:
        return  # somebody knows
    deadlines.arm(WAKE, subject=silence, due_at=now + LOOK_AGAIN, now=now)
