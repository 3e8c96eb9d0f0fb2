"""Domains: whose they are, which of them everybody can have, and which can be taken for another."""

from publicsuffixlist import PublicSuffixList

_SUFFIXES = PublicSuffixList()
_LOOKS_LIKE = (
    ("rn", "m"),
    ("vv", "w"),
    ("cl", "d"),
    ("0", "o"),
    ("1", "l"),
    ("i", "l"),
    ("3", "e"),
    ("5", "s"),
    ("-", ""),
)


def domain_of(address: str) -> str:
    """Return the domain of a mail address in lower case, "" where there is none."""
    return address.rpartition("@")[2].lower() if "@" in address else ""


def looks_like(domain: str, known: frozenset[str]) -> str:
    """
    Return a verified domain that this one could be taken for, "" when it is none.

    Compared are the registrable parts: letters that look alike, one letter more, less or other, two swapped, the same
    name under another ending, and a known domain written in front of somebody else's.
    """
    if domain in known or any(domain.endswith(f".{other}") for other in known):
        return ""
    mine = registrable(domain)
    for other in sorted(known):
        theirs = registrable(other)
        if f".{domain}.".find(f".{other}.") >= 0 or domain.startswith(
            (f"{other}-", f"{other.replace('.', '-')}.")
        ):
            return other
        if mine != theirs and _alike(mine, theirs):
            return other
    return ""


def registrable(domain: str) -> str:
    return str(_SUFFIXES.privatesuffix(domain) or domain)


def _alike(mine: str, theirs: str) -> bool:
    if _skeleton(mine) == _skeleton(theirs) or _one_step(mine, theirs):
        return True
    name, other = mine.partition(".")[0], theirs.partition(".")[0]
    return len(name) >= 6 and _skeleton(name) == _skeleton(other)


def _skeleton(domain: str) -> str:
    for looks, like in _LOOKS_LIKE:
        domain = domain.replace(looks, like)
    return domain


def _one_step(a: str, b: str) -> bool:
    """Tell whether one letter more, less or other, or two neighbours swapped, make one text of the other."""
    if abs(len(a) - len(b)) > 1 or min(len(a), len(b)) < 6:
        return False
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest_a, rest_b = a[start:], b[start:]
    swapped = rest_a[:2] == rest_b[:2][::-1] and rest_a[2:] == rest_b[2:]
    return rest_a[1:] == rest_b[1:] or rest_a[1:] == rest_b or rest_a == rest_b[1:] or swapped
