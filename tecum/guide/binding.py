"""Binds a tree of nodes to the typed model and collects every mistake on the way."""

import dataclasses
import types
import typing
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, Literal

from tecum.guide import values
from tecum.guide.fields import required
from tecum.guide.nodes import Array, Leaf, Node, Table
from tecum.guide.problems import Place, Problem, meant

PARSERS: dict[type, Callable[[str], object]] = {
    values.Span: values.parse_span,
    values.Hours: values.parse_hours,
    values.Zone: values.parse_zone,
    values.Jurisdiction: values.parse_jurisdiction,
    values.Number: values.parse_number,
}
EXPECTED: dict[type, str] = {
    str: 'text in quotes, such as "Mon-Fri"',
    bool: "true or false",
    int: "a whole number",
    date: "a date such as 2026-01-31, without quotes",
    datetime: "a date and time such as 2026-01-31T09:00:00, without quotes",
    time: "a clock time such as 09:00:00, without quotes",
}
BAD = object()
"""What a value that could not be read leaves behind; the guide is never built from it."""


@dataclass(slots=True)
class Binder:
    """Reads nodes into values of the model; `problems` grows, and a guide is used only when it stays empty."""

    problems: list[Problem] = field(default_factory=list)
    references: list[tuple[str, str, Place]] = field(default_factory=list)

    def table(self, wanted: Any, node: Node) -> Any:
        """Return one dataclass from one table."""
        if not isinstance(node, Table):
            return self._wrong(node, "a table with keys of its own")
        hints = _hints(wanted)
        declared = {f.name: f for f in dataclasses.fields(wanted) if not f.metadata.get("hidden")}
        names = _names(wanted)
        given: dict[str, Any] = {}
        for key, item in node.items.items():
            name = names.get(key)
            if name is None:
                self._unknown(item.place, key, names)
            elif key == "readings":
                given[name] = self._readings(wanted, node, item)
            else:
                given[name] = self.value(hints[name], item, declared[name].metadata.get("ref", ""))
        for name, one in declared.items():
            if required(one) and name not in given:
                self.problems.append(
                    Problem(node.place, "missing-key", f"'{name}' is missing: {one.metadata['doc']}")
                )
                given[name] = BAD
        return self._build(wanted, given, node.place)

    def value(self, wanted: Any, node: Node, ref: str = "") -> Any:
        """Return one value of the wanted type."""
        origin = typing.get_origin(wanted)
        if origin in {types.UnionType, typing.Union}:
            inner = next(arg for arg in typing.get_args(wanted) if arg is not type(None))
            return self.value(inner, node, ref)
        if origin is tuple:
            return self._many(typing.get_args(wanted)[0], node, ref)
        if origin is dict:
            return self._mapping(typing.get_args(wanted)[1], node, ref)
        if origin is Literal:
            return self._one_of(typing.get_args(wanted), node)
        if dataclasses.is_dataclass(wanted) and wanted not in PARSERS:
            shorthand = getattr(wanted, "from_text", None)
            if shorthand and isinstance(node, Leaf) and isinstance(node.value, str):
                return shorthand(node.value)
            return self.table(wanted, node)
        return self._scalar(wanted, node, ref)

    def _many(self, inner: Any, node: Node, ref: str) -> tuple[Any, ...]:
        nodes = node.items if isinstance(node, Array) else [node]
        return tuple(self.value(inner, item, ref) for item in nodes)

    def _mapping(self, inner: Any, node: Node, ref: str) -> Any:
        if not isinstance(node, Table):
            return self._wrong(node, "a table with keys of its own")
        return {key: self.value(inner, item, ref) for key, item in node.items.items()}

    def _one_of(self, options: tuple[Any, ...], node: Node) -> Any:
        if isinstance(node, Leaf) and node.value in options and not isinstance(node.value, bool):
            return node.value
        said = str(node.value) if isinstance(node, Leaf) else ""
        return self._wrong(node, f"one of {', '.join(map(str, options))}", meant(said, map(str, options)))

    def _scalar(self, wanted: Any, node: Node, ref: str) -> Any:
        if not isinstance(node, Leaf):
            return self._wrong(node, EXPECTED.get(wanted, "one value"))
        if isinstance(wanted, type) and issubclass(wanted, StrEnum):
            return self._one_of(tuple(wanted), node)
        if wanted in PARSERS:
            return self._parsed(wanted, node)
        if wanted is date and isinstance(node.value, str) and (day := day_of(node.value)):
            return day
        if not _fits(wanted, node.value):
            return self._wrong(node, EXPECTED.get(wanted, "one value"))
        if ref and node.value:
            self.references.append((ref, str(node.value), node.place))
        return node.value

    def _parsed(self, wanted: type, node: Leaf) -> Any:
        is_number = isinstance(node.value, int | Decimal) and not isinstance(node.value, bool)
        if not isinstance(node.value, str) and not (wanted is values.Number and is_number):
            return self._wrong(node, _expected(wanted))
        try:
            return PARSERS[wanted](str(node.value))
        except ValueError as error:
            return self._wrong(node, str(error))

    def _readings(self, wanted: Any, entry: Table, node: Node) -> tuple[Any, ...]:
        """Bind each reading as the entry with the reading's keys laid over it."""
        from_entry = {k: v for k, v in entry.items.items() if k != "readings"}
        about = typing.get_type_hints(wanted)["readings"]
        kind = typing.get_args(typing.get_args(about)[0] if typing.get_origin(about) is not tuple else about)[
            0
        ]
        own = {f.name for f in dataclasses.fields(kind)} - {"entry"}
        found = []
        for item in node.items if isinstance(node, Array) else [node]:
            if not isinstance(item, Table):
                found.append(self._wrong(item, "a table with an id and the keys that read otherwise"))
                continue
            head = Table(item.place, {k: v for k, v in item.items.items() if k in own})
            changes = {k: v for k, v in item.items.items() if k not in own}
            body = Table(item.place, {**from_entry, **changes})
            reading = self.table(kind, head)
            found.append(
                reading if reading is BAD else dataclasses.replace(reading, entry=self.table(wanted, body))
            )
        return tuple(found)

    def _build(self, wanted: Any, given: dict[str, Any], place: Place) -> Any:
        if any(_bad(value) for value in given.values()):
            return BAD
        if "place" in _hints(wanted):
            given["place"] = place
        built = wanted(**given)
        for sentence in getattr(built, "faults", tuple)():
            self.problems.append(Problem(place, "contradicts-itself", sentence))
        return built

    def _unknown(self, place: Place, key: str, names: dict[str, str]) -> None:
        self.problems.append(Problem(place, "unknown-key", f"'{key}' is not a key here.", meant(key, names)))

    def _wrong(self, node: Node, expected: str, suggestion: str = "") -> Any:
        self.problems.append(
            Problem(node.place, "wrong-value", f"Expected {expected}; found {_said(node)}.", suggestion)
        )
        return BAD


def _bad(value: object) -> bool:
    if isinstance(value, tuple):
        return any(_bad(item) for item in value)
    if isinstance(value, dict):
        return any(_bad(item) for item in value.values())
    return value is BAD


def day_of(value: object) -> date | None:
    """Return a date, also one that stands in quotes: harmless, and often written."""
    if isinstance(value, date):
        return None if isinstance(value, datetime) else value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _fits(wanted: Any, value: object) -> bool:
    if isinstance(value, bool):
        return wanted is bool
    if isinstance(value, datetime):
        return wanted is datetime
    return isinstance(wanted, type) and isinstance(value, wanted)


def _expected(wanted: type) -> str:
    try:
        PARSERS[wanted]("?")
    except ValueError as error:
        return str(error)
    return "text"


def _said(node: Node) -> str:
    if isinstance(node, Leaf):
        return f"{node.value!r}" if isinstance(node.value, str) else f"{node.value}".lower()
    return "a table" if isinstance(node, Table) else "a list"


@cache
def _hints(wanted: Hashable) -> dict[str, Any]:
    return typing.get_type_hints(wanted)


@cache
def _names(wanted: Hashable) -> dict[str, str]:
    """Return what a guide may write for each field: its name, and the singular of a list's name."""
    names = {
        f.name: f.name for f in dataclasses.fields(typing.cast(Any, wanted)) if not f.metadata.get("hidden")
    }
    hints = _hints(wanted)
    for name in list(names):
        if typing.get_origin(hints[name]) is tuple:
            names.setdefault(_singular(name), name)
    return names


def _singular(name: str) -> str:
    if name.endswith("ies"):
        return f"{name[:-3]}y"
    if name.endswith("sses"):
        return name[:-2]
    return name.removesuffix("s")
