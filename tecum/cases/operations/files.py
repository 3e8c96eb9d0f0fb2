"""Papers and notes of a case, and reading them: what a person reads is recorded before it is shown."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tecum.access.rules import require
from tecum.audit import operations as audit
from tecum.audit import queries as trail
from tecum.cases import sealed
from tecum.cases.models import CaseDocument, CaseNote
from tecum.cases.operations.opening import locked
from tecum.cases.queries.files import CaseFile, DocumentView, case_file, document_view, timeline
from tecum.cases.queries.reading import allowed, row_of
from tecum.documents import operations as documents
from tecum.documents import queries as stored
from tecum.documents.operations import Kept
from tecum.kernel import ids
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused
from tecum.secrecy import operations as secrecy

LONGEST_NOTE = 10_000


class CannotTake(Refused):
    """A paper that cannot be given out as asked."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A case as a person reads it, with its history; `earlier` tells that more happened before what is shown."""

    file: CaseFile
    timeline: tuple[trail.Entry, ...]
    earlier: bool = False


def show(*, case: str, by: Actor, now: datetime, latest: int = 0) -> Shown:
    """
    Show a whole case to a person of the carrier; that it was read is remembered before it is shown (W16).

    `latest` keeps the history to the newest so many events; 0 is all of it.

    :raises NotYours: when it is unknown, or not for this person to know of
    """
    if by.agency or by.customer:
        raise NotYours
    row = row_of(case, by=by, now=now)
    audit.note("case.shown", by=by, at=now, matter=row.matter, case=row.pk)
    happened = timeline(case=case, by=by, now=now, latest=latest + 1 if latest else 0)
    earlier = bool(latest) and len(happened) > latest
    return Shown(case_file(case=case, by=by, now=now), happened[1:] if earlier else happened, earlier)


@transaction.atomic
def add_document(
    *,
    case: str,
    kept: Kept,
    name: str,
    media_type: str,
    role: str,
    received_at: datetime,
    by: Actor,
    now: datetime,
    source: str = "",
    copy: Kept | None = None,
    copy_type: str = "application/pdf",
    text: Kept | None = None,
    pages: int = 0,
) -> DocumentView:
    """
    Put a paper into a case. Its bytes are on the disk already, sealed under the case's matter (`documents.put`).

    `copy` is a harmless copy for the eyes, `text` its text layer with its places; a paper from the same source
    (a message's part) comes in once.

    :raises NotYours: when the bytes were sealed under another matter
    """
    row = locked(case, by=by, now=now, writing=False)
    given = [each for each in (kept, copy, text) if each is not None]
    if any(each.matter != row.matter for each in given):
        raise NotYours
    before = CaseDocument.objects.filter(case=row, source=source).first() if source else None
    key = sealed.key_of(row.matter)
    if before is not None:
        return document_view(before, key)
    documents.enter(kept, purpose="case", media_type=media_type, by=by, now=now)
    paper = CaseDocument(
        id=ids.unguessable(), case=row, file=kept.id, role=role, source=source, pages=pages, received_at=received_at,
        added_at=now, added_by=by.ref, print=secrecy.fingerprint(kept.sha256.encode(), purpose="content"),
    )  # fmt: skip
    paper.name = sealed.close(key, f"document {paper.pk}", name[:200])
    _enter(paper, copy, copy_type, text, by=by, now=now)
    paper.save(force_insert=True)
    audit.record(
        "case.document_added", by=by, at=now, matter=row.matter, case=row.pk, document=paper.pk, role=role,
        content=kept.sha256,
    )  # fmt: skip
    return document_view(paper, key)


@transaction.atomic
def attach_copy(
    *,
    document: str,
    by: Actor,
    now: datetime,
    copy: Kept | None = None,
    copy_type: str = "application/pdf",
    text: Kept | None = None,
    pages: int = 0,
) -> None:
    """Give a paper its harmless copy or its text layer, made later by a process of ours."""
    paper = CaseDocument.objects.select_related("case").filter(pk=document).first()
    if paper is None:
        raise NotYours
    row = locked(paper.case_id, by=by, now=now, writing=False)
    _enter(paper, copy, copy_type, text, by=by, now=now)
    paper.pages = pages or paper.pages
    paper.save(update_fields=["copy", "text", "pages"])
    made = copy or text
    if made is not None:
        audit.record(
            "case.document_added", by=by, at=now, matter=row.matter, case=row.pk, document=paper.pk, role="copy",
            content=made.sha256,
        )  # fmt: skip


def take_document(*, document: str, original: bool, by: Actor, now: datetime) -> tuple[str, str, bytes]:
    """
    Return type, name and bytes of a paper, its harmless copy or as it came; that is remembered before it is given.

    :raises NotYours: when it, or its case, is not for this person to know of
    :raises CannotTake: when it has no harmless copy
    """
    paper = (
        CaseDocument.objects.select_related("case")
        .filter(pk=document)
        .filter(allowed(by=by, now=now, of="case__"))
        .first()
    )
    if paper is None or by.agency or by.customer:
        raise NotYours
    if not original and not paper.copy:
        raise CannotTake("There is no harmless copy of this paper; take it as it came.")
    form = "original" if original else "copy"
    matter = paper.case.matter
    audit.note(
        "case.document_taken", by=by, at=now, matter=matter, case=paper.case_id, document=paper.pk, form=form
    )
    file = paper.file if original else paper.copy
    name = sealed.opened(sealed.key_of(matter), f"document {paper.pk}", paper.name)
    return stored.media_type(file), str(name), documents.read(file)


@transaction.atomic
def add_note(*, case: str, text: str, by: Actor, now: datetime) -> str:
    """Write a note into a case and return its id. :raises CannotTake: for an empty one"""
    require(by, "case.work", now=now)
    row = locked(case, by=by, now=now, writing=False)
    if not text.strip():
        raise CannotTake("Write something; an empty note was not kept.")
    note = CaseNote(id=ids.unguessable(), case=row, at=now, by=by.ref)
    note.text = sealed.close(sealed.key_of(row.matter), f"note {note.pk}", text.strip()[:LONGEST_NOTE])
    note.save(force_insert=True)
    audit.record("case.noted", by=by, at=now, matter=row.matter, case=row.pk, note=note.pk)
    return note.pk


def _enter(
    paper: CaseDocument, copy: Kept | None, copy_type: str, text: Kept | None, *, by: Actor, now: datetime
) -> None:
    if copy is not None:
        documents.enter(copy, purpose="case", media_type=copy_type, by=by, now=now)
        paper.copy = copy.id
    if text is not None:
        documents.enter(text, purpose="case", media_type="application/json", by=by, now=now)
        paper.text = text.id
