"""A request turns out forged: it is marked, linked to those it is like, and its marks warn of the next (W1)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from tecum.audit import operations as audit
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases import sealed
from tecum.exigent.models import ExigentMark, ExigentRequest
from tecum.exigent.operations import deciding, ending, following
from tecum.exigent.operations.rows import MARK, keep_in, locked, turn
from tecum.exigent.queries import doubting, reading
from tecum.exigent.queries.reading import RequestView
from tecum.exigent.states import RequestState
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused


class CannotMark(Refused):
    """Too little is known to call a request forged."""


@transaction.atomic
def mark_forged(
    *, case: str, why: str, by: Actor, now: datetime, like: Sequence[str] = (), sender_is_theirs: bool = False
) -> RequestView:
    """
    Mark a request as forged, link it to those it is `like`, and keep prints of what it is known by.

    `sender_is_theirs`: it came from the agency's own mailbox, which somebody stole; then neither its address nor its domain
    becomes a mark, so that the agency's next honest request is not warned of. Nothing of it leaves any more, and what runs
    because of it ends in the same act: a person is watched on nobody's word. Ending needs one person (control 6).

    :raises CannotMark: without a word on how it is known
    """
    row = locked(case, by=by, now=now, permission=MARK)
    if len(why.strip()) < 8:
        raise CannotMark("Say how it is known: what the agency said when it was called back.")
    deciding.void_proposals(row, by=by, now=now)
    key = sealed.key_of(row.matter)
    turn(
        row, RequestState.FORGED, by=by, now=now, forged_at=now, forged_by=by.ref,
        forged_why=sealed.close(key, f"exigent {row.pk} forged", why.strip()[:2000]),
    )  # fmt: skip
    row.calls.filter(void_at=None).update(void_at=now)
    keep_in(row, by=by, now=now)
    following.quiet(row, by=by, now=now)
    following.calm(row, by=by, now=now)
    if ending.stop(row, "carrier_decided", by=by, now=now):
        following.ended(row, at=now, by=by, now=now)
    kept = _remember(row, sender_is_theirs=sender_is_theirs, by=by, now=now)
    for other in dict.fromkeys(like):
        cases.link(
            case=case, other=reading.row_of(other, by=by, now=now).case_id, why="forged_alike", by=by, now=now
        )
    audit.record(
        "exigent.forged", by=by, at=now, matter=row.matter, request=row.pk, marks=kept, linked=len(set(like))
    )
    if row.case.state == "OPEN" and not row.decisions.filter(state="DONE").exists():
        cases.close(case=case, outcome="forged", by=by, now=now)
    return reading.view(row, by=by, now=now)


def _remember(row: ExigentRequest, *, sender_is_theirs: bool, by: Actor, now: datetime) -> int:
    email = files.case(case=row.case_id, by=by, now=now).contact.email
    said = reading.said_of(row)
    marks = doubting.marks_of(said, said.email or email)
    left_out = {"sender", "domain"} if sender_is_theirs else set()
    rows = [
        ExigentMark(request=row, kind=kind, print=each, at=now)
        for kind, prints in marks.items()
        if kind not in left_out
        for each in dict.fromkeys(prints)
    ]
    ExigentMark.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
