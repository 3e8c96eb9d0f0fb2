"""What changed between two versions of a guide, in the words of the people who keep it."""

import dataclasses
import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from tecum.guide.calculators.results import plain
from tecum.guide.entries import Entry, Stated
from tecum.guide.model.guide import COLLECTIONS, SINGLES, Guide
from tecum.guide.problems import Place

LEAVE = {"id", "place", "readings", "source", "sources", "note", "decision", "version", "inherits"}
NAMES = ("label", "name", "title", "text", "printed", "phrase")


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change. `key` is empty where a whole entry came or went."""

    kind: Literal["added", "removed", "changed"]
    what: str
    key: str = ""
    was: object = None
    now: object = None
    sentence: str
    place: Place = dataclasses.field(default=Place(), metadata={"hidden": True})

    def as_dict(self) -> dict[str, object]:
        """Return the change as JSON carries it."""
        return {
            "kind": self.kind,
            "what": self.what,
            "key": self.key,
            "was": plain(self.was),
            "now": plain(self.now),
            "sentence": self.sentence,
            "file": self.place.file,
            "line": self.place.line,
        }


def compare(before: Guide, after: Guide) -> tuple[Change, ...]:
    """Return what changed from one version to another, in the order of the guide; remarks and sources are left out."""
    changes: list[Change] = []
    for name in SINGLES:
        old, new = getattr(before, name), getattr(after, name)
        changes += _fields(name, _words(name), old, new)
    for name in COLLECTIONS:
        changes += _entries(name, before.entries(name), after.entries(name))
    changes += _texts(before, after)
    return tuple(changes)


def _entries(name: str, before: tuple[Entry, ...], after: tuple[Entry, ...]) -> Iterator[Change]:
    old, new = ({_key(entry): entry for entry in entries} for entries in (before, after))
    kind = _words(name)
    for key, entry in old.items():
        if key not in new:
            sentence = f"{kind}: {_title(entry)} is gone."
            yield Change(
                kind="removed", what=f"{name}:{entry.id}", was=entry, sentence=sentence, place=entry.place
            )
    for key, entry in new.items():
        if key not in old:
            sentence = f"{kind}: {_title(entry)} is new{_since(entry)}."
            yield Change(
                kind="added", what=f"{name}:{entry.id}", now=entry, sentence=sentence, place=entry.place
            )
        else:
            yield from _fields(f"{name}:{entry.id}", f"{kind}: {_title(entry)}", old[key], entry)


def _key(entry: Entry) -> tuple[str, object]:
    return entry.id, entry.effective_from


def _since(entry: Entry) -> str:
    return f", from {entry.effective_from}" if entry.effective_from else ""


def _title(entry: Any) -> str:
    name = next((getattr(entry, key) for key in NAMES if getattr(entry, key, "")), "")
    return f"“{name}”" if name else f"'{getattr(entry, 'id', '')}'"


def _fields(what: str, title: str, old: Stated, new: Stated, path: str = "") -> Iterator[Change]:
    for one in dataclasses.fields(new):
        if one.name in LEAVE or one.metadata.get("hidden"):
            continue
        was, now = getattr(old, one.name), getattr(new, one.name)
        if plain(was) == plain(now):
            continue
        key = f"{path}{one.name}"
        if isinstance(was, Stated) and isinstance(now, Stated):
            yield from _fields(what, title, was, now, f"{key}.")
        else:
            sentence = f"{title}: {_words(key)} {_said(was, now)}."
            yield Change(
                kind="changed", what=what, key=key, was=was, now=now, sentence=sentence, place=new.place
            )


def _said(was: object, now: object) -> str:
    if isinstance(was, tuple) and isinstance(now, tuple):
        old, new = ([_value(item) for item in items] for items in (was, now))
        gone, come = [v for v in old if v not in new], [v for v in new if v not in old]
        parts = [f"no longer {', '.join(gone)}"] if gone else []
        parts += [f"now also {', '.join(come)}"] if come else []
        return "; ".join(parts) or f"in another order: {', '.join(new)}"
    return f"was {_value(was)}, is now {_value(now)}"


def _value(value: object) -> str:
    if value in (None, "", ()):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Stated):
        return _title(value) if any(getattr(value, key, "") for key in NAMES) else str(plain(value))
    text = plain(value)
    return text if isinstance(text, str) else str(text)


def _texts(before: Guide, after: Guide) -> Iterator[Change]:
    for name in sorted({*before.wording, *after.wording}):
        old, new = before.wording.get(name), after.wording.get(name)
        if old is None and new is not None:
            yield Change(
                kind="added", what=f"wording:{name}", sentence=f"Text '{name}' is new.", place=new.place
            )
        elif new is None and old is not None:
            yield Change(
                kind="removed", what=f"wording:{name}", sentence=f"Text '{name}' is gone.", place=old.place
            )
        elif (
            old is not None
            and new is not None
            and (old.subject, old.title, old.body) != (new.subject, new.title, new.body)
        ):
            lines = difflib.unified_diff(old.body.splitlines(), new.body.splitlines(), lineterm="", n=0)
            shown = [line for line in lines if line[:1] in "+-" and line[:3] not in {"+++", "---"}]
            sentence = f"Text '{name}' changed: {' / '.join(shown) or 'its subject or title'}"
            yield Change(
                kind="changed",
                what=f"wording:{name}",
                key="body",
                was=old.body,
                now=new.body,
                sentence=sentence,
                place=new.place,
            )


def _words(key: str) -> str:
    text = key.replace("_", " ").replace(".", ", ")
    return text[:1].upper() + text[1:] if "." not in key and key in (*SINGLES, *COLLECTIONS) else text
