"""A refusal rolls its act back; the door remembers it, in a transaction of its own (poster, rule 3)."""

from django.http import HttpRequest

from tecum.audit import operations as audit
from tecum.config import clock
from tecum.kernel.actors import Actor, ActorKind


def remember(request: HttpRequest, why: str) -> None:
    """Record that a person was refused this act; strangers, who are refused all day, are not recorded."""
    actor: Actor = getattr(request, "actor", Actor.stranger())
    if actor.kind is not ActorKind.PERSON:
        return
    match = request.resolver_match
    act = f"{request.method}:{match.view_name}" if match and match.view_name else "unknown"
    at = getattr(request, "now", None) or clock.now()
    audit.note("access.refused", by=actor, at=at, act=act, why=why)
