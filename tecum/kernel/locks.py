"""
Rows that must stay as they are until the transaction ends, while others may read them too.

Django offers FOR UPDATE only; a look-up needs FOR SHARE, or all officers of one agency would wait for each other. And
PostgreSQL lets ever new readers share a row while a change of it waits: under a steady stream of look-ups a suspension
would wait for ever (measured). So both pass a *turnstile* first, an advisory lock that serves in order of arrival.
Nothing of Django is imported here: a question or a queryset brings what is needed.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from tecum.kernel.prepared import Asking


class NotInTransaction(RuntimeError):
    """A lock outside a transaction holds nothing."""


def for_share(rows: Asking, turnstiles: Iterable[str]) -> list[Any]:
    """
    Return the rows of a question, held FOR SHARE until the transaction ends.

    Whoever is changing such a row, or waits to, goes first, and then what was committed is read. SQLite has no row locks
    and needs none: our transactions begin IMMEDIATE, so no other writer can commit before this one ends.

    :raises NotInTransaction: outside a transaction
    """
    held = _pass(rows.connection, turnstiles, "pg_advisory_xact_lock_shared")
    return rows.rows(" FOR SHARE" if held else "")


def before_change(rows: Any, turnstiles: Iterable[str]) -> None:
    """
    Go before all later readers of these rows; wait for those who hold them. Call it before reading what is to change.

    :raises NotInTransaction: outside a transaction
    """
    _pass(rows.query.get_compiler(using=rows.db).connection, turnstiles, "pg_advisory_xact_lock")


def _pass(connection: Any, turnstiles: Iterable[str], lock: str) -> bool:
    """Take the turnstiles in one order, the same for everybody; tell whether this database has any."""
    if not connection.in_atomic_block:
        raise NotInTransaction("A lock on rows needs a transaction around it.")
    if not connection.features.has_select_for_update:
        return False
    keys = sorted(
        {int.from_bytes(sha256(name.encode()).digest()[:8], "big", signed=True) for name in turnstiles}
    )
    with connection.cursor() as cursor:
        # A statement of its own: the one that reads the rows must begin after the turnstile was passed.
        cursor.execute(f"SELECT {lock}(key) FROM unnest(%s::bigint[]) AS key", [keys])  # noqa: S608  two fixed names
    return True
