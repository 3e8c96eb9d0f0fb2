"""The embedded database: who writes next, and that nobody is told of what is not on the disk."""

import fcntl
import os
import sqlite3
import threading
from pathlib import Path

import pytest
from django.db.utils import OperationalError

from tecum.config.databases import from_address
from tecum.config.sqlite3 import base

pytestmark = pytest.mark.django_db  # pytest lets nobody open a database without it
NORMAL, FULL = 1, 2


def connection(folder: Path, **options: object) -> base.DatabaseWrapper:
    """Return a connection to a database of its own, as it is served."""
    given = from_address("", data=folder)
    settings = {
        **given,
        "OPTIONS": {**given["OPTIONS"], **options},
        "AUTOCOMMIT": True,
        "CONN_HEALTH_CHECKS": False,
        "TIME_ZONE": None,
    }
    found = base.DatabaseWrapper(settings, alias="probe")
    found.connect()
    found.inc_thread_sharing()
    found.connection.execute("CREATE TABLE IF NOT EXISTS note (word TEXT)")
    return found


def begin(found: base.DatabaseWrapper) -> None:
    found.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def end(found: base.DatabaseWrapper, *, keep: bool = True) -> None:
    (found.commit if keep else found.rollback)()
    found.set_autocommit(True)


def level(found: base.DatabaseWrapper) -> int:
    return int(found.connection.execute("PRAGMA synchronous").fetchone()[0])


def beside(folder: Path) -> sqlite3.Connection:
    """Return a connection that neither waits nor knows of turns."""
    return sqlite3.connect(folder / "tecum.sqlite3", isolation_level=None, timeout=0)


def test_who_has_the_turn_is_the_next_to_write(tmp_path):
    waiting = connection(tmp_path)
    turn = os.open(tmp_path / "tecum.sqlite3-turn", os.O_RDWR)
    fcntl.flock(turn, fcntl.LOCK_EX)
    begun = threading.Event()

    def write() -> None:
        begin(waiting)
        begun.set()
        end(waiting)

    thread = threading.Thread(target=write)
    thread.start()
    early = begun.wait(0.3)
    os.close(turn)  # as the kernel does for a process that was killed
    thread.join()

    assert not early
    assert begun.is_set()


def test_a_writer_waits_for_one_that_is_writing_and_then_writes(tmp_path):
    waiting, other = connection(tmp_path), beside(tmp_path)
    other.execute("BEGIN IMMEDIATE")
    begun = threading.Event()
    thread = threading.Thread(target=lambda: (begin(waiting), begun.set()))

    thread.start()
    early = begun.wait(0.3)
    other.execute("COMMIT")
    thread.join()

    assert not early
    assert begun.is_set()
    end(waiting)


def test_a_database_that_stays_locked_is_an_error_and_the_turn_goes_on(tmp_path):
    waiting, other = connection(tmp_path, timeout=0.2), beside(tmp_path)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(OperationalError, match="locked"):
        begin(waiting)

    other.execute("COMMIT")
    assert level(waiting) == FULL
    begin(waiting)  # the turn was given back: this would wait for ever otherwise
    end(waiting)


def test_a_commit_returns_only_after_the_log_is_on_the_disk_and_the_next_writer_need_not_wait_for_that(
    tmp_path, monkeypatch
):
    writing, other, seen = connection(tmp_path), beside(tmp_path), []
    real = os.fdatasync

    def forced(file: int) -> None:
        other.execute("BEGIN IMMEDIATE")  # the lock is free
        seen.append((os.readlink(f"/proc/self/fd/{file}"), other.execute("SELECT word FROM note").fetchall()))
        other.execute("COMMIT")
        real(file)

    monkeypatch.setattr(os, "fdatasync", forced)
    begin(writing)
    inside = level(writing)
    writing.connection.execute("INSERT INTO note VALUES ('kept')")
    assert seen == []
    end(writing)

    assert seen == [(f"{tmp_path}/tecum.sqlite3-wal", [("kept",)])]
    assert (inside, level(writing)) == (NORMAL, FULL)


def test_a_statement_outside_a_transaction_is_forced_by_the_database_itself_after_a_rollback_too(tmp_path):
    writing = connection(tmp_path)
    assert level(writing) == FULL

    begin(writing)
    end(writing, keep=False)

    assert level(writing) == FULL


def test_a_disk_that_does_not_take_the_log_is_an_error(tmp_path, monkeypatch):
    writing = connection(tmp_path)
    begin(writing)
    writing.connection.execute("INSERT INTO note VALUES ('lost?')")
    monkeypatch.setattr(os, "fdatasync", lambda file: (_ for _ in ()).throw(OSError(5, "Input/output error")))

    with pytest.raises(OperationalError, match="forced to disk"):
        writing.commit()

    assert level(writing) == FULL


@pytest.mark.sabotage("control 9: forced to disk before the answer")
def test_without_the_forcing_a_commit_would_return_with_the_log_still_in_memory(tmp_path, monkeypatch):
    writing, forced = connection(tmp_path), []
    monkeypatch.setattr(os, "fdatasync", forced.append)
    monkeypatch.setattr(base.DatabaseWrapper, "_force", lambda self: None)

    begin(writing)
    writing.connection.execute("INSERT INTO note VALUES ('told too early')")
    end(writing)

    assert forced == []
