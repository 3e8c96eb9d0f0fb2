"""An officer's own drafts: what was typed, and the files that wait with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tecum.access.rules import require
from tecum.cases import sealed
from tecum.demands.models import DemandDraft
from tecum.documents import operations as documents
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours
from tecum.process.facts import Brought
from tecum.secrecy import operations as keys


@dataclass(frozen=True, slots=True)
class DraftPaperView:
    """One file of a draft; `file` is its id in the store."""

    id: str
    name: str
    size: int
    file: str


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft as its officer sees it: `said` holds what was typed, field by field."""

    id: str
    saved_at: datetime
    until: datetime
    said: Mapping[str, list[str]]
    papers: tuple[DraftPaperView, ...]


def drafts(*, by: Actor, now: datetime, kind: str = "demand") -> list[DraftView]:
    """Return the own drafts of one kind, the newest first."""
    require(by, "demand.submit", now=now)
    rows = DemandDraft.objects.filter(person=by.ref, agency=by.agency, kind=kind, until__gt=now)
    return [view(row) for row in rows.order_by("-saved_at", "-pk")[:50]]


def draft(*, id: str, by: Actor, now: datetime, kind: str = "demand") -> DraftView:
    """Return one of the own drafts. :raises NotYours: for anybody else's, and for one that is over"""
    require(by, "demand.submit", now=now)
    rows = DemandDraft.objects.filter(pk=id, person=by.ref, agency=by.agency, kind=kind, until__gt=now)
    row = rows.first()
    if row is None:
        raise NotYours
    return view(row)


def brought(draft: DraftView) -> tuple[Brought, ...]:
    """Return the files of a draft with their content."""
    return tuple(Brought(each.name, documents.read(each.file)) for each in draft.papers)


def view(row: DemandDraft) -> DraftView:
    """Return a row as its officer sees it."""
    key = keys.keys_of([row.matter]).get(row.matter)
    papers = [
        DraftPaperView(
            each.pk, sealed.opened(key, f"draft paper {each.pk}", each.name) or "", each.size, each.file
        )
        for each in row.papers.all()
    ]
    papers.sort(key=lambda each: (each.name, each.id))
    return DraftView(
        row.pk, row.saved_at, row.until, sealed.opened(key, f"draft {row.pk}", row.said) or {}, tuple(papers)
    )
