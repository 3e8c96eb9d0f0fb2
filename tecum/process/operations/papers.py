"""The papers of a process received: taken over from its message, or brought by hand."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from tecum.audit import operations as audit
from tecum.cases import operations as cases
from tecum.kernel.actors import Actor
from tecum.process.drivers.papers import Taken
from tecum.process.models import Received
from tecum.process.operations.receiving import locked


@transaction.atomic
def keep_papers(
    *, received: str, papers: Sequence[Taken], by: Actor, now: datetime, received_at: datetime | None = None
) -> int:
    """
    Put papers that lie sealed on the disk into the case of a process, and return how many. Told again, it adds nothing.

    `received_at` is given for papers that came later than the process. A paper without a copy for the eyes (locked with a password, no PDF) is kept as it came, and its case says so.
    """
    row = locked(received, by=by, now=now)
    for paper in papers:
        cases.add_document(
            case=row.case_id, kept=paper.kept, name=paper.name, media_type=paper.media_type,
            role="message" if paper.source.endswith("/text") else "process", received_at=received_at or row.received_at,
            source=paper.source, copy=paper.copy, copy_type=paper.copy_type or "application/pdf", text=paper.text,
            pages=paper.pages, by=by, now=now,
        )  # fmt: skip
    Received.objects.filter(pk=row.pk, gathered_at=None).update(gathered_at=now)
    audit.record(
        "process.papers_kept", by=by, at=now, matter=row.case.matter, received=row.pk, case=row.case_id,
        papers=len(papers), unread=sum(bool(paper.why) for paper in papers),
    )  # fmt: skip
    return len(papers)
