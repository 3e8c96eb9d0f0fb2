"""
From an approved scope to a production: asked for by a person, run outside any transaction, kept in one.

Whoever cancels, or dies, leaves nothing: files are sealed on the disk first, and only the last transaction lets the database
know of them, together with the production that they are for.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from tecum.accounts import queries as people
from tecum.agencies import queries as agencies
from tecum.audit import operations as audit
from tecum.cases import sealed
from tecum.cases.queries import CaseView
from tecum.deadlines import operations as deadlines
from tecum.demands.drivers import failpoints
from tecum.demands.models import Demand, DemandScope, DemandSearch, WorkOrder
from tecum.demands.operations import sources
from tecum.demands.operations.gated import refuse_while_gated
from tecum.demands.operations.rows import locked
from tecum.demands.operations.sources import Answer, Asking
from tecum.demands.queries.reading import view
from tecum.demands.queries.standing import lines_in_force
from tecum.demands.rules import covering
from tecum.demands.rules.compiling import Line
from tecum.demands.rules.covering import Key
from tecum.demands.states import DemandState, SearchState, WorkState
from tecum.documents import operations as documents
from tecum.guide.model.guide import Guide
from tecum.guide.model.process import Product
from tecum.kernel import ids
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused
from tecum.policy import queries as policy
from tecum.process import queries as process
from tecum.production import operations as productions
from tecum.production.rules.facts import CaseFacts, Coverage, Declarant, Inputs, Outcome, Part
from tecum.records.rules.scope import Scope

KIND = "demand.search"
ACT = "production.prepare"
BY_HAND, LIVE = "work_order", "live"
SEARCHING = {"calls", "destination", "subscriber", "provider"}
OTHER_SYSTEM = "It is fetched from another system by hand and follows in a production of its own."
NO_STORE = "This is a surveillance and no record: it is not part of a production."


class CannotSearch(Refused):
    """A search that cannot be asked for, or does not go on."""


class Cancelled(Exception):
    """Somebody cancelled the search, or another worker finished it: nothing of this run is kept."""


@transaction.atomic
def gather(*, case: str, by: Actor, now: datetime) -> str:
    """
    Ask for everything that the scope in force grants, and return the id of the search; the jobs run it.

    :raises CannotSearch: without an approved scope, or while a search is under way
    """
    row = locked(case, by=by, now=now, permission=ACT)
    made = DemandScope.objects.filter(demand=row, approved_at__isnull=False, ended_at=None).first()
    if made is None or row.state not in {DemandState.SCOPED, DemandState.PRODUCED, DemandState.NO_RECORDS}:
        raise CannotSearch("Nothing is searched before two people have approved a scope.")
    refuse_while_gated(row, by=by, now=now)
    if DemandSearch.objects.filter(demand=row, state__in=[SearchState.WAITING, SearchState.RUNNING]).exists():
        raise CannotSearch("A search of this case is under way already.")
    scope = scope_in(row, made)
    search = DemandSearch.objects.create(
        demand=row, digest=scope.digest(), asked_at=now, asked_by=by.ref, parts=len(_keys(scope))
    )
    deadlines.arm(KIND, subject=search.pk, due_at=now, matter=row.matter, now=now)
    audit.record(
        "demand.search_asked", by=by, at=now, matter=row.matter, demand=row.pk, search=search.pk, scope=search.digest
    )  # fmt: skip
    return search.pk


def run(*, search: str, by: Actor, now: datetime) -> bool:
    """
    Run a search that was asked for, in the name of whoever asked; tell whether there was one to run.

    Run again after a death, it begins again. What is refused stops it for good and says why.
    """
    row = DemandSearch.objects.select_related("demand", "demand__case").filter(pk=search).first()
    if row is None or row.state not in {SearchState.WAITING, SearchState.RUNNING}:
        return False
    person = people.actor_now(row.asked_by, now=now)
    if person is None:
        _stop(row, "Whoever asked for this may not search any more.", by=by, now=now)
        return True
    asking: Asking | None = None
    try:
        asking, keys, lines = _begun(row, by=person, now=now)
        answers = []
        for product, number in keys:
            answers.append(sources.answer(asking, product, number))
            failpoints.reach("answered")
            _progress(row, part=True)
        failpoints.reach("before_kept")
        _keep(row, asking, answers, lines, by=person, now=now)
        failpoints.reach("kept")
    except Cancelled:
        pass  # whoever cancelled it recorded that
    except Refused as fault:
        _stop(row, str(fault) or "It is not for whoever asked any more.", by=by, now=now)
    finally:
        documents.discard(asking.kept if asking else ())
    return True


@transaction.atomic
def cancel(*, search: str, by: Actor, now: datetime) -> None:
    """
    Cancel a search that has not ended; nothing of it is kept.

    :raises CannotSearch: once it ended
    """
    row = _found(search, by=by, now=now)
    changed = DemandSearch.objects.filter(pk=row.pk, state__in=[SearchState.WAITING, SearchState.RUNNING])
    if not changed.update(state=SearchState.CANCELLED, ended_at=now, ended_by=by.ref):
        raise CannotSearch("This search has ended already.")
    deadlines.disarm(KIND, subject=row.pk, now=now)
    audit.record(
        "demand.search_cancelled", by=by, at=now, matter=row.demand.matter, demand=row.demand_id, search=row.pk
    )  # fmt: skip


def _found(search: str, *, by: Actor, now: datetime) -> DemandSearch:
    """Return a search whose demand is held until the transaction ends. :raises NotYours"""
    row = DemandSearch.objects.select_related("demand").filter(pk=search).first()
    if row is None:
        raise NotYours
    locked(row.demand.case_id, by=by, now=now, permission=ACT)
    return row


def scope_in(row: Demand, made: DemandScope) -> Scope:
    """Return the scope that two people approved."""
    return Scope.parse(sealed.opened(sealed.key_of(row.matter), f"scope {made.pk}", made.scope))


# running


def _begun(
    row: DemandSearch, *, by: Actor, now: datetime
) -> tuple[Asking, list[tuple[Product, str]], tuple[Line, ...]]:
    with transaction.atomic():
        demand = locked(row.demand.case_id, by=by, now=now, permission=ACT)
        made = _in_force(row, demand)
        begun = DemandSearch.objects.filter(pk=row.pk, state__in=[SearchState.WAITING, SearchState.RUNNING])
        if not begun.update(state=SearchState.RUNNING, began_at=now, parts_done=0, rows=0):
            raise Cancelled
        audit.record(
            "demand.search_begun", by=by, at=now, matter=demand.matter, demand=demand.pk, search=row.pk
        )
        scope, lines = scope_in(demand, made), lines_in_force(demand)
        choices = view(demand, by=by, now=now).choices.values()
    guide = policy.at(now)
    chosen = frozenset(holder for choice in choices for holder in choice.holders)
    known = {product.id: product for product in guide.products}
    keys = [
        (known[product], number)
        for product, number in _keys(scope)
        if product in known and known[product].answered_by in SEARCHING
    ]

    def beat(rows: int) -> None:
        _progress(row, rows=rows)

    return Asking(scope, guide, by, now, beat, chosen), keys, lines


def _in_force(row: DemandSearch, demand: Demand) -> DemandScope:
    """Return the approved scope, if it is the one that this search is about."""
    made = DemandScope.objects.filter(demand=demand, approved_at__isnull=False, ended_at=None).first()
    if made is None or scope_in(demand, made).digest() != row.digest:
        raise CannotSearch("The scope changed since this was asked for.")
    return made


def _keys(scope: Scope) -> list[Key]:
    return sorted({(grant.product, grant.number) for grant in scope.grants})


def _progress(row: DemandSearch, *, rows: int = 0, part: bool = False) -> None:
    """Say how far it is. :raises Cancelled: when somebody ended it meanwhile"""
    running = DemandSearch.objects.filter(pk=row.pk, state=SearchState.RUNNING)
    if not running.update(rows=F("rows") + rows, parts_done=F("parts_done") + int(part)):
        raise Cancelled


def _keep(
    row: DemandSearch,
    asking: Asking,
    answers: list[Answer],
    lines: tuple[Line, ...],
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Let the database know of the files, open the work orders and prepare the production: all or nothing."""
    with transaction.atomic():
        demand = locked(row.demand.case_id, by=by, now=now, permission=ACT)
        _in_force(row, demand)
        refuse_while_gated(demand, by=by, now=now)
        orders = _open_orders(demand, asking, by=by, now=now)
        parts, coverage = _parts(demand, asking, answers, by=by, now=now)
        done, more = _attached(demand, asking)
        elsewhere = _elsewhere(asking, done)
        inputs = Inputs(
            case=_facts(demand, asking.guide, by=by, now=now),
            parts=(*parts, *more),
            asked=covering.asked(lines),
            coverage=covering.whole(lines, [*coverage, *done, *elsewhere]),
            declarant=Declarant(by.name, asking.guide.productions.custodian),
        )
        production = productions.prepare(inputs=inputs, scope=asking.scope, by=by, now=now)
        rows = sum(answer.rows for answer in answers)
        running = DemandSearch.objects.filter(pk=row.pk, state=SearchState.RUNNING)
        if not running.update(
            state=SearchState.DONE, ended_at=now, ended_by=by.ref, production=production, rows=rows
        ):
            raise Cancelled
        for answer in answers:
            audit.record(
                "demand.part_answered", by=by, at=now, matter=demand.matter, demand=demand.pk, search=row.pk,
                product=answer.key[0], how=answer.how, rows=answer.rows,
            )  # fmt: skip
        audit.record(
            "demand.search_done", by=by, at=now, matter=demand.matter, demand=demand.pk, search=row.pk,
            production=production, rows=rows, files=len(inputs.parts), orders=orders,
        )  # fmt: skip


def _parts(
    demand: Demand, asking: Asking, answers: list[Answer], *, by: Actor, now: datetime
) -> tuple[list[Part], list[Coverage]]:
    parts: list[Part] = []
    coverage: list[Coverage] = []
    reference = demand.case.reference
    for answer in answers:
        product, number = answer.key
        coverage += answer.coverage
        calls = [each.key for each in answers if each.how in sources.WAYS and each.key[1] == number]
        ending = "CDR" if answer.how in sources.WAYS else "info"
        alone = answer.how in sources.WAYS and len(calls) == 1
        stem = covering.stem(reference, number, product, alone=alone, ending=ending)
        for table in answer.tables:
            file = documents.enter(table.kept, purpose="records", media_type=table.media_type, by=by, now=now)
            parts.append(Part(file.id, f"{stem}.{table.ending}", product, number, table.columns))
    return parts, coverage


def _facts(demand: Demand, guide: Guide, *, by: Actor, now: datetime) -> CaseFacts:
    home: CaseView = view(demand, by=by, now=now).case
    said = process.received(id=demand.received_id, by=by, now=now).said
    kind = next((each.name for each in guide.process_types if each.id == said.process), "legal process")
    named = f"{kind} {said.number}".strip() + (f" of {said.issuer}" if said.issuer else "")
    proven = bool(home.agency) and agencies.has_domain_of(agency=home.agency, address=home.contact.email)
    return CaseFacts(
        id=home.id, reference=home.reference, matter=home.matter, agency=home.agency,
        agency_name=agencies.names({home.agency}).get(home.agency, home.contact.agency_name), process=named,
        contact=home.contact.name, address=home.contact.email if proven else "",
    )  # fmt: skip


def _stop(row: DemandSearch, why: str, *, by: Actor, now: datetime) -> None:
    with transaction.atomic():
        key = sealed.key_of(row.demand.matter)
        running = DemandSearch.objects.filter(pk=row.pk, state__in=[SearchState.WAITING, SearchState.RUNNING])
        said = sealed.close(key, f"search {row.pk} why", why)
        if running.update(state=SearchState.STOPPED, ended_at=now, ended_by=by.ref, why=said):
            audit.record(
                "demand.search_stopped", by=by, at=now, matter=row.demand.matter, demand=row.demand_id,
                search=row.pk, why="refused",
            )  # fmt: skip


# what other systems hold


def _by_hand(asking: Asking) -> dict[str, Product]:
    return {each.id: each for each in asking.guide.products if each.answered_by == BY_HAND}


def _open_orders(demand: Demand, asking: Asking, *, by: Actor, now: datetime) -> int:
    """Open a work order for each grant that a person has to fetch elsewhere, unless there is one; return how many are new."""
    key, count = sealed.key_of(demand.matter), 0
    known = {
        (each.product, sealed.opened(key, f"work order {each.pk}", each.number), each.starts_at, each.ends_at)
        for each in WorkOrder.objects.filter(demand=demand).exclude(state=WorkState.DROPPED)
    }
    by_hand = _by_hand(asking)
    for grant in asking.scope.grants:
        if grant.product not in by_hand:
            continue
        if (grant.product, grant.number, grant.period.start, grant.period.end) in known:
            continue
        made = WorkOrder(
            id=ids.unguessable(), demand=demand, product=grant.product, starts_at=grant.period.start,
            system=by_hand[grant.product].source_system or by_hand[grant.product].name,
            ends_at=grant.period.end, opened_at=now, opened_by=by.ref,
        )  # fmt: skip
        made.number = sealed.close(key, f"work order {made.pk}", grant.number)
        made.save(force_insert=True)
        audit.record(
            "demand.work_order_opened", by=by, at=now, matter=demand.matter, demand=demand.pk, order=made.pk,
            product=grant.product,
        )  # fmt: skip
        count += 1
    return count


def _attached(demand: Demand, asking: Asking) -> tuple[list[Coverage], list[Part]]:
    """Return what people brought from other systems, as far as the scope still grants it."""
    key = sealed.key_of(demand.matter)
    coverage: list[Coverage] = []
    parts: list[Part] = []
    for grant in asking.scope.grants:
        done = WorkOrder.objects.filter(
            demand=demand, state=WorkState.DONE, product=grant.product,
            starts_at=grant.period.start, ends_at=grant.period.end,
        ).order_by("ended_at", "pk")  # fmt: skip
        mine = (
            each for each in done if sealed.opened(key, f"work order {each.pk}", each.number) == grant.number
        )
        if order := next(mine, None):
            taken = [
                each.period
                for each in coverage
                if (each.product, each.number) == (grant.product, grant.number)
            ]
            coverage += [
                Coverage(grant.product, grant.number, part, Outcome.PRODUCED, held=True)
                for part in grant.period.minus(taken)
            ]
            parts.append(Part(order.file, order.name, grant.product, grant.number, period=grant.period))
    return coverage, parts


def _elsewhere(asking: Asking, done: list[Coverage]) -> list[Coverage]:
    """Return what is granted and is not in this production, with its reason."""
    known = {product.id: product.answered_by for product in asking.guide.products}
    found: list[Coverage] = []
    for grant in asking.scope.grants:
        if known.get(grant.product, LIVE) in SEARCHING:
            continue
        taken = [
            each.period
            for each in (*done, *found)
            if (each.product, each.number) == (grant.product, grant.number)
        ]
        why = OTHER_SYSTEM if known.get(grant.product) == BY_HAND else NO_STORE
        found += [
            Coverage(grant.product, grant.number, part, Outcome.WITHHELD, held=False, why=why)
            for part in grant.period.minus(taken)
        ]
    return found
