"""Whether this door is open, who calls, and how often."""

from datetime import datetime
from typing import Annotated, Any, cast

from allauth.core.internal import ratelimit  # the public one counts no GET
from django.http import HttpRequest
from ninja import Path, Schema
from ninja.errors import HttpError
from ninja.security import HttpBearer
from pydantic import model_validator

from tecum.accounts import queries as people
from tecum.config import clock
from tecum.demands import queries as demands
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours

TOO_MANY = "Too many requests in this minute. Wait a minute, and send the same request again."


#: An id of ours; what cannot be one is unknown like any other.
Id = Annotated[str, Path(pattern=r"^[0-9A-Za-z_-]{1,64}$")]


class Given(Schema):
    """What a program sends: no text of it holds the character NUL, which no database keeps."""

    @model_validator(mode="before")
    @classmethod
    def no_nul(cls, given: Any) -> Any:
        """Refuse a NUL in any text."""
        if _holds_nul(getattr(given, "_obj", given)):  # ninja wraps what it validates
            raise ValueError("A text holds the character NUL.")
        return given


class Token(HttpBearer):
    """A personal, short-lived token: `Authorization: Bearer …` (A17)."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """Return the person whose token it is, with their standing of this moment, or None."""
        found = people.actor_of_token(token, now=clock.now())
        if found is not None and not _in_time(request, found):
            raise HttpError(429, TOO_MANY)
        return found


def _in_time(request: HttpRequest, by: Actor) -> bool:
    """Count a request of a person's programs; false beyond the most in a minute."""
    counted = ratelimit.consume(request, app="allauth.account", action="program", key=by.ref, limit_get=True)
    return counted is not None


def actor(request: HttpRequest) -> Actor:
    """Return who calls: the token was judged before any resource is reached."""
    return cast("Actor", request.auth)  # type: ignore[attr-defined]


def must_be_open(door: str, *, now: datetime) -> None:
    """Say that there is nothing here where the guide names no such channel (A17). :raises NotYours: then"""
    if not demands.door_open(door, now=now):
        raise NotYours


def _holds_nul(given: Any) -> bool:
    if isinstance(given, dict):
        return any(_holds_nul(each) for each in given.values())
    if isinstance(given, list):
        return any(map(_holds_nul, given))
    return isinstance(given, str) and "\0" in given
