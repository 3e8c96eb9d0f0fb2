"""When there is no page to show: what happened, what was kept, what to do. Never a bare code, never a hint."""

from datetime import timedelta
from unittest import mock

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest
from django.test import Client, RequestFactory

from tecum.web import errors

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked() -> HttpRequest:
    return RequestFactory().get("/")


def test_an_unknown_address_says_what_to_do(client: Client) -> None:
    answer = client.get("/nothing/here")

    assert answer.status_code == 404
    for heading in ("What happened", "What was kept", "What to do"):
        assert heading in answer.text


def test_forbidden_and_unknown_are_one_page_to_the_byte(asked: HttpRequest) -> None:
    with mock.patch("tecum.web.errors.render", wraps=errors.render) as drawn:
        forbidden = errors.forbidden(asked, PermissionDenied("not yours"))
        unknown = errors.not_found(asked, Http404("no such thing"))

    assert (forbidden.status_code, unknown.status_code) == (404, 404)
    assert drawn.call_args_list[0] == drawn.call_args_list[1]


def test_what_is_too_large_is_told_apart_from_what_is_unreadable(asked: HttpRequest) -> None:
    assert errors.bad_request(asked, RequestDataTooBig()).status_code == 413
    assert errors.bad_request(asked, SuspiciousOperation()).status_code == 400


def test_a_form_without_its_mark_is_explained(asked: HttpRequest) -> None:
    answer = errors.csrf_failure(asked)

    assert answer.status_code == 403
    assert "Nothing was changed" in answer.text


def test_too_many_tries_name_the_wait_for_people_and_programs(asked: HttpRequest) -> None:
    answer = errors.too_many(asked, timedelta(minutes=5))

    assert answer.status_code == 429
    assert answer["Retry-After"] == "300"
    assert "5 min" in answer.text


def test_a_mistake_of_ours_is_answered_even_when_the_frame_breaks(asked: HttpRequest) -> None:
    with mock.patch("tecum.web.errors.render", side_effect=RuntimeError("the database is gone")):
        answer = errors.server_error(asked)

    assert answer.status_code == 500
    assert "Something broke on our side" in answer.text
    assert "database" not in answer.text
