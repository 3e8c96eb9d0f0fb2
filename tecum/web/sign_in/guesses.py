"""How many wrong passwords or codes of one person are looked at: the guide says it, allauth counts them."""

from tecum.config import clock
from tecum.policy import queries as policy


def rate() -> str:
    """Return the limit in allauth's words: so many within so many seconds for each user name."""
    sessions = policy.at(clock.now()).sessions
    return f"{sessions.tries}/{int(sessions.tries_within.elapsed.total_seconds())}s/key"
