"""
An agency asks for an end before its time (decisions, E): obeyed at once where an authorised person of it is signed in;
otherwise somebody of the carrier calls back, at a number of the directory, before anything ends. Mail or fax ends nothing.
"""

from datetime import datetime

from django.db import transaction

from tecum.access.rules import require
from tecum.accounts import operations as accounts
from tecum.agencies import queries as agencies
from tecum.audit import operations as audit
from tecum.cases import sealed
from tecum.guide.model.guide import NotInGuide
from tecum.kernel import ids
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused
from tecum.oncall import operations as oncall
from tecum.secrecy import queries as lists
from tecum.surveillance.models import EndRequest, Surveillance, Tap
from tecum.surveillance.operations import ending
from tecum.surveillance.operations.rows import locked
from tecum.surveillance.operations.telling import tell_desk
from tecum.surveillance.states import ON, EndRequestState

CHANNELS = ("mail", "fax", "telephone", "in_person")
PORTAL, AGENCY_ASKED = "portal", "agency_asked"


class CannotAsk(Refused):
    """A request without words, by a channel that there is not, or for what is off already."""


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
    made = _noted(row, PORTAL, words, "", by=by, now=now)
    count = ending.ended(row, why=AGENCY_ASKED, evidence=made.pk, by=by, now=now)
    _settled(made, row, EndRequestState.OBEYED, by=by, now=now)
    return count


@transaction.atomic
def note_end(*, surveillance: str, channel: str, words: str, evidence: str, by: Actor, now: datetime) -> str:
    """
    Note that an agency asked for an end by mail, fax, telephone or in person: nothing ends, somebody calls back.

    :raises CannotAsk: without words, by another channel, or when nothing of it is on
    """
    row = locked(surveillance, by=by, now=now, permission="surveillance.end")
    if channel not in CHANNELS:
        raise CannotAsk("Say by which channel the agency asked.")
    made = _noted(row, channel, words, evidence, by=by, now=now)
    _page(made, row, by=by, now=now)
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
        _page(_noted(row, "mail", "See the message.", message, by=by, now=now), row, by=by, now=now)
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
        _page(_noted(row, PORTAL, "See the request form.", case, by=by, now=now), row, by=by, now=now)
    return len(others)


@transaction.atomic
def obey_end(*, request: str, called: str, spoke_with: str, by: Actor, now: datetime) -> int:
    """
    End it after a call back: `called` is the entry of the agency's directory that was called, never a number of the message.

    One person of the carrier is enough: an end is a restriction. Return how many were on.

    :raises NotCalledBack: for an entry that is not the agency's, or not confirmed, or without a name
    :raises Settled: when it was obeyed or refused already
    """
    made, row = _waiting(request, by=by, now=now)
    known = {
        each.id
        for each in agencies.agency(id=row.case.agency, by=by, now=now).call_back_numbers
        if not each.waits
    }
    if called not in known or not spoke_with.strip():
        raise NotCalledBack(
            "Call back at a confirmed number of the agency's directory, and say whom you spoke with."
        )
    made.said = sealed.close(
        sealed.key_of(row.matter),
        f"end request {made.pk}",
        _told(made, row) + f"\nCalled back: {spoke_with.strip()}",
    )
    made.save(update_fields=["said"])
    count = ending.ended(row, why=AGENCY_ASKED, evidence=made.pk, by=by, now=now)
    _settled(made, row, EndRequestState.OBEYED, called=called, by=by, now=now)
    return count


@transaction.atomic
def refuse_end(*, request: str, by: Actor, now: datetime) -> None:
    """
    Refuse a request after a call back found that the agency did not ask; nothing changes. It may ask again at any time.

    :raises Settled: when it was obeyed or refused already
    """
    made, row = _waiting(request, by=by, now=now)
    _settled(made, row, EndRequestState.REFUSED, by=by, now=now)


def _waiting(request: str, *, by: Actor, now: datetime) -> tuple[EndRequest, Surveillance]:
    known = EndRequest.objects.filter(pk=request).values_list("surveillance", flat=True).first()
    row = locked(known or "", by=by, now=now, permission="surveillance.end")
    made = EndRequest.objects.select_for_update().get(pk=request)
    if made.state != EndRequestState.WAITING:
        raise Settled("This request was settled already.")
    return made, row


def _noted(
    row: Surveillance, channel: str, words: str, evidence: str, *, by: Actor, now: datetime
) -> EndRequest:
    if not words.strip():
        raise CannotAsk("Say why it is to end, in a few words.")
    if not Tap.objects.filter(target__surveillance=row, state__in=ON).exists():
        raise CannotAsk("Nothing of this surveillance is on.")
    made = EndRequest(
        id=ids.unguessable(),
        surveillance=row,
        channel=channel,
        evidence=evidence,
        asked_at=now,
        noted_by=by.ref,
    )
    made.said = sealed.close(sealed.key_of(row.matter), f"end request {made.pk}", words.strip())
    made.save(force_insert=True)
    audit.record(
        "surveillance.end_asked", by=by, at=now, matter=row.matter, surveillance=row.pk, request=made.pk, channel=channel
    )  # fmt: skip
    return made


def _settled(
    made: EndRequest, row: Surveillance, state: EndRequestState, *, by: Actor, now: datetime, called: str = ""
) -> None:
    made.state, made.settled_at, made.settled_by = state, now, by.ref
    made.save(update_fields=["state", "settled_at", "settled_by"])
    audit.record(
        "surveillance.end_settled", by=by, at=now, matter=row.matter, surveillance=row.pk, request=made.pk,
        outcome=state.value, called=called or None,
    )  # fmt: skip


def _page(made: EndRequest, row: Surveillance, *, by: Actor, now: datetime) -> None:
    """Page whoever is on call, and write to the desk: an administrator calls back."""
    tell_desk(
        row.reference, "its agency asks for its end", "Call back at once, at a number of the directory; then end it.",
        matter=row.matter, by=by, now=now,
    )  # fmt: skip
    try:
        oncall.begin(about=f"end_request:{made.pk}", cause="end_asked", matter=row.matter, by=by, now=now)
    except NotInGuide:  # a guide without a ladder: the desk was told
        return


def _told(made: EndRequest, row: Surveillance) -> str:
    said: str = sealed.opened(sealed.key_of(row.matter), f"end request {made.pk}", made.said)
    return said
