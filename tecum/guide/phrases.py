"""
Phrases: how a guide writes the words by which messages are told apart.

A phrase is one or more words. Neither case nor the space between words matters, a line break and a dash are space as
well. `*` at the beginning or the end of a word stands for any letters, `…` between words for at most forty characters of
anything, `|` parts phrases that mean the same. There is no more to it: whatever a guide says is looked for in the time
that reading the text takes.
"""

import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache

GAP, OTHERWISE, ANY = "…", "|", "*"
BETWEEN = r"[\s\-\u2010-\u2015]+"
APART = r"(?!\w).{1,40}?(?<!\w)"


def faults(key: str, phrases: Iterable[str]) -> tuple[str, ...]:
    """Return one sentence for each phrase that says nothing, or says it in a way that cannot be looked for."""
    return tuple(
        f"{key} holds {phrase!r}: {why}"
        for phrase in phrases
        for each in phrase.split(OTHERWISE)
        if (why := _fault(each))
    )


def _fault(phrase: str) -> str:
    words = _words(phrase)
    plain = [word.strip(ANY) for word in words if word != GAP]
    if not plain or not all(any(char.isalnum() for char in word) for word in plain):
        return "each of its words needs a letter or a digit."
    if any(ANY in word for word in plain):
        return f"`{ANY}` stands at the beginning or the end of a word."
    if GAP in {words[0], words[-1]} or (GAP, GAP) in zip(words, words[1:], strict=False):
        return f"`{GAP}` stands between two words."
    return ""


def found(phrases: Sequence[str], text: str) -> bool:
    """Tell whether a text holds one of the phrases."""
    return bool(phrases) and _pattern(tuple(phrases), "").search(text) is not None


def count(phrases: Sequence[str], text: str) -> int:
    """Return how many of the phrases a text holds, each counted once."""
    return sum(found((phrase,), text) for phrase in phrases)


def begins(phrases: Sequence[str], text: str) -> bool:
    """Tell whether a text begins with one of the phrases, marks before them aside."""
    return bool(phrases) and _pattern(tuple(phrases), r"\A\W*").search(text) is not None


def ends(phrases: Sequence[str], text: str) -> bool:
    """Tell whether a text ends with one of the phrases, marks behind them aside."""
    return bool(phrases) and _pattern(tuple(phrases), "", r"\W*\Z").search(text) is not None


def ends_domain(endings: Iterable[str], domain: str) -> bool:
    """Tell whether a domain is one of some endings or lies beneath one; `?` stands for a letter of it."""
    labels = domain.casefold().split(".")
    return any(
        len(parts) <= len(labels)
        and all(fnmatchcase(label, part) for label, part in zip(labels[-len(parts) :], parts, strict=True))
        for parts in (ending.casefold().strip(".").split(".") for ending in endings)
    )


@lru_cache(maxsize=512)
def _pattern(phrases: tuple[str, ...], before: str, after: str = "") -> re.Pattern[str]:
    each = "|".join(_written(one) for phrase in phrases for one in phrase.split(OTHERWISE))
    return re.compile(f"{before}(?:{each}){after}", re.IGNORECASE | re.DOTALL)


def _written(phrase: str) -> str:
    """Write a phrase as a pattern."""
    out, joint = "", ""
    for word in _words(phrase):
        if word == GAP:
            joint = APART
            continue
        out += joint + _word(word)
        joint = BETWEEN
    return rf"(?<!\w){out}"


def _word(word: str) -> str:
    core = re.sub("['\u2019]", "['\u2019]", re.escape(word.strip(ANY)))
    first = r"\w*" if word.startswith(ANY) else ""
    return first + core + (r"\w*" if word.endswith(ANY) else r"(?!\w)")


def _words(phrase: str) -> list[str]:
    return phrase.replace("...", GAP).replace("-", " ").split()
