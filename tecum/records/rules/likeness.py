"""How alike two names or two addresses are, however they were typed. Pure: nothing here asks a table."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

from tecum.records.rules import vocabulary as words

LONGEST = 300  # characters of a field that are looked at
MOST = 16  # words of a field that are compared
INITIAL, NICKNAME = 94, 84


@dataclass(frozen=True, slots=True)
class Likeness:
    """0 to 100, and what made it less than plain equality, in words for staff."""

    score: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Folded:
    """A text as it is compared: lower case, Latin, without marks; and whether letters in it only look Latin."""

    text: str
    disguised: bool


@dataclass
class _Tally:
    """A score that caps bring down, each with its reason."""

    score: float
    notes: list[str] = field(default_factory=list)

    def cap(self, most: float, note: str) -> None:
        self.score = min(self.score, most)
        self.notes.append(note)

    def done(self) -> Likeness:
        return Likeness(max(0, min(100, round(self.score))), tuple(self.notes))


def fold(text: str, *, umlauts: bool = False) -> Folded:
    """Bring a text to plain lower-case Latin; `umlauts` writes ä as ae, as many do."""
    disguised = False
    letters: list[str] = []
    for letter in unicodedata.normalize("NFC", text[:LONGEST]).casefold():
        if unicodedata.category(letter) in ("Cf", "Cc") and letter not in "\n\r\t":
            disguised = True
            continue
        if letter in words.LOOK_ALIKES:
            disguised = True
            letter = words.LOOK_ALIKES[letter]
        if umlauts:
            letter = words.UMLAUTS.get(letter, letter)
        letters.append(words.LETTERS.get(letter, letter))
    plain = unicodedata.normalize("NFKD", "".join(letters))
    return Folded("".join(x for x in plain if not unicodedata.combining(x)), disguised)


def names(
    left: str, right: str, *, business: Sequence[str] = (), nicknames: Mapping[str, str] | None = None
) -> Likeness:
    """Tell how alike two names of a person or a business are, whatever the order of their parts."""
    short = {**words.NICKNAMES, **(nicknames or {})}
    kinds = words.BUSINESS | {word.casefold() for word in business}
    best = Likeness(0)
    for umlauts in (False, True):
        one, other = fold(left, umlauts=umlauts), fold(right, umlauts=umlauts)
        for a in _styles(one.text):
            for b in _styles(other.text):
                found = _named(a, b, kinds, short)
                best = found if found.score > best.score or not best.notes and not best.score else best
        if one.disguised or other.disguised:
            note = "letters that only look like Latin ones, or hidden characters, stand in it"
            best = Likeness(min(best.score, 85), (*best.notes, note)) if note not in best.notes else best
    return best


def _styles(text: str) -> list[str]:
    """Return a name, or the names on both sides of "doing business as"."""
    parts = [part.strip() for part in re.split(r"\b(?:d\s*[./]?\s*b\s*[./]?\s*a|t/a|a/?k/?a)\b\.?", text)]
    return [part for part in parts if part] or [""]


def _named(left: str, right: str, kinds: frozenset[str] | set[str], short: Mapping[str, str]) -> Likeness:
    one, other = _name_words(left), _name_words(right)
    company = bool(kinds.intersection(one) or kinds.intersection(other))
    rank, other_rank = _rank(one), _rank(other)
    one, other = (
        [w for w in each if w not in words.RANKS and w not in words.TITLES] for each in (one, other)
    )
    if company:
        one, other = ([w for w in each if w not in kinds] or each for each in (one, other))
    if not one or not other:
        return Likeness(0, ("nothing is left to compare",))
    tally = _aligned(one, other, short)
    if "".join(one) == "".join(other):
        tally = _Tally(100.0)
    elif sorted(one) == sorted(other) and "," not in left + right:
        tally.cap(95, "the same words in another order")
    if not company and min(len(one), len(other)) == 1 and max(len(one), len(other)) > 1:
        tally.cap(80, "only one word of the name is given")
    if rank != other_rank:
        _ranked(tally, rank, other_rank)
    return tally.done()


def _ranked(tally: _Tally, rank: str, other: str) -> None:
    if rank and other:
        tally.cap(60, f"one is “{rank}”, the other “{other}”")
    else:
        tally.cap(90, f"only one of them says “{rank or other}”")


def _rank(found: Sequence[str]) -> str:
    return next((words.RANKS[word] for word in reversed(found) if word in words.RANKS), "")


def _name_words(text: str) -> list[str]:
    """Return the words of a name; `Smith, John` is turned, and particles join the word that follows them."""
    last, comma, first = text.partition(",")
    if comma and first.strip() and not _is_rank(first):
        text = f"{first} {last}"
    text = re.sub(r"['’`´.]", "", text.replace("&", " and "))
    found = [word for word in re.findall(r"\w+", text.replace("_", " ")) if word not in ("and", "or", "the")][
        :MOST
    ]
    joined: list[str] = []
    held = ""
    for at, word in enumerate(found):
        if word in words.PARTICLES and at + 1 < len(found) and (held or at):
            held += word
            continue
        joined.append(held + word)
        held = ""
    return joined


def _is_rank(text: str) -> bool:
    return all(word.strip(".") in words.RANKS | {**words.KINDS} for word in text.split())


def _aligned(one: Sequence[str], other: Sequence[str], short: Mapping[str, str]) -> _Tally:
    """Pair the words of the shorter name with the likeliest of the longer: mean and worst pair count alike."""
    fewer, more = sorted((list(one), list(other)), key=len)
    pairs = sorted(
        ((_word(a, b, short), i, j) for i, a in enumerate(fewer) for j, b in enumerate(more)), reverse=True
    )
    mine: dict[int, float] = {}
    used: set[int] = set()
    tally = _Tally(0.0)
    for score, i, j in pairs:
        if i in mine or j in used:
            continue
        mine[i] = score
        used.add(j)
        if score == INITIAL:
            tally.notes.append("an initial stands for a name")
        elif score == NICKNAME:
            tally.notes.append("one may be the short form of the other")
        elif score < 100:
            tally.notes.append(f"“{fewer[i]}” and “{more[j]}” differ")
    scores = list(mine.values())
    if INITIAL in scores and sum(score != INITIAL for score in scores) < 2:
        tally.notes.append("only one name is written out")
        scores = [min(score, 86.0) for score in scores]
    tally.score = (sum(scores) / len(scores) + min(scores)) / 2
    extra = len(more) - len(fewer)
    if extra:
        tally.score -= 3 * extra
        tally.notes.append("one more word on one side" if extra == 1 else f"{extra} more words on one side")
    return tally


def _word(a: str, b: str, short: Mapping[str, str]) -> float:
    if a == b:
        return 100
    if 1 in (len(a), len(b)):
        return INITIAL if a[0] == b[0] else 0
    if short.get(a, a) == short.get(b, b):
        return NICKNAME
    return 100 * OSA.normalized_similarity(a, b)
