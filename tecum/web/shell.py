"""What stands around every page: the carrier's name, where one can go, the zone, the guide, the trail's checkpoint."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from tecum.agencies import queries as agencies
from tecum.audit import queries as audit
from tecum.config import clock
from tecum.guide.loading import NoGuide
from tecum.guide.problems import FaultyGuide
from tecum.kernel import words
from tecum.kernel.actors import Actor, ActorKind
from tecum.policy import queries as policy
from tecum.recovery import queries as recovery
from tecum.web import navigation
from tecum.web.navigation import Link


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The last signed state of the trail: how many entries it covers, and when it was signed."""

    size: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Shell:
    """One page's surroundings."""

    now: datetime
    carrier: str = "Tecum"
    place: str = ""
    home: str = "/"
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    entries: tuple[Link, ...] = ()
    links: tuple[Link, ...] = ()
    person: str = ""
    account: str = ""
    sign_out: str = ""
    guide_name: str = ""
    guide_version: str = ""
    guide_since: date | None = None
    link_life: str = ""
    step_up: str = ""
    checkpoint: Checkpoint | None = None
    recovering: str = ""

    @property
    def zone_name(self) -> str:
        """The zone as people call it."""
        return words.zone_name(self.zone)


def context(request: HttpRequest) -> dict[str, Any]:
    """Give every template its shell; nothing is asked of the database before the template uses it."""
    return {"shell": SimpleLazyObject(lambda: shell_of(request))}


def shell_of(request: HttpRequest) -> Shell:
    """Gather the surroundings of one page."""
    now = clock.now()
    actor: Actor = getattr(request, "actor", Actor.stranger())
    audience = navigation.audience_of(request, actor)
    signed_in = actor.kind is ActorKind.PERSON
    return Shell(
        now=now,
        **_from_guide(now, audience.place),
        home=navigation.address_of(audience.home) or "/",
        entries=navigation.entries_for(audience, request, actor.permissions),
        links=navigation.foot(),
        person=_who(actor) if signed_in else "",
        account=navigation.address_of("mfa_index") if signed_in else "",
        sign_out=navigation.address_of("account_logout"),
        checkpoint=_checkpoint(),
        recovering=_recovering(actor),
    )


def _recovering(actor: Actor) -> str:
    """Return where staff see what waits, while a copy that was put back is being checked; "" at any other time."""
    staff = actor.kind is ActorKind.PERSON and not actor.agency and not actor.customer
    if not staff or not recovery.is_under_way():
        return ""
    return navigation.address_of("switches:recovery")


def _who(actor: Actor) -> str:
    """Name a person with the agency they ask for."""
    agency = agencies.names({actor.agency}).get(actor.agency, "") if actor.agency else ""
    return f"{actor.name}, {agency}" if agency else actor.name


def _checkpoint() -> Checkpoint | None:
    """Return how far the trail is signed: who keeps a printed page holds a date to check us against."""
    try:
        signed = audit.latest_checkpoint()
    except DatabaseError:  # what anybody may read, and the pages for errors, stand without it
        return None
    return Checkpoint(signed.size, signed.signed_at) if signed else None


def _from_guide(now: datetime, place: str) -> dict[str, Any]:
    """Return what the guide in force says; a page about a broken guide still stands, without it."""
    try:
        guide = policy.at(now)
    except (NoGuide, FaultyGuide):
        return {"place": place}
    portal = guide.lookups[0].name if guide.lookups else ""
    return {
        "carrier": guide.carrier.called,
        "place": place or portal,
        "zone": guide.carrier.zone.tz,
        "guide_name": guide.guide.name,
        "guide_version": guide.version,
        "guide_since": guide.guide.effective_from,
        "link_life": str(guide.link_life),
        "step_up": str(guide.sessions.step_up),
    }
