"""Which emergency requests a person may know of, and one of them with everything that was done about it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from tecum.access.rules import may
from tecum.cases import queries as files
from tecum.cases import sealed
from tecum.cases.queries import CaseView
from tecum.cases.states import GateState
from tecum.exigent.models import (
    ExigentCall,
    ExigentDecision,
    ExigentFollowUp,
    ExigentGathering,
    ExigentRequest,
    ExigentSource,
)
from tecum.exigent.rules import lacking as judging
from tecum.exigent.rules.calling import Heard, Source
from tecum.exigent.rules.facts import Said
from tecum.exigent.rules.lacking import Lack
from tecum.exigent.states import (
    CallState,
    DecisionState,
    FollowUpState,
    GatheringState,
    RequestState,
)
from tecum.guide.calculators.summaries import emergency_rules
from tecum.guide.model.emergency import Emergency
from tecum.guide.model.guide import Guide, NotInGuide
from tecum.guide.questions import Question
from tecum.kernel.actors import Actor, ActorKind
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy
from tecum.secrecy.operations import Key
from tecum.surveillance.queries import asking as ends
from tecum.surveillance.queries.asking import EndRequestView


@dataclass(frozen=True, slots=True)
class CallView:
    """One call back, and what it came to."""

    id: str
    ordinal: int
    state: CallState
    agency: str
    entry: str
    fresh: bool
    heard: Heard
    called_at: datetime
    called_by: str
    void_at: datetime | None

    @property
    def good(self) -> bool:
        """Tell whether it still verifies the request."""
        return self.state is CallState.VERIFIED and self.void_at is None


@dataclass(frozen=True, slots=True)
class GatheringView:
    """How far the search for a disclosure is."""

    state: GatheringState
    production: str
    rows: int
    why: str


@dataclass(frozen=True, slots=True)
class DecisionView:
    """What was proposed, exactly, and whether another approved it."""

    id: str
    act: str
    state: DecisionState
    content: dict[str, Any]
    call: str
    alone: bool
    surveillance: str
    authority: str
    ends_at: datetime | None
    proposed_at: datetime
    proposed_by: str
    decided_at: datetime | None
    decided_by: str
    gathering: GatheringView | None


@dataclass(frozen=True, slots=True)
class FollowUpView:
    """Something that must follow."""

    id: str
    what: str
    words: str
    state: FollowUpState
    started_at: datetime
    due_at: datetime | None
    settled_at: datetime | None
    settled_by: str
    evidence: str
    otherwise: str
    note: str


@dataclass(frozen=True, slots=True)
class RequestView:
    """One request, with its case and everything that was done about it."""

    id: str
    case: CaseView
    received: str
    state: RequestState
    path: str
    said: Said
    channel: str
    received_at: datetime
    entered_by: str
    written_at: datetime | None
    paper: str
    revision: int
    decided_at: datetime | None
    refusal: str
    ended_at: datetime | None
    alone_by: str
    alone_until: datetime | None
    confirmed_at: datetime | None
    confirmed_by: str
    passed_to: str
    passed_at: datetime | None
    passed_said: dict[str, Any]
    forged_at: datetime | None
    forged_by: str
    forged_why: str
    calls: tuple[CallView, ...]
    sources: tuple[Source, ...]
    decisions: tuple[DecisionView, ...]
    follow_ups: tuple[FollowUpView, ...]
    ends: tuple[EndRequestView, ...]

    @property
    def call(self) -> CallView | None:
        """Return the call that verifies it, the last one that does."""
        return next((each for each in reversed(self.calls) if each.good), None)

    @property
    def denial(self) -> CallView | None:
        """Return the call in which the agency knew nothing of it, while that is what it said last."""
        heard = [each for each in self.calls if each.state is not CallState.UNREACHED]
        return heard[-1] if heard and heard[-1].state is CallState.DENIED else None

    @property
    def proposal(self) -> DecisionView | None:
        """Return what waits for another person."""
        return next((each for each in self.decisions if each.state is DecisionState.PROPOSED), None)

    @property
    def decided(self) -> tuple[DecisionView, ...]:
        """Return what was decided, oldest first."""
        return tuple(each for each in self.decisions if each.state is DecisionState.DONE)

    @property
    def authority(self) -> str:
        """Return the emergency authority that it started last."""
        return next((each.authority for each in reversed(self.decided) if each.authority), "")


def readable(*, by: Actor, now: datetime) -> "QuerySet[ExigentRequest]":
    """Return the requests that somebody may know of: those of the cases that they may know of."""
    rows = ExigentRequest.objects.all()
    if by.kind is ActorKind.SYSTEM:
        return rows
    if by.agency or by.customer or not may(by, "emergency.read"):
        return rows.none()
    return rows.filter(files.allowed(by=by, now=now, of="case__"))


def row_of(case: str, *, by: Actor, now: datetime) -> ExigentRequest:
    """Return the row of a case's request. :raises NotYours: when it is unknown, or not for this person to know of"""
    row = readable(by=by, now=now).select_related("case", "received").filter(case=case).first()
    if row is None:
        raise NotYours
    return row


def of_case(*, case: str, by: Actor, now: datetime) -> RequestView:
    """Return the request of a case. :raises NotYours: when it is unknown, or not for this person to know of"""
    return view(row_of(case, by=by, now=now), by=by, now=now)


def said_of(row: ExigentRequest, key: Key | None = None) -> Said:
    """Return what a request says; nothing where its retention is over."""
    return Said.read(sealed.opened(key or sealed.key_of(row.matter), f"exigent {row.pk}", row.said) or {})


def view(row: ExigentRequest, *, by: Actor, now: datetime) -> RequestView:
    """Return a row as its readers see it."""
    key = sealed.key_of(row.matter)
    return RequestView(
        id=row.pk, case=files.case(case=row.case_id, by=by, now=now), received=row.received_id,
        state=RequestState(row.state), path=row.path, said=said_of(row, key), channel=row.channel,
        received_at=row.received_at, entered_by=row.entered_by, written_at=row.written_at, paper=row.paper,
        revision=row.revision, decided_at=row.decided_at, refusal=row.refusal, ended_at=row.ended_at,
        alone_by=row.alone_by, alone_until=row.alone_until, confirmed_at=row.confirmed_at, confirmed_by=row.confirmed_by,
        passed_to=row.passed_to, passed_at=row.passed_at,
        passed_said=sealed.opened(key, f"exigent {row.pk} passed", row.passed_said) or {},
        forged_at=row.forged_at, forged_by=row.forged_by,
        forged_why=sealed.opened(key, f"exigent {row.pk} forged", row.forged_why) or "",
        calls=tuple(call_view(each, key) for each in row.calls.order_by("ordinal")),
        sources=sources_of(row, key),
        decisions=tuple(decision_view(each, key) for each in row.decisions.select_related("gathering").order_by("proposed_at", "pk")),
        follow_ups=tuple(follow_up_view(each, key) for each in row.follow_ups.order_by("due_at", "what")),
        ends=ends.of_case(case=row.case_id, by=by, now=now),
    )  # fmt: skip


def call_view(row: ExigentCall, key: Key) -> CallView:
    """Return a call as its readers see it."""
    heard = Heard.read(sealed.opened(key, f"exigent call {row.pk}", row.said) or {})
    return CallView(
        row.pk, row.ordinal, CallState(row.state), row.agency, row.entry, row.fresh, heard, row.called_at, row.called_by,
        row.void_at,
    )  # fmt: skip


def sources_of(row: ExigentRequest, key: Key) -> tuple[Source, ...]:
    """Return where numbers were found besides the directory, oldest first."""
    return tuple(_source(each, key) for each in row.sources.order_by("found_at", "pk"))


def _source(row: ExigentSource, key: Key) -> Source:
    said = sealed.opened(key, f"exigent source {row.pk}", row.said) or {}
    return Source(row.pk, said.get("number", ""), said.get("where", ""), row.found_by, row.found_at)


def is_denied(row: ExigentRequest) -> bool:
    """Tell whether the agency of a request knew nothing of it when it was last spoken with."""
    heard = [each for each in row.calls.all() if each.state != CallState.UNREACHED]
    return bool(heard) and max(heard, key=lambda each: each.ordinal).state == CallState.DENIED


def waits_to_leave(row: ExigentRequest) -> bool:
    """Tell whether something is searched for a request, or was found and not let leave yet."""
    open_ones = ExigentGathering.objects.filter(decision__request=row, released_at=None)
    return open_ones.exclude(state=GatheringState.STOPPED).exists()


def calls_since(*, case: str, at: datetime, by: Actor, now: datetime) -> tuple[CallView, ...]:
    """Return the calls back of a case's emergency in which somebody answered, made since; none where it is no emergency."""
    row = readable(by=by, now=now).filter(case=case).first()
    calls = row.calls.filter(called_at__gte=at).exclude(state=CallState.UNREACHED) if row else ()
    return tuple(call_view(each, sealed.key_of(row.matter)) for each in calls) if row else ()


def decision_view(row: ExigentDecision, key: Key) -> DecisionView:
    """Return a decision as its readers see it."""
    made = getattr(row, "gathering", None)
    gathering = made and GatheringView(
        GatheringState(made.state), made.production, made.rows,
        sealed.opened(key, f"exigent gathering {made.pk}", made.why) or "",
    )  # fmt: skip
    return DecisionView(
        id=row.pk, act=row.act, state=DecisionState(row.state),
        content=sealed.opened(key, f"exigent decision {row.pk}", row.content) or {}, call=row.call_id, alone=row.alone,
        surveillance=row.surveillance, authority=row.authority, ends_at=row.ends_at, proposed_at=row.proposed_at,
        proposed_by=row.proposed_by, decided_at=row.decided_at, decided_by=row.decided_by, gathering=gathering,
    )  # fmt: skip


def follow_up_view(row: ExigentFollowUp, key: Key) -> FollowUpView:
    """Return what must follow as its readers see it."""
    said = sealed.opened(key, f"exigent follow-up {row.pk}", row.said) or {}
    return FollowUpView(
        row.pk, row.what, said.get("words", row.what), FollowUpState(row.state), row.started_at, row.due_at,
        row.settled_at, row.settled_by, row.evidence, said.get("otherwise", ""), said.get("note", ""),
    )  # fmt: skip


def pathway_of(row: ExigentRequest | RequestView, guide: Guide) -> Emergency:
    """Return the pathway of a request. :raises NotInGuide: where the guide has no such one any more"""
    found = next((each for each in guide.emergencies if each.id == row.path), None)
    if found is None:
        raise NotInGuide(f"The guide has no emergency '{row.path}'.")
    return found


def lacking(*, case: str, by: Actor, now: datetime) -> tuple[Lack, ...]:
    """Return what still stands between the request of a case and a decision. :raises NotYours"""
    return lacks_of(row_of(case, by=by, now=now), by=by, now=now)


def lacks_of(row: ExigentRequest, *, by: Actor, now: datetime) -> tuple[Lack, ...]:
    """Return what still stands between a request and a decision."""
    guide = policy.at(now)
    pathway, said = pathway_of(row, guide), said_of(row)
    on = row.received_at.astimezone(guide.carrier.zone.tz).date()
    rules = emergency_rules(guide, Question(on=on, requester=said.requester or "lea"), emergency=pathway.id)
    stops = tuple(each.stops_for for each in pathway.grounds if each.id in said.grounds and each.stops_for)
    free = {each.id for each in pathway.grounds if not each.stops_for} & set(said.grounds)
    gates = files.gates(case=row.case_id, by=by, now=now)
    counsel = any(gate.kind == "counsel" and gate.state is GateState.CLOSED for gate in gates)
    return judging.lacking(
        said, pathway, rules, written=row.written_at is not None, stops=() if free else stops, counsel=counsel
    )
