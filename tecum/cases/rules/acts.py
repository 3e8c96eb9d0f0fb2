"""What exactly two people approve, as a hash; and lists as people write them."""

import json
from collections.abc import Sequence
from hashlib import sha256


def let_in(*, case: str, person: str) -> str:
    """Return the hash of: this person joins the list of this sealed case (control 6)."""
    return _hash({"act": "case.let_in", "case": case, "person": person})


def unseal(*, case: str) -> str:
    """Return the hash of: this case is no longer sealed (control 6)."""
    return _hash({"act": "case.unseal", "case": case})


def legal_hold(*, case: str) -> str:
    """Return the hash of: this case outlives its retention (control 13)."""
    return _hash({"act": "case.legal_hold", "case": case})


def sentence(words: Sequence[str]) -> str:
    """Return `a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def _hash(act: dict[str, str]) -> str:
    return sha256(json.dumps(act, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
