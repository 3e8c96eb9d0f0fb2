"""A list in a view of the billing system's database, read in one transaction that can only read."""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg
from psycopg import sql

from tecum.guide.model.subscribers import SubscriberSource
from tecum.records.drivers.subscriber_sources.connector import CannotList, Line

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?")
AT_ONCE = 2_000


class SqlView:
    """`SELECT *` of one view, and never a condition."""

    etag = ""

    def __init__(self, address: str, source: SubscriberSource) -> None:
        if not NAME.fullmatch(source.view):
            raise CannotList(
                f"The guide names no view for {source.id}, or not by a plain name: '{source.view}'."
            )
        self.address, self.source, self.name = address, source, source.view
        if not address.startswith(("sqlite:", "postgresql://", "postgres://")):
            raise CannotList("The address of the database begins with postgresql:// or sqlite:.")

    def header(self) -> list[str]:
        """Return the columns of the view."""
        for columns, _ in self._batches():
            return columns
        return []

    def lines(self) -> Iterator[Line]:
        """Yield every row of the view."""
        at = 0
        for columns, rows in self._batches():
            for row in rows:
                at += 1
                yield Line(at, {name: _text(value) for name, value in zip(columns, row, strict=True)})

    def _batches(self) -> Iterator[tuple[list[str], Sequence[Sequence[Any]]]]:
        """Yield the columns with some rows, the first time also with none."""
        try:
            yield from self._sqlite() if self.address.startswith("sqlite:") else self._postgres()
        except (sqlite3.Error, psycopg.Error) as wrong:
            said = str(wrong).splitlines()[0] if str(wrong) else type(wrong).__name__
            raise CannotList(f"The view {self.name} cannot be read: {said} Nothing was changed.") from None

    def _sqlite(self) -> Iterator[tuple[list[str], Sequence[Sequence[Any]]]]:
        link = sqlite3.connect(f"file:{self.address.removeprefix('sqlite:')}?mode=ro", uri=True)
        try:
            quoted = ".".join(f'"{part}"' for part in self.name.split("."))
            found = link.execute(f"SELECT * FROM {quoted}")
            yield from _taken(found)
        finally:
            link.close()

    def _postgres(self) -> Iterator[tuple[list[str], Sequence[Sequence[Any]]]]:
        with psycopg.connect(self.address, connect_timeout=30) as link:
            link.read_only = True
            link.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            with link.cursor(name="tecum_full_list") as found:
                found.itersize = AT_ONCE
                found.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(*self.name.split("."))))
                yield from _taken(found)


def _taken(found: Any) -> Iterator[tuple[list[str], Sequence[Sequence[Any]]]]:
    rows = found.fetchmany(AT_ONCE)
    columns = [column[0] for column in found.description]
    yield columns, rows
    while rows := found.fetchmany(AT_ONCE):
        yield columns, rows


def _text(value: Any) -> str:
    return "" if value is None else str(value)
