"""The desk: demands by what is due and why, the board of the next 72 hours, views that people keep."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from tecum.accounts import queries as people
from tecum.cases import queries as cases
from tecum.cases.states import CaseKind
from tecum.demands.models import Demand, SavedView
from tecum.demands.queries.reading import readable
from tecum.demands.rules.next_act import NextAct, next_act
from tecum.demands.states import OPEN, WAITS_FOR_AGENCY, DemandState
from tecum.kernel.actors import Actor
from tecum.secrecy import queries as secrecy

BOARD = timedelta(hours=72)
# As the index of cases lies, so that a page of very many is read without sorting them.
YOUNGEST = ("-received_at", "id")
OLDEST = ("received_at", "-id")
DUE = ("due_at", "id")
GROUPS = {"open": OPEN, "agency": WAITS_FOR_AGENCY}


@dataclass(frozen=True, slots=True)
class Filter:
    """How the queue is narrowed, as it stands in the address; what is empty narrows nothing."""

    state: str = "open"
    owner: str = ""
    agency: str = ""
    due: str = ""  # late, 72h
    reference: str = ""
    order: str = "due"  # or received, oldest


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One demand in the queue: nothing of what it says."""

    case: str
    reference: str
    state: DemandState
    agency: str
    channel: str
    received_at: datetime
    owner: str
    due_at: datetime | None
    due_clock: str
    targets_open: int
    sealed: bool
    next: NextAct


@dataclass(frozen=True, slots=True)
class KeptView:
    """A way to look at the queue that somebody keeps: the filters as they stand in the address."""

    id: str
    name: str
    query: str
    shared: bool
    mine: bool


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Some lines; `more` tells whether others follow."""

    lines: list[QueueLine]
    more: bool


def queue(
    *, by: Actor, now: datetime, narrowed: Filter = Filter(), offset: int = 0, limit: int = 50
) -> QueuePage:
    """Return demands in their order, as far as this person may know of them."""
    asked = Asked(by, now, narrowed)
    if narrowed.order == "received":
        found = asked.rows(None, YOUNGEST, offset, limit + 1)
    elif narrowed.order == "oldest":
        found = asked.rows(None, OLDEST, offset, limit + 1)
    else:
        found = _by_due(asked, offset, limit + 1)
    hidden = secrecy.sealed_among({row.matter for row in found})
    return QueuePage([_line(row, row.matter in hidden, now=now) for row in found[:limit]], len(found) > limit)


def _by_due(asked: "Asked", offset: int, wanted: int) -> list[Demand]:
    """
    Return what is due, the nearest first, and after it what has no due time: of what is open what waits longest, else the youngest.

    Two questions, each along an index: one order over both would sort every case there ever was.
    """
    found = asked.rows(True, DUE, offset, wanted)
    if len(found) < wanted and not asked.narrowed.due:
        begin = 0 if found or not offset else max(offset - asked.count(True), 0)
        order = OLDEST if asked.narrowed.state in GROUPS else YOUNGEST
        found += asked.rows(False, order, begin, wanted - len(found))
    return found


@dataclass(frozen=True)
class Asked:
    """
    One question to the queue, asked along the cases' indexes or from the few demands that are in a state, whichever is shorter.

    Along an index of cases nothing is sorted and each row is one probe; it is long where few of very many are in the state.
    """

    by: Actor
    now: datetime
    narrowed: Filter

    def rows(self, has_due: bool | None, order: Sequence[str], begin: int, wanted: int) -> list[Demand]:
        """Return the rows of one stretch of an order: what has a due time, what has none, or both."""
        if self._along(has_due, begin + wanted):
            ids = list(
                self._homes(has_due).order_by(*order).values_list("pk", flat=True)[begin : begin + wanted]
            )
            found = {row.case_id: row for row in Demand.objects.select_related("case").filter(case__in=ids)}
            return [found[each] for each in ids]
        mine = self._demands().select_related("case").filter(self._narrow(has_due, of="case__"))
        named = [f"-case__{each[1:]}" if each.startswith("-") else f"case__{each}" for each in order]
        return list(mine.order_by(*named)[begin : begin + wanted])

    def count(self, has_due: bool) -> int:
        """Return how many there are."""
        return self._homes(has_due).count()

    def _along(self, has_due: bool | None, rows: int) -> bool:
        if self.narrowed.owner or self.narrowed.agency or self.narrowed.reference.strip():
            return False
        if has_due:
            return True  # an index of its own holds only what is due
        return self._demands().count() ** 2 > rows * Demand.objects.count()

    def _demands(self) -> "QuerySet[Demand]":
        state = self.narrowed.state
        if state in GROUPS:
            return Demand.objects.filter(state__in=GROUPS[state])
        return (
            Demand.objects.filter(state=state) if state in DemandState.__members__ else Demand.objects.all()
        )

    def _homes(self, has_due: bool | None) -> "QuerySet[Any]":
        rows = cases.readable(by=self.by, now=self.now).filter(self._narrow(has_due))
        return rows.filter(Exists(self._demands().filter(case=OuterRef("pk"))))

    def _narrow(self, has_due: bool | None, *, of: str = "") -> Q:
        """Return what narrows the cases, as a condition on rows that lead to a case by `of`."""
        narrowed, found = self.narrowed, cases.allowed(by=self.by, now=self.now, of=of)
        if has_due is not None:
            found &= Q(**{f"{of}due_at__isnull": not has_due})
        if narrowed.owner:
            found &= Q(**{f"{of}owner": "" if narrowed.owner == "nobody" else narrowed.owner})
        if narrowed.agency:
            found &= Q(**{f"{of}agency": narrowed.agency})
        if reference := narrowed.reference.strip().upper():
            found &= Q(**{f"{of}reference__startswith": reference})
        limits = {"late": self.now, "72h": self.now + BOARD}
        return found & Q(**{f"{of}due_at__lt": limits[narrowed.due]}) if narrowed.due in limits else found


def counts(*, by: Actor, now: datetime) -> Mapping[str, int]:
    """Return how many demands are in each state, as far as this person may know of them."""
    if not cases.sees_all_but_sealed(CaseKind.DEMAND, by=by):
        return _by_state(readable(by=by, now=now))
    hidden = _by_state(Demand.objects.filter(matter__in=secrecy.sealed_from(by.ref).values("pk")))
    return {
        state: count - hidden.get(state, 0)
        for state, count in _by_state(Demand.objects.all()).items()
        if count > hidden.get(state, 0)
    }


def _by_state(rows: "QuerySet[Demand]") -> dict[str, int]:
    return {row["state"]: row["count"] for row in rows.order_by().values("state").annotate(count=Count("*"))}


def board(*, by: Actor, now: datetime) -> QueuePage:
    """Return what is late or due within 72 hours, the most urgent 200 first."""
    return queue(by=by, now=now, narrowed=Filter(due="72h"), limit=200)


def owners(*, by: Actor, now: datetime) -> list[str]:
    """Return who may work on demands, and whoever else owns an open case."""
    workers = {ref for ref, _ in people.holders("demand.work")}
    return sorted(workers | set(cases.owners(by=by, now=now, beside=workers)))


def saved_views(*, by: Actor) -> list[KeptView]:
    """Return the views that a person keeps, and those that others share."""
    mine = SavedView.objects.filter(person=by.ref)
    rows = (mine | SavedView.objects.filter(shared=True)).order_by("name", "pk")
    return [KeptView(row.pk, row.name, row.query, row.shared, row.person == by.ref) for row in rows]


def naming_number(*, number: str, by: Actor, now: datetime) -> list[str]:
    """Return the cases of pending demands that name a number and on whose own list a person stands (D11)."""
    ids = cases.naming_number(number=number, by=by, now=now)
    rows = readable(by=by, now=now).filter(case__in=ids, state__in=OPEN)
    return list(rows.order_by("case__received_at").values_list("case", flat=True))


def _line(row: Demand, sealed: bool, *, now: datetime) -> QueueLine:
    case = row.case
    state = DemandState(row.state)
    return QueueLine(
        case.pk, case.reference, state, case.agency, case.channel, case.received_at, case.owner, case.due_at,
        case.due_clock, case.targets_open, sealed, next_act(state, due_at=case.due_at, owner=case.owner, now=now),
    )  # fmt: skip
