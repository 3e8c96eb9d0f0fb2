"""Eight writers, several sequencers, and one transaction that stays open: no fork, no gap, nothing sealed twice."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from tecum.audit import operations as audit
from tecum.audit import queries
from tecum.audit.models import TrailLeaf, TrailLog
from tecum_verify.merkle import leaf_hash, root_of
from tests.sizes import size
from tests.trails import RUIZ

NOON = datetime(2026, 9, 8, 16, 0, tzinfo=UTC)
WRITERS, EACH = 8, size(fast=40, ci=150, proof=4_000)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def in_threads(*works):
    """Run works side by side, each with its own connection; return what they returned."""

    def run(work):
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [each.result() for each in [pool.submit(run, work) for work in works]]


def write():
    for n in range(EACH):
        audit.note("trail.searched", by=RUIZ, at=NOON, found=n, shown=1)


def assert_one_history(expected: int) -> None:
    """The positions are dense, the tree is that of the bytes, and so are all kept nodes."""
    rows = list(TrailLeaf.objects.order_by("position").values_list("position", "body"))
    assert [row[0] for row in rows] == list(range(1, expected + 1))
    log = TrailLog.objects.get()
    assert log.size == expected
    assert log.tree().root() == root_of(leaf_hash(bytes(row[1])) for row in rows)
    assert queries.verify_now().code in {0, 5}


def test_eight_writers_and_four_sequencers_make_one_history():
    written = threading.Event()

    def sequence():
        passes = 0
        while not written.is_set() or TrailLeaf.objects.pending().exists():
            passes += audit.seal(now=NOON)
        return passes

    def writers():
        in_threads(*[write] * WRITERS)
        written.set()
        return 0

    sealed = sum(in_threads(writers, *[sequence] * 4))

    assert sealed == WRITERS * EACH
    assert_one_history(WRITERS * EACH)


def test_checkpoints_signed_while_others_write_agree_with_each_other_and_with_the_end():
    written = threading.Event()

    def sign():
        while not written.is_set():
            audit.seal(now=NOON)
            audit.publish_checkpoint(now=NOON)
        return 0

    def writers():
        in_threads(*[write] * WRITERS)
        written.set()
        return 0

    in_threads(writers, sign, sign)
    while audit.seal(now=NOON):
        pass
    audit.publish_checkpoint(now=NOON)

    assert len(queries.checkpoints()) >= 1
    assert queries.latest_checkpoint().size == WRITERS * EACH
    assert_one_history(WRITERS * EACH)


@pytest.mark.only_on("postgresql")  # SQLite has one writer: nothing can commit late
def test_what_commits_late_is_sealed_later_and_never_below():
    begun, others_sealed = threading.Event(), threading.Event()

    def late():
        with transaction.atomic():
            audit.record("trail.opened", by=RUIZ, at=NOON, origin="late")
            begun.set()
            others_sealed.wait(20)
        return 0

    def prompt():
        begun.wait(20)
        write()
        sealed = audit.seal(now=NOON)
        others_sealed.set()
        return sealed

    assert in_threads(late, prompt)[1] == EACH
    assert audit.seal(now=NOON) == 1

    assert TrailLeaf.objects.get(event="trail.opened").position == EACH + 1
    assert TrailLeaf.objects.order_by("pk").first().event == "trail.opened"
    assert_one_history(EACH + 1)


@pytest.mark.sabotage("control 9: the sequencer's lock")
def test_even_without_the_lock_the_database_refuses_a_fork(monkeypatch):
    """Without the lock two sequencers collide; the constraint then stops one of them, and nothing is forked."""
    monkeypatch.setattr(audit, "_alone", lambda: True)
    in_threads(*[write] * WRITERS)
    faults = []

    def sequence():
        for _ in range(20):
            try:
                audit.seal(now=NOON)
            except Exception as fault:
                faults.append(fault)

    in_threads(*[sequence] * 4)

    assert_one_history(WRITERS * EACH)
