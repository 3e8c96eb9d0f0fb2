"""
Django's SQLite, for several processes that write.

*Whose turn it is.* SQLite lets a second writer sleep and try again, ever longer: one that has waited long keeps waiting
while the quick ones pass. Here a writer first takes the turn, a lock of the kernel on a file beside the database, and
only who has the turn tries for the database's own lock, at once when it is free. A killed process gives its turn back.

*When a commit waits for the disk.* With `synchronous=FULL` the database stays locked while the disk writes the log.
Here the lock is given back first and the log forced to disk after it, before the commit returns: nobody is told that
something is done before it is on the disk, and the next writer computes meanwhile. A later commit forces the earlier
ones with it, for they stand before it in the log. Docs: docs/decisions/0033-the-embedded-database.md.
"""

import fcntl
import os
import sqlite3
import time
from functools import lru_cache
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.backends.utils import debug_transaction
from django.db.utils import OperationalError

TURN = "-turn"
LOG = "-wal"
BETWEEN_TRIES = 0.0003  # seconds; only the one whose turn it is tries
FULL = 2  # PRAGMA synchronous
QUESTIONS_KEPT = 512

_as_qmarks = lru_cache(QUESTIONS_KEPT)(
    lambda query: base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")
)


def _begun(link: sqlite3.Connection, *, last: bool) -> bool:
    """Try to begin to write; on the `last` try a database that is locked is an error."""
    try:
        link.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as fault:
        if last or fault.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


class Cursor(base.SQLiteCursorWrapper):
    """Django's cursor; the words of a statement are translated once."""

    def convert_query(self, query: str, *, param_names: list[str] | None = None) -> str:
        """Return a statement in SQLite's own spelling of parameters."""
        if param_names is not None:
            return str(super().convert_query(query, param_names=param_names))
        return str(_as_qmarks(query))


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's connection, which waits for its turn and lets the disk write without the lock."""

    _turn: int | None = None
    _forces = False  # whether this database forces every commit to disk
    _owes = False  # whether the transaction that is open leaves that to `_commit`

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open the database, and the file of the turn beside it."""
        link = super().get_new_connection(conn_params)
        name = str(self.settings_dict["NAME"])
        self._close_turn()
        if os.path.isfile(name):
            self._turn = os.open(name + TURN, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            mode, level = (
                link.execute(f"PRAGMA {what}").fetchone()[0] for what in ("journal_mode", "synchronous")
            )
            self._forces = (mode, level) == ("wal", FULL)
        return link

    def create_cursor(self, name: str | None = None) -> Any:
        """Return a cursor of this connection."""
        return self.connection.cursor(factory=Cursor)

    def _close(self) -> None:
        super()._close()  # type: ignore[misc]  # the stubs leave Django's private methods out
        self._close_turn()

    def _close_turn(self) -> None:
        self._owes = False
        if self._turn is not None:
            os.close(self._turn)
            self._turn = None

    def _start_transaction_under_autocommit(self) -> None:
        if self._turn is None or self.transaction_mode != "IMMEDIATE":  # type: ignore[attr-defined]
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
            return
        patience = float(self.settings_dict["OPTIONS"].get("timeout", 5))
        try:
            with debug_transaction(self, "BEGIN IMMEDIATE"), self.wrap_database_errors:
                if self._forces:
                    self.connection.execute("PRAGMA synchronous = NORMAL")
                    self._owes = True
                self._begin(self._turn, patience=patience)
        except BaseException:
            self._settle()
            raise

    def _begin(self, turn: int, *, patience: float) -> None:
        """Take the turn, then the database's lock, and give the turn on; give up after `patience` seconds."""
        until = time.monotonic() + patience
        link = self.connection
        link.execute("PRAGMA busy_timeout = 0")
        fcntl.flock(turn, fcntl.LOCK_EX)
        try:
            while not _begun(link, last=time.monotonic() > until):
                time.sleep(BETWEEN_TRIES)
        finally:
            fcntl.flock(turn, fcntl.LOCK_UN)
            link.execute(f"PRAGMA busy_timeout = {int(patience * 1000)}")

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        if self._settle():
            self._force()

    def _rollback(self) -> None:
        super()._rollback()  # type: ignore[misc]
        self._settle()

    def _settle(self) -> bool:
        """Let statements outside a transaction force the log themselves again; tell whether a commit has still to do it."""
        owed, self._owes = self._owes, False
        if owed and self.connection is not None:
            self.connection.execute("PRAGMA synchronous = FULL")
        return owed

    def _force(self) -> None:
        """Wait until the log is on the disk. Without a log everything was copied into the database, which was forced."""
        try:
            log = os.open(f"{self.settings_dict['NAME']}{LOG}", os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return
        try:
            os.fdatasync(log)
        except OSError as fault:
            raise OperationalError(f"The log could not be forced to disk: {fault.strerror}") from fault
        finally:
            os.close(log)
