"""Whom a demand's scope is about, whether the guide owes them a notice, and how that stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tecum.cases import sealed
from tecum.customers import queries as customers
from tecum.demands.messages import CUSTOMER_NOTICE
from tecum.demands.models import CustomerOwed, Demand
from tecum.demands.queries.reading import readable, row_of
from tecum.demands.queries.standing import lines_in_force
from tecum.demands.rules.compiling import UNKNOWN
from tecum.demands.rules.owing import SENTENCES
from tecum.demands.states import SEARCHED, OwedState
from tecum.guide.calculators import secrecy as calculator
from tecum.guide.calculators.secrecy import Silence
from tecum.guide.model.guide import Guide, NotInGuide
from tecum.guide.questions import Question
from tecum.guide.values import Span, Unit
from tecum.kernel.actors import Actor
from tecum.kernel.lists import Long
from tecum.kernel.periods import Period
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy
from tecum.process import queries as process
from tecum.records.queries import subscribers
from tecum.secrecy import operations as keys

CLERK = Actor.system("demands")
GAGS = {"in_force", "indefinite", "ask", "over"}


@dataclass(frozen=True, slots=True)
class Holder:
    """One customer whose records are granted: a subscriber of ours, a wholesale customer, or nobody known."""

    kind: str
    id: str
    number: str
    starts: str
    ends: str
    products: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reached:
    """Who a customer is and how they are reached, as the bill or the card says today."""

    name: str = ""
    address: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class OwedView:
    """One notice that is, was or will be owed; `because` says in a sentence how it stands."""

    id: str
    case: str
    reference: str
    state: OwedState
    kind: str
    number: str
    because: str
    due_at: datetime | None
    sent_at: datetime | None
    sent_by: str
    way: str
    notice: str
    name: str
    to: str
    wait_until: datetime | None
    gates: bool
    spared_by: str
    reason: str


def wanted(row: Demand) -> list[Holder]:
    """Return the customers whom the scope in force is about, each once with everything that is granted of them."""
    found: dict[tuple[str, str], list[Any]] = {}
    for line in lines_in_force(row):
        if line.outcome in SEARCHED:
            holder = "" if line.holder == UNKNOWN else line.holder
            found.setdefault((holder, "" if holder else line.number), []).append(line)
    return [
        Holder(
            _kind(holder), holder, lines[0].number, min(each.period.start for each in lines).isoformat(),
            max(each.period.end for each in lines).isoformat(), tuple(sorted({each.product for each in lines})),
        )
        for (holder, _), lines in found.items()
    ]  # fmt: skip


def _kind(holder: str) -> str:
    if not holder:
        return "unknown"
    return "customer" if customers.cards({holder}) else "subscriber"


def judged(row: Demand, products: Iterable[str], guide: Guide) -> list[Silence]:
    """Return what the guide says about telling the customer, product by product, with the gag as it stands."""
    received = process.received(id=row.received_id, by=CLERK, now=row.case.received_at)
    day = received.received_at.astimezone(guide.carrier.zone.tz).date()
    gag = row.gag in GAGS
    days = (row.gag_until - row.gag_from).days if gag and row.gag_until and row.gag_from else 0
    found = []
    for product in products:
        question = Question(
            on=day, process=received.said.process, country=received.said.country, region=received.said.region,
            product=product,
        )  # fmt: skip
        try:
            found.append(
                calculator.silence(
                    guide, question, gag=gag, starts=row.gag_from or day,
                    duration=Span(days, days, Unit.DAY) if days else None,
                )
            )  # fmt: skip
        except NotInGuide:
            continue
    return found


def exceptions(made: CustomerOwed, row: Demand, *, now: datetime) -> tuple[str, ...]:
    """Return the exceptions of the guide by which this notice would not be owed."""
    found = judged(row, _said(made, row).get("products", ()), policy.at(now))
    return tuple(sorted({name for each in found for name in each.exceptions}))


def owed(*, case: str, by: Actor, now: datetime) -> list[OwedView]:
    """Return what the customers of a demand are owed, what is due first. :raises NotYours"""
    return owed_of(row_of(case, by=by, now=now))


def owed_of(row: Demand) -> list[OwedView]:
    """Return the same of a row that was read already."""
    rows = CustomerOwed.objects.filter(demand=row).order_by("made_at", "pk")
    return sorted((view(each, row) for each in rows), key=lambda each: list(OwedState).index(each.state))


def one(*, owed: str, case: str, by: Actor, now: datetime) -> tuple[OwedView, tuple[str, ...]]:
    """Return one with the exceptions that the guide names. :raises NotYours: for another case's"""
    row = row_of(case, by=by, now=now)
    made = CustomerOwed.objects.filter(pk=owed, demand=row).first()
    if made is None:
        raise NotYours
    return view(made, row), exceptions(made, row, now=now)


def to_tell(*, by: Actor, now: datetime) -> Long[OwedView]:
    """Return the notices that are due, oldest first, as far as somebody may know of their cases."""
    mine = readable(by=by, now=now)
    rows = CustomerOwed.objects.filter(demand__in=mine, state=OwedState.DUE).order_by("due_at", "pk")

    def views(found: Sequence[CustomerOwed]) -> list[OwedView]:
        demands = {each.pk: each for each in mine.filter(pk__in=[row.demand_id for row in found])}
        return [view(each, demands[each.demand_id]) for each in found]

    return Long(rows, views)


def reached(made: CustomerOwed, row: Demand, *, now: datetime) -> Reached:
    """Return who a customer is and how they are reached; `operations.show_customer` records that somebody looked."""
    said = _said(made, row)
    if said.get("kind") == "customer":
        card = customers.cards({said["id"]}).get(said["id"])
        return Reached(card.legal_name, card.address or "", card.email or "") if card else Reached()
    if said.get("kind") != "subscriber":
        return Reached()
    span = Period(datetime.fromisoformat(said["starts"]), datetime.fromisoformat(said["ends"]))
    spells = subscribers.number_spells(said["number"], period=span, now=now).spells
    entry = next((each.versions[-1].entry for each in spells if each.id == said["id"]), None)
    return Reached(entry.name, entry.address) if entry else Reached()


def wording(row: Demand, made: CustomerOwed, guide: Guide) -> str:
    """Return the letter that the guide names for this notice, where it needs nothing but what a notice says."""
    named = next(
        (each.wording for each in judged(row, _said(made, row)["products"], guide) if each.wording), ""
    )
    text = guide.wording.get(named)
    return named if text is not None and set(text.variables) <= {"case", "process"} else CUSTOMER_NOTICE.name


def context(row: Demand, reference: str) -> dict[str, str]:
    """Return what the notice says: the case's reference and the kind of process; never a number or who asks."""
    received = process.received(id=row.received_id, by=CLERK, now=row.case.received_at)
    kinds = {each.id: each.name for each in policy.at(received.received_at).process_types}
    kind = kinds.get(received.said.process, "")
    return {"case": reference, "process": f"legal process ({kind})" if kind else "legal process"}


def view(made: CustomerOwed, row: Demand) -> OwedView:
    """Return a row as its readers see it."""
    said = _said(made, row)
    return OwedView(
        id=made.pk, case=row.case_id, reference=row.case.reference, state=OwedState(made.state),
        kind=said.get("kind", ""), number=said.get("number", ""), because=SENTENCES.get(made.why, ""),
        due_at=made.due_at, sent_at=made.sent_at, sent_by=made.sent_by, way=made.way, notice=made.notice,
        name=said.get("name", ""), to=said.get("to", ""), wait_until=made.wait_until, gates=bool(made.gate),
        spared_by=made.spared_by, reason=said.get("reason", ""),
    )  # fmt: skip


def _said(made: CustomerOwed, row: Demand) -> dict[str, Any]:
    key = keys.keys_of([row.matter]).get(row.matter)
    return sealed.opened(key, f"owed {made.pk}", made.said) or {}
