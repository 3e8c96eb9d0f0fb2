"""Personal tokens for programs: short-lived, one at a time, sharing everything with their person (A17)."""

import secrets
from datetime import datetime

from django.db import transaction

from tecum.access.rules import require
from tecum.accounts.models import ApiToken
from tecum.accounts.operations.people import locked
from tecum.accounts.rules import IssuedLink, token_hash
from tecum.audit import operations as audit
from tecum.kernel.actors import Actor
from tecum.policy import queries as policy

TOKEN_BYTES = 32


@transaction.atomic
def issue_token(*, by: Actor, now: datetime) -> IssuedLink:
    """
    Issue a token to the person themselves, good for as long as the guide says; the one before ends. It is shown once.

    :raises StepUpNeeded: without a fresh second factor
    """
    require(by, "account.token", now=now)
    person = locked(by.ref.removeprefix("person:"))
    ApiToken.objects.filter(person=person, voided_at=None).update(voided_at=now)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    expires_at = now + policy.at(now).sessions.token_life.elapsed
    ApiToken.objects.create(
        person=person, token_sha256=token_hash(token), issued_at=now, expires_at=expires_at
    )
    audit.record("token.issued", by=by, at=now, person=person.pk, expires=expires_at)
    return IssuedLink(person=person.pk, token=token, expires_at=expires_at)
