"""An emergency begins (R-091, R-096): authority, desired state and the end that cuts it, in one transaction (control 1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tecum.accounts import queries as people
from tecum.approvals import queries as approvals
from tecum.audit import operations as audit
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases import sealed
from tecum.kernel import ids
from tecum.kernel.actors import Actor
from tecum.policy import queries as policy
from tecum.surveillance.drivers import failpoints
from tecum.surveillance.models import Authority, AuthorityTurn, Surveillance
from tecum.surveillance.operations import charging, noticing, tapping
from tecum.surveillance.operations.proposing import CannotAuthorize
from tecum.surveillance.operations.rows import NoAuthority, Said, locked, turned
from tecum.surveillance.rules import ordered as lines
from tecum.surveillance.rules.ordered import Allows, AuthorityKind, Ordered
from tecum.surveillance.states import AuthorityState

ORAL_FIRST = (
    "written_request"  # a gate that an oral request may pass where the guide says so; it stops every release
)


@dataclass(frozen=True, slots=True)
class Started:
    """What began."""

    surveillance: str
    authority: str


@transaction.atomic
def start(
    *,
    case: str,
    approval: str,
    content: str,
    ends_at: datetime,
    evidence: str,
    ordered: Iterable[Ordered],
    delivery: Mapping[str, str],
    by: Actor,
    now: datetime,
) -> Started:
    """
    Start exactly what two people decided about an emergency, until `ends_at`. `by` is who approved it a moment ago.

    `approval` is their act, bound to `content`: it is looked up, not believed. An order that follows takes its place by
    `replace`; without one it ends by itself (C4).

    :raises CannotAuthorize: where nobody approved exactly this just now, without a line or an end
    :raises NoAuthority: where an authority is in force for the case already
    """
    made = approvals.approval(approval)
    known = (made.state, made.digest, made.decided_by, made.decided_at)
    if known != ("APPROVED", content, by.ref, now) or people.actor_now(made.proposed_by, now=now) is None:
        raise CannotAuthorize("Two people decide exactly this, both of them in good standing.")
    home = cases.locked(case, by=by, now=now)
    waiting = [kind for kind in files.gates_open(case) if kind != ORAL_FIRST]
    if waiting:
        cases.refuse_while_gated(case)
    rows = [
        Ordered(each.number, each.service, each.type, tuple(each.switches))
        for each in ordered
        if each.switches
    ]
    if not rows or ends_at <= now:
        raise CannotAuthorize("It names a target and its switches, and has an end that is to come.")
    row = Surveillance.objects.filter(case=home, authorities__kind=AuthorityKind.EMERGENCY).first()
    row = row or _opened(home.pk, home.matter, by=by, now=now)
    row = locked(row.pk, by=by, now=now, permission="surveillance.authorize")
    locked(row.pk, by=by, now=now, permission="surveillance.activate")
    if Authority.objects.filter(surveillance=row, state=AuthorityState.IN_FORCE).exists():
        raise NoAuthority("An authority is in force for this already.")
    authority = Authority(
        id=ids.unguessable(), surveillance=row, case=home, matter=home.matter, kind=AuthorityKind.EMERGENCY, starts_at=now,
        ends_at=ends_at, evidence=evidence, digest=content, guide_version=policy.at(now).version,
        proposed_by=made.proposed_by, approved_by=by.ref, approved_at=now, alone=made.alone,
    )  # fmt: skip
    said = {"ordered": lines.as_data(rows), "allows": lines.allows_data(Allows())}
    authority.content = sealed.close(sealed.key_of(home.matter), f"authority {authority.pk}", said)
    authority.save(force_insert=True)
    AuthorityTurn.objects.create(
        authority=authority,
        why="ordered",
        ends_at=ends_at,
        evidence=evidence,
        at=now,
        by=made.proposed_by,
        second=by.ref,
    )
    noticing.plan(authority, now=now)
    for line in lines.compiled(rows):
        target = tapping.target_of(row, Said(line.number, delivery=delivery.get(line.number, "")))
        charging.home(target, by=by, now=now)
        tapping.start(target, line, authority, proposer=made.proposed_by, why="emergency", by=by, now=now)
    turned(row)
    audit.record(
        "surveillance.approved", by=by, at=now, matter=row.matter, surveillance=row.pk, proposal=made.id, act="emergency",
        content=content, authority=authority.pk, affirmed=True,
    )  # fmt: skip
    failpoints.reach("before_approved")
    transaction.on_commit(lambda: failpoints.reach("approved"))
    return Started(row.pk, authority.pk)


def _opened(case: str, matter: str, *, by: Actor, now: datetime) -> Surveillance:
    row = Surveillance(
        id=ids.unguessable(),
        reference=ids.reference("SV"),
        case_id=case,
        matter=matter,
        opened_at=now,
        opened_by=by.ref,
    )
    row.save(force_insert=True)
    audit.record("surveillance.opened", by=by, at=now, matter=matter, surveillance=row.pk, case=case)
    return row
