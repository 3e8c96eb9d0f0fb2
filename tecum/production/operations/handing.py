"""Handing a released production over: to a vetted account, or to the address on file with a code told by telephone."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from tecum.access.rules import require
from tecum.accounts import operations as accounts
from tecum.accounts import queries as people
from tecum.accounts.rules import token_hash
from tecum.agencies import operations as directory
from tecum.agencies import queries as agencies
from tecum.agencies import rules as agency_rules
from tecum.agencies.rules import NumberView
from tecum.audit import operations as audit
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.deadlines import operations as deadlines
from tecum.guide.calculators import calendars
from tecum.guide.model.guide import Guide
from tecum.kernel import words
from tecum.kernel.actors import Actor
from tecum.notices import operations as notices
from tecum.notices.operations.hooks import tell_hooks
from tecum.policy import queries as policy
from tecum.production import holding, messages, sealed
from tecum.production.drivers import codes, failpoints
from tecum.production.models import Handover, Production
from tecum.production.operations.preparing import found
from tecum.production.refusals import CannotRecall, NotAReceiver, NotReleased
from tecum.production.states import OUT, HandoverState, ProductionState, Way
from tecum.secrecy import queries as secrecy

OVER = "production.handover_over"
TOKEN_BYTES = 32
SELF = Actor.system("production")


@dataclass(frozen=True, slots=True)
class Told:
    """The code that a person reads out, once, and the number of the directory that they call."""

    handover: str
    code: str
    number: str
    label: str


@transaction.atomic
def hand_to_account(*, production: str, person: str, by: Actor, now: datetime) -> str:
    """
    Let a vetted person fetch a released production, and tell them so; an earlier offer to them ends (re-issue).

    :raises NotReleased: before two people released it, or after it was taken back
    :raises NotAReceiver: for somebody it was not released for, or who is not in good standing
    """
    row = _ready(production, by=by, now=now)
    if person not in sealed.receivers(row, "receivers").people or not people.welcome(
        person=person.removeprefix("person:")
    ):
        raise NotAReceiver("Two people released it for others than this person, or the account is suspended.")
    guide = policy.at(now)
    again = _replace(Handover.objects.filter(production=row, way=Way.ACCOUNT, person=person), now=now)
    made = Handover(
        production=row, way=Way.ACCOUNT, person=person, issued_at=now, issued_by=by.ref,
        expires_at=calendars.later(guide, now, guide.productions.account_open),
        downloads_left=guide.productions.account_downloads,
    )  # fmt: skip
    made.save(force_insert=True)
    who = people.person(id=person.removeprefix("person:"), by=SELF, now=now)
    address = settings.PUBLIC_ADDRESS + reverse("portal:production", args=[made.pk])
    _tell(messages.READY.name, row, made, to=who.email, link=address, guide=guide, by=by, now=now)
    if not secrecy.is_sealed(row.matter):
        data = {"production": made.pk, "reference": row.reference, "case_reference": row.case_reference}
        tell_hooks("production.ready", owner=person, data=data, matter=row.matter, by=by, now=now)
    _issued(made, row, again=again, by=by, now=now)
    return made.pk


@transaction.atomic
def hand_to_address(*, production: str, call_back: str, by: Actor, now: datetime) -> Told:
    """
    Send the address on file a link that opens with a code, and return the code: it is told by telephone, never mailed.

    `call_back` is a number of the agency in the carrier's own directory, confirmed by two people, not changed in 72 hours.

    :raises NotAReceiver: when it was not released for the address, or the number is not such a one
    """
    row = _ready(production, by=by, now=now)
    address = sealed.receivers(row, "receivers").address
    if not address or not agencies.has_domain_of(agency=row.agency, address=address):
        raise NotAReceiver("It was not released for the address on file.")
    directory.stand(agency=row.agency)
    cases.refuse_outside_register(files.case(case=row.case, by=SELF, now=now), address, by=by, now=now)
    number = _directory_number(row, call_back, now=now)
    guide = policy.at(now)
    again = _replace(Handover.objects.filter(production=row, way=Way.ADDRESS), now=now)
    token, code = secrets.token_urlsafe(TOKEN_BYTES), codes.new_code()
    made = Handover(
        production=row, way=Way.ADDRESS, token_sha256=token_hash(token), call_back=number.id,
        issued_at=now, issued_by=by.ref, expires_at=calendars.later(guide, now, guide.productions.address_open),
        downloads_left=guide.productions.address_downloads, tries_left=guide.productions.code_tries,
    )  # fmt: skip
    made.code_mark = codes.mark(made.pk, code)
    made.address = sealed.close_address(made, address)
    made.save(force_insert=True)
    link = settings.PUBLIC_ADDRESS + reverse("public:production", args=[token])
    _tell(messages.LINK.name, row, made, to=address, link=link, guide=guide, by=by, now=now)
    _issued(made, row, again=again, by=by, now=now)
    return Told(made.pk, code, number.number, number.label)


@transaction.atomic
def close_handover(*, handover: str, by: Actor, now: datetime) -> None:
    """End one offer at once; one person is enough."""
    require(by, "production.recall", now=now)
    known = Handover.objects.filter(pk=handover).values_list("production", flat=True).first()
    row = found(known or "", by=by)
    made = Handover.objects.select_for_update().get(pk=handover)
    if not made.close(HandoverState.CLOSED, at=now):
        raise CannotRecall("This offer has ended already.")
    deadlines.disarm(OVER, subject=made.pk, now=now)
    audit.record(
        "production.handover_closed", by=by, at=now, matter=row.matter, production=row.pk, handover=made.pk
    )


@transaction.atomic
def recall(*, production: str, reason: str, by: Actor, now: datetime) -> None:
    """
    Take a released production back before anybody fetched it; every open offer ends and its receiver is told.

    :raises CannotRecall: when somebody fetched it, or it never left, or without a reason
    """
    require(by, "production.recall", now=now)
    row = found(production, by=by)
    if not reason.strip():
        raise CannotRecall("Say why it is recalled.")
    columns = {"ended_at": now, "ended_by": by.ref, "why": sealed.close(row, "why", reason.strip())}
    if not row.turn(ProductionState.RECALLED, **columns):
        told = {
            ProductionState.FETCHED: "It was fetched already; a recall would change nothing. Write to who has it.",
            ProductionState.MADE: "It has not left: withdraw it instead.",
        }
        raise CannotRecall(told.get(ProductionState(row.state), f"{row.reference} is {row.state.lower()}."))
    guide = policy.at(now)
    for each in Handover.objects.select_for_update().filter(production=row, state=HandoverState.OPEN):
        to = (
            sealed.address(each)
            or people.person(id=each.person.removeprefix("person:"), by=SELF, now=now).email
        )
        each.close(HandoverState.CLOSED, at=now)
        deadlines.disarm(OVER, subject=each.pk, now=now)
        context = {"case": row.case_reference, "reference": row.reference}
        if each.person and not secrecy.is_sealed(row.matter):
            data = {"production": each.pk, "reference": row.reference, "case_reference": row.case_reference}
            tell_hooks("production.recalled", owner=each.person, data=data, matter=row.matter, by=by, now=now)
        _send(messages.RECALLED.name, to=to, context=context, row=row, guide=guide, by=by, now=now)
    audit.record("production.recalled", by=by, at=now, matter=row.matter, production=row.pk)


def _ready(production: str, *, by: Actor, now: datetime) -> Production:
    require(by, "production.hand_over", now=now)
    accounts.stand(by=by, now=now)
    row = found(production, by=by)
    if row.state not in OUT:
        raise NotReleased(
            f"{row.reference} is {row.state.lower()}: only what two people released is handed over."
        )
    holding.hold(row, now=now)
    return row


def _directory_number(row: Production, call_back: str, *, now: datetime) -> NumberView:
    entries = agencies.agency(id=row.agency, by=SELF, now=now).call_back_numbers
    number = next((each for each in entries if each.id == call_back and each.confirmed_at), None)
    if number is None or number.confirmed_at is None:
        raise NotAReceiver(
            "The code is told at a number of the agency in the directory that two people confirmed."
        )
    if agency_rules.fresh(confirmed_at=number.confirmed_at, now=now):
        raise NotAReceiver(
            "This number was changed within 72 hours; it does not stand alone yet (control 5)."
        )
    return number


def _replace(rows: "QuerySet[Handover]", *, now: datetime) -> bool:
    """End the open offers among rows; tell whether there was any before, open or not."""
    before = list(rows.select_for_update())
    for each in before:
        if each.close(HandoverState.CLOSED, at=now):
            deadlines.disarm(OVER, subject=each.pk, now=now)
    return bool(before)


def _issued(made: Handover, row: Production, *, again: bool, by: Actor, now: datetime) -> None:
    deadlines.arm(OVER, subject=made.pk, due_at=made.expires_at, matter=row.matter, now=now)
    audit.record(
        "production.handed_over", by=by, at=now, matter=row.matter, production=row.pk, handover=made.pk,
        way=made.way, expires=made.expires_at, again=again,
    )  # fmt: skip
    failpoints.reach("before_handover")
    transaction.on_commit(lambda: failpoints.reach("handed"))


def _tell(
    message: str,
    row: Production,
    made: Handover,
    *,
    to: str,
    link: str,
    guide: Guide,
    by: Actor,
    now: datetime,
) -> None:
    expires = f"{words.moment(made.expires_at, guide.carrier.zone.tz)} ({words.utc(made.expires_at)})"
    context = {"case": row.case_reference, "reference": row.reference, "link": link, "expires": expires}
    _send(message, to=to, context=context, row=row, guide=guide, by=by, now=now)


def _send(
    message: str, *, to: str, context: dict[str, str], row: Production, guide: Guide, by: Actor, now: datetime
) -> None:
    if message != messages.LINK.name and not guide.writes_mail:
        return  # without a mailbox the desk tells it by telephone; it stands on the person's own page all the same
    notices.enqueue(
        message, to=to, context=context, matter=row.matter, mailbox=guide.writes_from, by=by, now=now
    )
