"""
Answering one product of one number from its source: the record store, the bill, or the inventory. Outside any transaction.

What is found is sealed on the disk piece by piece, and no row knows of it until the search as a whole is done.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time

from tecum.audit import operations as audit
from tecum.customers import queries as customers
from tecum.customers.rules import Card
from tecum.demands.rules.covering import Counter, Key, joined
from tecum.documents import operations as documents
from tecum.documents import spreadsheets
from tecum.guide.model.guide import Guide
from tecum.guide.model.process import Product
from tecum.inventory import queries as inventory
from tecum.inventory.drivers.engine import NothingLoaded
from tecum.kernel.actors import Actor
from tecum.kernel.numbers import grouped
from tecum.kernel.periods import Period
from tecum.production.rules.facts import CALLS, Columns, Coverage, Outcome
from tecum.records import operations as records
from tecum.records.operations import Rows
from tecum.records.rules import products
from tecum.records.rules.coverage import Stretch
from tecum.records.rules.scope import Grant, Scope

BEAT = 1_000  # rows between two looks whether somebody cancelled
MOST_IN_A_WORKBOOK = 100_000  # more rows leave as CSV alone: a workbook is made in memory
CSV, XLSX = "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SPANS = Columns("Target Number", "From (UTC)", "Until (UTC)")
NOBODY = "No list speaks of this time."
NOT_IN_SERVICE = "By the number inventory the number was nobody's in this time."
WAYS = {"calls", "destination"}
Beat = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Table:
    """One table on the disk in one format; no row knows it yet."""

    kept: documents.Kept
    ending: str
    media_type: str
    columns: Columns


@dataclass(frozen=True)
class Answer:
    """What one product of one number came to."""

    key: Key
    how: str
    coverage: tuple[Coverage, ...]
    tables: tuple[Table, ...] = ()
    rows: int = 0


@dataclass
class Asking:
    """What every source needs: under which scope, for whom, whose records were meant; `kept` grows with every file."""

    scope: Scope
    guide: Guide
    by: Actor
    now: datetime
    beat: Beat
    chosen: frozenset[str] = frozenset()
    kept: list[documents.Kept] = field(default_factory=list)


def answer(asking: Asking, product: Product, number: str) -> Answer:
    """
    Answer one product of one number, everything that the scope grants of it and nothing else.

    :raises NotGranted: where the scope grants none of it, or no store answers the product
    :raises RecordsMissing: where a file of the store is lost
    """
    if product.answered_by in WAYS:
        return _calls(asking, product, number)
    narrowed = _narrowed(asking.scope, product.id, number)
    if product.answered_by == "subscriber":
        return _subscriber(asking, product, number, narrowed)
    return _provider(asking, product, number, narrowed)


def _narrowed(scope: Scope, product: str, number: str) -> tuple[Grant, ...]:
    """Return what is granted of one product of one number, grants that overlap put together, so that no row comes twice."""
    mine = [each for each in scope.grants_for(product) if each.number == number]
    return tuple(
        Grant(product, number, span, "; ".join(sorted({each.clause for each in mine if span.covers(each.period)})))
        for span in joined(each.period for each in mine)
    )  # fmt: skip


# calls


def _calls(asking: Asking, product: Product, number: str) -> Answer:
    ask = records.calls_to if product.answered_by == "destination" else records.calls_of
    with ask(asking.scope, product=product.id, number=number, by=asking.by, now=asking.now) as found:
        counters = [Counter(_whole(portion)) for portion in found.portions]
        columns = products.chosen(product.columns)
        note = _statement(asking.guide, product, found.store)
        head = products.headings(columns)
        sheet: list[list[str]] = []
        written = _cells(found, counters, columns, product.masks, sheet, asking.beat)
        kept = _put(asking, spreadsheets.csv_pieces(notes=[note], header=head, rows=written))
        count = found.count
    key = (product.id, number)
    coverage = tuple(line for counter in counters for line in counter.coverage(key))
    if not count:
        _drop(asking, kept)
        return Answer(key, product.answered_by, coverage)
    tables = [Table(kept, "csv", CSV, CALLS)]
    if count <= MOST_IN_A_WORKBOOK:
        book = spreadsheets.as_xlsx(title="Calls", notes=[note], header=head, rows=sheet, gap=False)
        tables.append(Table(_put(asking, book), "xlsx", XLSX, CALLS))
    return Answer(key, product.answered_by, coverage, tuple(tables), count)


def _whole(portion: records.Portion) -> list[Stretch]:
    """Return the coverage of a portion with no instant left out; what the store says nothing of is uncovered."""
    gaps = portion.period.minus(each.period for each in portion.coverage)
    return sorted([*portion.coverage, *(Stretch(gap, "uncovered") for gap in gaps)])


def _cells(
    found: Rows,
    counters: Iterable[Counter],
    columns: tuple[str, ...],
    masks: Mapping[str, str],
    sheet: list[list[str]],
    beat: Beat,
) -> Iterator[list[str]]:
    counting = list(counters)
    for count, call in enumerate(found, 1):
        if not any(counter.add(call.start) for counter in counting):
            raise RuntimeError("A record lies in no portion of its search.")
        row = products.cells(call, columns, masks)
        if count <= MOST_IN_A_WORKBOOK:
            sheet.append(row)
        else:
            sheet.clear()
        if count % BEAT == 0:
            beat(BEAT)
        yield row


def _statement(guide: Guide, product: Product, store: str) -> str:
    name = next((each.name for each in guide.record_stores if each.id == store), product.source_system)
    return products.statement(
        carrier=guide.carrier.name, zone=guide.carrier.zone.tz, product=product.name, source=name or store,
        disclaimer=_disclaimer(guide, product),
    )  # fmt: skip


def _disclaimer(guide: Guide, product: Product) -> str:
    return " ".join(guide.say(product.disclaimer).body.split()) if product.disclaimer else ""


# the bill and the inventory: intervals instead of instants


def _subscriber(asking: Asking, product: Product, number: str, grants: tuple[Grant, ...]) -> Answer:
    only = replace(asking.scope, grants=grants)
    told = records.subscribers_of(
        only, product=product.id, by=asking.by, now=asking.now, chosen=asking.chosen
    )
    fields = tuple(each for each in product.fields if each not in told.not_held)
    coverage: list[Coverage] = []
    rows: list[tuple[Period, list[str]]] = []
    for part in told.parts:
        mine = [
            (share, [each.fields.get(name, "") for name in fields])
            for each in part.rows
            if (share := each.period.intersection(part.grant.period))
        ]
        why = " ".join(part.stops) if part.stops else NOBODY
        coverage += _spans((product.id, number), part.grant.period, [each for each, _ in mine], why)
        rows += mine
    return _intervals(asking, product, number, fields, rows, coverage)


def _provider(asking: Asking, product: Product, number: str, grants: tuple[Grant, ...]) -> Answer:
    tenures = _tenures(number, asking)
    wanted = {customer for customer, *_ in tenures}
    audit.note(
        "demand.provider_looked_up", matter=asking.scope.matter, by=asking.by, at=asking.now,
        scope=asking.scope.digest(), product=product.id, customers=len(wanted),
    )  # fmt: skip
    cards = customers.cards(wanted)
    coverage: list[Coverage] = []
    rows: list[tuple[Period, list[str]]] = []
    for grant in grants:
        mine = [
            (share, _card(cards.get(customer), product, since))
            for customer, since, period in tenures
            if (share := period.intersection(grant.period))
        ]
        coverage += _spans((product.id, number), grant.period, [each for each, _ in mine], NOT_IN_SERVICE)
        rows += mine
    return _intervals(asking, product, number, product.fields, rows, coverage)


def _tenures(number: str, asking: Asking) -> list[tuple[str, str, Period]]:
    """Return who had a number: customer, the day it was put in service, the period up to now."""
    zone = asking.guide.carrier.zone.tz
    try:
        history = inventory.assignments(number, now=asking.now)
    except NothingLoaded:
        return []
    ends = [(past.customer, past.in_service_date, past.until) for past in history.past if past.believed]
    if history.current is not None:
        ends.append((history.current.customer, history.current.in_service_date, asking.now))
    starts = [(who, day, datetime.combine(day, time(), zone), end) for who, day, end in ends]
    return [(who, day.isoformat(), Period(start, end)) for who, day, start, end in starts if start < end]


CARD: dict[str, Callable[[Card], str]] = {
    "customer name": lambda card: card.legal_name,
    "address": lambda card: card.address,
    "business address": lambda card: card.address,
    "contact person": lambda card: card.contact_person,
    "phone number": lambda card: grouped(card.phone) if card.phone.isdigit() and len(card.phone) == 10 else card.phone,
    "e-mail address": lambda card: card.email,
    "web site": lambda card: card.website,
}  # fmt: skip


def _card(card: Card | None, product: Product, since: str) -> list[str]:
    """Return what the product shows of a provider: the fields that the guide names and no others."""
    found = []
    for name in product.fields:
        if name.lower() == "in-service date":
            cell = since
        else:
            cell = CARD[name.lower()](card) if card and name.lower() in CARD else "not on file"
        found.append(product.masks.get(name, cell))
    return found


def _spans(key: Key, granted: Period, known: list[Period], why: str) -> list[Coverage]:
    """Return the coverage of a grant that is answered by intervals: rows are counted where they begin."""
    found = [
        Coverage(*key, span, Outcome.PRODUCED, held=True, rows=sum(each.start in span for each in known))
        for span in joined(known)
    ]
    left = granted.minus(each.period for each in found)
    return found + [Coverage(*key, gap, Outcome.WITHHELD, held=False, why=why) for gap in left]


def _intervals(
    asking: Asking,
    product: Product,
    number: str,
    fields: tuple[str, ...],
    rows: list[tuple[Period, list[str]]],
    coverage: list[Coverage],
) -> Answer:
    key = (product.id, number)
    ordered = tuple(sorted(coverage, key=lambda each: each.period))
    if not rows:
        return Answer(key, product.answered_by, ordered)
    head = [SPANS.number, SPANS.since, SPANS.until, *(name[:1].upper() + name[1:] for name in fields)]
    cells = [
        [number, _utc(period.start), _utc(period.end), *said]
        for period, said in sorted(rows, key=lambda each: (each[0], each[1]))
    ]
    notes = [_statement(asking.guide, product, product.source_system or "the carrier's own lists")]
    plain = _put(asking, spreadsheets.as_csv(notes=notes, header=head, rows=cells))
    book = spreadsheets.as_xlsx(title="Answer", notes=notes, header=head, rows=cells, gap=False)
    tables = (Table(plain, "csv", CSV, SPANS), Table(_put(asking, book), "xlsx", XLSX, SPANS))
    return Answer(key, product.answered_by, ordered, tables, len(cells))


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


# files


def _put(asking: Asking, content: bytes | Iterable[bytes]) -> documents.Kept:
    kept = documents.put(content, matter=asking.scope.matter)
    asking.kept.append(kept)
    return kept


def _drop(asking: Asking, kept: documents.Kept) -> None:
    asking.kept.remove(kept)
    documents.discard([kept])
