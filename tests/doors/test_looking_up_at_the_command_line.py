"""`tecum numbers lookup`: staff look up for a case, by name, and nothing else (A17, R-038)."""

import json
from datetime import date

import pytest

from tecum.audit import queries as trail
from tecum.cli.main import main
from tests import make
from tests.make import NOON

pytestmark = pytest.mark.django_db(transaction=True)
ASK = [
    "numbers",
    "lookup",
    "292-555-0142",
    "3925550163",
    "292-555-O142",
    "--case",
    "LD-26-1",
    "--purpose",
    "scope",
]


@pytest.fixture(autouse=True)
def calderwood(monkeypatch, numbers):
    monkeypatch.setenv("SUDO_USER", "calderwood")
    make.customer("C-1")
    make.customer("C-2")
    make.consent("C-1")
    numbers({"2925550142": ("C-1", date(2022, 6, 1)), "3925550163": ("C-2", date(2021, 5, 20))})


def test_staff_see_the_customer_and_why_an_officer_has_no_result(capsys):
    code = main([*ASK, "--not-for-a-caller"])

    said = capsys.readouterr().out
    assert code == 0
    assert "(292) 555-0142  C-1, since 1 Jun 2022" in said
    assert (
        "(392) 555-0163  C-2, since 20 May 2021, no result for officers: its customer has not consented"
        in said
    )
    assert "292-555-O142  Where the seventh digit should be stands the letter O." in said


def test_it_is_recorded_by_name(capsys):
    main([*ASK, "--not-for-a-caller"])

    (event,) = [each for each in trail.since(NOON) if each.event == "lookup.assisted"]
    assert event.by == "cli:calderwood"


@pytest.mark.requirement("R-038")
def test_it_is_refused_for_a_caller_about_a_number_without_result(capsys):
    assert main(ASK) == 1
    assert "not for a caller" in capsys.readouterr().err


def test_a_shared_login_names_nobody_and_is_refused(capsys, monkeypatch):
    monkeypatch.setenv("SUDO_USER", "root")

    assert main([*ASK, "--not-for-a-caller"]) == 1
    assert "names a person" in capsys.readouterr().err


def test_a_program_reads_the_same_as_json(capsys):
    main([*ASK, "--not-for-a-caller", "--json"])

    lines = json.loads(capsys.readouterr().out)
    assert [line["no_result_because"] for line in lines] == [None, "no_consent", None]
