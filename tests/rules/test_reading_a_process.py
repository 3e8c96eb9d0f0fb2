"""What a paper's text layer seems to say, with the place where it stands; nothing is guessed or corrected."""

import io
import re
from datetime import date

import pikepdf
import pytest
from weasyprint import HTML

from tecum.inbox.drivers import pages
from tecum.process.rules import reading

PHRASE = "request to capture the incoming and outgoing call detail records thru the Fraudbuster Database"
PAPER = """
<style>@page { size: letter; margin: 1in } body { font: 11pt serif }</style>
<h2>IN THE SUPERIOR COURT OF MARROW COUNTY</h2>
<p>Grand Jury Subpoena No. GJ-2026-0417</p>
<p>Issued: September 3, 2026. Fennimore Falls Police Department</p>
<p>Tel. (292) 555-0199, Fax: 292-555-0198</p>
<p>You are commanded to produce, on or before 30 September 2026, toll records for (292) 555-0142 and +1 392 555 0143
from April 1, 2026 to May 1, 2026.</p>
<p>This is a request to capture the incoming and outgoing call detail records through the Fraudbuster database.</p>
<p>You are directed not to disclose the existence of this subpoena.</p>
<p>Signed: R. Quillon, Clerk of Court. Call (292) 555-O144 for the letter O.</p>
"""


def layer_of(html: str) -> dict:
    return pages.layer(HTML(string=html).write_pdf())


def by_field(found) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for each in found:
        values.setdefault(each.field, []).append(each.value)
    return values


def test_a_subpoenas_text_layer_suggests_its_values_and_nothing_it_does_not_say():
    found = by_field(reading.suggested(layer_of(PAPER), phrases=[PHRASE]))

    assert found["target"] == ["2925550142", "3925550143"]
    assert found["contact_number"] == ["2925550199", "2925550198"]
    assert found["number"] == ["GJ-2026-0417"]
    assert found["issued_on"] == ["2026-09-03"] and found["return_on"] == ["2026-09-30"]
    assert found["period"] == ["2026-04-01/2026-05-01"]
    assert found["phrase"] == [PHRASE]
    assert found["signed_by"] == ["clerk of court"] and found["gag"] == ["yes"]
    assert "Fennimore Falls Police Department" in found["agency"][0]


def test_a_suggestion_says_on_which_page_and_where_it_stands():
    layer = layer_of(PAPER + '<p style="page-break-before: always">Also 493-555-0150.</p>')

    last = [each for each in reading.suggested(layer) if each.value == "4935550150"]

    assert [each.place.page for each in last] == [2]
    place = last[0].place
    assert 60 < place.x < 110 and 60 < place.y < 130 and place.w > 50 and 8 < place.h < 25
    assert "Also 493-555-0150" in last[0].text


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("on the 5th day of April, 2026", date(2026, 4, 5)),
        ("Sept. 9, 2026", date(2026, 9, 9)),
        ("4/5/2026", date(2026, 4, 5)),
        ("2026-04-05", date(2026, 4, 5)),
        ("February 30, 2026", None),
        ("13/13/2026", None),
        ("April 2026", None),
    ],
)
def test_a_date_is_read_as_the_courts_write_it_or_not_at_all(text, day):
    assert [found for _, found in reading.dates(text)] == ([day] if day else [])


@pytest.mark.parametrize(
    "text", ["account 129255501421", "ID 292-555-01421", "555-0142", "No. 092-555-0142", "A292-555-0142"]
)
def test_digits_that_are_no_telephone_number_are_not_suggested_as_one(text):
    line = {"pages": [{"lines": [{"x": 1, "y": 1, "w": 1, "h": 1, "text": text}]}]}

    assert [each for each in reading.suggested(line) if each.field == "target"] == []


def test_a_picture_of_a_page_and_a_locked_file_suggest_nothing():
    empty = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(empty)
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(HTML(string=PAPER).write_pdf())) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="o", user="u"))

    assert reading.suggested(pages.layer(empty.getvalue())) == ()
    assert pages.layer(locked.getvalue())["locked"] is True
    assert reading.suggested(pages.layer(locked.getvalue())) == ()


def test_the_words_of_a_layer_are_those_of_the_paper():
    said = re.sub(r"\s+", " ", reading.text_of(layer_of(PAPER)))

    assert "You are directed not to disclose the existence of this subpoena." in said


@pytest.mark.parametrize(
    "lead", ["for the telephone number", "the following telephone number:", "Target telephone number"]
)
def test_the_telephone_number_that_a_process_names_is_a_target(lead):
    layer = {"pages": [{"lines": [
        {"x": 72, "y": 100, "w": 200, "h": 12, "text": lead}, {"x": 72, "y": 124, "w": 90, "h": 12, "text": "(292) 555-0142"},
    ]}]}  # fmt: skip

    assert [(each.field, each.value) for each in reading.suggested(layer)] == [("target", "2925550142")]


def test_an_interval_that_goes_on_in_the_next_line_is_one_interval():
    lines = ["records from April 1, 2026 to", "May 1, 2026. Dated: May 3, 2026"]
    layer = {"pages": [{"lines": [{"x": 72, "y": 100 + 24 * row, "w": 200, "h": 12, "text": text} for row, text in enumerate(lines)]}]}  # fmt: skip

    found = by_field(reading.suggested(layer))

    assert found == {"period": ["2026-04-01/2026-05-01"], "issued_on": ["2026-05-03"]}
