"""What can be done to the directory of agencies: one function per verb."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from tecum.access.rules import require
from tecum.agencies import rules
from tecum.agencies.models import Agency, AgencyContact, AgencyDomain, CallBackNumber
from tecum.agencies.rules import AgencyView, ContactView, NumberView
from tecum.agencies.states import NEXT, AgencyType, Standing
from tecum.audit import operations as audit
from tecum.kernel import numbers
from tecum.kernel.actors import Actor
from tecum.kernel.locks import before_change, for_share
from tecum.kernel.prepared import Question
from tecum.kernel.refusals import NotYours, Refused

STANDING_OF = Question(lambda agency: Agency.objects.filter(pk=agency).values_list("standing"))


class NotAnEntry(Refused):
    """What was typed cannot stand in the directory."""


class AlreadyThere(Refused):
    """The directory has it already."""


class AlreadySo(Refused):
    """The agency is in that standing already."""


class SamePerson(Refused):
    """A call-back number is confirmed by somebody who did not propose it."""


class AgencySuspended(Refused):
    """The agency's people may not act."""


@transaction.atomic
def create_agency(
    *,
    name: str,
    type: str,
    country: str,
    subdivision: str,
    by: Actor,
    now: datetime,
    domains: Iterable[str] = (),
    how: str = "",
    address: str = "",
    switchboard: str = "",
    ori: str = "",
) -> AgencyView:
    """
    Enter an agency with the mail domains that were verified to be its own, and how they were verified.

    :raises NotAnEntry: when the place, the type, a domain or the switchboard number cannot be right
    :raises AlreadyThere: when that agency stands in the directory
    """
    require(by, "agency.create", now=now)
    fields = _checked(name=name, type=type, country=country, subdivision=subdivision, switchboard=switchboard)
    if Agency.objects.filter(name__iexact=fields["name"], country=country, subdivision=subdivision).exists():
        raise AlreadyThere(f"{fields['name']} ({subdivision}) stands in the directory already.")

    agency = Agency.objects.create(
        **fields,
        address=address.strip(),
        ori=ori.strip().upper(),
        standing_since=now,
        standing_by=by.ref,
        created_at=now,
        created_by=by.ref,
    )
    audit.record("agency.created", by=by, at=now, agency=agency.pk, country=country, type=type)
    for domain in domains:
        _add_domain(agency, domain, how=how, by=by, now=now)
    return agency.view()


@transaction.atomic
def change_agency(
    *,
    agency: str,
    name: str,
    type: str,
    country: str,
    subdivision: str,
    by: Actor,
    now: datetime,
    address: str = "",
    switchboard: str = "",
    ori: str = "",
) -> AgencyView:
    """
    Correct an agency's entry.

    :raises NotAnEntry: when the place, the type or the switchboard number cannot be right
    """
    require(by, "agency.change", now=now)
    found = _locked(agency)
    fields = _checked(name=name, type=type, country=country, subdivision=subdivision, switchboard=switchboard)
    for column, value in {**fields, "address": address.strip(), "ori": ori.strip().upper()}.items():
        setattr(found, column, value)
    found.save()
    audit.record("agency.changed", by=by, at=now, agency=agency)
    return found.view()


@transaction.atomic
def add_domain(*, agency: str, domain: str, how: str, by: Actor, now: datetime) -> None:
    """
    Record that a mail domain was verified to be the agency's, and how.

    :raises NotAnEntry: when it can be no domain, or nobody says how it was verified
    :raises AlreadyThere: when the agency has it
    """
    require(by, "agency.change", now=now)
    _add_domain(_locked(agency), domain, how=how, by=by, now=now)


@transaction.atomic
def remove_domain(*, agency: str, domain: str, by: Actor, now: datetime) -> None:
    """Take a mail domain from an agency; people already entered keep their accounts."""
    require(by, "agency.change", now=now)
    if not AgencyDomain.objects.filter(agency=_locked(agency), domain=domain.lower()).delete()[0]:
        raise NotYours
    audit.record("agency.domain_removed", by=by, at=now, agency=agency)


@transaction.atomic
def propose_call_back_number(
    *, agency: str, number: str, label: str, source: str, by: Actor, now: datetime
) -> NumberView:
    """
    Propose a number for calling the agency back, with the public source it was found in.

    :raises NotAnEntry: when it is no number, or without label and source
    :raises AlreadyThere: when the agency has that number
    """
    require(by, "agency.call_back", now=now)
    found = _locked(agency)
    digits = _number(number)
    if not label.strip() or not source.strip():
        raise NotAnEntry("A call-back number needs the desk that answers and the source it was found in.")
    if found.call_back_numbers.filter(number=digits, ended_at=None).exists():
        raise AlreadyThere("That call-back number stands in the directory already.")
    proposed = CallBackNumber.objects.create(
        agency=found,
        number=digits,
        label=label.strip(),
        source=source.strip(),
        proposed_at=now,
        proposed_by=by.ref,
    )
    audit.record("agency.call_back_proposed", by=by, at=now, agency=agency, entry=proposed.pk)
    return proposed.view()


@transaction.atomic
def confirm_call_back_number(*, entry: str, by: Actor, now: datetime) -> NumberView:
    """
    Confirm a proposed call-back number as a second person (assurance control 6).

    :raises SamePerson: for the person who proposed it
    """
    require(by, "agency.call_back", now=now)
    found = (
        CallBackNumber.objects.select_for_update().filter(pk=entry, ended_at=None, confirmed_at=None).first()
    )
    if found is None:
        raise NotYours
    if found.proposed_by == by.ref:
        raise SamePerson("You proposed this number; a second person confirms it.")
    found.confirmed_at, found.confirmed_by = now, by.ref
    found.save(update_fields=["confirmed_at", "confirmed_by"])
    audit.record("agency.call_back_confirmed", by=by, at=now, agency=found.agency_id, entry=entry)
    return found.view()


@transaction.atomic
def end_call_back_number(*, entry: str, by: Actor, now: datetime) -> None:
    """Strike a call-back number; restriction needs one person."""
    require(by, "agency.call_back", now=now)
    found = CallBackNumber.objects.select_for_update().filter(pk=entry, ended_at=None).first()
    if found is None:
        raise NotYours
    found.ended_at, found.ended_by = now, by.ref
    found.save(update_fields=["ended_at", "ended_by"])
    audit.record("agency.call_back_ended", by=by, at=now, agency=found.agency_id, entry=entry)


@transaction.atomic
def propose_contact(
    *, agency: str, desk: str, name: str, source: str, by: Actor, now: datetime, title: str = "", email: str = "",
    phone: str = "",
) -> ContactView:  # fmt: skip
    """
    Propose a person who speaks for an agency in the subjects of one desk of ours, and say who named them.

    :raises NotAnEntry: without name, source and a way to reach them, or with a number that is none
    :raises AlreadyThere: when the agency has that person for that desk
    """
    require(by, "agency.contact", now=now)
    found = _locked(agency)
    mail, digits = email.strip().casefold(), _number(phone) if phone.strip() else ""
    if not (name.strip() and source.strip() and desk.strip() and (mail or digits)):
        raise NotAnEntry(
            "A contact needs a name, a subject, who named them, and a mail address or a telephone number."
        )
    if mail and found.contacts.filter(desk=desk, email=mail, ended_at=None).exists():
        raise AlreadyThere("That person stands in the register for that subject already.")
    made = AgencyContact.objects.create(
        agency=found, desk=desk, name=name.strip(), title=title.strip(), email=mail, phone=digits,
        source=source.strip(), proposed_at=now, proposed_by=by.ref,
    )  # fmt: skip
    audit.record("agency.contact_proposed", by=by, at=now, agency=agency, entry=made.pk, desk=desk)
    return made.view()


@transaction.atomic
def confirm_contact(*, entry: str, called: str, by: Actor, now: datetime) -> ContactView:
    """
    Confirm a proposed contact as a second person, who called the agency back at a number of the directory.

    :raises SamePerson: for the person who proposed it
    :raises NotAnEntry: when the number called is not a confirmed one of this agency, or too fresh to stand alone
    """
    require(by, "agency.contact", now=now)
    found = (
        AgencyContact.objects.select_for_update().filter(pk=entry, ended_at=None, confirmed_at=None).first()
    )
    if found is None:
        raise NotYours
    if found.proposed_by == by.ref:
        raise SamePerson("You proposed this contact; a second person calls the agency and confirms it.")
    number = CallBackNumber.objects.filter(pk=called, agency=found.agency_id, ended_at=None).first()
    if (
        number is None
        or number.confirmed_at is None
        or rules.fresh(confirmed_at=number.confirmed_at, now=now)
    ):
        raise NotAnEntry(
            "Call the agency back at a confirmed number of the directory that is older than 72 hours."
        )
    found.called, found.confirmed_at, found.confirmed_by = number, now, by.ref
    found.save(update_fields=["called", "confirmed_at", "confirmed_by"])
    audit.record(
        "agency.contact_confirmed", by=by, at=now, agency=found.agency_id, entry=entry, called=called
    )
    return found.view()


@transaction.atomic
def end_contact(*, entry: str, by: Actor, now: datetime) -> None:
    """Strike a contact; restriction needs one person. With the last name struck, nobody speaks for the agency."""
    require(by, "agency.contact", now=now)
    found = AgencyContact.objects.select_for_update().filter(pk=entry, ended_at=None).first()
    if found is None:
        raise NotYours
    found.ended_at, found.ended_by = now, by.ref
    found.save(update_fields=["ended_at", "ended_by"])
    audit.record("agency.contact_ended", by=by, at=now, agency=found.agency_id, entry=entry)


@transaction.atomic
def suspend(*, agency: str, reason: str, by: Actor, now: datetime) -> AgencyView:
    """
    Suspend an agency. Doors call `accounts.operations.suspend_agency`, which ends its people's visits as well.

    :raises AlreadySo: when it is suspended
    """
    require(by, "agency.suspend", now=now)
    if not reason.strip():
        raise NotAnEntry("Say why the agency is suspended; its people are told.")
    found = _turned(agency, Standing.SUSPENDED, by=by, now=now, reason=reason.strip())
    audit.record("agency.suspended", by=by, at=now, agency=agency)
    return found.view()


@transaction.atomic
def reinstate_agency(*, agency: str, by: Actor, now: datetime) -> AgencyView:
    """
    Let a suspended agency's people in again.

    :raises AlreadySo: when it is not suspended
    """
    require(by, "agency.reinstate", now=now)
    found = _turned(agency, Standing.ACTIVE, by=by, now=now, reason="")
    audit.record("agency.reinstated", by=by, at=now, agency=agency)
    return found.view()


@transaction.atomic
def note_overdue(
    *, agency: str, since: date | None, told: Iterable[str] = (), by: Actor, now: datetime
) -> frozenset[str]:
    """
    Keep since when an agency owes an invoice that is overdue, and which rules it was told of; for billing alone.

    Return the rules that it had been told of before.
    """
    row = _locked(agency)
    before = frozenset(row.overdue_told.split())
    rules_told = " ".join(sorted(told))
    if (row.overdue_since, row.overdue_told) == (since, rules_told):
        return before
    was = row.overdue_since
    row.overdue_since, row.overdue_told = since, rules_told
    row.save(update_fields=["overdue_since", "overdue_told"])
    if was != since:
        audit.record("agency.overdue", by=by, at=now, agency=row.pk, overdue=since is not None)
    return before


def stand(*, agency: str) -> None:
    """
    Hold the agency in its standing until the transaction ends (T15).

    :raises AgencySuspended: when it is not in good standing
    """
    held = for_share(STANDING_OF(agency), [f"agency:{agency}"])
    if not held or held[0].standing != Standing.ACTIVE:
        raise AgencySuspended("Your agency's access is suspended.")


def _locked(agency: str) -> Agency:
    before_change(Agency.objects.all(), [f"agency:{agency}"])
    found = Agency.objects.select_for_update().filter(pk=agency).first()
    if found is None:
        raise NotYours
    return found


def _turned(agency: str, standing: Standing, *, by: Actor, now: datetime, reason: str) -> Agency:
    found = _locked(agency)
    if standing not in NEXT[Standing(found.standing)]:
        raise AlreadySo(f"The agency is {found.standing.lower()} already.")
    found.turn(standing, by=by.ref, at=now, reason=reason)
    return found


def _add_domain(agency: Agency, domain: str, *, how: str, by: Actor, now: datetime) -> None:
    wanted = domain.strip().lower().lstrip("@")
    if not rules.is_domain(wanted):
        raise NotAnEntry(f"'{domain}' can be no mail domain.")
    if not how.strip():
        raise NotAnEntry("Say how the domain was verified to be the agency's.")
    if agency.domains.filter(domain=wanted).exists():
        raise AlreadyThere(f"{wanted} is verified for this agency already.")
    AgencyDomain.objects.create(
        agency=agency, domain=wanted, verified_at=now, verified_by=by.ref, how=how.strip()
    )
    audit.record("agency.domain_added", by=by, at=now, agency=agency.pk)


def _checked(*, name: str, type: str, country: str, subdivision: str, switchboard: str) -> dict[str, str]:
    if not name.strip():
        raise NotAnEntry("An agency needs its legal name.")
    if type not in set(AgencyType):
        raise NotAnEntry(f"'{type}' is no type of agency.")
    if wrong := rules.place(country=country, subdivision=subdivision):
        raise NotAnEntry(wrong)
    return {
        "name": " ".join(name.split()),
        "type": type,
        "country": country,
        "subdivision": subdivision,
        "switchboard": _number(switchboard) if switchboard.strip() else "",
    }


def _number(text: str) -> str:
    try:
        return numbers.read(text)
    except numbers.NotANumber as reason:
        raise NotAnEntry(f"The telephone number: {reason.reason}") from reason
