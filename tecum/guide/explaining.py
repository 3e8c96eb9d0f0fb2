"""Explains an answer: which rules, which version, which sentences, and what every other reading would give."""

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar, cast

from tecum.guide.calculators.results import Result, plain
from tecum.guide.entries import Entry, Source, Stated
from tecum.guide.model.guide import Guide
from tecum.kernel.refusals import Refused

T = TypeVar("T")
Ask = Callable[[Guide], Result]


@dataclass(frozen=True, kw_only=True)
class OtherReading:
    """What another reading of one rule would give."""

    rule: str
    reading: str
    title: str
    decision: str
    source: Source | None
    result: Result | None
    refused: str
    differs: bool


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """A result with everything that it rests on."""

    kind: str
    on: date
    guide: Guide
    result: Result
    readings: tuple[OtherReading, ...]

    def as_dict(self) -> dict[str, object]:
        """Return the explanation as `docs/reference/guide-explain.md` documents it."""
        return {
            "guide": self.guide.guide.name,
            "version": self.guide.version,
            "on": self.on.isoformat(),
            "kind": self.kind,
            "result": plain(self.result),
            "because": self.result.because,
            "rules": [rule(self.guide, entry) for entry in self.result.used if entry.place.file],
            "readings": [_reading(self.guide, other) for other in self.readings],
            "warnings": list(self.result.warnings),
        }


def explain(kind: str, guide: Guide, on: date, ask: Ask) -> Explanation:
    """Return the answer to a question with its rules, and the answer under each other reading of them."""
    result = ask(guide)
    return Explanation(
        kind=kind, on=on, guide=guide, result=result, readings=tuple(_others(guide, result, ask))
    )


def _others(guide: Guide, result: Result, ask: Ask) -> Iterator[OtherReading]:
    for entry in result.used:
        for reading in entry.readings:
            other, refused = _asked(swapped(guide, entry, reading.entry), ask)
            yield OtherReading(
                rule=key(entry),
                reading=reading.id,
                title=reading.title,
                decision=reading.decision or entry.decision,
                source=reading.source,
                result=other,
                refused=refused,
                differs=plain(other) != plain(result),
            )


def _asked(guide: Guide, ask: Ask) -> tuple[Result | None, str]:
    try:
        return ask(guide), ""
    except Refused as refusal:
        return None, str(refusal)


def swapped(value: T, old: object, new: object) -> T:
    """Return a value in which one entry, wherever it stands, is replaced by another."""
    return cast(T, _swapped(value, old, new))


def _swapped(value: Any, old: object, new: object) -> Any:
    if value is old:
        return new
    if isinstance(value, tuple):
        parts = [_swapped(item, old, new) for item in value]
        same = all(a is b for a, b in zip(parts, value, strict=True))
        return value if same else tuple(parts)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _swapped_fields(value, old, new)
    return value


def _swapped_fields(value: Any, old: object, new: object) -> Any:
    changes = {}
    for one in dataclasses.fields(value):
        before = getattr(value, one.name)
        after = _swapped(before, old, new) if one.name != "readings" else before
        if after is not before:
            changes[one.name] = after
    return dataclasses.replace(value, **changes) if changes else value


def key(entry: Stated) -> str:
    """Return how an entry is called: `fees:install` for one with an id, else its key in the file."""
    collection = entry.place.key.split("[")[0].split(".")[0]
    return f"{collection}:{entry.id}" if isinstance(entry, Entry) and entry.id else entry.place.key


def rule(guide: Guide, entry: Stated) -> dict[str, object]:
    """Return an entry as an answer cites it."""
    dates = {}
    if isinstance(entry, Entry):
        dates = {
            "effective_from": plain(entry.effective_from),
            "effective_until": plain(entry.effective_until),
        }
    return {
        "rule": key(entry),
        "file": entry.place.file,
        "line": entry.place.line,
        "source": cited(guide, entry.source),
        "sources": {name: cited(guide, source) for name, source in entry.sources.items()},
        "note": entry.note,
        "decision": _decision(guide, entry.decision),
        **dates,
    }


def cited(guide: Guide, source: Source | None) -> dict[str, object] | None:
    """Return a source with its document's title and date."""
    if source is None:
        return None
    document = next((d for d in guide.documents if d.id == source.document), None)
    document = document or next(iter(guide.documents), None)
    return {
        "document": document.id if document else "",
        "title": document.title if document else "",
        "dated": plain(document.dated) if document else None,
        "section": source.section,
        "sentence": source.sentence,
        "printed": source.printed,
    }


def _decision(guide: Guide, decision_id: str) -> dict[str, str] | None:
    found = next((d for d in guide.decisions if d.id == decision_id), None)
    return {"id": found.id, "text": found.text} if found else None


def _reading(guide: Guide, other: OtherReading) -> dict[str, object]:
    return {
        "rule": other.rule,
        "reading": other.reading,
        "title": other.title,
        "decision": _decision(guide, other.decision),
        "source": cited(guide, other.source),
        "differs": other.differs,
        "refused": other.refused,
        "because": other.result.because if other.result else "",
        "result": plain(other.result) if other.result else None,
    }
