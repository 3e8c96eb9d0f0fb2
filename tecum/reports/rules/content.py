"""What a report says: facts, pictures and tables of plain texts, and the one way to write them down and hash them."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

Cells = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """One entry of the trail as the tallies read it."""

    event: str
    at: datetime
    by: str
    agency: str
    matter: str
    data: Mapping[str, Any]
    receipt: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a picture: `value` of `of`, with the words beside it."""

    label: str
    value: int
    of: int
    says: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture; the table of the same figures stands beneath it."""

    title: str
    says: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of texts; the first cell of a row names it."""

    title: str
    header: Cells
    rows: tuple[Cells, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """Everything a report says."""

    title: str
    lead: str
    facts: tuple[tuple[str, str], ...]
    pictures: tuple[Picture, ...] = ()
    tables: tuple[Table, ...] = ()
    rules: tuple[str, ...] = field(default=())

    def canonical(self) -> str:
        """Return the one text that is hashed: JSON, keys sorted, no spaces."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    def digest(self) -> str:
        """Return the SHA-256 of the canonical text, in hexadecimal."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()

    @classmethod
    def parse(cls, said: Mapping[str, Any]) -> "Content":
        """Return the content that `asdict` took apart."""
        return cls(
            title=said["title"],
            lead=said["lead"],
            facts=tuple((name, value) for name, value in said["facts"]),
            pictures=tuple(
                Picture(one["title"], one["says"], tuple(Bar(**bar) for bar in one["bars"]))
                for one in said["pictures"]
            ),
            tables=tuple(
                Table(one["title"], tuple(one["header"]), tuple(map(tuple, one["rows"])), one["note"])
                for one in said["tables"]
            ),
            rules=tuple(said["rules"]),
        )


def number(value: int) -> str:
    """Return a count as it is read."""
    return f"{value:,}"


def share(part: int, whole: int) -> str:
    """Return a share in percent with one decimal; a dash of nothing."""
    return f"{100 * part / whole:.1f} %" if whole else "–"
