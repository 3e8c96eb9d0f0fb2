"""What stands in one case's file. However long it is, the database is asked the same number of questions."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tecum.accounts import queries as accounts
from tecum.audit import queries as audit
from tecum.cases import sealed
from tecum.cases.models import (
    BillableFact,
    CaseClock,
    CaseDocument,
    CaseEntry,
    CaseLink,
    CaseNote,
    CaseTarget,
    Gate,
    LegalCase,
)
from tecum.cases.queries.reading import CaseView, allowed, readable, row_of, view
from tecum.cases.states import ClockState, Direction, EntryState, GateState, Identifier, Sender, TargetState
from tecum.kernel.actors import Actor
from tecum.kernel.lists import Long
from tecum.kernel.periods import Period
from tecum.kernel.refusals import NotYours
from tecum.secrecy import operations as keys
from tecum.secrecy import queries as secrecy
from tecum.secrecy.operations import Key


@dataclass(frozen=True, slots=True)
class TargetView:
    """One target."""

    id: str
    place: int
    identifier: Identifier
    value: str
    words: str
    product: str
    period: Period | None
    state: TargetState
    turned_at: datetime | None


@dataclass(frozen=True, slots=True)
class DocumentView:
    """One paper; `copy` is the stored harmless copy, `text` the stored text layer, empty where there is none."""

    id: str
    case: str
    role: str
    name: str
    file: str
    copy: str
    text: str
    pages: int
    source: str
    received_at: datetime
    added_by: str


@dataclass(frozen=True, slots=True)
class EntryView:
    """One piece of correspondence; `said` holds subject, from, to, text."""

    id: str
    case: str
    direction: Direction
    channel: str
    message: str
    notice: str
    sender: Sender | None
    state: EntryState
    said: dict[str, Any]
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class NoteView:
    """One note."""

    id: str
    text: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class GateView:
    """One gate; `words` says what was asked, and what was said when it ended."""

    id: str
    kind: str
    subject: str
    state: GateState
    opened_at: datetime
    ended_at: datetime | None
    ended_by: str
    evidence: str
    rule: str
    words: dict[str, str]


@dataclass(frozen=True, slots=True)
class FactView:
    """One billable fact: what happened, and by what a fee may count it. A passed-on cost has `cents` and a `reason`."""

    id: str
    kind: str
    source: str
    target: str
    quantity: int
    unit: str
    happened_at: datetime
    guide_version: str
    details: Mapping[str, str] = field(default_factory=dict)
    found: bool = True
    cents: int | None = None
    currency: str = ""
    reason: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class ClockView:
    """One clock; without `due_at` it is paused, or promises no end."""

    id: str
    kind: str
    state: ClockState
    started_at: datetime
    due_at: datetime | None
    paused_at: datetime | None
    ended_at: datetime | None
    how: str
    rule: str


@dataclass(frozen=True, slots=True)
class PersonOnCase:
    """Somebody on the list of a case; `agency` is empty for staff."""

    ref: str
    name: str
    agency: str


@dataclass(frozen=True, slots=True)
class LinkView:
    """Another case that this one has to do with, and that the reader may know of."""

    case: str
    reference: str
    why: str


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A whole case."""

    case: CaseView
    targets: list[TargetView]
    documents: list[DocumentView]
    entries: list[EntryView]
    notes: list[NoteView]
    gates: list[GateView]
    facts: list[FactView]
    clocks: list[ClockView]
    people: list[PersonOnCase]
    links: list[LinkView]
    repeats: list[CaseView] = field(default_factory=list)


def case_file(*, case: str, by: Actor, now: datetime) -> CaseFile:
    """
    Return a whole case, for staff. A person reads it through `operations.show`, which records that.

    :raises NotYours: when it is unknown, not for this person, or the person is no staff
    """
    row = _staff(case, by=by, now=now)
    key = keys.keys_of([row.matter]).get(row.matter)
    # What repeats it was joined to it; its papers are shown here and stay where they are.
    repeats = [view(each) for each in readable(by=by, now=now).filter(joined_to=row).order_by("received_at")]
    papers = _documents(row, key)
    for each in repeats:
        papers += documents(case=each.id, by=by, now=now)
    return CaseFile(
        view(row), _targets(row, key), papers, _entries(row, key), _notes(row, key), _gates(row, key), _facts(row),
        _clocks(row), _people(row), _links(row, by=by, now=now), repeats,
    )  # fmt: skip


def targets(*, case: str, by: Actor, now: datetime) -> list[TargetView]:
    """Return the targets of a case in their order. :raises NotYours: as `case_file` does; officers may ask too"""
    row = row_of(case, by=by, now=now)
    return _targets(row, keys.keys_of([row.matter]).get(row.matter))


def documents(*, case: str, by: Actor, now: datetime) -> list[DocumentView]:
    """Return the papers of a case. :raises NotYours: as `case_file` does"""
    row = _staff(case, by=by, now=now)
    return _documents(row, keys.keys_of([row.matter]).get(row.matter))


def entries(*, case: str, by: Actor, now: datetime) -> list[EntryView]:
    """Return the correspondence of a case, oldest first. :raises NotYours: as `case_file` does"""
    row = _staff(case, by=by, now=now)
    return _entries(row, keys.keys_of([row.matter]).get(row.matter))


def proofs(*, case: str, by: Actor, now: datetime) -> set[str]:
    """Return what of a case could prove an answer: its papers, and the messages that came. :raises NotYours: as `case_file` does"""
    row = _staff(case, by=by, now=now)
    papers = CaseDocument.objects.filter(case=row).values_list("pk", flat=True)
    came = CaseEntry.objects.filter(case=row, direction=Direction.IN).values_list("pk", flat=True)
    return {*papers, *came}


def prints(case: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the marks of a case's papers and of its targets, which tell equal from different and nothing else."""
    papers = CaseDocument.objects.filter(case=case).values_list("print", flat=True)
    aims = CaseTarget.objects.filter(case=case).values_list("print", flat=True)
    return frozenset(papers), frozenset(aims)


def prints_of(cases: Collection[str]) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Return the same of many cases, with two questions to the database."""
    papers: dict[str, set[str]] = {each: set() for each in cases}
    aims: dict[str, set[str]] = {each: set() for each in cases}
    for case, mark in CaseDocument.objects.filter(case__in=cases).values_list("case_id", "print"):
        papers[case].add(mark)
    for case, mark in CaseTarget.objects.filter(case__in=cases).values_list("case_id", "print"):
        aims[case].add(mark)
    return {each: (frozenset(papers[each]), frozenset(aims[each])) for each in cases}


def notes(*, case: str, by: Actor, now: datetime) -> list[NoteView]:
    """Return the notes of a case, oldest first. :raises NotYours: as `case_file` does"""
    row = _staff(case, by=by, now=now)
    return _notes(row, keys.keys_of([row.matter]).get(row.matter))


def gates(*, case: str, by: Actor, now: datetime) -> list[GateView]:
    """Return the gates of a case, open ones first. :raises NotYours: when it is not to be known of"""
    row = row_of(case, by=by, now=now)
    return _gates(row, keys.keys_of([row.matter]).get(row.matter))


def gates_open(case: str) -> list[str]:
    """Return the kinds of the gates that are still open, for whoever must refuse meanwhile."""
    rows = Gate.objects.filter(case=case, state=GateState.OPEN)
    return list(rows.order_by("opened_at").values_list("kind", flat=True))


def facts(*, case: str, by: Actor, now: datetime) -> list[FactView]:
    """Return what can be billed in a case. :raises NotYours: as `case_file` does"""
    return _facts(_staff(case, by=by, now=now))


def clocks(*, case: str, by: Actor, now: datetime) -> list[ClockView]:
    """Return the clocks of a case. :raises NotYours: when it is not to be known of"""
    return _clocks(row_of(case, by=by, now=now))


def people(*, case: str, by: Actor, now: datetime) -> list[PersonOnCase]:
    """Return who stands on the list of a case. :raises NotYours: as `case_file` does"""
    return _people(_staff(case, by=by, now=now))


def held_entries(*, by: Actor, now: datetime) -> Long[EntryView]:
    """Return the messages that name a case, whose senders nobody vouches for, and that wait for a person, oldest first."""
    rows = CaseEntry.objects.filter(state=EntryState.HELD).filter(allowed(by=by, now=now, of="case__"))
    rows = rows.none() if by.agency else rows

    def entries(found: Sequence[CaseEntry]) -> list[EntryView]:
        opened = keys.keys_of({row.case.matter for row in found})
        return [_entry(row, opened.get(row.case.matter)) for row in found]

    return Long(rows.select_related("case").order_by("at", "pk"), entries)


def timeline(*, case: str, by: Actor, now: datetime, latest: int = 0) -> tuple[audit.Entry, ...]:
    """Return what happened to a case, oldest first, as the trail has it: all, or the `latest` so many. :raises NotYours"""
    row = _staff(case, by=by, now=now)
    return audit.timeline(matter=row.matter, within={row.matter}, latest=latest)


def _staff(case: str, *, by: Actor, now: datetime) -> LegalCase:
    if by.agency or by.customer:
        raise NotYours
    return row_of(case, by=by, now=now)


def _targets(row: LegalCase, key: Key | None) -> list[TargetView]:
    return [target_view(each, key) for each in CaseTarget.objects.filter(case=row).order_by("place")]


def target_view(row: CaseTarget, key: Key | None) -> TargetView:
    """Return one target as its readers see it."""
    said = sealed.opened(key, f"target {row.pk}", row.value) or {"value": "", "words": ""}
    period = Period(row.starts_at, row.ends_at) if row.starts_at and row.ends_at else None
    return TargetView(
        row.pk, row.place, Identifier(row.identifier), said["value"], said["words"], row.product, period,
        TargetState(row.state), row.turned_at,
    )  # fmt: skip


def _documents(row: LegalCase, key: Key | None) -> list[DocumentView]:
    rows = CaseDocument.objects.filter(case=row).order_by("received_at", "added_at", "pk")
    return [document_view(each, key) for each in rows]


def document_view(row: CaseDocument, key: Key | None) -> DocumentView:
    """Return one paper as its readers see it."""
    return DocumentView(
        row.pk, row.case_id, row.role, sealed.opened(key, f"document {row.pk}", row.name) or "", row.file, row.copy,
        row.text, row.pages, row.source, row.received_at, row.added_by,
    )  # fmt: skip


def _entries(row: LegalCase, key: Key | None) -> list[EntryView]:
    return [_entry(each, key) for each in CaseEntry.objects.filter(case=row).order_by("at", "pk")]


def _entry(row: CaseEntry, key: Key | None) -> EntryView:
    said = sealed.opened(key, f"entry {row.pk}", row.said) or {}
    return EntryView(
        row.pk, row.case_id, Direction(row.direction), row.channel, row.message, row.notice,
        Sender(row.sender) if row.sender else None, EntryState(row.state), said, row.at, row.by,
    )  # fmt: skip


def _notes(row: LegalCase, key: Key | None) -> list[NoteView]:
    rows = CaseNote.objects.filter(case=row).order_by("at", "pk")
    return [
        NoteView(each.pk, sealed.opened(key, f"note {each.pk}", each.text) or "", each.at, each.by)
        for each in rows
    ]


def _gates(row: LegalCase, key: Key | None) -> list[GateView]:
    rows = Gate.objects.filter(case=row).order_by("-state", "opened_at", "pk")
    return [
        GateView(
            each.pk, each.kind, each.subject, GateState(each.state), each.opened_at, each.ended_at, each.ended_by,
            each.evidence, each.rule, sealed.opened(key, f"gate {each.pk}", each.words) or {},
        )
        for each in rows
    ]  # fmt: skip


def _facts(row: LegalCase) -> list[FactView]:
    return [fact_view(each) for each in BillableFact.objects.filter(case=row).order_by("happened_at", "pk")]


def fact_view(row: BillableFact) -> FactView:
    """Return one billable fact as its readers see it."""
    return FactView(
        row.pk, row.kind, row.source, row.target_id or "", row.quantity, row.unit, row.happened_at, row.guide_version,
        row.details, row.found, row.cents, row.currency, row.reason, row.evidence,
    )  # fmt: skip


def _clocks(row: LegalCase) -> list[ClockView]:
    return [
        ClockView(
            each.pk, each.kind, ClockState(each.state), each.started_at, each.due_at, each.paused_at, each.ended_at,
            each.how, each.rule,
        )
        for each in CaseClock.objects.filter(case=row).order_by("started_at", "pk")
    ]  # fmt: skip


def _people(row: LegalCase) -> list[PersonOnCase]:
    refs = secrecy.readers(row.matter)
    named = accounts.names(set(refs))
    homes = accounts.agencies_of(set(refs))
    return [PersonOnCase(ref, named.get(ref, ref), homes.get(ref, "")) for ref in refs]


def _links(row: LegalCase, *, by: Actor, now: datetime) -> list[LinkView]:
    pairs = [(each.other_id, each.why) for each in CaseLink.objects.filter(one=row)]
    pairs += [(each.one_id, each.why) for each in CaseLink.objects.filter(other=row)]
    if not pairs:
        return []
    seen = dict(
        readable(by=by, now=now).filter(pk__in=[pk for pk, _ in pairs]).values_list("pk", "reference")
    )
    return [LinkView(pk, seen[pk], why) for pk, why in pairs if pk in seen]
