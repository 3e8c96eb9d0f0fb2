"""Personal tokens for programs: short-lived, one at a time, sharing everything with their person (A17)."""

import secrets
from datetime import datetime

from django.db import transaction

from tecum.access.rules import require
from tecum.accounts.models import ApiToken
from tecum.accounts.operations.people import locked
from tecum.accounts.rules import TOKEN_GOOD_FOR, IssuedLink, token_hash
from tecum.audit import operations as audit
from tecum.kernel.actors import Actor

TOKEN_BYTES = 32


@transaction.atomic
def issue_token(*, by: Actor, now: datetime) -> IssuedLink:
    """
    Issue a token to the person themselves, good for an hour; the one before ends. It is shown once.

    :raises StepUpNeeded: without a second factor in the last five minutes
    """
    require(by, "account.token", now=now)
    person = locked(by.ref.removeprefix("person:"))
    ApiToken.objects.filter(person=person, voided_at=None).update(voided_at=now)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    expires_at = now + TOKEN_GOOD_FOR
    ApiToken.objects.create(
        person=person, token_sha256=token_hash(token), issued_at=now, expires_at=expires_at
    )
    audit.record("token.issued", by=by, at=now, person=person.pk, expires=expires_at)
    return IssuedLink(person=person.pk, token=token, expires_at=expires_at)
