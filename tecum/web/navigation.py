"""Where a person can go from a page: the entries of the audience that are open to them, the present one marked."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from tecum.kernel.actors import Actor
from tecum.web.audiences import AUDIENCES, DESK, FOOT, OVERSIGHT, PUBLIC, Audience, Entry

#: Parts of the house whose pages stand in other desks' navigation too.
SHARED = (DESK, OVERSIGHT)


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as one page shows it: `current` is `page`, `true` (its section) or nothing."""

    label: str
    address: str
    current: str = ""


#: Where a person's work begins: the first of these that their permissions open.
HOMES: tuple[tuple[str, str], ...] = (
    ("lookup.history", "portal:ask"),
    ("person.team", "supervisor:people"),
    ("card.read_own", "customer:company"),
    ("application.read", "desk:applications"),
    ("demand.work", "response:demands"),
    ("agency.call_back", "exigent:board"),  # who keeps call-back numbers, and no applications, is on call
    ("order.work", "orders:orders"),
    ("emergency.work", "exigent:board"),
    ("case.read", "desk:cases"),
    ("billing.issue", "billing:queue"),
    ("person.create", "desk:people"),
    ("trail.search", "auditor:trail"),
    ("person.read", "desk:people"),
    ("oncall.escalate", "oncall:desk"),
    ("guide.read", "desk:guide"),
    ("agency.read", "desk:agencies"),
    ("inventory.read", "oversight:numbers"),
    ("visit.admit", "switches:visits"),
    ("report.read", "reports:reports"),
)


def home_of(by: Actor) -> str:
    """Return the address of the page this person's work begins on, "" where there is none yet."""
    mine = (address_of(page) for permission, page in HOMES if by.may(permission))
    return next((address for address in mine if address), "")


def audience_of(request: HttpRequest, by: Actor) -> Audience:
    """
    Return the audience whose part of the house this address is in.

    What belongs to nobody in particular (public pages, the own account, errors) stands in the reader's own part; so does a
    page of the desks that the reader's own part leads to, so that the way back stays where it was.
    """
    match = request.resolver_match
    here = AUDIENCES.get(match.namespace if match else "", PUBLIC)
    if here is PUBLIC:
        return own_audience(by)
    if here in SHARED and match is not None:
        own = own_audience(by)
        if any(_mark(entry, match.view_name) for entry in own.entries):
            return own
    return here


def own_audience(by: Actor) -> Audience:
    """Return the audience that a person's work begins in; the public one for strangers."""
    mine = (page.partition(":")[0] for permission, page in HOMES if by.may(permission))
    return next((AUDIENCES[name] for name in mine if name in AUDIENCES), PUBLIC)


def entries_for(audience: Audience, request: HttpRequest, permissions: frozenset[str]) -> tuple[Link, ...]:
    """Return the entries that this person may open, the present one marked."""
    here = request.resolver_match.view_name if request.resolver_match else ""
    mine = [_for(entry, permissions) for entry in audience.entries]
    return tuple(
        Link(entry.label, address, _mark(entry, here))
        for entry in mine
        if entry is not None and (address := address_of(entry.page))
    )


def _for(entry: Entry, permissions: frozenset[str]) -> Entry | None:
    """Return an entry for somebody with these permissions, or what stands in its place; to sign in is for who has none."""
    if entry.page == "account_login":
        return None if permissions else entry
    if not entry.permission or entry.permission in permissions:
        return entry
    return _for(entry.otherwise, permissions) if entry.otherwise else None


def foot() -> tuple[Link, ...]:
    """Return the links beneath every page."""
    return tuple(Link(entry.label, address) for entry in FOOT if (address := address_of(entry.page)))


def address_of(page: str) -> str:
    """Return the address of a page by its name, `#anchor` allowed; "" where the name leads nowhere."""
    name, _, anchor = page.partition("#")
    try:
        return reverse(name) + (f"#{anchor}" if anchor else "")
    except NoReverseMatch:
        return ""


def _mark(entry: Entry, here: str) -> str:
    if entry.page == here:
        return "page"
    return "true" if here in entry.section else ""
