"""Targets: what is asked for, corrected, answered, withdrawn, declined."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from tecum.audit import operations as audit
from tecum.cases import sealed
from tecum.cases.facts import Asked
from tecum.cases.models import CaseTarget, LegalCase
from tecum.cases.operations.opening import locked
from tecum.cases.queries.files import TargetView, target_view
from tecum.cases.states import TARGET_NEXT, Identifier, TargetState
from tecum.kernel import ids, numbers
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused
from tecum.secrecy.operations import Key

LONGEST = 120


class CannotTurn(Refused):
    """A target that is not in the state for that."""


@transaction.atomic
def add_target(*, case: str, asked: Asked, by: Actor, now: datetime) -> TargetView:
    """
    Add a target to a case: a number is read as every number is (control 15).

    :raises NotANumber: for a number that is none
    """
    row = locked(case, by=by, now=now)
    key = sealed.key_of(row.matter)
    last = CaseTarget.objects.filter(case=row).aggregate(last=Max("place"))["last"] or 0
    target = CaseTarget(id=ids.unguessable(), case=row, place=last + 1, added_at=now, added_by=by.ref)
    _write(target, asked, key)
    target.save(force_insert=True)
    _count(row)
    audit.record(
        "case.target_added", by=by, at=now, matter=row.matter, case=row.pk, target=target.pk,
        product=asked.product or None,
    )  # fmt: skip
    return target_view(target, key)


@transaction.atomic
def correct_target(*, target: str, asked: Asked, by: Actor, now: datetime) -> TargetView:
    """Correct a target that nothing was done for yet. :raises CannotTurn: once it is answered, withdrawn or declined"""
    row, found = _locked(target, by=by, now=now)
    if found.state != TargetState.ASKED:
        raise CannotTurn(f"This target is {found.state.lower()}; it cannot be corrected any more.")
    key = sealed.key_of(row.matter)
    _write(found, asked, key)
    found.save()
    audit.record("case.target_changed", by=by, at=now, matter=row.matter, case=row.pk, target=found.pk)
    return target_view(found, key)


@transaction.atomic
def turn_target(*, target: str, to: TargetState, by: Actor, now: datetime) -> TargetView:
    """
    Answer, withdraw or decline a target, or take that back. The capability whose act it is asks for its permission.

    :raises CannotTurn: when the target's life does not allow it
    """
    row, found = _locked(target, by=by, now=now)
    was = TargetState(found.state)
    if to not in TARGET_NEXT[was]:
        raise CannotTurn(f"This target is already {was.lower()}.")
    found.state, found.turned_at, found.turned_by = to, now, by.ref
    found.save(update_fields=["state", "turned_at", "turned_by"])
    _count(row)
    audit.record(
        "case.target_turned", by=by, at=now, matter=row.matter, case=row.pk, target=found.pk, was=was.lower(),
        state=to.lower(),
    )  # fmt: skip
    return target_view(found, sealed.key_of(row.matter))


def _locked(target: str, *, by: Actor, now: datetime) -> tuple[LegalCase, CaseTarget]:
    found = CaseTarget.objects.filter(pk=target).first()
    if found is None:
        raise NotYours
    row = locked(found.case_id, by=by, now=now)
    found.refresh_from_db()
    return row, found


def _write(row: CaseTarget, asked: Asked, key: Key) -> None:
    is_number = asked.identifier is Identifier.NUMBER
    value = numbers.read(asked.value) if is_number else " ".join(asked.value.split())[:LONGEST]
    row.identifier, row.product = asked.identifier, asked.product
    row.value = sealed.close(key, f"target {row.pk}", {"value": value, "words": asked.words[:LONGEST]})
    row.print = sealed.fingerprint(value, purpose="target")
    row.starts_at = asked.period.start if asked.period else None
    row.ends_at = asked.period.end if asked.period else None


def _count(row: LegalCase) -> None:
    open_ones = CaseTarget.objects.filter(case=row, state=TargetState.ASKED).count()
    LegalCase.objects.filter(pk=row.pk).update(targets_open=open_ones)
