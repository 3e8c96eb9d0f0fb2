"""
The Electronic Surveillance Request Form (form D, R-188 to R-193) filled in on the page, with the order beside it.

It becomes what the same form typed into a PDF becomes: an order with its case and its receipt, the form among its papers,
read back by the same reader. The page adds only who sent it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from hashlib import sha256

from django.db import transaction

from tecum.audit import operations as audit
from tecum.cases.facts import Contact
from tecum.demands import operations as handing
from tecum.demands import queries as drafts
from tecum.demands.operations import CannotSubmit, DoorShut, Handing, Submitted
from tecum.demands.rules.submitting import of_the_papers
from tecum.documents import printing
from tecum.guide.calculators import forms as judging
from tecum.guide.model.guide import Guide
from tecum.guide.questions import Question
from tecum.kernel.actors import Actor
from tecum.policy import queries as policy
from tecum.process.facts import Brought
from tecum.process.queries import ReceivedView
from tecum.surveillance.models import CourtOrder
from tecum.surveillance.operations import asking
from tecum.surveillance.operations.orders.opening import receive
from tecum.surveillance.queries import telling
from tecum.surveillance.rules.request_form import FORM, amiss, requested

DRAFT = "surveillance"  # the kind of its drafts


@dataclass(frozen=True, slots=True)
class FormGiven:
    """The form as it was filled in: the values of its fields by their ids in the guide, and the papers beside it."""

    values: Mapping[str, tuple[str, ...]]
    papers: tuple[Brought, ...] = ()

    def content(self) -> bytes:
        """Return everything that makes it this one and no other."""
        said = {name: list(lines) for name, lines in self.values.items() if any(lines)}
        files = [[each.name, sha256(each.content).hexdigest()] for each in self.papers]
        return json.dumps([said, files], sort_keys=True, ensure_ascii=False).encode()


def _faults(*, given: FormGiven, now: datetime) -> list[tuple[str, str]]:
    """Return what is wrong with a form that was filled in: the field, and a sentence; `papers` for what lies beside it."""
    guide = policy.at(now)
    judged = judging.judge(guide, Question(on=_day(guide, now)), FORM, given.values)
    needed = not requested(given.values).deactivate
    return [*amiss(given.values, judged), *of_the_papers(given.papers, needed=needed)]


def hand_in(*, given: FormGiven, key: str, by: Actor, now: datetime) -> Submitted:
    """
    Take in a request form that an officer filled in on the page; the same key again returns what it was answered with.

    :raises NotYours: for anybody but an officer of a vetted agency
    :raises DoorShut: where the guide does not name the page as a channel of it (A17)
    :raises CannotSubmit: with every fault, and nothing was kept
    :raises KeyUsed: when the key stands for something else
    """
    guide = policy.at(now)
    if telling.form_on_page(now=now) is None:
        raise DoorShut("A surveillance is not asked for on the page here.")

    @cache
    def papers() -> tuple[Brought, ...]:
        typed = printing.typed(guide, FORM, on=_day(guide, now), values=given.values)
        return (Brought("Electronic surveillance request form.pdf", typed), *given.papers)

    def may_come() -> None:
        if faults := _faults(given=given, now=now):
            raise CannotSubmit(faults)
        papers()  # before anything is kept: a machine that cannot print the form refuses it whole

    order = Handing(
        given.content(), papers, may_come=may_come, take_in=lambda id: _take_in(given, id, by=by, now=now)
    )
    return handing.once(order, door="portal", key=key, by=by, now=now)


def hand_in_draft(*, id: str, given: FormGiven, by: Actor, now: datetime) -> Submitted:
    """
    Hand it in from the page: the files of its draft go along, the draft's id is its key, and the draft goes.

    :raises DoorShut: and the others of `hand_in`; the draft stays then
    """
    mine = next((each for each in drafts.drafts(by=by, now=now, kind=DRAFT) if each.id == id), None)
    whole = replace(given, papers=((*drafts.brought(mine), *given.papers) if mine else given.papers))
    got = hand_in(given=whole, key=id, by=by, now=now)
    if mine is not None:
        handing.drop_draft(id=id, by=by, now=now, why="submitted")
    return got


def show_mine(*, case: str, by: Actor, now: datetime) -> telling.OrderTold:
    """
    Return how one's own order stands; that it was seen is stored first.

    :raises NotYours: for everybody who does not stand on its list
    """
    row = telling.row_for(case, by=by, now=now)
    audit.note("order.status_seen", by=by, at=now, matter=row.matter, order=row.pk)
    return telling.told(row, by=by, now=now)


@transaction.atomic
def _take_in(given: FormGiven, id: str, *, by: Actor, now: datetime) -> ReceivedView:
    asks, clerk = requested(given.values), Actor.system("portal")
    known = drafts.contact_of(
        Contact(phone=asks.phone, fax=asks.fax, address=asks.said.billing), by=by, now=now
    )
    numbers = tuple(each.number for each in asks.said.subjects)
    got = receive(
        channel="portal", received_at=now, kind="cancellation" if asks.deactivate else "order",
        contact=replace(known, name=asks.contact or known.name), targets=numbers, agency=by.agency, people=(by.ref,),
        by=clerk, now=now,
    )  # fmt: skip
    row = CourtOrder.objects.get(case=got.case)
    audit.record(
        "order.handed_in", by=by, at=now, matter=row.matter, order=row.pk, case=got.case, submission=id, kind=row.kind,
        papers=len(given.papers),
    )  # fmt: skip
    if asks.deactivate:
        for number in numbers:
            asking.note_by_form(number=number, case=got.case, by=by, now=now)
    return got


def _day(guide: Guide, now: datetime) -> date:
    return now.astimezone(guide.carrier.zone.tz).date()
