"""An order that a person brings in: fax, post, counter. Its papers, and a typed form among them, are read by the guarded reader."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tecum.access.rules import require
from tecum.audit import operations as audit
from tecum.cases import queries as files
from tecum.cases.facts import Contact
from tecum.documents import operations as documents
from tecum.documents import printing
from tecum.documents.forms import carriers
from tecum.guide.calculators import forms as judging
from tecum.guide.calculators.forms import FormFound
from tecum.guide.model.guide import NotInGuide
from tecum.guide.questions import Question
from tecum.inbox.drivers.reader import NoSuchPart, Reader, Unreadable
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused
from tecum.policy import queries as policy
from tecum.process.facts import Brought
from tecum.process.operations import by_hand
from tecum.process.operations.by_hand import Entered
from tecum.surveillance.operations.orders.opening import receive
from tecum.surveillance.operations.orders.rows import WORK
from tecum.surveillance.queries import orders as queries
from tecum.surveillance.rules.request_form import FORM, Requested, requested


@dataclass(frozen=True, slots=True)
class FormRead:
    """A request form found among the papers: what it says, and what the guide finds missing in it (D2)."""

    document: str
    asks: Requested
    judged: FormFound


def enter(
    *,
    channel: str,
    received_at: datetime,
    contact: Contact,
    by: Actor,
    now: datetime,
    kind: str = "order",
    agency: str = "",
    targets: Sequence[str] = (),
    brought: Sequence[Brought] = (),
) -> Entered:
    """
    Enter an order that came by fax, post or at the counter, with its scan.

    The case stands and the receipt is issued before the scan is read: whatever a paper does to the reader, the order is
    not lost, and the paper can be added again.

    :raises CannotEnter: for a channel that is none of these, or a time of receipt that has not come
    :raises TooLarge: for a paper larger than 80 MB; nothing is entered then
    """
    require(by, WORK, now=now)
    by_hand.look_at(channel, received_at, brought, now=now)
    got = receive(
        channel=channel,
        received_at=received_at,
        kind=kind,
        contact=contact,
        agency=agency,
        targets=targets,
        by=by,
        now=now,
    )
    return Entered(got, by_hand.keep(got, brought, by=by, now=now))


def add_papers(*, case: str, brought: Sequence[Brought], by: Actor, now: datetime) -> tuple[str, ...]:
    """
    Add papers to an order: its particulars on letterhead or a fax cover sheet (R-120), a better scan, a corrected order.

    :raises NotYours: when the case is unknown, or not for this person
    :raises CannotEnter: without a paper, or for a case that is over
    """
    require(by, WORK, now=now)
    order = queries.of_case(case=case, by=by, now=now)
    return by_hand.add(case=case, received=order.received, brought=brought, by=by, now=now)


def read_form(*, case: str, by: Actor, now: datetime) -> FormRead | None:
    """
    Return the request form among an order's papers that was typed into, the newest first; nothing where there is none.

    Its bytes are a stranger's: the guarded reader takes the values out. That it was read is stored first.
    """
    order = queries.of_case(case=case, by=by, now=now)
    guide = policy.at(now)
    day = now.astimezone(guide.carrier.zone.tz).date()
    try:
        form = carriers.carrier_form(guide, printing.find(guide, FORM, day))
    except NotInGuide:
        return None
    audit.note("order.form_read", by=by, at=now, matter=order.case.matter, order=order.id)
    names = {name for field in form.fields for name in field.names}
    for paper in reversed(files.documents(case=case, by=by, now=now)):
        typed = _typed(paper.file)
        if len(names & set(typed)) < len(names) // 2:
            continue
        values = carriers.entries(form, typed)
        question = Question(
            on=day, product=next((p.id for p in guide.products if p.kind == "surveillance"), "")
        )
        return FormRead(paper.id, requested(values), judging.judge(guide, question, FORM, values))
    return None


def _typed(file: str) -> dict[str, str]:
    try:
        with Reader() as reader:
            _, said = reader.paper(documents.read(file), "fields")
    except (NoSuchPart, Unreadable, Refused):
        return {}
    found: dict[str, str] = json.loads(said)
    return found
