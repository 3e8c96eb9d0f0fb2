"""The pages of signing in and of the own account, as a person sees them."""

import pytest
from django.test import Client

from tecum.accounts import operations as accounts
from tecum.models import Notice
from tests import make, people
from tests.applications import link_in
from tests.make import NOON

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ACCOUNT = {
    "account": "/account/",
    "account-password": "/account/password/",
    "account-address": "/account/address/",
    "account-remove-app": "/account/authenticator/remove/",
    "account-add-passkey": "/account/passkeys/add/",
}


@pytest.fixture(autouse=True)
def noon(freeze):
    freeze(NOON)


@pytest.fixture
def officer():
    return people.enrolled(make.officer("Ines Barrowclough"))


def test_the_sign_in_page(visitor):
    visitor.go("/sign-in/")

    visitor.check("sign-in")


def test_a_wrong_password_is_said_without_saying_which_part_is_wrong(visitor, officer):
    visitor.go("/sign-in/")

    visitor.page.get_by_label("User name").fill(officer.email)
    visitor.page.get_by_label("Password").fill("not the password of anybody")
    visitor.page.get_by_role("button", name="Sign in", exact=True).click()

    visitor.page.get_by_role("heading", name="One thing to correct").wait_for()
    visitor.check("sign-in-wrong")


def test_the_second_factor_after_the_password(visitor, officer):
    visitor.go("/sign-in/")
    visitor.page.get_by_label("User name").fill(officer.email)
    visitor.page.get_by_label("Password").fill(make.PASSWORD)

    visitor.page.get_by_role("button", name="Sign in", exact=True).click()

    visitor.page.wait_for_url("**/sign-in/second-factor/**")
    visitor.check("second-factor")


@pytest.mark.parametrize("name", ACCOUNT)
def test_the_own_account(visitor, officer, name):
    visitor.sign_in(officer).go(ACCOUNT[name])

    visitor.check(name)


def test_adding_an_authenticator_app(visitor):
    visitor.sign_in(make.officer("Ruth Imre")).go("/account/authenticator/add/")

    visitor.check("account-add-app")


def test_the_link_that_sets_a_password(visitor, officer):
    link = accounts.issue_link(person=officer.id, by=make.ROOT, now=NOON)
    visitor.go(f"/set-password/{link.token}/")

    visitor.check("set-password")


def test_a_link_that_is_spent_says_how_to_get_another(visitor):
    visitor.go(
        "/set-password/no-such-token/", status=Client().get("/set-password/no-such-token/").status_code
    )

    visitor.check("set-password-spent")


def test_signing_out_elsewhere_and_here(visitor, officer):
    visitor.sign_in(officer).go("/account/")

    visitor.page.get_by_role("button", name="Sign out", exact=True).click()

    visitor.page.wait_for_url("**/")
    assert not visitor.page.get_by_role("button", name="Sign out", exact=True).is_visible()


def test_an_own_address_is_asked_for_confirmed_at_one_end_and_taken_back(visitor, officer):
    visitor.sign_in(officer).go("/account/address/")
    visitor.page.get_by_label("New address").fill(f"i.b@{officer.email.partition('@')[2]}")

    visitor.page.get_by_role("button", name="Send the links").click()

    visitor.page.get_by_role("link", name="A change to i.b@").click()
    visitor.check("account-address-waits")
    agreement = link_in(Notice.objects.get(message="address_agree")).partition("/prove-address/")[2]
    accounts_before = officer.email
    visitor.go(f"/prove-address/{agreement.partition('/')[0]}/")
    visitor.check("address-agree")
    visitor.page.get_by_role("button", name="Yes, that is my new address").click()
    visitor.page.get_by_text("The link that went to the other address is still to be used").wait_for()
    visitor.go("/account/address/")
    visitor.page.get_by_role("button", name="Keep the address so far").click()
    visitor.page.get_by_text("Your address stays as it is").wait_for()
    assert make.again(officer).email == accounts_before
