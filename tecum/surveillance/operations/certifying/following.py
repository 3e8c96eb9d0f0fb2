"""The record follows what the switches show: opened for each run, opened again when what was signed is no longer what is so."""

from datetime import datetime, timedelta

from django.db import transaction

from tecum.audit import operations as audit
from tecum.deadlines import operations as deadlines
from tecum.kernel import ids
from tecum.kernel.actors import Actor
from tecum.secrecy import operations as secrecy
from tecum.surveillance import recording
from tecum.surveillance.models import Certification, CertifiedRun, Mismatch, Surveillance, Tap
from tecum.surveillance.operations import telling
from tecum.surveillance.queries import compiling
from tecum.surveillance.rules.interceptions import Run
from tecum.surveillance.states import CertificationState, MismatchState

CERTIFY = "surveillance.certify"
REPEAT = timedelta(days=1)
NO_INTERCEPTION = frozenset({"not_ours", "drill"})
S = CertificationState


@transaction.atomic
def follow(*, surveillance: str, by: Actor, now: datetime) -> datetime | None:
    """Bring the records of a surveillance up to what its switches showed; each run stands in exactly one of them."""
    home = Surveillance.objects.select_for_update().filter(pk=surveillance).first()
    if home is None:
        return None
    taps = list(
        Tap.objects.select_related("target__surveillance").filter(target__surveillance=home).order_by("pk")
    )
    known = set(CertifiedRun.objects.filter(tap__in=taps).values_list("tap", "generation"))
    for tap, found in compiling.runs_of(taps).items():
        for run in found:
            if (tap, run.generation) not in known:
                _enter(home, tap, run, by=by, now=now)
    for row in Certification.objects.select_for_update().filter(surveillance=home).order_by("begun_at"):
        refresh(row, by=by, now=now)
    return None


@transaction.atomic
def follow_unknown(*, mismatch: str, by: Actor, now: datetime) -> datetime | None:
    """
    Open the record of something on a switch that nobody here put there: 47 CFR 1.20004 asks for it without authorization too.

    What turned out to be another system's, or a drill, was no interception: its record is void and says so.
    """
    found = Mismatch.objects.select_for_update().filter(pk=mismatch, kind="unknown").first()
    if found is None:
        return None
    row = Certification.objects.select_for_update().filter(mismatch=found).first()
    if found.state == MismatchState.SETTLED and found.how in NO_INTERCEPTION:
        if row is not None and row.state == S.OPEN and not row.sheets.exists():
            _void(row, by=by, now=now)
        return None
    if row is None:
        row = _new(None, found, begun_at=found.since, overseer="", by=by, now=now)
    refresh(row, by=by, now=now)
    return None


@transaction.atomic
def remind(*, certification: str, by: Actor, now: datetime) -> datetime | None:
    """Tell the desk that a record waits for its signature, and return when again: every day until it is signed."""
    row = (
        Certification.objects.select_for_update(of=("self",))
        .select_related("surveillance")
        .filter(pk=certification, state=S.OPEN)
        .first()
    )
    if row is None:
        return None
    matter = row.surveillance.matter if row.surveillance else ""
    telling.tell_desk(
        row.reference, "the record of an interception waits for the signature of the employee who oversees it",
        "Open the page of certifications.", matter=matter, by=by, now=now,
    )  # fmt: skip
    row.told_at = now
    row.save(update_fields=["told_at"])
    audit.record("certification.reminded", by=by, at=now, matter=matter, certification=row.pk)
    return now + REPEAT


def refresh(row: Certification, *, by: Actor, now: datetime) -> None:
    """Work out what a record says now, and let it wait for a signature where that is not what was signed."""
    if row.state == S.VOID:
        return
    said = compiling.record_of(row, now=now)
    digest, last = said.digest(), row.sheets.order_by("-ordinal").first()
    state = S.SIGNED if last is not None and last.digest == digest else S.OPEN
    row.ended_at = now if said.ended and row.ended_at is None else row.ended_at
    if digest == row.digest and state == row.state:
        row.save(update_fields=["ended_at"])
        return
    if state is S.OPEN and row.state == S.SIGNED:
        row.due_at = recording.sign_by(now)
    row.digest, row.state = digest, state
    row.save(update_fields=["digest", "state", "due_at", "ended_at"])
    matter = row.surveillance.matter if row.surveillance else ""
    audit.record(
        "certification.follows", by=by, at=now, matter=matter, certification=row.pk, content=digest, state=state.lower()
    )  # fmt: skip
    if state is S.OPEN:
        deadlines.arm(CERTIFY, subject=row.pk, due_at=row.due_at, matter=matter, now=now)
    else:
        deadlines.disarm(CERTIFY, subject=row.pk, now=now)


def _enter(home: Surveillance, tap: str, run: Run, *, by: Actor, now: datetime) -> None:
    row = Certification.objects.filter(surveillance=home, begun_at=run.started_at).first()
    if row is None:
        row = _new(home, None, begun_at=run.started_at, overseer=run.by, by=by, now=now)
    CertifiedRun.objects.create(certification=row, tap_id=tap, generation=run.generation)
    audit.record(
        "certification.run_entered", by=by, at=now, matter=home.matter, certification=row.pk, tap=tap,
        generation=run.generation,
    )  # fmt: skip


def _new(
    home: Surveillance | None,
    found: Mismatch | None,
    *,
    begun_at: datetime,
    overseer: str,
    by: Actor,
    now: datetime,
) -> Certification:
    matter = secrecy.open_matter(kind="certifications", by=by, now=now)
    if home is not None:
        secrecy.make_part(matter, of=home.matter)
    row = Certification(
        id=ids.unguessable(), reference=ids.reference("CR"), surveillance=home, mismatch=found, matter=matter,
        begun_at=begun_at, overseer=overseer, opened_at=now, due_at=recording.sign_by(now),
    )  # fmt: skip
    row.save(force_insert=True)
    audit.record(
        "certification.opened", by=by, at=now, matter=home.matter if home else "", certification=row.pk,
        surveillance=home.pk if home else None, mismatch=found.pk if found else None,
    )  # fmt: skip
    return row


def _void(row: Certification, *, by: Actor, now: datetime) -> None:
    row.state, row.ended_at = S.VOID, now
    row.save(update_fields=["state", "ended_at"])
    deadlines.disarm(CERTIFY, subject=row.pk, now=now)
    audit.record("certification.voided", by=by, at=now, certification=row.pk)
