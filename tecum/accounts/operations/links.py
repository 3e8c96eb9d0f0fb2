"""Links that work once: they set a password, or prove an address, which counts only from then on; and the password itself."""

import secrets
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

from tecum.access.rules import require
from tecum.accounts import messages
from tecum.accounts.models import AddressProof, ApiToken, PasswordLink, Person
from tecum.accounts.operations import beginning
from tecum.accounts.operations.people import locked
from tecum.accounts.operations.visits import end_visits
from tecum.accounts.refusals import (
    AlreadyThere,
    LinkNotGood,
    NotAnAccount,
    NotOnOneself,
    NotThePassword,
    PasswordTooWeak,
    PersonSuspended,
)
from tecum.accounts.rules import IssuedLink, PersonView, token_hash
from tecum.accounts.states import Cause, PersonStanding, VisitEnd
from tecum.agencies import queries as agencies
from tecum.audit import operations as audit
from tecum.kernel import words
from tecum.kernel.actors import Actor
from tecum.notices import operations as notices
from tecum.policy import queries as policy
from tecum.secrecy import operations as secrecy

TOKEN_BYTES = 32


@transaction.atomic
def issue_link(*, person: str, by: Actor, now: datetime) -> IssuedLink:
    """
    Issue a link that sets the person's password once, within the time that the guide gives; it voids the link before (R-066, R-067, A6).

    :raises PersonSuspended: for somebody who is kept out
    """
    require(by, "person.link", now=now)
    found = locked(person)
    if not found.is_active:
        raise PersonSuspended("The person is suspended; reinstate them first.")
    PasswordLink.objects.filter(person=found, used_at=None, voided_at=None).update(voided_at=now)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    expires_at = now + policy.at(now).link_life.elapsed
    PasswordLink.objects.create(
        person=found, token_sha256=token_hash(token), issued_at=now, issued_by=by.ref, expires_at=expires_at
    )
    audit.record("link.issued", by=by, at=now, person=person, expires=expires_at)
    return IssuedLink(person=person, token=token, expires_at=expires_at)


def use_link(*, token: str, password: str, by: Actor, now: datetime) -> PersonView:
    """
    Set a password by a link, which works no more after that. Earlier visits of the person end.

    A password that is too weak leaves the link as it was. A link that is not good is remembered, and always gets
    the same sentence.

    :raises LinkNotGood: used, voided, too old, or never issued
    :raises PasswordTooWeak: with the reason
    """
    try:
        return _use(token, password, now=now)
    except LinkNotGood:
        audit.note("link.refused", by=by, at=now, why="not_good")
        raise


@transaction.atomic
def _use(token: str, password: str, *, now: datetime) -> PersonView:
    open_ones = PasswordLink.objects.filter(
        token_sha256=token_hash(token), used_at=None, voided_at=None, expires_at__gt=now, issued_at__lte=now
    )
    link = open_ones.select_related("person").first()
    if link is None or not link.person.is_active:
        raise LinkNotGood
    person = locked(link.person_id)
    _set_password(person, password)
    # Two requests with one token: only one of them changes the row (poster, rule 8).
    if open_ones.filter(pk=link.pk).update(used_at=now) != 1:
        raise LinkNotGood
    himself = person.actor()
    end_visits(person, VisitEnd.CREDENTIALS_CHANGED, by=himself, now=now)
    audit.record("link.used", by=himself, at=now, person=person.pk)
    return person.view()


@transaction.atomic
def change_password(*, current: str, password: str, by: Actor, now: datetime) -> None:
    """
    Change the own password; all visits end, this one too.

    :raises NotThePassword: when the current one is not right
    :raises PasswordTooWeak: with the reason
    """
    require(by, "account.own", now=now)
    person = locked(by.ref.removeprefix("person:"))
    if not person.check_password(current):
        raise NotThePassword("That is not your current password.")
    _set_password(person, password)
    end_visits(person, VisitEnd.CREDENTIALS_CHANGED, by=by, now=now)
    audit.record("password.changed", by=by, at=now, person=person.pk)


@transaction.atomic
def reset_sign_in(*, person: str, by: Actor, now: datetime) -> None:
    """
    Take a person's second factors and password away, because a device was lost: a new link begins afresh.

    :raises NotOnOneself: for the own account
    """
    require(by, "person.reset", now=now)
    found = locked(person)
    if found.ref == by.ref:
        raise NotOnOneself("Somebody else resets your sign-in.")
    factors, _ = Authenticator.objects.filter(user=found).delete()
    found.set_unusable_password()
    found.save(update_fields=["password"])
    PasswordLink.objects.filter(person=found, used_at=None, voided_at=None).update(voided_at=now)
    ApiToken.objects.filter(person=found, voided_at=None).update(voided_at=now)
    end_visits(found, VisitEnd.CREDENTIALS_CHANGED, by=by, now=now)
    audit.record("sign_in.reset", by=by, at=now, person=person, factors=factors)


def _set_password(person: Person, password: str) -> None:
    try:
        validate_password(password, person)
    except ValidationError as weak:
        raise PasswordTooWeak(" ".join(weak.messages)) from None
    person.set_password(password)
    person.save(update_fields=["password"])


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
    AddressProof.objects.filter(person=found, proved_at=None, voided_at=None).update(voided_at=now)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    expires_at = now + policy.at(now).link_life.elapsed
    AddressProof.objects.create(
        person=found,
        address=wanted,
        token_sha256=token_hash(token),
        asked_at=now,
        asked_by=by.ref,
        expires_at=expires_at,
    )
    zone = policy.at(now).carrier.zone.tz
    context = {
        "link": settings.PUBLIC_ADDRESS + reverse("prove_address", args=[token]),
        "expires": f"{words.moment(expires_at, zone)} ({words.utc(expires_at)})",
    }
    matter = secrecy.open_matter(kind="mail", by=by, now=now)  # its key seals the link until it is out
    notices.enqueue(messages.ADDRESS_PROVE.name, to=wanted, context=context, matter=matter, by=by, now=now)
    if wanted != found.email and found.is_active:
        since = {"since": words.moment(now, zone)}
        notices.enqueue(messages.ADDRESS_CHANGING.name, to=found.email, context=since, by=by, now=now)
    audit.record("address.asked", by=by, at=now, person=person, new=wanted != found.email)


def prove_address(*, token: str, by: Actor, now: datetime) -> PersonView:
    """
    Make the address that a link was sent to the person's own, and lift a suspension that only waited for this.

    :raises LinkNotGood: used, replaced, too old, or never issued
    """
    try:
        return _prove(token, now=now)
    except LinkNotGood:
        audit.note("link.refused", by=by, at=now, why="not_good")
        raise


@transaction.atomic
def _prove(token: str, *, now: datetime) -> PersonView:
    open_ones = AddressProof.objects.filter(
        token_sha256=token_hash(token), proved_at=None, voided_at=None, expires_at__gt=now, asked_at__lte=now
    )
    proof = open_ones.first()
    if proof is None:
        raise LinkNotGood
    person = locked(proof.person_id)
    waits = person.standing_cause == Cause.BOUNCED
    if not (person.is_active or waits) or open_ones.filter(pk=proof.pk).update(proved_at=now) != 1:
        raise LinkNotGood
    himself = person.actor()
    changed = proof.address != person.email
    if changed:
        _take(person, proof.address, by=himself, now=now)
    audit.record("address.proved", by=himself, at=now, person=person.pk, new=changed)
    if waits:
        person.turn(PersonStanding.ACTIVE, by=himself.ref, at=now, reason="")
        beginning.watch_inactivity(person, guide=policy.at(now), now=now)
        audit.record("person.reinstated", by=himself, at=now, person=person.pk)
    return person.view()


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
