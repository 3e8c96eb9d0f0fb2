"""What takes two people: an authority, its extension, an activation, a switch more, another handset. Here one proposes."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from tecum.approvals import operations as approvals
from tecum.audit import operations as audit
from tecum.cases import operations as cases
from tecum.cases import sealed
from tecum.kernel import ids, numbers
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused
from tecum.policy import queries as policy
from tecum.surveillance.drivers import failpoints
from tecum.surveillance.models import Authority, Surveillance, SurveillanceAct
from tecum.surveillance.operations.rows import NoAuthority, in_force, locked, surveillance_of
from tecum.surveillance.queries.reading import authority_view
from tecum.surveillance.rules import ordered as lines
from tecum.surveillance.rules.ordered import Allows, AuthorityKind, Intercept, Line, Ordered, Service
from tecum.surveillance.rules.quoted import MONEY
from tecum.surveillance.states import ActState, AuthorityState

AUTHORIZE, REPLACE, EXTEND = "surveillance.authorize", "surveillance.replace", "surveillance.extend"
ACTIVATE, ADD_SWITCH, CHANGE = (
    "surveillance.activate",
    "surveillance.add_switch",
    "surveillance.change_handset",
)
PERMISSION = {
    AUTHORIZE: "surveillance.authorize",
    REPLACE: "surveillance.authorize",
    EXTEND: "surveillance.authorize",
    ACTIVATE: "surveillance.activate",
    ADD_SWITCH: "surveillance.activate",
    CHANGE: "surveillance.activate",
}
NOTHING_MORE = Allows()


class CannotAuthorize(Refused):
    """Something that cannot be authorised as it stands."""


class CannotActivate(Refused):
    """Something that the authority in force does not cover."""


@transaction.atomic
def authorize(
    *,
    case: str,
    kind: AuthorityKind,
    starts_at: datetime,
    ends_at: datetime,
    evidence: str,
    ordered: Iterable[Ordered],
    by: Actor,
    now: datetime,
    allows: Allows = NOTHING_MORE,
) -> str:
    """
    Propose that a paper of a case authorises a surveillance, and return the id of the act that another person approves.

    `ends_at` is the first instant that it no longer covers, as the expiry calculator gave it; it is never "for ever".

    :raises CannotAuthorize: without a line, an end after the start and after now, or with a switch that the guide lacks
    :raises NotYours: when the case is unknown, or not for this actor
    """
    home = cases.locked(case, by=by, now=now)
    row = Surveillance.objects.filter(case=home, authorities=None).first()
    if row is None:
        row = Surveillance(
            id=ids.unguessable(), reference=ids.reference("SV"), case=home, matter=home.matter, opened_at=now,
            opened_by=by.ref,
        )  # fmt: skip
        row.save(force_insert=True)
        audit.record(
            "surveillance.opened", by=by, at=now, matter=row.matter, surveillance=row.pk, case=home.pk
        )
    row = locked(row.pk, by=by, now=now, permission="surveillance.authorize")
    content = _authority(case, kind, starts_at, ends_at, evidence, ordered, allows, now=now)
    return _propose(AUTHORIZE, row, content, by=by, now=now)


@transaction.atomic
def replace(
    *,
    authority: str,
    case: str,
    starts_at: datetime,
    ends_at: datetime,
    evidence: str,
    ordered: Iterable[Ordered],
    by: Actor,
    now: datetime,
    allows: Allows = NOTHING_MORE,
) -> str:
    """
    Propose that an order takes the place of an emergency: what it covers goes on under it, the rest ends.

    `case` is the order's own case, or the emergency's. An order narrower than what runs narrows it; never the reverse.

    :raises NoAuthority: once the emergency has ended: the order then authorises a surveillance of its own
    """
    row = locked(surveillance_of(authority), by=by, now=now, permission="surveillance.authorize")
    cases.locked(case, by=by, now=now)
    standing = in_force(row, now=now)
    if standing.id != authority or standing.kind is not AuthorityKind.EMERGENCY:
        raise NoAuthority("An order takes the place of an emergency that is in force.")
    content = _authority(case, AuthorityKind.ORDER, starts_at, ends_at, evidence, ordered, allows, now=now)
    return _propose(REPLACE, row, {**content, "replaces": authority}, by=by, now=now)


@transaction.atomic
def extend(
    *,
    authority: str,
    ends_at: datetime,
    evidence: str,
    by: Actor,
    now: datetime,
    rule: str = "",
    said: str = "",
) -> str:
    """
    Propose a later end of an authority, on a paper of its own, served before the end (R-132).

    `rule` is the rule of the guide that gives it where no new paper does, and `said` why: both are part of what is approved.

    :raises NoAuthority: once the authority has ended: served a minute late, an extension authorises nothing
    :raises CannotAuthorize: for an end that is no later
    """
    row = locked(surveillance_of(authority), by=by, now=now, permission="surveillance.authorize")
    standing = in_force(row, now=now)
    if standing.id != authority:
        raise NoAuthority("Another authority is in force.")
    if ends_at <= standing.ends_at:
        raise CannotAuthorize("An extension ends later than what it extends.")
    _paper(evidence)
    content = {
        "authority": authority,
        "was": lines.stamp(standing.ends_at),
        "ends_at": lines.stamp(ends_at),
        "evidence": evidence,
        **({"rule": rule, "said": said} if rule else {}),
    }
    return _propose(EXTEND, row, content, by=by, now=now)


@transaction.atomic
def activate(
    *,
    authority: str,
    by: Actor,
    now: datetime,
    only: Iterable[Line] | None = None,
    delivery: Mapping[str, str] | None = None,
    handsets: Mapping[str, tuple[str, str]] | None = None,
) -> str:
    """
    Propose to start what an authority covers, all of it or `only` some lines, and return the id of the act.

    `delivery` is the agency's dial-up number by target (R-121), `handsets` IMEI and IMSI by target (R-114). The act names
    every switch and type; another person approves exactly that and affirms it by name (47 CFR 1.20003).

    :raises CannotActivate: for a line that is not covered, or content without a dial-up number
    """
    row = locked(surveillance_of(authority), by=by, now=now, permission="surveillance.activate")
    standing = in_force(row, now=now)
    if standing.id != authority:
        raise NoAuthority("Another authority is in force.")
    wanted = lines.compiled(standing.ordered) if only is None else tuple(only)
    if not wanted or not lines.only(wanted, standing.ordered):
        raise CannotActivate("The authority does not cover that.")
    where = {numbers.read(number): to.strip() for number, to in (delivery or {}).items()}
    for line in wanted:
        if line.types & lines.CONTENT and not where.get(line.number):
            raise CannotActivate(
                "A Title III surveillance needs the agency's dial-up number in writing (R-121)."
            )
    content = {
        "authority": authority,
        "lines": [line_data(line) for line in wanted],
        "delivery": {line.number: where.get(line.number, "") for line in wanted},
        "handsets": {numbers.read(number): list(pair) for number, pair in (handsets or {}).items()},
    }
    return _propose(ACTIVATE, row, content, by=by, now=now)


@transaction.atomic
def add_switch(
    *, authority: str, number: str, service: Service, switch: str, evidence: str, by: Actor, now: datetime
) -> str:
    """
    Propose one switch more for a target that runs already; the agency's wish for it is in writing (R-123).

    :raises CannotActivate: when nothing is ordered for that target and service, or the switch is among them
    """
    row = locked(surveillance_of(authority), by=by, now=now, permission="surveillance.activate")
    standing = in_force(row, now=now)
    types = {o.type for o in standing.ordered if (o.number, o.service) == (numbers.read(number), service)}
    named = {
        s
        for o in standing.ordered
        if (o.number, o.service) == (numbers.read(number), service)
        for s in o.switches
    }
    if standing.id != authority or not types:
        raise CannotActivate("The authority does not cover that target and service.")
    if switch in named:
        raise CannotActivate("That switch is included already.")
    _switch(switch, service, now=now)
    _paper(evidence)
    line = Line(numbers.read(number), service, switch, frozenset(types))
    return _propose(
        ADD_SWITCH,
        row,
        {"authority": authority, "line": line_data(line), "evidence": evidence},
        by=by,
        now=now,
    )


@transaction.atomic
def change_handset(
    *,
    authority: str,
    number: str,
    evidence: str,
    by: Actor,
    now: datetime,
    imei: str = "",
    imsi: str = "",
    new_number: str = "",
) -> str:
    """
    Propose another handset, or another number, of the same target; only where the order's text allows it (R-119).

    :raises CannotActivate: where it does not
    """
    row = locked(surveillance_of(authority), by=by, now=now, permission="surveillance.activate")
    standing = in_force(row, now=now)
    known = numbers.read(number)
    if standing.id != authority or known not in {o.number for o in standing.ordered}:
        raise CannotActivate("The authority does not name that target.")
    if (imei or imsi) and not standing.allows.new_handset:
        raise CannotActivate("The order's text does not cover another handset (R-119).")
    if new_number and not standing.allows.new_number:
        raise CannotActivate("The order's text does not cover another number (R-119).")
    if not (imei or imsi or new_number):
        raise CannotActivate("Say which handset or number it is now.")
    _paper(evidence)
    content = {
        "authority": authority, "number": known, "imei": imei.strip(), "imsi": imsi.strip(),
        "new_number": numbers.read(new_number) if new_number else "", "evidence": evidence,
    }  # fmt: skip
    return _propose(CHANGE, row, content, by=by, now=now)


def line_data(line: Line) -> dict[str, Any]:
    """Return a line as plain data."""
    return {
        "number": line.number,
        "service": line.service,
        "switch": line.switch,
        "types": lines.written(line.types),
    }


def line_of(data: Mapping[str, Any]) -> Line:
    """Return a line from plain data."""
    return Line(data["number"], Service(data["service"]), data["switch"], lines.read(data["types"]))


def _authority(
    case: str, kind: AuthorityKind, starts_at: datetime, ends_at: datetime, evidence: str,
    ordered: Iterable[Ordered], allows: Allows, *, now: datetime,
) -> dict[str, Any]:  # fmt: skip
    rows = [
        Ordered(numbers.read(each.number), Service(each.service), Intercept(each.type), tuple(each.switches))
        for each in ordered
    ]
    if not rows or not all(each.switches for each in rows):
        raise CannotAuthorize("An authority names at least one target, and the switches of each (R-122).")
    if not starts_at < ends_at or ends_at <= now:
        raise CannotAuthorize("Its end lies after its start and after this moment.")
    for each in rows:
        for switch in each.switches:
            _switch(switch, each.service, now=now)
    _paper(evidence)
    return {
        "case": case, "kind": kind, "starts_at": lines.stamp(starts_at), "ends_at": lines.stamp(ends_at),
        "evidence": evidence, "ordered": lines.as_data(rows), "allows": lines.allows_data(allows),
    }  # fmt: skip


def _switch(switch: str, service: Service, *, now: datetime) -> None:
    guide = policy.at(now)
    found = next(
        (
            each
            for each in guide.switches
            if each.id == switch and each.holds(now.astimezone(guide.carrier.zone.tz).date())
        ),
        None,
    )
    if found is None:
        raise CannotAuthorize(f"The guide has no switch '{switch}'.")
    if service not in found.services:
        raise CannotAuthorize(f"{found.name} does not carry {service}.")


def _paper(evidence: str) -> None:
    if not evidence.strip():
        raise CannotAuthorize("Name the paper that says so.")


def _propose(act: str, row: Surveillance, content: dict[str, Any], *, by: Actor, now: datetime) -> str:
    """Write down exactly what will happen, and bind the approval to its hash."""
    refuse_while_gated(row, act)
    digest = lines.digest(act, {**content, "surveillance": row.pk, "revision": row.revision})
    approval = approvals.propose(act, row.pk, digest, by=by, now=now, matter=row.matter)
    earlier = SurveillanceAct.objects.filter(surveillance=row, act=act, state=ActState.PROPOSED)
    earlier.update(state=ActState.VOID, decided_at=now, decided_by=by.ref)
    made = SurveillanceAct(
        id=ids.unguessable(), surveillance=row, act=act, digest=digest, revision=row.revision, approval=approval.id,
        proposed_at=now, proposed_by=by.ref,
    )  # fmt: skip
    made.content = sealed.close(sealed.key_of(row.matter), f"act {made.pk}", content)
    made.save(force_insert=True)
    audit.record(
        "surveillance.proposed", by=by, at=now, matter=row.matter, surveillance=row.pk, proposal=made.pk,
        act=act.partition(".")[2], content=digest,
    )  # fmt: skip
    failpoints.reach("proposed")
    return made.pk


def refuse_while_gated(row: Surveillance, act: str) -> None:
    """
    Refuse an act while something that must be given first is not. What runs never ends for money: an extension, and an
    order that takes the place of an emergency, wait for no price.

    :raises GateOpen: with what is waited for
    """
    cases.refuse_while_gated(row.case_id, but=MONEY if act in {EXTEND, REPLACE} else ())


def standing_in(row: Surveillance, authority: str, *, now: datetime) -> Authority:
    """Return the row of an authority that is in force in a surveillance. :raises NoAuthority: when it is not"""
    found = (
        Authority.objects.select_for_update()
        .filter(pk=authority, surveillance=row, state=AuthorityState.IN_FORCE)
        .first()
    )
    if found is None:
        raise NotYours
    if authority_view(found).until <= now:
        raise NoAuthority(f"The authority of {row.reference} has ended; it takes a new one.")
    return found
