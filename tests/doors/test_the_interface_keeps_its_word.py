"""The description of the interface (OpenAPI) and the live server say the same, whatever a program sends."""

from datetime import timedelta
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_schema_conformance,
    status_code_conformance,
)

from tecum.accounts import operations as accounts
from tecum.config import clock
from tests import make
from tests.sizes import size

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    ignored_auth,
)


@pytest.fixture
def interface(live_server, doors_open, tmp_path: Path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "program": "1000000/m/key"}
    return schemathesis.openapi.from_url(f"{live_server.url}/api/v1/openapi.json")


@pytest.fixture
def token(interface) -> str:
    now = clock.now()
    officer = make.officer(now=now - timedelta(days=90))
    return accounts.issue_token(by=make.acting(officer, stepped_up_at=now), now=now, fetches=True).token


def test_whatever_is_sent_the_answer_is_one_that_was_promised(interface, token):
    tried = []
    for found in interface.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=size(ci=8, proof=200), deadline=None, suppress_health_check=list(HealthCheck),
            derandomize=True, database=None,
        )  # fmt: skip
        @given(case=operation.as_strategy())
        def sent(case):
            case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=list(CHECKS))

        sent()
        tried.append(operation.label)

    assert len(tried) >= 11 and "POST /api/v1/demands" in tried


def test_the_description_names_every_address_and_says_that_refusals_are_problems(client):
    described = client.get("/api/v1/openapi.json").json()

    answers = [
        (status, answer)
        for operations in described["paths"].values()
        for operation in operations.values()
        for status, answer in operation["responses"].items()
    ]
    assert all(
        list(answer["content"]) == ["application/problem+json"]
        for status, answer in answers
        if int(status) >= 400
    )
    assert described["openapi"].startswith("3.1")
    form = described["paths"]["/api/v1/demands"]["post"]["requestBody"]["content"]["multipart/form-data"][
        "schema"
    ]
    assert form["properties"]["authorisation"]["contentSchema"]["$ref"].endswith("/Authorisation")
