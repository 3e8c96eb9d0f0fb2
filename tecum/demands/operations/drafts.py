"""A draft of a demand: saved as it was typed, with its files, sealed; handed in, dropped, or gone after the guide's time."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from tecum.access.rules import require
from tecum.accounts import operations as accounts
from tecum.audit import operations as audit
from tecum.cases import sealed
from tecum.deadlines import operations as deadlines
from tecum.demands.models import DemandDraft, DraftPaper
from tecum.demands.operations.keyed import Submitted
from tecum.demands.operations.submitting import submit
from tecum.demands.queries import drafting as queries
from tecum.demands.queries.drafting import DraftView
from tecum.demands.rules import submitting as rules
from tecum.demands.rules.submitting import Submission
from tecum.documents import operations as documents
from tecum.guide.calculators import calendars
from tecum.kernel import ids
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused
from tecum.policy import queries as policy
from tecum.process.facts import Brought
from tecum.secrecy import operations as secrecy

OVER = "demand.draft_over"
MOST = 20
KEPT_AS = "mail"  # its matter joins the epoch of messages: the row goes long before
_ID = re.compile(r"[0-9a-z]{26}")


class TooManyDrafts(Refused):
    """A person keeps only so many drafts."""


class CannotKeep(Refused):
    """A file that is not kept with a draft: too large, empty, or one too many."""


@transaction.atomic
def save_draft(
    *, id: str, said: Mapping[str, list[str]], by: Actor, now: datetime, papers: Sequence[Brought] = (),
    without: Collection[str] = (), kind: str = "demand",
) -> DraftView:  # fmt: skip
    """
    Save what was typed under an id that the page chose, with further files and `without` some; the same id again replaces it.

    `kind` is what it is a draft of: a demand, or a surveillance that is asked for (form D).

    :raises NotYours: for an id that is somebody else's, or none
    :raises TooManyDrafts: beyond twenty
    :raises CannotKeep: for a file that would be refused later; the rest is not saved either
    """
    require(by, "demand.submit", now=now)
    accounts.stand(by=by, now=now)
    row = DemandDraft.objects.select_for_update().filter(pk=id).first()
    if _ID.fullmatch(id) is None or (
        row is not None and (row.person, row.agency, row.kind) != (by.ref, by.agency, kind)
    ):
        raise NotYours
    guide = policy.at(now)
    until = calendars.later(guide, now, guide.demands.draft_kept)
    if row is None:
        if DemandDraft.objects.filter(person=by.ref).count() >= MOST:
            raise TooManyDrafts(f"You keep {MOST} drafts already. Hand one in, or drop one.")
        matter = secrecy.open_matter(kind=KEPT_AS, by=by, now=now)
        row = DemandDraft(id=id, person=by.ref, agency=by.agency, kind=kind, matter=matter, begun_at=now)
    row.said = sealed.close(sealed.key_of(row.matter), f"draft {row.pk}", dict(said))
    row.saved_at, row.until = now, until
    row.save()
    _drop_papers(row, row.papers.filter(pk__in=list(without)).values_list("pk", flat=True), now=now)
    _add_papers(row, papers, by=by, now=now)
    deadlines.arm(OVER, subject=row.pk, due_at=until, matter=row.matter, now=now)
    audit.record(
        "demand.draft_saved", by=by, at=now, matter=row.matter, draft=row.pk, papers=row.papers.count()
    )
    return queries.view(row)


@transaction.atomic
def drop_draft(*, id: str, by: Actor, now: datetime, why: str = "dropped") -> None:
    """Drop one of the own drafts with its files. :raises NotYours: for anybody else's"""
    require(by, "demand.submit", now=now)
    row = DemandDraft.objects.select_for_update().filter(pk=id, person=by.ref).first()
    if row is None:
        raise NotYours
    _drop(row, why, by=by, now=now)


@transaction.atomic
def draft_over(*, draft: str, by: Actor, now: datetime) -> bool:
    """Drop a draft whose time is over; tell whether it did. For the clockwork."""
    row = DemandDraft.objects.select_for_update().filter(pk=draft, until__lte=now).first()
    if row is None:
        return False
    _drop(row, "over", by=by, now=now)
    return True


def submit_draft(*, id: str, submission: Submission, by: Actor, now: datetime) -> Submitted:
    """
    Hand a demand in from the page: the files of its draft go along, the draft's id is its key, and the draft goes.

    :raises DoorShut: and the others of `submit`; the draft stays then
    """
    mine = next((each for each in queries.drafts(by=by, now=now) if each.id == id), None)
    whole = replace(
        submission, papers=((*queries.brought(mine), *submission.papers) if mine else submission.papers)
    )
    got = submit(submission=whole, door="portal", key=id, by=by, now=now)
    if mine is not None:
        drop_draft(id=id, by=by, now=now, why="submitted")
    return got


def _add_papers(row: DemandDraft, papers: Sequence[Brought], *, by: Actor, now: datetime) -> None:
    for each in papers:
        if not each.content:
            raise CannotKeep(f"{each.name} is empty.")
        if len(each.content) > rules.LARGEST_PAPER:
            raise CannotKeep(f"{each.name} is larger than 25 MB. Send it in parts, or in black and white.")
    if row.papers.count() + len(papers) > rules.MOST_PAPERS:
        raise CannotKeep(f"At most {rules.MOST_PAPERS} files at once.")
    held = sum(row.papers.values_list("size", flat=True))
    if held + sum(len(each.content) for each in papers) > rules.LARGEST_WHOLE:
        raise CannotKeep("Together the files are larger than 100 MB. Send some of them later.")
    key = sealed.key_of(row.matter)
    for each in papers:
        kept = documents.store(
            each.content, matter=row.matter, purpose="draft", media_type="application/octet-stream", by=by, now=now
        )  # fmt: skip
        paper = DraftPaper(id=ids.unguessable(), draft=row, file=kept.id, size=len(each.content), at=now)
        paper.name = sealed.close(key, f"draft paper {paper.pk}", each.name[:120])
        paper.save(force_insert=True)


def _drop_papers(row: DemandDraft, papers: Collection[str], *, now: datetime) -> None:
    for paper in row.papers.filter(pk__in=list(papers)):
        documents.remove(paper.file, now=now)
        paper.delete()


def _drop(row: DemandDraft, why: str, *, by: Actor, now: datetime) -> None:
    _drop_papers(row, list(row.papers.values_list("pk", flat=True)), now=now)
    deadlines.disarm(OVER, subject=row.pk, now=now)
    audit.record("demand.draft_dropped", by=by, at=now, matter=row.matter, draft=row.pk, why=why)
    row.delete()
