"""
The four questions to the store, none without a scope (control 7): calls of a party, calls to a destination, several numbers at once,
and how much there would be. Every search is an event before its first row, and every row is counted in the event after its last.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import TracebackType
from typing import Any, Literal

from tecum.access.rules import require
from tecum.audit import operations as audit
from tecum.guide.model.records import RecordStore
from tecum.kernel.actors import Actor, ActorKind
from tecum.kernel.periods import Period
from tecum.kernel.refusals import NotYours, Refused
from tecum.policy import queries as policy
from tecum.records import manifest
from tecum.records.drivers import choice, layout
from tecum.records.drivers.engine import Ask, RawRow
from tecum.records.drivers.guarded import PartGone
from tecum.records.models.store import RecordPart, RecordRead
from tecum.records.queries import store as queries
from tecum.records.rules.coverage import Stretch
from tecum.records.rules.scope import Grant, Scope
from tecum.secrecy import queries as secrecy

Way = Literal["party", "destination"]
LEASE = timedelta(hours=6)  # longer than any honest search
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class NotGranted(Refused):
    """The scope does not allow what was asked."""


class RecordsMissing(Refused):
    """A part that the manifest names is not there: an answer without it would be wrong, so there is none."""

    def __init__(self) -> None:
        super().__init__(
            "A file of the record store is missing or damaged, so the answer would not be whole: `tecum records verify` says which."
        )


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One record. `start` is in UTC; `offset` is what the switch's local time was ahead of it; `charge` as rated, if it was."""

    target: str
    grant: Grant
    record_id: str
    calling: str
    called: str
    dialed: str
    start: datetime
    duration: timedelta
    offset: timedelta
    leg: str
    call_type: str
    switch: str
    first_cell: str
    last_cell: str
    imei: str
    imsi: str
    charge: Decimal | None
    delivery: int
    line: int

    @property
    def incoming(self) -> bool:
        """Tell whether the target was called; a call to oneself counts as outgoing."""
        return self.called == self.target and self.calling != self.target

    @property
    def end(self) -> datetime:
        """Return when it ended, in UTC."""
        return self.start + self.duration


@dataclass(frozen=True, slots=True)
class Portion:
    """One number and one period that is searched: grants of one number that touch are searched once."""

    number: str
    period: Period
    grants: tuple[Grant, ...]
    coverage: tuple[Stretch, ...]

    @property
    def complete(self) -> bool:
        """Tell whether the store can answer for all of it."""
        return all(stretch.state == "covered" for stretch in self.coverage)


@dataclass(frozen=True, slots=True)
class DryRun:
    """How many rows there would be, of what coverage, resting on which parts (id, SHA-256)."""

    store: str
    portions: tuple[Portion, ...]
    counts: tuple[int, ...]
    parts: tuple[tuple[str, str], ...]

    @property
    def rows(self) -> int:
        """Return how many rows there would be in all."""
        return sum(self.counts)


@dataclass
class Rows:
    """
    A search under way: iterate it once, within `with`, outside a transaction. Leaving it early cancels the search.

    `portions` (with their coverage) and `parts` are known at once; `count` and `digest` (SHA-256 over the record ids) grow.
    """

    scope: Scope
    product: str
    store: str
    way: Way
    portions: tuple[Portion, ...]
    parts: tuple[tuple[str, str], ...]
    by: Actor
    now: datetime
    _asks: Sequence[Ask]
    _lease: str
    count: int = 0
    _hash: Any = field(default_factory=hashlib.sha256)
    _over: bool = False
    _whole: bool = False
    _stream: Iterator[tuple[int, RawRow]] | None = None

    def __enter__(self) -> "Rows":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __iter__(self) -> Iterator[CallRecord]:
        if self._stream is not None or self._over:
            raise RuntimeError("A search is read once.")
        self._stream = choice.engine().rows(self._asks)
        try:
            for at, raw in self._stream:
                record = _record(self.portions[at], raw)
                self.count += 1
                self._hash.update(f"{record.record_id}\n".encode())
                yield record
            self._whole = True
        except PartGone:
            raise RecordsMissing from None
        finally:
            self.close()

    @property
    def digest(self) -> str:
        """Return the SHA-256 over the record ids yielded so far, in order."""
        return str(self._hash.hexdigest())

    def close(self) -> None:
        """End the search, account for the rows yielded, and let the files go."""
        if self._over:
            return
        self._over = True
        if self._stream is not None:
            self._stream.close()  # type: ignore[attr-defined]
        RecordRead.objects.filter(pk=self._lease).delete()
        audit.note(
            "records.answered",
            matter=self.scope.matter,
            by=self.by,
            at=self.now,
            search=self._lease,
            rows=self.count,
            whole=self._whole,
            digest=self.digest,
        )


def calls_of(scope: Scope, *, product: str, number: str, by: Actor, now: datetime) -> Rows:
    """
    Search the calls of one party, made and received, in the periods that the scope grants.

    :raises NotYours: without the permission, or for a sealed matter that one is not on the list of
    :raises NotGranted: when the scope grants nothing of this product and number, or no store answers it
    """
    return _search(scope, product, [number], "party", by=by, now=now)


def calls_to(scope: Scope, *, product: str, number: str, by: Actor, now: datetime) -> Rows:
    """
    Search who called a destination in the periods that the scope grants (R-075, calls-to-destination); the number may be anybody's.

    :raises NotYours: as `calls_of`
    :raises NotGranted: as `calls_of`
    """
    return _search(scope, product, [number], "destination", by=by, now=now)


def calls_of_many(
    scope: Scope,
    *,
    product: str,
    by: Actor,
    now: datetime,
    numbers: Iterable[str] | None = None,
    way: Way = "party",
) -> Rows:
    """
    Search several numbers at once, by default all that the scope grants of the product, one after the other.

    :raises NotYours: as `calls_of`
    :raises NotGranted: as `calls_of`, for any of the numbers
    """
    return _search(scope, product, _numbers(scope, product, numbers), way, by=by, now=now)


def dry_run(
    scope: Scope,
    *,
    product: str,
    by: Actor,
    now: datetime,
    numbers: Iterable[str] | None = None,
    way: Way = "party",
) -> DryRun:
    """
    Tell how many rows a search would yield, and which intervals are covered, uncovered, expired; it is an event of its own.

    :raises NotYours: as `calls_of`
    :raises NotGranted: as `calls_of`
    """
    store = _allowed(scope, product, by=by, now=now)
    wanted = _numbers(scope, product, numbers)
    with _lease(store.id, now):
        portions, asks, parts = _plan(scope, product, wanted, way, store, now)
        try:
            counts = choice.engine().counts(asks)
        except PartGone:
            raise RecordsMissing from None
    _note("records.counted", scope, product, store.id, way, portions, parts, by=by, now=now, rows=sum(counts))
    return DryRun(store.id, portions, tuple(counts), parts)


def _search(
    scope: Scope, product: str, numbers: Sequence[str], way: Way, *, by: Actor, now: datetime
) -> Rows:
    store = _allowed(scope, product, by=by, now=now)
    lease = RecordRead.objects.create(store=store.id, began_at=now, lease_until=now + LEASE).pk
    try:
        portions, asks, parts = _plan(scope, product, numbers, way, store, now)
        _note(
            "records.searched", scope, product, store.id, way, portions, parts, by=by, now=now, search=lease
        )
    except BaseException:
        RecordRead.objects.filter(pk=lease).delete()
        raise
    return Rows(scope, product, store.id, way, portions, parts, by, now, asks, lease)


@contextmanager
def _lease(store: str, now: datetime) -> Iterator[None]:
    """Keep files from being removed; entered before the manifest is asked (see `manifest.sweep`)."""
    lease = RecordRead.objects.create(store=store, began_at=now, lease_until=now + LEASE)
    try:
        yield
    finally:
        RecordRead.objects.filter(pk=lease.pk).delete()


def _allowed(scope: Scope, product: str, *, by: Actor, now: datetime) -> RecordStore:
    require(by, "records.search", now=now)
    if by.kind is not ActorKind.SYSTEM and scope.matter in secrecy.hidden_from(by.ref):
        raise NotYours
    for store in policy.at(now).record_stores:
        if product in store.products:
            return store
    raise NotGranted("The guide names no store of records for this product.")


def _numbers(scope: Scope, product: str, numbers: Iterable[str] | None) -> list[str]:
    if numbers is not None:
        return list(dict.fromkeys(numbers))
    return list(dict.fromkeys(grant.number for grant in scope.grants_for(product)))


def _note(
    event: str,
    scope: Scope,
    product: str,
    store: str,
    way: Way,
    portions: Sequence[Portion],
    parts: Sequence[tuple[str, str]],
    *,
    by: Actor,
    now: datetime,
    **more: Any,
) -> None:
    rests_on = hashlib.sha256("".join(f"{part} {sha}\n" for part, sha in parts).encode()).hexdigest()
    audit.note(
        event,
        matter=scope.matter,
        by=by,
        at=now,
        scope=scope.digest(),
        product=product,
        store=store,
        way=way,
        portions=len(portions),
        parts=len(parts),
        files=rests_on,
        **more,
    )


# what is searched


def _plan(
    scope: Scope, product: str, numbers: Sequence[str], way: Way, store: RecordStore, now: datetime
) -> tuple[tuple[Portion, ...], list[Ask], tuple[tuple[str, str], ...]]:
    portions: list[Portion] = []
    asks: list[Ask] = []
    used: dict[str, str] = {}
    for number in numbers:
        grants = [grant for grant in scope.grants_for(product) if grant.number == number]
        if not grants:
            raise NotGranted("The scope grants nothing of this product for one of the numbers asked.")
        for period, within in _merged(grants):
            stretches = queries.covered(
                store.id, store.quiet.elapsed, matter=scope.matter, number=number, period=period, now=now
            )
            portions.append(Portion(number, period, tuple(within), stretches))
            files = {side: _files(store.id, side, number, period, scope.matter) for side in layout.SIDES}
            if way == "destination":
                files[layout.CALLING] = []
            used |= {part.pk: part.sha256 for parts in files.values() for part in parts}
            asks.append(_ask(number, period, files))
    return tuple(portions), asks, tuple(sorted(used.items()))


def _ask(number: str, period: Period, files: dict[str, list[RecordPart]]) -> Ask:
    held = [part.hold_id for parts in files.values() for part in parts if part.hold_id]
    calling, called = (tuple(manifest.paths(files[side])) for side in layout.SIDES)
    return Ask(number, period.start, period.end, calling, called, distinct=len(set(held)) > 1)


def _merged(grants: Sequence[Grant]) -> list[tuple[Period, list[Grant]]]:
    """Join grants of one number whose periods touch or overlap, so that no row comes twice."""
    found: list[tuple[Period, list[Grant]]] = []
    for grant in sorted(grants, key=lambda each: each.period):
        if found and grant.period.start <= found[-1][0].end:
            period, within = found[-1]
            found[-1] = (Period(period.start, max(period.end, grant.period.end)), [*within, grant])
        else:
            found.append((grant.period, [grant]))
    return found


def _files(store: str, side: str, number: str, period: Period, matter: str) -> list[RecordPart]:
    """Return the parts that may hold rows of a number in a period; held ones only for the matter that holds them."""
    first, last = layout.days_of(period)
    parts = RecordPart.objects.live().of(store, first, last)
    parts = parts.filter(side=side, first_at__lt=period.end, last_at__gte=period.start)
    plain = parts.filter(hold=None, bucket__in=[layout.bucket(number), layout.HOT])
    held = parts.filter(hold__matter=matter, hold__number=number, hold__lifted_at=None)
    return [*plain.order_by("day", "pk"), *held.order_by("day", "pk")]


def _record(portion: Portion, raw: RawRow) -> CallRecord:
    values = dict(zip(layout.COLUMNS, raw, strict=True))
    start = EPOCH + timedelta(microseconds=values.pop("start_at"))
    charge = values.pop("charge")
    grant = next((each for each in portion.grants if each.allows(start)), None)
    if grant is None or portion.number not in (values["calling"], values["called"]):
        raise RuntimeError(
            "An engine returned a row outside the scope."
        )  # must not happen; the search stops here
    return CallRecord(
        target=portion.number,
        grant=grant,
        start=start,
        duration=timedelta(milliseconds=values.pop("duration_ms")),
        offset=timedelta(minutes=values.pop("offset_min")),
        charge=Decimal(charge) if charge is not None else None,
        **values,
    )
