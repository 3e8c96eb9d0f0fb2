"""Consents: given as evidence, withdrawn at commit, held while an answer rests on them."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from tecum.access.rules import require
from tecum.audit import operations as audit
from tecum.customers import rules
from tecum.customers.models import (
    Consent,
    ConsentDocument,
    ConsentRange,
    ContactCard,
    Customer,
    version_in_force,
)
from tecum.customers.refusals import NoConsent, NotAConsent
from tecum.customers.rules import ConsentVersion, ConsentView, Paper
from tecum.customers.states import Basis, CardState, ConsentScope, ConsentState, Medium
from tecum.documents import operations as stored
from tecum.kernel import numbers
from tecum.kernel.actors import Actor
from tecum.kernel.locks import before_change, for_share
from tecum.kernel.prepared import Question
from tecum.kernel.refusals import NotYours
from tecum.secrecy import operations as secrecy

KEPT_AS, PURPOSE = "consents", "consent"  # the retention of the guide, and what the stored file is for
NOBODY = ""  # no customer has this id: it keeps the question the same where nobody is asked about (A2)
IN_FORCE = Question(
    lambda customers: (
        Consent.objects.filter(customer__in=customers, state=ConsentState.IN_FORCE)
        .order_by("pk")
        .values_list("id", "customer_id", "version", "bases", "scope", "given_at", "good_until")
    )
)
REACH = Question(
    lambda consents: ConsentRange.objects.filter(consent__in=consents).values_list(
        "consent_id", "first", "last"
    )
)


@transaction.atomic
def give_consent(
    *,
    customer: str,
    bases: Collection[str],
    scope: str,
    signer_name: str,
    signer_title: str,
    by: Actor,
    now: datetime,
    ranges: Iterable[tuple[str, str]] = (),
    account: str = "",
    medium: str = Medium.ELECTRONIC,
    paper: Paper | None = None,
    good_until: datetime | None = None,
) -> ConsentView:
    """
    Record a customer's consent as a new version, which replaces the one in force at commit.

    On screen the words agreed to are the evidence; a consent by paper or by word needs `paper`. The customer itself
    gives it, or the portal administrator records what reached the carrier elsewhere. A version that only narrows the
    one before needs no fresh second factor: restriction never waits.

    :raises NotAConsent: without a basis, a signer, numbers for the scope, or evidence
    """
    found = _locked(customer)
    terms = _terms(bases=bases, scope=scope, ranges=ranges, account=account)
    before = Consent.objects.filter(customer=customer, state=ConsentState.IN_FORCE).first()
    _may_give(
        by, customer, now=now, narrows=before is not None and _narrows(before, *terms, good_until=good_until)
    )
    if not signer_name.strip() or not signer_title.strip():
        raise NotAConsent("A consent names the person who gives it and their title.")
    if good_until is not None and good_until <= now:
        raise NotAConsent("A consent cannot end before it begins.")

    document = _evidence(
        found, terms, account=account, medium=medium, paper=paper, good_until=good_until, by=by, now=now
    )
    if before is not None:
        before.end(ConsentState.REPLACED, by=by.ref, at=now, reason="")
    version = (Consent.objects.filter(customer=customer).aggregate(last=Max("version"))["last"] or 0) + 1
    wanted, reach, stretches = terms
    given = Consent.objects.create(
        customer=found,
        version=version,
        bases=sorted(wanted),
        scope=reach,
        account=account.strip() if reach is ConsentScope.ACCOUNT else "",
        medium=Medium(medium),
        document=document,
        signer_name=signer_name.strip(),
        signer_title=signer_title.strip(),
        given_at=now,
        given_by=by.ref,
        good_until=good_until,
    )
    ConsentRange.objects.bulk_create(
        ConsentRange(consent=given, first=first, last=last) for first, last in stretches
    )
    Customer.objects.filter(pk=customer).update(remind_at=None)
    audit.record(
        "consent.given",
        by=by,
        at=now,
        customer=customer,
        consent=given.pk,
        version=version,
        scope=reach.value,
        bases="/".join(sorted(wanted)),
        medium=str(medium),
        document=document.sha256,
    )
    return given.view()


@transaction.atomic
def withdraw_consent(*, customer: str, by: Actor, now: datetime, reason: str = "") -> ConsentView:
    """
    Withdraw the consent in force. From commit on no answer rests on it, those in flight included (assurance control 14).

    :raises NoConsent: when none is in force
    """
    own = "consent.withdraw" if by.customer else "consent.withdraw_for"
    require(by, own, now=now, customer=customer)
    if own == "consent.withdraw_for" and not reason.strip():
        raise NotAConsent("Say how the customer withdrew: who wrote or called, and when.")
    before_change(Consent.objects.all(), [_turnstile(customer)])
    found = Consent.objects.select_for_update().filter(customer=customer, state=ConsentState.IN_FORCE).first()
    if found is None:
        raise NoConsent("No consent is in force; there is nothing to withdraw.")
    found.end(ConsentState.WITHDRAWN, by=by.ref, at=now, reason=reason.strip())
    audit.record(
        "consent.withdrawn", by=by, at=now, customer=customer, consent=found.pk, version=found.version
    )
    return found.view()


def seal_documents(*, by: Actor, now: datetime, most: int = 20) -> int:
    """
    Put the documents that lie open in the database, from before stored files, into sealed files; return how many.

    The bytes go first to the disk, then in one transaction the row lets go of its own and the trail is told.
    """
    count = 0
    for row in ConsentDocument.objects.filter(file="").order_by("stored_at")[:most]:
        matter = secrecy.open_matter(kind=KEPT_AS, by=by, now=now)
        kept = stored.put(bytes(row.content or b""), matter=matter)
        with transaction.atomic():
            file = stored.enter(kept, purpose=PURPOSE, media_type=row.media_type, by=by, now=now)
            if ConsentDocument.objects.filter(pk=row.pk, file="").update(file=file.id, content=None):
                audit.record(
                    "consent.document_sealed", by=by, at=now, customer=row.customer_id, document=row.sha256
                )
                count += 1
            else:  # another was quicker: the bytes just written stay unknown, and `remove_strays` clears them away
                transaction.set_rollback(True)
    return count


def consents_for_reveal(
    asked: Mapping[str, str], *, bases: Collection[str], now: datetime
) -> dict[str, ConsentVersion]:
    """
    Return, for each number → customer id asked about, the consent a hit may rest on; none, no hit (R-033).

    The rows are held FOR SHARE until the caller's transaction ends: a withdrawal commits before the answer does, and
    then the answer is a non-result, or after it. However many customers are asked about, and be it none, the same
    questions are put to the database, so that their cost tells nothing (A2).

    :raises NotInTransaction: outside a transaction
    """
    wanted = frozenset(Basis(each) for each in bases)
    customers = (NOBODY, *sorted(set(asked.values())))
    rows = for_share(IN_FORCE(customers), [_turnstile(customer) for customer in customers])
    reach: dict[str, list[tuple[str, str]]] = {row.id: [] for row in rows}
    for each in REACH((NOBODY, *reach)):
        reach[each.consent_id].append((each.first, each.last))
    in_force = {row.customer_id: version_in_force(row, reach[row.id]) for row in rows}
    return {
        number: version
        for number, customer in asked.items()
        if (version := in_force.get(customer)) and version.suffices(number, bases=wanted, now=now)
    }


Terms = tuple[frozenset[Basis], ConsentScope, list[tuple[str, str]]]


def _terms(*, bases: Collection[str], scope: str, ranges: Iterable[tuple[str, str]], account: str) -> Terms:
    """Read what a consent is for and how far it reaches."""
    try:
        wanted, reach = frozenset(Basis(each) for each in bases), ConsentScope(scope)
    except ValueError as wrong:
        raise NotAConsent(f"Not known: {wrong}.") from wrong
    if not wanted:
        raise NotAConsent("A consent names at least one basis.")
    if reach is ConsentScope.ACCOUNT and not account.strip():
        raise NotAConsent("Name the account the consent is for.")
    stretches = [] if reach is ConsentScope.ALL else rules.merged(_stretch(*each) for each in ranges)
    if reach is not ConsentScope.ALL and not stretches:
        raise NotAConsent("List the numbers the consent is for.")
    return wanted, reach, stretches


def _stretch(first: str, last: str) -> tuple[str, str]:
    try:
        ends = numbers.read(first), numbers.read(last)
    except numbers.NotANumber as reason:
        raise NotAConsent(f"A range of numbers: {reason.reason}") from reason
    if ends[0] > ends[1]:
        raise NotAConsent(
            f"The range {numbers.grouped(ends[0])} to {numbers.grouped(ends[1])} runs backwards."
        )
    return ends


def _narrows(
    before: Consent,
    bases: frozenset[Basis],
    scope: ConsentScope,
    ranges: list[tuple[str, str]],
    *,
    good_until: datetime | None,
) -> bool:
    """Tell whether a new version allows nothing that the one before did not."""
    earlier = version_in_force(before, list(before.reach()))
    longer = earlier.good_until is not None and (good_until is None or good_until > earlier.good_until)
    wider = earlier.scope is not ConsentScope.ALL and (
        scope is ConsentScope.ALL or not rules.contains(earlier.ranges, ranges)
    )
    return not longer and not wider and bases <= earlier.bases


def _may_give(by: Actor, customer: str, *, now: datetime, narrows: bool) -> None:
    if by.customer:
        require(by, "consent.withdraw" if narrows else "consent.give", now=now, customer=customer)
    else:
        require(by, "consent.record", now=now)


def _turnstile(customer: str) -> str:
    return f"consent:{customer}"


def _locked(customer: str) -> Customer:
    before_change(Consent.objects.all(), [_turnstile(customer)])
    found = Customer.objects.select_for_update().filter(pk=customer).first()
    if found is None:
        raise NotYours
    return found


def _evidence(
    customer: Customer,
    terms: Terms,
    *,
    account: str,
    medium: str,
    paper: Paper | None,
    good_until: datetime | None,
    by: Actor,
    now: datetime,
) -> ConsentDocument:
    """Keep the bytes that prove the consent."""
    if medium not in set(Medium):
        raise NotAConsent("A consent is electronic, written or oral.")
    if paper is None and medium != Medium.ELECTRONIC:
        raise NotAConsent(
            "A consent by paper or by word needs its document: the signed page, or who took it down and when."
        )
    if paper is None:
        card = ContactCard.objects.get(customer=customer, state=CardState.IN_FORCE)
        bases, scope, ranges = terms
        words = rules.statement(
            name=card.legal_name,
            bases=bases,
            scope=scope,
            ranges=ranges,
            account=account,
            good_until=good_until,
        )
        paper = Paper("consent.txt", "text/plain", words.encode())
    if paper.media_type not in rules.DOCUMENT_TYPES:
        raise NotAConsent("The document must be a PDF, a PNG or JPEG image, or plain text.")
    if not 0 < len(paper.content) <= rules.DOCUMENT_BYTES_AT_MOST:
        raise NotAConsent("The document is empty or larger than 5 MB.")
    matter = secrecy.open_matter(kind=KEPT_AS, by=by, now=now)
    file = stored.store(
        paper.content, matter=matter, purpose=PURPOSE, media_type=paper.media_type, by=by, now=now
    )
    return ConsentDocument.objects.create(
        customer=customer,
        file=file.id,
        sha256=hashlib.sha256(paper.content).hexdigest(),
        name=paper.name[-200:],
        media_type=paper.media_type,
        size=len(paper.content),
        stored_at=now,
        stored_by=by.ref,
    )
