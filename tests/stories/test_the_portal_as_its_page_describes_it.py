"""The source `wholesale-portal`, replayed in a real browser from its public page to the spreadsheet."""

import csv
import io
import re
from datetime import date
from pathlib import Path

import pytest

from tests import make
from tests.make import NOON

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
XYZ_NUMBER, LEFT_US, SILENT = "2925550142", "2925550188", "3925550163"


@pytest.fixture(autouse=True)
def the_carrier_of_the_source(settings, numbers, freeze):
    """ABC had the number until XYZ came on 6/1/22; another customer has not consented; a third number left us."""
    settings.TECUM_GUIDE = str(Path(__file__).resolve().parents[2] / "guides" / "wholesale-portal")
    freeze(NOON)
    for customer, name in (
        ("C-ABC", "ABC Telecom Inc."),
        ("C-XYZ", "XYZ Voice LLC"),
        ("C-SHY", "Shy Voice LLC"),
    ):
        make.customer(customer, name=name)
    make.consent("C-ABC")
    make.consent("C-XYZ")
    long_ago = date(2019, 1, 1)
    numbers({XYZ_NUMBER: ("C-ABC", long_ago), LEFT_US: ("C-ABC", long_ago), SILENT: ("C-SHY", long_ago)})
    numbers({XYZ_NUMBER: ("C-XYZ", date(2022, 6, 1)), SILENT: ("C-SHY", long_ago)})


@pytest.fixture
def answers(visitor):
    """The page on which an officer reads what April 2022 is about."""
    page = visitor.page
    visitor.sign_in(make.officer("Ines Barrowclough")).go("/look-up/")
    page.get_by_label("Agency case number").fill("MC-26-004417")
    page.get_by_text("I attest that these numbers").click()
    page.get_by_label("Paste up to 25 numbers").fill(f"{XYZ_NUMBER}\n{LEFT_US}\n{SILENT}")
    page.get_by_role("button", name="Look up these numbers").click()
    page.get_by_label("First day").fill("2022-04-01")
    page.get_by_label("Last day").fill("2022-04-30")
    page.get_by_role("button", name="Compare").click()
    page.wait_for_url(re.compile("first=2022-04-01"))
    return page


@pytest.mark.requirement("R-028", "R-029", "R-030")
def test_april_2022_shows_only_that_xyz_came_in_june(answers):
    row = answers.locator("tbody tr").nth(0).inner_text()

    assert "XYZ Voice LLC" in row
    assert "1 Jun 2022" in row
    assert "Covers none of it: a Legal Demand is necessary for the earlier period" in row
    assert "ABC" not in answers.content()


@pytest.mark.requirement("R-026", "R-034", "R-037", "R-038")
def test_a_number_that_left_and_one_without_consent_read_the_same_to_the_letter(answers):
    left, silent = (
        answers.locator("tbody tr").nth(place).locator("td").last.inner_html() for place in (1, 2)
    )

    assert left.replace("line 2", "line 3") == silent
    assert "A Legal Demand is necessary" in left
    assert "LEArequests@sinch.com" in answers.locator("main").inner_text()


@pytest.mark.requirement("R-024")
def test_what_is_shown_is_taken_away_as_a_spreadsheet(answers):
    with answers.expect_download() as download:
        answers.get_by_role("link", name="CSV").click()

    rows = list(csv.reader(io.StringIO(download.value.path().read_text("utf-8-sig"))))
    text = "\n".join(" ".join(row) for row in rows)
    assert "XYZ Voice LLC" in text
    assert "2022-06-01" in text
    assert "ABC" not in text


@pytest.mark.requirement("R-017", "R-018")
def test_the_officer_is_told_whom_to_serve_next_and_that_the_portal_takes_no_process(answers):
    assert "Serve this provider next" in answers.content()
    assert "no Legal Demand to us is needed for what is shown" in answers.content()

    answers.get_by_role("link", name="How to serve a Legal Demand").click()

    answers.get_by_role("heading", name="How to serve a Legal Demand").wait_for()
    said = answers.locator("main").inner_text()
    assert "LEArequests@sinch.com" in said
    assert "Not to LEAportal@sinch.com: that address serves only the portal." in said
