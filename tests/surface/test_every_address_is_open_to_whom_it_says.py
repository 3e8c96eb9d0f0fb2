"""T7: addresses × roles × methods, through the real middleware with real sessions; an address without an entry fails."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tecum.access.catalogue import PERMISSIONS, ROLES, Side
from tecum.accounts import operations as accounts
from tecum.accounts.rules import PersonView
from tecum.config import clock
from tecum.models import Person, TrailLeaf
from tecum.web import gates
from tecum.web.sign_in.middleware import VISIT
from tests import make
from tests.surface.routes import EVERYBODY, OWN, ROUTES

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
BROADEST = "portal_administrator"  # is tried with every method, the other roles with the two that pages use
REACHED = 299
# What stands for a part of an address that names a thing; the page is never run here, so nothing is looked up.
STAND_INS = {
    "IntConverter": 1,
    "StringConverter": "x",
    "SlugConverter": "x",
    "PathConverter": "x/y",
    "UUIDConverter": "0" * 32,
}


class Reached:
    """The last middleware: answers in the page's place, so that what reached it is seen and nothing is run."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        return HttpResponse(status=REACHED)


def patterns(resolver, spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, URLPattern]]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            inner = (*spaces, each.namespace) if each.namespace else spaces
            yield from patterns(each, inner)
        else:
            yield ":".join([*spaces, each.name or f"unnamed {each.pattern}"]), each


ALL = dict(patterns(get_resolver(settings.ROOT_URLCONF)))


def address(name: str) -> str:
    found = ALL[name].pattern.converters
    return reverse(name, kwargs={part: STAND_INS[type(kind).__name__] for part, kind in found.items()})


def opened_for(role: str, methods: dict[str, str], method: str) -> bool:
    needed = methods.get("GET" if method in gates.READING else method)
    if needed is None:
        return False
    return needed == EVERYBODY or bool(set(needed.split("|")) & ROLES[role].permissions)


def test_every_address_stands_in_the_table_and_nothing_else_does():
    assert set(ALL) == set(ROUTES), "give each address its line in tests/surface/routes.py"


def test_every_permission_in_the_table_is_in_the_catalogue():
    said = {permission for methods in ROUTES.values() for permission in methods.values()} - {EVERYBODY}
    named = {each for permission in said for each in permission.split("|")}

    assert named <= set(PERMISSIONS)


@pytest.fixture
def nothing_drawn(settings, monkeypatch):
    """Draw no page: neither the one reached nor the one that says there is none, which took longer than the gate."""
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.Reached"]
    monkeypatch.setattr(
        "tecum.web.errors.render", lambda request, template, status: HttpResponse(template, status=status)
    )


def session_of(who: PersonView, *, factor: str = "totp") -> Client:
    """Return a browser in which somebody is signed in, without the pages of that."""
    row = Person.objects.get(pk=who.id)
    client = Client(raise_request_exception=False)
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = row.pk, settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = row.get_session_auth_hash()
    session[VISIT] = accounts.open_visit(person=row.pk, factor=factor, now=clock.now())
    session.create()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


@pytest.fixture
def client_of(db, nothing_drawn, settings):
    agency, customer = make.agency(), make.customer()

    def sign_in(role: str, *, factor: str = "totp") -> Client:
        side = ROLES[role].side
        party = (
            {"agency": agency}
            if side is Side.AGENCY
            else {"customer": customer.id}
            if side is Side.CUSTOMER
            else {}
        )
        return session_of(make.person(roles=[role], **party), factor=factor)

    return sign_in


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("role", ROLES)
def test_each_role_reaches_exactly_what_the_table_says(role, client_of):
    client = client_of(role)

    for name, methods in ROUTES.items():
        for method in METHODS if role == BROADEST else ("GET", "POST"):
            status = client.generic(method, address(name)).status_code
            assert (status == REACHED) is opened_for(role, methods, method), (
                f"{role} {method} {name}: {status}"
            )
            assert status in (REACHED, 404), f"{role} {method} {name}: {status}"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("nothing_drawn")
def test_a_stranger_reaches_only_what_is_open_to_everybody():
    client = Client()

    for name, methods in ROUTES.items():
        for method in METHODS:
            needed = methods.get("GET" if method in gates.READING else method)
            status = client.generic(method, address(name)).status_code
            wanted = REACHED if needed == EVERYBODY else 404 if needed is None else 302
            assert status == wanted, f"stranger {method} {name}: {status}"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("role", ["le_user", "portal_administrator", "system_administrator"])
def test_without_a_second_factor_a_role_reaches_nothing_but_the_own_account(role, client_of):
    client = client_of(role, factor="password")

    for name, methods in ROUTES.items():
        for method, needed in methods.items():
            reached = client.generic(method, address(name)).status_code == REACHED
            assert reached is (needed in (EVERYBODY, OWN)), f"{method} {name}"


@pytest.mark.django_db(transaction=True)
def test_an_act_that_needs_a_fresh_second_factor_leads_to_it_first(client_of):
    client = client_of("portal_administrator")
    from tecum.models import Visit

    Visit.objects.update(stepped_up_at=clock.now() - timedelta(minutes=5))
    for name, methods in ROUTES.items():
        for method, needed in methods.items():
            held = set(needed.split("|")) & ROLES["portal_administrator"].permissions
            if held and all(PERMISSIONS[each].step_up for each in held):
                answer = client.generic(method, address(name))
                assert answer.status_code == 302 and answer["Location"].startswith("/sign-in/again/"), name


@pytest.mark.django_db(transaction=True)
def test_being_refused_is_remembered(client_of):
    client = client_of("noc_escalation")

    client.put("/account/")

    refused = TrailLeaf.objects.filter(event="access.refused")
    assert refused.count() == 1


@pytest.mark.sabotage("control 8")
@pytest.mark.django_db(transaction=True)
def test_without_the_gate_a_stranger_would_reach_every_page(settings, monkeypatch):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.Reached"]
    monkeypatch.setattr("tecum.web.sign_in.middleware.Actors.process_view", lambda *_: None)

    assert Client().get("/account/").status_code == REACHED


@pytest.mark.sabotage("control 8")
def test_an_address_that_names_no_permission_is_closed_and_missed_in_the_table():
    def page(request):
        return HttpResponse("open?")

    assert gates.gate_of(page).permission("GET") is None
