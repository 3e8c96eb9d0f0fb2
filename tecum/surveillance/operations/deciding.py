"""Where another person approves exactly what was proposed, and it comes into force in the same transaction."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from tecum.approvals import operations as approvals
from tecum.audit import operations as audit
from tecum.cases import operations as cases
from tecum.cases import sealed
from tecum.deadlines import operations as deadlines
from tecum.kernel import ids
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused
from tecum.policy import queries as policy
from tecum.surveillance import recording
from tecum.surveillance.drivers import failpoints
from tecum.surveillance.models import Authority, AuthorityTurn, Surveillance, SurveillanceAct, Tap
from tecum.surveillance.operations import charging, moving, noticing, tapping
from tecum.surveillance.operations.proposing import (
    ACTIVATE,
    ADD_SWITCH,
    AUTHORIZE,
    CHANGE,
    EXTEND,
    PERMISSION,
    REPLACE,
    line_of,
    refuse_while_gated,
    standing_in,
)
from tecum.surveillance.operations.rows import Said, locked, said_of, say, turned
from tecum.surveillance.rules import ordered as lines
from tecum.surveillance.rules.ordered import Ordered
from tecum.surveillance.states import ON, ActState, AuthorityState

SETTLE = "order.settle"  # the order that it rests on follows, with its receipt
STARTS = frozenset({ACTIVATE, ADD_SWITCH, CHANGE})


class NotAffirmed(Refused):
    """An activation that no named employee affirmed (47 CFR 1.20003)."""


@transaction.atomic
def approve(*, act: str, by: Actor, now: datetime, affirmed_as: str = "") -> str:
    """
    Approve an act, as another person than proposed it; it comes into force in this transaction.

    What starts or widens anything on a switch is affirmed by name: `affirmed_as` is the approver's own name, typed by
    them (47 CFR 1.20003). Returns the id of the authority that the act is about.

    :raises SamePerson: for whoever proposed it
    :raises Changed: when anything of the surveillance changed since
    :raises NotAffirmed: for an activation without the name of the employee who affirms it
    :raises NoAuthority: once the authority has ended
    """
    made, row = _act(act, by=by, now=now)
    refuse_while_gated(row, made.act)
    content = sealed.opened(sealed.key_of(row.matter), f"act {made.pk}", made.content)
    digest = lines.digest(made.act, {**content, "surveillance": row.pk, "revision": row.revision})
    approvals.approve(made.approval, digest=digest, by=by, now=now, matter=row.matter)
    if (
        made.act in STARTS
        and " ".join(affirmed_as.split()).casefold() != " ".join(by.name.split()).casefold()
    ):
        raise NotAffirmed(
            "Type your own name: an activation is affirmed by a named employee (47 CFR 1.20003)."
        )
    authority = _DO[made.act](row, made, content, by=by, now=now)
    SurveillanceAct.objects.filter(pk=made.pk).update(state=ActState.DONE, decided_at=now, decided_by=by.ref)
    turned(row)
    deadlines.arm(SETTLE, subject=row.pk, due_at=now, matter=row.matter, now=now)
    recording.follows({row.pk: row.matter}, now=now)
    audit.record(
        "surveillance.approved", by=by, at=now, matter=row.matter, surveillance=row.pk, proposal=made.pk,
        act=made.act.partition(".")[2], content=digest, authority=authority.pk, affirmed=made.act in STARTS,
    )  # fmt: skip
    failpoints.reach("before_approved")
    transaction.on_commit(lambda: failpoints.reach("approved"))
    return str(authority.pk)


@transaction.atomic
def withdraw(*, act: str, by: Actor, now: datetime) -> None:
    """Take a proposal back; one person is enough. :raises NotYours: when it is unknown, or not for this actor"""
    made, row = _act(act, by=by, now=now)
    approvals.withdraw(made.approval, by=by, now=now, matter=row.matter)
    SurveillanceAct.objects.filter(pk=made.pk).update(
        state=ActState.WITHDRAWN, decided_at=now, decided_by=by.ref
    )
    audit.record(
        "surveillance.withdrawn", by=by, at=now, matter=row.matter, surveillance=row.pk, proposal=made.pk
    )


def _act(act: str, *, by: Actor, now: datetime) -> tuple[SurveillanceAct, Surveillance]:
    known = SurveillanceAct.objects.filter(pk=act).values_list("surveillance", "act").first()
    if known is None:
        raise NotYours
    row = locked(known[0], by=by, now=now, permission=PERMISSION[known[1]])
    made = SurveillanceAct.objects.select_for_update().get(pk=act)
    if made.state != ActState.PROPOSED:
        raise approvals.NotWaiting("This was decided already, or is void.")
    return made, row


def _authorize(
    row: Surveillance, made: SurveillanceAct, content: Mapping[str, Any], *, by: Actor, now: datetime
) -> Authority:
    home = cases.locked(content["case"], by=by, now=now)
    ends_at = datetime.fromisoformat(content["ends_at"])
    if ends_at <= now:
        raise NotAffirmed("Its end has come meanwhile.")
    authority = Authority(
        id=ids.unguessable(), surveillance=row, case=home, matter=home.matter, kind=content["kind"],
        starts_at=datetime.fromisoformat(content["starts_at"]), ends_at=ends_at, evidence=content["evidence"],
        digest=made.digest, guide_version=policy.at(now).version, proposed_by=made.proposed_by, approved_by=by.ref,
        approved_at=now,
    )  # fmt: skip
    authority.content = _closed(authority, content["ordered"], content["allows"])
    authority.save(force_insert=True)
    _remember(authority, "ordered", by=made.proposed_by, second=by.ref, now=now)
    noticing.plan(authority, now=now)
    return authority


def _replace(
    row: Surveillance, made: SurveillanceAct, content: Mapping[str, Any], *, by: Actor, now: datetime
) -> Authority:
    """Let the order take over what it covers; the rest ends in this same transaction."""
    emergency = standing_in(row, content["replaces"], now=now)
    Authority.objects.filter(pk=emergency.pk).update(
        state=AuthorityState.REPLACED, ended_at=now, ended_by=by.ref, ended_why="replaced"
    )
    order = _authorize(row, made, content, by=by, now=now)
    Authority.objects.filter(pk=order.pk).update(replaces=emergency)
    _remember(emergency, "replaced", by=made.proposed_by, second=by.ref, now=now)
    moving.to_case(row, order)
    covered = lines.from_data(content["ordered"])
    for tap in (
        Tap.objects.select_for_update()
        .select_related("target")
        .filter(target__surveillance=row, state__in=ON)
    ):
        moving.take_over(tap, order, covered, by=by, now=now)
    tapping.move_ends(order, why="taken_over", by=by, now=now)
    return order


def _extend(
    row: Surveillance, made: SurveillanceAct, content: Mapping[str, Any], *, by: Actor, now: datetime
) -> Authority:
    authority = standing_in(row, content["authority"], now=now)
    authority.ends_at = datetime.fromisoformat(content["ends_at"])
    authority.held_until, authority.held_by, authority.held_evidence = None, "", ""
    authority.save(update_fields=["ends_at", "held_until", "held_by", "held_evidence"])
    _remember(
        authority, "extended", by=made.proposed_by, second=by.ref, now=now, evidence=content["evidence"]
    )
    tapping.move_ends(authority, why="extended", by=by, now=now)
    noticing.plan(authority, now=now)
    return authority


def _activate(
    row: Surveillance, made: SurveillanceAct, content: Mapping[str, Any], *, by: Actor, now: datetime
) -> Authority:
    authority = standing_in(row, content["authority"], now=now)
    for data in content["lines"]:
        line = line_of(data)
        imei, imsi = content["handsets"].get(line.number, ["", ""])
        said = Said(line.number, imei, imsi, content["delivery"].get(line.number, ""))
        target = tapping.target_of(row, said)
        charging.home(target, by=by, now=now)
        tapping.start(target, line, authority, proposer=made.proposed_by, why="activated", by=by, now=now)
    return authority


def _add_switch(
    row: Surveillance, made: SurveillanceAct, content: Mapping[str, Any], *, by: Actor, now: datetime
) -> Authority:
    authority = standing_in(row, content["authority"], now=now)
    line = line_of(content["line"])
    said = sealed.opened(sealed.key_of(authority.matter), f"authority {authority.pk}", authority.content)
    more = [Ordered(line.number, line.service, each, (line.switch,)) for each in sorted(line.types)]
    authority.content = _closed(authority, [*said["ordered"], *lines.as_data(more)], said["allows"])
    authority.save(update_fields=["content"])
    target = tapping.target_of(row, Said(line.number))
    tapping.start(target, line, authority, proposer=made.proposed_by, why="switch_added", by=by, now=now)
    return authority


def _change(
    row: Surveillance, made: SurveillanceAct, content: Mapping[str, Any], *, by: Actor, now: datetime
) -> Authority:
    """Write the new handset or number, and let every switch that runs for the target have the new object read back."""
    authority = standing_in(row, content["authority"], now=now)
    target = tapping.target_of(row, Said(content["number"]))
    said = said_of(target)
    changed = Said(
        content["new_number"] or said.number,
        content["imei"] or said.imei,
        content["imsi"] or said.imsi,
        said.delivery,
    )
    say(target, changed)
    target.save(update_fields=["said", "print"])
    if content["new_number"]:
        kept = sealed.opened(sealed.key_of(authority.matter), f"authority {authority.pk}", authority.content)
        for each in kept["ordered"]:
            each["number"] = content["new_number"] if each["number"] == content["number"] else each["number"]
        authority.content = _closed(authority, kept["ordered"], kept["allows"])
        authority.save(update_fields=["content"])
    for tap in Tap.objects.select_for_update().select_related("target").filter(target=target, state__in=ON):
        tapping.write_again(tap, proposer=made.proposed_by, why="handset", by=by, now=now)
    return authority


def _closed(authority: Authority, ordered: Any, allows: Any) -> bytes:
    key = sealed.key_of(authority.matter)
    return sealed.close(key, f"authority {authority.pk}", {"ordered": ordered, "allows": allows})


def _remember(
    authority: Authority, why: str, *, by: str, second: str, now: datetime, evidence: str = ""
) -> None:
    AuthorityTurn.objects.create(
        authority=authority, why=why, ends_at=authority.ends_at, evidence=evidence or authority.evidence, at=now,
        by=by, second=second,
    )  # fmt: skip


_DO: Mapping[str, Callable[..., Authority]] = {
    AUTHORIZE: _authorize,
    REPLACE: _replace,
    EXTEND: _extend,
    ACTIVATE: _activate,
    ADD_SWITCH: _add_switch,
    CHANGE: _change,
}
