"""
Showing what a search found, on a page and as a file: only under the scope that it was found under, only to people who work
on the case, and each showing is in the trail before its answer.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from zoneinfo import ZoneInfo

from tecum.access.rules import require
from tecum.audit import operations as audit
from tecum.demands.models import Demand, DemandScope, DemandSearch
from tecum.demands.operations.searching import ACT, scope_in
from tecum.demands.queries.reading import row_of
from tecum.demands.rules.found import SINCE, Bar, Cell, Tally, edges
from tecum.demands.states import SearchState
from tecum.documents import operations as documents
from tecum.documents import spreadsheets
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.kernel.refusals import NotYours, Refused
from tecum.policy import queries as policy
from tecum.production import queries as productions
from tecum.production.rules.facts import Asked, Coverage, Inputs, Part
from tecum.records.rules.scope import Grant, Scope
from tecum.secrecy import queries as secrecy

KINDS = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


class CannotShow(Refused):
    """Results that are not shown, or not to this person."""


@dataclass(frozen=True, slots=True)
class FoundTable:
    """What one product of one number came to, as it can be chosen; `files` are its formats. Without rows there is no file."""

    place: int
    product: str
    number: str
    rows: int
    coverage: tuple[Coverage, ...]
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """One page of one table. `bars` and `sites` are of the whole table; both are empty for a table of intervals."""

    statement: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    count: int
    bars: tuple[Bar, ...]
    sites: tuple[Cell, ...]
    directed: bool
    cells: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: what was asked and granted, every table, and a page of the one that was chosen."""

    search: str
    production: str
    asked_at: datetime
    asked: tuple[Asked, ...]
    grants: tuple[Grant, ...]
    tables: tuple[FoundTable, ...]
    chosen: FoundTable | None
    shown: Rows | None


@dataclass(frozen=True, slots=True)
class Taken:
    """A file as it will leave, to look at in another program."""

    name: str
    media_type: str
    pieces: Iterator[bytes]


def show_found(
    *, case: str, search: str, table: int, bar: int | None, start: int, limit: int, by: Actor, now: datetime
) -> Found:
    """
    Return what a search found, with `limit` rows of one table from `start` on, only those of one bar of its picture if wanted.

    :raises NotYours: when the case or the search is unknown, or not for this person
    :raises CannotShow: to somebody who does not work on the case, or when the scope has ended
    """
    demand, row, inputs, scope = _opened(case, search, by=by, now=now)
    tables = _tables(inputs)
    chosen = next((each for each in tables if each.place == table), tables[0] if tables else None)
    shown = None
    if chosen is not None and chosen.files:
        part = _part(inputs, chosen, "csv")
        shown = _read(part, chosen, bar, range(start, start + limit), policy.at(now).carrier.zone.tz)
    _note(demand, row, chosen, len(shown.rows) if shown else 0, "page", by=by, now=now)
    return Found(
        row.pk, row.production, row.asked_at, inputs.asked, scope.grants, tables, chosen, shown
    )  # fmt: skip


def take_found(*, case: str, search: str, table: int, ending: str, by: Actor, now: datetime) -> Taken:
    """
    Return a table as a file, `csv` or `xlsx`, byte for byte as it will leave.

    :raises NotYours: as `show_found`, and for a table or a format that there is not
    :raises CannotShow: as `show_found`
    """
    demand, row, inputs, _ = _opened(case, search, by=by, now=now)
    chosen = next((each for each in _tables(inputs) if each.place == table), None)
    if chosen is None or ending not in chosen.files:
        raise NotYours
    part = _part(inputs, chosen, ending)
    pieces = documents.stream(part.file)
    first = next(pieces, b"")  # proven and there, before it is said that it was taken
    _note(demand, row, chosen, chosen.rows, ending, by=by, now=now)
    return Taken(part.name, KINDS[ending], chain([first], pieces))


def _opened(
    case: str, search: str, *, by: Actor, now: datetime
) -> tuple[Demand, DemandSearch, Inputs, Scope]:
    require(by, ACT, now=now)
    demand = row_of(case, by=by, now=now)
    row = DemandSearch.objects.filter(pk=search, demand=demand, state=SearchState.DONE).first()
    if row is None:
        raise NotYours
    made = DemandScope.objects.filter(demand=demand, approved_at__isnull=False, ended_at=None).first()
    if by.ref not in _workers(demand, row, made):
        raise CannotShow(
            "What was found is shown to the people who work on this case: its owner, whoever proposed or approved its scope,"
            " whoever asked for the search, and those on its list. Take the case, or ask its owner."
        )
    scope = scope_in(demand, made) if made else None
    if scope is None or scope.digest() != row.digest:
        raise CannotShow(
            "The scope under which this was found has ended, and nothing of it is shown any more. What left is with its production."
        )
    opened = productions.opened(id=row.production, by=by, now=now)
    return demand, row, opened.inputs, scope


def _workers(demand: Demand, row: DemandSearch, made: DemandScope | None) -> set[str]:
    known = {demand.case.owner, row.asked_by, *secrecy.readers(demand.matter)}
    return known | ({made.proposed_by, made.approved_by} if made else set())


def _tables(inputs: Inputs) -> tuple[FoundTable, ...]:
    """Return each product of each number that was searched, with its tables."""
    found: dict[tuple[str, str], list[Coverage]] = {}
    for each in inputs.coverage:
        found.setdefault((each.product, each.number), []).append(each)
    formats: dict[tuple[str, str], list[str]] = {}
    for part in inputs.parts:
        if part.table:
            formats.setdefault((part.product, part.number), []).append(part.name.rpartition(".")[2].lower())
    return tuple(
        FoundTable(place, *key, sum(each.rows for each in said), tuple(said), tuple(formats.get(key, ())))
        for place, (key, said) in enumerate(sorted(found.items()), 1)
    )


def _part(inputs: Inputs, table: FoundTable, ending: str) -> Part:
    for part in inputs.parts:
        same = (part.product, part.number) == (table.product, table.number)
        if same and part.name.lower().endswith(f".{ending}"):
            return part
    raise NotYours


def _read(part: Part, table: FoundTable, bar: int | None, wanted: range, zone: ZoneInfo) -> Rows:
    """Read a table once: count it for its picture, keep the rows of the page."""
    read = spreadsheets.csv_rows(documents.stream(part.file))
    statement, head = next(read), next(read)
    tally = Tally(head, edges(_hull(table), zone)) if SINCE in head else None
    rows: list[tuple[str, ...]] = []
    count = 0
    for row in read:
        place = tally.add(row) if tally else -1
        if bar is not None and place != bar:
            continue
        if count in wanted:
            rows.append(tuple(row))
        count += 1
    return Rows(
        statement[0], tuple(head), tuple(rows), count, tuple(tally.bars) if tally else (),
        tuple(tally.sites()) if tally else (), tally.directed if tally else False, tally.knows_cells if tally else False,
    )  # fmt: skip


def _hull(table: FoundTable) -> Period:
    return Period(
        min(each.period.start for each in table.coverage), max(each.period.end for each in table.coverage)
    )


def _note(
    demand: Demand,
    row: DemandSearch,
    table: FoundTable | None,
    rows: int,
    how: str,
    *,
    by: Actor,
    now: datetime,
) -> None:
    audit.note(
        "demand.search_shown", by=by, at=now, matter=demand.matter, demand=demand.pk, search=row.pk,
        product=table.product if table else "none", rows=rows, how=how,
    )  # fmt: skip
