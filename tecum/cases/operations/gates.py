"""Gates, and what can be billed."""

from collections.abc import Collection, Mapping
from datetime import datetime
from types import MappingProxyType

from django.db import IntegrityError, transaction

from tecum.access.rules import require
from tecum.audit import operations as audit
from tecum.cases import sealed
from tecum.cases.models import BillableFact, CaseTarget, Gate, LegalCase
from tecum.cases.operations.opening import locked
from tecum.cases.queries.files import FactView, fact_view, gates_open
from tecum.cases.rules import sentence
from tecum.cases.states import GATE_NEXT, GateState
from tecum.kernel import ids
from tecum.kernel.actors import Actor
from tecum.kernel.money import Money
from tecum.kernel.refusals import NotYours, Refused
from tecum.policy import queries as policy

TITLES = {
    "fee_accepted": "the agency's acceptance of the fee",
    "quote_accepted": "the agency's acceptance of the quote",
    "consent": "the agency's written consent",
    "paid": "the payment",
    "customer_told": "the notice to the customer, and the time after it",
    "form_signed": "the signed form",
    "contact_verified": "the verification of who asks",
    "counsel": "counsel's decision",
    "written_request": "the request in writing",
}


class GateOpen(Refused):
    """Something must be given first; the sentence names it."""


class CannotClose(Refused):
    """A gate that is closed already, or lacks what it needs."""


@transaction.atomic
def open_gate(
    *, case: str, kind: str, by: Actor, now: datetime, subject: str = "", rule: str = "", asked: str = ""
) -> str:
    """Ask for something before work on a case goes on, and return the gate's id; asked for once per subject."""
    row = locked(case, by=by, now=now)
    before = Gate.objects.filter(case=row, kind=kind, subject=subject).first()
    if before is not None:
        return before.pk
    gate = Gate(
        id=ids.unguessable(), case=row, kind=kind, subject=subject, opened_at=now, opened_by=by.ref, rule=rule,
        guide_version=policy.at(now).version,
    )  # fmt: skip
    gate.words = sealed.close(sealed.key_of(row.matter), f"gate {gate.pk}", {"asked": asked, "given": ""})
    gate.save(force_insert=True)
    audit.record("case.gate_opened", by=by, at=now, matter=row.matter, case=row.pk, gate=kind)
    return gate.pk


@transaction.atomic
def close_gate(*, gate: str, given: str, by: Actor, now: datetime, evidence: str = "") -> None:
    """
    Find that what was asked for is given: by whom and how (`given`), and the document or message that proves it.

    :raises CannotClose: without a word on who gave it, or when it is closed already
    """
    row, found = _locked(gate, by=by, now=now)
    if len(given.strip()) < 3:
        raise CannotClose("Say who gave it and how; that is kept with the case.")
    _end(row, found, GateState.CLOSED, given, evidence, by=by, now=now)
    audit.record(
        "case.gate_closed",
        by=by,
        at=now,
        matter=row.matter,
        case=row.pk,
        gate=found.kind,
        evidence=evidence or None,
    )


@transaction.atomic
def waive_gate(*, gate: str, reason: str, by: Actor, now: datetime) -> None:
    """Let a case go on without what was asked for, and keep why. :raises CannotClose: without a reason"""
    require(by, "case.waive", now=now)
    row, found = _locked(gate, by=by, now=now)
    if len(reason.strip()) < 3:
        raise CannotClose("Say why it is waived; that is kept with the case.")
    _end(row, found, GateState.WAIVED, reason, "", by=by, now=now)
    audit.record("case.gate_waived", by=by, at=now, matter=row.matter, case=row.pk, gate=found.kind)


@transaction.atomic
def deny_gate(*, gate: str, why: str, by: Actor, now: datetime, evidence: str = "") -> None:
    """
    Find that what was asked for will not be given; whoever asked leaves out what it was for.

    :raises CannotClose: without a word on why, or when it ended already
    """
    row, found = _locked(gate, by=by, now=now)
    if len(why.strip()) < 3:
        raise CannotClose("Say who refused it and how; that is kept with the case.")
    _end(row, found, GateState.DENIED, why, evidence, by=by, now=now)
    audit.record(
        "case.gate_denied", by=by, at=now, matter=row.matter, case=row.pk, gate=found.kind, evidence=evidence or None
    )  # fmt: skip


def refuse_while_gated(case: str, *, but: Collection[str] = ()) -> None:
    """
    Refuse to go on while something that must be given is not; `but` names kinds that do not matter here.

    :raises GateOpen: with what that is
    """
    missing = [TITLES.get(kind, kind.replace("_", " ")) for kind in gates_open(case) if kind not in but]
    if missing:
        raise GateOpen(f"This waits for {sentence(list(dict.fromkeys(missing)))}.")


@transaction.atomic
def note_billable(
    *,
    case: str,
    kind: str,
    source: str,
    happened_at: datetime,
    by: Actor,
    now: datetime,
    quantity: int = 1,
    unit: str = "request",
    target: str = "",
    details: Mapping[str, str] = MappingProxyType({}),
    found: bool = True,
    cost: Money | None = None,
    reason: str = "",
    evidence: str = "",
    version: str = "",
) -> FactView:
    """
    Note that something happened that may cost; the same source again changes nothing, so nothing is billed twice.

    `kind` is a product of the guide and `unit` a unit of its fees; `happened_at` decides which schedule holds (B11).
    `details` are codes that a fee may count by: `service`, `type`, `switch`, `market`, `authority` (of one continuous
    surveillance) and `act`. A `cost` that is passed on comes with a `reason` of the fee and its `evidence` (R-147).
    `version` is that of the guide whose price was accepted beforehand; left out, the one in force when it happened.
    """
    row = locked(case, by=by, now=now, writing=False)
    aim = CaseTarget.objects.filter(pk=target, case=row).first() if target else None
    if target and aim is None:
        raise NotYours
    fact = BillableFact(
        id=ids.unguessable(), case=row, kind=kind, source=source, target=aim, quantity=quantity, unit=unit,
        happened_at=happened_at, noted_at=now, noted_by=by.ref, guide_version=version or policy.at(happened_at).version,
        details=dict(details), found=found, cents=None if cost is None else cost.cents,
        currency="" if cost is None else cost.currency, reason=reason, evidence=evidence,
    )  # fmt: skip
    try:
        with transaction.atomic():
            fact.save(force_insert=True)
    except IntegrityError:
        known = BillableFact.objects.filter(kind=kind, source=source).first()
        if known is None or known.case_id != row.pk:
            raise NotYours from None
        fact = known
    else:
        _remember(row, fact, by=by, now=now)
    return fact_view(fact)


def _remember(row: LegalCase, fact: BillableFact, *, by: Actor, now: datetime) -> None:
    """Write everything into the trail that its price is computed from: it can be computed again from there alone."""
    audit.record(
        "case.billable", by=by, at=now, matter=row.matter, case=row.pk, billable=fact.pk, fact=fact.kind,
        quantity=fact.quantity, unit=fact.unit, happened=fact.happened_at, found=fact.found, target=fact.target_id, version=fact.guide_version,
        cents=fact.cents, currency=fact.currency or None, reason=fact.reason or None,
        **{name: fact.details.get(name) for name in ("service", "type", "switch", "market", "authority", "act")},
    )  # fmt: skip


def _locked(gate: str, *, by: Actor, now: datetime) -> tuple[LegalCase, Gate]:
    found = Gate.objects.filter(pk=gate).first()
    if found is None:
        raise NotYours
    return locked(found.case_id, by=by, now=now), found


def _end(
    row: LegalCase, gate: Gate, state: GateState, given: str, evidence: str, *, by: Actor, now: datetime
) -> None:
    key = sealed.key_of(row.matter)
    words = sealed.opened(key, f"gate {gate.pk}", gate.words) or {}
    kept = sealed.close(key, f"gate {gate.pk}", {**words, "given": given.strip()[:2000]})
    was = GateState(gate.state)
    rows = Gate.objects.filter(pk=gate.pk, state=was)
    ended = {"state": state, "ended_at": now, "ended_by": by.ref, "evidence": evidence, "words": kept}
    if state not in GATE_NEXT[was] or not rows.update(**ended):
        raise CannotClose("This was given, or waived, already.")
