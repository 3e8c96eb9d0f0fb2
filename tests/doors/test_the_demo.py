"""The demo: only on loopback, one click per role, and its carrier is whole."""

import pytest
from django.core.checks import run_checks

from tecum.access.catalogue import ROLES
from tecum.cli.demo import cast, numbers
from tecum.web.demo.stories import TRIES


def test_there_is_one_person_per_role_and_something_to_try_for_each():
    assert {person.role for person in cast.PEOPLE} == set(ROLES) == set(TRIES)


def test_its_numbers_are_nobodys_and_there_are_at_least_200_000(tmp_path):
    path = tmp_path / "numbers.csv"
    numbers.write(path, customers=[row[0] for row in cast.customers()], later=True)

    rows = [line.split(",") for line in path.read_text().splitlines()[1:]]

    assert all(row[0][1] == "9" for row in rows)
    assert sum(int(row[1] or row[0]) - int(row[0]) + 1 for row in rows) >= 200_000


@pytest.mark.parametrize("address", ["https://tecum.carrier.example", "http://192.0.2.7:8000"])
def test_one_click_sign_in_is_refused_anywhere_but_on_loopback(settings, address):
    settings.DEMO, settings.PUBLIC_ADDRESS = True, address

    assert "tecum.E003" in [message.id for message in run_checks()]


@pytest.mark.django_db
def test_outside_the_demo_its_addresses_do_not_exist(client):
    assert client.get("/demo/").status_code == 404
