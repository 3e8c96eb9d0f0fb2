"""An officer at the look-up page: the prompt, the answers, the verdict, the earlier ones, the spreadsheet."""

import io
import re
from datetime import date

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from tecum.audit import queries as trail
from tests import make, people
from tests.make import NOON

LINES = """(292) 555-0142
292.555.0117
+1 392 555 0163
2925550188
(492) 555-0109
392-555-O171
2925550142"""
HIT, EARLY, PART = "2925550142", "2925550117", "4925550109"


@pytest.fixture
def carrier(db, numbers, freeze):
    """Three providers of the demo's story: one since June 2022, one long before, one since mid-April."""
    freeze(NOON)
    make.customer(
        "C-TERN", name="Tern & Plover Voice, Inc.", phone="292-555-0110", email="process@ternplover.example"
    )
    make.customer("C-COPPER", name="Copperleaf Cloud Telephony LLC")
    make.customer("C-GANNET", name="Gannet Relay Systems, Inc.", contact_person="", email="")
    make.customer("C-SHY", name="Shy Voice LLC")
    for customer in ("C-TERN", "C-COPPER", "C-GANNET"):
        make.consent(customer)
    numbers(
        {
            HIT: ("C-TERN", date(2022, 6, 1)),
            EARLY: ("C-COPPER", date(2019, 11, 14)),
            PART: ("C-GANNET", date(2022, 4, 15)),
            "3925550163": ("C-SHY", date(2020, 1, 1)),
        }
    )


@pytest.fixture
def officer(carrier):
    with time_machine.travel(NOON, tick=False):
        yield people.sign_in(make.officer("Ines Barrowclough"), at=NOON)


def submission(officer) -> str:
    text = officer.get("/look-up/").text
    return text.split('name="submission" value="')[1].split('"')[0]


def asked(officer, numbers: str = LINES, **more: str):
    given = {"case": "MC-26-004417", "attest": "on", "numbers": numbers, "submission": submission(officer)}
    return officer.post("/look-up/", {**given, **more})


@pytest.mark.requirement("R-014", "R-020", "R-023", "R-037")
def test_each_line_is_answered_in_its_place(officer):
    page = officer.get(asked(officer)["Location"]).text

    assert "3 found, 2 without result, 1 line not read, 1 repeated" in page
    assert page.index("Tern &amp; Plover Voice, Inc.") < page.index("Copperleaf") < page.index("Gannet Relay")
    for shown in (
        "1 Exchange Street, Fennimore Falls, OH", "Desk of Legal Requests", 'value="2925550110"', "process@ternplover.example",
        "</a> · provider.example</p>",
    ):  # fmt: skip
        assert shown in page
    assert page.count("No result.</strong>") == 2
    assert "A Legal Demand is necessary to obtain information about it." in page
    assert "The same number as line 1." in page
    assert "Shy Voice" not in page


@pytest.mark.requirement("R-032")
def test_a_malformed_line_is_shown_back_with_its_character_marked_and_costs_nothing(officer):
    page = officer.get(asked(officer)["Location"]).text

    assert "392-555-<mark>O</mark>171" in page
    assert "Not looked up, not charged." in page
    assert "We do not guess." in page
    assert "5 of your numbers" in page
    assert "20 of 25 left" in page


def test_the_lines_that_were_not_read_can_be_corrected_without_typing_the_case_again(officer):
    results = asked(officer)["Location"]
    again = officer.get(results).text.split("?again=")[1].split('"')[0]

    page = officer.get(f"/look-up/?again={again}").text

    assert "392-555-O171" in page
    assert 'value="MC-26-004417"' in page


@pytest.mark.requirement("R-029", "R-030")
def test_the_time_of_interest_is_compared_on_the_results_and_names_no_earlier_customer(officer):
    page = officer.get(asked(officer)["Location"] + "?first=2022-04-01&last=2022-04-30").text

    assert "April 2022, your interval" in page
    assert "Covers none of it: a Legal Demand is necessary for the earlier period" in page
    assert "Covers the whole interval" in page
    assert "Covers part of it, from 15 Apr 2022" in page


@pytest.mark.requirement("R-025")
def test_the_form_has_no_date_field(officer):
    page = officer.get("/look-up/").text

    assert 'type="date"' not in page


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        ("2022-04-30", "2022-04-01", "The last day lies before the first."),
        ("2022-04-30", "", "Give both days, or neither."),
        ("2022-04-30", "2099-01-01", "This day has not come yet"),
    ],
)
def test_an_interval_that_makes_no_sense_is_said_beside_the_answers(officer, first, last, says):
    page = officer.get(asked(officer)["Location"] + f"?first={first}&last={last}").text

    assert says in page
    assert "Tern &amp; Plover Voice, Inc." in page


@pytest.mark.requirement("R-007")
@pytest.mark.parametrize(
    ("left_out", "says"),
    [
        ("case", "Enter the number under which your agency files this investigation."),
        ("attest", "Confirm the attestation"),
    ],
)
def test_without_a_purpose_nothing_is_looked_up(officer, left_out, says):
    answer = asked(officer, **{left_out: ""})

    assert answer.status_code == 422
    assert says in answer.text
    assert "292.555.0117" in answer.text  # what was typed is kept


@pytest.mark.requirement("R-023")
def test_too_many_numbers_are_refused_whole_and_the_sentence_says_so(officer):
    answer = asked(officer, "\n".join(f"49355501{place:02d}" for place in range(26)))

    assert answer.status_code == 422
    assert "26 different numbers" in answer.text
    assert "nothing was charged" in answer.text
    (event,) = [event for event in trail.since(NOON) if event.event == "access.refused"]
    assert event.data["why"] == "TooManyAtOnce"


def test_a_double_click_is_one_submission(officer):
    mark = submission(officer)
    given = {"case": "MC-1", "attest": "on", "numbers": HIT, "submission": mark}

    first, second = officer.post("/look-up/", given), officer.post("/look-up/", given)

    assert first["Location"] == second["Location"]


@pytest.mark.requirement("R-013")
def test_process_brought_to_the_portal_is_refused_with_the_address_that_takes_it(officer):
    given = {"case": "MC-1", "attest": "on", "numbers": HIT, "submission": submission(officer)}

    answer = officer.post("/look-up/", {**given, "file": SimpleUploadedFile("subpoena.pdf", b"%PDF-1.7")})

    assert "This portal takes no subpoenas, warrants or orders." in officer.get("/look-up/").text
    assert answer.status_code == 409
    assert "takes no subpoenas, warrants or orders" in answer.text
    assert "demands@meadowlark.example" in answer.text


@pytest.mark.requirement("R-024")
def test_the_answers_are_taken_away_as_a_workbook_and_as_csv(officer):
    results = asked(officer)["Location"]

    workbook = officer.get(f"{results}answers.xlsx")
    csv = officer.get(f"{results}answers.csv")

    cells = [
        cell.value for row in openpyxl.load_workbook(io.BytesIO(workbook.content)).active for cell in row
    ]
    assert "Tern & Plover Voice, Inc." in cells
    assert "attachment" in csv["Content-Disposition"]
    assert officer.get(f"{results}answers.pdf").status_code == 404


def test_ones_own_history_finds_a_case_and_leads_to_its_answers(officer):
    results = asked(officer)["Location"]

    page = officer.get("/history/?q=004417").text

    assert results in page
    assert "No look-up of yours" in officer.get("/history/?q=nothing").text


def test_an_empty_history_says_what_will_fill_it(officer):
    assert "You have looked nothing up yet." in officer.get("/history/").text


def test_another_officer_sees_neither_the_answers_nor_the_file(officer):
    results = asked(officer)["Location"]
    colleague = people.sign_in(make.officer("Ruth Imre"), at=NOON)

    assert colleague.get(results).status_code == 404
    assert colleague.get(f"{results}answers.csv").status_code == 404
    assert colleague.get(f"/look-up/?again={results.split('/')[2]}").status_code == 404
    assert results not in colleague.get("/history/").text


def test_titles_and_addresses_carry_no_number_and_no_name(officer):
    results = asked(officer)["Location"]
    page = officer.get(results).text

    title = page.split("<title>")[1].split("</title>")[0]
    assert "555" not in results + title
    assert "Tern" not in title


@pytest.mark.browser
def test_the_story_in_a_browser(visitor, carrier):
    """The portal's main job, as an officer does it: ask, read, compare, print, find again."""
    page = visitor.page
    visitor.sign_in(make.officer("Ines Barrowclough")).go("/look-up/")
    visitor.check("look-up", printed=True)

    page.get_by_label("Agency case number").fill("MC-26-004417")
    page.get_by_text("I attest that these numbers").click()
    page.get_by_label("Paste up to 25 numbers").fill(LINES)
    page.get_by_role("button", name="Look up these numbers").click()
    page.get_by_label("First day").fill("2022-04-01")
    page.get_by_label("Last day").fill("2022-04-30")
    page.get_by_role("button", name="Compare").click()
    page.wait_for_url(re.compile("first=2022-04-01"))

    assert page.get_by_role("heading", level=1).inner_text().startswith("3 found, 2 without result")
    visitor.check("answers", printed=True)
    visitor.go("/history/")
    visitor.check("history")


@pytest.mark.browser
def test_mistakes_in_the_form_are_led_to(visitor, carrier):
    visitor.sign_in(make.officer("Ines Barrowclough")).go("/look-up/")

    visitor.page.get_by_role("button", name="Look up these numbers").click()

    visitor.page.get_by_role("heading", name="3 things to correct").wait_for()
    visitor.check("look-up-mistakes")


@pytest.mark.browser
def test_without_javascript_everything_still_works(visitors, carrier):
    visitor = visitors(javascript=False)
    visitor.sign_in(make.officer("Ines Barrowclough")).go("/look-up/")
    page = visitor.page

    page.get_by_label("Agency case number").fill("MC-26-004417")
    page.get_by_text("I attest that these numbers").click()
    page.get_by_label("Paste up to 25 numbers").fill(HIT)
    page.get_by_role("button", name="Look up these numbers").click()

    assert page.get_by_role("heading", level=1).inner_text() == "1 found, 0 without result"
