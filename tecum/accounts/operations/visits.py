"""Visits: how a person comes in, is recognised on every request, and leaves."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from tecum.access import rules as access
from tecum.accounts.models import LockOut, Person, Visit
from tecum.accounts.operations.beginning import begin
from tecum.accounts.refusals import PersonSuspended
from tecum.accounts.rules import Arrival, Limits, login_hash, over, worth_noting
from tecum.accounts.states import LockedStep, VisitEnd
from tecum.audit import operations as audit
from tecum.kernel.actors import Actor
from tecum.policy import queries as policy

OWN = frozenset({"account.own"})
MOST_AT_ONCE = 500
BEFORE_SECOND_FACTOR = "password"


@transaction.atomic
def open_visit(*, person: str, factor: str, now: datetime, address: str | None = None) -> str:
    """
    Sign a person in and return the visit's id for the session cookie's row.

    `factor` is the second factor that was proved (totp, webauthn, recovery_codes), or `password` alone: then the visit
    holds no permission until one is enrolled and proved. An officer's earlier visit ends (assurance control 12).

    :raises PersonSuspended: for somebody who is kept out, or whose agency or customer is
    """
    found = Person.objects.select_for_update().get(pk=person)
    if not found.welcome:
        raise PersonSuspended("Your access is suspended.")
    begin(found, address=address, now=now)
    alone = access.one_session(found.held())
    himself = found.actor()
    if alone:
        end_visits(found, VisitEnd.ELSEWHERE, by=himself, now=now)
    visit = Visit.objects.create(
        person=found,
        opened_at=now,
        seen_at=now,
        stepped_up_at=None if factor == BEFORE_SECOND_FACTOR else now,
        alone=alone,
        address=address,
    )
    Person.objects.filter(pk=person).update(last_login=now)
    audit.record("visit.opened", by=himself, at=now, person=person, factor=factor)
    return visit.pk


def arrive(*, visit: str, person: str, now: datetime) -> Arrival:
    """
    Begin a request: read person, agency, customer and roles afresh, and say who acts.

    The visit is ended here when it ran out or somebody was suspended; without a second factor in it the actor may do
    nothing but secure the own account.
    """
    rows = Visit.objects.select_related("person", "person__agency", "person__customer")
    # One row or none: `first()` would have it sorted, at a tenth of what every request costs before its page.
    found = next(iter(rows.prefetch_related("person__roles").filter(pk=visit, person=person)), None)
    if found is None:
        return Arrival(Actor.stranger(), ended=VisitEnd.SIGNED_OUT)
    if found.ended_at is not None:
        return Arrival(Actor.stranger(), ended=VisitEnd(found.ended_how))
    sessions = policy.at(now).sessions
    limits = Limits.of(sessions)
    ended = over(opened_at=found.opened_at, seen_at=found.seen_at, now=now, limits=limits)
    if not found.person.welcome:
        ended = VisitEnd.SUSPENDED
    if ended:
        end_visit(visit=visit, how=ended, now=now)
        return Arrival(Actor.stranger(), ended=ended)
    if worth_noting(seen_at=found.seen_at, now=now):
        Visit.objects.filter(pk=visit, ended_at=None, seen_at__lt=now).update(seen_at=now)
    proved = found.stepped_up_at is not None
    permissions = found.person.permitted(now=now) if proved else OWN
    actor = found.person.actor(
        stepped_up_at=found.stepped_up_at,
        permissions=permissions,
        session=found.pk,
        session_ends_at=found.opened_at + limits.absolute,
    )
    return Arrival(replace(actor, step_up_lasts=sessions.step_up.elapsed), proved=proved)


def end_run_out(*, now: datetime) -> int:
    """
    End the visits whose time is over although nobody came back, each in a transaction of its own; return how many.

    Such a visit opens nothing, because `arrive` refuses it; ended, it stands in no list of who is signed in.
    """
    limits = Limits.of(policy.at(now).sessions)
    late = Q(opened_at__lte=now - limits.absolute) | Q(seen_at__lte=now - limits.idle)
    rows = (
        Visit.objects.filter(late, ended_at=None)
        .order_by("seen_at")
        .values_list("pk", "opened_at", "seen_at")
    )
    found = list(rows[:MOST_AT_ONCE])
    for visit, opened_at, seen_at in found:
        if how := over(opened_at=opened_at, seen_at=seen_at, now=now, limits=limits):
            end_visit(visit=visit, how=how, now=now)
    return len(found)


@transaction.atomic
def end_visit(*, visit: str, how: VisitEnd, now: datetime) -> None:
    """End one visit; one that is over stays as it ended."""
    found = Visit.objects.select_related("person").filter(pk=visit).first()
    if found and Visit.objects.filter(pk=visit, ended_at=None).update(ended_at=now, ended_how=how):
        audit.record("visit.ended", by=found.person.actor(), at=now, person=found.person_id, how=how.value)


@transaction.atomic
def end_other_visits(*, visit: str, by: Actor, how: VisitEnd, now: datetime) -> int:
    """End all the actor's own visits but this one, and return how many."""
    person = Person.objects.select_for_update().get(pk=by.ref.removeprefix("person:"))
    return end_visits(person, how, by=by, now=now, but=visit)


def end_visits(person: Person, how: VisitEnd, *, by: Actor, now: datetime, but: str = "") -> int:
    """End all visits of a person inside the caller's transaction, except one where named, and return how many."""
    ended = (
        Visit.objects.filter(person=person, ended_at=None).exclude(pk=but).update(ended_at=now, ended_how=how)
    )
    for _ in range(ended):
        audit.record("visit.ended", by=by, at=now, person=person.pk, how=how.value)
    return ended


@transaction.atomic
def step_up(*, visit: str, factor: str, now: datetime) -> None:
    """Record that the person proved a second factor in this visit, just now."""
    found = Visit.objects.select_related("person").filter(pk=visit).first()
    if found and Visit.objects.filter(pk=visit, ended_at=None).update(stepped_up_at=now):
        audit.record(
            "visit.stepped_up", by=found.person.actor(), at=now, person=found.person_id, factor=factor
        )


@transaction.atomic
def note_factor(*, person: str, event: str, factor: str, now: datetime, visit: str = "") -> None:
    """
    Record that a second factor was added, removed or made afresh (`factor.added`, `factor.removed`, `factor.renewed`).

    All other visits of the person end: whoever held a session before must come with the new factor.
    """
    found = Person.objects.select_for_update().get(pk=person)
    himself = found.actor()
    end_visits(found, VisitEnd.CREDENTIALS_CHANGED, by=himself, now=now, but=visit)
    audit.record(event, by=himself, at=now, person=person, factor=factor)


def note_failure(*, step: LockedStep, person: str, now: datetime) -> None:
    """Remember a wrong answer at sign-in; `person` is empty when the user name is nobody's."""
    known: dict[str, Any] = {"person": person} if person else {}
    audit.note("sign_in.failed", by=Actor.stranger(), at=now, step=step.value, **known)


@transaction.atomic
def lock_out(*, login: str, step: LockedStep, now: datetime, address: str | None = None) -> datetime:
    """
    Stop looking at guesses for a user name, known or not, for as long as the guide says; return until when.

    A lock-out that runs already is not made longer: otherwise anybody could keep an officer out for ever.
    """
    digest = login_hash(login)
    running = LockOut.objects.filter(login_sha256=digest, step=step, until__gt=now).order_by("-until").first()
    if running:
        return running.until
    person = Person.objects.filter(email=login.strip().lower()).first()
    until = now + policy.at(now).sessions.locked_for.elapsed
    LockOut.objects.create(
        login_sha256=digest, person=person, step=step, at=now, until=until, address=address
    )
    by = person.actor() if person else Actor.stranger()
    known: dict[str, Any] = {"person": person.pk} if person else {}
    audit.record("sign_in.locked", by=by, at=now, step=step.value, until=until, **known)
    return until
