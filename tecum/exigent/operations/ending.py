"""
The ends of an emergency before its clock (R-181): what was sought was obtained, the application was denied, the carrier ends it.

A word from outside ends nothing before the agency was called back: a forged "application denied" would else cut a
kidnapping short. One person of the carrier is enough to end; the clock needs nobody.
"""

from datetime import datetime

from django.db import transaction

from tecum.audit import operations as audit
from tecum.cases import sealed
from tecum.deadlines import operations as deadlines
from tecum.exigent.models import ExigentCall, ExigentEnd, ExigentRequest
from tecum.exigent.operations import following
from tecum.exigent.operations.rows import locked
from tecum.exigent.queries import reading
from tecum.exigent.queries.reading import RequestView
from tecum.exigent.rules.compiling import LOCATE
from tecum.exigent.states import END_NEXT, DecisionState, EndState, RequestState
from tecum.kernel import ids
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused
from tecum.surveillance import operations as surveillance
from tecum.surveillance import queries as taps
from tecum.surveillance.operations.ending import WHYS

REPORTED = {
    "information_obtained": "What was sought was obtained",
    "application_denied": "The application for an order was denied",
    "agency_asked": "The agency wants it ended",
}
OURS = {"carrier_decided": "The carrier ends it", "wrong_target": "It is the wrong target", **REPORTED}


class CannotEnd(Refused):
    """Nothing that runs, a reason that there is not, or a word that nobody of the agency stood by."""


@transaction.atomic
def report_end(
    *, case: str, why: str, channel: str, words: str, heard_at: datetime, by: Actor, now: datetime
) -> RequestView:
    """
    Write down that somebody says an emergency is over, and start the ladder: whoever is on call calls back. Nothing ends yet.

    :raises CannotEnd: for a reason that there is not, or where nothing was decided
    """
    row = locked(case, by=by, now=now)
    if why not in REPORTED or row.state != RequestState.APPROVED:
        raise CannotEnd("Say what is over, of an emergency that was decided.")
    made = ExigentEnd(
        id=ids.unguessable(),
        request=row,
        why=why,
        channel=channel,
        heard_at=min(heard_at, now),
        heard_by=by.ref,
    )
    made.said = sealed.close(
        sealed.key_of(row.matter), f"exigent end {made.pk}", {"words": words.strip()[:2000]}
    )
    made.save(force_insert=True)
    audit.record(
        "exigent.end_reported", by=by, at=now, matter=row.matter, request=row.pk, why=why, channel=channel
    )
    following.ring(row, cause="exigent_end", by=by, now=now)
    return reading.view(row, by=by, now=now)


@transaction.atomic
def settle_end(*, end: str, obey: bool, by: Actor, now: datetime) -> RequestView:
    """
    Obey a reported end that the agency stood by on a call back made after it was heard, or refuse one that it did not.

    :raises CannotEnd: to obey without such a call, or once it was settled
    """
    known = ExigentEnd.objects.select_related("request").filter(pk=end).first()
    if known is None:
        raise NotYours
    row = locked(known.request.case_id, by=by, now=now)
    made = ExigentEnd.objects.select_for_update().get(pk=end)
    to = EndState.OBEYED if obey else EndState.REFUSED
    if to not in END_NEXT[EndState(made.state)]:
        raise CannotEnd("This was settled already.")
    call = _stood_by(row, made) if obey else None
    if obey and call is None:
        raise CannotEnd("Call the agency back first: a word from outside ends nothing by itself.")
    made.state, made.call, made.settled_at, made.settled_by = to, call, now, by.ref
    made.save(update_fields=["state", "call", "settled_at", "settled_by"])
    audit.record(
        "exigent.end_settled", by=by, at=now, matter=row.matter, request=row.pk, why=made.why, obeyed=obey
    )
    if obey:
        _end(row, made.why, by=by, now=now)
    return reading.view(row, by=by, now=now)


@transaction.atomic
def end_now(*, case: str, why: str, by: Actor, now: datetime) -> RequestView:
    """
    End everything of an emergency that runs, at once; one person of the carrier is enough.

    :raises CannotEnd: for a reason of the agency's, which is called back first, or where nothing runs
    """
    row = locked(case, by=by, now=now)
    if why not in OURS or why in REPORTED:
        raise CannotEnd("What the agency says is written down and called back first.")
    audit.record("exigent.ended", by=by, at=now, matter=row.matter, request=row.pk, why=why)
    if not _end(row, why, by=by, now=now):
        raise CannotEnd("Nothing of it runs.")
    return reading.view(row, by=by, now=now)


@transaction.atomic
def turned(*, surveillance_id: str, by: Actor, now: datetime) -> bool:
    """Follow a surveillance whose emergency has ended or was replaced by an order; tell whether it was one. For the clockwork."""
    rows = ExigentRequest.objects.select_related("case").filter(
        decisions__surveillance=surveillance_id, ended_at=None
    )
    row = rows.first()
    if row is None or runs(row, by=by, now=now):
        return False
    audit.record("exigent.over", by=by, at=now, matter=row.matter, request=row.pk)
    following.ended(row, at=now, by=by, now=now)
    return True


def runs(row: ExigentRequest, *, by: Actor, now: datetime) -> bool:
    """Tell whether the emergency authority of a request is in force, or still held, at this moment."""
    standing = row.decisions.exclude(authority="").order_by("-decided_at").first()
    if standing is None:
        return False
    found = taps.authority(authority=standing.authority, by=following.SELF, now=now)
    return found.state == "IN_FORCE" and found.until > now


def _stood_by(row: ExigentRequest, end: ExigentEnd) -> ExigentCall | None:
    """Return the call back of this request, made after the end was heard, in which the agency stood by it."""
    return (
        row.calls.filter(state="VERIFIED", void_at=None, called_at__gte=end.heard_at)
        .order_by("-ordinal")
        .first()
    )


def _end(row: ExigentRequest, why: str, *, by: Actor, now: datetime) -> bool:
    """End what runs of a request, and what then need not follow; tell whether anything ran."""
    found = False
    for made in row.decisions.filter(state=DecisionState.DONE):
        if made.authority and runs(row, by=by, now=now):
            reason = why if why in WHYS else "carrier_decided"
            surveillance.end(surveillance=made.surveillance, why=reason, by=by, now=now)
            found = True
        if made.act == LOCATE and made.ends_at is not None and made.ends_at > now:
            made.ends_at = now
            made.save(update_fields=["ends_at"])
            deadlines.disarm("exigent.location_over", subject=made.pk, now=now)
            found = True
    if why == "application_denied":
        following.settle_kind(
            row, "application", evidence="", at=now, note="It was made, and denied.", by=by, now=now
        )
    if why in REPORTED:
        following.no_more(row, "order", note=OURS[why], by=by, now=now)
    following.ended(row, at=now, by=by, now=now)
    return found
