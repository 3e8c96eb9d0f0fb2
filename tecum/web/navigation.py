"""Where each audience can go: at most six entries, as data. A page adds its line here when it lands."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from tecum.kernel.actors import Actor

MOST = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its words, the name of its page, the permission that opens it ("" for everybody)."""

    label: str
    page: str
    permission: str = ""
    #: Pages that stand under this entry: the entry is marked as the section while one of them is open.
    section: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Audience:
    """The people that a part of the house is for. `name` is the namespace of its addresses."""

    name: str
    place: str
    home: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as one page shows it: `current` is `page`, `true` (its section) or nothing."""

    label: str
    address: str
    current: str = ""


PUBLIC = Audience(
    "public",
    "",
    "public:start",
    (
        Entry("Start", "public:start"),
        Entry("How to apply", "public:start#how"),
        Entry("How to serve a Legal Demand", "public:serve"),
        Entry("Sign in", "account_login"),
    ),
)
PORTAL = Audience(
    "portal",
    "",
    "portal:ask",
    (
        Entry("Look up", "portal:ask", "lookup.run"),
        Entry("My history", "portal:history", "lookup.history", section=("portal:answer",)),
        Entry("How to serve a Legal Demand", "public:serve"),
    ),
)
AUDITOR = Audience(
    "auditor",
    "Audit",
    "auditor:trail",
    (
        Entry(
            "Trail",
            "auditor:trail",
            "trail.search",
            section=("auditor:verify", "auditor:bundle", "auditor:entry"),
        ),
    ),
)
AUDIENCES: dict[str, Audience] = {audience.name: audience for audience in (PUBLIC, PORTAL, AUDITOR)}
#: Beneath every page.
FOOT = (
    Entry("Accessibility", "public:accessibility"),
    Entry("Privacy", "public:privacy"),
    Entry("Security contact", "public:security"),
)


#: Where a person's work begins: the first of these that their permissions open.
HOMES: tuple[tuple[str, str], ...] = (
    ("lookup.run", "portal:ask"),
    ("trail.search", "auditor:trail"),
)


def home_of(by: Actor) -> str:
    """Return the address of the page this person's work begins on, "" where there is none yet."""
    mine = (address_of(page) for permission, page in HOMES if by.may(permission))
    return next((address for address in mine if address), "")


def audience_of(request: HttpRequest, by: Actor) -> Audience:
    """
    Return the audience whose part of the house this address is in.

    What belongs to nobody in particular (public pages, the own account, errors) stands in the reader's own part.
    """
    match = request.resolver_match
    here = AUDIENCES.get(match.namespace if match else "", PUBLIC)
    return here if here is not PUBLIC else own_audience(by)


def own_audience(by: Actor) -> Audience:
    """Return the audience that a person's work begins in; the public one for strangers."""
    mine = (page.partition(":")[0] for permission, page in HOMES if by.may(permission))
    return next((AUDIENCES[name] for name in mine if name in AUDIENCES), PUBLIC)


def entries_for(audience: Audience, request: HttpRequest, permissions: frozenset[str]) -> tuple[Link, ...]:
    """Return the entries that this person may open, the present one marked."""
    here = request.resolver_match.view_name if request.resolver_match else ""
    return tuple(
        Link(entry.label, address, _mark(entry, here))
        for entry in audience.entries
        if _for(entry, permissions) and (address := address_of(entry.page))
    )


def _for(entry: Entry, permissions: frozenset[str]) -> bool:
    """Tell whether an entry is for somebody with these permissions; to sign in is for who has none."""
    if entry.page == "account_login":
        return not permissions
    return not entry.permission or entry.permission in permissions


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
