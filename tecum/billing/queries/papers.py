"""Invoices and payments, one and many, without those of cases that are sealed to the reader."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from tecum.access.rules import require
from tecum.agencies import queries as agencies
from tecum.billing import adapters
from tecum.billing.adapters import InvoiceView, PaymentView
from tecum.billing.models import Invoice, InvoiceLine, Payment, SettledFact
from tecum.billing.states import InvoiceState, Outcome, PaperKind, PaymentState
from tecum.cases import queries as cases
from tecum.cases.queries import AccountView
from tecum.kernel.actors import Actor
from tecum.kernel.lists import Long
from tecum.kernel.money import Money
from tecum.kernel.refusals import NotYours

ON_A_PAGE = 50
UNPAID = (InvoiceState.OPEN, InvoiceState.DISPUTED)


def readable(*, by: Actor, now: datetime) -> "QuerySet[Invoice]":
    """Return the invoices that somebody may know of. :raises NotYours: without the permission"""
    require(by, "billing.read", now=now)
    return Invoice.objects.exclude(case__in=cases.sealed_to(by).values("pk"))


def row_of(invoice: str, *, by: Actor, now: datetime) -> Invoice:
    """Return an invoice's row for the functions of this capability. :raises NotYours: when it is not to be known of"""
    row = readable(by=by, now=now).filter(pk=invoice).first()
    if row is None:
        raise NotYours
    return row


def invoice(*, id: str, by: Actor, now: datetime) -> InvoiceView:
    """Return one invoice with its lines. :raises NotYours: when it is unknown, or not to be known of"""
    return adapters.invoice(row_of(id, by=by, now=now), lines=True)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a list."""

    rows: tuple[InvoiceView, ...]
    found: int
    page: int
    pages: int
    names: dict[str, str]


def invoices(
    *, by: Actor, now: datetime, state: str = "", agency: str = "", number: str = "", late: bool = False,
    on: date | None = None, page: int = 1,
) -> Sheet:  # fmt: skip
    """Return invoices and credit notes, newest first, narrowed by state, agency, number, or being overdue on a day."""
    rows = (
        readable(by=by, now=now).prefetch_related("credit_notes").order_by("-issued_at", "-series", "-number")
    )
    if state in set(InvoiceState):
        rows = rows.filter(state=state, kind=PaperKind.INVOICE)
    if agency:
        rows = rows.filter(agency=agency)
    if late and on is not None:
        rows = rows.filter(state=InvoiceState.OPEN, kind=PaperKind.INVOICE, due_on__lt=on)
    if number.strip():
        series, _, digits = number.strip().upper().rpartition("-")
        rows = rows.filter(series=series or "INV", number=int(digits)) if digits.isdecimal() else rows.none()
    sheet = Paginator(rows, ON_A_PAGE).get_page(page)
    found = tuple(adapters.invoice(row) for row in sheet.object_list)
    names = agencies.names({row.agency for row in found})
    return Sheet(found, sheet.paginator.count, sheet.number, sheet.paginator.num_pages, names)


@dataclass(frozen=True, slots=True)
class Unbilled:
    """A case with facts that nothing settled yet."""

    account: AccountView
    facts: int
    oldest: datetime


def unbilled(
    *, by: Actor, now: datetime, ready: bool = True, page: int = 1
) -> "tuple[list[Unbilled], int, int]":
    """Return a page of the cases with open facts, the oldest first: those concluded, or those that go on; with the number of cases and of pages."""
    settled = SettledFact.objects.filter(released_at=None)
    rows = (
        cases.billable(by=by, now=now)
        .filter(state="CLOSED" if ready else "OPEN")
        .exclude(billable_facts=None)
        .annotate(open_facts=Count("billable_facts", filter=~Q(billable_facts__in=settled.values("fact")), distinct=True))
        .filter(open_facts__gt=0)
        .order_by("closed_at", "received_at", "pk")
    )  # fmt: skip
    sheet = Paginator(rows, ON_A_PAGE).get_page(page)
    found = list(sheet.object_list)
    told = cases.noted([row.pk for row in found])
    gone = set(settled.filter(case__in=told).values_list("fact", flat=True))
    lines = []
    for account in cases.accounts(found):
        left = [fact for fact in told[account.case] if fact.id not in gone]
        lines.append(Unbilled(account, len(left), min(fact.happened_at for fact in left)))
    return lines, sheet.paginator.count, sheet.paginator.num_pages


def payments(*, by: Actor, now: datetime, state: str = "WAITING") -> Long[PaymentView]:
    """Return payments of one state, the oldest first. :raises NotYours: without the permission"""
    require(by, "billing.read", now=now)
    known = PaymentState(state) if state in set(PaymentState) else PaymentState.WAITING
    return Long.of(Payment.objects.filter(state=known).order_by("received_on", "pk"), adapters.payment)


def payment(*, id: str, by: Actor, now: datetime) -> PaymentView:
    """Return one payment. :raises NotYours: without the permission, or when it is unknown"""
    require(by, "billing.read", now=now)
    row = Payment.objects.filter(pk=id).first()
    if row is None:
        raise NotYours
    return adapters.payment(row)


@dataclass(frozen=True, slots=True)
class Figures:
    """How billing stands, in one currency."""

    open: Money
    late: Money
    disputed: Money
    paid: Money
    given_up: Money
    by_product: tuple[tuple[str, Money], ...]
    by_process: tuple[tuple[str, Money], ...]
    waived: tuple[tuple[str, Money], ...]


def figures(*, by: Actor, now: datetime, since: date, until: date, on: date, currency: str) -> Figures:
    """Return what was invoiced in [since, until), by product and process, what was waived and why, and what is owed on a day."""
    rows = readable(by=by, now=now).filter(currency=currency)
    mine = rows.values("pk")
    lines = InvoiceLine.objects.filter(
        invoice__in=mine, invoice__issued_at__date__gte=since, invoice__issued_at__date__lt=until
    )

    def owed(asked: "QuerySet[Invoice]") -> Money:
        of = asked.filter(kind=PaperKind.INVOICE)
        cents = of.aggregate(sum=Coalesce(Sum(F("cents") - F("paid_cents")), 0))["sum"]
        notes = Invoice.objects.filter(credits__in=of.values("pk")).aggregate(sum=Coalesce(Sum("cents"), 0))[
            "sum"
        ]
        return Money.of_cents(cents + notes, currency)

    def grouped(by_what: str, column: str = "cents") -> tuple[tuple[str, Money], ...]:
        found = lines.values(by_what).annotate(sum=Sum(column)).order_by("-sum", by_what)
        return tuple((row[by_what], Money.of_cents(row["sum"], currency)) for row in found if row["sum"])

    taken_off = (
        lines.exclude(waiver="")
        .values("waiver_label")
        .annotate(sum=Sum(F("full_cents") - F("cents")))
        .order_by("-sum")
    )
    return Figures(
        open=owed(rows.filter(state__in=UNPAID)),
        late=owed(rows.filter(state=InvoiceState.OPEN, due_on__lt=on)),
        disputed=owed(rows.filter(state=InvoiceState.DISPUTED)),
        paid=Money.of_cents(rows.aggregate(sum=Coalesce(Sum("paid_cents"), 0))["sum"], currency),
        given_up=owed(rows.filter(state=InvoiceState.GIVEN_UP)),
        by_product=grouped("product"),
        by_process=grouped("invoice__process"),
        waived=tuple((row["waiver_label"], Money.of_cents(row["sum"], currency)) for row in taken_off),
    )


def balance_of_facts(*, case: str = "") -> dict[str, int]:
    """Return how many settled facts stand, by outcome, for the watcher of invariant I10."""
    rows = SettledFact.objects.filter(released_at=None, **({"case": case} if case else {}))
    counted = dict(rows.values_list("outcome").annotate(number=Count("pk")))
    return {outcome.value: counted.get(outcome.value, 0) for outcome in Outcome}
