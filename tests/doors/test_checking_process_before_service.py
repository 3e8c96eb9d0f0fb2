"""An officer checks process before serving it: the guide's verdict and the wording to copy, and nothing is kept."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tecum.cli.main import main
from tests import markup
from tests.conftest import NOON

pytestmark = pytest.mark.django_db
PATH = "/check-your-process/"
SOUND = {
    "process": "subpoena", "product": "subscriber", "country": "US", "signed": "yes", "issued_on": "2026-09-01",
    "first": "2026-08-20", "last": "2026-08-31", "text": "Produce the records of [number].",
}  # fmt: skip


@pytest.fixture(autouse=True)
def noon(freeze):
    freeze(NOON)


@pytest.mark.parametrize("guide", ["wholesale-portal", "example", "wireless-2003"])
def test_it_stands_open_for_each_carrier_and_is_in_order(client: Client, settings, guide):
    settings.TECUM_GUIDE = guide

    answer = client.get(PATH)

    assert answer.status_code == 200
    assert markup.problems(answer.text) == []


def products(client):
    text = client.get(PATH).text
    return [
        each.split('"')[0]
        for each in text.split('name="product"')[1].split("</select>")[0].split('value="')[1:]
    ]


@pytest.mark.requirement("R-106", "R-108")
def test_a_fraud_system_request_without_its_words_is_told_the_words_and_how_long_records_are_kept(
    client, settings
):
    settings.TECUM_GUIDE = "wireless-2003"
    (product,) = [each for each in products(client) if "fraudbuster" in each][:1]
    given = {
        **SOUND,
        "product": product,
        "first": "2026-01-01",
        "last": "2026-01-31",
        "text": "Produce the records of [number].",
    }

    text = client.post(PATH, given).text

    assert "thru the Fraudbuster Database" in text.split("The wording to copy")[1]
    assert "(NPA) NXX-XXXX" in text
    kept = text.split("Still kept")[1].split("</tr>")[0]
    assert "To mend" in kept


def test_a_telephone_number_is_not_taken(client, settings):
    settings.TECUM_GUIDE = "example"
    for number in ("(292) 555-0142", "292.555.0142", "+1 292 555 0142", "2925550142"):
        answer = client.post(
            PATH, {**SOUND, "product": products(client)[0], "text": f"the records of {number}"}
        )

        assert answer.status_code == 422
        assert "Write [number] in its place" in answer.text


def test_half_an_interval_and_a_reversed_one_are_said(client, settings):
    settings.TECUM_GUIDE = "example"
    product = products(client)[0]

    assert "Say both days" in client.post(PATH, {**SOUND, "product": product, "last": ""}).text
    assert "before the first" in client.post(PATH, {**SOUND, "product": product, "last": "2026-08-01"}).text


def test_nothing_is_stored_whatever_is_asked(client, settings):
    settings.TECUM_GUIDE = "example"
    given = {**SOUND, "product": products(client)[0]}

    with CaptureQueriesContext(connection) as asked:
        answer = client.post(PATH, given)

    assert answer.status_code == 200
    written = [each["sql"] for each in asked if each["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}]
    assert written == []
    assert "sessionid" not in answer.cookies


@pytest.mark.parametrize("process", ["subpoena", "search_warrant"])
def test_the_command_says_the_same(client, settings, capsys, process):
    settings.TECUM_GUIDE = "example"
    for product in products(client)[:6]:
        shown = client.post(PATH, {**SOUND, "product": product, "process": process}).text
        command = [
            "guide",
            "explain",
            "example",
            "process",
            "--product",
            product,
            "--process",
            process,
            "--json",
        ]
        main(
            [
                *command,
                "--country",
                "US",
                "--on",
                "2026-09-08",
                "--text",
                SOUND["text"],
                "--dated",
                SOUND["issued_on"],
            ]
        )
        said = json.loads(capsys.readouterr().out)["result"]

        row = '<th scope="row" data-label="What">Process for'
        enough = "In order" in shown.split(row)[1].split("</tr>")[0]
        assert enough is bool(said["enough"]), product
