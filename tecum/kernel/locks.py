"""
Rows that must stay as they are until the transaction ends, while others may read them too.

Django offers FOR UPDATE only; a look-up needs FOR SHARE, or all officers of one agency would wait for each other.
Nothing of Django is imported here: a queryset brings what is needed.
"""

from typing import Any


class NotInTransaction(RuntimeError):
    """A lock outside a transaction holds nothing."""


def for_share(rows: Any) -> list[Any]:
    """
    Return a queryset's rows, locked FOR SHARE until the transaction ends.

    PostgreSQL waits for whoever is changing such a row and then reads what was committed. SQLite has no row locks and
    needs none: our transactions begin IMMEDIATE, so no other writer can commit before this one ends.

    :raises NotInTransaction: outside a transaction
    """
    compiler = rows.query.get_compiler(using=rows.db)
    connection = compiler.connection
    if not connection.in_atomic_block:
        raise NotInTransaction("A lock FOR SHARE needs a transaction around it.")
    if not connection.features.has_select_for_update:
        return list(rows)
    sql, parameters = compiler.as_sql()
    return list(rows.model._base_manager.using(rows.db).raw(f"{sql} FOR SHARE", parameters))
