"""
Which address is open to whom, said at the page: `@opens(read="person.read", write="person.create")`.

An address that says nothing is closed to everybody: the middleware `Actors` asks here before any page runs, and
tests/surface/routes.py repeats the table by hand (T7). Pages ask operations, which ask `access.require` again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from django.http import HttpRequest

from tecum.access.catalogue import PERMISSIONS
from tecum.access.rules import stepped_up
from tecum.kernel.actors import Actor, ActorKind

View = TypeVar("View", bound=Callable[..., Any])
EVERYBODY = "everybody"
OWN = "account.own"
READING = ("GET", "HEAD", "OPTIONS")


class Answer(StrEnum):
    """What the gate says to one request."""

    OPEN = "open"
    SIGN_IN = "sign_in"
    SECOND_FACTOR = "second_factor"
    STEP_UP = "step_up"
    CLOSED = "closed"


@dataclass(frozen=True)
class Gate:
    """The permission that each method of one address needs; a method that is not named is closed."""

    methods: Mapping[str, str]

    def permission(self, method: str | None) -> str | None:
        """Return what a method needs: HEAD what GET needs; None when the method is closed."""
        return self.methods.get("GET" if method in READING else method or "")


def opens(read: str = "", write: str = "") -> Callable[[View], View]:
    """
    Say which permission opens a page for reading (GET) and for writing (POST); "everybody" opens it to strangers too.

    `role.grant|role.grant_staff` opens it to who holds either.

    :raises KeyError: for a permission that is not in the catalogue
    """
    methods = {method: permission for method, permission in (("GET", read), ("POST", write)) if permission}
    for permission in methods.values():
        if permission != EVERYBODY:
            [PERMISSIONS[each] for each in any_of(permission)]

    def mark(view: View) -> View:
        view.gate = Gate(methods)  # type: ignore[attr-defined]
        return view

    return mark


def any_of(permission: str) -> tuple[str, ...]:
    """Return the permissions of which one is enough: `role.grant|role.grant_staff`."""
    return tuple(permission.split("|"))


def gate_of(view: Callable[..., Any]) -> Gate:
    """Return the gate of a page; one that names nothing is closed."""
    return getattr(view, "gate", Gate({}))


def ask(request: HttpRequest, view: Callable[..., Any], *, by: Actor, proved: bool, now: Any) -> Answer:
    """Decide whether this request may reach the page."""
    permission = gate_of(view).permission(request.method)
    if permission is None:
        return Answer.CLOSED
    if permission == EVERYBODY:
        return Answer.OPEN
    if by.kind is ActorKind.STRANGER:
        return Answer.SIGN_IN
    if not proved and permission != OWN:
        return Answer.SECOND_FACTOR
    held = [each for each in any_of(permission) if by.may(each)]
    if not held:
        return Answer.CLOSED
    if all(PERMISSIONS[each].step_up for each in held) and not stepped_up(by, now=now):
        return Answer.STEP_UP
    return Answer.OPEN
