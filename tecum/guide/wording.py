"""
Wording: Markdown with strict `{name}` substitution, never a template language, because staff edit it.

A file `wording/NAME.md` may begin with lines `Subject: …`, `Variables: a, b`, `Owner: counsel`, `Order: 10`, `Source: …`; after an
empty line comes the text. `{{` and `}}` are braces. A variable must be declared, or be a fact of the guide.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath

from tecum.guide.fields import hidden, maybe, need
from tecum.guide.problems import Place, Problem, meant

_HEADER = re.compile(r"^(Subject|Variables|Owner|Source|Note|Title|Order):[ \t]*(.*)$")
_BRACES = re.compile(r"\{\{|\}\}|\{([^{}\n]*)\}|[{}]")
_NAME = re.compile(r"^[a-z][a-z0-9_]*$")


class UndefinedVariable(ValueError):
    """A message was about to be written with a variable missing, or with one that it does not declare."""


@dataclass(frozen=True, kw_only=True)
class Wording:
    """One text: a letter, a notice, a refusal, a disclaimer, a section of the public page."""

    id: str = need("The file's name without `.md`.", example="non_result")
    subject: str = maybe("", "The subject line of a message.")
    title: str = maybe("", "The heading over a section of a page.")
    order: int = maybe(
        0, "Its place among the sections of the published guide; 0 is not a section of it.", example="10"
    )
    variables: tuple[str, ...] = maybe((), "The variables that the text may use.")
    owner: str = maybe("", "Who alone may change it.", example="counsel")
    source: str = maybe("", "The sentence it comes from.")
    note: str = maybe("", "A remark for the people who keep the guide.")
    body: str = need("The text, in Markdown.")
    place: Place = hidden(Place())

    @property
    def used(self) -> tuple[str, ...]:
        """Return the variables that subject and text use, in order."""
        return tuple(dict.fromkeys(names_in(self.title) + names_in(self.subject) + names_in(self.body)))


@dataclass(frozen=True, slots=True)
class Said:
    """A text with its variables filled in."""

    subject: str
    body: str
    title: str = ""


def variable(entry_id: str) -> str:
    """Return an id as it stands within a variable's name: `portal-admin` as `portal_admin`."""
    return entry_id.replace("-", "_").lower()


def names_in(text: str) -> list[str]:
    """Return the variables that a text names, in order."""
    return [m.group(1) for m in _BRACES.finditer(text) if m.group(1) is not None]


def fill(wording: Wording, values: Mapping[str, object], facts: Mapping[str, str]) -> Said:
    """
    Return the text with its variables filled in.

    :raises UndefinedVariable: when a declared variable has no value, or a value is not declared
    """
    missing = [name for name in wording.used if name not in values and name not in facts]
    extra = [name for name in values if name not in wording.variables]
    if missing or extra:
        raise UndefinedVariable(
            f"'{wording.id}': missing {missing or 'none'}, not declared {extra or 'none'}."
        )
    known = {**facts, **{name: str(value) for name, value in values.items()}}
    return Said(_fill(wording.subject, known), _fill(wording.body, known), _fill(wording.title, known))


def _fill(text: str, known: Mapping[str, str]) -> str:
    def one(match: re.Match[str]) -> str:
        if match.group(1) is None:
            return match.group()[0]
        return known[match.group(1)]

    return _BRACES.sub(one, text)


def read(path: FilePath, name: str, problems: list[Problem]) -> Wording:
    """Read one file; a stray brace or a name that is none is a problem."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except UnicodeDecodeError as error:
        problems.append(Problem(Place(name, 1), "encoding", f"This file is not UTF-8 ({error.reason})."))
        lines = [""]
    heads: dict[str, str] = {}
    start = 0
    while start < len(lines) and (match := _HEADER.match(lines[start])):
        heads[match.group(1).lower()] = match.group(2).strip()
        start += 1
    if start < len(lines) and not lines[start].strip():
        start += 1
    for number, line in enumerate(lines, 1):
        _braces(line, Place(name, number), problems)
    declared = tuple(v for v in re.split(r"[,\s]+", heads.get("variables", "")) if v)
    return Wording(
        id=path.stem,
        subject=heads.get("subject", ""),
        title=heads.get("title", ""),
        order=int(heads["order"]) if heads.get("order", "").isdigit() else 0,
        variables=declared,
        owner=heads.get("owner", ""),
        source=heads.get("source", ""),
        note=heads.get("note", ""),
        body="\n".join(lines[start:]).strip() + "\n",
        place=Place(name, 1),
    )


def _braces(line: str, place: Place, problems: list[Problem]) -> None:
    for match in _BRACES.finditer(line):
        text = match.group()
        name = match.group(1)
        if text in {"{", "}"}:
            problems.append(
                Problem(
                    place,
                    "stray-brace",
                    f"A single '{text}' stands here.",
                    f"Write '{text * 2}' for a brace.",
                )
            )
        elif name is not None and not _NAME.match(name):
            problems.append(
                Problem(place, "variable-name", f"'{{{name}}}' is no variable.", "Names are a-z, 0-9 and _.")
            )


def undefined(wording: Wording, text_lines: list[str], facts: set[str]) -> list[Problem]:
    """Return one problem for each variable that is neither declared nor a fact of the guide."""
    known = {*wording.variables, *facts}
    found = []
    for number, line in enumerate(text_lines, 1):
        for name in names_in(line):
            if _NAME.match(name) and name not in known:
                place = Place(wording.place.file, number, f"{{{name}}}")
                found.append(
                    Problem(place, "undefined-variable", f"'{{{name}}}' is not defined.", meant(name, known))
                )
    return found
