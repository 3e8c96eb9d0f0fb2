"""Fetching a package: the download is recorded and counted before its first byte leaves."""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from django.db import transaction
from django.db.models import F

from tecum.access.rules import require
from tecum.accounts import operations as accounts
from tecum.accounts.rules import token_hash
from tecum.agencies import operations as agencies
from tecum.audit import operations as audit
from tecum.deadlines import operations as deadlines
from tecum.documents import operations as documents
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours
from tecum.production import holding
from tecum.production.drivers import codes, failpoints
from tecum.production.models import Download, Handover, Production
from tecum.production.operations.handing import OVER
from tecum.production.refusals import CannotFetch, CodeNotGood
from tecum.production.states import OUT, HandoverState, ProductionState, Way


@dataclass(frozen=True, slots=True)
class Fetched:
    """A package on its way to somebody: its bytes in pieces, each proven before it comes."""

    name: str
    size: int
    sha256: str
    receipt: str
    pieces: Iterator[bytes]


def fetch(*, handover: str, by: Actor, now: datetime) -> Fetched:
    """
    Fetch a production that was handed to the actor's account.

    :raises NotYours: for anybody but its receiver
    :raises StepUpNeeded: without a second factor in the last five minutes
    :raises CannotFetch: fetched as often as allowed, over, or taken back
    """
    require(by, "production.fetch", now=now)
    known = Handover.objects.select_related("production").filter(pk=handover, way=Way.ACCOUNT).first()
    if known is None or known.person != by.ref or known.production.agency != by.agency:
        raise NotYours
    pieces = _opened(known)
    with transaction.atomic():
        accounts.stand(by=by, now=now)
        fetched = _count(known.pk, pieces, by=by, now=now)
        failpoints.reach("before_fetch")
    failpoints.reach("fetched")
    return fetched


def fetch_by_code(*, token: str, code: str, by: Actor, now: datetime) -> Fetched:
    """
    Fetch a production by the link that was mailed and the code that was told by telephone.

    A wrong code costs one of the link's few tries and is remembered.

    :raises CodeNotGood: always the same sentence, whatever is wrong
    """
    known = Handover.objects.select_related("production").filter(token_sha256=token_hash(token)).first()
    if known is None or not _tries(known, now=now):
        audit.note("production.code_refused", by=by, at=now)
        raise CodeNotGood
    if not hmac.compare_digest(codes.mark(known.pk, code), known.code_mark):
        audit.note(
            "production.code_refused", by=by, at=now, matter=known.production.matter, handover=known.pk
        )
        _shut(known, now=now)
        raise CodeNotGood
    try:
        pieces = _opened(known)
        with transaction.atomic():
            holding.hold(known.production, now=now)
            agencies.stand(agency=known.production.agency)
            fetched = _count(known.pk, pieces, by=by, now=now)
            Handover.objects.filter(pk=known.pk).update(tries_left=F("tries_left") + 1)
    except CannotFetch:
        raise CodeNotGood from None
    return fetched


def _tries(known: Handover, *, now: datetime) -> bool:
    """Take one try before the code is looked at, so that guesses made at the same moment count too."""
    rows = Handover.objects.filter(
        pk=known.pk, state=HandoverState.OPEN, tries_left__gt=0, expires_at__gt=now, issued_at__lte=now
    )
    return rows.update(tries_left=F("tries_left") - 1) == 1


@transaction.atomic
def _shut(known: Handover, *, now: datetime) -> None:
    """End a link whose tries are used up."""
    row = Handover.objects.select_for_update().get(pk=known.pk)
    if row.tries_left == 0 and row.close(HandoverState.CLOSED, at=now):
        deadlines.disarm(OVER, subject=row.pk, now=now)


def _opened(known: Handover) -> Iterator[bytes]:
    """Return the bytes, the first piece proven: what cannot be read costs no download."""
    if known.state != HandoverState.OPEN:
        raise CannotFetch(
            "This was fetched as often as it may be, or its time is over. Ask the carrier to issue it again."
        )
    pieces = documents.stream(known.production.file)
    return chain([next(pieces, b"")], pieces)


def _count(handover: str, pieces: Iterator[bytes], *, by: Actor, now: datetime) -> Fetched:
    """Take one download, in the caller's transaction; the production's row is held, so that a recall comes before or after."""
    production = Handover.objects.filter(pk=handover).values_list("production", flat=True).get()
    row = Production.objects.select_for_update().get(pk=production)
    open_ones = Handover.objects.filter(
        pk=handover, state=HandoverState.OPEN, downloads_left__gt=0, expires_at__gt=now
    )
    if row.state not in OUT or open_ones.update(downloads_left=F("downloads_left") - 1) != 1:
        raise CannotFetch(
            "This was fetched as often as it may be, or its time is over. Ask the carrier to issue it again."
        )
    if row.state == ProductionState.RELEASED:
        row.turn(ProductionState.FETCHED)
    made = Handover.objects.get(pk=handover)
    if made.downloads_left == 0 and made.close(HandoverState.USED, at=now):
        deadlines.disarm(OVER, subject=made.pk, now=now)
    receipt = audit.record(
        "production.fetched",
        by=by,
        at=now,
        matter=row.matter,
        production=row.pk,
        handover=handover,
        package=row.sha256,
    )
    Download.objects.create(handover=made, at=now, by=by.ref, receipt=receipt.text)
    return Fetched(f"{row.reference}.zip", row.size, row.sha256, receipt.text, pieces)
