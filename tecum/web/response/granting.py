"""What is granted and what is kept: decisions about targets, the scope and its approval, gags, holds, preservation."""

from typing import Any

from django.http import HttpResponse

from tecum.accounts import queries as people
from tecum.demands import operations as demands
from tecum.demands import queries
from tecum.demands.rules.compiling import UNKNOWN, Line
from tecum.demands.states import SEARCHED, Outcome
from tecum.kernel import numbers, words
from tecum.policy import queries as policy
from tecum.web.acts import Nothing, Reason, Row, grouped, posted, run
from tecum.web.gates import opens
from tecum.web.requests import Asked
from tecum.web.response.acts import at_demand, page
from tecum.web.response.forms import Choose, Gag


@opens(read="demand.work", write="demand.work")
def choose(request: Asked, case: str, target: str) -> HttpResponse:
    """Say whose records a target means, or leave it out."""
    demand = at_demand(request, case)
    mine = [
        line for line in queries.lines(case=case, by=request.actor, now=request.now) if line.target == target
    ]
    zone = policy.at(request.now).carrier.zone.tz
    holders: dict[str, list[str]] = {}
    for line in mine:
        if line.holder:
            span = f"{words.moment(line.period.start, zone)} to {words.moment(line.period.end, zone)}"
            holders.setdefault(line.holder, []).append(span)
    options = [
        (
            holder,
            f"{'Nobody known to us had it' if holder == UNKNOWN else 'The holder'} from {'; '.join(spans)}",
        )
        for holder, spans in holders.items()
    ] or [(UNKNOWN, "It was ours, as I know from elsewhere")]
    form = Choose(posted(request), holders=options)
    rows = (
        Row("Now", points=[f"{line.outcome.value.replace('_', ' ')}: {line.because}" for line in mine]),
        *_nearby(request, case, target, mine),
    )

    def do(given: dict[str, Any]) -> None:
        demands.choose(
            case=case, target=target, holders=given["holders"], withheld=given["withheld"], reason=given["reason"],
            by=request.actor, now=request.now,
        )  # fmt: skip

    said = page(demand, "Decide about a target", "Decide so", rows=rows)
    return run(
        request,
        form=form,
        page=said,
        do=do,
        done="Decided. A scope that rested on another decision has ended.",
    )


def _nearby(request: Asked, case: str, target: str, mine: list[Line]) -> tuple[Row, ...]:
    """Say, to staff only, that a number which nobody had is one slip away from one that was ours."""
    if request.method == "POST" or not any(line.outcome is Outcome.UNKNOWN_HOLDER for line in mine):
        return ()
    near = demands.look_nearby(case=case, target=target, by=request.actor, now=request.now)
    if not near:
        return ()
    said = "Nobody is known to have had the number; one digit from it these were ours in that time. Ask the agency which number it means, and name none of these."
    return (Row("Perhaps a typing error", said, points=[numbers.grouped(each) for each in near]),)


@opens(read="demand.scope", write="demand.scope")
def scope(request: Asked, case: str) -> HttpResponse:
    """Propose exactly what is granted; a second person approves it."""
    demand = at_demand(request, case)
    rows = scope_rows(request, case)

    def do(_: dict[str, Any]) -> None:
        demands.propose_scope(case=case, by=request.actor, now=request.now)

    said = page(
        demand,
        "Propose the scope",
        "Propose exactly this",
        rows=rows,
        lead="Nothing leaves before a second person approves it.",
    )
    return run(
        request, form=Nothing(posted(request)), page=said, do=do, done="Proposed; another person approves it."
    )


@opens(read="demand.scope", write="demand.scope")
def approve(request: Asked, case: str, proposal: str) -> HttpResponse:
    """Approve exactly what another person proposed."""
    demand = at_demand(request, case)
    rows = (*_proposed(request, case, proposal), *scope_rows(request, case))

    def do(_: dict[str, Any]) -> None:
        demands.approve_scope(proposal=proposal, by=request.actor, now=request.now)

    said = page(demand, "Approve the scope", "Approve exactly this", rows=rows, grave=True)
    return run(request, form=Nothing(posted(request)), page=said, do=do, done="The scope is in force.")


def _proposed(request: Asked, case: str, proposal: str) -> tuple[Row, ...]:
    """Say who proposed it and when, and the hash that the acts of both are bound to."""
    known = queries.scopes(case=case, by=request.actor, now=request.now)
    made = next((each for each in known if proposal in {each.id, each.approval}), None)
    if made is None:
        return ()
    who = people.names({made.proposed_by}).get(made.proposed_by, "another person")
    at = words.moment(made.proposed_at, policy.at(request.now).carrier.zone.tz)
    return (Row("Proposed", facts={"By": who, "At": at, "SHA-256 of the scope": grouped(made.digest)}),)


def scope_rows(request: Asked, case: str) -> tuple[Row, ...]:
    """Repeat exactly what will and what will not be searched."""
    guide = policy.at(request.now)
    zone, names = guide.carrier.zone.tz, {each.id: each.name for each in guide.products}
    granted, refused = [], []
    for line in queries.lines(case=case, by=request.actor, now=request.now):
        span = f"{words.moment(line.period.start, zone)} to {words.moment(line.period.end, zone)}"
        text = f"{numbers.grouped(line.number)}, {names.get(line.product, line.product)}, {span}"
        if line.outcome in SEARCHED:
            granted.append(f"{text} (by {line.clause})")
        else:
            refused.append(f"{text}: {line.because}")
    return (
        Row("Will be searched", "" if granted else "Nothing: the answer will say so.", granted),
        Row("Will not", "" if refused else "Nothing is left out.", refused),
    )


@opens(read="demand.work", write="demand.work")
def gag(request: Asked, case: str) -> HttpResponse:
    """Write down whether the process forbids to tell."""
    demand = at_demand(request, case)

    def do(given: dict[str, Any]) -> None:
        demands.set_gag(
            case=case, gag=given["gag"], starts=given["starts"], until=given["until"], cited=given["cited"],
            by=request.actor, now=request.now,
        )  # fmt: skip

    today = request.now.astimezone(policy.at(request.now).carrier.zone.tz).date()
    said = page(
        demand,
        "Write down the gag",
        "Write it down",
        lead="The guide says what becomes of one without an end, or without a law.",
    )
    return run(request, form=Gag(posted(request), initial={"starts": today, "gag": True, "cited": True}), page=said, do=do, done="Written down; its end stands in the diary.")  # fmt: skip


@opens(read="demand.work", write="demand.work")
def preserve(request: Asked, case: str) -> HttpResponse:
    """Preserve the records that a demand names, or renew that."""
    demand = at_demand(request, case)
    standing = queries.preservation(case=case, by=request.actor, now=request.now)
    zone = policy.at(request.now).carrier.zone.tz

    def do(_: dict[str, Any]) -> None:
        act = demands.renew if standing else demands.preserve
        act(case=case, by=request.actor, now=request.now)

    lead = (
        f"Preserved until {words.moment(standing.ends_at, zone)}."
        if standing
        else "The records that still exist are kept as long as the guide says; the agency is told."
    )
    said = page(
        demand,
        "Renew the preservation" if standing else "Preserve the records",
        "Renew" if standing else "Preserve",
        lead=lead,
    )
    return run(
        request, form=Nothing(posted(request)), page=said, do=do, done="Kept; the agency is told until when."
    )


@opens(read="demand.hold", write="demand.hold")
def hold(request: Asked, case: str) -> HttpResponse:
    """Hold what waits for a person's word: an unproven sender, an agency over its ceiling."""
    demand = at_demand(request, case)
    waits = queries.hold_plan(case=case, by=request.actor, now=request.now)
    zone = policy.at(request.now).carrier.zone.tz
    points = [
        f"{numbers.grouped(each.number)}, {words.moment(each.period.start, zone)} to {words.moment(each.period.end, zone)}"
        for each in waits.waits
    ]
    rows = (
        Row("Why it waits", waits.because or "Nothing waits."),
        Row("Will be held", "" if points else "Nothing.", points),
    )

    def do(given: dict[str, Any]) -> None:
        demands.hold_waiting(case=case, reason=given["reason"], by=request.actor, now=request.now)

    said = page(demand, "Hold the records", "Hold them", rows=rows)
    return run(request, form=Reason(posted(request)), page=said, do=do, done="Held; nothing of it expires.")
