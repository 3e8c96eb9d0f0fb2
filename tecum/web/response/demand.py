"""One demand on one page: the paper beside its facts, what the rules say, what is granted, and the decision."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tecum.access.rules import may
from tecum.accounts import queries as people
from tecum.agencies import queries as agencies
from tecum.cases.queries import CaseFile
from tecum.cases.states import ClockState, GateState
from tecum.demands import queries
from tecum.demands.queries import DemandView, ScopeView
from tecum.demands.rules.compiling import Line, by_target
from tecum.demands.rules.fees import ACCEPTED, PAID
from tecum.demands.states import OPEN, SEARCHED, STOPS, DemandState, Outcome
from tecum.policy import queries as policy
from tecum.process import queries as process
from tecum.process.rules.checklist import Finding
from tecum.production import queries as productions
from tecum.web import arrears, past
from tecum.web.acts import Act
from tecum.web.gates import opens
from tecum.web.requests import Asked
from tecum.web.response import fees
from tecum.web.response.papers import sheet
from tecum.web.templatetags.frame import Crumb

FACTS = (
    ("Addressed to", "entity"), ("Number of the process", "number"), ("Issued by", "issuer"), ("Signed by", "signer"),
    ("As", "signed_by"), ("Dated", "issued_on"), ("Return date", "return_on"), ("Country", "country"), ("State or province", "region"),
)  # fmt: skip
OUTCOMES = {
    Outcome.GRANTED: ("ok", "Granted"),
    Outcome.UNCERTAIN: ("ok", "Granted, may not exist"),
    Outcome.UNSUPPORTED: ("no", "Not supported"),
    Outcome.EXPIRED: ("no", "No longer kept"),
    Outcome.NOT_KEPT: ("no", "Never kept"),
    Outcome.NOT_OURS: ("no", "Not ours"),
    Outcome.WHOLESALE: ("no", "Serve the provider"),
    Outcome.CHANGED_HANDS: ("ask", "Changed hands"),
    Outcome.UNKNOWN_HOLDER: ("ask", "Nobody known"),
    Outcome.WITHHELD: ("no", "Left out"),
}


S = DemandState
OVER = {S.PRODUCED, S.NO_RECORDS, S.REFUSED, S.ROUTED}
WAITS = {S.DEFICIENT, S.OBJECTED}
# The page of an act, its words, the states in which it can be done, and those in which it is what comes next.
ACTS: tuple[tuple[str, str, Collection[DemandState], Collection[DemandState]], ...] = (
    ("take", "Take this demand", {S.RECEIVED}, {S.RECEIVED}),
    ("confirm", "Confirm what it says", {S.RECEIVED, S.IN_REVIEW}, {S.IN_REVIEW}),
    ("accept", "Find the process sound", {S.IN_REVIEW}, ()),
    ("go_on", "The agency has answered: go on", WAITS, WAITS),
    ("go_on", "Go on with it: supplement or correct", OVER, ()),
    ("deficient", "Send a deficiency letter", {S.IN_REVIEW}, ()),
    ("object", "Object, or ask to narrow", {S.IN_REVIEW, S.SCOPED}, ()),
    ("gag", "Write down the gag", {*OPEN, S.PRODUCED}, ()),
    ("extend", "More time: move the return date", OPEN, ()),
    ("preserve", "Preserve the records", OPEN, ()),
    ("route", "It belongs to another company", OPEN, ()),
    ("refuse", "Do not honour it", OPEN, ()),
    ("add_paper", "Add a paper", OPEN, ()),
    ("withdraw", "The agency withdraws it", OPEN, ()),
)


@dataclass(frozen=True)
class Target:
    """One target with its lines."""

    id: str
    number: str
    words: str
    product: str
    period: Any
    state: str
    lines: Sequence[tuple[str, str, Line]]
    stops: bool


@opens(read="demand.read")
def review(request: Asked, case: str) -> HttpResponse:
    """Show one demand with everything it is decided by."""
    by, now = request.actor, request.now
    shown = past.show(request, case)
    file = shown.file
    read = queries.review(file=file, by=by, now=now)
    demand, received, lines = read.demand, read.received, read.lines
    papers = process.papers(received=demand.received, by=by, now=now)
    guide = policy.at(now)
    kinds = {each.id: each.name for each in guide.process_types}
    products = {each.id: each.name for each in guide.products}
    home = (
        agencies.names({demand.case.agency} - {""}).get(demand.case.agency) or demand.case.contact.agency_name
    )
    kind = kinds.get(received.said.process, "Legal demand")
    refs = {demand.case.owner, *(each.proposed_by for each in read.proposals)} - {""}
    context = {
        "title": demand.case.reference,
        "heading": f"{kind} from {home}" if home else kind,
        "crumbs": [
            Crumb("Legal demands", reverse("response:demands")),
            Crumb(demand.case.reference, mono=True),
        ],
        "demand": demand,
        "desk": next((each.name for each in guide.desks if each.id == demand.case.desk), ""),
        "file": file,
        "received": received,
        "facts": [
            (label, getattr(received.said, name)) for label, name in FACTS if getattr(received.said, name)
        ],
        "sheet": sheet(papers, request.GET.get("paper", ""), request.GET.get("page", "")),
        "papers": papers,
        "findings": read.findings,
        "counts": _counts(read.findings),
        "targets": _targets(file, lines, products),
        "granted": sum(1 for line in lines if line.outcome in SEARCHED),
        "stops": sum(1 for line in lines if line.outcome in STOPS),
        "repeats": process.find_duplicates(received=demand.received, by=by, now=now),
        "gates": [
            each
            for each in file.gates
            if each.state is GateState.OPEN and each.kind not in {*ACCEPTED, *PAID, "customer_told"}
        ],
        "clocks": [each for each in file.clocks if each.state is not ClockState.ENDED],
        "waits": read.plan,
        "holds": read.holds,
        "preservation": read.preservation,
        "proposals": read.proposals,
        "learns": [each for each in read.learns if each.learns],
        "kept_from": [each for each in read.learns if not each.learns],
        "names": people.names(refs),
        "acts": _acts(demand, lines, read.proposals, request),
        "may_work": may(by, "demand.work"),
        "productions": productions.productions(by=by, now=now, case=case)
        if may(by, "production.read")
        else [],
        "me": by.ref,
        "form_c": read.form,
        "quotes": fees.shown(read.quotes, now),
        "unasked": read.unasked,
        "late": arrears.late(
            demand.case.agency,
            whose="the agency",
            now=now,
            process=received.said.process,
            facts=received.said.facts,
        ),
        "owed": read.owed,
        "may_tell": may(by, "demand.tell_customer"),
        **past.past(request, shown),
    }
    return render(request, "response/demand.html", context)


def _counts(findings: Sequence[Finding]) -> dict[str, int]:
    return {
        "met": sum(1 for each in findings if each.met),
        "unmet": sum(1 for each in findings if each.met is False),
        "open": sum(1 for each in findings if each.met is None),
    }


def _targets(file: CaseFile, lines: Sequence[Line], products: dict[str, str]) -> list[Target]:
    mine = by_target(lines)
    found = []
    for each in file.targets:
        parts = [(*OUTCOMES[line.outcome], line) for line in mine.get(each.id, ())]
        found.append(
            Target(
                each.id,
                each.value,
                each.words,
                products.get(each.product, each.product),
                each.period,
                each.state.value,
                parts,
                any(line.outcome in STOPS for line in mine.get(each.id, ())),
            )  # fmt: skip
        )
    return found


def _acts(
    demand: DemandView, lines: Sequence[Line], proposals: Sequence[ScopeView], request: Asked
) -> list[Act]:
    """Return what can be done now, the next thing first."""
    by, case = request.actor, demand.case.id
    if not may(by, "demand.work"):
        return []
    found = [
        Act(words, reverse(f"response:{name}", args=[case]), demand.state in first)
        for name, words, states, first in ACTS
        if demand.state in states
    ]
    waiting = next((each for each in proposals if each.waits), None)
    if waiting is None and demand.state is DemandState.IN_REVIEW and lines:
        stopped = any(line.outcome in STOPS for line in lines)
        found.append(Act("Propose the scope", reverse("response:scope", args=[case]), not stopped))
    if waiting is not None and may(by, "demand.scope") and waiting.proposed_by != by.ref:
        address = reverse("response:approve", args=[case, waiting.id])
        found.append(Act("Look at the proposed scope and approve it", address, True))
    if demand.state is DemandState.SCOPED and may(by, "production.prepare"):
        found.append(Act("Search and prepare the production", reverse("desk:case_search", args=[case]), True))
    if demand.undo_until and demand.undo_until > request.now:
        found.append(Act("Take the withdrawal back", reverse("response:undo", args=[case]), True))
    return sorted(found, key=lambda each: not each.first)
