"""Links that work once: they set a password, or prove an address, which counts only from then on; and the password itself."""

import secrets
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from tecum.access.rules import require
from tecum.accounts.models import ApiToken, PasswordLink, Person
from tecum.accounts.operations.people import locked
from tecum.accounts.operations.visits import end_visits
from tecum.accounts.refusals import (
    LinkNotGood,
    NotOnOneself,
    NotThePassword,
    PasswordTooWeak,
    PersonSuspended,
)
from tecum.accounts.rules import IssuedLink, PersonView, token_hash
from tecum.accounts.states import VisitEnd
from tecum.audit import operations as audit
from tecum.kernel.actors import Actor
from tecum.policy import queries as policy

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
