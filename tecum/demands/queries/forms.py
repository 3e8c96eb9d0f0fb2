"""Form C as it stands: what it says, what was found, and the verdict on each of its numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tecum.cases import queries as cases
from tecum.cases import sealed
from tecum.cases.queries import TargetView
from tecum.cases.states import TargetState
from tecum.demands.models import Demand, Reach, SurveillanceForm
from tecum.demands.queries.reading import row_of
from tecum.demands.rules import reaching as rules
from tecum.guide.calculators import forms as calculator
from tecum.guide.model.guide import Guide, NotInGuide
from tecum.guide.questions import Question
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy
from tecum.secrecy import operations as keys


@dataclass(frozen=True, slots=True)
class NumberView:
    """One number of a form with its verdict: `missing` is empty once it may be answered as far as D12 asks."""

    target: TargetView
    ground: str
    clause: str
    document: str
    confirmed_by: str
    confirmed_at: datetime | None
    missing: str


@dataclass(frozen=True, slots=True)
class FormView:
    """A form C. `order_reference` is that of the linked case, empty where none is linked that this reader may know of."""

    id: str
    case: str
    form: str
    ours: bool | None
    dated: date | None
    order: str
    target: str
    order_case: str
    order_reference: str
    order_copy: str
    copied_by: str
    unread: tuple[str, ...]
    values: dict[str, tuple[str, ...]]
    faults: tuple[str, ...]
    numbers: tuple[NumberView, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Return each sentence about what is missing once, for a letter."""
        return tuple(dict.fromkeys(each.missing for each in self.numbers if each.missing))


def surveillance_form(*, case: str, by: Actor, now: datetime) -> FormView | None:
    """Return the form C of a case; none where it has none. :raises NotYours: when the case is not for this person"""
    row = row_of(case, by=by, now=now)
    if not SurveillanceForm.objects.filter(demand=row).exists():
        return None
    return form_of(row, cases.targets(case=case, by=by, now=now), by=by, now=now)


def form_of(row: Demand, mine: Sequence[TargetView], *, by: Actor, now: datetime) -> FormView | None:
    """Return the same of a row that was read already, with its targets."""
    form = SurveillanceForm.objects.filter(demand=row).first()
    if form is None:
        return None
    key = keys.keys_of([row.matter]).get(row.matter)
    said: dict[str, Any] = sealed.opened(key, f"form {form.pk}", form.said) or {}
    reaches = {each.target: each for each in Reach.objects.filter(form=form, ended_at=None)}
    lacks = rules.unreached(stands(form), (each.id for each in mine), reaches)
    values = {name: tuple(each) for name, each in said.get("values", {}).items()}
    guide = policy.at(now)
    return FormView(
        id=form.pk, case=row.case_id, form=form.form, ours=form.ours, dated=form.dated, order=said.get("order", ""),
        target=said.get("target", ""), order_case=form.order_case, order_reference=_reference(form.order_case, by=by, now=now),
        order_copy=form.order_copy, copied_by=form.copied_by, unread=tuple(said.get("unread", ())), values=values,
        faults=_faults(guide, form, values), numbers=tuple(
            NumberView(
                each, reach.ground if reach else "", (sealed.opened(key, f"reach {reach.pk}", reach.clause) or "") if reach else "",
                reach.document if reach else "", reach.confirmed_by if reach else "", reach.confirmed_at if reach else None,
                lacks.get(each.id, ""),
            )
            for each in mine if each.state is not TargetState.WITHDRAWN
            for reach in (reaches.get(each.id),)
        ),
    )  # fmt: skip


def unreached(row: Demand, wanted: Iterable[tuple[str, str]], guide: Guide) -> dict[str, str]:
    """
    Return, for targets given with their products, those that form C holds back, each with what is missing.

    In a demand that is a form C every target is held to it, whatever product it names: no other word opens the door.
    """
    form = SurveillanceForm.objects.filter(demand=row).first()
    products = seen_products(guide)
    mine = [target for target, product in wanted if form is not None or product in products]
    if not mine:
        return {}
    found = None if form is None else stands(form)
    reached = (
        set()
        if form is None
        else set(Reach.objects.filter(form=form, ended_at=None).values_list("target", flat=True))
    )
    return rules.unreached(found, mine, reached)


def seen_products(guide: Guide) -> frozenset[str]:
    """Return the products that only form C asks for."""
    return frozenset(product for form in guide.forms if form.id == rules.FORM for product in form.products)


def stands(form: SurveillanceForm) -> rules.Stands:
    """Return what was found of a form."""
    return rules.Stands(form.ours, bool(form.order_copy))


def _reference(case: str, *, by: Actor, now: datetime) -> str:
    try:
        return cases.case(case=case, by=by, now=now).reference if case else ""
    except NotYours:
        return ""  # sealed to this person: nothing says that there is one


def _faults(guide: Guide, form: SurveillanceForm, values: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    day = form.entered_at.astimezone(guide.carrier.zone.tz).date()
    try:
        return calculator.judge(guide, Question(on=day), form.form, values).faults
    except NotInGuide as fault:
        return (str(fault),)
