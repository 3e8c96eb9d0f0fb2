"""Random snapshots and feeds, late, twice and shuffled: the engines end where a row for each number would have ended."""

from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, note, settings
from hypothesis import strategies as st

from tecum.inventory.drivers import apply, choice, loading
from tecum.inventory.drivers.engine import Numbered, Outcome
from tecum.inventory.drivers.loading import Load
from tecum.inventory.rules.runs import Holding, Run, differences
from tecum.inventory.rules.timeline import LONG_AGO, Fact, Kind, believed, fold, midnight
from tests.make import NOON
from tests.sizes import PROOF, size

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
ZONE = ZoneInfo("America/New_York")
FIRST = 2925550995  # the numbers lie on both sides of the border of a thousands block
NUMBERS = [FIRST + n for n in range(12)]
CUSTOMERS = ["A", "B"]


def day(n):
    return (NOON + timedelta(days=n)).date()


@dataclass
class Rows:
    """The inventory as nobody would build it: everything ever said about each number."""

    said: dict = field(default_factory=lambda: {number: [] for number in NUMBERS})
    epoch: object = LONG_AGO
    version: int = 0
    seq: int = 0

    def snapshot(self, at, held):
        self.epoch = at
        self.version += 1
        for number in NUMBERS:
            customer, since = held.get(number, ("", None))
            self.said[number].append(Fact(at, Kind.SNAPSHOT, customer, "", at, 0, since))

    def feed(self, facts):
        self.version += 1
        for number, fact in facts:
            if fact[:4] not in {known[:4] for known in self.said[number]}:
                self.said[number].append(fact)

    def life(self, number):
        return fold(self.said[number], ZONE)


@dataclass
class Staged:
    """A snapshot without its file."""

    old: list
    new: list

    compared = True

    @property
    def runs(self):
        return len(self.new)

    @property
    def numbers(self):
        return sum(run.e - run.s + 1 for run in self.new)

    def new_runs(self):
        yield [
            (run.s, run.e, run.customer, (run.since - day(0)).days + day(0).toordinal() - 719_163)
            for run in self.new
        ]

    def edits(self):
        return differences(self.old, self.new)


class Machine:
    """An engine and the rows beside it, told the same."""

    def __init__(self, engine):
        self.engine, self.rows, self.at = engine, Rows(), NOON

    def load(self, kind, at):
        return Load(
            self.engine, self.engine.meta(), f"load-{self.rows.version}", kind, "file", "0" * 64, at, at, ZONE
        )

    def held(self):
        return self.engine.look_up(NUMBERS)[1] if self.engine.meta() else {}

    def snapshot(self, held, n):
        at = NOON + timedelta(days=n)
        if at <= self.rows.epoch:
            return
        held = {number: (c, since) for number, (c, since) in held.items() if midnight(since, ZONE) <= at}
        staged = Staged(_runs(self.held()), _runs({number: Holding(*row) for number, row in held.items()}))
        changes = Outcome().count(staged.edits())
        loading.snapshot(self.load("snapshot", at), staged, changes, edits=changes.changed)
        self.rows.snapshot(at, held)

    def feed(self, lines):
        facts = []
        for number, kind, customer, n in lines:
            self.rows.seq += 1
            at = midnight(day(n), ZONE)
            facts.append(Numbered(number, Fact(at, kind, customer, "", self.rows.epoch, self.rows.seq)))
        facts.sort(key=lambda row: row.number)
        loading.feed(self.load("feed", NOON + timedelta(days=40)), facts, position=self.rows.seq)
        self.rows.feed(facts)

    def check(self):
        if self.rows.version == 0:
            return
        meta, held = self.engine.look_up(NUMBERS)
        assert held == {n: life.holding for n in NUMBERS if (life := self.rows.life(n)).holding}
        assert meta.version == self.rows.version
        assert meta.total == len(held) == sum(self.engine.counts().values())
        for number in NUMBERS:
            recorded = [(row.source_id, row.past) for row in self.engine.past(number)]
            kept = [row for _, row in believed(recorded, held.get(number), ZONE)]
            assert sorted(row[:3] for row in kept) == sorted(row[:3] for row in self.rows.life(number).past)


def _runs(held):
    runs = []
    for number in sorted(held):
        last = runs[-1] if runs else None
        if last and last.e == number - 1 and last.holding == held[number]:
            runs[-1] = last._replace(e=number)
        else:
            runs.append(Run(number, number, *held[number]))
    return runs


holdings = st.dictionaries(
    st.sampled_from(NUMBERS),
    st.tuples(st.sampled_from(CUSTOMERS), st.integers(-20, 30).map(day)),
    max_size=12,
)
lines = st.lists(
    st.tuples(
        st.sampled_from(NUMBERS[:4]),
        st.sampled_from([*Kind][:4]),
        st.sampled_from(CUSTOMERS),
        st.integers(-10, 30),
    ),
    max_size=6,
)
snapshots = st.tuples(st.just("snapshot"), holdings, st.integers(0, 30))
feeds = st.tuples(st.just("feed"), lines, st.just(0))
story = st.lists(st.one_of(snapshots, feeds), max_size=7)


def fresh():
    """Give an engine with nothing in it."""
    engine = choice.engine()
    engine.close()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA IF EXISTS {engine.schema} CASCADE")
    else:
        for path in engine.folder.glob("*"):
            path.unlink()
        engine.folder.mkdir(parents=True, exist_ok=True)
    return engine


OTHERS = {FIRST + place: ("A", day(0)) for place in range(3)}
ONE = FIRST + 3


@settings(
    max_examples=size(fast=40, ci=150, proof=3000),
    derandomize=not PROOF,  # the same stories in every fast run; the proof searches further ones
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(story)
@example(
    [
        ("snapshot", {FIRST: ("A", day(0))}, 0),
        ("feed", [(FIRST, Kind.DISCONNECT, "A", 2)], 0),
        ("snapshot", {}, 1),
    ]
)
@example(
    [
        ("snapshot", {**OTHERS, ONE: ("A", day(-1))}, 0),
        ("feed", [(ONE, Kind.DISCONNECT, "A", 2)], 0),
        ("snapshot", {**OTHERS, ONE: ("A", day(0))}, 1),
    ]
)
@example(
    [
        ("snapshot", {ONE: ("A", day(0))}, 0),
        ("snapshot", {}, 1),
        ("feed", [(ONE, Kind.ACTIVATE, "A", 2)], 0),
        ("snapshot", {}, 2),
        ("feed", [(ONE, Kind.DISCONNECT, "A", 0)], 0),
    ]
)
@example(
    [
        ("snapshot", {ONE: ("A", day(0))}, 0),
        ("feed", [(ONE, Kind.DISCONNECT, "A", 2)], 0),
        ("snapshot", {}, 2),
        ("feed", [(ONE, Kind.DISCONNECT, "A", 1)], 0),
    ]
)
def test_whatever_is_told_in_whatever_order_the_engine_ends_where_the_rows_end(inventory, told):
    machine = Machine(fresh())
    note(repr(told))

    for kind, what, n in told:
        machine.snapshot(what, n) if kind == "snapshot" else machine.feed(what)
        machine.check()


def test_two_ends_around_a_snapshot_that_restates_the_date(inventory):
    machine = Machine(fresh())
    machine.snapshot({**OTHERS, ONE: ("A", day(-1))}, 0)
    machine.feed([(ONE, Kind.DISCONNECT, "A", 1)])
    machine.snapshot({**OTHERS, ONE: ("A", day(0))}, 1)
    machine.feed([(ONE, Kind.DISCONNECT, "A", 0)])

    machine.check()


@pytest.mark.sabotage("order-safe feeds")
def test_without_what_the_snapshot_said_a_late_fact_goes_wrong_and_the_rows_notice(inventory, monkeypatch):
    monkeypatch.setattr(apply, "_stated", lambda facts, at: True)
    machine = Machine(fresh())
    machine.snapshot({FIRST: ("A", day(-5))}, 0)
    machine.feed([(FIRST, Kind.DISCONNECT, "A", 8)])
    machine.feed([(FIRST, Kind.ACTIVATE, "B", 12)])

    machine.feed([(FIRST, Kind.DISCONNECT, "A", 5)])

    with pytest.raises(AssertionError):
        machine.check()
