"""The trail's tables refuse to be emptied; between two tests they must be, by this and by nothing else."""

from collections.abc import Callable
from typing import Any

from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.backends.postgresql.base import DatabaseWrapper as PostgreSQL
from django.db.backends.sqlite3.base import DatabaseWrapper as SQLite

GUARDED = [
    "tecum_trailleaf",
    "tecum_traillog",
    "tecum_trailnode",
    "tecum_trailcheckpoint",
    "tecum_trailanchor",
]


def let_tests_empty_the_trail() -> None:
    """Wrap Django's flush, which ends every test with real transactions, on both databases."""
    for operations in (SQLite.ops_class, PostgreSQL.ops_class):
        operations.execute_sql_flush = _wrapped(operations.execute_sql_flush)  # type: ignore[method-assign]


def _wrapped(flush: Callable[..., Any]) -> Callable[..., Any]:
    def emptied(self: BaseDatabaseOperations, statements: list[str]) -> None:
        lower, lift = _postgresql() if self.connection.vendor == "postgresql" else _sqlite(self)
        flush(self, [*lower, *statements, *lift])

    return emptied


def _postgresql() -> tuple[list[str], list[str]]:
    down = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in GUARDED]
    return down, [statement.replace("DISABLE", "ENABLE") for statement in down]


def _sqlite(operations: BaseDatabaseOperations) -> tuple[list[str], list[str]]:
    with operations.connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'tecum_trail%'"
        )
        triggers = cursor.fetchall()
    return [f"DROP TRIGGER {name}" for name, _ in triggers], [sql for _, sql in triggers]
