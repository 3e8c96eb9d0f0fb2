"""
Between two tests with real transactions the database is emptied, by this and by nothing else.

The trail's tables refuse to be emptied, so their triggers are lifted for that moment. Only tables that hold rows are
touched: Django's own flush truncates every table and makes the content types anew, which took longer than most tests.
"""

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import TransactionTestCase

GUARDED = [
    "tecum_trailleaf",
    "tecum_traillog",
    "tecum_trailnode",
    "tecum_trailcheckpoint",
    "tecum_trailanchor",
]
KEPT = {"django_content_type", "auth_permission"}  # what migrating wrote and no test changes
_put_back: list[str] = []


def let_tests_empty_the_trail() -> None:
    """Take the place of Django's flush after a test with real transactions."""
    TransactionTestCase._fixture_teardown = _teardown  # type: ignore[method-assign]


def _teardown(case: TransactionTestCase) -> None:
    for alias in case._databases_names(include_mirrors=False):  # type: ignore[attr-defined]
        empty(connections[alias])


def empty(connection: BaseDatabaseWrapper) -> None:
    """Delete every row of every table in one transaction, and put back the triggers that a test may have lifted."""
    tables = sorted(set(connection.introspection.django_table_names(only_existing=True)) - KEPT)
    asked = (f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})" for table in tables)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        held = {table for (table,) in cursor.fetchall()}
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        elif held & set(GUARDED):
            lift(connection)
        for table in held:
            cursor.execute(f"DELETE FROM {table}")
        while _put_back:
            cursor.execute(_put_back.pop())


def lift(connection: BaseDatabaseWrapper) -> None:
    """Take the trail's triggers away, inside the transaction of the caller, until the test is over."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in GUARDED:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
                _put_back.append(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            return
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'tecum_trail%'"
        )
        for name, made in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")
            _put_back.append(made.replace("CREATE TRIGGER", "CREATE TRIGGER IF NOT EXISTS", 1))
