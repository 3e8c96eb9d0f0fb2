"""
Statements whose words are found once and kept: for the few that every look-up, every request puts to the database.

Django writes the SQL of a queryset afresh at every call and makes a model of every row, which costs several times what
the database needs to answer. Here the queryset, or the model, says once what is asked; only what differs is filled in.
Nothing of Django is imported: a queryset or a model brings what is needed.
"""

from collections import namedtuple
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

# What a field may be handed as it is; every other value goes through the field, as with Django itself.
PLAIN = (str, int, type(None))
NOT_PLAIN = ("JSONField", "DateTimeField", "DateField", "BinaryField")
MOST_SHAPES = 64


class Question:
    """
    A queryset of `values_list(...)` that is asked over and over: `STANDING("3f2a…")` is one asking of it.

    `build` gets the arguments and returns the queryset. Arguments are texts, instants, or tuples of texts, and each
    stands in the SQL as a parameter.
    """

    def __init__(self, build: Callable[..., Any]) -> None:
        self.build = build
        self._words = lru_cache(MOST_SHAPES)(self._find_words)

    def __call__(self, *given: Any) -> "Asking":
        """Return this question with its arguments; the database is asked when the rows are read."""
        return Asking(self, given)

    def _find_words(self, shape: tuple[Any, ...]) -> "Words":
        """Let Django write the SQL once, for arguments of one shape, and note where each argument stands in it."""
        marks = [_mark(at, kind) for at, kind in enumerate(shape)]
        rows = self.build(*marks)
        compiler = rows.query.get_compiler(using=rows.db)
        sql, parameters = compiler.as_sql()
        places: dict[Any, tuple[int, int | None]] = {}
        for at, mark in enumerate(marks):
            for within, one in enumerate(mark if isinstance(mark, tuple) else [mark]):
                places[_fit(one, compiler.connection)] = (at, within if isinstance(mark, tuple) else None)
        columns = [column[0] for column in compiler.select]
        return Words(
            query=rows.query,
            using=rows.db,
            sql=sql,
            parameters=[(places.get(each), each) for each in parameters],
            converters=compiler.get_converters(columns),
            row=namedtuple("Row", rows._fields),
        )


@dataclass(frozen=True, slots=True)
class Words:
    """The SQL of one question for arguments of one shape; `parameters`: which argument stands there, or what Django put."""

    query: Any
    using: str
    sql: str
    parameters: list[tuple[tuple[int, int | None] | None, Any]]
    converters: dict[int, Any]
    row: Any


class Asking:
    """One question with its arguments; iterate over it, or let `kernel.locks.for_share` read it."""

    def __init__(self, question: Question, given: tuple[Any, ...]) -> None:
        self.given = given
        self.words = question._words(tuple(_kind(each) for each in given))
        self.compiler = self.words.query.get_compiler(using=self.words.using)
        self.connection = self.compiler.connection

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows())

    def rows(self, lock: str = "") -> list[Any]:
        """Return the rows, each with its columns by name; `lock` is appended to the SQL as it is."""
        words = self.words
        parameters = [
            each if place is None else _fit(self._argument(place), self.connection)
            for place, each in words.parameters
        ]
        with self.connection.cursor() as cursor:
            cursor.execute(words.sql + lock, parameters)
            found = cursor.fetchall()
        if words.converters:
            found = self.compiler.apply_converters(found, words.converters)
        return [words.row._make(each) for each in found]

    def first(self) -> Any:
        """Return the first row, None without one."""
        return next(iter(self), None)

    def _argument(self, place: tuple[int, int | None]) -> Any:
        at, within = place
        return self.given[at] if within is None else self.given[at][within]


class Entry:
    """
    The writing of rows of one model in one statement, column by column: `UNITS.write([(…), (…)])`.

    Nothing is defaulted: every column of the table but the key that the database gives must be named. Constraints are
    the database's, as always.
    """

    def __init__(
        self, model: Callable[[], Any], *names: str, returns: Sequence[str] = (), upsert: str = ""
    ) -> None:
        self.model, self.names, self.returns, self.upsert = model, names, returns, upsert
        self._sql = lru_cache(MOST_SHAPES)(self._write_sql)

    def write(self, rows: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
        """Write the rows; return of each what `returns` names."""
        if not rows:
            return []
        model = self.model()
        query = model._base_manager.all().query
        connection = query.get_compiler(using=model._base_manager.db).connection
        fields = [model._meta.get_field(name) for name in self.names]
        plain = [field.get_internal_type() not in NOT_PLAIN for field in fields]
        fitted: dict[
            tuple[int, int], Any
        ] = {}  # the same instant stands in every row: the field is asked once
        parameters = []
        for row in rows:
            for at, value in enumerate(row):
                if not (plain[at] and type(value) in PLAIN):
                    seen = (at, id(value))
                    if seen not in fitted:
                        fitted[seen] = fields[at].get_db_prep_save(value, connection)
                    value = fitted[seen]
                parameters.append(value)
        with connection.cursor() as cursor:
            cursor.execute(self._sql(len(rows), connection.vendor), parameters)
            return cursor.fetchall() if self.returns else []

    def _write_sql(self, count: int, vendor: str) -> str:
        model = self.model()
        columns = [model._meta.get_field(name).column for name in self.names]
        values = f"({', '.join(['%s'] * len(columns))})"
        sql = (
            f'INSERT INTO "{model._meta.db_table}" ({_quoted(columns)}) VALUES {", ".join([values] * count)}'  # noqa: S608
        )
        back = f" RETURNING {_quoted(self.returns)}" if self.returns else ""
        return sql + self.upsert + back


def _quoted(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _kind(value: Any) -> Any:
    return len(value) if isinstance(value, tuple) else type(value)


def _mark(at: int, kind: Any) -> Any:
    """Return a value that stands nowhere else, for an argument of one kind."""
    if kind is datetime:
        return datetime(1, 1, 1, microsecond=at + 1, tzinfo=UTC)
    if isinstance(kind, int):
        return tuple(f"\x00mark {at} {within}" for within in range(kind))
    return f"\x00mark {at}"


def _fit(value: Any, connection: Any) -> Any:
    """Return a value as the driver takes it."""
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
