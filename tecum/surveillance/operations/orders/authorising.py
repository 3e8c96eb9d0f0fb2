"""A sound order becomes an authority, or prolongs one: proposed here, approved by another person, then confirmed."""

from datetime import UTC, datetime

from django.db import transaction

from tecum.audit import operations as audit
from tecum.cases import queries as files
from tecum.guide.questions import Question
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused
from tecum.policy import queries as policy
from tecum.process import queries as process
from tecum.surveillance import recording
from tecum.surveillance.models import (
    Authority,
    CourtOrder,
    Surveillance,
    SurveillanceAct,
    Tap,
    TapTarget,
)
from tecum.surveillance.operations import charging, proposing
from tecum.surveillance.operations.orders import receipts
from tecum.surveillance.operations.orders.rows import locked, turn, work_out
from tecum.surveillance.pricing import new_of, was_priced
from tecum.surveillance.queries import orders as queries
from tecum.surveillance.rules.ordered import AuthorityKind
from tecum.surveillance.rules.quoted import gate
from tecum.surveillance.states import ActState, AuthorityState, OrderState


class CannotPropose(Refused):
    """An order that is not sound, or that lacks what an authority needs."""


@transaction.atomic
def propose(*, case: str, by: Actor, now: datetime, replaces: str = "") -> str:
    """
    Propose what a sound order authorises: exactly its targets, types and services, on the switches it names, until the end
    that was worked out. An extension proposes the later end of what it extends; `replaces` is the emergency authority whose
    place the order takes. Return the act that another approves.

    :raises CannotPropose: before it was found sound, or without a paper, a target or a switch
    :raises NoAuthority: for an extension of what has ended meanwhile
    """
    row = locked(case, by=by, now=now)
    if row.state != OrderState.SOUND:
        raise CannotPropose("Find the order sound first: everything on its checklist is looked at then.")
    work_out(row, by=by, now=now)
    if row.expires_at is None:
        raise CannotPropose("It has no end.")
    paper = _paper(row, by=by, now=now)
    if row.kind == "extension":
        act = proposing.extend(
            authority=_extended(row), ends_at=row.expires_at, evidence=paper, by=by, now=now
        )
    else:
        said = queries.said_of(row)
        if not replaces:
            _refuse_unquoted(row, now=now)
        if not said.all_switches:
            raise CannotPropose("The agency names the switches in writing, or they are asked for (R-122).")
        starts_at, ordered = min(row.received.received_at, now), said.ordered()
        if replaces:
            act = proposing.replace(
                authority=replaces, case=case, starts_at=starts_at, ends_at=row.expires_at, evidence=paper, ordered=ordered,
                allows=said.allows, by=by, now=now,
            )  # fmt: skip
        else:
            act = proposing.authorize(
                case=case, kind=AuthorityKind.ORDER, starts_at=starts_at, ends_at=row.expires_at, evidence=paper,
                ordered=ordered, allows=said.allows, by=by, now=now,
            )  # fmt: skip
    row.act = act
    row.save(update_fields=["act"])
    audit.record(
        "order.proposed", by=by, at=now, matter=row.matter, order=row.pk, proposal=act, ends=row.expires_at
    )
    return act


@transaction.atomic
def propose_longer(*, case: str, by: Actor, now: datetime) -> str:
    """
    Propose the later end that an order has since its surveillance began, where its words count from then (R-129).

    The end in force was worked out as if it began at once, so that it could never be late; a later one takes two people.

    :raises CannotPropose: where the end has not become later
    """
    row = locked(case, by=by, now=now)
    standing = Authority.objects.filter(pk=row.authority, state=AuthorityState.IN_FORCE).first()
    if standing is None or row.expires_at is None or row.provisional or row.expires_at <= standing.ends_at:
        raise CannotPropose("The end by the order is not later than the one in force.")
    act = proposing.extend(
        authority=standing.pk, ends_at=row.expires_at, evidence=_paper(row, by=by, now=now), by=by, now=now
    )
    audit.record(
        "order.proposed", by=by, at=now, matter=row.matter, order=row.pk, proposal=act, ends=row.expires_at
    )
    return act


@transaction.atomic
def settle(*, surveillance: str, by: Actor, now: datetime) -> int:
    """
    Bring the orders of a surveillance up to what happened there: an act that was approved makes an authority of its order,
    the first activation is the implementation; the end is worked out anew and the receipt follows (R-131). For the
    clockwork. Return how many receipts went out.
    """
    rows = CourtOrder.objects.select_for_update(of=("self",)).select_related("case", "received", "extends")
    sent = 0
    acts = {each.pk: each for each in SurveillanceAct.objects.filter(surveillance=surveillance)}
    authorities = set(Authority.objects.filter(surveillance=surveillance).values_list("pk", flat=True))
    for row in [*rows.filter(act__in=[*acts], authority=""), *rows.filter(authority__in=authorities)]:
        before = (row.authority, row.implemented_at, row.expires_at)
        if not row.authority and not _became(row, acts[row.act], by=by, now=now):
            continue
        _implemented(row, surveillance)
        work_out(row, by=by, now=now)
        why = "implemented" if before[1] is None and row.implemented_at else "changed"
        if row.kind == "extension":
            why = "extended"
        sent += receipts.again(row, why=why, by=by, now=now) is not None
    home = Surveillance.objects.filter(pk=surveillance).values_list("pk", "matter").first()
    recording.follows(dict([home]) if home else {}, now=now)  # an extension that came into force is appended
    audit.record("order.settled", by=by, at=now, surveillance=surveillance, receipts=sent)
    return sent


def _became(row: CourtOrder, act: SurveillanceAct, *, by: Actor, now: datetime) -> bool:
    """Let an order be the authority that its approved act made, or prolonged; tell whether it is one."""
    if act.state != ActState.DONE:
        return False
    made = Authority.objects.filter(surveillance=act.surveillance_id, digest=act.digest).first()
    if made is None and row.extends is not None:
        made = Authority.objects.filter(pk=row.extends.authority).first()
    if made is None:
        return False
    row.authority = made.pk
    row.save(update_fields=["authority"])
    turn(row, OrderState.AUTHORISED, by=by, now=now)
    return True


def _implemented(row: CourtOrder, surveillance: str) -> None:
    """Write down the first activation that a switch did not reject, once there is one (C3)."""
    if row.implemented_at is not None:
        return
    firsts = [
        *TapTarget.objects.filter(surveillance=surveillance).values_list("first_on_at", flat=True),
        *Tap.objects.filter(target__surveillance=surveillance).values_list("on_at", flat=True),
    ]
    known = [at for at in firsts if at is not None]
    if known:
        row.implemented_at = min(known, key=lambda at: at.astimezone(UTC))
        row.save(update_fields=["implemented_at"])


def _refuse_unquoted(row: CourtOrder, *, now: datetime) -> None:
    """
    Refuse an order whose price the agency accepts first, by the guide, and was not asked as the order stands now.

    :raises CannotPropose: where it was never asked, has refused, or was asked before the order changed
    """
    guide, said = policy.at(now), process.view(row.received).said
    question = Question(
        on=now.astimezone(guide.carrier.zone.tz).date(), product=charging.product(guide), process=said.process,
        country=said.country, region=said.region,
    )  # fmt: skip
    rule = gate(guide, question)
    if rule is None or not new_of(row):
        return
    if was_priced(row):
        raise CannotPropose(
            "The order changed since the agency was asked its price, and what is new is accepted first, by the guide: send it "
            "the quote."
        )
    raise CannotPropose(
        "The agency accepts its price first, by the guide, and was not asked yet, or did not accept: send it the quote."
    )


def _paper(row: CourtOrder, *, by: Actor, now: datetime) -> str:
    papers = [each for each in files.documents(case=row.case_id, by=by, now=now) if each.role == "process"]
    if not papers:
        raise CannotPropose("The case holds no paper of the order: add its scan first.")
    return papers[0].id


def _extended(row: CourtOrder) -> str:
    if row.extends is None or not row.extends.authority:
        raise CannotPropose("Say which order it extends; that one must have become an authority.")
    return row.extends.authority
