"""What is wrong with a guide: file, line, key, what was expected, and what was probably meant."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from tecum.kernel.refusals import Refused


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a value stands: file relative to the guides' folder, line (from 1), dotted key."""

    file: str = ""
    line: int = 0
    key: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.key}" if self.key else f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in a guide's files."""

    place: Place
    code: str
    sentence: str
    suggestion: str = ""

    def __str__(self) -> str:
        hint = f" {self.suggestion}" if self.suggestion else ""
        return f"{self.place}: {self.sentence}{hint} [{self.code}]"

    def as_dict(self) -> dict[str, object]:
        """Return the mistake as JSON carries it."""
        return {
            "code": self.code,
            "file": self.place.file,
            "line": self.place.line,
            "key": self.place.key,
            "problem": self.sentence,
            "suggestion": self.suggestion,
        }


class FaultyGuide(Refused):
    """The guide cannot be read; `problems` holds every mistake, in the order of the files."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        count = len(self.problems)
        head = f"The guide has {count} mistake{'' if count == 1 else 's'}:"
        super().__init__("\n".join([head, *(f"  {problem}" for problem in self.problems)]))


def meant(word: str, known: Iterable[str]) -> str:
    """Return the sentence "Did you mean …?" for the nearest known word, or the list when it is short."""
    words = sorted(set(known))
    close = difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    if close:
        return f"Did you mean '{close[0]}'?"
    if 0 < len(words) <= 12:
        return f"Known: {', '.join(words)}."
    return ""
