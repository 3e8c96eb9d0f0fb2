"""What every switch is to do, written with its end in one transaction, before anything leaves for a switch (control 1)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.db.models import F, Max

from tecum.audit import operations as audit
from tecum.cases import sealed
from tecum.deadlines import operations as deadlines
from tecum.kernel import ids
from tecum.kernel.actors import Actor
from tecum.policy import queries as policy
from tecum.surveillance.drivers import failpoints
from tecum.surveillance.models import Authority, Surveillance, Tap, TapTarget, TapTurn
from tecum.surveillance.operations.proposing import CannotActivate
from tecum.surveillance.operations.rows import Said, say
from tecum.surveillance.queries.reading import authority_view
from tecum.surveillance.rules import ends
from tecum.surveillance.rules import ordered as lines
from tecum.surveillance.rules.ordered import Line
from tecum.surveillance.states import ON, TAP_NEXT, TapState

END, SWITCH_ON, SWITCH_OFF = "surveillance.end", "surveillance.on", "surveillance.off"
EXPIRED = "expired"


def target_of(row: Surveillance, said: Said) -> TapTarget:
    """Return the target of a number, made when it is new; what is said of it is written down."""
    found = TapTarget.objects.filter(
        surveillance=row, print=sealed.fingerprint(said.number, purpose="target")
    ).first()
    if found is not None:
        if said.imei or said.imsi or said.delivery:
            say(found, said)
            found.save(update_fields=["said", "print"])
        return found
    last = TapTarget.objects.filter(surveillance=row).aggregate(last=Max("place"))["last"] or 0
    made = TapTarget(id=ids.unguessable(), surveillance=row, place=last + 1)
    say(made, said)
    made.save(force_insert=True)
    return made


def start(
    target: TapTarget, line: Line, authority: Authority, *, proposer: str, why: str, by: Actor, now: datetime
) -> Tap:
    """
    Desire a tap on, with its end armed: nothing is on that has no end.

    :raises CannotActivate: when the cut has come, or the switch has not yet shown that it is off
    """
    tap = (
        Tap.objects.select_for_update()
        .filter(target=target, service=line.service, switch=line.switch)
        .first()
    )
    if tap is not None and TapState.STARTING not in TAP_NEXT[TapState(tap.state)]:
        raise CannotActivate(
            f"On {line.switch} this is {tap.state.lower()}; wait until the switch has shown it."
        )
    fresh = tap is None
    tap = tap or Tap(
        id=ids.unguessable(),
        task=uuid4(),
        target=target,
        service=line.service,
        switch=line.switch,
        generation=0,
    )
    tap.types, tap.authority, tap.alone = lines.written(line.types), authority, authority.alone
    if fresh or tap.state == TapState.ENDED:
        tap.on_at = tap.off_at = None
    tap.starts_at = max(now, authority.starts_at)
    _ending(tap, authority, now=now)
    if tap.fires_at <= max(now, tap.starts_at):
        raise CannotActivate(
            f"On {line.switch} it would be cut at {tap.cut_at:%Y-%m-%d %H:%M:%S} UTC already; a later end is needed."
        )
    _turn_on(tap, proposer=proposer, why=why, by=by, now=now)
    return tap


def write_again(tap: Tap, *, proposer: str, why: str, by: Actor, now: datetime) -> None:
    """Desire the changed object on a switch that runs, under a new generation and the same end."""
    _turn_on(tap, proposer=proposer, why=why, by=by, now=now)


def put_back(tap: Tap, *, by: Actor, now: datetime) -> None:
    """Tell a switch again what two people approved, as a named employee affirms once more."""
    tap.affirmed_by, tap.affirmed_at = by.ref, now
    _next_generation(tap, why="put_back", by=by, now=now)


def move_ends(authority: Authority, *, why: str, by: Actor, now: datetime) -> None:
    """Let every tap of an authority end when the authority does now; what is off stays off."""
    for tap in (
        Tap.objects.select_for_update()
        .select_related("target__surveillance")
        .filter(authority=authority, state__in=ON)
    ):
        _ending(tap, authority, now=now)
        if ends.by_hand(policy.at(now).switch(tap.switch)):
            tap.save(update_fields=["until_at", "cut_at", "fires_at"])
            matter = tap.target.surveillance.matter
            deadlines.arm(END, subject=tap.pk, due_at=tap.fires_at, matter=matter, now=now)
            at = max(now, tap.starts_at)  # plans its end anew
            deadlines.arm(SWITCH_ON, subject=tap.pk, due_at=at, matter=matter, now=now)
        else:
            _next_generation(tap, why=why, by=by, now=now)  # the switch holds an end of its own
        audit.record(
            "surveillance.end_moved", by=by, at=now, matter=tap.target.surveillance.matter,
            surveillance=tap.target.surveillance_id, tap=tap.pk, cut=tap.cut_at,
        )  # fmt: skip


def stop(taps: Sequence[Tap], *, why: str, by: Actor, now: datetime) -> None:
    """Desire taps off, many at once; their rows are held by the caller. Needs nobody's second word (control 6)."""
    if not taps:
        return
    ids_ = [tap.pk for tap in taps]
    Tap.objects.filter(pk__in=ids_, state__in=ON).update(
        state=TapState.STOPPING, generation=F("generation") + 1, turned_at=now, turned_by=by.ref, why=why,
        commanded_at=None, off_at=None,
    )  # fmt: skip
    TapTurn.objects.bulk_create(
        TapTurn(
            tap=tap, generation=tap.generation + 1, on=False, types=tap.types, authority_id=tap.authority_id, at=now,
            by=by.ref, why=why,
        )
        for tap in taps
    )  # fmt: skip
    entries = [
        (
            tap.target.surveillance.matter,
            {
                "surveillance": tap.target.surveillance_id, "tap": tap.pk, "generation": tap.generation + 1,
                "why": why,
            },
        )
        for tap in taps
    ]  # fmt: skip
    audit.record_many("surveillance.off_desired", entries, by=by, at=now)
    # By the clock it is the deadline of the end itself that is being done.
    deadlines.disarm_many((SWITCH_ON,) if why == EXPIRED else (END, SWITCH_ON), subjects=ids_, now=now)
    matters = {tap.pk: tap.target.surveillance.matter for tap in taps}
    deadlines.arm_many(SWITCH_OFF, matters=matters, due_at=now, now=now)
    failpoints.reach("before_expired")
    transaction.on_commit(lambda: failpoints.reach("expired"))


def _ending(tap: Tap, authority: Authority, *, now: datetime) -> None:
    guide, view = policy.at(now), authority_view(authority)
    found = ends.cut(
        guide, guide.switch(tap.switch), kind=view.kind, until=view.until, exact=view.allows.exact_time,
        held=view.held_until is not None,
    )  # fmt: skip
    tap.until_at, tap.cut_at, tap.fires_at = view.until, found.at, found.fires_at


def _turn_on(tap: Tap, *, proposer: str, why: str, by: Actor, now: datetime) -> None:
    tap.proposed_by, tap.approved_by, tap.affirmed_by, tap.affirmed_at = proposer, by.ref, by.ref, now
    _next_generation(tap, why=why, by=by, now=now)


def _next_generation(tap: Tap, *, why: str, by: Actor, now: datetime) -> None:
    """Desire a tap on as it is written now, under a new generation, with its end armed and its command due."""
    tap.state, tap.generation, tap.commanded_at = TapState.STARTING, tap.generation + 1, None
    tap.turned_at, tap.turned_by, tap.why = now, by.ref, why
    tap.save()
    TapTurn.objects.create(
        tap=tap, generation=tap.generation, on=True, types=tap.types, authority_id=tap.authority_id, at=now, by=by.ref,
        why=why,
    )  # fmt: skip
    home = tap.target.surveillance
    audit.record(
        "surveillance.on_desired", by=by, at=now, matter=home.matter, surveillance=home.pk, tap=tap.pk,
        generation=tap.generation, types=".".join(tap.types.split()), cut=tap.cut_at, why=why,
    )  # fmt: skip
    deadlines.arm(END, subject=tap.pk, due_at=tap.fires_at, matter=home.matter, now=now)
    deadlines.disarm(SWITCH_OFF, subject=tap.pk, now=now)
    deadlines.arm(SWITCH_ON, subject=tap.pk, due_at=max(now, tap.starts_at), matter=home.matter, now=now)
