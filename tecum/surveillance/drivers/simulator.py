"""
A switch that is only played: for training, drills and tests. It is part of the product.

It lives in a file of its own beside our database, so that no crash and no rollback of ours changes what it holds, and it
can be told to behave as switches do on bad days: to be silent, to obey and not say so, to obey later, to obey twice,
to say yes and do nothing, to say yes and store something else, to forget everything.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

from tecum.surveillance.drivers.port import SwitchRejects, SwitchSilent
from tecum.surveillance.rules.ordered import Intercept
from tecum.surveillance.rules.tasks import Task

TABLES = """
create table if not exists tasks (task text primary key, body text not null);
create table if not exists moods (n integer primary key, mood text not null, times integer not null);
create table if not exists late (n integer primary key, verb text not null, task text not null, body text);
create table if not exists said (n integer primary key, verb text not null, task text not null, mood text not null);
"""


class Mood(StrEnum):
    """How it behaves for the next commands."""

    SILENT = "silent"  # nothing arrives, no answer
    MUTE = "mute"  # obeys, and the answer is lost
    LATE = "late"  # no answer; obeys before whatever it is asked next
    TWICE = "twice"  # obeys twice
    IDLE = "idle"  # says yes, does nothing
    LIAR = "liar"  # says yes, stores something else: content
    REJECTS = "rejects"


class Simulator:
    """One played switch."""

    def __init__(self, file: Path) -> None:
        self.file = file

    # -- the port --------------------------------------------------------------------------------------------

    def write(self, task: Task) -> None:
        """Put a complete object on the switch. :raises SwitchSilent: when told to behave so"""
        self._command("write", task.task, task)

    def remove(self, task: str) -> None:
        """Take a task off the switch. :raises SwitchSilent: when told to behave so"""
        self._command("remove", task, None)

    def read(self, task: str) -> Task | None:
        """Return the object as the switch holds it. :raises SwitchSilent: when told to behave so"""
        with self._open() as base:
            self._answer(base, "read", task)
            row = base.execute("select body from tasks where task = ?", [task]).fetchone()
        return Task.from_data(json.loads(row[0])) if row else None

    def listing(self) -> tuple[Task, ...]:
        """Return every task that the switch holds. :raises SwitchSilent: when told to behave so"""
        with self._open() as base:
            self._answer(base, "listing", "")
            rows = base.execute("select body from tasks order by task").fetchall()
        return tuple(Task.from_data(json.loads(body)) for (body,) in rows)

    # -- what trainers and tests do to it -------------------------------------------------------------------------

    def behave(self, mood: Mood, *, times: int = 1) -> None:
        """Let it behave so for the next commands; -1: until `recover`. Listing and reading are hit by silence alone."""
        with self._open() as base:
            base.execute("insert into moods (mood, times) values (?, ?)", [mood, times])

    def recover(self) -> None:
        """Let it behave well again; what it was to do late it has forgotten."""
        with self._open() as base:
            base.execute("delete from moods")
            base.execute("delete from late")

    def restart(self) -> None:
        """Let it forget every task, as a restart without its disk does."""
        with self._open() as base:
            base.execute("delete from tasks")

    def plant(self, task: Task) -> None:
        """Put a task there behind our back."""
        with self._open() as base:
            self._store(base, task)

    def drop(self, task: str) -> None:
        """Take a task away behind our back."""
        with self._open() as base:
            base.execute("delete from tasks where task = ?", [task])

    def heard(self, verb: str = "") -> tuple[tuple[str, str], ...]:
        """Return what it was told, in order: verb and task."""
        with self._open() as base:
            rows = base.execute("select verb, task from said order by n").fetchall()
        return tuple((said, task) for said, task in rows if not verb or said == verb)

    def holds(self) -> tuple[Task, ...]:
        """Return what it holds, whatever its mood."""
        with self._open() as base:
            rows = base.execute("select body from tasks order by task").fetchall()
        return tuple(Task.from_data(json.loads(body)) for (body,) in rows)

    # -- inside ------------------------------------------------------------------------------------------------

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        fresh = not self.file.exists()
        if fresh:
            self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with closing(sqlite3.connect(self.file, timeout=20, isolation_level=None)) as base:
            base.execute("pragma synchronous = off")
            if fresh:
                base.execute("pragma journal_mode = wal")
            base.executescript(TABLES)
            yield base

    def _command(self, verb: str, task: str, body: Task | None) -> None:
        with self._open() as base:
            base.execute("begin immediate")
            try:
                mood = self._answer(base, verb, task)
                self._obey(base, mood, verb, task, body)
            finally:
                base.execute("commit")
        if mood is Mood.REJECTS:
            raise SwitchRejects("rejected")
        if mood in {Mood.MUTE, Mood.LATE}:
            raise SwitchSilent("no answer")

    def _obey(
        self, base: sqlite3.Connection, mood: Mood | None, verb: str, task: str, body: Task | None
    ) -> None:
        if mood in {Mood.IDLE, Mood.REJECTS}:
            return
        if mood is Mood.LATE:
            text = json.dumps(body.as_data()) if body else None
            base.execute("insert into late (verb, task, body) values (?, ?, ?)", [verb, task, text])
            return
        if mood is Mood.LIAR and body is not None:
            body = replace(body, types=body.types | {Intercept.TITLE_III, Intercept.PEN_REGISTER})
        for _ in range(2 if mood is Mood.TWICE else 1):
            self._do(base, task, body)

    def _answer(self, base: sqlite3.Connection, verb: str, task: str) -> Mood | None:
        """Do first what was to be done late; then say how it behaves now. :raises SwitchSilent: when it does not answer"""
        commands = verb in {"write", "remove"}
        self._catch_up(base)
        row = base.execute("select n, mood, times from moods order by n limit 1").fetchone()
        mood = Mood(row[1]) if row and (commands or row[1] == Mood.SILENT) else None
        if row and mood is not None and row[2] > 0:
            base.execute("update moods set times = times - 1 where n = ?", [row[0]])
            base.execute("delete from moods where times = 0")
        base.execute("insert into said (verb, task, mood) values (?, ?, ?)", [verb, task, mood or ""])
        if mood is Mood.SILENT:
            raise SwitchSilent("no answer")
        return mood

    def _catch_up(self, base: sqlite3.Connection) -> None:
        for n, task, body in base.execute("select n, task, body from late order by n").fetchall():
            self._do(base, task, Task.from_data(json.loads(body)) if body else None)
            base.execute("delete from late where n = ?", [n])

    def _do(self, base: sqlite3.Connection, task: str, body: Task | None) -> None:
        if body is None:
            base.execute("delete from tasks where task = ?", [task])
        else:
            self._store(base, body)

    def _store(self, base: sqlite3.Connection, task: Task) -> None:
        base.execute("insert or replace into tasks values (?, ?)", [task.task, json.dumps(task.as_data())])
