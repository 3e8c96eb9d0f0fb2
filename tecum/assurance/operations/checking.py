"""Checking the trail, and telling who must know."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from tecum.access.rules import require
from tecum.assurance import messages, queries, rules
from tecum.assurance.models import TrailCheck
from tecum.assurance.operations import telling
from tecum.assurance.rules import CheckView
from tecum.assurance.states import CheckState
from tecum.audit import operations as audit
from tecum.audit import queries as trail
from tecum.deadlines import operations as deadlines
from tecum.deadlines.operations import Claim
from tecum.kernel import words
from tecum.kernel.actors import Actor
from tecum.policy import queries as policy

Clock = Callable[[], datetime]
UNVERIFIED = "trail.unverified"
TRAIL = "trail"
DEAD_AFTER = timedelta(minutes=5)  # without a sign of life: whoever recomputed it is gone
SIGN_EVERY = 1.0  # second
MOST_FINDINGS = 100
AGAIN = timedelta(days=1)


def ask_check(*, by: Actor, now: datetime) -> CheckView:
    """
    Ask for a check of the whole trail, which the jobs make; where one is under way, that one is the answer.

    :raises NotYours: without the permission
    """
    require(by, "trail.verify", now=now)
    return _asked(nightly=False, by=by, now=now)


def ask_nightly(*, by: Actor, now: datetime) -> bool:
    """Ask for the check of this night, at the hour that the guide names, once; tell whether it was asked for."""
    guide = policy.at(now)
    night = rules.last_night(now, hour=guide.assurance.trail_hour, zone=guide.carrier.zone.tz)
    if TrailCheck.objects.filter(asked_at__gte=night).exists():
        return False
    found = _asked(nightly=True, by=by, now=now)
    return found.asked_at == now


def _asked(*, nightly: bool, by: Actor, now: datetime) -> CheckView:
    if (running := queries.under_way()) is not None:
        return running
    try:
        with transaction.atomic():
            row = TrailCheck.objects.create(asked_at=now, asked_by=by.ref, nightly=nightly)
            audit.record("trail.check_asked", by=by, at=now, check=row.pk, nightly=nightly)
            if not TrailCheck.objects.exclude(pk=row.pk).exists():
                _watch(now)  # from the first one on, silence is noticed
    except IntegrityError:  # somebody else asked at the same moment
        return queries.under_way() or _asked(nightly=nightly, by=by, now=now)
    return row.view()


def check_one(*, clock: Clock, by: Actor) -> bool:
    """
    Make the check that waits, outside any transaction, and keep its verdict; tell whether there was one.

    One that was begun and shows no sign of life is begun again.
    """
    row = TrailCheck.objects.exclude(state=CheckState.DONE).first()
    now = clock()
    if row is None or (row.beat_at is not None and now - row.beat_at < DEAD_AFTER):
        return False
    if not row.turn(
        CheckState.RUNNING, beat_at=now, began_at=now, checked=0, entries_then=trail.state().size
    ):
        return False
    told = time.monotonic()

    def progress(position: int) -> None:
        nonlocal told
        if time.monotonic() - told >= SIGN_EVERY:
            told = time.monotonic()
            TrailCheck.objects.filter(pk=row.pk, began_at=now).update(checked=position, beat_at=clock())

    verdict = audit.verify_all(by=by, now=now, progress=progress)
    said = [(each.kind.name.lower(), str(each.entries), each.words) for each in verdict.findings]
    outcome = trail.outcome_of(verdict)
    end = clock()
    with transaction.atomic():
        changed = TrailCheck.objects.filter(pk=row.pk, state=CheckState.RUNNING, began_at=now).update(
            state=CheckState.DONE, finished_at=end, checked=verdict.entries, verdict=outcome, entries=verdict.entries,
            anchored=verdict.anchored, root=verdict.root.hex(), sealed=verdict.sealed, destroyed=verdict.destroyed,
            findings=said[:MOST_FINDINGS], more=max(0, len(said) - MOST_FINDINGS),
        )  # fmt: skip
        if changed:
            _tell(row, outcome, by=by, now=end)
    return True


def _tell(row: TrailCheck, outcome: str, *, by: Actor, now: datetime) -> None:
    audit.record("trail.check_ended", by=by, at=now, check=row.pk, verdict=outcome)
    if outcome in rules.GOOD:
        _watch(now)
        return
    zone = policy.at(now).carrier.zone.tz
    page = f"{settings.PUBLIC_ADDRESS}/trail/checks/{row.pk}/"
    telling.send(
        messages.TRAIL_DAMAGED.name,
        {"when": words.moment(now, zone), "verdict": outcome, "page": page},
        permission="trail.verify",
        by=by,
        now=now,
    )


def unverified(claimed: Claim, *, by: Actor, now: datetime) -> None:
    """
    Tell that no check found the trail good for too long, inside the transaction of the deadline that says so (dead man);
    again every day until one does.
    """
    since = queries.last_good()
    if since is not None and now - since <= policy.at(now).assurance.trail_alarm_after.elapsed:
        _watch(since)
        return
    zone = policy.at(now).carrier.zone.tz
    context = {
        "since": words.moment(since, zone) if since else "it began",
        "page": f"{settings.PUBLIC_ADDRESS}/trail/",
    }
    telling.send(messages.TRAIL_UNVERIFIED.name, context, permission="trail.verify", by=by, now=now)
    audit.record("trail.unverified", by=by, at=now, since=since)
    deadlines.arm(UNVERIFIED, subject=TRAIL, due_at=now + AGAIN, now=now)


def _watch(now: datetime) -> None:
    due = now + policy.at(now).assurance.trail_alarm_after.elapsed
    deadlines.arm(UNVERIFIED, subject=TRAIL, due_at=due, now=now)
