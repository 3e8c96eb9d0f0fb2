"""Dimensions 8 and 9: fees, caps, waivers; how money and release hang together."""

from dataclasses import dataclass
from typing import Literal

from tecum.guide.entries import Entry, Rule, Stated
from tecum.guide.fields import maybe, need
from tecum.guide.values import Number, Span

TIME_UNITS = ("hour", "day", "week", "month", "year")
UNITS = (
    "request", "target", "number", "account", "device", "subscriber", "ping", "message", "bill", "page", "report",
    "search", "switch", "switch_outside_market", "market", "technology", "tower", "tower_hour", "service", "order",
    "copy", "shipment", "testimony_day", *TIME_UNITS,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class UnitDefinition(Entry):
    """`[[units]]`: a unit of the carrier's own, beside the common ones."""

    name: str = maybe("", "One of it, in words.", example="gigabyte")
    default: Number = maybe(Number(1), "The quantity assumed when a question does not say.")


@dataclass(frozen=True, kw_only=True)
class Printed(Stated):
    """A price as one document prints it; the check compares them."""

    document: str = need("The document.", ref="documents")
    label: str = maybe("", "The label as printed.", example="Call Dump")
    amount: Number | None = maybe(None, "The amount as printed.", unit="currency")
    unit: str = maybe("", "The unit as printed; empty when none is.", example="Per number")


@dataclass(frozen=True, kw_only=True)
class Tier(Stated):
    """A price up to a quantity."""

    up_to: Number | None = maybe(None, "Up to and with this quantity; left out, the rest.")
    amount: Number = need("The price of each unit in the tier.", unit="currency")
    flat: bool = maybe(False, "Whether the price is for the tier as a whole, once it is reached.")


@dataclass(frozen=True, kw_only=True)
class Fee(Rule):
    """
    `[[fees]]`: a price. Every fee that applies to a question is charged and they are added; to take another's place,
    a fee says `replaces`.
    """

    label: str = need("The line on a quote or an invoice.", example="Installation")
    amount: Number | None = maybe(None, "The price of one unit.", unit="currency", example="50")
    amount_max: Number | None = maybe(None, "The high end, where the price is a range.", unit="currency")
    currency: str = maybe("", "ISO 4217; left out, the carrier's.")
    per: tuple[str, ...] = maybe(
        ("request",),
        "The unit, or units that are multiplied: targets × months. A common unit or one of `[[units]]`.",
        example='["target", "month"]',
        ref="units",
    )
    base: Number | None = maybe(
        None,
        "A flat amount in addition, once; without `amount` and with `per` left out, for each request.",
        unit="currency",
    )
    tiers: tuple[Tier, ...] = maybe((), "Prices by quantity, instead of `amount`.")
    included: Number = maybe(
        Number(0),
        "So much of the multiplied quantity costs nothing: once in a case, also where several products share the fee.",
        unit="units",
    )
    included_per: tuple[str, ...] = maybe(
        (), "The included quantity counts for each of these units.", example='["bill"]', ref="units"
    )
    minimum_quantity: Number = maybe(Number(0), "At least so many units are charged.", unit="units")
    minimum_each: dict[str, Number] = maybe(
        {}, "At least so much of single units is charged.", example="{ hour = 2 }", unit="units"
    )
    increments: dict[str, Number] = maybe(
        {}, "Single units are rounded up to a multiple.", example="{ hour = 0.25 }", unit="units"
    )
    minimum: Number | None = maybe(None, "At least this amount for the line.", unit="currency")
    cap: Number | None = maybe(None, "At most this amount for the line.", unit="currency")
    cap_per: tuple[str, ...] = maybe(
        (), "The cap counts for each of these units.", example='["target"]', ref="units"
    )
    month: Literal["calendar", "anniversary", "thirty_days"] = maybe(
        "calendar", "Whether a month is one of the calendar, runs from the first day, or is thirty days."
    )
    partial: Literal["whole", "prorated", "free"] = maybe(
        "whole", "How a part of a day, week or month is charged."
    )
    included_periods: int = maybe(
        0,
        "The first so many hours, days, weeks or months cost nothing (they are included elsewhere).",
        unit="periods",
    )
    combined_services: Literal["once", "each"] = maybe(
        "once", "Whether several services on one target are charged once or each."
    )
    combined_types: Literal["once", "each"] = maybe(
        "once", "Whether several types (pen register, Title III) on one target are charged once or each."
    )
    kind: Literal["fixed", "estimate", "pass_through"] = maybe(
        "fixed",
        "A price, a price whose quantity is estimated (hourly work), or a cost passed on with evidence.",
    )
    estimate: Number | None = maybe(None, "The quantity assumed for an estimate.", unit="units")
    evidence: tuple[str, ...] = maybe((), "What must be attached to a cost that is passed on.")
    reasons: tuple[str, ...] = maybe(
        (), "Why a cost may be passed on; left out, any reason.", example='["delinquent"]'
    )
    nothing_found: Literal["charged", "free", "reduced", "flat"] = maybe(
        "free",
        "What it costs when nothing is found: as much, nothing, `amount_nothing_found` for each unit (`reduced`), or "
        "`amount_nothing_found` in all (`flat`).",
    )
    amount_nothing_found: Number | None = maybe(
        None,
        "The price when nothing is found: of each unit if `reduced`, in all if `flat`. A fee with it and without "
        "`amount` is charged only then.",
        unit="currency",
    )
    again: Literal["each_time", "once_per_authority"] = maybe(
        "each_time", "Whether an extension, a new handset or an added type charges it again."
    )
    replaces: tuple[str, ...] = maybe(
        (), "Fees that this one takes the place of, where it applies.", ref="fees"
    )
    payer: str = maybe("", "Who pays, when not the requester.")
    basis: str = maybe("", "The law that allows it.", example="18 USC 2706(a)")
    includes: str = maybe("", "What the price includes.", example="all switches within the market")
    schedule: str = maybe("", "The document that is the schedule.", ref="documents")
    printed: tuple[Printed, ...] = maybe((), "The price as each document prints it.")

    def faults(self) -> tuple[str, ...]:
        """Return what is wrong with the fee by itself."""
        found = list(super().faults())
        priced = (self.amount, self.base, self.amount_nothing_found) != (None, None, None) or self.tiers
        if not priced and self.kind != "pass_through":
            found.append(f"'{self.id}' has no amount.")
        if self.amount is not None and self.tiers:
            found.append(f"'{self.id}' has an amount and tiers: one of them.")
        if self.amount is not None and self.amount_max is not None and self.amount_max < self.amount:
            found.append(f"'{self.id}' has a range whose high end is the lower one.")
        timed = [unit for unit in self.per if unit in TIME_UNITS]
        if len(timed) > 1:
            found.append(f"'{self.id}' has two units of time: {' and '.join(timed)}.")
        stray = [unit for unit in (*self.minimum_each, *self.increments) if unit not in self.per]
        if stray:
            found.append(
                f"'{self.id}' limits '{stray[0]}', which is not among its units: {', '.join(self.per)}."
            )
        if self.nothing_found in {"reduced", "flat"} and self.amount_nothing_found is None:
            found.append(
                f"'{self.id}' is {self.nothing_found} when nothing is found, but amount_nothing_found is missing."
            )
        return tuple(found)


@dataclass(frozen=True, kw_only=True)
class Cap(Rule):
    """`[[fee_caps]]`: the most that several fees, or all of them, may come to."""

    amount: Number = need("The most.", unit="currency")
    fees: tuple[str, ...] = maybe((), "The fees it counts; left out, the whole quote.", ref="fees")
    per: tuple[str, ...] = maybe(
        (), "The cap counts for each of these units; left out, once.", example='["target"]', ref="units"
    )


@dataclass(frozen=True, kw_only=True)
class Waiver(Rule):
    """`[[waivers]]`: where less or nothing is charged. Its `facts` are the circumstances."""

    label: str = need("The line on a quote.", example="No charge in cases of child exploitation")
    fees: tuple[str, ...] = maybe((), "The fees it touches; left out, all.", ref="fees")
    percent: Number = maybe(Number(100), "How much is waived.", unit="percent")
    unless: tuple[str, ...] = maybe(
        (), "Circumstances in which it does not hold.", example='["unusually_voluminous"]'
    )
    basis: str = maybe("", "The law.", example="18 USC 2706(c)")
    disputed: bool = maybe(False, "Whether the law is disputed; the check then says so.")


@dataclass(frozen=True, kw_only=True)
class Billing(Stated):
    """`[billing]`: how the carrier charges at all."""

    charges: Literal["schedule", "civil_only", "none"] = maybe(
        "schedule", "By the schedule, only in civil matters, or never: no invoice, not an invoice of zero."
    )
    invoice: Literal["conclusion", "monthly", "delivery", "advance", "quarterly"] = maybe(
        "conclusion", "When an invoice is made."
    )
    interim: bool = maybe(False, "Whether a charge that accrues monthly is invoiced before the conclusion.")
    due_days: int | None = maybe(
        None, "Days until an invoice is due; left out, the source does not say.", unit="days"
    )
    reminders: tuple[int, ...] = maybe(
        (),
        "Days after the due date on which a reminder goes out; left out, none.",
        unit="days",
        example="[14, 30]",
    )
    schedule_used: Literal["billable_fact", "quote", "invoice", "receipt"] = maybe(
        "billable_fact", "Whose date chooses the version of the schedule; an accepted quote keeps its own."
    )
    may_change_any_time: bool = maybe(False, "Whether the carrier reserves to change prices at any time.")
    desk: str = maybe("", "The desk for questions about invoices.", ref="desks")
    remit_to: str = maybe("", "Where to pay.")
    tax_id: str = maybe("", "The carrier's tax number.")


@dataclass(frozen=True, kw_only=True)
class Gate(Rule):
    """`[[gates]]`: something that must happen before work begins or before anything is released."""

    kind: Literal[
        "fee_accepted", "quote_accepted", "paid", "deposit", "form_signed", "consent", "identity_verified"
    ] = need("What must happen.")
    before: Literal["work", "release", "activation"] = maybe("work", "What it holds back.")
    over: Number | None = maybe(None, "Only when the quote exceeds this amount.", unit="currency")
    form: str = maybe("", "The form to be signed.", ref="forms")
    preserve_meanwhile: bool = maybe(True, "Whether records are held while it is open.")
    said_at_receipt: bool = maybe(True, "Whether the acknowledgement says it.")
    lapses_after: Span | None = maybe(
        None, "When the request is closed if it does not happen.", example="30 days"
    )
    wording: str = maybe("", "The text that asks for it.", ref="wording")


@dataclass(frozen=True, kw_only=True)
class Arrears(Rule):
    """`[[arrears]]`: what happens to an agency that has not paid."""

    after: Span = need("From so long after the due date on.", example="60 days")
    closes_channels: tuple[str, ...] = maybe((), "Channels (ids) that are closed to it.", ref="channels")
    only_channels: tuple[str, ...] = maybe((), "Channels (ids) that alone stay open.", ref="channels")
    removes_expedite: bool = maybe(False, "Whether faster answers are no longer given.")
    payment_in_advance: bool = maybe(False, "Whether it must pay before work begins.")
    withholds_release: bool = maybe(False, "Whether nothing is released until it has paid.")
    except_facts: tuple[str, ...] = maybe(
        (), "Circumstances in which none of this holds.", example='["emergency"]'
    )
    wording: str = maybe("", "The text that tells it.", ref="wording")
