"""A request comes in: by the public page, by mail or fax, as a paper, or typed while somebody is on the telephone."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction

from tecum.access.rules import require
from tecum.audit import operations as audit
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases.facts import Asked, Contact
from tecum.cases.states import CaseKind, TargetState
from tecum.demands import operations as demands
from tecum.exigent.models import ExigentRequest
from tecum.exigent.operations import following
from tecum.exigent.operations.rows import WORK, changed, locked, say, turn
from tecum.exigent.queries import reading
from tecum.exigent.queries.reading import RequestView
from tecum.exigent.rules import reading as forms
from tecum.exigent.rules.facts import Said
from tecum.exigent.rules.lacking import counts_as_written
from tecum.exigent.states import WAITING, RequestState
from tecum.guide.model.emergency import Emergency
from tecum.guide.model.guide import Guide
from tecum.kernel import ids, numbers
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused
from tecum.notices.rules import Incoming
from tecum.policy import queries as policy
from tecum.process import operations as process
from tecum.process import queries as received_queries
from tecum.process.facts import Said as Process
from tecum.process.queries import ReceivedView
from tecum.surveillance.operations import orders

DOOR = HANDS_OVER = Actor.system("exigent")
BY_HAND = {
    "telephone": "On the telephone, typed during the call",
    "fax": "Fax",
    "post": "Post or courier",
    "counter": "At the counter",
    "voicemail": "Voicemail",
}
MOST_TARGETS = 10
WRITTEN = "written_request"


class CannotAsk(Refused):
    """A request that this carrier's guide has no pathway for, or that cannot be taken as it stands."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a request: its process, its case's reference, and what its pathway wants besides."""

    received: ReceivedView
    reference: str
    case: str


@transaction.atomic
def ask(*, said: Said, pathway: str, by: Actor, now: datetime) -> Taken:
    """
    Take a request from the public page, where anybody may ask and nobody is believed (R-082): it is verified by a call.

    :raises CannotAsk: where the guide has no such pathway, or more numbers are named than one emergency has
    """
    audit.record("exigent.asked_on_page", by=by, at=now, path=pathway)
    contact = _contact(said)
    return _receive(
        said, channel="web", received_at=now, pathway=pathway, contact=contact, agency="", by=DOOR, now=now
    )


@transaction.atomic
def receive(
    *,
    said: Said,
    channel: str,
    received_at: datetime,
    by: Actor,
    now: datetime,
    pathway: str = "",
    agency: str = "",
    message: str = "",
    incoming: Incoming | None = None,
    mailbox: str = "",
    right_address: str = "",
    people: tuple[str, ...] = (),
) -> Taken:
    """
    Take a request in from a message, or one that somebody of the carrier typed. The same message again changes nothing.

    :raises NotYours: for a person without the permission to work on emergencies
    :raises CannotAsk: where the guide has no pathway for it, or the time of receipt has not come
    """
    require(by, WORK, now=now)
    if received_at > now + timedelta(minutes=1):
        raise CannotAsk("The time of receipt has not come yet. Look at the stamp, and at the zone.")
    return _receive(
        said, channel=channel, received_at=min(received_at, now), pathway=pathway, contact=_contact(said), agency=agency,
        message=message, incoming=incoming, mailbox=mailbox, right_address=right_address, people=people, by=by, now=now,
    )  # fmt: skip


def _receive(
    said: Said, *, channel: str, received_at: datetime, pathway: str, contact: Contact, agency: str, by: Actor,
    now: datetime, message: str = "", incoming: Incoming | None = None, mailbox: str = "", right_address: str = "",
    people: tuple[str, ...] = (),
) -> Taken:  # fmt: skip
    guide = policy.at(now)
    way = forms.pathway(said, guide, pathway)
    if way is None:
        raise CannotAsk("This carrier's guide names no such way to act in an emergency.")
    if len(said.targets) > MOST_TARGETS and not message:
        raise CannotAsk(
            f"One emergency names at most {MOST_TARGETS} numbers; this names {len(said.targets)}."
        )
    said = replace(said, targets=said.targets[:MOST_TARGETS])
    got = process.receive(
        kind=CaseKind.EMERGENCY, channel=channel, received_at=received_at, contact=contact, agency=agency,
        desk=way.desk, message=message, incoming=incoming, mailbox=mailbox, right_address=right_address, people=people,
        said=Process(process=_process(guide, way, said), words=said.words or said.circumstances, signer=said.name,
            country=guide.carrier.country),
        by=by, now=now,
    )  # fmt: skip
    known = ExigentRequest.objects.filter(received=got.id).first()
    if known is not None:
        return Taken(got, got.reference, got.case)
    home = cases.locked(got.case, by=by, now=now)
    row = ExigentRequest(
        id=ids.unguessable(), case=home, received_id=got.id, matter=home.matter, path=way.id, channel=channel,
        received_at=got.received_at, entered_by=by.ref, guide_version=guide.version,
    )  # fmt: skip
    say(row, said)
    if counts_as_written(way, channel=channel):
        row.written_at = got.received_at
    row.save(force_insert=True)
    audit.record(
        "exigent.received", by=by, at=now, matter=row.matter, request=row.pk, case=home.pk, path=way.id, channel=channel,
        targets=len(said.targets), written=row.written_at is not None,
    )  # fmt: skip
    _targets(row, said, by=by, now=now)
    _gates(row, way, said, by=by, now=now)
    following.ring(row, cause="exigent_request", by=by, now=now)
    return Taken(got, home.reference, home.pk)


@transaction.atomic
def correct(
    *, case: str, said: Said, by: Actor, now: datetime, pathway: str = "", agency: str = ""
) -> RequestView:
    """
    Write down what a person read in a request, which pathway it is, and which agency of the directory it comes from.

    What was verified before is verified no more where who asks, for what, or by which pathway changes; a proposal fits
    no more. Once something was decided, it changes no more.

    :raises CannotAsk: once it was decided
    :raises OutsideRegister: where the agency names others for this subject
    """
    row = locked(case, by=by, now=now)
    if row.state not in WAITING:
        raise CannotAsk(f"This request is {row.state.lower()}; it changes no more.")
    guide = policy.at(now)
    way = forms.pathway(said, guide, pathway or row.path)
    if way is None:
        raise CannotAsk("This carrier's guide names no such way to act in an emergency.")
    if len(said.targets) > MOST_TARGETS:
        raise CannotAsk(
            f"One emergency names at most {MOST_TARGETS} numbers; this names {len(said.targets)}."
        )
    before = reading.said_of(row)
    moved = way.id != row.path
    row.path = way.id
    if moved:
        row.written_at, row.paper = (
            (row.received_at if counts_as_written(way, channel=row.channel) else None),
            "",
        )
    say(row, said)
    row.save(update_fields=["said", "requester", "grounds", "sent_from", "path", "written_at", "paper"])
    home = files.case(case=case, by=by, now=now)
    if agency != home.agency or _contact(said) != home.contact:
        cases.change_contact(case=case, contact=_contact(said), agency=agency or home.agency, by=by, now=now)
    _targets(row, said, by=by, now=now)
    _gates(row, way, said, by=by, now=now)
    changed(row, now=now)
    if moved or (agency and agency != home.agency) or _who(before) != _who(said):
        void_calls(row, by=by, now=now)
    audit.record(
        "exigent.corrected",
        by=by,
        at=now,
        matter=row.matter,
        request=row.pk,
        path=way.id,
        targets=len(said.targets),
    )
    return reading.view(row, by=by, now=now)


@transaction.atomic
def find_written(*, case: str, document: str, signed: bool, by: Actor, now: datetime) -> RequestView:
    """
    Find a paper of the case to be the written request that the guide wants, as a person who looked at it (R-092, R-096).

    :raises CannotAsk: for a paper that is not of this case, or a certificate that nobody signed (R-176, R-182)
    """
    row = locked(case, by=by, now=now)
    way = reading.pathway_of(row, policy.at(now))
    paper = next((each for each in files.documents(case=case, by=by, now=now) if each.id == document), None)
    if paper is None:
        raise CannotAsk("Choose a paper of this case.")
    if not signed and way.release_gate in {"signed_form", "certification"}:
        raise CannotAsk("It counts once it is signed (R-182): ask for the signed form.")
    row.written_at, row.written_by, row.paper = min(paper.received_at, now), by.ref, document
    row.save(update_fields=["written_at", "written_by", "paper"])
    changed(row, now=now)
    for gate in files.gates(case=case, by=by, now=now):
        if gate.kind == WRITTEN and gate.state.value == "OPEN":
            cases.close_gate(
                gate=gate.id, given="the written request came", evidence=document, by=by, now=now
            )
    following.settle_kind(row, "written", evidence=document, at=row.written_at, by=by, now=now)
    audit.record("exigent.written_in", by=by, at=now, matter=row.matter, request=row.pk, document=document)
    return reading.view(row, by=by, now=now)


@transaction.atomic
def repeats(*, case: str, of: str, by: Actor, now: datetime) -> str:
    """
    Find that a request repeats another, by whichever channel each came; return the case that is worked on: the older.

    :raises CannotDecide: when they are one, or one of them repeats another already
    """
    row, other = locked(case, by=by, now=now), locked(of, by=by, now=now)
    younger = received_queries.received(
        id=process.join(received=row.received_id, to=other.received_id, by=by, now=now).id, by=by, now=now
    )
    loser, stays = (row, other) if younger.id == row.received_id else (other, row)
    turn(loser, RequestState.REPEATED, by=by, now=now)
    following.quiet(loser, by=by, now=now)
    audit.record("exigent.repeated", by=by, at=now, matter=loser.matter, request=loser.pk, other=stays.pk)
    return str(stays.case_id)


@transaction.atomic
def is_ordinary(*, case: str, kind: CaseKind, by: Actor, now: datetime) -> str:
    """
    Find that a request is no emergency but a legal demand, or a court order, and hand it over; return its case.

    It keeps the instant at which it arrived, so no clock is lost.

    :raises CannotAsk: for another kind
    """
    row = locked(case, by=by, now=now)
    if kind not in {CaseKind.DEMAND, CaseKind.ORDER}:
        raise CannotAsk("Say whether it is a legal demand or a court order.")
    turn(row, RequestState.ORDINARY, by=by, now=now)
    following.quiet(row, by=by, now=now)
    cases.change_kind(case=case, kind=kind, by=HANDS_OVER, now=now)
    if kind is CaseKind.ORDER:
        orders.begin(received=row.received_id, by=HANDS_OVER, now=now)
    else:
        demands.begin(received=row.received_id, by=HANDS_OVER, now=now)
    audit.record("exigent.was_ordinary", by=by, at=now, matter=row.matter, request=row.pk, kind=kind.value)
    return case


def void_calls(row: ExigentRequest, *, by: Actor, now: datetime) -> None:
    """Let no call verify a request any more: what it verified changed."""
    row.calls.filter(state="VERIFIED", void_at=None).update(void_at=now)
    if row.state == RequestState.VERIFIED:
        turn(row, RequestState.RECEIVED, by=by, now=now)


def _who(said: Said) -> tuple[object, ...]:
    """Return what a call back verifies: who asks, about whom, on which ground."""
    return said.requester, said.name, said.agency, said.targets, said.grounds, said.designation


def _contact(said: Said) -> Contact:
    return Contact.read(
        {
            "agency_name": said.agency,
            "name": said.name,
            "title": said.title,
            "email": said.email,
            "phone": said.phone,
        }
    )


def _process(guide: Guide, way: Emergency, said: Said) -> str:
    """Return the process type of the guide: its exigent form for a certificate, else a letter."""
    wanted = (
        ("exigent_form",) if said.designation or way.certifiers else ("letterhead_request", "exigent_form")
    )
    kinds = {each.kind: each.id for each in reversed(guide.process_types)}
    return next((kinds[kind] for kind in wanted if kind in kinds), "")


def _targets(row: ExigentRequest, said: Said, *, by: Actor, now: datetime) -> None:
    """Let the case's targets be those of the request."""
    known = {each.value: each for each in files.targets(case=row.case_id, by=by, now=now)}
    wanted = [numbers.read(each) for each in said.targets]
    for number in wanted:
        if number not in known:
            cases.add_target(case=row.case_id, asked=Asked(number), by=by, now=now)
        elif known[number].state is TargetState.WITHDRAWN:
            cases.turn_target(target=known[number].id, to=TargetState.ASKED, by=by, now=now)
    for number, target in known.items():
        if number not in wanted and target.state is TargetState.ASKED:
            cases.turn_target(target=target.id, to=TargetState.WITHDRAWN, by=by, now=now)


def _gates(row: ExigentRequest, way: Emergency, said: Said, *, by: Actor, now: datetime) -> None:
    """Open what has to be given first: counsel's word on a ground that waits for it, writing where speech came first."""
    ours = [each for each in way.grounds if each.id in said.grounds]
    if ours and all(each.stops_for for each in ours):
        cases.open_gate(case=row.case_id, kind="counsel", rule=way.id, asked=ours[0].label, by=by, now=now)
    if way.first == "oral" and row.written_at is None and way.release_gate != "none":
        cases.open_gate(
            case=row.case_id, kind=WRITTEN, rule=way.id, asked="the request in writing", by=by, now=now
        )
