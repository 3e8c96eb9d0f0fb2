"""The answers of `tecum guide` in words for a terminal."""

import argparse
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from tecum.guide.calculators.results import plain
from tecum.guide.model.guide import COLLECTIONS, SINGLES, Guide, NotInGuide
from tecum.guide.problems import meant

Runner = Callable[[argparse.Namespace], int]
Writer = Callable[[dict[str, Any]], Iterable[str]]


def explanation(answer: dict[str, Any]) -> Iterator[str]:
    """Write an explanation out."""
    yield f"{answer['guide']} {answer['version']}, on {answer['on']}: {answer['because']}"
    yield ""
    yield from _result(answer["result"])
    if answer["warnings"]:
        yield ""
        yield from (f"Note: {warning}" for warning in answer["warnings"])
    yield ""
    yield "Rules"
    for rule in answer["rules"]:
        yield f"  {rule['rule']}  ({rule['file']}:{rule['line']})"
        yield from _sources(rule)
    if answer["readings"]:
        yield ""
        yield "Other readings"
    for reading in answer["readings"]:
        yield from _reading(reading)


def _result(result: dict[str, Any]) -> Iterator[str]:
    lines = result.get("lines")
    if lines:
        yield from _fee_lines(lines)
    for key, value in result.items():
        if key != "lines" and value not in (None, "", [], {}):
            yield from _value(key, value, "  ")


def _fee_lines(lines: list[dict[str, Any]]) -> Iterator[str]:
    width = max(len(line["label"]) for line in lines)
    for line in lines:
        amount = line["low"] if line["low"] == line["high"] else f"{line['low']}-{line['high']}"
        yield f"  {line['label']:<{width}}  {amount:>12}   {'; '.join(line['how'])}"
    yield ""


def _value(key: str, value: Any, indent: str) -> Iterator[str]:
    name = key.replace("_", " ")
    if isinstance(value, dict):
        yield f"{indent}{name}:"
        for inner, item in value.items():
            if item not in (None, "", [], {}):
                yield from _value(inner, item, indent + "  ")
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        yield f"{indent}{name}:"
        for item in value:
            shown = [
                f"{k.replace('_', ' ')} {_short(v)}"
                for k, v in item.items()
                if v not in (None, "", [], {}, False)
            ]
            yield f"{indent}  - {'; '.join(shown)}"
    else:
        yield f"{indent}{name}: {_short(value)}"


def _short(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_short, value))
    if isinstance(value, dict):
        return "; ".join(f"{k} {_short(v)}" for k, v in value.items() if v not in (None, "", [], {}))
    return str(value)


def _sources(rule: dict[str, Any]) -> Iterator[str]:
    for source in [rule["source"], *rule["sources"].values()]:
        if source and source["sentence"]:
            yield f"    “{source['sentence']}” ({', '.join(filter(None, (source['title'], source['section'])))})"
    if rule["decision"]:
        yield f"    Decision {rule['decision']['id']}: {rule['decision']['text']}"


def _reading(reading: dict[str, Any]) -> Iterator[str]:
    effect = reading["because"] or reading["refused"]
    same = "" if reading["differs"] else " (the same here)"
    yield f"  {reading['rule']} / {reading['reading']}: {reading['title']}{same}"
    yield f"    would give: {effect}"


def findings(answer: dict[str, Any]) -> Iterator[str]:
    """Write findings out, the open ones first."""
    yield f"{answer['guide']} {answer['version']}: no mistakes; {answer['open']} open, {answer['settled']} settled."
    for one in answer["findings"]:
        yield ""
        about = f" {one['about']}" if one["about"] else ""
        yield f"{one['severity']}: {one['code']}{about}"
        yield f"  {one['finding']}"
        yield from (
            f"    {place['file']}:{place['line']}{': ' + place['key'] if place['key'] else ''}"
            for place in one["places"]
        )
        if one["decision"]:
            yield f"  Decision {one['decision']['id']}: {one['decision']['text']}"


def changes(answer: dict[str, Any]) -> Iterator[str]:
    """Write changes out."""
    before, after = answer["before"], answer["after"]
    yield f"{before['guide']} {before['version']} → {after['guide']} {after['version']}, from {answer['effective_from']}:"
    yield from (f"  {change['sentence']}" for change in answer["changes"])
    if not answer["changes"]:
        yield "  Nothing changed."


def shown(guide: Guide, wanted: list[str]) -> dict[str, object]:
    """Return what is asked for of a guide: collections, `collection:id`, or a summary."""
    head: dict[str, object] = {
        "guide": guide.guide.name,
        "version": guide.version,
        "effective_from": plain(guide.guide.effective_from),
        "effective_until": plain(guide.guide.effective_until),
        "carrier": guide.carrier.name,
    }
    if not wanted:
        counts = {name: [e.id for e in guide.entries(name)] for name in COLLECTIONS if guide.entries(name)}
        return {**head, "collections": counts, "wording": sorted(guide.wording)}
    return {**head, **{one: _picked(guide, one) for one in wanted}}


def _picked(guide: Guide, one: str) -> object:
    collection, _, entry_id = one.partition(":")
    if collection == "wording":
        texts = [text for name, text in guide.wording.items() if entry_id in {"", name}]
        return [plain(text) for text in texts]
    if collection in SINGLES:
        return plain(getattr(guide, collection))
    if collection not in COLLECTIONS:
        raise NotInGuide(f"There is no collection '{collection}'. {meant(collection, COLLECTIONS)}".strip())
    found = [entry for entry in guide.entries(collection) if entry_id in {"", entry.id}]
    if not found:
        known = [entry.id for entry in guide.entries(collection)]
        raise NotInGuide(f"There is no '{entry_id}' in {collection}. {meant(entry_id, known)}".strip())
    return [plain(entry) for entry in found]


def values(answer: dict[str, Any]) -> Iterator[str]:
    """Write values out."""
    for key, value in answer.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for item in value:
                yield f"{key}: {item.get('id', '')}"
                for name, inner in item.items():
                    if inner not in (None, "", [], {}, False):
                        yield from _value(name, inner, "  ")
        elif value not in (None, "", [], {}):
            yield from _value(key, value, "")
