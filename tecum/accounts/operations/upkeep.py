"""Life after activation: supervisors confirm or report who left, what is not used or not reached is suspended (W10)."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from tecum.access.rules import permissions_of, require
from tecum.accounts import messages
from tecum.accounts.models import AddressProof, Attestation, Person, SharedUse
from tecum.accounts.operations import beginning
from tecum.accounts.operations.people import locked
from tecum.accounts.operations.standing import keep_out, stand
from tecum.accounts.refusals import AlreadySo, NotAnAccount, NotHowItWasGiven, NotOnOneself, SignalSettled
from tecum.accounts.rules import AttestationView, PersonView, SharedUseView, gone
from tecum.accounts.states import Cause
from tecum.agencies import queries as agencies
from tecum.audit import operations as audit
from tecum.guide.calculators import calendars
from tecum.guide.model.guide import Guide
from tecum.kernel import words
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours
from tecum.notices import operations as notices
from tecum.notices import queries as outbox
from tecum.policy import queries as policy


@transaction.atomic
def attest(*, person: str, by: Actor, now: datetime, how: str = "") -> AttestationView:
    """
    Confirm that a person still serves and still needs the account; their look-ups go on until the term ends.

    Any supervisor of the agency may. Staff may record a supervisor's word that reached them elsewhere, and say `how`.

    :raises NotYours: for a person of another agency, or one who does not look numbers up
    :raises NotOnOneself: for the own account
    :raises NotHowItWasGiven: for staff who do not say how they know
    :raises AlreadySo: where the guide asks for no confirmation, or the account is suspended
    """
    found = _theirs(person, by=by, now=now, own="person.attest", staff="person.attest_for")
    if not by.agency and not how.strip():
        raise NotHowItWasGiven("Say which supervisor confirmed it, and how you reached them.")
    stand(by=by, now=now)
    if not found.is_active:
        raise AlreadySo("The account is suspended; it is let in again first.")
    until = beginning.count_from(found, guide=policy.at(now), now=now)
    if until is None:
        raise AlreadySo("The guide asks for no confirmation.")
    row = Attestation.objects.create(
        person=found, given_at=now, given_by=by.ref, until=until, how="" if by.agency else how.strip()
    )
    audit.record("person.attested", by=by, at=now, person=person, until=until)
    return row.view()


@transaction.atomic
def report_left(*, person: str, by: Actor, now: datetime) -> PersonView:
    """
    Keep somebody out because their supervisor says that they left, at once; the desk is told.

    :raises NotYours: for a person of another agency
    :raises NotOnOneself: for the own account
    :raises AlreadySo: when suspended
    """
    found = _theirs(person, by=by, now=now, own="person.left", staff="")
    stand(by=by, now=now)
    keep_out(
        found, cause=Cause.LEFT, reason="A supervisor of the agency reported that they left.", by=by, now=now
    )
    guide = policy.at(now)
    context = {
        "agency": agencies.names({found.agency_id or ""}).get(found.agency_id or "", ""),
        "page": _page("desk:person", found.pk),
    }
    notices.enqueue(messages.PERSON_LEFT.name, to=_desk(guide), context=context, by=by, now=now)
    return found.view()


@transaction.atomic
def attestation_due(*, person: str, by: Actor, now: datetime) -> None:
    """Tell every supervisor of the agency, or the desk where it has none, that a confirmation runs out soon."""
    require(by, "person.attest_for", now=now)
    found = locked(person)
    if not found.is_active or found.attested_until is None:
        return
    guide = policy.at(now)
    supervisors = [one.email for one in _supervisors(found)]
    page = _page("supervisor:people") if supervisors else _page("desk:person", found.pk)
    zone = guide.carrier.zone.tz
    context = {"until": words.moment(found.attested_until, zone), "page": page}
    for address in supervisors or [_desk(guide)]:
        notices.enqueue(messages.ATTESTATION_DUE.name, to=address, context=context, by=by, now=now)
    audit.record("person.attestation_due", by=by, at=now, person=person, told=len(supervisors))


@transaction.atomic
def attestation_lapsed(*, person: str, by: Actor, now: datetime) -> None:
    """Record that a confirmation ran out and tell the person; that look-ups stop follows from the date alone."""
    require(by, "person.attest_for", now=now)
    found = locked(person)
    if not found.is_active or found.attested_until is None or now < found.attested_until:
        return
    _say_paused(
        found,
        reason="your supervisor's confirmation that you still serve has run out",
        remedy="Ask a supervisor of your agency to confirm you in the portal. You can sign in meanwhile.",
        by=by,
        now=now,
    )
    audit.record("person.attestation_lapsed", by=by, at=now, person=person)


@transaction.atomic
def inactive(*, person: str, by: Actor, now: datetime) -> None:
    """Suspend an account that was not signed in to for as long as the guide in force allows."""
    require(by, "person.suspend", now=now)
    found = locked(person)
    guide = policy.at(now)
    allowed = beginning.terms(guide).inactive_after
    if not found.is_active or allowed is None:
        return
    seen = max(at for at in (found.last_login, found.standing_since, found.created_at) if at is not None)
    if now < calendars.later(guide, seen, allowed):
        beginning.watch_inactivity(found, guide=guide, now=seen)
        return
    keep_out(found, cause=Cause.INACTIVE, reason=f"Not signed in to for {allowed}.", by=by, now=now)
    _say_paused(
        found,
        reason=f"nobody signed in to it for {allowed}",
        remedy="If you still need it, write to the portal administrator.",
        by=by,
        now=now,
    )


@transaction.atomic
def address_bounced(*, notice: str, by: Actor, now: datetime) -> None:
    """
    Suspend the account of an agency's person whose address takes no mail any more, until the address is proved again.

    Only where the mail system says that the mailbox is gone; a full one, or a refusal by policy, is left to staff.
    """
    require(by, "person.suspend", now=now)
    back = outbox.came_back(notice)
    if back is None or not gone(back.code) or not beginning.terms(policy.at(now)).bounce_suspends:
        return
    row = Person.objects.filter(email=back.recipient.lower()).exclude(agency=None).first()
    found = locked(row.pk) if row else None
    if found is None or not found.is_active or _proved_since(found, back.enqueued_at):
        return
    reason = f"Mail to the address came back for good ({back.code})."
    keep_out(found, cause=Cause.BOUNCED, reason=reason, by=by, now=now)


@transaction.atomic
def settle_sign(*, sign: str, finding: str, by: Actor, now: datetime) -> SharedUseView:
    """
    Write down what a sign of shared use was found to be. It changes nobody's standing.

    :raises NotAnAccount: without a finding
    :raises SignalSettled: when somebody did so before
    """
    require(by, "person.signs", now=now)
    if not finding.strip():
        raise NotAnAccount("Say what you found.")
    changed = SharedUse.objects.filter(pk=sign, looked_at=None).update(
        looked_at=now, looked_by=by.ref, finding=finding.strip()
    )
    row = SharedUse.objects.filter(pk=sign).first()
    if row is None:
        raise NotYours
    if not changed:
        raise SignalSettled("Somebody wrote down already what this was.")
    audit.record("person.sign_settled", by=by, at=now, person=row.person_id, sign=sign)
    return row.view()


def _theirs(person: str, *, by: Actor, now: datetime, own: str, staff: str) -> Person:
    """Return the locked row of a person whom this supervisor, or staff with a permission of theirs, may act on."""
    require(by, own if by.agency or not staff else staff, now=now)
    found = locked(person)
    foreign = by.agency and by.agency != found.agency_id
    if foreign or not found.agency_id or "lookup.run" not in permissions_of(found.held()):
        raise NotYours
    if found.ref == by.ref:
        raise NotOnOneself("Another supervisor confirms you.")
    return found


def _supervisors(person: Person) -> list[Person]:
    rows = Person.objects.filter(
        agency=person.agency_id, standing="ACTIVE", roles__role="supervisor", roles__ended_at=None
    )
    return list(rows.exclude(pk=person.pk).order_by("email").distinct())


def _proved_since(person: Person, at: datetime) -> bool:
    return AddressProof.objects.filter(person=person, address=person.email, proved_at__gte=at).exists()


def _say_paused(person: Person, *, reason: str, remedy: str, by: Actor, now: datetime) -> None:
    context = {"reason": reason, "remedy": remedy}
    notices.enqueue(messages.ACCESS_PAUSED.name, to=person.email, context=context, by=by, now=now)


def _desk(guide: Guide) -> str:
    return guide.mailbox("portal").address


def _page(name: str, *args: str) -> str:
    return settings.PUBLIC_ADDRESS + reverse(name, args=args)
