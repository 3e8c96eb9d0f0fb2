"""
A later end of an emergency that runs, as far as the guide's clock gives one (C3).

It was armed as if the first switch obeyed in the instant of the approval, so that it could never be late. Where the first
command that a switch did not reject left later, the clock gives that much more: one person proposes it with a reason, another
approves it, and nothing gives more than the clock.
"""

from datetime import datetime

from django.db import transaction

from tecum.audit import operations as audit
from tecum.exigent.models import ExigentRequest
from tecum.exigent.operations.rows import DECIDE, locked
from tecum.exigent.queries import lasting
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused
from tecum.surveillance import operations as surveillance


class CannotProlong(Refused):
    """An end that the guide's clock does not give, or no reason for it."""


@transaction.atomic
def propose_later(*, case: str, why: str, by: Actor, now: datetime) -> str:
    """
    Propose the later end that the guide's clock gives an emergency, and return the act that another person approves (C3).

    :raises CannotProlong: where the clock gives none that is later and to come, or without a reason
    :raises NoAuthority: once the emergency has ended
    """
    row: ExigentRequest = locked(case, by=by, now=now, permission=DECIDE)
    later = lasting.later_end(row, now=now)
    if later is None:
        raise CannotProlong("The guide's clock gives no later end than the one in force.")
    if len(why.strip()) < 8:
        raise CannotProlong("Say why: which switch obeyed late, and how that is known.")
    act = surveillance.extend(
        authority=later.authority, ends_at=later.ends_at, evidence=later.evidence, rule=later.rule, said=why.strip()[:600],
        by=by, now=now,
    )  # fmt: skip
    audit.record(
        "exigent.later_proposed", by=by, at=now, matter=row.matter, request=row.pk, proposal=act, ends=later.ends_at,
        rule=later.rule,
    )  # fmt: skip
    return act
