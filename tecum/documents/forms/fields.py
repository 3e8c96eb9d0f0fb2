"""What a form is made of."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["line", "block", "choice", "tick", "date", "fixed"]


@dataclass(frozen=True, slots=True)
class Field:
    """
    One field. `name` is its name in the PDF and wherever its value is read; `choices` are (value, label).

    A `fixed` field is filled in by us and cannot be changed.
    """

    name: str
    label: str
    kind: Kind = "line"
    required: bool = True
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    value: str = ""
    wide: bool = False
    longest: int = 120


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a form with a heading."""

    title: str
    fields: tuple[Field, ...]
    intro: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it is printed."""

    id: str
    title: str
    carrier: str
    version: str
    intro: str
    sections: tuple[Section, ...]

    @property
    def fields(self) -> tuple[Field, ...]:
        """Return every field in order."""
        return tuple(field for section in self.sections for field in section.fields)
