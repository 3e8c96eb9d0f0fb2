"""How a demand stands, told to those on its own list and to nobody else."""

from datetime import datetime

from django.db import transaction

from tecum.access.rules import require
from tecum.audit import operations as audit
from tecum.demands import messages
from tecum.demands.queries.reading import readable
from tecum.demands.queries.telling import Told, addresses_on_list, own, told
from tecum.demands.rules.withdrawing import Asking
from tecum.kernel.actors import Actor
from tecum.notices import operations as notices
from tecum.notices.rules import Incoming
from tecum.policy import queries as policy
from tecum.secrecy import queries as secrecy


def show(*, case: str, by: Actor, now: datetime) -> Told:
    """Show an officer the own demand; that it was seen is stored first. :raises NotYours: for everybody else"""
    require(by, "case.own", now=now)
    row = own(case=case, by=by, now=now)
    audit.note("demand.status_seen", by=by, at=now, matter=row.matter, demand=row.pk)
    return told(row, now=now)


@transaction.atomic
def tell_status(*, asking: Asking, incoming: Incoming, by: Actor, now: datetime) -> bool:
    """
    Answer a mail that asks how a case stands, to a proven address on the case's own list; return whether it did.

    A sealed case is never spoken of by mail. What everybody else hears is the caller's, the same for a case that there is
    and for one that there is not.
    """
    row = None
    if asking.proven and not asking.automatic and len(asking.references) == 1:
        (reference,) = asking.references
        row = readable(by=by, now=now).filter(case__reference=reference).first()
    on_list = row is not None and asking.sender.casefold() in addresses_on_list(secrecy.readers(row.matter))
    if row is None or not on_list or secrecy.is_sealed(row.matter):
        audit.record("demand.status_refused", by=by, at=now)
        return False
    found = told(row, now=now, whole=False)
    notices.reply(
        messages.CASE_STANDS.name, to=incoming,
        context={
            "case": found.reference, "stands": found.stands, "promised": found.promised or "Nothing is waited for any more.",
            "points": list(found.points) or ["Nothing waits for you."],
        },
        mailbox=policy.at(now).writes_from, matter=row.matter,
        conversation=f"status:{row.pk}:{incoming.message_id or incoming.mark}", by=by, now=now,
    )  # fmt: skip
    audit.record("demand.status_told", by=by, at=now, matter=row.matter, demand=row.pk, door="mail")
    return True
