"""
What an emergency discloses (D7): records within a compiled scope, searched by the jobs and released by two people as every
production is; and single locations, for as long as was decided.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from tecum.accounts import queries as people
from tecum.agencies import queries as agencies
from tecum.audit import operations as audit
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases import sealed
from tecum.cases.states import TargetState
from tecum.deadlines import operations as deadlines
from tecum.demands.operations import sources
from tecum.demands.operations.sources import Answer, Asking
from tecum.demands.queries import judging
from tecum.demands.rules import covering, writing
from tecum.demands.rules.compiling import Line, grants
from tecum.documents import operations as documents
from tecum.exigent.models import ExigentDecision, ExigentGathering, ExigentRequest
from tecum.exigent.operations import following
from tecum.exigent.operations.rows import DECIDE, NOT_STOOD_BY, locked
from tecum.exigent.queries import reading
from tecum.exigent.rules import following as rules
from tecum.exigent.rules.compiling import LOCATE, LONGEST, Wanted, lines, locates, offered
from tecum.exigent.states import DecisionState, GatheringState
from tecum.guide.model.guide import Guide
from tecum.kernel import ids, numbers
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.kernel.refusals import NotYours, Refused
from tecum.policy import queries as policy
from tecum.production import operations as productions
from tecum.production import queries as made_queries
from tecum.production.rules.facts import CaseFacts, Declarant, Inputs, Part
from tecum.production.states import OUT
from tecum.records.rules.scope import Scope
from tecum.recovery import queries as recoveries

GATHER = "exigent.gather"


class CannotDisclose(Refused):
    """Nothing that could be disclosed, or nothing that the request names."""


def content(row: ExigentRequest, wanted: Sequence[Wanted], *, by: Actor, now: datetime) -> dict[str, Any]:
    """
    Return exactly what would be disclosed, as the compiler of legal demands limits it (control 7).

    :raises CannotDisclose: for a product that the pathway does not allow, a number that the request does not name, or
        when nothing of it could be given
    """
    guide = policy.at(now)
    pathway, said = reading.pathway_of(row, guide), reading.said_of(row)
    known = {each.id for each in offered(pathway, guide)}
    if not wanted or any(each.product not in known for each in wanted):
        raise CannotDisclose("Choose records that this pathway allows.")
    if any(each.number not in said.targets for each in wanted):
        raise CannotDisclose("The request does not name that number.")
    if any(each.period.end > now + timedelta(days=1) for each in wanted):
        raise CannotDisclose("Records of a time that has not come are a surveillance.")
    products = {each.product for each in wanted}
    named = {each.number for each in wanted}
    whole = {
        name: Period(min(e.period.start for e in wanted if name in (e.product, e.number)),
                     max(e.period.end for e in wanted if name in (e.product, e.number)))
        for name in products | named
    }  # fmt: skip
    found = lines(
        wanted, pathway, said, guide,
        kept={name: judging.kept(guide, name, whole[name], row.received_at, now=now) for name in products},
        tenures={number: judging.tenures(number, whole[number], guide, now=now) for number in named},
    )  # fmt: skip
    granted = grants(found)
    if not granted:
        why = next((each.because for each in found), "It names nothing that is held.")
        raise CannotDisclose(f"Nothing of it can be given: {why}")
    scope = Scope(row.matter, guide.version, granted)
    return {"lines": writing.written(found), "scope": scope.json()}


def begin(
    row: ExigentRequest, made: ExigentDecision, said: dict[str, Any], *, by: Actor, now: datetime
) -> None:
    """Put the approved scope in force and let the jobs search it, in the name of whoever proposed it."""
    scope = Scope.parse(said["scope"])
    productions.set_scope(case=row.case_id, scope=scope, by=by, now=now)
    gathering = ExigentGathering(id=ids.unguessable(), decision=made, asked_at=now)
    gathering.save(force_insert=True)
    deadlines.arm(GATHER, subject=gathering.pk, due_at=now, now=now, matter=row.matter)
    audit.record(
        "exigent.search_asked",
        by=by,
        at=now,
        matter=row.matter,
        request=row.pk,
        decision=made.pk,
        scope=scope.digest(),
    )


def gather(*, gathering: str, by: Actor, now: datetime) -> bool:
    """
    Search what a decision discloses and prepare its production; tell whether there was one to run. For the jobs.

    Run again after a death, it begins again; files that no row knows of are dropped. What is refused stops it and says why.
    """
    row = ExigentGathering.objects.select_related("decision__request__case").filter(pk=gathering).first()
    if row is None or row.state != GatheringState.WAITING:
        return False
    person = people.actor_now(row.decision.proposed_by, now=now)
    if person is None:
        _stop(row, "Whoever proposed this may not search any more.", by=by, now=now)
        return True
    if recoveries.older(row.asked_at):
        _stop(
            row, "Put back from a copy after it was decided: call back, and propose it again.", by=by, now=now
        )
        return True
    asking: Asking | None = None
    try:
        said = sealed.opened(
            sealed.key_of(row.decision.request.matter),
            f"exigent decision {row.decision_id}",
            row.decision.content,
        )
        scope, guide = Scope.parse(said["scope"]), policy.at(now)
        asking = Asking(scope, guide, person, now, _no_beat)
        known = {each.id: each for each in guide.products}
        keys = sorted({(grant.product, grant.number) for grant in scope.grants})
        answers = [
            sources.answer(asking, known[product], number) for product, number in keys if product in known
        ]
        _keep(row, asking, answers, writing.read(said["lines"]), by=person, now=now)
    except Refused as fault:
        _stop(row, str(fault) or "It is not for whoever proposed it any more.", by=by, now=now)
    finally:
        documents.discard(asking.kept if asking else ())
    return True


def _no_beat(_: int) -> None:
    """Go on: an emergency's search is short, and nobody cancels it halfway."""


def _keep(
    row: ExigentGathering,
    asking: Asking,
    answers: list[Answer],
    found: tuple[Line, ...],
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Let the database know of the files and prepare the production: all or nothing."""
    with transaction.atomic():
        request = locked(row.decision.request.case_id, by=by, now=now)
        parts, coverage = _parts(request, answers, by=by, now=now)
        inputs = Inputs(
            case=_facts(request, asking.guide, by=by, now=now),
            parts=tuple(parts),
            asked=covering.asked(found),
            coverage=covering.whole(found, coverage),
            declarant=Declarant(by.name, asking.guide.productions.custodian),
        )
        production = productions.prepare(inputs=inputs, scope=asking.scope, by=by, now=now)
        rows = sum(each.rows for each in answers)
        waiting = ExigentGathering.objects.filter(pk=row.pk, state=GatheringState.WAITING)
        if not waiting.update(state=GatheringState.DONE, ended_at=now, production=production, rows=rows):
            raise CannotDisclose("Another worker has done this already.")
        audit.record(
            "exigent.search_done", by=by, at=now, matter=request.matter, request=request.pk, decision=row.decision_id,
            production=production, rows=rows, files=len(parts),
        )  # fmt: skip


def _parts(
    request: ExigentRequest, answers: list[Answer], *, by: Actor, now: datetime
) -> tuple[list[Part], list[Any]]:
    found: list[Part] = []
    coverage: list[Any] = []
    for answer in answers:
        product, number = answer.key
        coverage += answer.coverage
        ending = "CDR" if answer.how in sources.WAYS else "info"
        stem = covering.stem(request.case.reference, number, product, alone=False, ending=ending)
        for table in answer.tables:
            file = documents.enter(table.kept, purpose="records", media_type=table.media_type, by=by, now=now)
            found.append(Part(file.id, f"{stem}.{table.ending}", product, number, table.columns))
    return found, coverage


def _facts(request: ExigentRequest, guide: Guide, *, by: Actor, now: datetime) -> CaseFacts:
    home = files.case(case=request.case_id, by=by, now=now)
    pathway = reading.pathway_of(request, guide)
    proven = bool(home.agency) and agencies.has_domain_of(agency=home.agency, address=home.contact.email)
    return CaseFacts(
        id=home.id, reference=home.reference, matter=home.matter, agency=home.agency,
        agency_name=agencies.names({home.agency}).get(home.agency, home.contact.agency_name),
        process=f"{pathway.name}, {pathway.citation}".rstrip(", "), contact=home.contact.name,
        address=home.contact.email if proven else "",
    )  # fmt: skip


def _stop(row: ExigentGathering, why: str, *, by: Actor, now: datetime) -> None:
    with transaction.atomic():
        request = row.decision.request
        said = sealed.close(sealed.key_of(request.matter), f"exigent gathering {row.pk}", why)
        waiting = ExigentGathering.objects.filter(pk=row.pk, state=GatheringState.WAITING)
        if waiting.update(state=GatheringState.STOPPED, ended_at=now, why=said):
            audit.record(
                "exigent.search_stopped",
                by=by,
                at=now,
                matter=request.matter,
                request=request.pk,
                decision=row.decision_id,
            )


def stop_searching(row: ExigentRequest, why: str, *, by: Actor, now: datetime) -> bool:
    """Stop the searches of a request whose row the caller holds that have not ended; tell whether there were any."""
    waiting = ExigentGathering.objects.filter(decision__request=row, state=GatheringState.WAITING)
    found = list(waiting.select_related("decision__request"))
    for each in found:
        deadlines.disarm(GATHER, subject=each.pk, now=now)
        _stop(each, why, by=by, now=now)
    return bool(found)


@transaction.atomic
def search_again(*, decision: str, by: Actor, now: datetime) -> None:
    """
    Let the jobs search again what stopped, within the same approved scope.

    :raises NotYours: when nothing stopped
    :raises CannotDisclose: while the agency does not stand by it
    """
    made = ExigentDecision.objects.select_related("request").filter(pk=decision).first()
    if made is None:
        raise NotYours
    row = locked(made.request.case_id, by=by, now=now, permission=DECIDE)
    stopped = ExigentGathering.objects.filter(decision=made, state=GatheringState.STOPPED)
    known = stopped.first()
    if NOT_STOOD_BY in files.gates_open(row.case_id):
        raise CannotDisclose("The agency does not stand by it: call back first.")
    if known is None or not stopped.update(state=GatheringState.WAITING, ended_at=None, why=b""):
        raise NotYours
    deadlines.arm(GATHER, subject=known.pk, due_at=now, now=now, matter=row.matter)
    audit.record("exigent.search_again", by=by, at=now, matter=row.matter, request=row.pk, decision=made.pk)


@transaction.atomic
def released(*, production: str, by: Actor, now: datetime) -> bool:
    """
    Follow a production of an emergency that two people released: its targets are answered, what must follow is armed, what
    it may cost is noted. Tell whether there was such a request.
    """
    made = made_queries.opened(id=production, by=Actor.system("exigent"), now=now)
    known = ExigentGathering.objects.select_related("decision__request").filter(production=production).first()
    if known is None or made.line.state not in OUT:
        return False
    row = (
        ExigentRequest.objects.select_for_update(of=("self",))
        .select_related("case")
        .get(pk=known.decision.request_id)
    )
    guide, at = policy.at(now), made.line.released_at or now
    if not ExigentGathering.objects.filter(pk=known.pk, released_at=None).update(released_at=at):
        return False
    answered = {each.number for each in made.inputs.coverage}
    for each in files.targets(case=row.case_id, by=by, now=now):
        if each.state is TargetState.ASKED and each.value in answered:
            cases.turn_target(target=each.id, to=TargetState.ANSWERED, by=by, now=now)
    _bill(row, made.inputs, production, at=at, by=by, now=now)
    pathway = reading.pathway_of(row, guide)
    following.plan(row, rules.must_follow(pathway, guide, started=at), started_at=at, by=by, now=now)
    audit.record("exigent.disclosed", by=by, at=now, matter=row.matter, request=row.pk, production=production)
    if not row.decisions.filter(act=LOCATE, state=DecisionState.DONE, ends_at__gt=now).exists():
        following.ended(row, at=at, by=by, now=now)
    return True


def _bill(
    row: ExigentRequest, inputs: Inputs, production: str, *, at: datetime, by: Actor, now: datetime
) -> None:
    """Note what a price of the guide may rest on: one fact for each product of each number that was searched."""
    given = {(each.product, each.number) for each in inputs.parts}
    targets = {each.value: each.id for each in files.targets(case=row.case_id, by=by, now=now)}
    for product, number in sorted({(each.product, each.number) for each in inputs.asked}):
        cases.note_billable(
            case=row.case_id, kind=product, source=f"{production}:{number}", happened_at=at, unit="number",
            target=targets.get(number, ""), found=(product, number) in given, by=by, now=now,
        )  # fmt: skip


# single locations (D7)


def location(
    row: ExigentRequest, targets: Sequence[str], hours: int, *, by: Actor, now: datetime
) -> dict[str, Any]:
    """Return exactly what permission to locate would be. :raises CannotDisclose: where the pathway has none, or too long"""
    guide = policy.at(now)
    pathway, said = reading.pathway_of(row, guide), reading.said_of(row)
    product = locates(pathway, guide)
    chosen = [numbers.read(each) for each in targets]
    if product is None:
        raise CannotDisclose("This pathway allows no location.")
    if not chosen or any(each not in said.targets for each in chosen):
        raise CannotDisclose("The request does not name that number.")
    if not 1 <= hours <= LONGEST // timedelta(hours=1):
        raise CannotDisclose(f"Permission to locate lasts from 1 to {LONGEST // timedelta(hours=1)} hours.")
    return {"product": product.id, "targets": sorted(chosen), "hours": hours}


def allow_location(
    row: ExigentRequest, made: ExigentDecision, said: dict[str, Any], *, by: Actor, now: datetime
) -> None:
    """Let targets be located until the end that was decided, which is armed in this transaction."""
    made.ends_at = now.astimezone(UTC) + timedelta(hours=said["hours"])
    made.save(update_fields=["ends_at"])
    deadlines.arm("exigent.location_over", subject=made.pk, due_at=made.ends_at, now=now, matter=row.matter)
    audit.record(
        "exigent.location_allowed", by=by, at=now, matter=row.matter, request=row.pk, decision=made.pk, until=made.ends_at,
        targets=len(said["targets"]),
    )  # fmt: skip
