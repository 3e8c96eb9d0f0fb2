"""Addresses taken apart, and how alike two of them are. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from tecum.records.rules import vocabulary as words
from tecum.records.rules.likeness import MOST, Likeness, fold

BOX = re.compile(r"\b(?:p\s*\.?\s*o\s*\.?\s*|post office )(?:box|drawer)\b")
CARE = re.compile(r"(?:^|\n)\s*(?:c/o|attn|attention)\b[^\n,]*[\n,]?")
CANADIAN = re.compile(r"\b([a-z]\d[a-z])\s?(\d[a-z]\d)\b")
ZIP = re.compile(r"\d{5}")
TWO_WORDS = {
    "new york": "ny", "new jersey": "nj", "new mexico": "nm", "new hampshire": "nh", "north carolina": "nc",
    "south carolina": "sc", "north dakota": "nd", "south dakota": "sd", "west virginia": "wv", "rhode island": "ri",
    "district of columbia": "dc", "puerto rico": "pr", "british columbia": "bc", "nova scotia": "ns", "new brunswick": "nb",
}  # fmt: skip
EXACT = frozenset(words.DIRECTIONS.values())
KINDS = frozenset(words.STREETS.values())


@dataclass(frozen=True, slots=True)
class Address:
    """An address in parts; whatever is not told apart stays in `words`, in order."""

    house: str
    words: tuple[str, ...]
    unit: str
    code: str  # ZIP (five digits) or Canadian postal code
    disguised: bool


def parse(text: str, *, abbreviations: Mapping[str, str] | None = None) -> Address:
    """Take an address apart, whatever its punctuation and its abbreviations."""
    folded = fold(text)
    plain = BOX.sub("pobox", CARE.sub("\n", folded.text))
    code = ""
    if canadian := CANADIAN.search(plain):
        code = canadian.group(1) + canadian.group(2)
        plain = plain.replace(canadian.group(0), " ")
    for full, short in TWO_WORDS.items():
        plain = re.sub(rf"\b{full}\b(?=[\s,.\d]*$)", short, plain)
    found = re.findall(r"#\s*\w+|\w+(?:-\w+)*", plain.replace(".", "").replace("'", "").replace("’", ""))
    found, unit = _without_unit(found)
    if not code and len(found) > 1 and ZIP.fullmatch(found[-1].partition("-")[0]):
        code = found.pop().partition("-")[0]
    elif not code and len(found) > 2 and ZIP.fullmatch(found[-2]) and found[-1] in words.COUNTRIES:
        code = found[-2]
        found = found[:-2]
    found = [word for word in found if word not in words.COUNTRIES]
    house, rest = _house(found)
    spelt = {
        **words.STREETS,
        **words.DIRECTIONS,
        **words.ORDINALS,
        **words.OTHERS,
        **words.STATES,
        **(abbreviations or {}),
    }
    return Address(house, tuple(_spelt(rest, spelt))[:MOST], unit, code, folded.disguised)


def _spelt(found: list[str], spelt: Mapping[str, str]) -> list[str]:
    """Write abbreviations out; `st` before the last word of a name is a saint, and stays."""
    return [
        "st" if word in ("st", "saint") and at == 0 else spelt.get(word, word)
        for at, word in enumerate(found)
    ]


def _without_unit(found: list[str]) -> tuple[list[str], str]:
    """Take the apartment, suite or floor out."""
    for at, word in enumerate(found):
        if word.startswith("#"):
            value = word.lstrip("# ")
            before = at - 1 if at and found[at - 1] in words.UNITS else at
            return found[:before] + found[at + 1 :], value
        following = found[at + 1] if at + 1 < len(found) else ""
        if word in ("floor", "fl") and at and re.fullmatch(r"\d+(?:st|nd|rd|th)", found[at - 1]):
            return found[: at - 1] + found[at + 1 :], re.sub(r"\D", "", found[at - 1])
        if at and word in words.UNITS and _is_unit(following):
            return found[:at] + found[at + 2 :], following.lstrip("0") or "0"
    return found, ""


def _is_unit(text: str) -> bool:
    return bool(text) and not ZIP.fullmatch(text) and (len(text) <= 2 or any(x.isdigit() for x in text))


def _house(found: list[str]) -> tuple[str, list[str]]:
    if found and found[0] == "pobox":
        return f"box {found[1]}" if len(found) > 1 else "box", found[2:]
    at = next((at for at, word in enumerate(found) if word[0].isdigit()), None)
    if at is None or re.fullmatch(r"\d+(?:st|nd|rd|th)", found[at]):
        return "", found
    return found[at], found[:at] + found[at + 1 :]


def addresses(left: str, right: str, *, abbreviations: Mapping[str, str] | None = None) -> Likeness:
    """Tell how alike two addresses are; a part that only one of them has is said and costs little."""
    one, other = parse(left, abbreviations=abbreviations), parse(right, abbreviations=abbreviations)
    if not (one.words or one.house) or not (other.words or other.house):
        return Likeness(0, ("nothing is left to compare",))
    score, notes = _words(one.words, other.words)
    for cap, note in _conflicts(one, other):
        score = min(score, cap)
        notes.append(note)
    return Likeness(max(0, round(score)), tuple(notes))


def _conflicts(one: Address, other: Address) -> list[tuple[float, str]]:
    """Return what parts contradict each other or stand on one side only, with the most that leaves."""
    found: list[tuple[float, str]] = []
    if one.house != other.house:
        both = bool(one.house and other.house)
        found.append((40, "the house or box numbers differ") if both else (75, "only one has a house number"))
    if one.code != other.code:
        both = bool(one.code and other.code)
        found.append((75, "the postal codes differ") if both else (97, "only one has a postal code"))
    if one.unit != other.unit:
        both = bool(one.unit and other.unit)
        found.append((80, "the apartments or suites differ") if both else (96, "only one names an apartment"))
    if one.disguised or other.disguised:
        found.append((85, "letters that only look like Latin ones, or hidden characters, stand in it"))
    return found


def _words(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[float, list[str]]:
    """Compare street and place: each word of the shorter with its likeliest partner in the longer."""
    fewer, more = sorted((list(one), list(other)), key=len)
    if not fewer:
        return (100.0, []) if not more else (75.0, ["only one names a street"])
    pairs = sorted(
        ((_alike(a, b), -abs(i - j), i, j) for i, a in enumerate(fewer) for j, b in enumerate(more)),
        reverse=True,
    )
    mine: dict[int, float] = {}
    used: set[int] = set()
    notes: list[str] = []
    cap = 100.0
    for score, _, i, j in pairs:
        if i in mine or j in used:
            continue
        mine[i] = score
        used.add(j)
        if score < 100:
            notes.append(f"“{fewer[i]}” and “{more[j]}” differ")
            cap = min(cap, _cap(fewer[i], more[j]))
    scores = list(mine.values())
    extra = len(more) - len(fewer)
    if extra:
        notes.append("one side says more")
    return min(cap, 0.6 * sum(scores) / len(scores) + 0.4 * min(scores) - min(extra, 3)), notes


def _cap(a: str, b: str) -> float:
    """Return the most that two different words leave: another direction is another street."""
    if a in EXACT and b in EXACT:
        return 55
    return 85


def _alike(a: str, b: str) -> float:
    if a == b:
        return 100
    if any(x.isdigit() for x in a + b):
        return 0
    if {a, b} <= KINDS or {a, b} <= EXACT:
        return 60
    return 100 * OSA.normalized_similarity(a, b)
