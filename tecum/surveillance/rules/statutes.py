"""Whether the statutes that an order cites fit the types of surveillance that it orders (R-116)."""

import re
from collections.abc import Iterable

from tecum.guide.model.guide import Guide
from tecum.guide.model.process import ProcessType
from tecum.guide.questions import word

CODE = re.compile(
    r"\b(\d{1,2})\s*U\.?\s*S\.?\s*C\.?(?:\s*A\.?)?\s*(?:§+|sections?|secs?\.?)?\s*"
    r"((?:\d{2,5}[a-z]?(?:\([^)\s]{1,4}\))*(?:\s*(?:-|–|—|to|through|thru|and|&|,|;|et\s+seq\.?)\s*(?:§+\s*)?)*)+)",
    re.I,
)
ONE = re.compile(
    r"(\d{2,5})[a-z]?(?:\([^)\s]{1,4}\))*(\s*et\s+seq\.?|\s*(?:-|–|—|to|through|thru)\s*(?:§+\s*)?(\d{2,5}))?",
    re.I,
)
ET_SEQ = 30  # sections: no chapter that matters here is longer
Span = tuple[int, int, int]  # title, first section, last section


def cited(text: str) -> tuple[Span, ...]:
    """Return the sections of the United States Code that a text cites; none where it cites none of it."""
    found = []
    for code in CODE.finditer(text):
        for one in ONE.finditer(code[2]):
            first = int(one[1])
            last = int(one[3]) if one[3] else first + (ET_SEQ if one[2] else 0)
            found.append((int(code[1]), first, max(first, last)))
    return tuple(found)


def for_type(guide: Guide, kind: str) -> ProcessType | None:
    """Return the kind of process that a type of surveillance needs: the one that has it as a synonym (D3)."""
    return next((each for each in guide.process_types if word(kind) in map(word, each.synonyms)), None)


def fits(text: str, statutes: Iterable[str]) -> bool | None:
    """
    Tell whether a citation is one of the statutes; None where only a person can tell.

    A citation of another law than the United States Code (a state's own) is not judged by machine.
    """
    mine, wanted = cited(text), [span for each in statutes for span in cited(each)]
    if not text.strip():
        return False
    if not mine or not wanted:
        return None
    return any(a[0] == b[0] and a[1] <= b[2] and b[1] <= a[2] for a in mine for b in wanted)
