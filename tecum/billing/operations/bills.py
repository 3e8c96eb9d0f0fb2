"""What a person says about the price of a case: circumstances, the address, what is waived."""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction

from tecum.access.rules import require
from tecum.accounts import operations as accounts
from tecum.audit import operations as audit
from tecum.billing.models import Bill, FeeWaiver, SettledFact
from tecum.billing.queries.account import bill, known_circumstances
from tecum.cases import queries as cases
from tecum.guide.questions import word
from tecum.kernel import ids
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused

LONGEST_ADDRESS = 600


class CannotWaive(Refused):
    """A charge that cannot be waived: settled already, waived already, or without a reason."""


class UnknownCircumstance(Refused):
    """A circumstance that no rule of the guide knows."""


@transaction.atomic
def change(
    *, case: str, circumstances: Collection[str], address: str, reference: str, by: Actor, now: datetime
) -> None:
    """
    Write down what is known about the price of a case: circumstances, where the invoice goes, the agency's reference.

    :raises NotYours: without the permission, or for a case that is not to be known of
    :raises UnknownCircumstance: for a word that no rule of the guide asks for
    """
    require(by, "billing.work", now=now)
    accounts.stand(by=by, now=now)
    account = cases.account(case=case, by=by, now=now)
    wanted = sorted({word(each) for each in circumstances})
    unknown = set(wanted) - set(known_circumstances(now=now))
    if unknown:
        raise UnknownCircumstance(f"No fee of the guide asks for '{min(unknown)}'.")
    row = Bill.objects.select_for_update().filter(pk=case).first() or Bill(
        case=case, matter=account.matter, circumstances=[]
    )
    before = set(row.circumstances)
    row.circumstances, row.address, row.reference = (
        wanted,
        address.strip()[:LONGEST_ADDRESS],
        reference.strip()[:120],
    )
    row.changed_at, row.changed_by = now, by.ref
    row.save()
    audit.record("billing.changed", by=by, at=now, matter=account.matter, case=case)
    for each in sorted(before ^ set(wanted)):
        audit.record(
            "billing.circumstance", by=by, at=now, matter=account.matter, case=case, circumstance=each, holds=each in wanted
        )  # fmt: skip


@transaction.atomic
def waive(*, case: str, fact: str, fee: str, reason: str, by: Actor, now: datetime) -> None:
    """
    Waive one charge before it is invoiced, and keep why; after that only a credit note does.

    :raises NotYours: without the permission, or for a charge that there is not
    :raises CannotWaive: without a reason, for a charge that is settled or waived
    """
    require(by, "billing.waive", now=now)
    accounts.stand(by=by, now=now)
    view = bill(case=case, by=by, now=now)
    line = next((each for each in view.facts if each.fact.id == fact), None)
    if line is None or fee not in {charge.fee for charge in line.charges}:
        raise NotYours
    if len(reason.strip()) < 3:
        raise CannotWaive("Say why it is waived; that is kept with the bill.")
    if SettledFact.objects.filter(fact=fact, released_at=None).exists():
        raise CannotWaive("This is invoiced: correct it with a credit note.")
    try:
        with transaction.atomic():
            FeeWaiver.objects.create(
                id=ids.unguessable(),
                case=case,
                fact=fact,
                fee=fee,
                reason=reason.strip()[:300],
                at=now,
                by=by.ref,
            )
    except IntegrityError:
        raise CannotWaive("This is waived already.") from None
    audit.record(
        "billing.waived",
        by=by,
        at=now,
        matter=view.account.matter,
        case=case,
        billable=fact,
        fee=fee,
        waived=True,
    )


@transaction.atomic
def charge_again(*, case: str, fact: str, fee: str, by: Actor, now: datetime) -> None:
    """Take a waiver back, before the invoice. :raises CannotWaive: when it is settled, or not waived"""
    require(by, "billing.waive", now=now)
    accounts.stand(by=by, now=now)
    account = cases.account(case=case, by=by, now=now)
    if SettledFact.objects.filter(fact=fact, released_at=None).exists():
        raise CannotWaive("This is settled already.")
    rows = FeeWaiver.objects.filter(case=case, fact=fact, fee=fee, ended_at=None)
    if not rows.update(ended_at=now):
        raise CannotWaive("This is not waived.")
    audit.record(
        "billing.waived",
        by=by,
        at=now,
        matter=account.matter,
        case=case,
        billable=fact,
        fee=fee,
        waived=False,
    )
