"""What can be asked about legal process received, as far as its case may be known of."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from tecum.agencies import queries as agencies
from tecum.cases import queries as cases
from tecum.cases.queries import TargetView
from tecum.cases.states import CaseKind, Identifier
from tecum.documents import operations as documents
from tecum.guide.calculators import routing
from tecum.guide.calculators.payment import Terms
from tecum.guide.calculators.routing import Route
from tecum.guide.questions import Question
from tecum.kernel import numbers
from tecum.kernel.actors import Actor
from tecum.kernel.lists import Long
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy
from tecum.process import sealed
from tecum.process.facts import Said
from tecum.process.models import Received
from tecum.process.rules.checklist import Aim, Finding, examined
from tecum.process.rules.likeness import Marks, Sign, alike
from tecum.process.rules.reading import Suggestion, lines_of, suggested
from tecum.process.states import ReceivedState
from tecum.secrecy import operations as secrecy


@dataclass(frozen=True, slots=True)
class ReceivedView:
    """One legal process received; `said` is what it says, confirmed by a person when `confirmed_at` says so."""

    id: str
    case: str
    reference: str
    state: ReceivedState
    channel: str
    process: str
    received_at: datetime
    message: str
    return_on: date | None
    guide_version: str
    said: Said
    confirmed_at: datetime | None
    confirmed_by: str
    answered_at: datetime | None
    answered_how: str
    answer: str
    unanswered_why: str
    letter: str
    letter_at: datetime | None
    repeats: str
    repeated_how: str
    agency: str
    demand: bool


def received(*, id: str, by: Actor, now: datetime) -> ReceivedView:
    """Return one. :raises NotYours: when it, or its case, is not for this person to know of"""
    return view(row_of(id, by=by, now=now))


def of_case(*, case: str, by: Actor, now: datetime) -> list[ReceivedView]:
    """Return the legal process received in a case, oldest first. :raises NotYours"""
    cases.case(case=case, by=by, now=now)
    return [view(row) for row in readable(by=by, now=now).filter(case=case).order_by("received_at", "pk")]


def type_of(case: str) -> str:
    """Return the process type of the guide that a case rests on, for the capabilities above: the last that was known."""
    rows = Received.objects.filter(case=case).exclude(process="").exclude(state=ReceivedState.REPEATED)
    return rows.order_by("-received_at", "-pk").values_list("process", flat=True).first() or ""


def unanswered(*, by: Actor, now: datetime) -> Long[ReceivedView]:
    """Return those whose sender was not told the case's number yet, oldest first (A4: every case is answered once)."""
    rows = readable(by=by, now=now).filter(answered_at=None).exclude(state=ReceivedState.REPEATED)
    return Long.of(rows.order_by("received_at", "pk"), view)


@dataclass(frozen=True, slots=True)
class Likeness:
    """Another process that this one may repeat, and in what they are alike."""

    received: str
    case: str
    reference: str
    received_at: datetime
    channel: str
    signs: tuple[Sign, ...]


def checklist(*, received: str, by: Actor, now: datetime) -> tuple[Finding, ...]:
    """Return the guide's checklist of a process as it was at its receipt, over what was confirmed. :raises NotYours"""
    home = view(row_of(received, by=by, now=now))
    return judged(home, cases.targets(case=home.case, by=by, now=now))


def judged(received: ReceivedView, targets: Iterable[TargetView]) -> tuple[Finding, ...]:
    """Return the checklist over a process and targets that were read already."""
    aims = [
        Aim(
            label=numbers.grouped(each.value) if each.identifier is Identifier.NUMBER else f"target {each.place}",
            number=each.value, product=each.product, period=each.period,
            is_number=each.identifier is Identifier.NUMBER,
        )
        for each in targets
    ]  # fmt: skip
    at = received.received_at
    late = arrears_of(received, at=at)
    return examined(policy.at(at), received.said, aims, channel=received.channel, received_at=at, late=late)


def arrears_of_case(case: str, *, at: datetime) -> Terms | None:
    """Return what arrears change for the legal demand of a case at an instant, for whoever must refuse meanwhile."""
    rows = Received.objects.select_related("case").filter(case=case, case__kind=CaseKind.DEMAND)
    found = [arrears_of(view(row), at=at) for row in rows.order_by("received_at")]
    return None if None in found or not found else found[0]


def arrears_of(received: ReceivedView, *, at: datetime) -> Terms | None:
    """Return what arrears of its agency change for a legal demand; nothing for an order or an emergency."""
    if not received.demand:
        return None
    said = received.said
    return agencies.arrears(agency=received.agency, at=at, process=said.process, facts=said.facts)


def find_duplicates(*, received: str, by: Actor, now: datetime) -> list[Likeness]:
    """
    Return what a process may repeat, the surest first: by process number, by the content of a paper, by its numbers.

    Only what this person may know of is compared: a sealed case stays unseen here too.
    """
    row = row_of(received, by=by, now=now)
    mine = _marks(row, *cases.prints(row.case_id))
    near = {
        *Received.objects.filter(same_number(row)).values_list("case", flat=True),
        *cases.with_documents(prints=set(mine.papers), by=by, now=now),
        *cases.with_targets(prints=mine.targets, by=by, now=now),
    }
    others = list(readable(by=by, now=now).filter(case__in=near).exclude(pk=row.pk).exclude(case=row.case_id))
    known = cases.prints_of({each.case_id for each in others})
    found = []
    for other in others:
        signs = alike(mine, _marks(other, *known[other.case_id]))
        if signs:
            found.append(
                Likeness(
                    other.pk, other.case_id, other.case.reference, other.received_at, other.channel, signs
                )
            )
    return sorted(found, key=lambda each: (list(Sign).index(each.signs[0]), each.received_at))


def elsewhere(*, received: str, by: Actor, now: datetime) -> Route | None:
    """Return where a process belongs, when that is another company: by its place, the name it bears, the subject."""
    row = row_of(received, by=by, now=now)
    said, guide = view(row).said, policy.at(row.received_at)
    products = [each.product for each in cases.targets(case=row.case_id, by=by, now=now) if each.product]
    question = Question(
        on=row.received_at.astimezone(guide.carrier.zone.tz).date(), process=said.process, country=said.country,
        region=said.region, city=said.city, product=next(iter(products), ""),
    )  # fmt: skip
    route = routing.route(guide, question, entity=said.entity, channel=row.channel)
    own = {each.id for each in guide.entities if each.kind in {"self", "subsidiary"}}
    return route if route.provider and route.provider not in own else None


def _marks(row: Received, papers: frozenset[str], targets: frozenset[str]) -> Marks:
    return Marks(row.received_at, row.case.agency, row.number_print, papers, targets)


def readable(*, by: Actor, now: datetime) -> "QuerySet[Received]":
    """Return what somebody may know of, as a question that the database joins to others."""
    if by.agency or by.customer:
        return Received.objects.none()
    return Received.objects.select_related("case").filter(cases.allowed(by=by, now=now, of="case__"))


def row_of(id: str, *, by: Actor, now: datetime) -> Received:
    """Return a row for the functions of this capability. :raises NotYours"""
    row = readable(by=by, now=now).filter(pk=id).first()
    if row is None:
        raise NotYours
    return row


def orders_numbered(*, number: str, agency: str, by: Actor, now: datetime) -> list[str]:
    """Return the cases of the court orders of an agency that bear a number, as far as the asker may know of them."""
    mark = sealed.number_print(number, agency)
    rows = (
        readable(by=by, now=now).filter(number_print=mark, case__kind=CaseKind.ORDER)
        if mark
        else Received.objects.none()
    )
    return sorted(set(rows.values_list("case", flat=True)))


def same_number(row: Received) -> Q:
    """Return what tells the process of the same agency and number from others."""
    return Q(number_print=row.number_print) & ~Q(number_print="") & ~Q(pk=row.pk)


def view(row: Received) -> ReceivedView:
    """Return a row as its readers see it."""
    matter = row.case.matter
    said = sealed.opened(row, secrecy.keys_of([matter]).get(matter))
    return ReceivedView(
        row.pk, row.case_id, row.case.reference, ReceivedState(row.state), row.channel, row.process, row.received_at,
        row.message, row.return_on, row.guide_version, said, row.confirmed_at, row.confirmed_by, row.answered_at,
        row.answered_how, row.answer, row.unanswered_why, row.letter, row.letter_at, row.repeats_id or "",
        row.repeated_how, row.case.agency, row.case.kind == CaseKind.DEMAND,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PaperText:
    """A paper as it can be read: its lines by page, and what they seem to say; nothing where it has no text layer."""

    document: str
    name: str
    role: str
    pages: int
    has_copy: bool
    lines: tuple[tuple[int, str], ...]
    suggestions: tuple[Suggestion, ...]


def papers(*, received: str, by: Actor, now: datetime) -> list[PaperText]:
    """
    Return the papers of a process with their text layers and what these suggest; a person confirms it.

    Whoever shows them to a person has shown the case first, which is remembered. :raises NotYours
    """
    row = row_of(received, by=by, now=now)
    phrases = [one.phrase for rule in policy.at(row.received_at).requirements for one in rule.words]
    found = []
    for each in cases.documents(case=row.case_id, by=by, now=now):
        layer = json.loads(documents.read(each.text)) if each.text else {}
        lines = tuple((line.place.page, line.text) for line in lines_of(layer))
        found.append(
            PaperText(
                each.id,
                each.name,
                each.role,
                each.pages,
                bool(each.copy),
                lines,
                suggested(layer, phrases=phrases),
            )
        )
    return found
