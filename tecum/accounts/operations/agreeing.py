"""Accepting the terms of use at the first visit, and again whenever their words change (R-006, R-009)."""

from datetime import datetime

from django.db import transaction

from tecum.access.rules import require
from tecum.accounts.operations.people import locked
from tecum.accounts.refusals import TermsChanged
from tecum.accounts.rules import PersonView, terms_digest
from tecum.audit import operations as audit
from tecum.kernel.actors import Actor
from tecum.policy import queries as policy


@transaction.atomic
def accept_terms(*, digest: str, by: Actor, now: datetime) -> PersonView:
    """
    Record that a person accepts the terms of use, by the SHA-256 of the very words that were shown.

    :raises TermsChanged: when they are not the words in force any more
    """
    require(by, "account.own", now=now)
    guide = policy.at(now)
    person = locked(by.ref.removeprefix("person:"))
    if digest != terms_digest(guide):
        raise TermsChanged("The terms changed while you were reading. Please read them once more.")
    if person.terms_sha256 == digest:
        return person.view()
    person.terms_sha256 = digest
    person.save(update_fields=["terms_sha256"])
    audit.record("terms.accepted", by=by, at=now, person=person.pk, version=guide.version, sha256=digest)
    return person.view()
