"""The code that is told by telephone, and what is kept of it."""

import secrets

from tecum.kernel.ids import ALPHABET
from tecum.secrecy import operations as secrecy

CODE_CHARACTERS = 10


def new_code() -> str:
    """Return a code that can be read out: 50 random bits in two groups."""
    text = "".join(secrets.choice(ALPHABET) for _ in range(CODE_CHARACTERS))
    return f"{text[:5]}-{text[5:]}"


def mark(handover: str, code: str) -> str:
    """Return what is kept of a code: a mark that only this machine's key can make, so that it cannot be guessed offline."""
    plain = (
        code.upper().replace("-", "").replace(" ", "").replace("O", "0").replace("I", "1").replace("L", "1")
    )
    return secrecy.fingerprint(f"{handover} {plain}".encode(), purpose="production code")
