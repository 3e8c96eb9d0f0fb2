"""One to one: every run that a switch showed has its record, every record its run (47 CFR 1.20004); what has not is raised."""

from datetime import datetime, timedelta

from django.db import transaction

from tecum.audit import operations as audit
from tecum.kernel.actors import Actor
from tecum.surveillance.models import CertifiedRun, Mismatch, Tap
from tecum.surveillance.operations import differing
from tecum.surveillance.operations.certifying.following import follow_unknown
from tecum.surveillance.queries import compiling
from tecum.surveillance.states import CertificationState, MismatchState

GRACE = timedelta(minutes=2)  # the record follows what a switch shows within moments
MISSING, SURPLUS = "unrecorded", "unfounded"


@transaction.atomic
def balance(*, by: Actor, now: datetime) -> int:
    """
    Hold the records against what the switches did, all of it; raise what is missing or surplus, and return how many.

    A record that is missing is not made in silence: a person sees that it was, and opens it.
    """
    rows = list(Tap.objects.select_related("target__surveillance").order_by("pk"))
    known = set(CertifiedRun.objects.values_list("tap", "generation"))
    shown = {
        (tap, run.generation): run.began_at or run.other_at
        for tap, runs in compiling.runs_of(rows).items()
        for run in runs
    }
    by_id = {row.pk: row for row in rows}
    missing = {tap for tap, first in shown.keys() - known if _old(shown[tap, first], now)}
    surplus = {tap for tap, _ in known - shown.keys()}
    for kind, taps in ((MISSING, missing), (SURPLUS, surplus)):
        for tap in sorted(taps):
            row = by_id[tap]
            differing.open_one(row.switch, str(row.task), kind, tap=row, since=now, by=by, now=now)
        _agree(kind, {str(by_id[tap].task) for tap in taps}, by=by, now=now)
    _unknown(by=by, now=now)
    if missing or surplus:
        audit.record("certification.unbalanced", by=by, at=now, missing=len(missing), surplus=len(surplus))
    return len(missing) + len(surplus)


def _old(began: datetime | None, now: datetime) -> bool:
    return began is not None and began + GRACE <= now


def _agree(kind: str, still: set[str], *, by: Actor, now: datetime) -> None:
    rows = Mismatch.objects.filter(kind=kind, state=MismatchState.OPEN).exclude(task__in=still)
    differing.agree_many(list(rows.values_list("task", flat=True)), (kind,), by=by, now=now)


def _unknown(*, by: Actor, now: datetime) -> None:
    """Let what was found on a switch and is nobody's have a record, or none where it was no interception."""
    rows = Mismatch.objects.filter(kind="unknown")
    fresh = rows.filter(certification=None).exclude(how__in=["not_ours", "drill"])
    moved = rows.filter(state=MismatchState.SETTLED, certification__state=CertificationState.OPEN)
    for each in [*fresh.values_list("pk", flat=True), *moved.values_list("pk", flat=True)]:
        follow_unknown(mismatch=each, by=by, now=now)
