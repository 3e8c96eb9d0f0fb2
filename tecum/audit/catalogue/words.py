"""What a line of the catalogue is made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    CHANGE = "change"
    ACCESS = "access"


class Class(StrEnum):
    """What a field may hold; `rules.checked` refuses everything else."""

    ID = "id"
    AMOUNT = "amount"
    HASH = "hash"
    CODE = "code"
    WHEN = "when"
    FLAG = "flag"


ID, AMOUNT, HASH, CODE, WHEN, FLAG = Class


@dataclass(frozen=True, slots=True)
class Maybe:
    """A field that may be left out."""

    of: Class


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the catalogue."""

    words: str
    kind: Kind
    fields: Mapping[str, Class]
    optional: frozenset[str]


def _event(kind: Kind, words: str, fields: Mapping[str, Class | Maybe]) -> Event:
    classes = {name: field.of if isinstance(field, Maybe) else field for name, field in fields.items()}
    optional = frozenset(name for name, field in fields.items() if isinstance(field, Maybe))
    return Event(words, kind, classes, optional)


def change(words: str, **fields: Class | Maybe) -> Event:
    """Return a change event: it commits and rolls back with its change."""
    return _event(Kind.CHANGE, words, fields)


def access(words: str, **fields: Class | Maybe) -> Event:
    """Return an access event: it is stored before the answer is shown."""
    return _event(Kind.ACCESS, words, fields)
