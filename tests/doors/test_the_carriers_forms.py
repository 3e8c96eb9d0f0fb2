"""Forms A to D of the wireless guide: printed as its source has them, typed into, and read back by other programs."""

import io
import json
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from django.test import Client
from pypdf import PdfReader, PdfWriter

from tecum.cli.main import main
from tecum.documents import printing
from tecum.documents.drivers import pdf as printer
from tecum.documents.forms import carriers
from tecum.documents.guide import pages
from tecum.guide.loading import load
from tecum.guide.model.guide import NotInGuide
from tests import markup

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2003, 9, 17)
WIRELESS = load(ROOT / "guides" / "wireless-2003", DAY)
FORMS = ("order_receipt", "exigent", "active_surveillance_subscribers", "surveillance_request")
GANGI = "United States v. Gangi, 33 F.Supp.2d 303 (S.D.N.Y. 1999)"


@pytest.fixture(scope="module")
def printed() -> dict[str, bytes]:
    return {name: printing.blank(WIRELESS, name, on=DAY) for name in FORMS}


def read_aloud(pdf: bytes, folder: Path) -> str:
    """Return the words on the pages as another program reads them, with single spaces."""
    (folder / "form.pdf").write_bytes(pdf)
    shown = subprocess.run(
        ["pdftotext", "-layout", str(folder / "form.pdf"), "-"], capture_output=True, text=True, check=True
    )
    assert "Error" not in shown.stderr
    return " ".join(shown.stdout.split())


def asked(pdf: bytes) -> dict[str, str]:
    """Return the fields by name, with what a screen reader says of each."""
    found = PdfReader(io.BytesIO(pdf)).get_fields() or {}
    return {name: str(field.get("/TU", "")) for name, field in found.items()}


def said(pdf: bytes) -> set[str]:
    """Return what the fields ask, without their hints and marks."""
    return {label.split(" *")[0].split("  ")[0].strip() for label in asked(pdf).values()}


def typed(pdf: bytes, **values: str) -> dict[str, str]:
    """Type into a form as a PDF viewer does, and read back what our own reader makes of it."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    for page in writer.pages:
        writer.update_page_form_field_values(page, values, auto_regenerate=True)
    out = io.BytesIO()
    writer.write(out)
    fields = PdfReader(io.BytesIO(out.getvalue())).get_fields() or {}
    return {name: str(field.get("/V", "") or "") for name, field in fields.items()}


@pytest.mark.requirement("R-165", "R-166", "R-130", "R-169", "R-170", "R-171")
def test_the_receipt_has_every_field_of_appendix_a(printed, tmp_path):
    pdf = printed["order_receipt"]
    fields = asked(pdf)
    words = read_aloud(pdf, tmp_path)

    assert {
        "date", "fax_number", "agency_name", "contact_name", "billing_address_1", "billing_address_2", "targets",
        "warrant_case_id", "surveillance_id", "expires_on", "duration", "duration_states", "implemented_at",
    } | {
        f"{service}_{kind}"
        for service in ("interconnect", "dispatch")
        for kind in ("pen_register", "trap_and_trace", "title_iii")
    } == set(fields)  # fmt: skip
    for label in (
        "Date",
        "Fax Number",
        "Agency Name",
        "Contact Name",
        "Billing Address",
        "Target Number/IMSI",
    ):
        assert label in words
    for start in ("from date of order", "from implementation", "when agency begins collecting"):
        assert start in words
    assert "Your order was implemented on (date @ time, EST)" in words
    interconnect, dispatch = (
        words.index("Interconnect: activated on"),
        words.index("Digital Dispatch: activated on"),
    )
    for kind in ("Pen Register", "Trap and Trace", "Eavesdropping"):
        assert interconnect < words.index(kind) < dispatch < words.rindex(kind)


def test_the_password_of_a_surveillance_is_named_on_the_receipt_and_cannot_be_written_there(
    printed, tmp_path
):
    words = read_aloud(printed["order_receipt"], tmp_path)

    assert "Surv. Password Dispatch only. Told by telephone; it is never printed on this form." in words
    with pytest.raises(printing.NotThisForm, match="surveillance_password"):
        printing.filled(
            WIRELESS,
            "order_receipt",
            on=DAY,
            values={"surveillance_password": ["hunter2"]},
            said={"cut": "-", "why": "-"},
        )


@pytest.mark.requirement(
    "R-130", "R-134", "R-135", "R-165", "R-168", "R-169", "R-170", "R-171", "R-172", "R-173"
)
def test_a_receipt_that_we_fill_in_says_the_end_the_cut_and_what_to_verify(tmp_path):
    values = {
        "date": ["17 September 2003"],
        "agency_name": ["Marrow County Sheriff"],
        "billing_address": ["1 Main Street", "Marrow, OH 43000"],
        "targets": ["(292) 555-0142", "IMSI 310012925550142"],
        "expires_on": ["22 October 2003 00:00 EDT (04:00 UTC)"],
        "duration": ["30 days"],
        "duration_states": ["from implementation"],
        "implemented_at": ["22 September 2003 @ 10:15 EDT (14:15 UTC)"],
        "dispatch_title_iii": ["22 September 2003 10:15 EDT"],
    }

    pdf = printing.filled(
        WIRELESS,
        "order_receipt",
        on=DAY,
        values=values,
        said={"cut": "Tuesday, 21 October 2003, 23:00 EDT", "why": "The first day counts."},
    )

    words = read_aloud(pdf, tmp_path)
    assert not PdfReader(io.BytesIO(pdf)).get_fields()
    for value in (value for lines in values.values() for value in lines):
        assert value in words
    assert (
        "Nextel Communications has received a court order from your agency for the above telephone(s)"
        in words
    )
    assert f"Pursuant to {GANGI}, and according to your order" in words
    assert "the authorization for the court-ordered access will expire on the following date" in words
    assert "X from implementation" in words
    assert "X from date of order" not in words
    assert "regular business hours of Mon-Fri 08:00-23:00 (E.S.T.)" in words
    assert (
        "will terminate access on Tuesday, 21 October 2003, 23:00 EDT, unless an extension order is served"
        in words
    )
    assert "or the court order specifies an exact time" in words
    assert "verify the billing address above, and correct it by fax to (877) 293-9824" in words
    assert "Questions: a Law Enforcement Administrator, (703) 433-4398" in words


def test_a_receipt_without_the_moment_of_the_cut_is_not_printed():
    with pytest.raises(printing.NotThisForm, match="need: cut"):
        printing.filled(WIRELESS, "order_receipt", on=DAY, values={})


@pytest.mark.requirement("R-174", "R-175", "R-176", "R-177", "R-178", "R-179", "R-182", "R-092")
def test_the_exigent_form_asks_everything_that_its_source_does_and_the_block_that_it_lacks(printed, tmp_path):
    pdf = printed["exigent"]
    words = read_aloud(pdf, tmp_path)
    fields = asked(pdf)

    assert {"from_name", "from_title", "from_agency", "from_phone"} < set(fields)
    assert PdfReader(io.BytesIO(pdf)).get_fields()["subject"]["/V"] == "Emergency Interception/Installation"
    for designation in (
        "the Attorney General",
        "the Deputy Attorney General",
        "the Associate Attorney General",
    ):
        assert designation in words
    assert "the principal prosecuting attorney of the State or subdivision" in words
    for ground in (
        "immediate danger of death or serious physical injury (i.e., murder or kidnapping)",
        "conspiratorial activities threatening the national security interest (i.e., a terrorist bomb or plot)",
        "organized crime (i.e., mob-related activity, not including drug sales)",
    ):
        assert ground in words
    for help_ in (
        "interception of communications", "installation of a trap and trace or pen register",
        "release of cell-site information", "location information", "subscriber information",
    ):  # fmt: skip
        assert help_ in words
    assert "Section 1: target and assistance" in words
    assert {"targets", "services_1", "services_2", "interval", "recipient"} < set(fields)
    assert "there are grounds upon which an order could be entered" in words
    assert (
        "that no warrant or order is required by law, that all statutory requirements have been met" in words
    )
    assert "carrier assistance as specified in Section 1 is required" in words
    for block in ("signature_1", "signature_2"):
        assert [fields[f"{block}_{place}"] for place in (1, 2, 3, 4)] == [
            "Name", "Title", "Law Enforcement Agency", "Phone Number",
        ]  # fmt: skip
    assert words.count("Signature") == 3  # the heading, and two lines to sign on


@pytest.mark.requirement("R-180", "R-181")
def test_the_exigent_form_says_within_which_time_and_when_everything_ends(printed, tmp_path):
    words = read_aloud(printed["exigent"], tmp_path)

    assert "An application for an order will be made within 48 hours after the interception" in words
    assert (
        "upon the earliest of: 48 hours if no order authorizing interception or installation is received; "
        "the communication or information sought is obtained; or notification that the application" in words
    )


@pytest.mark.requirement("R-183", "R-184", "R-185", "R-186", "R-187")
def test_form_c_has_its_fields_26_numbers_and_the_fax_of_the_subpoena_desk(printed, tmp_path):
    pdf = printed["active_surveillance_subscribers"]
    words = read_aloud(pdf, tmp_path)
    fields = asked(pdf)

    assert {
        "date", "agency", "address_1", "address_2", "contact_name", "contact_number", "fax_number", "target_number",
        "court_order_number", "nextel_target", *(f"numbers_{place}" for place in range(1, 27)),
    } == set(fields)  # fmt: skip
    assert fields["nextel_target"] == "Nextel Target"
    assert "A copy of the court order must be provided if the target number is not a Nextel" in words
    assert "related to an ongoing investigation on the target number" in words
    assert "Subpoena Compliance: fax (703) 433-8842" in words


@pytest.mark.requirement("R-188", "R-189", "R-190", "R-191", "R-192", "R-193")
def test_form_d_has_its_fields_and_marks_the_three_that_are_required(printed, tmp_path):
    pdf = printed["surveillance_request"]
    words = read_aloud(pdf, tmp_path)

    with pikepdf.open(io.BytesIO(pdf)) as document:
        flags = {str(field.T): int(field.get("/Ff", 0)) for field in document.Root.AcroForm.Fields}
        answers = {
            str(f.T): [str(one) for one in f.Opt] for f in document.Root.AcroForm.Fields if "/Kids" in f
        }
    assert {name for name, flag in flags.items() if flag & 2} == {
        "target_number", "activation_date", "expiration_date",
    }  # fmt: skip
    assert answers == {"request_type": ["Activate", "Deactivate"], "line": ["POTS line", "ISDN line"]}
    for label in (
        "Agency Name", "Agency Contact", "Contact Phone #", "Fax #", "Type of Request (check one)", "Activate",
        "Deactivate", "Type of Surveillance (check all that apply)", "Interconnect Pen Register/Trap and Trace",
        "Interconnect Title III", "Dispatch Pen Register", "Dispatch Title III", "Dial-up number", "Line (circle one)",
        "Target Number *", "IMEI / IMSI", "Activation Date *", "Expiration Date *", "Billing Information",
    ):  # fmt: skip
        assert label in words
    assert {"surveillance_types_1", "surveillance_types_4", "billing_1", "billing_2", "billing_3"} < set(
        flags
    )


@pytest.mark.requirement("R-189", "R-190", "R-193")
def test_what_an_agency_types_into_form_d_is_read_back_by_field(printed):
    form = carriers.carrier_form(WIRELESS, printing.find(WIRELESS, "surveillance_request", DAY))

    values = typed(
        printed["surveillance_request"],
        target_number="292-555-0142",
        request_type="/1",
        surveillance_types_2="/on",
        surveillance_types_4="/on",
        billing_1="Marrow County",
        billing_3="OH",
    )

    read = carriers.entries(form, values)
    assert read["target_number"] == ("292-555-0142",)
    assert read["surveillance_types"] == ("Interconnect Title III", "Dispatch Title III")
    assert read["billing"] == ("Marrow County", "OH")
    assert read["request_type"] == ("Deactivate",)
    assert read["line"] == ()


@pytest.mark.parametrize("name", FORMS)
def test_each_form_is_tagged_named_and_tabbed_and_every_field_says_what_it_is(printed, name):
    with pikepdf.open(io.BytesIO(printed[name])) as document:
        assert document.Root.MarkInfo.Marked
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert {str(page.obj.Tabs) for page in document.pages} == {"/S"}
        names = [str(field.T) for field in document.Root.AcroForm.Fields]

    assert len(names) == len(set(names))
    assert all(asked(printed[name]).values())


@pytest.mark.django_db
def test_an_agency_takes_the_forms_from_the_page_and_not_the_carriers_own_receipt(client: Client, settings):
    settings.TECUM_GUIDE = str(ROOT / "guides" / "wireless-2003")

    page = client.get("/serve-a-legal-demand/").text
    start = client.get("/")
    form = client.get("/files/form-surveillance_request.pdf")

    assert "Electronic Surveillance Request Form (Appendix D)" in page
    assert "(877) 293-9824" in page
    assert "Attention: Subpoena Compliance" in page
    assert "<li>Nextel Partners</li>" not in page
    assert "Mon-Fri 08:30-23:00 (E.S.T.)" in page
    assert markup.problems(page) == []
    assert start.status_code == 200
    assert "Attention: Subpoena Compliance" in start.text
    assert form.content.startswith(b"%PDF")
    assert client.get("/files/form-order_receipt.pdf").status_code == 404
    assert client.get("/files/form-nothing.pdf").status_code == 404


def test_a_form_that_the_guide_does_not_print_is_refused():
    with pytest.raises(NotInGuide, match="no form 'fee_schedule'"):
        printing.blank(WIRELESS, "fee_schedule", on=DAY)


@pytest.mark.parametrize(
    ("guide", "first"),
    [
        ("wireless-2003", "1. Call the Court Order Compliance: (703) 433-4398. 2. Leave a voicemail."),
        ("example", "Call (292) 555-0170, On-call administrator, at any hour."),
        ("halyard", "Write to LEArequests@halyard.example. 1. We reach the on-call administrator for you."),
        ("wholesale-portal", ""),
    ],
)
def test_the_first_page_says_what_to_do_now_and_never_an_empty_box(guide, first, tmp_path):
    made = pages.page(load(ROOT / "guides" / guide, DAY.replace(year=2026)), DAY.replace(year=2026), "guide")

    words = read_aloud(printer.render(made), tmp_path)

    assert first in words
    assert "Is a life in danger? Contents" not in words
    assert ("What is needed: Emergencies without legal process (page" in words) is bool(first)


@pytest.mark.requirement("R-109", "R-136", "R-139", "R-158")
def test_the_published_guide_says_what_the_source_only_states(tmp_path):
    words = read_aloud(printer.render(pages.page(WIRELESS, DAY, "guide")), tmp_path)

    assert "Telephone numbers are recycled once a subscriber deactivates." in words
    assert "seeks reimbursement of reasonable costs, as authorised through applicable statutes" in words
    assert "Rates may change at any time." in words
    assert (
        "Nextel Partners, Inc., based in Kirkland, Washington, is a separate company licensed to use the Nextel"
        in words
    )
    assert "operational support implementing electronic surveillance" in words


@pytest.mark.requirement("R-139")
def test_a_price_that_changes_counts_from_its_day_and_not_before(tmp_path, capsys):
    folder = tmp_path / "wireless-2003"
    shutil.copytree(ROOT / "guides" / "wireless-2003", folder)
    later = (
        (folder / "fees.toml")
        .read_text()
        .replace('id = "ping"', 'id = "ping"\neffective_until = 2003-11-01', 1)
    )
    dearer = (
        '\n[[fees]]\nid = "ping"\nproducts = ["ping"]\nlabel = "Real-time location"\namount = 175\nper = ["ping"]\n'
        "effective_from = 2003-11-01\n"
    )
    (folder / "fees.toml").write_text(later + dearer)

    def costs(day: str) -> str:
        assert (
            main(
                [
                    "guide",
                    "explain",
                    str(folder),
                    "fee",
                    "--json",
                    "--product",
                    "ping",
                    "--pings",
                    "2",
                    "--on",
                    day,
                ]
            )
            == 0
        )
        return json.loads(capsys.readouterr().out)["result"]["total"]

    assert costs("2003-10-31") == "300.00"
    assert costs("2003-11-01") == "350.00"
