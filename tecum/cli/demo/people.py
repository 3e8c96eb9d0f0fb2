"""Finding the demo's people again, once they are entered."""

from datetime import datetime

from tecum.accounts import queries as people
from tecum.accounts.rules import PersonView
from tecum.cli.demo import cast
from tecum.kernel.actors import Actor


def of(role: str, *, by: Actor, now: datetime) -> PersonView:
    """Return the one person of the demo who has this role."""
    wanted = next(each for each in cast.PEOPLE if each.role == role)
    (found,) = people.people(by=by, now=now, words=wanted.email)
    return found
