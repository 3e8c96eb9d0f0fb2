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
from tecum.kernel.refusals import Refused
from tecum.policy import queries as policy

TOKEN_BYTES = 32


class FetchingShut(Refused):
    """The guide lets no program fetch productions."""


@transaction.atomic
def issue_token(*, by: Actor, now: datetime, fetches: bool = False) -> IssuedLink:
    """
    Issue a token to the person themselves, good for as long as the guide says; the one before ends. It is shown once.

    Only one taken for it `fetches` productions: the second factor proved now stands for the token's whole life.

    :raises StepUpNeeded: without a fresh second factor
    :raises FetchingShut: where the guide lets no program fetch
    """
    require(by, "account.token", now=now)
    if fetches and not (policy.at(now).productions.by_program and by.may("production.fetch")):
        raise FetchingShut("Productions are fetched on the page here; no program may.")
    person = locked(by.ref.removeprefix("person:"))
    ApiToken.objects.filter(person=person, voided_at=None).update(voided_at=now)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    expires_at = now + policy.at(now).sessions.token_life.elapsed
    ApiToken.objects.create(
        person=person, token_sha256=token_hash(token), fetches=fetches, issued_at=now, expires_at=expires_at
    )
    audit.record("token.issued", by=by, at=now, person=person.pk, expires=expires_at, fetches=fetches)
    return IssuedLink(person=person.pk, token=token, expires_at=expires_at)


@transaction.atomic
def void_token(*, by: Actor, now: datetime) -> bool:
    """End the person's own token at once; tell whether there was a good one."""
    require(by, "account.own", now=now)
    person = locked(by.ref.removeprefix("person:"))
    open_ones = ApiToken.objects.filter(person=person, voided_at=None)
    ended = open_ones.filter(expires_at__gt=now).exists()
    open_ones.update(voided_at=now)
    if ended:
        audit.record("token.ended", by=by, at=now, person=person.pk)
    return ended
