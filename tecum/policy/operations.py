"""
A version of the guide comes into force by two people: one proposes the files as they are, another activates them.

Both are bound to the SHA-256 of what the files say, the versions' effective dates among it: each version begins on its
own date, and one whose date has passed begins at once.
"""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from tecum.access.rules import require
from tecum.approvals import operations as approvals
from tecum.approvals import queries as proposals
from tecum.approvals.rules import ApprovalView
from tecum.audit.operations import record
from tecum.guide.loading import load_all, sources
from tecum.guide.model.guide import Guide
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused
from tecum.policy import copies, gate, queries


class InForceAlready(Refused):
    """The files say what was activated last."""


def propose_files(*, digest: str, by: Actor, now: datetime) -> ApprovalView:
    """
    Propose that the guide's files be put in force; `digest` is that of the files which the person saw.

    :raises FaultyGuide: when they have mistakes
    :raises Changed: when they changed since the person saw them
    :raises InForceAlready: when they are what was activated last
    """
    require(by, "guide.propose", now=now)
    folder = queries.folder()
    content = copies.store(sources(folder))
    if content != digest:
        raise approvals.Changed("The files changed while you looked at them. Look at them again.")
    if content == gate.activated(folder):
        raise InForceAlready("These files say what was activated last: nothing would change.")
    with transaction.atomic():
        proposed = approvals.propose(gate.ACT, gate.subject(folder), content, by=by, now=now)
        _record("guide.proposed", proposed, load_all(folder)[-1], by=by, now=now)
    return proposed


def activate(
    *, approval: str, digest: str, by: Actor, now: datetime, stand: Callable[..., None]
) -> ApprovalView:
    """
    Put the files in force that another person proposed; `digest` is that of the files which the person saw.

    `stand` is `accounts.operations.stand`, handed in because people lie above this package: a suspension or a role taken
    away since the request began refuses (T15).

    :raises SamePerson: for whoever proposed them
    :raises Changed: when the files changed since the proposal, which is void then
    :raises FaultyGuide: when they have mistakes
    """
    require(by, "guide.activate", now=now)
    folder = queries.folder()
    proposed = _of_this_guide(approval)
    content = copies.digest(sources(folder))
    if proposed.digest != content or proposed.digest != digest:
        # Makes it void in a transaction of its own, and refuses.
        return approvals.approve(
            approval, digest=content if content != proposed.digest else digest, by=by, now=now
        )
    copies.store(sources(folder))
    versions = copies.kept(folder, content)
    if versions is None:
        raise copies.NotKept("The copy of the proposed files cannot be read. Nothing was changed.")
    with transaction.atomic():
        stand(by=by, now=now)
        approved = approvals.approve(approval, digest=content, by=by, now=now)
        _record("guide.activated", approved, versions[-1], by=by, now=now)
        transaction.on_commit(lambda: copies.point(folder, content))
    return approved


def withdraw(*, approval: str, by: Actor, now: datetime) -> ApprovalView:
    """Withdraw a proposal that waits for a second person."""
    require(by, "guide.propose", now=now)
    return approvals.withdraw(_of_this_guide(approval).id, by=by, now=now)


def _of_this_guide(approval: str) -> ApprovalView:
    found = proposals.approval(approval)
    if (found.act, found.subject) != (gate.ACT, gate.subject(queries.folder())):
        raise NotYours
    return found


def _record(event: str, proposal: ApprovalView, last: Guide, *, by: Actor, now: datetime) -> None:
    record(
        event,
        by=by,
        at=now,
        guide=proposal.subject,
        approval=proposal.id,
        version=gate.reference(last.version),
        effective_from=last.guide.effective_from,
        content=proposal.digest,
    )
