"""How the own court orders stand, for the officers on their lists; and whether one can be handed in on the page at all."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import QuerySet

from tecum.access.rules import require
from tecum.cases import queries as cases
from tecum.cases.queries import QuoteView
from tecum.documents import printing
from tecum.guide.calculators import process as judging
from tecum.guide.calculators import routing
from tecum.guide.model.guide import Guide, NotInGuide
from tecum.guide.model.reporting import Form
from tecum.guide.questions import Question
from tecum.kernel.actors import Actor
from tecum.kernel.lists import Long
from tecum.kernel.refusals import NotYours
from tecum.notices import queries as notices
from tecum.policy import queries as policy
from tecum.process import messages as letters
from tecum.secrecy import queries as lists
from tecum.surveillance import messages
from tecum.surveillance.models import CourtOrder
from tecum.surveillance.queries.asking import OwnLine, own
from tecum.surveillance.queries.orders import PRODUCT_KIND, ReceiptView, receipt_view
from tecum.surveillance.rules.request_form import FORM
from tecum.surveillance.states import OrderState

LETTERS = (
    letters.PROCESS_DEFICIENT.name,
    messages.ORDER_MODIFIED.name,
    letters.PROCESS_ELSEWHERE.name,
    letters.PROCESS_NOT_HONOURED.name,
)
KINDS = {
    "order": "A surveillance to activate",
    "extension": "An extension of an order",
    "cancellation": "A surveillance to deactivate",
    "coverage": "An inquiry about switches",
}
STANDS = {
    OrderState.RECEIVED: "It is received. Nobody has read it yet.",
    OrderState.IN_REVIEW: "An administrator is reading it.",
    OrderState.DEFICIENT: "Something is missing, or must be modified: our letter says what. Send that, and it goes on.",
    OrderState.SOUND: "It is in order. Two people of the carrier authorise it.",
    OrderState.AUTHORISED: "It is authorised.",
    OrderState.ELSEWHERE: "It belongs to another company: our letter says whose.",
    OrderState.REFUSED: "It is not honoured: our letter says why.",
    OrderState.ANSWERED: "It is settled.",
}


@dataclass(frozen=True, slots=True)
class OrderTold:
    """One order, or what else was asked of Court Order Compliance, as its own officers see it: by reference, never by number."""

    case: str
    reference: str
    kind: str
    what: str
    state: OrderState
    received_at: datetime
    stands: str
    ends: datetime | None
    provisional: bool
    letter: str
    letter_at: datetime | None
    receipts: tuple[ReceiptView, ...]
    papers: tuple[str, ...]
    on: tuple[OwnLine, ...]
    quotes: tuple[
        QuoteView, ...
    ] = ()  # of its price: those that can be answered now, and those that were accepted

    @property
    def waits(self) -> bool:
        """Tell whether its price waits for the agency."""
        return any(each.settled_at is None for each in self.quotes)


def form_on_page(*, now: datetime) -> Form | None:
    """
    Return the request form that officers may fill in on the page; None where the guide has none, or does not name the page
    as a channel of any process that is enough for a surveillance (A17).
    """
    guide = policy.at(now)
    asked = Question(
        on=now.astimezone(guide.carrier.zone.tz).date(),
        product=next((each.id for each in guide.products if each.kind == PRODUCT_KIND), ""),
    )
    try:
        form = printing.find(guide, FORM, asked.on)
        enough = judging.judge(guide, asked, judging.Paper()).would_be_enough
    except NotInGuide:
        return None
    return form if any(_open(guide, replace(asked, process=each)) for each in enough) else None


def _open(guide: Guide, asked: Question) -> bool:
    try:
        return bool(routing.route(guide, asked, channel="portal", form=FORM).accepted)
    except NotInGuide:
        return False


def mine(*, by: Actor, now: datetime) -> Long[OrderTold]:
    """Return the orders of the own agency on whose list an officer stands, the newest first, without letters and receipts."""
    rows = rows_of(by=by, now=now).order_by("-received__received_at", "-pk")
    return Long.of(rows, lambda row: told(row, by=by, now=now, whole=False))


def rows_of(*, by: Actor, now: datetime) -> "QuerySet[CourtOrder]":
    """Return the rows for the functions of this capability. :raises NotYours: without the permission"""
    require(by, "case.own", now=now)
    rows = CourtOrder.objects.select_related("case", "received", "extends")
    known = lists.known_to(by.ref).values("matter")
    return rows.filter(case__agency=by.agency, matter__in=known) if by.agency else rows.none()


def row_for(case: str, *, by: Actor, now: datetime) -> CourtOrder:
    """Return the row of one. :raises NotYours: for everybody who does not stand on its list"""
    row = rows_of(by=by, now=now).filter(case=case).first()
    if row is None:
        raise NotYours
    return row


def told(row: CourtOrder, *, by: Actor, now: datetime, whole: bool = True) -> OrderTold:
    """Return how an order stands, for somebody already known to be on its list."""
    state = OrderState(row.state)
    letter = (
        next((each for each in reversed(notices.of_matter(row.matter)) if each.message in LETTERS), None)
        if whole
        else None
    )
    desk = Actor.system("portal")
    return OrderTold(
        case=row.case_id, reference=row.case.reference, kind=row.kind, what=KINDS[row.kind], state=state,
        received_at=row.received.received_at, stands=STANDS[state], ends=row.expires_at, provisional=row.provisional,
        letter=letter.text if letter else "", letter_at=letter.enqueued_at if letter else None,
        receipts=tuple(receipt_view(each) for each in row.receipts.order_by("-ordinal")) if whole else (),
        papers=tuple(each.name for each in cases.documents(case=row.case_id, by=desk, now=now)) if whole else (),
        on=tuple(each for each in own(by=by, now=now) if each.case == row.case.reference) if whole else (),
        quotes=tuple(cases.quotes_told(case=row.case_id, by=desk, now=now)) if whole else (),
    )  # fmt: skip
