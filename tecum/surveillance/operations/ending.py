"""The ends: by the clock, by one person, by the agency; and a cut that is held while papers are read (C3)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from tecum.audit import operations as audit
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused
from tecum.policy import queries as policy
from tecum.surveillance.models import Authority, AuthorityTurn, Surveillance, Tap
from tecum.surveillance.operations import tapping
from tecum.surveillance.operations.proposing import standing_in
from tecum.surveillance.operations.rows import locked, surveillance_of, turned
from tecum.surveillance.rules import ends
from tecum.surveillance.states import ON, AuthorityState

WHYS = frozenset(
    {
        "agency_asked",
        "order_withdrawn",
        "application_denied",
        "information_obtained",
        "wrong_target",
        "carrier_decided",
    }
)


class CannotEnd(Refused):
    """An end without a reason that there is."""


class CannotHold(Refused):
    """A cut that may not be held: the papers came late, or state no later end (C3)."""


@transaction.atomic
def expire(*, taps: Sequence[str], by: Actor, now: datetime) -> tuple[str, ...]:
    """
    Desire off what has come to its end, many at once, and return which; the only thing that cuts by the clock.

    What was moved meanwhile, or is off already, stays as it is.
    """
    rows = list(
        Tap.objects.select_for_update(of=("self",)).select_related("target__surveillance")
        .filter(pk__in=taps, state__in=ON, fires_at__lte=now).order_by("pk")
    )  # fmt: skip
    tapping.stop(rows, why=tapping.EXPIRED, by=by, now=now)
    return tuple(row.pk for row in rows)


@transaction.atomic
def end(
    *,
    surveillance: str,
    why: str,
    by: Actor,
    now: datetime,
    taps: Sequence[str] | None = None,
    evidence: str = "",
) -> int:
    """
    End a surveillance, or some of its taps, at once; one person of the carrier is enough. Return how many were on.

    With all of it ended the authority ends too: nothing can be activated under it again.

    :raises NotYours: when it is unknown, or not for this actor
    :raises CannotEnd: for a reason that there is not
    """
    if why not in WHYS:
        raise CannotEnd("Say why it ends.")
    row = locked(surveillance, by=by, now=now, permission="surveillance.end")
    return ended(row, why=why, taps=taps, evidence=evidence, by=by, now=now)


def ended(
    row: Surveillance,
    *,
    why: str,
    by: Actor,
    now: datetime,
    taps: Sequence[str] | None = None,
    evidence: str = "",
) -> int:
    """End a surveillance whose row the caller holds, for somebody who may; return how many of it were on."""
    rows = Tap.objects.select_for_update(of=("self",)).select_related("target__surveillance")
    rows = rows.filter(target__surveillance=row, state__in=ON).order_by("pk")
    if taps is not None:
        rows = rows.filter(pk__in=list(taps))
    chosen = list(rows)
    tapping.stop(chosen, why=why, by=by, now=now)
    if taps is None:
        _end_authority(row, why, evidence, by=by, now=now)
    turned(row)
    audit.record(
        "surveillance.ended", by=by, at=now, matter=row.matter, surveillance=row.pk, why=why, taps=len(chosen),
        whole=taps is None,
    )  # fmt: skip
    return len(chosen)


@transaction.atomic
def hold_cut(
    *, authority: str, received_at: datetime, states_until: datetime, evidence: str, by: Actor, now: datetime
) -> datetime:
    """
    Hold the cut while papers that came before the deadline are read, and return until when (C3). One administrator's act.

    The papers name the target and are signed, dated and verified by a call back: whoever holds says so. Never past the
    authority that they state; refused or unread when the grace ends, it is cut.

    :raises CannotHold: when they came late, state no later end, or a cut is held already
    """
    row = locked(surveillance_of(authority), by=by, now=now, permission="surveillance.hold")
    standing = standing_in(row, authority, now=now)
    until = ends.held_until(
        policy.at(now), ends_at=standing.ends_at, received_at=received_at, states_until=states_until
    )
    if until is None:
        raise CannotHold("Only papers received before the end, which state a later one, hold a cut.")
    if standing.held_until is not None:
        raise CannotHold("This cut is held already; it is held once.")
    if not evidence.strip() or received_at > now:
        raise CannotHold("Name the paper that came, and when it came.")
    standing.held_until, standing.held_by, standing.held_evidence = until, by.ref, evidence
    standing.save(update_fields=["held_until", "held_by", "held_evidence"])
    AuthorityTurn.objects.create(
        authority=standing, why="held", ends_at=until, evidence=evidence, at=now, by=by.ref
    )
    tapping.move_ends(standing, why="held", by=by, now=now)
    turned(row)
    audit.record(
        "surveillance.held",
        by=by,
        at=now,
        matter=row.matter,
        surveillance=row.pk,
        authority=authority,
        until=until,
    )
    return until


@transaction.atomic
def release_hold(*, authority: str, by: Actor, now: datetime) -> None:
    """Let a held cut happen after all, at once when its time has passed: the papers were refused. One person's act."""
    row = locked(surveillance_of(authority), by=by, now=now, permission="surveillance.end")
    standing = Authority.objects.select_for_update().get(pk=authority)
    if standing.held_until is None or standing.state != AuthorityState.IN_FORCE:
        raise NotYours
    standing.held_until, standing.held_by, standing.held_evidence = None, "", ""
    standing.save(update_fields=["held_until", "held_by", "held_evidence"])
    AuthorityTurn.objects.create(
        authority=standing, why="released", ends_at=standing.ends_at, at=now, by=by.ref
    )
    tapping.move_ends(standing, why="released", by=by, now=now)
    turned(row)
    audit.record(
        "surveillance.hold_released",
        by=by,
        at=now,
        matter=row.matter,
        surveillance=row.pk,
        authority=authority,
    )


def _end_authority(row: Surveillance, why: str, evidence: str, *, by: Actor, now: datetime) -> None:
    found = (
        Authority.objects.select_for_update().filter(surveillance=row, state=AuthorityState.IN_FORCE).first()
    )
    if found is None:
        return
    Authority.objects.filter(pk=found.pk).update(
        state=AuthorityState.ENDED, ended_at=now, ended_by=by.ref, ended_why=why
    )
    AuthorityTurn.objects.create(
        authority=found, why="ended", ends_at=now, evidence=evidence, at=now, by=by.ref
    )
