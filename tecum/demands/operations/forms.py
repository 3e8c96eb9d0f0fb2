"""
Form C: subscribers seen on an active surveillance (R-183 to R-187). Taken in by mail, as a PDF or typed; linked to the
order; each number answered only once a person read what reaches it (D12).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tecum.access.rules import require
from tecum.audit import operations as audit
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases import sealed
from tecum.cases.states import CaseKind
from tecum.demands.models import Demand, Reach, SurveillanceForm
from tecum.demands.operations import entering, holding, scoping
from tecum.demands.operations.rows import locked
from tecum.demands.queries import forms as reading
from tecum.demands.queries.forms import FormView
from tecum.demands.rules import reaching as rules
from tecum.documents.forms import carriers
from tecum.guide.calculators import forms as calculator
from tecum.guide.calculators import routing
from tecum.guide.model.guide import Guide, NotInGuide
from tecum.guide.model.reporting import Form
from tecum.guide.questions import Question
from tecum.kernel import ids
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused
from tecum.policy import queries as policy
from tecum.process import queries as process
from tecum.process.facts import Brought
from tecum.process.operations.by_hand import CannotEnter, Entered

WHY = "surveillance"  # why the two cases have to do with each other (D6)


class CannotReach(Refused):
    """Something about a form C that cannot be so: no clause, no paper, no such order."""


def form_of(guide: Guide, now: datetime) -> Form | None:
    """Return the guide's form C; none where the carrier has none."""
    day = now.astimezone(guide.carrier.zone.tz).date()
    return next((each for each in guide.on(guide.forms, day) if each.id == rules.FORM), None)


def recognised(guide: Guide, fields: Mapping[str, str], now: datetime) -> dict[str, tuple[str, ...]]:
    """Return what was typed into a PDF of form C, by field of the form; nothing when it is another PDF."""
    form = form_of(guide, now)
    if form is None:
        return {}
    printed = carriers.carrier_form(guide, form)
    names = {name for field in printed.fields for name in field.names}
    if not names or not names <= set(fields):
        return {}
    return carriers.entries(printed, fields)


def desk_of(guide: Guide, now: datetime) -> str:
    """Return the desk that the guide routes form C to, by its subject matter and not by whose surveillance it is (D6)."""
    form = form_of(guide, now)
    if form is None:
        return ""
    day = now.astimezone(guide.carrier.zone.tz).date()
    question = Question(on=day, product=next(iter(form.products), ""), subject=form.subject)
    try:
        return routing.route(guide, question, form=form.id).desk
    except NotInGuide:
        return form.desk


@transaction.atomic
def take_form(*, case: str, values: Mapping[str, Sequence[str]], by: Actor, now: datetime) -> FormView:
    """
    Keep what a form C says with its case: its numbers become targets, the order that it names is linked where it is known.

    Lines that are no numbers are kept and shown. A second form in one case changes nothing: it stays a paper.

    :raises CannotReach: where the guide has no form C
    """
    row = locked(case, by=by, now=now)
    guide = policy.at(now)
    form = form_of(guide, now)
    if form is None:
        raise CannotReach("The guide has no form for subscribers seen on a surveillance.")
    if not SurveillanceForm.objects.filter(demand=row).exists():
        said = rules.read(values)
        received = process.received(id=row.received_id, by=by, now=now)
        kept = SurveillanceForm(
            id=ids.unguessable(), demand=row, form=form.id, guide_version=guide.version, ours=said.ours, dated=said.dated,
            entered_at=now, entered_by=by.ref,
        )  # fmt: skip
        kept.said = sealed.close(
            sealed.key_of(row.matter), f"form {kept.pk}",
            {"order": said.order, "target": said.target, "unread": said.unread, "values": said.values},
        )  # fmt: skip
        kept.save(force_insert=True)
        product = next(iter(form.products), "")
        for each in rules.targets(said, product, received=received.received_at, zone=guide.carrier.zone):
            cases.add_target(case=case, asked=each, by=by, now=now)
        audit.record(
            "demand.form_taken", by=by, at=now, matter=row.matter, demand=row.pk, form=form.id, numbers=len(said.numbers),
            unread=len(said.unread),
        )  # fmt: skip
        _find_order(kept, said.order, now=now)
        holding.at_receipt(row, by=by, now=now)
    found = reading.surveillance_form(case=case, by=by, now=now)
    if found is None:
        raise NotYours
    return found


def enter_form(
    *,
    channel: str,
    received_at: datetime,
    values: Mapping[str, Sequence[str]],
    by: Actor,
    now: datetime,
    agency: str = "",
    brought: Sequence[Brought] = (),
) -> Entered:
    """
    Enter a form C that came by fax, post or at the counter, with its papers.

    :raises CannotEnter: for more numbers than the form has lines, a line that is no number, or none at all; nothing is entered then
    """
    require(by, "demand.work", now=now)
    guide = policy.at(now)
    form = form_of(guide, now)
    if form is None:
        raise CannotEnter("The guide has no form for subscribers seen on a surveillance.")
    said = rules.read(values)
    if said.unread:
        raise CannotEnter(f"“{said.unread[0]}” is no telephone number.")
    if not said.numbers:
        raise CannotEnter("Type at least one number.")
    judged = calculator.judge(
        guide, Question(on=now.astimezone(guide.carrier.zone.tz).date()), form.id, values
    )
    if judged.faults:
        raise CannotEnter(" ".join(judged.faults))
    entered = entering.enter(
        channel=channel, received_at=received_at, contact=said.contact, agency=agency, brought=brought,
        desk=desk_of(guide, now), by=by, now=now,
    )  # fmt: skip
    take_form(case=entered.received.case, values=values, by=by, now=now)
    return entered


@transaction.atomic
def link_order(*, case: str, reference: str, by: Actor, now: datetime) -> FormView:
    """
    Link a form C to the case of the order it names; both show each other to whoever may know of both (D6).

    :raises CannotReach: for a case that is no order, or not for this person to know of: the words are the same
    """
    row, form = _form(case, by=by, now=now)
    try:
        other = files.by_reference(reference=reference, by=by, now=now)
    except NotYours:
        other = None
    if other is None or other.kind is not CaseKind.ORDER:
        raise CannotReach("There is no court order under this number that you may know of.")
    _link(form, other.id, by=by, now=now)
    return _view(row.case_id, by=by, now=now)


@transaction.atomic
def confirm_order_copy(*, case: str, document: str, by: Actor, now: datetime) -> FormView:
    """Find that a paper of the case is the copy of the order (R-185). :raises CannotReach: for another paper"""
    row, form = _form(case, by=by, now=now)
    _paper(case, document, by=by, now=now)
    SurveillanceForm.objects.filter(pk=form.pk).update(order_copy=document, copied_at=now, copied_by=by.ref)
    audit.record(
        "demand.order_copy_found", by=by, at=now, matter=row.matter, demand=row.pk, document=document
    )
    scoping.void_if_changed(row, by=by, now=now)
    return _view(case, by=by, now=now)


@dataclass(frozen=True, slots=True)
class Ground:
    """What reaches a number: a clause of the order or an attached subpoena, in which paper, in which words."""

    kind: str
    document: str
    clause: str


@transaction.atomic
def confirm_reach(
    *, case: str, targets: Collection[str], ground: Ground, by: Actor, now: datetime
) -> FormView:
    """
    Confirm that a clause of the order, or an attached subpoena, reaches numbers of a form; whoever confirms has read it.

    Without a paper of this case, a clause of the order stands in the case of the order, which the person may know of.

    :raises CannotReach: without the words, the paper or a number
    """
    row, form = _form(case, by=by, now=now)
    mine = {each.id for each in files.targets(case=case, by=by, now=now)}
    if not targets or not set(targets) <= mine:
        raise CannotReach("Choose the numbers that it reaches.")
    if ground.kind not in rules.GROUNDS:
        raise CannotReach("Say what reaches them: a clause of the order, or an attached subpoena.")
    if len(ground.clause.strip()) < 3:
        raise CannotReach("Write the words that reach these numbers as they stand in the paper.")
    if ground.document:
        _paper(case, ground.document, by=by, now=now)
    elif ground.kind != "order" or not form.order_case or not _knows(form.order_case, by=by, now=now):
        raise CannotReach("Choose the paper in which it stands.")
    key = sealed.key_of(row.matter)
    for target in sorted(set(targets)):
        _end(form, target, by=by, now=now)
        made = Reach(
            id=ids.unguessable(), form=form, target=target, ground=ground.kind, document=ground.document,
            order_case="" if ground.document else form.order_case, confirmed_at=now, confirmed_by=by.ref,
        )  # fmt: skip
        made.clause = sealed.close(key, f"reach {made.pk}", " ".join(ground.clause.split())[:2000])
        made.save(force_insert=True)
    audit.record(
        "demand.reach_confirmed", by=by, at=now, matter=row.matter, demand=row.pk, ground=ground.kind, numbers=len(set(targets)),
        document=ground.document or None,
    )  # fmt: skip
    scoping.void_if_changed(row, by=by, now=now)
    return _view(case, by=by, now=now)


@transaction.atomic
def take_reach_back(*, case: str, targets: Collection[str], by: Actor, now: datetime) -> FormView:
    """Take a confirmation back: the numbers are not answered any more, and a scope that rested on it ends."""
    row, form = _form(case, by=by, now=now)
    count = sum(_end(form, target, by=by, now=now) for target in sorted(set(targets)))
    audit.record("demand.reach_ended", by=by, at=now, matter=row.matter, demand=row.pk, numbers=count)
    scoping.void_if_changed(row, by=by, now=now)
    return _view(case, by=by, now=now)


def _form(case: str, *, by: Actor, now: datetime) -> tuple[Demand, SurveillanceForm]:
    row = locked(case, by=by, now=now)
    form = SurveillanceForm.objects.select_for_update().filter(demand=row).first()
    if form is None:
        raise NotYours
    return row, form


def _view(case: str, *, by: Actor, now: datetime) -> FormView:
    found = reading.surveillance_form(case=case, by=by, now=now)
    if found is None:
        raise NotYours
    return found


def _end(form: SurveillanceForm, target: str, *, by: Actor, now: datetime) -> int:
    return Reach.objects.filter(form=form, target=target, ended_at=None).update(ended_at=now, ended_by=by.ref)


def _paper(case: str, document: str, *, by: Actor, now: datetime) -> None:
    if document not in {
        each.id for each in files.documents(case=case, by=by, now=now) if each.role != "message"
    }:
        raise CannotReach("Choose a paper of this case.")


def _knows(case: str, *, by: Actor, now: datetime) -> bool:
    try:
        return files.case(case=case, by=by, now=now).kind is CaseKind.ORDER
    except NotYours:
        return False


def _find_order(form: SurveillanceForm, number: str, *, now: datetime) -> None:
    """Link the one order case of the same agency that bears the number, whoever may know of it; two are nobody's guess."""
    clerk = Actor.system("demands")
    home = files.case(case=form.demand.case_id, by=clerk, now=now)
    found = (
        process.orders_numbered(number=number, agency=home.agency, by=clerk, now=now) if home.agency else []
    )
    if len(found) == 1:
        _link(form, found[0], by=clerk, now=now)


def _link(form: SurveillanceForm, other: str, *, by: Actor, now: datetime) -> None:
    cases.link(case=form.demand.case_id, other=other, why=WHY, by=by, now=now)
    form.order_case = other
    form.save(update_fields=["order_case"])
