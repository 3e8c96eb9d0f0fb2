"""Which surveillances a person may know of, and one of them: its authorities, its taps, what waits for a second person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from tecum.access.rules import may
from tecum.cases import queries as cases
from tecum.cases import sealed
from tecum.kernel.actors import Actor, ActorKind
from tecum.kernel.refusals import NotYours
from tecum.surveillance import models
from tecum.surveillance.rules.ordered import Allows, Authority, AuthorityKind, from_data
from tecum.surveillance.states import ON, TapState


@dataclass(frozen=True, slots=True)
class TapView:
    """What one switch is to do for one target and service, and what it shows."""

    id: str
    task: str
    target: str
    place: int
    number: str
    service: str
    switch: str
    types: tuple[str, ...]
    state: TapState
    generation: int
    authority: str
    starts_at: datetime
    until_at: datetime
    cut_at: datetime
    fires_at: datetime
    affirmed_by: str
    affirmed_at: datetime
    turned_at: datetime
    why: str
    commanded_at: datetime | None
    on_at: datetime | None
    off_at: datetime | None

    @property
    def on(self) -> bool:
        """Tell whether it is desired on."""
        return self.state in ON


@dataclass(frozen=True, slots=True)
class SurveillanceView:
    """A surveillance with its authorities (newest first) and its taps."""

    id: str
    reference: str
    case: str
    matter: str
    revision: int
    authorities: tuple[Authority, ...]
    taps: tuple[TapView, ...]

    @property
    def authority(self) -> Authority | None:
        """Return the authority in force, whose end may have come."""
        return next((each for each in self.authorities if each.state == "IN_FORCE"), None)


@dataclass(frozen=True, slots=True)
class ActView:
    """What was proposed, with its exact content."""

    id: str
    surveillance: str
    act: str
    state: str
    approval: str
    content: dict[str, Any]
    proposed_at: datetime
    proposed_by: str
    decided_at: datetime | None
    decided_by: str


def readable(*, by: Actor, now: datetime) -> "QuerySet[models.Surveillance]":
    """Return the surveillances that somebody may know of: those of the cases that they may know of."""
    rows = models.Surveillance.objects.all()
    if by.kind is ActorKind.SYSTEM:
        return rows
    if by.agency or by.customer or not may(by, "surveillance.read"):
        return rows.none()
    return rows.filter(cases.allowed(by=by, now=now, of="case__"))


def surveillance(*, surveillance: str, by: Actor, now: datetime) -> SurveillanceView:
    """Return one surveillance. :raises NotYours: when it is unknown, or not for this person to know of"""
    row = readable(by=by, now=now).filter(pk=surveillance).first()
    if row is None:
        raise NotYours
    return view(row)


def of_case(*, case: str, by: Actor, now: datetime) -> tuple[SurveillanceView, ...]:
    """Return the surveillances that rest, or rested, on papers of a case."""
    rows = readable(by=by, now=now).filter(authorities__case=case) | readable(by=by, now=now).filter(
        case=case
    )
    return tuple(view(row) for row in rows.distinct().order_by("opened_at"))


def named(*, reference: str, by: Actor, now: datetime) -> str:
    """Return the surveillance of a reference: its own, or that of its case. :raises NotYours: where there is none for this person"""
    rows = readable(by=by, now=now)
    wanted = reference.strip().upper()
    found = rows.filter(reference=wanted).first() or rows.filter(case__reference=wanted).first()
    if found is None:
        raise NotYours
    return str(found.pk)


def authority(*, authority: str, by: Actor, now: datetime) -> Authority:
    """Return one authority. :raises NotYours: when it is unknown, or not for this person to know of"""
    row = models.Authority.objects.filter(pk=authority, surveillance__in=readable(by=by, now=now)).first()
    if row is None:
        raise NotYours
    return authority_view(row)


def act(*, act: str, by: Actor, now: datetime) -> ActView:
    """Return one act with its exact content. :raises NotYours: when it is unknown, or not for this person"""
    row = models.SurveillanceAct.objects.select_related("surveillance").filter(pk=act).first()
    if row is None or not readable(by=by, now=now).filter(pk=row.surveillance_id).exists():
        raise NotYours
    return act_view(row)


def acts(*, surveillance: str, by: Actor, now: datetime, waiting: bool = True) -> tuple[ActView, ...]:
    """Return what waits for a second person, or all that was ever proposed, newest first."""
    rows = models.SurveillanceAct.objects.select_related("surveillance").filter(
        surveillance__in=readable(by=by, now=now).filter(pk=surveillance)
    )
    if waiting:
        rows = rows.filter(state="PROPOSED")
    return tuple(act_view(row) for row in rows.order_by("-proposed_at"))


def view(row: models.Surveillance) -> SurveillanceView:
    """Return a row with all that belongs to it."""
    taps = models.Tap.objects.filter(target__surveillance=row).select_related("target")
    key = sealed.key_of(row.matter)
    numbers: dict[str, str] = {}
    for each in models.TapTarget.objects.filter(surveillance=row):
        numbers[each.pk] = sealed.opened(key, f"tap target {each.pk}", each.said)["number"]
    return SurveillanceView(
        id=row.pk, reference=row.reference, case=row.case_id, matter=row.matter, revision=row.revision,
        authorities=tuple(authority_view(a) for a in row.authorities.order_by(F("ended_at").asc(nulls_first=True), "-approved_at")),
        taps=tuple(tap_view(t, numbers[t.target_id]) for t in taps.order_by("target__place", "service", "switch")),
    )  # fmt: skip


def tap_view(row: models.Tap, number: str) -> TapView:
    """Return a tap as its readers see it."""
    return TapView(
        id=row.pk, task=str(row.task), target=row.target_id, place=row.target.place, number=number,
        service=row.service, switch=row.switch, types=tuple(row.types.split()), state=TapState(row.state),
        generation=row.generation, authority=row.authority_id, starts_at=row.starts_at, until_at=row.until_at,
        cut_at=row.cut_at, fires_at=row.fires_at, affirmed_by=row.affirmed_by, affirmed_at=row.affirmed_at,
        turned_at=row.turned_at, why=row.why, commanded_at=row.commanded_at, on_at=row.on_at, off_at=row.off_at,
    )  # fmt: skip


def authority_view(row: models.Authority) -> Authority:
    """Return an authority as its readers see it."""
    said = sealed.opened(sealed.key_of(row.matter), f"authority {row.pk}", row.content)
    return Authority(
        id=row.pk, surveillance=row.surveillance_id, kind=AuthorityKind(row.kind), state=row.state, case=row.case_id,
        matter=row.matter, starts_at=row.starts_at, ends_at=row.ends_at, held_until=row.held_until,
        evidence=row.evidence, ordered=from_data(said["ordered"]), allows=Allows(**said["allows"]),
        digest=row.digest, proposed_by=row.proposed_by, approved_by=row.approved_by, approved_at=row.approved_at,
    )  # fmt: skip


def act_view(row: models.SurveillanceAct) -> ActView:
    """Return an act with its content."""
    content = sealed.opened(sealed.key_of(row.surveillance.matter), f"act {row.pk}", row.content)
    return ActView(
        id=row.pk, surveillance=row.surveillance_id, act=row.act, state=row.state, approval=row.approval,
        content=content, proposed_at=row.proposed_at, proposed_by=row.proposed_by, decided_at=row.decided_at,
        decided_by=row.decided_by,
    )  # fmt: skip
