"""`/api/v1/webhooks`: an agency's system registers itself, proves itself, and sees what could not be delivered."""

import json

import pytest
import time_machine

from tecum.accounts import operations as accounts
from tecum.models import Notice
from tests import make
from tests.make import NOON

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("doors_open")]


@pytest.fixture
def call(client):
    head = {"Authorization": f"Bearer {accounts.issue_token(by=make.acting(make.officer()), now=NOON).token}"}

    def send(method, path="", said=None):
        with time_machine.travel(NOON, tick=False):
            return client.generic(
                method,
                f"/api/v1/webhooks{path}",
                json.dumps(said or {}),
                content_type="application/json",
                headers=head,
            )

    return send


def test_a_system_registers_proves_itself_rotates_and_ends(call):
    made = call("POST", said={"url": "https://agency.example/hook"})
    hook = made.json()["id"]
    challenge = json.loads(Notice.objects.get(message="webhook.challenge").text)["challenge"]

    assert made.status_code == 201 and made.json()["secret"].startswith("whsec_")
    assert call("GET").json()[0]["state"] == "PENDING"
    assert (
        call("POST", f"/{hook}/confirmation", {"challenge": "not-the-one-that-was-posted"}).status_code == 409
    )
    assert call("POST", f"/{hook}/confirmation", {"challenge": challenge}).json()[0]["state"] == "ACTIVE"
    assert call("POST", f"/{hook}/secret").json()["secret"] != made.json()["secret"]
    assert call("GET", f"/{hook}/deliveries").json()[0]["type"] == "webhook.challenge"
    assert call("DELETE", f"/{hook}").status_code == 204
    assert call("GET").json() == []


def test_an_address_inside_is_refused_with_a_sentence_and_an_unknown_webhook_is_not_there(call):
    inside = call("POST", said={"url": "https://169.254.169.254/latest"})

    assert inside.status_code == 409 and "public network" in inside.json()["detail"]
    for answer in (call("DELETE", "/" + "2" * 26), call("POST", "/x/secret"), call("GET", "/x/deliveries")):
        assert answer.status_code == 404 and answer["content-type"] == "application/problem+json"


def test_where_the_guide_does_not_name_the_channel_there_are_no_webhooks(call, settings):
    settings.TECUM_GUIDE = "example"

    assert (
        call("GET").status_code
        == call("POST", said={"url": "https://agency.example/hook"}).status_code
        == 404
    )
    assert not Notice.objects.exists()
