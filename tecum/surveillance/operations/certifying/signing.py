"""The signature: a real act of the named employee, with a fresh second factor, over the hash of exactly what is signed."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from tecum.access.rules import require
from tecum.accounts import operations as accounts
from tecum.audit import operations as audit
from tecum.cases import operations as cases
from tecum.deadlines import operations as deadlines
from tecum.documents import operations as documents
from tecum.kernel import ids, numbers
from tecum.kernel.actors import Actor, ActorKind
from tecum.kernel.refusals import NotYours, Refused
from tecum.policy import queries as policy
from tecum.production.drivers import sealing
from tecum.surveillance.drivers import certificate
from tecum.surveillance.models import Certification, CertificationSheet
from tecum.surveillance.operations.certifying.following import CERTIFY, follow, refresh
from tecum.surveillance.queries import certifications as queries
from tecum.surveillance.queries import compiling
from tecum.surveillance.queries.certifications import CertificationView, sheet_said
from tecum.surveillance.queries.reading import readable
from tecum.surveillance.rules.interceptions import Paper, Record, why_signed
from tecum.surveillance.rules.ordered import Intercept
from tecum.surveillance.states import CERTIFICATION_NEXT, CertificationState

PERMISSION = "surveillance.certify"
PURPOSE = "certification"
S = CertificationState


class CannotSign(Refused):
    """A record that is not complete, not open, or another employee's; or one that changed since it was read."""


def show(*, certification: str, by: Actor, now: datetime) -> tuple[CertificationView, Record]:
    """Return a record with what it says now; that it was looked at is stored first. :raises NotYours: for others"""
    row = queries.row_of(certification, by=by, now=now)
    audit.note(
        "certification.shown", by=by, at=now, matter=_matter(row), certification=row.pk, content=row.digest
    )
    last = row.sheets.order_by("-ordinal").first()
    frozen = last is not None and (row.state == S.SIGNED or last.digest == row.digest)
    said = sheet_said(row, last) if frozen and last is not None else compiling.record_of(row, now=now)
    return queries.view(row), said


def sign(*, certification: str, digest: str, name: str, by: Actor, now: datetime) -> int:
    """
    Sign a record as the employee who oversees the interception; the PDF with all that is appended is kept. Return its sheet.

    `digest` is the hash that stood on the page: what has changed since is not signed.

    :raises NotYours: when it is unknown, or not for this person
    :raises CannotSign: for another's record, an incomplete one, one that changed, or without the own name
    """
    require(by, PERMISSION, now=now)
    row = queries.row_of(certification, by=by, now=now)
    said = compiling.record_of(row, now=now)
    _may_sign(row, said, digest, name, by=by)
    appended = _appended(row, said.papers, by=by, now=now)
    guide = policy.at(now)
    plain = certificate.printed(guide, said, signed_by=by.name, signed_at=now, appended=appended)
    printed, carrier = _with_the_carriers(plain, row.reference)
    # The paper is on the disk before the row says so; a transaction that is undone leaves a stray that nothing can read.
    kept = documents.put(printed, matter=row.matter)
    with transaction.atomic():
        accounts.stand(by=by, now=now)
        row = (
            Certification.objects.select_for_update(of=("self",))
            .select_related("surveillance")
            .get(pk=row.pk)
        )
        _may_sign(row, compiling.record_of(row, now=now), digest, name, by=by)
        file = documents.enter(kept, purpose=PURPOSE, media_type="application/pdf", by=by, now=now)
        return _enter(row, said, file.id, carrier, by=by, now=now)


@transaction.atomic
def take_over(*, certification: str, why: str, by: Actor, now: datetime) -> None:
    """
    Become the employee responsible for overseeing an interception, in another's place: they left, or nobody was.

    :raises CannotSign: for what is signed as it stands, or without a reason
    """
    row = _locked(certification, by=by, now=now)
    if row.state != S.OPEN or row.overseer == by.ref:
        raise CannotSign("Only what waits for another's signature is taken over.")
    if not why.strip():
        raise CannotSign("Say why another employee signs.")
    was, row.overseer = row.overseer, by.ref
    added = {
        **compiling.added_to(row),
        "remark": f"Taken over from another employee: {why.strip()}" if was else "",
    }
    row.added = compiling.sealed_under(row, added, f"added {row.pk}")
    row.save(update_fields=["overseer", "added"])
    audit.record(
        "certification.taken_over", by=by, at=now, matter=_matter(row), certification=row.pk, first=not was
    )
    refresh(row, by=by, now=now)


@transaction.atomic
def complete(
    *,
    certification: str,
    officer: str,
    signer: str,
    by: Actor,
    now: datetime,
    number: str = "",
    types: Sequence[str] = (),
) -> None:
    """
    Write down what the rule asks for and our papers lack; number and types only for what nobody here had put on a switch.

    :raises CannotSign: for what is signed as it stands
    """
    row = _locked(certification, by=by, now=now)
    if row.state != S.OPEN:
        raise CannotSign("It is signed as it stands.")
    given = {"officer": officer.strip(), "signer": signer.strip()}
    if row.surveillance is None:
        given |= {"number": numbers.grouped(numbers.read(number)) if number.strip() else ""}
        more = {"types": sorted({str(Intercept(each)) for each in types})}
    else:
        more = {}
    row.added = compiling.sealed_under(row, {**compiling.added_to(row), **given, **more}, f"added {row.pk}")
    row.save(update_fields=["added"])
    audit.record("certification.completed", by=by, at=now, matter=_matter(row), certification=row.pk)
    refresh(row, by=by, now=now)


def print_sheet(*, certification: str, ordinal: int, by: Actor, now: datetime) -> bytes:
    """Return what was signed as PDF, with the papers appended; that it was taken is stored first. :raises NotYours"""
    row = queries.row_of(certification, by=by, now=now)
    found = row.sheets.filter(ordinal=ordinal).first()
    if found is None:
        raise NotYours
    audit.note(
        "certification.taken", by=by, at=now, matter=_matter(row), certification=row.pk, ordinal=ordinal
    )
    return documents.read(found.file)


def record_now(*, surveillance: str, by: Actor, now: datetime) -> None:
    """Open a record that is missing, as a person who saw that it is. :raises NotYours: when it is not for this person"""
    require(by, PERMISSION, now=now)
    if not readable(by=by, now=now).filter(pk=surveillance).exists():
        raise NotYours
    follow(surveillance=surveillance, by=by, now=now)


def _may_sign(row: Certification, said: Record, digest: str, name: str, *, by: Actor) -> None:
    if by.kind is not ActorKind.PERSON:
        raise NotYours
    if S.SIGNED not in CERTIFICATION_NEXT[S(row.state)]:
        raise CannotSign("It is signed as it stands." if row.state == S.SIGNED else "It is void.")
    if row.overseer != by.ref:
        raise CannotSign("It is signed by the employee who oversees it; take it over first, and say why.")
    if said.digest() != digest:
        raise CannotSign("It has changed since you read it: look again.")
    if lacks := said.lacks():
        raise CannotSign(f"Not complete (47 CFR 1.20004): {', '.join(lacks)}.")
    if " ".join(name.split()).casefold() != " ".join(by.name.split()).casefold():
        raise CannotSign("Type your own name, as it stands in your account.")


def _with_the_carriers(plain: bytes, reference: str) -> tuple[bytes, str]:
    """
    Return the PDF under the carrier's own signature (PAdES), and the SHA-256 of its certificate.

    Where this installation has no key the employee's signature stands without it: the law asks for the employee's, in time.
    """
    pem = Path(settings.TECUM_SIGNING_FILE)
    try:
        signed = sealing.sign(plain, pem=pem, reason=f"Record of interception {reference}")
        return signed, sealing.certificate(pem).fingerprint
    except sealing.NoSigningKey:
        return plain, ""


def _enter(row: Certification, said: Record, file: str, carrier: str, *, by: Actor, now: datetime) -> int:
    last = row.sheets.order_by("-ordinal").first()
    made = CertificationSheet(
        id=ids.unguessable(), certification=row, ordinal=(last.ordinal if last else 0) + 1,
        why=why_signed(sheet_said(row, last) if last else None, said), digest=said.digest(), signed_at=now, signed_by=by.ref,
        factor_at=by.stepped_up_at or now, file=file, carrier=carrier, guide_version=policy.at(now).version,
    )  # fmt: skip
    made.content = compiling.sealed_under(row, said.as_dict(), f"sheet {made.pk}")
    made.save(force_insert=True)
    row.state, row.digest = S.SIGNED, made.digest
    row.save(update_fields=["state", "digest"])
    deadlines.disarm(CERTIFY, subject=row.pk, now=now)
    audit.record(
        "certification.signed", by=by, at=now, matter=_matter(row), certification=row.pk, ordinal=made.ordinal,
        content=made.digest, file=file, why=made.why, carrier=carrier or None,
    )  # fmt: skip
    return made.ordinal


def _appended(
    row: Certification, papers: Sequence[Paper], *, by: Actor, now: datetime
) -> list[tuple[str, str, bytes]]:
    """Return name, type and bytes of the authorization and its extensions as they came; that they were taken is kept."""
    found = []
    for paper in papers:
        for name, _, document in paper.files:
            kind, _, content = cases.take_document(document=document, original=True, by=by, now=now)
            found.append((f"{paper.case} {name}", kind, content))
    return found


def _locked(certification: str, *, by: Actor, now: datetime) -> Certification:
    require(by, PERMISSION, now=now)
    accounts.stand(by=by, now=now)
    row = queries.row_of(certification, by=by, now=now)
    return Certification.objects.select_for_update(of=("self",)).select_related("surveillance").get(pk=row.pk)


def _matter(row: Certification) -> str:
    return row.surveillance.matter if row.surveillance else ""
