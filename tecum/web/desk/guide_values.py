"""A guide as a person reads it: values by section, and texts with sample variables."""

from collections.abc import Iterator
from dataclasses import dataclass

from tecum.guide.calculators.results import plain
from tecum.guide.entries import Entry
from tecum.guide.model.guide import COLLECTIONS, SINGLES, Guide
from tecum.guide.wording import Wording, fill

#: What stands for a variable whose meaning every carrier shares; the others stand as their own names in brackets.
SAMPLES = {"reference": "LK-7Q2M-40VX", "code_word": "HERON", "hours": "24"}
LEFT_OUT = {"id", "readings"}


@dataclass(frozen=True, slots=True)
class Stated:
    """One entry of a section: its name in the files, and its values."""

    name: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the files."""

    title: str
    key: str
    entries: tuple[Stated, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """One text with its variables filled in."""

    name: str
    title: str
    subject: str
    body: str
    owner: str
    variables: tuple[str, ...]


def sections(guide: Guide) -> tuple[Section, ...]:
    """Return every section that states something, in the order of the reference."""
    return tuple(section for section in _sections(guide) if section.entries)


def texts(guide: Guide) -> tuple[Text, ...]:
    """Return every text of the guide with sample variables, by its name."""
    return tuple(_text(one, guide) for _, one in sorted(guide.wording.items()))


def _sections(guide: Guide) -> Iterator[Section]:
    for name in SINGLES:
        values = tuple(_rows(plain(getattr(guide, name))))
        yield Section(_words(name), name, (Stated("", values),) if values else ())
    for name in COLLECTIONS:
        yield Section(_words(name), name, tuple(_stated(one) for one in guide.entries(name)))


def _stated(entry: Entry) -> Stated:
    return Stated(entry.id, tuple(_rows(plain(entry))))


def _rows(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    if not isinstance(value, dict):
        if value not in (None, "", []):
            yield path, _said(value)
        return
    for key, item in value.items():
        if key not in LEFT_OUT or path:
            yield from _rows(item, f"{path}, {_small(key)}" if path else _small(key).capitalize())


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(_said(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {text}" for key, text in _rows(value))
    return str(value)


def _text(one: Wording, guide: Guide) -> Text:
    samples = {name: SAMPLES.get(name, f"[{_small(name)}]") for name in one.variables}
    said = fill(one, samples, guide.facts)
    return Text(one.id, said.title, said.subject, said.body, one.owner, one.variables)


def _small(name: str) -> str:
    return name.replace("_", " ")


def _words(name: str) -> str:
    return _small(name).capitalize()
