"""
T15: a person, agency, customer, role or consent is revoked while many requests are in flight; none succeeds after commit.

Each request does what a look-up does: it stands, holds the consent, and writes what it reveals, in one transaction.
The revoking transaction counts, right after its own change, what was revealed so far. Nothing may be added to that
number ever after: whoever held the rows committed before, whoever comes later is refused.
"""

import threading
import time
from collections.abc import Callable
from itertools import count

import pytest
from django.db import connection, transaction

from tecum.accounts import operations as accounts
from tecum.accounts.operations import standing
from tecum.audit import operations as audit
from tecum.customers import operations as customers
from tecum.customers.operations import consents
from tecum.inventory.drivers import choice
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused
from tecum.models import TrailLeaf
from tests import make
from tests.make import NOON, ROOT, acting
from tests.sizes import size

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
NUMBER = "2925550142"
REVEALED = "person.changed"  # stands for the disclosure record; any change event will do
WORKERS = 8
BREATH = (
    0.01  # seconds between two requests: SQLite lets whoever asks at the right moment write, and no queue
)
PATIENCE = 20  # times as many requests as wanted, until a revocation that never commits counts as stuck


class Refusal(Refused):
    """The consent is gone."""


def reveal(by: Actor, customer: str, pause: float = 0.0) -> None:
    """Do what an answer does, with a pause between looking and writing in which everything may happen."""
    with transaction.atomic():
        accounts.stand(by=by, now=NOON)
        found = customers.consents_for_reveal({NUMBER: customer}, bases=["cpni_opt_in"], now=NOON)
        if NUMBER not in found:
            raise Refusal
        time.sleep(pause)
        audit.record(REVEALED, by=by, at=NOON, person=by.ref.removeprefix("person:"))


def revealed() -> int:
    return TrailLeaf.objects.filter(event=REVEALED).count()


class Stream:
    """Workers that take one request after the other until some time after the revocation, whenever that commits."""

    def __init__(self, requests: int, act: Callable[[], None]) -> None:
        self.requests, self.act = requests, act
        self.todo = count()
        self.revoked = threading.Event()
        self.to_come = requests // 3
        self.refused: list[int] = []
        self.faults: list[Exception] = []
        self.in_its_midst = threading.Event()
        self.taking = threading.Lock()
        self.threads = [threading.Thread(target=self.work) for _ in range(WORKERS)]

    def take(self) -> int | None:
        with self.taking:
            turn = next(self.todo)
            if turn >= self.requests // 3:
                self.in_its_midst.set()
            if self.revoked.is_set():
                self.to_come -= 1
            over = self.to_come < 0 or turn > self.requests * PATIENCE
        return None if over else turn

    def work(self) -> None:
        try:
            while (turn := self.take()) is not None:
                try:
                    self.act()
                except Refused:
                    self.refused.append(turn)
                time.sleep(BREATH)
        except Exception as fault:  # a fault in a thread must fail the test
            self.faults.append(fault)
            self.in_its_midst.set()
        finally:
            choice.engine().close()
            connection.close()


def race(
    by: Actor, customer: str, revoke: Callable[[], object], *, pause: float = 0.0, requests: int = 0
) -> tuple[int, int, int]:
    """Let requests run, revoke in their midst; return how many were revealed by then, at the end, and refused."""
    requests = requests or size(fast=160, ci=400, proof=1000)
    stream = Stream(requests, lambda: reveal(by, customer, pause))
    for thread in stream.threads:
        thread.start()
    stream.in_its_midst.wait()
    with transaction.atomic():
        revoke()
        by_then = revealed()
    stream.revoked.set()
    for thread in stream.threads:
        thread.join()
    assert not stream.faults
    return by_then, revealed(), len(stream.refused)


@pytest.fixture
def scene():
    agency, customer = make.agency(), make.customer()
    make.consent(customer.id)
    return make.officer(at=agency), agency, customer.id


def acts(scene) -> dict[str, Callable[[], object]]:
    officer, agency, customer = scene
    more = {"by": ROOT, "now": NOON}
    return {
        "person": lambda: accounts.suspend_person(person=officer.id, reason="left", **more),
        "agency": lambda: accounts.suspend_agency(agency=agency.id, reason="arrears", **more),
        "role": lambda: accounts.end_role(person=officer.id, role="le_user", **more),
        "consent": lambda: customers.withdraw_consent(customer=customer, reason="by letter", **more),
    }


@pytest.mark.parametrize("what", ["person", "agency", "role", "consent"])
def test_nothing_is_revealed_after_the_revocation_commits(scene, what):
    officer, _, customer = scene

    by_then, at_the_end, refused = race(acting(officer), customer, acts(scene)[what])

    assert by_then > 0, "the race began too late to show anything"
    assert refused > 0, "the race ended before the revocation"
    assert at_the_end == by_then


class Later(threading.Thread):
    """One step of a scene that may have to wait for another; what it raised is told when it is joined."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self.act, self.over, self.fault = act, threading.Event(), None
        self.start()

    def run(self) -> None:
        try:
            self.act()
        except Exception as fault:
            self.fault = fault
        finally:
            self.over.set()
            connection.close()


def waiting_for_locks() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0]


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "what the scene waits for never happened"
        time.sleep(0.01)


def overtaken(officer: Actor, customer: str, revoke: Callable[[], object]) -> tuple[bool, Refused | None]:
    """
    Let one request hold the rows, a revocation wait for it, and a second request come after the revocation.

    :return: whether the second one was answered while the revocation still waited, and its refusal if it had one
    """
    holds, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            accounts.stand(by=officer, now=NOON)
            holds.set()
            let_go.wait(60)

    first = Later(hold)
    holds.wait(60)
    second = Later(revoke)
    until(lambda: waiting_for_locks() == 1)
    third = Later(lambda: reveal(officer, customer))
    until(lambda: third.over.is_set() or waiting_for_locks() == 2)
    before_it = third.over.is_set()
    let_go.set()
    for step in (first, second, third):
        step.join(60)
    assert first.fault is None and second.fault is None
    return before_it, third.fault


@pytest.mark.only_on("postgresql")  # SQLite serves its writers one at a time
def test_whoever_comes_after_a_waiting_revocation_waits_behind_it_and_is_refused(scene):
    officer, _, customer = scene

    before_it, refused = overtaken(acting(officer), customer, acts(scene)["person"])

    assert not before_it
    assert isinstance(refused, Refused)


@pytest.mark.sabotage("control 12")
@pytest.mark.only_on("postgresql")  # SQLite serves its writers one at a time
def test_without_the_turnstile_a_stream_of_readers_would_keep_the_revocation_waiting(scene, monkeypatch):
    officer, _, customer = scene
    monkeypatch.setattr("tecum.kernel.locks._pass", lambda *_: True)

    before_it, refused = overtaken(acting(officer), customer, acts(scene)["person"])

    assert before_it and refused is None


@pytest.mark.sabotage("control 12")
@pytest.mark.parametrize("what", ["person", "agency", "role"])
def test_without_standing_again_the_actor_of_the_request_would_go_on_revealing(scene, what, monkeypatch):
    officer, _, customer = scene
    monkeypatch.setattr(accounts, "stand", lambda **_: None)

    by_then, at_the_end, _ = race(acting(officer), customer, acts(scene)[what])

    assert at_the_end > by_then


@pytest.mark.sabotage("control 14")
@pytest.mark.parametrize("what", ["person", "consent"])
@pytest.mark.only_on("postgresql")  # SQLite has no row locks: its one writer at a time is the control there
def test_without_the_lock_an_answer_in_flight_would_overtake_the_revocation(scene, what, monkeypatch):
    officer, _, customer = scene
    monkeypatch.setattr(standing, "for_share", lambda rows, _: list(rows))
    monkeypatch.setattr(consents, "for_share", lambda rows, _: list(rows))

    by_then, at_the_end, _ = race(acting(officer), customer, acts(scene)[what], pause=0.02, requests=120)

    assert at_the_end > by_then


@pytest.mark.sabotage("control 14")
@pytest.mark.only_on("sqlite")  # PostgreSQL has row locks
def test_without_an_immediate_transaction_sqlite_would_let_an_answer_rest_on_a_withdrawn_consent(
    scene, tmp_path
):
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    officer, _, customer = scene
    looked, withdrawn, outcome = threading.Event(), threading.Event(), []

    def deferred() -> None:
        connection.ensure_connection()
        connection.transaction_mode = "DEFERRED"
        try:
            with transaction.atomic():
                found = customers.consents_for_reveal({NUMBER: customer}, bases=["cpni_opt_in"], now=NOON)
                looked.set()
                withdrawn.wait(10)
                outcome.append(NUMBER in found)
        finally:
            connection.close()

    thread = threading.Thread(target=deferred)
    thread.start()
    looked.wait(10)
    acts(scene)["consent"]()
    withdrawn.set()
    thread.join()

    assert outcome == [True], (
        "a reader that does not begin as a writer answers after the withdrawal committed"
    )
