"""What one case costs: its facts, what each is charged and why, and how it was settled."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from tecum.agencies import queries as agencies
from tecum.billing import adapters
from tecum.billing.adapters import InvoiceView
from tecum.billing.models import Bill, FeeWaiver, Invoice, SettledFact
from tecum.billing.rules import lasting
from tecum.billing.rules.facts import About, Fact
from tecum.billing.rules.pricing import Charge, Priced, price
from tecum.billing.states import Outcome
from tecum.cases import queries as cases
from tecum.cases.queries import AccountView, FactView
from tecum.cases.states import CaseKind, CaseState
from tecum.guide.loading import NoGuide
from tecum.guide.model.guide import Guide, NotInGuide
from tecum.guide.questions import word
from tecum.kernel.actors import Actor
from tecum.kernel.money import Money
from tecum.policy import queries as policy
from tecum.process import queries as process
from tecum.surveillance.queries import orders

BY_HAND = "by_hand"
AT_ANY_TIME = frozenset({"delivery", "monthly", "quarterly", "advance"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FactLine:
    """
    One fact with what it is charged; `outcome` where it is settled, `problem` where the guide cannot price it, `goes_on`
    where its month is not over and may yet cost less.
    """

    fact: FactView
    charges: tuple[Charge, ...]
    outcome: Outcome | None
    invoice: str
    problem: str
    goes_on: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BillView:
    """The whole account of a case."""

    account: AccountView
    agency_name: str
    address: str
    reference: str
    about: About
    facts: tuple[FactLine, ...]
    unbilled: Money
    invoices: tuple[InvoiceView, ...]
    concluded: bool

    @property
    def to_settle(self) -> tuple[FactLine, ...]:
        """Return the facts that nothing settled yet, and that cost nothing less any more."""
        return tuple(line for line in self.facts if line.outcome is None and not line.goes_on)

    @property
    def problems(self) -> tuple[FactLine, ...]:
        """Return the facts that cannot be priced; an invoice waits for them."""
        return tuple(line for line in self.to_settle if line.problem)


def bill(*, case: str, by: Actor, now: datetime) -> BillView:
    """Return the account of a case. :raises NotYours: when it is unknown, sealed to this person, or has no fact"""
    return bill_of(cases.account(case=case, by=by, now=now), now=now)


def bill_of(account: AccountView, *, now: datetime) -> BillView:
    """Return the account of a case that its reader may know of."""
    told = cases.noted([account.case])[account.case]
    kept = Bill.objects.filter(pk=account.case).first()
    about = about_of(account, kept)
    concluded = account.state == CaseState.CLOSED
    going_on = frozenset() if concluded else _going_on(account, told, now=now)
    priced = waived(priced_of(account, told, about, now=now), account.case)
    settled = {row.fact: row for row in SettledFact.objects.filter(case=account.case, released_at=None)}
    charges: dict[str, list[Charge]] = {}
    for charge in priced.charges:
        charges.setdefault(charge.fact, []).append(charge)
    lines = tuple(
        FactLine(
            fact=each, charges=tuple(charges.get(each.id, ())),
            outcome=Outcome(settled[each.id].outcome) if each.id in settled else None,
            invoice=settled[each.id].invoice_id or "" if each.id in settled else "",
            problem=priced.unknown.get(each.id, ""), goes_on=each.id in going_on,
        )
        for each in told
    )  # fmt: skip
    currency = policy.at(now).carrier.currency
    unbilled = Money(Decimal(0), currency)
    for line in lines:
        for charge in line.charges if line.outcome is None else ():
            unbilled += charge.amount if charge.amount.currency == currency else Money(Decimal(0), currency)
    seat = agencies.seat(account.agency)
    rows = Invoice.objects.filter(case=account.case).prefetch_related("credit_notes")
    return BillView(
        account=account, agency_name=seat.name if seat else "", about=about, facts=lines, unbilled=unbilled,
        address=(kept.address if kept else "")
        or orders.billing_address(account.case)
        or (f"{seat.name}\n{seat.address}".strip() if seat else ""),
        reference=kept.reference if kept else "",
        invoices=tuple(adapters.invoice(row) for row in rows.order_by("issued_at", "number")),
        concluded=concluded,
    )  # fmt: skip


def _going_on(account: AccountView, told: list[FactView], *, now: datetime) -> frozenset[str]:
    """Return the facts of months that are not over, and of which a part is not charged as the whole."""
    facts, schedule = [adapters.fact(each) for each in told], schedule_of(account.received_at, now=now)
    found = set()
    for each in facts:
        with contextlib.suppress(NotInGuide):  # what cannot be priced is named as that
            if lasting.goes_on(each, facts, schedule(each), now):
                found.add(each.id)
    return frozenset(found)


def about_of(account: AccountView, kept: Bill | None) -> About:
    """Return what is known of a request beside its facts."""
    seat = agencies.seat(account.agency)
    return About(
        process=process.type_of(account.case), country=seat.country if seat else "",
        region=seat.subdivision if seat else "",
        circumstances=frozenset(kept.circumstances if kept else ()),
    )  # fmt: skip


def priced_of(account: AccountView, told: list[FactView], about: About, *, now: datetime) -> Priced:
    """Return the charges of a case by the schedules that its guide says (decision B11)."""
    return price(map(adapters.fact, told), schedule=schedule_of(account.received_at, now=now), about=about)


def schedule_of(received_at: datetime, *, now: datetime) -> Callable[[Fact], Guide]:
    """Return which version of the guide prices a fact: its own, if the guide does not say that another does."""
    used = policy.at(now).billing.schedule_used
    when = {"receipt": received_at, "invoice": now}.get(used)

    def guide(fact: Fact) -> Guide:
        try:
            return policy.version(fact.version, now) if when is None else policy.at(when)
        except NoGuide as missing:
            raise NotInGuide(str(missing)) from None

    return guide


def waived(priced: Priced, case: str) -> Priced:
    """Take the charges off that a person waived, and say why."""
    reasons = {(row.fact, row.fee): row.reason for row in FeeWaiver.objects.filter(case=case, ended_at=None)}
    return replace(
        priced,
        charges=tuple(
            replace(
                charge, amount=Money(Decimal(0), charge.amount.currency), waiver=BY_HAND,
                waiver_label=reasons[charge.fact, charge.fee],
            )
            if (charge.fact, charge.fee) in reasons
            else charge
            for charge in priced.charges
        ),
    )  # fmt: skip


def known_circumstances(*, now: datetime) -> tuple[str, ...]:
    """Return the circumstances that the guide's fees, waivers, caps and gates ask for."""
    guide = policy.at(now)
    rules = (*guide.fees, *guide.waivers, *guide.fee_caps, *guide.gates, *guide.arrears)
    said = [fact for rule in rules for fact in rule.facts]
    said += [fact for waiver in guide.waivers for fact in waiver.unless]
    said += [fact for rule in guide.arrears for fact in rule.except_facts]
    return tuple(sorted({word(fact) for fact in said}))


def unready(view: BillView, guide: Guide) -> str:
    """Return why no invoice can be made yet, in a sentence; nothing where it can."""
    reference = view.account.reference
    if not view.to_settle:
        waits = any(line.goes_on for line in view.facts)
        return f"{'Everything else' if waits else 'Everything'} in case {reference} is settled{': its month goes on' if waits else ''}."
    if not view.concluded and guide.billing.invoice not in AT_ANY_TIME and not guide.billing.interim:
        return f"Case {reference} goes on: {guide.carrier.called} invoices at the conclusion of the service."
    if view.problems:
        return f"One fact cannot be priced: {view.problems[0].problem}"
    return "" if view.address.strip() else "Write down first where the invoice goes."


def neutral(view: BillView) -> bool:
    """Tell whether an invoice must not say what the service was: a sealed case, an order, an emergency."""
    return view.account.sealed or view.account.kind is not CaseKind.DEMAND
