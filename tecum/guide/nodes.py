"""A guide's files as a tree in which every value knows its place; versions and brands are merged here."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from pathlib import Path as FilePath
from typing import Any

from tecum.guide.positions import Path, lines_of
from tecum.guide.problems import Place, Problem

Scalar = str | int | bool | Decimal | date | datetime | time
_AT_LINE = "(at line "


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value with its place."""

    value: Scalar
    place: Place


@dataclass(slots=True)
class Table:
    """A table of nodes."""

    place: Place
    items: dict[str, "Node"] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """Return a string value, or an empty text."""
        node = self.items.get(key)
        return str(node.value) if isinstance(node, Leaf) else ""


@dataclass(slots=True)
class Array:
    """An array of nodes."""

    place: Place
    items: list["Node"] = field(default_factory=list)


Node = Leaf | Table | Array


def read(path: FilePath, name: str, problems: list[Problem]) -> Table:
    """Return the tree of one TOML file; a file that cannot be read is one problem and an empty tree."""
    try:
        values, lines = _parsed(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        problems.append(Problem(Place(name, 1), "encoding", f"This file is not UTF-8 ({error.reason})."))
        return Table(Place(name, 1))
    except tomllib.TOMLDecodeError as error:
        problems.append(_syntax(name, str(error)))
        return Table(Place(name, 1))
    node = _node(values, (), name, lines, 1)
    return node if isinstance(node, Table) else Table(Place(name, 1))


@lru_cache(maxsize=256)
def _parsed(text: str) -> tuple[dict[str, Any], dict[Path, int]]:
    """Return a text's values and the lines of its keys; every look at a guide reads the same texts again."""
    return tomllib.loads(text, parse_float=Decimal), lines_of(text)


def _syntax(name: str, message: str) -> Problem:
    line = 1
    if _AT_LINE in message:
        message, _, rest = message.partition(_AT_LINE)
        line = int(rest.split(",")[0])
    return Problem(
        Place(name, line), "syntax", f"This is not TOML: {message.strip().rstrip('.')}.", "See toml.io."
    )


def _node(value: object, path: Path, file: str, lines: dict[Path, int], above: int) -> Node:
    line = lines.get(path, above)
    place = Place(file, line, dotted(path))
    if isinstance(value, dict):
        return Table(place, {k: _node(v, (*path, k), file, lines, line) for k, v in value.items()})
    if isinstance(value, list):
        return Array(place, [_node(v, (*path, i), file, lines, line) for i, v in enumerate(value)])
    if isinstance(value, str | int | bool | Decimal | date | datetime | time):
        return Leaf(value, place)
    raise TypeError(f"TOML has no {type(value)}")


def dotted(path: Path) -> str:
    """Return `fees[2].amount` for a path."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def join(into: Table, other: Table, problems: list[Problem]) -> None:
    """Add another file of the same folder: arrays are continued, tables filled up, a value given twice is a problem."""
    for key, node in other.items.items():
        mine = into.items.get(key)
        if mine is None:
            into.items[key] = node
        elif isinstance(mine, Array) and isinstance(node, Array):
            mine.items.extend(node.items)
        elif isinstance(mine, Table) and isinstance(node, Table):
            join(mine, node, problems)
        else:
            problems.append(
                Problem(node.place, "given-twice", f"'{node.place.key}' is already given at {mine.place}.")
            )


def overlay(base: Table, change: Table, problems: list[Problem]) -> Table:
    """Return the base with the change laid over it: entries are matched by id, other values are replaced."""
    merged = Table(base.place, dict(base.items))
    for key, node in change.items.items():
        mine = merged.items.get(key)
        if isinstance(mine, Table) and isinstance(node, Table):
            merged.items[key] = overlay(mine, node, problems)
        elif isinstance(mine, Array) and isinstance(node, Array) and _has_ids(mine, node):
            merged.items[key] = _overlay_entries(mine, node, problems)
        else:
            merged.items[key] = node
    if change.items:
        merged.place = change.place
    return merged


def _has_ids(*arrays: Array) -> bool:
    items = [item for array in arrays for item in array.items]
    return bool(items) and all(isinstance(item, Table) and "id" in item.items for item in items)


def _overlay_entries(base: Array, change: Array, problems: list[Problem]) -> Array:
    merged = Array(change.place, list(base.items))
    for item in change.items:
        if not isinstance(item, Table):
            continue
        found = list(_same(merged, item))
        if _removes(item):
            if not found:
                problems.append(
                    Problem(
                        item.place, "remove-unknown", f"There is no inherited '{item.text('id')}' to remove."
                    )
                )
            merged.items = [node for node in merged.items if all(node is not other for other in found)]
        elif found:
            spot = next(i for i, node in enumerate(merged.items) if node is found[0])
            merged.items[spot] = overlay(found[0], item, problems)
        else:
            merged.items.append(item)
    return merged


def _same(array: Array, item: Table) -> Iterator[Table]:
    """Yield the inherited entries that an entry changes: those of its id, and of its date when there are several."""
    alike = [node for node in array.items if isinstance(node, Table) and node.text("id") == item.text("id")]
    if len(alike) > 1 and not _removes(item):
        alike = [node for node in alike if node.text("effective_from") == item.text("effective_from")]
    yield from alike


def _removes(item: Table) -> bool:
    node = item.items.get("remove")
    return isinstance(node, Leaf) and node.value is True
