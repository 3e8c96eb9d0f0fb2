"""May this actor do that now? Pure decisions over the catalogue."""

from collections.abc import Collection
from datetime import datetime, timedelta

from tecum.access.catalogue import PERMISSIONS, ROLES, Role
from tecum.guide.model.lookup import Sessions
from tecum.kernel import words
from tecum.kernel.actors import Actor, ActorKind
from tecum.kernel.refusals import NotYours, Refused


class StepUpNeeded(Refused):
    """The act wants a second factor given a short while ago; how short, the guide says (assurance control 12)."""


def permissions_of(roles: Collection[str]) -> frozenset[str]:
    """Gather what these roles together may do."""
    return frozenset().union(*(ROLES[role].permissions for role in roles))


def may(by: Actor, permission: str) -> bool:
    """Tell whether the actor holds a permission, for menus and pages; `require` decides."""
    return by.may(PERMISSIONS[permission].name)


def require(
    by: Actor, permission: str, *, now: datetime, agency: str | None = None, customer: str | None = None
) -> None:
    """
    Refuse an act that is not this actor's.

    :raises NotYours: without the permission, or when the thing belongs to another agency or customer than the actor
    :raises StepUpNeeded: when the permission asks for a fresh second factor and the person gave none lately
    """
    needed = PERMISSIONS[permission]
    if not by.may(needed.name):
        raise NotYours
    if agency is not None and by.agency and by.agency != agency:
        raise NotYours
    if customer is not None and by.customer and by.customer != customer:
        raise NotYours
    if needed.step_up and by.kind is ActorKind.PERSON and not stepped_up(by, now=now):
        raise StepUpNeeded(
            f"Confirm that it is you: this act needs your second factor, given in the last {words.span(good_for(by))}."
        )


def good_for(by: Actor) -> timedelta:
    """Return how long this actor's second factor counts as fresh: what the guide said at sign-in, else its default."""
    return by.step_up_lasts or Sessions().step_up.elapsed


def stepped_up(by: Actor, *, now: datetime) -> bool:
    """Tell whether the person's second factor is fresh; one from the future does not count."""
    at = by.stepped_up_at
    return at is not None and at <= now < at + good_for(by)


def conflict(roles: Collection[str]) -> str | None:
    """Say in a sentence why these roles may not be held together; None if they may."""
    held = [ROLES[role] for role in sorted(set(roles))]
    sides = {role.side for role in held}
    if len(sides) > 1:
        return f"Nobody holds roles of two parties: {_named(held)}."
    lonely = [role for role in held if role.alone]
    if lonely and len(held) > 1:
        return f"{lonely[0].title} is held alone, without any other role (separation of duties)."
    return None


def one_session(roles: Collection[str]) -> bool:
    """Tell whether a person with these roles is signed in at one place only."""
    return any(ROLES[role].one_session for role in roles)


def _named(roles: Collection[Role]) -> str:
    return " and ".join(role.title for role in roles)
