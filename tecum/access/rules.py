"""Whether a person may do a thing."""

from datetime import datetime

from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours


def require(by: Actor, permission: str, *, now: datetime) -> None:
    """
    Go on only if the actor holds the permission.

    :raises NotYours: otherwise; unknown and forbidden are the same answer
    """
    if not by.may(permission):
        raise NotYours
