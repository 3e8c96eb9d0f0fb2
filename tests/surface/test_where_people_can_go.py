"""The navigation as data: six entries at most for each audience, and every one leads somewhere."""

import pytest
from django.urls import get_resolver, resolve

from tecum.access.catalogue import PERMISSIONS, ROLES
from tecum.kernel.actors import Actor, ActorKind
from tecum.web import audiences, navigation

AUDIENCES = list(audiences.AUDIENCES.values())


@pytest.mark.parametrize("audience", AUDIENCES, ids=lambda audience: audience.name)
def test_an_audience_has_six_entries_at_most_and_each_leads_somewhere(audience: navigation.Audience) -> None:
    assert len(audience.entries) <= audiences.MOST
    assert [entry.label for entry in audience.entries if not navigation.address_of(entry.page)] == []
    assert navigation.address_of(audience.home)


def test_who_may_open_a_part_finds_that_part_in_its_place(rf) -> None:
    request = rf.get("/")
    request.resolver_match = None

    links = navigation.entries_for(
        audiences.OVERSIGHT, request, frozenset({"inventory.history", "lookup.figures"})
    )

    assert [link.label for link in links] == ["Past of a number", "Look-ups"]


@pytest.mark.parametrize(
    "permission", ["inventory.read", "disclosure.read", "inventory.history", "lookup.figures", "trail.search"]
)
def test_from_the_desk_one_entry_leads_to_what_the_person_watches_over(rf, permission) -> None:
    request = rf.get("/")
    request.resolver_match = None

    (link,) = navigation.entries_for(audiences.DESK, request, frozenset({permission}))

    assert link.address


@pytest.mark.parametrize("audience", AUDIENCES, ids=lambda audience: audience.name)
def test_an_entry_asks_for_a_permission_that_exists(audience: navigation.Audience) -> None:
    assert {entry.permission for entry in audience.entries if entry.permission} <= set(PERMISSIONS)


def test_what_stands_beneath_every_page_leads_somewhere() -> None:
    assert [entry.label for entry in audiences.FOOT if not navigation.address_of(entry.page)] == []


def test_an_audience_is_named_like_the_namespace_of_its_addresses() -> None:
    assert set(audiences.AUDIENCES) <= set(get_resolver().namespace_dict)


@pytest.mark.sabotage("navigation")
def test_an_entry_that_leads_nowhere_would_be_noticed() -> None:
    assert navigation.address_of("desk:no-such-page") == ""


def test_an_analyst_keeps_the_way_back_to_the_demands_on_the_pages_of_cases_and_productions(rf) -> None:
    """The response desk's navigation stays on the pages that it leads to; the portal's administrator keeps theirs."""
    analyst = Actor("person:a", ActorKind.PERSON, "A", ROLES["subpoena_analyst"].permissions, "", "", None)
    administrator = Actor(
        "person:b", ActorKind.PERSON, "B", ROLES["portal_administrator"].permissions, "", "", None
    )
    for address in (
        "/desk/cases/abc/search/",
        "/desk/productions/",
        "/desk/work-orders/",
        "/desk/agencies/abc/",
    ):
        request = rf.get(address)
        request.resolver_match = resolve(address)

        assert navigation.audience_of(request, analyst) is audiences.RESPONSE
        assert navigation.audience_of(request, administrator) is audiences.DESK


@pytest.mark.parametrize(
    ("role", "home"),
    [
        ("on_call_administrator", "/emergencies/"),
        ("order_administrator", "/orders/"),
        ("portal_administrator", "/desk/applications/"),
    ],
)
def test_a_persons_work_begins_where_it_waits(role, home) -> None:
    who = Actor("person:x", ActorKind.PERSON, permissions=ROLES[role].permissions)

    assert navigation.home_of(who) == home
