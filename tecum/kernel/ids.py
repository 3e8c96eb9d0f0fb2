"""Identifiers: unguessable ids, and references that a person can read aloud."""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base 32: no I, L, O, U
SMALL = ALPHABET.lower()
REFERENCE_CHARACTERS = 8  # 40 bits, random: references are not sequential (decisions, part E)


def unguessable() -> str:
    """Return 128 random bits as 26 characters, for ids that appear in an URL."""
    bits = secrets.randbits(128)
    return "".join([SMALL[bits >> shift & 31] for shift in range(0, 130, 5)])


def reference(prefix: str) -> str:
    """Return a human-readable reference such as `LK-7Q2M-40VX`; it opens nothing by itself."""
    text = "".join(secrets.choice(ALPHABET) for _ in range(REFERENCE_CHARACTERS))
    return f"{prefix}-{text[:4]}-{text[4:]}"
