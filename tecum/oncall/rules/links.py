"""The link of a page, and the way it travels: what is kept of each, and how long a link is good."""

from datetime import timedelta
from hashlib import sha256

LINK_LASTS = timedelta(hours=24)


def token_hash(token: str) -> str:
    """Return what is kept of the token of a link."""
    return sha256(token.encode()).hexdigest()


def kind_of(way: str) -> str:
    """Return how a way travels, without the address: it may stand in a record."""
    kind, colon, _ = way.partition(":")
    return kind if colon and "@" not in kind else "mail"
