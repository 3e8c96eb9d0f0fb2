"""
The invoices of a case, computed again from the trail alone.

The trail holds what happened (`case.billable`), what a person found of its price (`billing.circumstance`,
`billing.waived`) and what was invoiced; the guide's versions hold the schedules. Nothing else is asked: an invoice that
somebody changed in the database does not agree.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tecum.audit import queries as audit
from tecum.audit.queries import Entry
from tecum.billing.queries.account import schedule_of
from tecum.billing.rules.facts import About, Fact
from tecum.billing.rules.pricing import Charge, price
from tecum.cases import queries as cases
from tecum.kernel.actors import Actor
from tecum.kernel.money import Money

DETAILS = ("service", "type", "switch", "market", "authority", "act")


@dataclass(frozen=True, slots=True)
class Recomputed:
    """One invoice: what the trail says was invoiced, and what its facts cost when they are priced again."""

    invoice: str
    number: str
    recorded: Money
    computed: Money
    missing: tuple[str, ...]  # facts the guide cannot price any more, with why

    @property
    def agrees(self) -> bool:
        """Tell whether the two are the same to the cent."""
        return self.recorded == self.computed and not self.missing


@dataclass(slots=True)
class _Told:
    """What the trail says of one case, as it stood before each invoice."""

    facts: dict[str, Fact] = field(default_factory=dict)
    circumstances: set[str] = field(default_factory=set)
    waived: set[tuple[str, str]] = field(default_factory=set)


def recompute(*, case: str, by: Actor, now: datetime) -> tuple[Recomputed, ...]:
    """Return the invoices of a case with what their facts cost. :raises NotYours: when it is not to be known of"""
    account = cases.account(case=case, by=by, now=now)
    entries = audit.timeline(matter=account.matter, within={account.matter})
    return recomputed(entries, received_at=account.received_at)


def recomputed(entries: tuple[Entry, ...], *, received_at: datetime) -> tuple[Recomputed, ...]:
    """Return the invoices that entries of one matter speak of, computed again; oldest first."""
    told = _Told()
    found: list[Recomputed] = []
    for place, entry in enumerate(entries):
        _take(told, entry)
        if entry.event == "billing.invoiced":
            mine = _settled_on(entries[place:], entry.data["invoice"])
            found.append(_again(entry, told, mine, received_at))
    return tuple(found)


def _settled_on(entries: tuple[Entry, ...], invoice: str) -> frozenset[str]:
    """Return the facts that were settled on an invoice; they follow it in its own transaction."""
    return frozenset(
        entry.data["billable"]
        for entry in entries
        if entry.event == "billing.settled" and entry.data.get("invoice") == invoice
    )


def _again(entry: Entry, told: _Told, mine: frozenset[str], received_at: datetime) -> Recomputed:
    data = entry.data
    about = About(
        process=data.get("process") or "", country=data.get("country") or "", region=data.get("region") or "",
        circumstances=frozenset(told.circumstances),
    )  # fmt: skip
    priced = price(told.facts.values(), schedule=schedule_of(received_at, now=entry.at), about=about)
    currency = data["currency"]
    cents = sum(_cents(charge, told) for charge in priced.charges if charge.fact in mine)
    return Recomputed(
        invoice=data["invoice"], number=f"{data['series']}-{data['number']:06}",
        recorded=Money.of_cents(data["cents"], currency), computed=Money.of_cents(cents, currency),
        missing=tuple(f"{fact}: {why}" for fact, why in priced.unknown.items() if fact in mine),
    )  # fmt: skip


def _cents(charge: Charge, told: _Told) -> int:
    return 0 if (charge.fact, charge.fee) in told.waived else charge.amount.cents


def _take(told: _Told, entry: Entry) -> None:
    data: Mapping[str, Any] = entry.data
    if entry.event == "case.billable":
        told.facts[data["billable"]] = _fact(data)
    elif entry.event == "billing.circumstance":
        (told.circumstances.add if data["holds"] else told.circumstances.discard)(data["circumstance"])
    elif entry.event == "billing.waived":
        key = (data["billable"], data["fee"])
        (told.waived.add if data["waived"] else told.waived.discard)(key)


def _fact(data: Mapping[str, Any]) -> Fact:
    cents = data.get("cents")
    return Fact(
        id=data["billable"], product=data["fact"], unit=data["unit"],
        happened_at=datetime.fromisoformat(data["happened"]), version=data["version"], target=data.get("target") or "", quantity=data["quantity"],
        details={name: data[name] for name in DETAILS if data.get(name)}, found=data["found"],
        cost=None if cents is None else Money.of_cents(cents, data["currency"]), reason=data.get("reason") or "",
    )  # fmt: skip
