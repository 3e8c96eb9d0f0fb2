"""`POST /api/v1/lookups`: a program asks as its person, where the guide opens that door (A17)."""

from datetime import date, timedelta

import pytest
import time_machine

from tecum.access.rules import StepUpNeeded
from tecum.accounts import operations as accounts
from tecum.lookup import queries
from tests import make
from tests.make import NOON, ROOT, later

pytestmark = pytest.mark.django_db(transaction=True)
ASKED = {"numbers": ["(292) 555-0142"], "case_number": "MC-26-1", "attested": True, "submission": "program-1"}


@pytest.fixture
def officer(numbers):
    make.customer("C-1", name="Quillon Voice LLC")
    make.consent("C-1")
    numbers({"2925550142": ("C-1", date(2022, 6, 1))})
    return make.officer(now=NOON - timedelta(days=90))


@pytest.fixture
def open_door(settings):
    settings.TECUM_GUIDE = str(settings.ROOT / "guides" / "halyard")


def token_of(officer):
    return accounts.issue_token(by=make.acting(officer), now=NOON).token


def post(client, token, asked=ASKED, *, at=NOON):
    with time_machine.travel(at, tick=False):
        return client.post(
            "/api/v1/lookups",
            asked,
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}"},
        )


def test_a_program_gets_the_answer_its_person_would_get(client, officer, open_door):
    answer = post(client, token_of(officer))

    assert answer.status_code == 200
    (line,) = answer.json()["lines"]
    assert line["provider"]["shown"]["customer_name"] == "Quillon Voice LLC"
    assert line["provider"]["in_service_since"] == "2022-06-01"


def test_program_and_page_share_one_quota(client, officer, open_door):
    post(client, token_of(officer))

    assert queries.quota(by=make.acting(officer), now=NOON).left == 24


def test_the_door_is_closed_unless_the_guide_opens_it(client, officer):
    answer = post(client, token_of(officer))

    assert answer.status_code == 409
    assert answer.json()["refusal"] == "DoorClosed"
    assert queries.quota(by=make.acting(officer), now=NOON).left == 25


def test_without_a_token_or_with_one_that_is_an_hour_old_nobody_is_there(client, officer, open_door):
    token = token_of(officer)

    assert post(client, "made-up").status_code == 401
    assert post(client, token, at=later(minutes=60)).status_code == 401


def test_the_token_of_a_suspended_person_ends_with_the_suspension(client, officer, open_door):
    token = token_of(officer)
    accounts.suspend_person(person=officer.id, reason="left the agency", by=ROOT, now=NOON)

    assert post(client, token).status_code == 401


def test_a_new_token_ends_the_one_before(client, officer, open_door):
    first, second = token_of(officer), token_of(officer)

    assert post(client, first).status_code == 401
    assert post(client, second).status_code == 200


def test_a_token_is_not_issued_without_a_fresh_second_factor(officer):
    with pytest.raises(StepUpNeeded):
        accounts.issue_token(by=make.acting(officer, stepped_up_at=None), now=NOON)


def test_a_refusal_is_a_sentence_and_a_malformed_request_names_its_field(client, officer, open_door):
    token = token_of(officer)

    refused = post(client, token, {**ASKED, "numbers": []})
    malformed = post(client, token, {**ASKED, "case_number": 7})

    assert refused.status_code == 409
    assert refused.json()["detail"] == "There is no number yet. Enter one number per line."
    assert malformed.status_code == 422
    assert malformed.json()["errors"][0]["part"].endswith("case_number")


def test_an_earlier_answer_of_ones_own_can_be_read_again_and_nobody_elses(client, officer, open_door):
    token = token_of(officer)
    asked = post(client, token).json()
    stranger = token_of(make.officer(now=NOON - timedelta(days=90)))

    def again(token):
        with time_machine.travel(NOON, tick=False):
            return client.get(f"/api/v1/lookups/{asked['id']}", headers={"Authorization": f"Bearer {token}"})

    assert again(token).json() == asked
    assert again(stranger).status_code == 404
