"""What a form is made of."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "line", "block", "choice", "tick", "date", "fixed", "ticks", "one", "entries", "signature", "apart"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """
    One field. `name` is its name in the PDF and wherever its value is read; `choices` are (value, label).

    A `fixed` field is filled in by us and cannot be changed. `ticks` are boxes of which any may be ticked, `one` of
    which one may; `entries` are `count` lines, two in a row; a `signature` is a line to sign on with its `parts`
    beneath; `apart` is named on the form and told by another way.
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
    count: int = 1
    parts: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names under which its values are read."""
        several = {
            "ticks": len(self.choices),
            "entries": self.count,
            "signature": len(self.parts),
            "apart": 0,
        }
        if self.kind not in several:
            return (self.name,)
        return tuple(f"{self.name}_{place}" for place in range(1, several[self.kind] + 1))


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a form with a heading, which may be empty; `text` is Markdown and stands above its fields."""

    title: str
    fields: tuple[Field, ...]
    text: str = ""


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
