"""
Watching the invariants from a process of its own (control 3): what does not hold is a finding with an age, which pages
until it holds again; a watcher that falls silent, or is switched off, is an alarm of its own.
"""

import time
from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from tecum.assurance import invariants, messages, queries, rules
from tecum.assurance.models import Finding, Watch
from tecum.assurance.operations import telling
from tecum.assurance.rules import Round
from tecum.assurance.states import FindingState
from tecum.audit import operations as audit
from tecum.deadlines import operations as deadlines
from tecum.deadlines import queries as clockwork
from tecum.deadlines.operations import Claim
from tecum.kernel import words
from tecum.kernel.actors import Actor
from tecum.kernel.invariants import Broken
from tecum.policy import queries as policy

SILENT, PAGE, WAKE, WATCH = "watch.silent", "invariant.page", "invariant.wake", "watch"
WHOLE_EVERY = timedelta(days=1)
HEARD_WITHIN, UNHEARD = timedelta(minutes=1), "PAGED"
OVERLAP = timedelta(minutes=5)  # a round reads again what came shortly before the last one


@transaction.atomic
def begin(*, by: Actor, now: datetime) -> None:
    """Say that a watcher looks from now on: from here its silence is an alarm."""
    Watch.objects.update_or_create(
        name=WATCH, defaults={"began_at": now, "began_by": by.ref, "stopped_at": None, "stopped_by": ""}
    )
    audit.record("watch.began", by=by, at=now)
    _hear_from_it(now)


@transaction.atomic
def stop(*, by: Actor, now: datetime) -> None:
    """Say that the watcher was switched off. The alarm stays armed: it goes off unless another one begins in time."""
    Watch.objects.filter(name=WATCH).update(stopped_at=now, stopped_by=by.ref)
    audit.record("watch.stopped", by=by, at=now)


@transaction.atomic
def expect(*, by: Actor, now: datetime) -> bool:
    """
    See to it that somebody hears of it when nobody watches: never begun, or the alarm itself was taken away. For the jobs.

    Return whether the alarm had to be armed.
    """
    if clockwork.is_open(SILENT, subject=WATCH):
        return False
    _hear_from_it(now)
    audit.record("watch.expected", by=by, at=now)
    return True


def look(*, by: Actor, now: datetime, more: Collection[Broken] = ()) -> Round:
    """
    Ask every invariant and keep what was found; once a day everything is read again, in between what is new.

    `more` is what only the caller can see, such as lanes of the jobs that are silent.
    """
    last = Watch.objects.filter(name=WATCH).first()
    whole = last is None or last.whole_at is None or now - last.whole_at >= WHOLE_EVERY
    since = None if whole or last is None or last.looked_at is None else last.looked_at - OVERLAP
    began = time.monotonic()
    known = [Broken(row.invariant, row.about) for row in Finding.objects.filter(state=FindingState.OPEN)]
    found = (*invariants.broken(now=now, since=since, known=known), *_unheard(now), *more)
    with transaction.atomic():
        opened = [each for each in found if _keep(each, by=by, now=now)]
        cleared = _clear({(each.invariant, each.about) for each in found}, by=by, now=now)
        took = int((time.monotonic() - began) * 1000)
        changes: dict[str, object] = {"looked_at": now, "took_ms": took, "stopped_at": None, "stopped_by": ""}
        if whole:
            changes["whole_at"] = now
        Watch.objects.update_or_create(
            name=WATCH,
            defaults=changes,
            create_defaults={**changes, "began_at": now, "began_by": by.ref},
        )
        _hear_from_it(now)
    return Round(len(found), len(opened), cleared, whole)


def page(claimed: Claim, *, by: Actor, now: datetime) -> None:
    """Tell whoever is to know that an invariant does not hold, in the transaction of its deadline; again until it does."""
    row = Finding.objects.select_for_update().filter(pk=claimed.subject, state=FindingState.OPEN).first()
    if row is None:
        return
    guide = policy.at(now)
    row.told_at, row.told = now, row.told + 1
    row.save(update_fields=["told_at", "told"])
    context = {
        "invariant": row.invariant,
        "words": rules.INVARIANTS.get(row.invariant, row.invariant),
        "about": row.about,
        "since": words.moment(row.since, guide.carrier.zone.tz),
        "page": f"{settings.PUBLIC_ADDRESS}/watch/",
    }
    telling.send(messages.INVARIANT_BROKEN.name, context, permission="invariant.told", by=by, now=now)
    audit.record("invariant.told", by=by, at=now, finding=row.pk, invariant=row.invariant, times=row.told)
    deadlines.arm(PAGE, subject=row.pk, due_at=now + guide.assurance.page_again.elapsed, now=now)


def fell_silent(*, by: Actor, now: datetime) -> None:
    """Tell that nobody watches, in the transaction of the deadline that says so; again until somebody does."""
    guide, since = policy.at(now), queries.silent_since(now=now)
    if since is None and queries.watch() is not None:  # it looked in this very moment
        _hear_from_it(now)
        return
    context = {
        "since": words.moment(since, guide.carrier.zone.tz) if since else "it was set up",
        "page": f"{settings.PUBLIC_ADDRESS}/watch/",
    }
    telling.send(messages.WATCH_SILENT.name, context, permission="invariant.told", by=by, now=now)
    audit.record("watch.silent", by=by, at=now, since=since)
    deadlines.arm(WAKE, subject=rules.silence(since), due_at=now, now=now)
    deadlines.arm(SILENT, subject=WATCH, due_at=now + guide.assurance.page_again.elapsed, now=now)


def _hear_from_it(now: datetime) -> None:
    due = now + policy.at(now).assurance.silent_after.elapsed
    deadlines.arm(SILENT, subject=WATCH, due_at=due, now=now)


def _keep(each: Broken, *, by: Actor, now: datetime) -> bool:
    """Keep a finding; tell whether it is a new one."""
    mine = Finding.objects.filter(invariant=each.invariant, about=each.about, state=FindingState.OPEN)
    if mine.update(seen_at=now):
        return False
    row = Finding.objects.create(
        invariant=each.invariant,
        about=each.about,
        since=min(each.since or now, now),
        found_at=now,
        seen_at=now,
    )
    audit.record("invariant.broken", by=by, at=now, finding=row.pk, invariant=row.invariant, about=row.about)
    deadlines.arm(PAGE, subject=row.pk, due_at=now, now=now)
    if rules.wakes(row.invariant, row.about):
        deadlines.arm(WAKE, subject=row.pk, due_at=now, now=now)
    return True


def _unheard(now: datetime) -> list[Broken]:
    """Return the findings that should have woken somebody on call and have not: the ladder itself is broken."""
    rows = Finding.objects.filter(state=FindingState.OPEN, escalation="", found_at__lte=now - HEARD_WITHIN)
    return [Broken(UNHEARD, row.pk, row.found_at) for row in rows if rules.wakes(row.invariant, row.about)]


def _clear(found: set[tuple[str, str]], *, by: Actor, now: datetime) -> int:
    """Clear what holds again; what could not be asked stays as it was."""
    unasked = {name for code, about in found if code == invariants.UNASKED for name in about.split()}
    count = 0
    for row in Finding.objects.select_for_update().filter(state=FindingState.OPEN):
        if (row.invariant, row.about) in found or row.invariant in unasked:
            continue
        if row.clear(at=now):
            audit.record("invariant.held_again", by=by, at=now, finding=row.pk, invariant=row.invariant)
            deadlines.disarm(PAGE, subject=row.pk, now=now)
            if rules.wakes(row.invariant, row.about):
                deadlines.arm(WAKE, subject=row.pk, due_at=now, now=now)  # whoever is paged is left in peace
            count += 1
    return count
