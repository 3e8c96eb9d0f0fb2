"""Addresses: proved by a link before they count; where the person asks, at both ends."""

import secrets
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from tecum.access.rules import require
from tecum.accounts import messages
from tecum.accounts.models import AddressProof, ApiToken, PasswordLink, Person
from tecum.accounts.operations import beginning
from tecum.accounts.operations.links import TOKEN_BYTES
from tecum.accounts.operations.people import locked
from tecum.accounts.operations.visits import end_visits
from tecum.accounts.refusals import (
    AlreadySo,
    AlreadyThere,
    LinkNotGood,
    NotAnAccount,
    NothingAsked,
    NotOnOneself,
    PersonSuspended,
)
from tecum.accounts.rules import PersonView, token_hash
from tecum.accounts.states import Cause, PersonStanding, VisitEnd
from tecum.agencies import queries as agencies
from tecum.audit import operations as audit
from tecum.kernel import words
from tecum.kernel.actors import Actor
from tecum.notices import operations as notices
from tecum.policy import queries as policy
from tecum.secrecy import operations as secrecy


@transaction.atomic
def ask_address(*, person: str, address: str, by: Actor, now: datetime) -> None:
    """
    Send a link to an address that is to be a person's, the present one again or a new one; it proves who reads there.

    Until the link is used nothing changes. The present address is told, so that its owner can object.

    :raises NotAnAccount: for what is no address, or does not lie in a domain verified for the agency (R-050)
    :raises AlreadyThere: when the address is another account's
    :raises PersonSuspended: for somebody who is kept out for another reason than the address
    """
    require(by, "person.address", now=now)
    found = locked(person)
    if found.ref == by.ref:
        raise NotOnOneself("Somebody else changes your address.")
    wanted = _may_have(found, address)
    if not found.is_active and found.standing_cause != Cause.BOUNCED:
        raise PersonSuspended("The person is suspended; let them in again first.")
    _send_links(found, wanted, agreed=False, by=by, now=now)
    if wanted != found.email and found.is_active:
        since = {"since": words.moment(now, policy.at(now).carrier.zone.tz)}
        notices.enqueue(messages.ADDRESS_CHANGING.name, to=found.email, context=since, by=by, now=now)
    audit.record("address.asked", by=by, at=now, person=person, new=wanted != found.email)


@transaction.atomic
def ask_own_address(*, address: str, by: Actor, now: datetime) -> None:
    """
    Ask for another address of one's own, in a domain verified for the agency: a link goes to it, and one to the address
    so far. Once both are used, in either order, it is the user name; until then nothing changes.

    Who no longer reads the address so far turns to the desk, which asks in their place (`ask_address`).

    :raises NotAnAccount: for what is no address, or does not lie in a domain verified for the agency (R-050)
    :raises AlreadyThere: when the address is another account's
    :raises AlreadySo: when it is the own address already
    :raises PersonSuspended: for somebody who is kept out
    """
    require(by, "account.address", now=now)
    found = locked(by.ref.removeprefix("person:"))
    wanted = _may_have(found, address)
    if wanted == found.email:
        raise AlreadySo("That is your address already.")
    if not found.is_active:
        raise PersonSuspended("Your access is suspended.")
    _send_links(found, wanted, agreed=True, by=by, now=now)
    audit.record("address.asked", by=by, at=now, person=found.pk, new=True)


@transaction.atomic
def leave_address(*, by: Actor, now: datetime) -> None:
    """
    Take back what one asked for: both links are void and nothing changed.

    :raises NothingAsked: when no link is open
    """
    require(by, "account.own", now=now)
    found = locked(by.ref.removeprefix("person:"))
    if not _open(now).filter(person=found).update(voided_at=now):
        raise NothingAsked("No change of your address is under way.")
    audit.record("address.left", by=by, at=now, person=found.pk)


def _open(now: datetime) -> QuerySet[AddressProof]:
    return AddressProof.objects.filter(proved_at=None, voided_at=None, expires_at__gt=now, asked_at__lte=now)


def _send_links(found: Person, wanted: str, *, agreed: bool, by: Actor, now: datetime) -> None:
    """Send the link to the new address and, where the person asks, one to the address so far; older ones are void."""
    AddressProof.objects.filter(person=found, proved_at=None, voided_at=None).update(voided_at=now)
    token, agreement = secrets.token_urlsafe(TOKEN_BYTES), secrets.token_urlsafe(TOKEN_BYTES)
    expires_at = now + policy.at(now).link_life.elapsed
    AddressProof.objects.create(
        person=found,
        address=wanted,
        token_sha256=token_hash(token),
        agree_sha256=token_hash(agreement) if agreed else "",
        asked_at=now,
        asked_by=by.ref,
        expires_at=expires_at,
    )
    zone = policy.at(now).carrier.zone.tz
    matter = secrecy.open_matter(kind="mail", by=by, now=now)  # its key seals the links until they are out
    letters = [(messages.ADDRESS_PROVE, wanted, token)]
    if agreed:
        letters.append((messages.ADDRESS_AGREE, found.email, agreement))
    for message, to, secret in letters:
        context = {
            "link": settings.PUBLIC_ADDRESS + reverse("prove_address", args=[secret]),
            "expires": f"{words.moment(expires_at, zone)} ({words.utc(expires_at)})",
        }
        notices.enqueue(message.name, to=to, context=context, matter=matter, by=by, now=now)


def prove_address(*, token: str, by: Actor, now: datetime) -> PersonView:
    """
    Use a link that was sent to an address: the one it is to be, or the one so far where the person asked.

    The new address becomes the person's own once all links are used; a suspension that only waited for it is lifted.

    :raises LinkNotGood: used, replaced, too old, or never issued
    """
    try:
        return _prove(token, now=now)
    except LinkNotGood:
        audit.note("link.refused", by=by, at=now, why="not_good")
        raise


@transaction.atomic
def _prove(token: str, *, now: datetime) -> PersonView:
    secret = token_hash(token)
    proof = _open(now).filter(Q(token_sha256=secret) | Q(agree_sha256=secret)).first()
    if proof is None:
        raise LinkNotGood
    person = locked(proof.person_id)
    waits = person.standing_cause == Cause.BOUNCED
    if not (person.is_active or waits):
        raise LinkNotGood
    if proof.agree_sha256 and not _both(
        proof, at_new=secret == proof.token_sha256, by=person.actor(), now=now
    ):
        return person.view()
    if _open(now).filter(pk=proof.pk).update(proved_at=now) != 1:
        raise LinkNotGood
    himself = person.actor()
    before, changed = person.email, proof.address != person.email
    if changed:
        _take(person, proof.address, by=himself, now=now)
    if proof.agree_sha256:
        since = {"since": words.moment(now, policy.at(now).carrier.zone.tz)}
        notices.enqueue(messages.ADDRESS_CHANGED.name, to=before, context=since, by=himself, now=now)
    audit.record("address.proved", by=himself, at=now, person=person.pk, new=changed)
    if waits:
        person.turn(PersonStanding.ACTIVE, by=himself.ref, at=now, reason="")
        beginning.watch_inactivity(person, guide=policy.at(now), now=now)
        audit.record("person.reinstated", by=himself, at=now, person=person.pk)
    return person.view()


def _both(proof: AddressProof, *, at_new: bool, by: Actor, now: datetime) -> bool:
    """Note that one of the two links was used, once; tell whether both are now."""
    column = "read_at" if at_new else "agreed_at"
    if _open(now).filter(pk=proof.pk, **{column: None}).update(**{column: now}) != 1:
        raise LinkNotGood
    audit.record(
        "address.confirmed", by=by, at=now, person=proof.person_id, end="new" if at_new else "so_far"
    )
    proof.refresh_from_db()
    return proof.read_at is not None and proof.agreed_at is not None


def _take(person: Person, address: str, *, by: Actor, now: datetime) -> None:
    """Give the person the new user name; what was open under the old one ends."""
    _may_have(person, address)
    person.email = address
    person.save(update_fields=["email"])
    PasswordLink.objects.filter(person=person, used_at=None, voided_at=None).update(voided_at=now)
    ApiToken.objects.filter(person=person, voided_at=None).update(voided_at=now)
    end_visits(person, VisitEnd.CREDENTIALS_CHANGED, by=by, now=now)


def _may_have(person: Person, address: str) -> str:
    """Return an address in lower case, if it can be this person's."""
    wanted = address.strip().lower()
    try:
        validate_email(wanted)
    except ValidationError:
        raise NotAnAccount("That is no e-mail address.") from None
    if person.agency_id and not agencies.has_domain_of(agency=person.agency_id, address=wanted):
        raise NotAnAccount("The address does not lie in a mail domain verified for this agency (R-050).")
    if Person.objects.filter(email=wanted).exclude(pk=person.pk).exists():
        raise AlreadyThere("That address has an account; credentials are one person's (R-006).")
    return wanted
