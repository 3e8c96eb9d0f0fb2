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
from tecum.exigent.models import ExigentDecision, ExigentRequest
from tecum.exigent.operations import disclosing, following
from tecum.exigent.operations.rows import locked
from tecum.exigent.queries import reading
from tecum.exigent.queries.reading import RequestView
from tecum.exigent.rules.compiling import LOCATE
from tecum.exigent.states import DecisionState, RequestState
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused
from tecum.surveillance import operations as surveillance
from tecum.surveillance import queries as taps
from tecum.surveillance.operations.ending import WHYS
from tecum.surveillance.queries import asking
from tecum.surveillance.queries.asking import EndRequestView, Heard

CALL = "call:"  # before the id of a call back of the emergency itself
REPORTED = surveillance.END_REASONS
OURS = {"carrier_decided": "The carrier ends it", "wrong_target": "It is the wrong target", **REPORTED}


class CannotEnd(Refused):
    """Nothing that runs, a reason that there is not, or a word that nobody of the agency stood by."""


@transaction.atomic
def report_end(
    *, case: str, why: str, channel: str, words: str, heard_at: datetime, by: Actor, now: datetime
) -> RequestView:
    """
    Write down that somebody says an emergency is over, as a request to end: whoever is on call calls back. Nothing ends yet.

    :raises CannotEnd: where nothing of it runs
    :raises CannotAsk: for a reason or a channel that there is not, or without words
    """
    row = locked(case, by=by, now=now)
    running = next((made.surveillance for made in _done(row) if made.authority), "")
    running = running if runs(row, by=by, now=now) else ""
    if not running and not any(_locates(made, now) for made in _done(row)):
        raise CannotEnd("Nothing of it runs.")
    about = {"surveillance": running} if running else {"case": case}
    made = surveillance.note_end(
        **about, why=why, channel=channel, words=words, asked_at=heard_at, by=by, now=now
    )
    audit.record(
        "exigent.end_reported", by=by, at=now, matter=row.matter, request=row.pk, why=why, channel=channel, asked=made
    )  # fmt: skip
    return reading.view(row, by=by, now=now)


@transaction.atomic
def settle_end(
    *, request: str, obey: bool, called: str, by: Actor, now: datetime, spoke_with: str = ""
) -> bool:
    """
    Obey a request to end that the agency stood by on a call back, or refuse one that it did not; of an emergency, what then
    need not follow does not, and permission to locate ends with it.

    `called` is an entry of the agency's directory, or `call:` and a call back of the emergency made after the request came.
    Return, of a refused one, whether the agency could be told in writing.

    :raises CannotEnd: for a call of the emergency that does not show it
    :raises NotCalledBack: for a number that is not the directory's
    :raises Settled: once it was settled
    """
    known = asking.end_request(id=request, by=by, now=now)
    row = ExigentRequest.objects.filter(case=known.case).first()
    row = locked(known.case, by=by, now=now) if row else None
    heard = _heard(row, known, called, obey=obey) if row and called.startswith(CALL) else None
    if not obey:
        return surveillance.refuse_end(
            request=request, called=called, spoke_with=spoke_with, stood_by=heard, by=by, now=now
        )
    surveillance.obey_end(
        request=request, called=called, spoke_with=spoke_with, stood_by=heard, by=by, now=now
    )
    if row is not None and row.state == RequestState.APPROVED:
        audit.record("exigent.ended", by=by, at=now, matter=row.matter, request=row.pk, why=known.why)
        stop(row, known.why, by=by, now=now)
        _over(row, known.why, by=by, now=now)
    return True


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
    if not stop(row, why, by=by, now=now) and not reading.waits_to_leave(row):
        raise CannotEnd("Nothing of it runs.")
    _over(row, why, by=by, now=now)
    return reading.view(row, by=by, now=now)


@transaction.atomic
def turned(*, surveillance_id: str, by: Actor, now: datetime) -> bool:
    """Follow a surveillance whose emergency has ended or was replaced by an order; tell whether it was one. For the clockwork."""
    rows = ExigentRequest.objects.select_related("case").filter(
        decisions__surveillance=surveillance_id, ended_at=None
    )
    row = rows.first()
    if row is None:
        return False
    if runs(row, by=by, now=now):
        _later(row, surveillance_id, by=by, now=now)
        return False
    audit.record("exigent.over", by=by, at=now, matter=row.matter, request=row.pk)
    _over(row, asking.obeyed(case=row.case_id), by=by, now=now)  # its officer may have ended it on the portal
    return True


def stop(row: ExigentRequest, why: str, *, by: Actor, now: datetime) -> bool:
    """End what runs of a request whose row the caller holds; tell whether anything ran."""
    found = False
    for made in _done(row):
        if made.authority and runs(row, by=by, now=now):
            reason = why if why in WHYS else "carrier_decided"
            surveillance.end(surveillance=made.surveillance, why=reason, by=by, now=now)
            found = True
        if _locates(made, now):
            made.ends_at = now
            made.save(update_fields=["ends_at"])
            deadlines.disarm("exigent.location_over", subject=made.pk, now=now)
            found = True
    searched = disclosing.stop_searching(row, "What it was for has ended.", by=by, now=now)
    return found or searched


def denied(row: ExigentRequest, *, by: Actor, now: datetime) -> None:
    """
    End what runs of a request that its agency knows nothing of, and page whoever is on call: a person is watched on nobody's
    word. It stays open until a person decides what it was.
    """
    ran = stop(row, "carrier_decided", by=by, now=now)
    if ran and row.ended_at is None:
        row.ended_at = now
        row.save(update_fields=["ended_at"])
    following.alarm(row, by=by, now=now)
    audit.record("exigent.denied", by=by, at=now, matter=row.matter, request=row.pk, ran=ran)


def runs(row: ExigentRequest, *, by: Actor, now: datetime) -> bool:
    """Tell whether the emergency authority of a request is in force, or still held, at this moment."""
    standing = row.decisions.exclude(authority="").order_by("-decided_at").first()
    if standing is None:
        return False
    found = taps.authority(authority=standing.authority, by=following.SELF, now=now)
    return found.state == "IN_FORCE" and found.until > now


def _later(row: ExigentRequest, surveillance_id: str, *, by: Actor, now: datetime) -> None:
    """Let the order that must follow be waited for as long as the emergency may now last."""
    standing = row.decisions.filter(surveillance=surveillance_id).order_by("-decided_at").first()
    if standing is not None:
        ends_at = taps.authority(authority=standing.authority, by=following.SELF, now=now).ends_at
        following.wait_longer(row, "order", until=ends_at, by=by, now=now)


def _heard(row: ExigentRequest, asked: EndRequestView, called: str, *, obey: bool) -> Heard:
    """Return the call back of this request, made after the end was asked for, in which the agency stood by it, or did not."""
    calls = row.calls.filter(pk=called.removeprefix(CALL), called_at__gte=asked.asked_at).exclude(
        state="UNREACHED"
    )
    call = (calls.filter(state="VERIFIED", void_at=None) if obey else calls).first()
    if call is None:
        raise CannotEnd("Call the agency back first: a word from outside ends nothing by itself.")
    said = reading.call_view(call, sealed.key_of(row.matter)).heard
    return Heard(f"{CALL}{call.pk}", said.number, said.spoke_with or "somebody there")


def _done(row: ExigentRequest) -> list[ExigentDecision]:
    return list(row.decisions.filter(state=DecisionState.DONE))


def _locates(made: ExigentDecision, now: datetime) -> bool:
    return made.act == LOCATE and made.ends_at is not None and made.ends_at > now


def _over(row: ExigentRequest, why: str, *, by: Actor, now: datetime) -> None:
    """Let what need not follow any more follow no more, and write down that it is over."""
    if why == "application_denied":
        note = "It was made, and denied."
        following.settle_kind(row, "application", evidence="", at=now, note=note, by=by, now=now)
    if why in REPORTED:
        following.no_more(row, "order", note=OURS[why], by=by, now=now)
    following.ended(row, at=now, by=by, now=now)
