"""The frozen inputs of a production, in and out of JSON."""

import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from tecum.kernel.periods import Period

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}", re.ASCII)


class BadInput(ValueError):
    """Something that cannot be part of a production; the text is a sentence for the person who made it."""


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What the production needs to know of its case. `process` names the process as it names itself."""

    id: str
    reference: str
    matter: str
    agency: str
    agency_name: str
    process: str
    contact: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of a table say whose row it is and when: one instant, or an interval when `until` is named."""

    number: str = "Target Number"
    since: str = "Start Time (UTC)"
    until: str = ""


CALLS = Columns()


@dataclass(frozen=True, slots=True)
class Part:
    """
    One file, stored already in the matter. A table (CSV or XLSX) names its columns; a document names its period.

    :raises BadInput: for a name that is not safe, a table without columns, a document without a period
    """

    file: str
    name: str
    product: str
    number: str
    columns: Columns | None = None
    period: Period | None = None

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name) or ".." in self.name:
            raise BadInput(
                f"'{self.name[:60]}' cannot be the name of a file: letters, digits, dot, dash and underscore."
            )
        if self.table and self.columns is None:
            raise BadInput(f"{self.name} is a table: say which columns hold the number and the time.")
        if not self.table and self.period is None:
            raise BadInput(f"{self.name} is a document: say which period it is about.")

    @property
    def table(self) -> bool:
        """Tell whether its rows can be read."""
        return self.name.lower().endswith((".csv", ".xlsx"))

    @property
    def twins(self) -> tuple[str, str, str]:
        """Return what a table shares with itself in the other format: product, number and name without its ending."""
        return self.product, self.number, self.name.rpartition(".")[0].lower()

    @property
    def path(self) -> str:
        """Return its place in the bag."""
        return f"data/{self.name}"


class Outcome(StrEnum):
    """What became of an interval that was asked for."""

    PRODUCED = "produced"
    NONE = "none found"
    EXPIRED = "expired"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Coverage:
    """
    One interval of one product of one number, and what became of it; `held` says what the carrier still had.

    :raises BadInput: for an empty interval, or something withheld or expired without a reason
    """

    product: str
    number: str
    period: Period
    outcome: Outcome
    held: bool
    rows: int = 0
    why: str = ""

    def __post_init__(self) -> None:
        if self.period.empty:
            raise BadInput("An interval of the coverage holds no instant.")
        if self.outcome in (Outcome.EXPIRED, Outcome.WITHHELD) and not self.why.strip():
            raise BadInput(f"Say why {self.product} is {self.outcome.value}.")
        if self.rows and self.outcome is not Outcome.PRODUCED:
            raise BadInput("Only what was produced has rows.")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the process asked for, before anybody decided anything."""

    product: str
    number: str
    period: Period


@dataclass(frozen=True, slots=True)
class Declarant:
    """Who gives the certificate."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything a production is made from, beside its scope. `at` is when it was prepared."""

    case: CaseFacts
    parts: tuple[Part, ...]
    asked: tuple[Asked, ...]
    coverage: tuple[Coverage, ...]
    declarant: Declarant

    def json(self) -> str:
        """Return the canonical text."""
        return json.dumps(asdict(self), default=_plain, sort_keys=True, separators=(",", ":"))

    @classmethod
    def parse(cls, text: str) -> "Inputs":
        """Return the inputs that a canonical text stands for."""
        data = json.loads(text)
        return cls(
            case=CaseFacts(**data["case"]),
            parts=tuple(_part(each) for each in data["parts"]),
            asked=tuple(Asked(**{**each, "period": _period(each["period"])}) for each in data["asked"]),
            coverage=tuple(_coverage(each) for each in data["coverage"]),
            declarant=Declarant(**data["declarant"]),
        )


def _plain(value: object) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _period(given: dict[str, str]) -> Period:
    return Period(datetime.fromisoformat(given["start"]), datetime.fromisoformat(given["end"]))


def _part(given: dict[str, Any]) -> Part:
    columns = Columns(**given["columns"]) if given["columns"] else None
    period = _period(given["period"]) if given["period"] else None
    return Part(**{**given, "columns": columns, "period": period})


def _coverage(given: dict[str, Any]) -> Coverage:
    return Coverage(**{**given, "period": _period(given["period"]), "outcome": Outcome(given["outcome"])})
