"""One order on one page, for a judge to read: what it says, when it ends and why, what was found, what was done."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tecum.access.rules import may
from tecum.accounts import queries as people
from tecum.agencies import queries as agencies
from tecum.cases import queries as files
from tecum.cases.queries import QuoteView
from tecum.cases.states import QuoteState
from tecum.guide.calculators.expiry import Ending
from tecum.guide.model.guide import NotInGuide
from tecum.policy import queries as policy
from tecum.process import queries as process
from tecum.process.queries import ReceivedView
from tecum.process.rules.checklist import Finding
from tecum.surveillance import queries as surveillance
from tecum.surveillance.operations import orders as operations
from tecum.surveillance.queries import ActView, SurveillanceView, certifications, orders
from tecum.surveillance.queries.orders import OrderView
from tecum.surveillance.rules.order_facts import PARTICULARS
from tecum.surveillance.rules.reviewing import TYPES
from tecum.surveillance.states import OrderState
from tecum.web import past
from tecum.web.acts import Act
from tecum.web.gates import opens
from tecum.web.orders.life import life
from tecum.web.requests import Asked
from tecum.web.response.papers import sheet
from tecum.web.templatetags.frame import Crumb

S = OrderState
READ = {S.IN_REVIEW, S.DEFICIENT, S.SOUND}
KINDS = {
    "order": "Court order",
    "extension": "Extension",
    "cancellation": "Cancellation",
    "coverage": "Coverage inquiry",
}
ORDERS = {"order", "extension"}
# The page of an act, its words, the kinds and the states in which it can be done, and those in which it comes next.
ACTS: tuple[tuple[str, str, Collection[str], Collection[OrderState], Collection[OrderState]], ...] = (
    ("take", "Take this order", {*KINDS}, {S.RECEIVED}, {S.RECEIVED}),
    ("confirm", "Write down what it says", ORDERS, {S.RECEIVED, *READ}, ()),
    ("match", "Hold it against the bill", ORDERS, {S.IN_REVIEW, S.SOUND}, ()),
    ("accept", "Find it sound", ORDERS, {S.IN_REVIEW}, ()),
    ("deficient", "Write what must be modified", ORDERS, {S.IN_REVIEW}, ()),
    ("go_on", "Go on with the review", {*KINDS}, {S.DEFICIENT, S.REFUSED, S.ELSEWHERE, S.ANSWERED}, {S.DEFICIENT}),
    ("propose", "Propose the authority", ORDERS, {S.SOUND}, {S.SOUND}),
    ("quote", "See what it will cost, quote it", {"order"}, {S.IN_REVIEW, S.SOUND}, ()),
    ("coverage", "Answer with our switches", {"coverage"}, {S.RECEIVED, S.IN_REVIEW}, {S.IN_REVIEW}),
    ("cancellation", "Say what became of it", {"cancellation"}, {S.RECEIVED, S.IN_REVIEW}, {S.IN_REVIEW}),
    ("kind", "It is something else", {*KINDS}, {S.RECEIVED, *READ}, ()),
    ("route", "It belongs to another company", ORDERS, {S.IN_REVIEW}, ()),
    ("copy", "Go on with the copy of a partner's order", ORDERS, {S.ELSEWHERE}, ()),
    ("refuse", "Do not honour it", ORDERS, {S.IN_REVIEW}, ()),
    ("add_paper", "Add a paper", {*KINDS}, {S.RECEIVED, *READ, S.AUTHORISED}, ()),
    ("billing", "Write down a corrected billing address", ORDERS, {*READ, S.AUTHORISED}, ()),
    ("collection", "Write down when collection began", ORDERS, {S.AUTHORISED}, ()),
    ("password", "Tell the surveillance password", ORDERS, {S.SOUND, S.AUTHORISED}, ()),
    ("issue", "Issue the receipt again", ORDERS, {*READ, S.AUTHORISED}, ()),
)  # fmt: skip


@opens(read="order.read")
def order(request: Asked, case: str) -> HttpResponse:
    """Show one order with everything it is decided by."""
    by, now = request.actor, request.now
    view = orders.of_case(case=case, by=by, now=now)
    shown = past.show(request, case)
    received = process.received(id=view.received, by=by, now=now)
    findings = orders.findings(case=case, by=by, now=now)
    papers = process.papers(received=view.received, by=by, now=now)
    guide = policy.at(now)
    home = agencies.names({view.case.agency} - {""}).get(view.case.agency) or view.case.contact.agency_name
    taps = (
        surveillance.of_case(case=view.extends_case or case, by=by, now=now)
        if may(by, "surveillance.read")
        else ()
    )
    acts = [act for each in taps for act in surveillance.acts(surveillance=each.id, by=by, now=now)]
    ending = _ending(view, by=by, now=now)
    longer = orders.extensions_of(case=case, by=by, now=now)
    receipts = orders.receipts(case=case, by=by, now=now)
    quotes = files.quotes(case=case, by=by, now=now)
    asked = [each for each in quotes if each.open_at(now)]
    lost = files.last_answers([case]).get(case) in {QuoteState.LAPSED, QuoteState.REFUSED}
    refs = {
        view.case.owner,
        view.read_by,
        view.decided_by,
        *(each.by for each in receipts),
        *(a.proposed_by for a in acts),
    }
    kind = next(
        (each.name for each in guide.process_types if each.id == received.said.process), KINDS[view.kind]
    )
    context = {
        "title": view.case.reference,
        "heading": f"{kind} from {home}" if home else kind,
        "crumbs": [Crumb("Court orders", reverse("orders:orders")), Crumb(view.case.reference, mono=True)],
        "order": view,
        "kind": KINDS[view.kind],
        "file": shown.file,
        "received": received,
        "lines": [(TYPES[each], service) for service, each in view.said.lines],
        "particulars": _particulars(view),
        "sheet": sheet(papers, request.GET.get("paper", ""), request.GET.get("page", "")),
        "papers": papers,
        "met": [each for each in findings if each.met],
        "unmet": sorted((each for each in findings if not each.met), key=lambda each: each.met is None),
        "counts": _counts(findings),
        "ending": ending,
        "picture": _picture(view, received, ending, longer, taps, now),
        "extensions": longer,
        "others": orders.others_on(case=case, by=by, now=now),
        "route": process.elsewhere(received=view.received, by=by, now=now),
        "receipts": receipts,
        "quotes": [(each, each in asked) for each in quotes],
        "cut": _in_force(view, ending, taps)[0],
        "extended": _in_force(view, ending, taps)[1],
        "records": [
            row
            for each in taps
            for row in certifications.of_surveillance(surveillance=each.id, by=by, now=now)
        ],
        "taps": taps,
        "repeats": process.find_duplicates(received=view.received, by=by, now=now),
        "acts": _acts(view, findings, taps, acts, asked, request, lost=lost),
        "waiting": acts,
        "names": people.names(refs - {""}),
        "may_work": may(by, "order.work"),
        "me": by.ref,
        **past.past(request, shown),
    }
    return render(request, "orders/order.html", context)


@opens(read="order.read")
def receipt(request: Asked, case: str, ordinal: int) -> HttpResponse:
    """Show a receipt as PDF; that it was looked at is kept."""
    content = operations.show(case=case, ordinal=ordinal, by=request.actor, now=request.now)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="receipt-{ordinal}.pdf"'
    return answer


def _ending(view: OrderView, *, by: Any, now: datetime) -> Ending | None:
    if view.read_at is None or view.kind not in ORDERS:
        return None
    try:
        return orders.end_of(case=view.case.id, by=by, now=now)
    except NotInGuide:
        return None


def _picture(
    view: OrderView, received: ReceivedView, ending: Ending | None, longer: Sequence[OrderView],
    taps: Sequence[SurveillanceView], now: datetime,
) -> Any:  # fmt: skip
    if ending is None:
        return None
    until = next((each.authority.until for each in taps if each.authority), None)
    begins = view.implemented_at or received.received_at
    return life(view, ending, begins=begins, extensions=longer, until=until, now=now)


def _particulars(view: OrderView) -> list[tuple[str, str]]:
    said = view.said
    values = {
        "dial_up_number": f"{said.dial_up_number} {said.line_kind}".strip(),
        "switches": ", ".join(said.switches),
        "added_switches": ", ".join(said.added_switches),
        "early_termination": said.early_termination,
        "billing_name_and_address": said.billing,
    }
    return [(words, values[name]) for name, words in PARTICULARS.items() if values[name]]


def _counts(findings: Sequence[Finding]) -> dict[str, int]:
    return {
        "met": sum(1 for each in findings if each.met),
        "unmet": sum(1 for each in findings if each.met is False),
        "open": sum(1 for each in findings if each.met is None),
    }


def _acts(
    view: OrderView,
    findings: Sequence[Finding],
    taps: Sequence[SurveillanceView],
    waiting: Sequence[ActView],
    asked: Sequence[QuoteView],
    request: Asked,
    *,
    lost: bool,
) -> list[Act]:
    """Return what can be done now, the next thing first; `lost` says that its newest price was not accepted."""
    by, case = request.actor, view.case.id
    if not may(by, "order.work"):
        return []
    following = {_following(view, findings), "quote" if lost else ""}
    found = [
        Act(words, reverse(f"orders:{name}", args=[case]), view.state in first or name in following)
        for name, words, kinds, states, first in ACTS
        if view.kind in kinds and view.state in states and not (name == "propose" and (waiting or asked))
    ]
    for quote in asked:
        answer = reverse("orders:quote_answer", args=[case, quote.id])
        found.append(Act("Write down its answer to the price", answer, True))
    for each in waiting:
        mine = each.proposed_by == by.ref
        words = (
            "Waits for a second person: look at it" if mine else "Look at what was proposed, and approve it"
        )
        found.append(Act(words, reverse("orders:approve", args=[case, each.id]), not mine))
    standing = next((each for each in taps if each.authority is not None), None)
    if standing is not None and view.state is S.AUTHORISED and may(by, "surveillance.activate"):
        on = any(tap.on for tap in standing.taps)
        if not waiting and not on:
            found.append(Act("Start the surveillance", reverse("orders:start", args=[case]), True))
        if on:
            found += _while_on(view, standing, request)
    return sorted(found, key=lambda each: not each.first)


def _while_on(view: OrderView, standing: SurveillanceView, request: Asked) -> list[Act]:
    """Return what can be changed while something is on."""
    by, force = request.actor, standing.authority
    if force is None:
        return []
    later = view.expires_at is not None and not view.provisional and view.expires_at > force.ends_at
    wanted = (
        ("longer", "Propose the later end", "surveillance.authorize", later),
        ("hold", "Hold the cut while papers are read", "surveillance.hold", force.held_until is None),
        ("release", "Let the held cut happen", "surveillance.end", force.held_until is not None),
        ("add_switch", "Add a switch", "surveillance.activate", True),
        ("handset", "Follow a changed handset or number", "surveillance.activate", force.allows.new_handset or force.allows.new_number),
        ("end", "End it now", "surveillance.end", True),
    )  # fmt: skip
    return [
        Act(words, reverse(f"orders:{name}", args=[view.case.id]), name == "longer")
        for name, words, permission, so in wanted
        if so and may(by, permission)
    ]


def _in_force(
    view: OrderView, ending: Ending | None, taps: Sequence[SurveillanceView]
) -> tuple[datetime | None, datetime | None]:
    """Return when access is cut, and the end in force where an extension or a held cut made it later than the order's own."""
    standing = next((each for each in taps if each.authority is not None), None)
    if standing is None or standing.authority is None or view.extension:
        return view.cut_at, None
    cut = min((tap.cut_at for tap in standing.taps if tap.on), default=view.cut_at)
    until = standing.authority.until
    return cut, until if ending is not None and until > ending.expires else None


def _following(view: OrderView, findings: Sequence[Finding]) -> str:
    """Return the act that comes next in a review."""
    if view.state is not S.IN_REVIEW or view.kind not in ORDERS:
        return ""
    if view.read_at is None:
        return "confirm"
    if view.matched_at is None:
        return "match"
    return "deficient" if any(each.met is False for each in findings) else "accept"
