"""Passkeys with Chromium's own virtual authenticator: added, used instead of the password, used to confirm an act."""

from datetime import timedelta

import pytest

from tecum.accounts import queries
from tecum.config import clock
from tecum.models import TrailLeaf, Visit
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Authenticator:
    """A security key that lives in the browser's developer tools; `verifies` is whether it checks the person."""

    def __init__(self, visitor, *, verifies: bool = True) -> None:
        self.session = visitor.context.new_cdp_session(visitor.page)
        self.session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": verifies,
            "automaticPresenceSimulation": True,
        }
        self.id = self.session.send("WebAuthn.addVirtualAuthenticator", {"options": options})[
            "authenticatorId"
        ]

    def verify(self, so: bool) -> None:
        self.session.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": so})

    def keys(self) -> list:
        return self.session.send("WebAuthn.getCredentials", {"authenticatorId": self.id})["credentials"]


@pytest.fixture
def officer():
    return make.with_password(make.officer("Ines Barrowclough"))


@pytest.fixture
def at_home(visitor, live_server):
    """Relying parties have names: the same server as `localhost`, not as 127.0.0.1."""
    visitor.address = live_server.url.replace("127.0.0.1", "localhost")
    return visitor


def sign_in_by_password(visitor, officer):
    visitor.go("/sign-in/")
    visitor.page.get_by_label("User name").fill(officer.email)
    visitor.page.get_by_label("Password").fill(make.PASSWORD)
    visitor.page.get_by_role("button", name="Sign in", exact=True).click()


def add_passkey(visitor, officer):
    sign_in_by_password(visitor, officer)
    visitor.page.wait_for_url("**/account/second-factor/**")
    visitor.page.get_by_role("link", name="Add a passkey").click()
    visitor.page.get_by_label("Name").fill("Desk laptop")
    visitor.page.get_by_role("button", name="Add the passkey").click()
    visitor.page.wait_for_url("**/account/recovery-codes/**")


def test_somebody_without_a_second_factor_adds_a_passkey_and_is_let_on(at_home, officer):
    key = Authenticator(at_home)

    add_passkey(at_home, officer)

    assert len(key.keys()) == 1
    assert key.keys()[0]["isResidentCredential"]
    assert [factor.name for factor in queries.factors(person=officer.id) if factor.kind == "webauthn"] == [
        "Desk laptop"
    ]
    assert at_home.page.locator("main li").count() == 10
    at_home.check("recovery-codes")
    at_home.page.get_by_role("link", name="I have kept them; go on").click()
    at_home.page.wait_for_url("**/look-up/**")
    assert Visit.objects.get(ended_at=None).stepped_up_at is not None


def test_a_passkey_alone_signs_in_without_password_or_code(at_home, officer):
    Authenticator(at_home)
    add_passkey(at_home, officer)
    at_home.page.get_by_role("button", name="Sign out").click()
    at_home.page.wait_for_url("**/sign-in/")

    at_home.page.get_by_role("button", name="Sign in with a passkey").click()

    at_home.page.wait_for_url("**/look-up/**")
    assert TrailLeaf.objects.filter(event="visit.opened").count() == 2
    assert Visit.objects.get(ended_at=None).stepped_up_at is not None


def test_a_passkey_whose_device_did_not_check_the_person_does_not_sign_in(at_home, officer):
    key = Authenticator(at_home)
    add_passkey(at_home, officer)
    at_home.page.get_by_role("button", name="Sign out").click()
    key.verify(False)

    at_home.page.get_by_role("button", name="Sign in with a passkey").click()

    at_home.page.get_by_text("Your browser did not finish").wait_for()
    assert not Visit.objects.filter(ended_at=None).exists()


def test_a_passkey_is_the_second_factor_after_a_password(at_home, officer):
    Authenticator(at_home)
    add_passkey(at_home, officer)
    at_home.page.get_by_role("button", name="Sign out").click()
    sign_in_by_password(at_home, officer)
    at_home.page.wait_for_url("**/sign-in/second-factor/**")
    at_home.check("second-factor-passkey")

    at_home.page.get_by_role("button", name="Use your passkey").click()

    at_home.page.wait_for_url("**/look-up/**")


def test_a_passkey_confirms_before_an_act(at_home, officer):
    Authenticator(at_home)
    add_passkey(at_home, officer)
    Visit.objects.update(stepped_up_at=clock.now() - timedelta(minutes=6))

    at_home.go("/account/password/")
    at_home.page.wait_for_url("**/sign-in/again/**")
    at_home.check("confirm-that-it-is-you")
    at_home.page.get_by_role("button", name="Use your passkey").click()

    at_home.page.wait_for_url("**/account/password/")
    assert TrailLeaf.objects.filter(event="visit.stepped_up").count() == 2


def test_a_passkey_is_removed_and_nothing_else_is_open_until_there_is_another(at_home, officer):
    Authenticator(at_home)
    add_passkey(at_home, officer)
    at_home.go("/account/")
    at_home.page.get_by_role("link", name="Remove Desk laptop").click()
    at_home.page.get_by_role("button", name="Remove the passkey").click()

    at_home.page.wait_for_url("**/account/")
    assert queries.factors(person=officer.id) == []
    at_home.page.get_by_role("button", name="Sign out").click()
    sign_in_by_password(at_home, officer)
    at_home.page.wait_for_url("**/account/second-factor/**")
