"""Court orders as their readers see them: what an order says, its end with every reading, its findings, its receipts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

from django.db.models import Q, QuerySet

from tecum.cases import queries as cases
from tecum.cases import sealed
from tecum.cases.queries import CaseView
from tecum.guide.calculators import expiry
from tecum.guide.calculators.expiry import Ending
from tecum.guide.model.emergency import Counting, StartEvent
from tecum.guide.model.guide import Guide, NotInGuide
from tecum.guide.questions import Question, fitting
from tecum.guide.values import instant, parse_span
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy
from tecum.process import queries as process
from tecum.process.queries import ReceivedView
from tecum.process.rules.checklist import Finding
from tecum.secrecy import operations as keys
from tecum.surveillance.models import Authority, CourtOrder, OrderReceipt
from tecum.surveillance.queries.reading import authority_view
from tecum.surveillance.rules.ends import BY_HAND
from tecum.surveillance.rules.order_facts import OrderSaid, moment
from tecum.surveillance.rules.receipt import ReceiptSaid
from tecum.surveillance.rules.reviewing import Former, Matched, World, reviewed
from tecum.surveillance.states import ORDER_OPEN, OrderState

PRODUCT_KIND = "surveillance"


@dataclass(frozen=True, slots=True)
class OrderView:
    """One order with its case; `said` is what a person wrote down of it, empty until `read_at`."""

    id: str
    case: CaseView
    received: str
    kind: str
    state: OrderState
    extends: str
    extends_case: str
    said: OrderSaid
    read_at: datetime | None
    read_by: str
    matched: tuple[Matched, ...]
    matched_at: datetime | None
    expires_at: datetime | None
    cut_at: datetime | None
    provisional: bool
    governed_by: str
    computed_at: datetime | None
    act: str
    authority: str
    decided_at: datetime | None
    decided_by: str
    implemented_at: datetime | None
    gag: str
    gag_rule: str
    has_password: bool
    password_told_at: datetime | None
    password_told_by: str
    password_told_how: str

    @property
    def open(self) -> bool:
        """Tell whether somebody has to decide about it."""
        return self.state in ORDER_OPEN

    @property
    def extension(self) -> bool:
        """Tell whether it prolongs another."""
        return self.kind == "extension"


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """One receipt as it was issued."""

    id: str
    ordinal: int
    why: str
    at: datetime
    by: str
    expires_at: datetime | None
    cut_at: datetime | None
    provisional: bool
    sent_how: str
    digest: str
    content: ReceiptSaid


def readable(*, by: Actor, now: datetime) -> "QuerySet[CourtOrder]":
    """Return the orders that somebody may know of: those of the cases that they may know of."""
    rows = CourtOrder.objects.select_related("case", "received", "extends")
    if by.agency or by.customer:
        return rows.none()
    return rows.filter(cases.allowed(by=by, now=now, of="case__"))


def of_case(*, case: str, by: Actor, now: datetime) -> OrderView:
    """Return the order of a case. :raises NotYours: when there is none for this person"""
    return view(row_of(case, by=by, now=now), by=by, now=now)


def row_of(case: str, *, by: Actor, now: datetime) -> CourtOrder:
    """Return the row for the functions of this capability. :raises NotYours"""
    row = readable(by=by, now=now).filter(case=case).first()
    if row is None:
        raise NotYours
    return row


def view(row: CourtOrder, *, by: Actor, now: datetime) -> OrderView:
    """Return a row as its readers see it."""
    return OrderView(
        id=row.pk, case=cases.case(case=row.case_id, by=by, now=now), received=row.received_id, kind=row.kind,
        state=OrderState(row.state), extends=row.extends_id or "", extends_case=row.extends.case_id if row.extends else "",
        said=said_of(row), read_at=row.read_at, read_by=row.read_by, matched=matched_of(row), matched_at=row.matched_at,
        expires_at=row.expires_at, cut_at=row.cut_at, provisional=row.provisional, governed_by=row.governed_by,
        computed_at=row.computed_at, act=row.act, authority=row.authority, decided_at=row.decided_at,
        decided_by=row.decided_by, implemented_at=row.implemented_at, gag=row.gag, gag_rule=row.gag_rule,
        has_password=bool(row.password), password_told_at=row.password_told_at, password_told_by=row.password_told_by,
        password_told_how=row.password_told_how,
    )  # fmt: skip


def said_of(row: CourtOrder) -> OrderSaid:
    """Return what an order says; nothing where nobody wrote it down, or its retention is over."""
    key = keys.keys_of([row.matter]).get(row.matter)
    return OrderSaid.read(sealed.opened(key, f"order {row.pk}", row.said) or {})


def billing_address(case: str) -> str:
    """Return where an order's agency wants to be billed, as it verified it on the receipt (R-134), for who may know of the case."""
    row = CourtOrder.objects.filter(case_id=case).first()
    return said_of(row).billing.strip() if row is not None else ""


def matched_of(row: CourtOrder) -> tuple[Matched, ...]:
    """Return what the comparison with the bill gave."""
    key = keys.keys_of([row.matter]).get(row.matter)
    found: list[dict[str, Any]] = sealed.opened(key, f"order {row.pk} bill", row.matched) or []
    return tuple(
        Matched(**{**each, "says": tuple(each["says"]), "for_agency": tuple(each["for_agency"])})
        for each in found
    )


def question(guide: Guide, received: ReceivedView, said: OrderSaid) -> Question:
    """Return an order as the guide's calculators are asked about it: by its receipt, its place, its kind."""
    product = next((each.id for each in guide.products if each.kind == PRODUCT_KIND), "")
    return Question(
        on=received.received_at.astimezone(guide.carrier.zone.tz).date(), product=product, process=received.said.process,
        country=received.said.country, region=received.said.region, city=received.said.city, services=tuple(said.services),
    )  # fmt: skip


def as_calculated(
    guide: Guide, received: ReceivedView, said: OrderSaid, *, implemented_at: datetime | None, assumed: datetime | None,
    former: datetime | None = None,
) -> expiry.Order:  # fmt: skip
    """Return an order as the calculator of ends takes it."""
    zone = guide.expiry.zone or guide.carrier.zone
    collection = moment(said.collection_at)
    return expiry.Order(
        types=tuple(said.types),
        ordered=moment(said.issued_at) or received.said.issued_on,
        implemented=implemented_at,
        collection=instant(collection, zone) if collection else None,
        duration=parse_span(said.duration) if said.duration else None,
        ends=moment(said.ends),
        start=_one_of(said.start, get_args(StartEvent)),
        counting=_one_of(said.counting, get_args(Counting)),
        exact_time=said.allows.exact_time,
        unattended=_unattended(guide, said),
        former=former,
        assumed=assumed,
    )


def _unattended(guide: Guide, said: OrderSaid) -> bool | None:
    """Tell whether every switch that the order names is ended by a driver; None, what the guide says, where it names none."""
    drivers = {each.id: each.driver for each in guide.switches}
    named = [drivers[each] for each in said.all_switches if each in drivers]
    return all(each != BY_HAND for each in named) if named else None


def _one_of(value: str, known: Sequence[Any]) -> Any:
    return value if value in known else None


def ending(row: CourtOrder, *, by: Actor, now: datetime) -> Ending:
    """
    Return when an order ends, by every reading, as what is known now gives it.

    What has not begun is assumed to begin at its receipt: never too late, and said to be provisional.

    :raises NotInGuide: when it gives no end, or what it says cannot be read
    """
    received = process.received(id=row.received_id, by=by, now=now)
    guide, said = policy.at(row.received.received_at), said_of(row)
    former = _former_end(row)
    try:
        told = as_calculated(
            guide,
            received,
            said,
            implemented_at=row.implemented_at,
            assumed=received.received_at,
            former=former,
        )
    except ValueError as fault:
        raise NotInGuide(f"What it says of its time cannot be read: {fault}.") from None
    return expiry.ending(guide, question(guide, received, said), told)


def end_of(*, case: str, by: Actor, now: datetime) -> Ending:
    """Return when the order of a case ends, by every reading. :raises NotYours: :raises NotInGuide: when it gives no end"""
    return ending(row_of(case, by=by, now=now), by=by, now=now)


def _former_end(row: CourtOrder) -> datetime | None:
    """Return the end of what an extension prolongs, where it came before that end or names it as its start."""
    if row.kind != "extension" or row.extends is None or not row.extends.authority:
        return None
    authority = Authority.objects.filter(pk=row.extends.authority).first()
    if authority is None:
        return None
    # Once this extension is in force the authority's end is its own: what it prolonged stands in the first order.
    end = row.extends.expires_at if row.authority and row.extends.expires_at else authority.ends_at
    zone = policy.at(row.received.received_at).carrier.zone.tz
    return (
        end.astimezone(zone) if row.received.received_at < end or said_of(row).start == "former_end" else None
    )


def findings(*, case: str, by: Actor, now: datetime) -> tuple[Finding, ...]:
    """Return the whole checklist of an order: what every process is asked, then what a surveillance is. :raises NotYours"""
    row = row_of(case, by=by, now=now)
    return (*process.checklist(received=row.received_id, by=by, now=now), *own_findings(row, by=by, now=now))


def own_findings(row: CourtOrder, *, by: Actor, now: datetime) -> tuple[Finding, ...]:
    """Return what the review of an order finds beyond the checklist of every process."""
    if row.kind not in {"order", "extension"}:
        return ()
    received = process.received(id=row.received_id, by=by, now=now)
    guide, said = policy.at(row.received.received_at), said_of(row)
    asked = question(guide, received, said)
    found, no_end = None, ""
    try:
        found = ending(row, by=by, now=now)
    except NotInGuide as fault:
        no_end = str(fault)
    day = now.astimezone(guide.carrier.zone.tz).date()
    world = World(
        received_at=row.received.received_at, matched=matched_of(row), ending=found, no_end=no_end,
        caps=tuple(fitting(guide.expiry_caps, asked, guide)),
        switches=tuple((each.id, tuple(each.services)) for each in policy.at(now).on(policy.at(now).switches, day)),
        extension=row.kind == "extension", former=_former(row),
    )  # fmt: skip
    return reviewed(guide, received.said, said, world)


def _former(row: CourtOrder) -> Former | None:
    if row.extends is None:
        return None
    authority = Authority.objects.filter(pk=row.extends.authority).first() if row.extends.authority else None
    said = said_of(row.extends)
    numbers = {each.number for each in said.subjects}
    types = {str(kind) for kind in said.types}
    until = None
    if authority is not None:
        standing = authority_view(authority)
        numbers |= {each.number for each in standing.ordered}
        types |= {str(each.type) for each in standing.ordered}
        until = standing.until
    return Former(row.extends.case.reference, frozenset(numbers), frozenset(types), until)


def receipts(*, case: str, by: Actor, now: datetime) -> tuple[ReceiptView, ...]:
    """Return the receipts of an order, the newest first. :raises NotYours"""
    row = row_of(case, by=by, now=now)
    return tuple(receipt_view(each) for each in row.receipts.order_by("-ordinal"))


def receipt_view(row: OrderReceipt) -> ReceiptView:
    """Return a receipt as its readers see it."""
    return ReceiptView(
        row.pk, row.ordinal, row.why, row.at, row.by, row.expires_at, row.cut_at, row.provisional, row.sent_how, row.digest,
        ReceiptSaid.read(sealed.opened(keys.keys_of([row.order.matter]).get(row.order.matter), f"receipt {row.pk}", row.content) or {}),
    )  # fmt: skip


def extensions_of(*, case: str, by: Actor, now: datetime) -> tuple[OrderView, ...]:
    """Return the extensions of an order that this person may know of, in the order of their arrival. :raises NotYours"""
    row = row_of(case, by=by, now=now)
    rows = readable(by=by, now=now).filter(extends=row).order_by("received__received_at")
    return tuple(view(each, by=by, now=now) for each in rows)


def others_on(*, case: str, by: Actor, now: datetime) -> tuple[OrderView, ...]:
    """Return other orders, not over, that name one of the same targets: each ends by itself. :raises NotYours"""
    row = row_of(case, by=by, now=now)
    mine = {each.number for each in said_of(row).subjects}
    near = cases.with_targets(prints=cases.prints(row.case_id)[1], by=by, now=now)
    found = readable(by=by, now=now).filter(case__in=near, kind__in=["order", "extension"]).exclude(pk=row.pk)
    found = found.exclude(state__in=["REFUSED", "ELSEWHERE"]).filter(
        Q(expires_at=None) | Q(expires_at__gt=now)
    )
    seen = [view(each, by=by, now=now) for each in found]
    return tuple(each for each in seen if mine & {subject.number for subject in each.said.subjects})


def to_extend(*, case: str, by: Actor, now: datetime) -> list[tuple[str, str]]:
    """
    Return the orders that an extension probably prolongs, the youngest first: case and reference of those of its agency, or
    that name one of its targets, and became an authority; the youngest hundred while neither is known. :raises NotYours
    """
    row = row_of(case, by=by, now=now)
    near = cases.with_targets(prints=cases.prints(case)[1], by=by, now=now)
    rows = _extendable(by=by, now=now).exclude(case=case).order_by("-decided_at")
    found = rows.values_list("case_id", "case__reference")
    if not row.case.agency and not cases.prints(case)[1]:
        return list(found[:100])
    theirs = Q(case__agency=row.case.agency) if row.case.agency else Q(case__in=near)
    return list(found.filter(theirs | Q(case__in=near) | Q(pk=row.extends_id)))


def extendable(*, reference: str, by: Actor, now: datetime) -> str:
    """Return the case of an order that an extension may prolong, by its reference; nothing when there is no such order."""
    rows = _extendable(by=by, now=now).filter(case__reference=reference.strip().upper())
    return rows.values_list("case_id", flat=True).first() or ""


def _extendable(*, by: Actor, now: datetime) -> "QuerySet[CourtOrder]":
    return readable(by=by, now=now).filter(kind="order").exclude(authority="")
