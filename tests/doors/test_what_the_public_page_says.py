"""The public page of the wholesale carrier says what its source says: who is welcome, what is not in it, who answers."""

import pytest
import time_machine

from tests.make import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client, settings):
    settings.TECUM_GUIDE = str(settings.ROOT / "guides" / "wholesale-portal")
    with time_machine.travel(NOON, tick=False):
        yield client.get("/").content.decode()


@pytest.mark.requirement("R-002")
def test_eligible_agencies_are_invited_to_apply_and_nobody_gets_in_without_credentials(page, client):
    assert "How to apply for portal access" in page
    with time_machine.travel(NOON, tick=False):
        assert client.get("/look-up/")["Location"].startswith("/sign-in/")


@pytest.mark.requirement("R-016")
def test_it_says_that_end_users_are_unknown_to_a_wholesale_carrier(page):
    assert "we sell to other providers and hold no subscriber information" in page


@pytest.mark.requirement("R-021", "R-036")
def test_it_says_that_not_every_number_is_in_it(page):
    assert "No result does not mean" in page
    words = " ".join(page.split())
    assert "of wholesale customers who have proactively consented" in words
    assert "resolve most queried" in words


@pytest.mark.requirement("R-038")
def test_it_asks_nobody_to_call_or_write_about_a_number_without_result(page, client):
    serve = client.get("/serve-a-legal-demand/").content.decode()

    assert "Please do not call or e-mail about such a number." in serve
    assert "Please do not call or e-mail to ask about a number with this answer" in serve


@pytest.mark.requirement("R-012")
def test_it_asks_for_the_network_administrators_help_with_filters(page):
    assert "ask your network administrator to white-list our domain" in " ".join(page.split())
