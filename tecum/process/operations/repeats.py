"""The same process received twice: joined to the older, not doubled; and parted again when that was wrong (W7)."""

from datetime import datetime

from django.db import transaction

from tecum.audit import operations as audit
from tecum.cases import operations as cases
from tecum.kernel.actors import Actor
from tecum.process.models import Received
from tecum.process.operations.letters import CannotDecide, turn
from tecum.process.operations.promising import answer_ends, promise
from tecum.process.operations.receiving import locked
from tecum.process.queries import ReceivedView, find_duplicates, view
from tecum.process.states import ReceivedState


@transaction.atomic
def join(*, received: str, to: str, by: Actor, now: datetime) -> ReceivedView:
    """
    Join a process to the one it repeats. The older arrival stays whichever way they are named (of one instant: `to`), so no clock is lost;
    the younger's case is joined to the older's, which shows the papers of both. Return the younger.

    :raises CannotDecide: when they are one, or one of them repeats another already
    """
    first, second = sorted((received, to))
    rows = {each: locked(each, by=by, now=now) for each in dict.fromkeys((first, second))}
    if len(rows) < 2:
        raise CannotDecide("A process does not repeat itself.")
    older, younger = sorted(rows.values(), key=lambda row: (row.received_at, row.entered_at, row.pk != to))
    if ReceivedState.REPEATED in {older.state, younger.state}:
        raise CannotDecide("One of the two repeats another already; join to that one.")
    signs = next(
        (
            each.signs
            for each in find_duplicates(received=younger.pk, by=by, now=now)
            if each.received == older.pk
        ),
        (),
    )
    if younger.case_id != older.case_id:
        answer_ends(case=younger.case_id, how="joined", by=by, now=now)
        cases.join(case=younger.case_id, to=older.case_id, by=by, now=now)
    turn(younger, ReceivedState.REPEATED, repeats=older, repeated_how=" ".join(signs) or "person")
    audit.record(
        "process.joined", by=by, at=now, matter=younger.case.matter, received=younger.pk, other=older.pk,
        signs=[sign.value for sign in signs] or None,
    )  # fmt: skip
    return view(younger)


@transaction.atomic
def part(*, received: str, by: Actor, now: datetime) -> ReceivedView:
    """Undo a joining: the process and its case are worked on by themselves again, from their own arrival."""
    row = locked(received, by=by, now=now)
    if row.state != ReceivedState.REPEATED:
        raise CannotDecide("This process repeats no other.")
    other = row.repeats
    turn(row, ReceivedState.RECEIVED, repeats=None, repeated_how="")
    if row.case.state == "JOINED" and not _others_joined(row):
        home = cases.part(case=row.case_id, by=by, now=now)
        promise(row, home, by=by, now=now)
    audit.record(
        "process.parted",
        by=by,
        at=now,
        matter=row.case.matter,
        received=row.pk,
        other=other.pk if other else row.pk,
    )
    return view(row)


def _others_joined(row: Received) -> bool:
    """Tell whether the case is joined for another process of it too."""
    same = Received.objects.filter(case=row.case, state=ReceivedState.REPEATED).exclude(pk=row.pk)
    return same.exclude(repeats__case=row.case).exists()
