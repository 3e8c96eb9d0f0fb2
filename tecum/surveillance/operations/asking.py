"""
An agency asks for an end before its time (decisions, E; R-181): obeyed at once where an authorised person of it is signed in;
otherwise somebody of the carrier calls back, at a number of the directory, before anything ends. Mail or fax ends nothing.

What is to end is a surveillance, or permission to locate (D7), which an emergency's own operations end.
"""

from datetime import datetime

from django.db import transaction

from tecum.access.rules import require
from tecum.accounts import operations as accounts
from tecum.agencies import queries as agencies
from tecum.audit import operations as audit
from tecum.cases import operations as cases
from tecum.cases import sealed
from tecum.guide.model.guide import NotInGuide
from tecum.kernel import ids, words
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused
from tecum.oncall import operations as oncall
from tecum.policy import queries as policy
from tecum.secrecy import queries as lists
from tecum.surveillance import messages
from tecum.surveillance.models import EndRequest, Surveillance, Tap
from tecum.surveillance.operations import ending, noticing
from tecum.surveillance.operations.rows import locked
from tecum.surveillance.operations.telling import tell_desk
from tecum.surveillance.queries.asking import Heard, home_of, told
from tecum.surveillance.states import ON, EndRequestState

CHANNELS = {"mail": "by mail", "fax": "by fax", "telephone": "by telephone", "in_person": "in person"}
PORTAL, AGENCY_ASKED = "portal", "agency_asked"
REASONS = {
    AGENCY_ASKED: "The agency wants it ended",
    "information_obtained": "What was sought was obtained",
    "application_denied": "The application for an order was denied",
}


class CannotAsk(Refused):
    """A request without words or a reason, by a channel that there is not, or for what is off already."""


class NotCalledBack(Refused):
    """A call back at a number that is not the directory's, or to nobody."""


class Settled(Refused):
    """A request that was settled already."""


@transaction.atomic
def ask_end(*, surveillance: str, words: str, by: Actor, now: datetime) -> int:
    """
    End a surveillance because a signed-in person of its agency, who stands on its list, says so; return how many were on.

    :raises NotYours: for anybody else, one 404 for unknown and forbidden
    :raises CannotAsk: when nothing of it is on
    """
    require(by, "surveillance.ask_end", now=now)
    accounts.stand(by=by, now=now, to_end=True)
    row = (
        Surveillance.objects.select_for_update(of=("self",))
        .select_related("case")
        .filter(pk=surveillance)
        .first()
    )
    if row is None or not by.agency or row.case.agency != by.agency or not lists.may_know(row.matter, by.ref):
        raise NotYours
    made = _noted(_on(row), PORTAL, words, "", now, by=by, now=now)
    count = ending.ended(row, why=AGENCY_ASKED, evidence=made.pk, by=by, now=now)
    _settled(made, EndRequestState.OBEYED, by=by, now=now)
    return count


@transaction.atomic
def note_end(
    *,
    channel: str,
    words: str,
    by: Actor,
    now: datetime,
    surveillance: str = "",
    case: str = "",
    why: str = AGENCY_ASKED,
    evidence: str = "",
    asked_at: datetime | None = None,
) -> str:
    """
    Note that an agency asked for an end by mail, fax, telephone or in person: nothing ends, somebody calls back.

    `surveillance` names what is to end; `case` alone the case of an emergency whose target may be located.

    :raises CannotAsk: without words, by another channel, for another reason, or when nothing of it is on
    """
    if channel not in CHANNELS or why not in REASONS:
        raise CannotAsk("Say by which channel the agency asked, and why it is to end.")
    if surveillance:
        made = _on(locked(surveillance, by=by, now=now, permission="surveillance.end"))
    else:
        require(by, "surveillance.end", now=now)
        made = EndRequest(case=cases.locked(case, by=by, now=now))
    made.why = why
    _page(_noted(made, channel, words, evidence, min(asked_at or now, now), by=by, now=now), by=by, now=now)
    return made.pk


@transaction.atomic
def note_by_mail(*, reference: str, message: str, by: Actor, now: datetime) -> bool:
    """
    Note the request of a message that names the case of a surveillance that is on; tell whether there is one.

    An address is no identity: whoever wrote it, nothing ends before a call back. The same message is noted once.
    """
    rows = Surveillance.objects.select_for_update(of=("self",)).select_related("case")
    row = rows.filter(case__reference=reference).first() if reference else None
    if row is None or not Tap.objects.filter(target__surveillance=row, state__in=ON).exists():
        return False
    if not EndRequest.objects.filter(surveillance=row, evidence=message).exists():
        made = _noted(_on(row), "mail", "See the message.", message, now, by=by, now=now)
        _page(made, by=by, now=now)
    return True


def note_by_form(*, number: str, case: str, by: Actor, now: datetime) -> int:
    """
    Note, in the caller's transaction, that a form asks to deactivate a target: somebody calls back. Return for how many.

    What its officer may end at once is left to them: they stand on its list, and the page leads them there.
    """
    rows = Surveillance.objects.select_for_update(of=("self",)).select_related("case")
    found = rows.filter(
        case__agency=by.agency,
        pk__in=Tap.objects.filter(
            target__print=sealed.fingerprint(number, purpose="target"), state__in=ON
        ).values("target__surveillance"),
    )
    others = [row for row in found if by.agency and not lists.may_know(row.matter, by.ref)]
    for row in others:
        _page(_noted(_on(row), PORTAL, "See the request form.", case, now, by=by, now=now), by=by, now=now)
    return len(others)


@transaction.atomic
def obey_end(
    *, request: str, called: str, spoke_with: str, by: Actor, now: datetime, stood_by: Heard | None = None
) -> int:
    """
    End it after a call back: `called` is the entry of the agency's directory that was called, never a number of the message.

    `stood_by` is the call back of an emergency, already verified, whose agency is in no directory. One person of the
    carrier is enough: an end is a restriction. Return how many were on.

    :raises NotCalledBack: for an entry that is not the agency's, or not confirmed, or without a name
    :raises Settled: when it was obeyed or refused already
    """
    made, row = _waiting(request, by=by, now=now)
    heard = stood_by or _called(made, called, spoke_with, by=by, now=now)
    _answered(made, heard, by=by, now=now)
    count = ending.ended(row, why=made.why, evidence=made.pk, by=by, now=now) if row else 0
    _settled(made, EndRequestState.OBEYED, by=by, now=now)
    return count


@transaction.atomic
def refuse_end(
    *, request: str, called: str, spoke_with: str, by: Actor, now: datetime, stood_by: Heard | None = None
) -> bool:
    """
    Refuse a request after a call back found that the agency did not ask: nothing changes, and the agency is told in writing.

    It may ask again at any time. Return whether a letter could go.

    :raises NotCalledBack: for an entry that is not the agency's, or not confirmed, or without a name
    :raises Settled: when it was obeyed or refused already
    """
    made, _ = _waiting(request, by=by, now=now)
    heard = stood_by or _called(made, called, spoke_with, by=by, now=now)
    _answered(made, heard, by=by, now=now)
    _settled(made, EndRequestState.REFUSED, by=by, now=now)
    guide = policy.at(now)
    zone = guide.carrier.zone.tz
    context = {
        "case": "", "asked": words.moment(made.asked_at, zone), "asked_utc": words.utc(made.asked_at),
        "channel": CHANNELS.get(made.channel, made.channel),
    }  # fmt: skip
    return bool(noticing.to_contact(made.case_id, messages.END_REFUSED.name, context, guide, by=by, now=now))


def _on(row: Surveillance) -> EndRequest:
    """Return a new request about a surveillance. :raises CannotAsk: when nothing of it is on"""
    if not Tap.objects.filter(target__surveillance=row, state__in=ON).exists():
        raise CannotAsk("Nothing of this surveillance is on.")
    return EndRequest(surveillance=row, case=row.case)


def _waiting(request: str, *, by: Actor, now: datetime) -> tuple[EndRequest, Surveillance | None]:
    known = EndRequest.objects.filter(pk=request).values_list("surveillance", "case").first()
    if known is None:
        raise NotYours
    row = None
    if known[0]:
        row = locked(known[0], by=by, now=now, permission="surveillance.end")
    else:
        require(by, "surveillance.end", now=now)
        cases.locked(known[1], by=by, now=now, writing=False)
    made = (
        EndRequest.objects.select_for_update(of=("self",))
        .select_related("case", "surveillance")
        .get(pk=request)
    )
    if made.state != EndRequestState.WAITING:
        raise Settled("This request was settled already.")
    return made, row


def _noted(
    made: EndRequest, channel: str, said: str, evidence: str, asked_at: datetime, *, by: Actor, now: datetime
) -> EndRequest:
    if not said.strip():
        raise CannotAsk("Say why it is to end, in a few words.")
    made.id, made.channel, made.evidence = ids.unguessable(), channel, evidence
    made.asked_at, made.noted_by = asked_at, by.ref
    made.said = sealed.close(sealed.key_of(made.case.matter), f"end request {made.pk}", said.strip()[:2000])
    made.save(force_insert=True)
    audit.record(
        "surveillance.end_asked", by=by, at=now, matter=made.case.matter, surveillance=made.surveillance_id or None,
        request=made.pk, channel=channel, why=made.why,
    )  # fmt: skip
    return made


def _called(made: EndRequest, called: str, spoke_with: str, *, by: Actor, now: datetime) -> Heard:
    """Return a call back at a confirmed number of the agency's directory. :raises NotCalledBack: where it is none"""
    home = made.case.agency
    known = agencies.agency(id=home, by=by, now=now).call_back_numbers if home else ()
    entry = next((each for each in known if each.id == called and not each.waits), None)
    if entry is None or not spoke_with.strip():
        raise NotCalledBack(
            "Call back at a confirmed number of the agency's directory, and say whom you spoke with."
        )
    return Heard(entry.id, entry.number, " ".join(spoke_with.split())[:200])


def _answered(made: EndRequest, heard: Heard, *, by: Actor, now: datetime) -> None:
    """Keep who was called back, and stop the ladder that climbs about this request."""
    made.said = sealed.close(
        sealed.key_of(made.case.matter), f"end request {made.pk}", f"{told(made)}\nCalled back: {heard.spoke_with}"
    )  # fmt: skip
    made.called, made.kept_as = heard.called, ""
    made.save(update_fields=["said", "called", "kept_as"])
    oncall.called_back_about(
        about=f"end_request:{made.pk}",
        spoke_with=heard.spoke_with,
        number=heard.number,
        at=now,
        by=by,
        now=now,
    )


def _settled(made: EndRequest, state: EndRequestState, *, by: Actor, now: datetime) -> None:
    made.state, made.settled_at, made.settled_by = state, now, by.ref
    made.save(update_fields=["state", "settled_at", "settled_by"])
    audit.record(
        "surveillance.end_settled", by=by, at=now, matter=made.case.matter, surveillance=made.surveillance_id or None,
        request=made.pk, outcome=state.value, called=made.called or None, why=made.why,
    )  # fmt: skip


def _page(made: EndRequest, *, by: Actor, now: datetime) -> None:
    """Page whoever is on call, and write to the desk: an administrator calls back."""
    matter = made.case.matter
    tell_desk(
        home_of(made), "its agency asks for its end", "Call back at once, at a number of the directory; then end it.",
        matter=matter, by=by, now=now,
    )  # fmt: skip
    try:
        oncall.begin(about=f"end_request:{made.pk}", cause="end_asked", matter=matter, by=by, now=now)
    except NotInGuide:  # a guide without a ladder: the desk was told
        return
