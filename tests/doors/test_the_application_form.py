"""The application form: a PDF that can be typed into, tabbed through and read aloud, and read back by other programs."""

import io
import subprocess
from pathlib import Path

import pikepdf
import pytest
from pypdf import PdfReader, PdfWriter

from tecum.agencies.states import SUBDIVISIONS
from tecum.documents import printing
from tecum.vetting.facts import FormValues
from tecum.vetting.rules import REQUIRED
from tests.applications import TYPED, guide

PLACES = {str(country): parts for country, parts in SUBDIVISIONS.items()}
OPTIONAL = {"applicant_mobile", "agency_ori", "form_version"}


@pytest.fixture(scope="module", params=["example", "wholesale-portal"])
def form(request) -> bytes:
    return printing.application_form(guide(request.param), subdivisions=PLACES)


def filled(form: bytes, **values: str) -> bytes:
    """Type into the form as a PDF viewer does."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(form)))
    given = {**TYPED, **values}
    ticks = {
        name: "/on" if value == "yes" else value for name, value in given.items() if name != "form_version"
    }
    for page in writer.pages:
        writer.update_page_form_field_values(page, ticks, auto_regenerate=True)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def read_back(pdf: bytes) -> FormValues:
    fields = PdfReader(io.BytesIO(pdf)).get_fields() or {}
    return FormValues.read({name: str(field.get("/V", "")) for name, field in fields.items()})


WANTED = {  # decision A5, in its order
    "applicant_name", "applicant_title", "applicant_role", "applicant_badge", "applicant_email", "applicant_phone",
    "agency_name", "agency_type", "agency_country", "agency_subdivision", "agency_address", "agency_switchboard",
    "supervisor_name", "supervisor_title", "supervisor_email", "supervisor_phone", "code_word", "signed_on", "signature",
}  # fmt: skip


@pytest.mark.requirement("R-010", "R-055")
def test_the_form_asks_every_field_of_the_decision_and_nothing_else(form):
    fields = set(PdfReader(io.BytesIO(form)).get_fields() or {})

    assert set(REQUIRED) == WANTED
    assert {name for name in fields if name.startswith("attest_")} == {
        "attest_responsibilities", "attest_individual", "attest_purpose", "attest_terms",
    }  # fmt: skip
    assert fields == set(FormValues().as_dict())
    assert set(REQUIRED) | OPTIONAL | {name for name in fields if name.startswith("attest_")} == fields


@pytest.mark.requirement("R-052")
def test_what_was_typed_is_read_back_exactly(form):
    back = read_back(filled(form, applicant_name="Zoë Quixby-Jürgens"))

    expected = FormValues.read(
        {**TYPED, "applicant_name": "Zoë Quixby-Jürgens", "form_version": back.form_version}
    )
    assert back == expected
    assert back.form_version in {"2026-01", "2022-06"}


@pytest.mark.requirement("R-052")
def test_required_fields_say_so_ticks_too_and_the_version_cannot_be_changed(form):
    with pikepdf.open(io.BytesIO(form)) as document:
        flags = {str(field.T): int(field.get("/Ff", 0)) for field in document.Root.AcroForm.Fields}

    assert {name for name, flag in flags.items() if flag & 2} == set(flags) - OPTIONAL
    assert flags["form_version"] & 1


@pytest.mark.requirement("R-052")
def test_it_is_tagged_named_and_tabbed_in_reading_order(form):
    with pikepdf.open(io.BytesIO(form)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "en"
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert [str(page.obj.Tabs) for page in document.pages] == ["/S"] * len(document.pages)
        labels = {str(field.T): str(field.TU) for field in document.Root.AcroForm.Fields}
        order = [str(widget.T) for page in document.pages for widget in page.obj.Annots if "/T" in widget]

    assert labels["applicant_email"].startswith("Agency e-mail address")
    assert order == [name for name in FormValues().as_dict() if name in order] or set(order) == set(labels)
    assert order.index("applicant_name") < order.index("agency_name") < order.index("signature")


def test_another_program_shows_what_was_typed_and_every_font_travels_along(form, tmp_path: Path):
    (tmp_path / "filled.pdf").write_bytes(filled(form))

    shown = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "filled.pdf"), "-"],
        capture_output=True,
        text=True,
        check=True,
    )
    fonts = subprocess.run(
        ["pdffonts", str(tmp_path / "filled.pdf")], capture_output=True, text=True, check=True
    )

    assert "Marrow County Sheriff" in shown.stdout
    assert "Ohio (OH)" in shown.stdout
    assert "Syntax Error" not in shown.stderr
    assert all("yes" in line for line in fonts.stdout.splitlines()[2:] if "Source" in line)


def test_a_printed_page_fetches_nothing(tmp_path: Path):
    from tecum.documents.drivers import pdf

    (tmp_path / "secret.png").write_bytes(b"x")

    with pytest.raises(BaseException, match="Error fetching"):
        pdf.render(
            f'<html lang="en"><title>t</title><img alt="" src="file://{tmp_path}/secret.png"><p>Text</p></html>'
        )
