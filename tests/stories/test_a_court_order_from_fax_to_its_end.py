"""Source 2's court order in a real browser: fax, receipt, review, two people, start, extension, end, record, paid invoice."""

import io
import subprocess
from datetime import UTC, datetime, timedelta

import pikepdf
import pytest

from tecum.cases import operations as cases
from tecum.documents import operations as documents
from tecum.jobs import following, worker
from tecum.jobs.table import TABLE
from tecum.kernel.actors import Actor
from tecum.models import (
    Certification,
    CertificationSheet,
    CourtOrder,
    LegalCase,
    Notice,
    OrderReceipt,
)
from tecum.surveillance.operations import orders
from tests import make
from tests.browser import IMAGES, WANTED
from tests.make import NOON, acting
from tests.orders import paper_of
from tests.stories.paying import paid_in_the_browser
from tests.taps import carried, switch

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("bill")]
SCAN = paper_of(
    "DISTRICT COURT OF MARROW COUNTY",
    "ORDER No. 26-MC-0417",
    "IT IS ORDERED that Nextel Communications install a pen register and",
    "trap and trace device on (292) 555-0142, subscribed to by John Smith,",
    "pursuant to 18 U.S.C. 3122-3124, for thirty (30) days from the date of this order.",
    "This order is sealed. You shall not disclose its existence.",
    "Dated: September 4, 2026",
    "R. Okonkwo, Judge",
)
MORE = paper_of(
    "DISTRICT COURT OF MARROW COUNTY", "ORDER No. 26-MC-0417-E1", "The pen register on (292) 555-0142 is extended",
    "pursuant to 18 U.S.C. 3123 for thirty (30) days from the date of this order.", "Dated: September 29, 2026",
)  # fmt: skip
EXTENSION = datetime(2026, 9, 30, 15, 0, tzinfo=UTC)


def run_due(now: datetime) -> None:
    worker.run_all(TABLE, lane="ordinary", clock=lambda: now)


@pytest.mark.requirement("R-111", "R-128", "R-130", "R-131", "R-132")
def test_a_court_order_from_fax_to_its_end(visitor, freeze, tmp_path):
    freeze(NOON)
    ada = make.person("Ada Lindqvist", roles=["order_administrator"])
    bo = make.person("Bo Farrow", roles=["order_administrator"])
    desk = visitor.sign_in(ada)
    page = desk.page

    desk.go("/orders/")
    desk.check("orders-empty")
    enter(desk, tmp_path, SCAN, "11:45")
    desk.check("order-new")
    assert OrderReceipt.objects.count() == 1
    case = LegalCase.objects.get().pk
    page.click("text=Take this order")
    page.click("button:has-text('Take it')")
    page.click("a:has-text('Write down what it says')")
    desk.check("order-confirm")
    assert page.input_value("#id_duration") == "30 days"
    assert "(292) 555-0142" in page.input_value("#id_targets")
    assert "3122-3124" in page.input_value("#id_statutes")
    page.select_option("#id_process", "pen_trap_order")
    page.select_option("#id_signed", "yes")
    page.fill("#id_signer", "Hon. R. Okonkwo")
    page.fill("#id_signed_by", "judge")
    page.fill("#id_addresses", "12 Oak Ln, Boise ID 83702")
    page.fill("#id_region", "VA")
    page.fill("#id_city", "Reston")
    page.click("label[for=id_switches_2]")
    page.fill("#id_billing", "Marrow County Sheriff\n1 Main Street\nMarrow, OH 43001")
    page.fill("#id_gag_until", "2027-09-04")
    page.click("button:has-text('Write it down')")
    desk.check("order-read")
    page.click("a:has-text('Hold it against the bill')")
    desk.check("order-match")
    page.click("button:has-text('Compare')")
    page.click("a:has-text('Find it sound')")
    desk.check("order-accept")
    page.fill("#id_despite", "Read against the paper.")
    page.click("button:has-text('Find it sound')")
    page.click("a:has-text('Propose the authority')")
    desk.check("order-propose")
    page.click("button:has-text('Propose exactly this')")
    second(desk, bo, case, "order-authority")
    run_due(NOON)
    desk.go(f"/orders/{case}/")
    page.click("a:has-text('Start the surveillance')")
    desk.check("order-start")
    page.click("button:has-text('Propose the start')")
    second(desk, ada, case, "order-affirm", name="Ada Lindqvist")
    carried(NOON + timedelta(seconds=1))
    run_due(NOON + timedelta(seconds=2))
    desk.go(f"/orders/{case}/")
    desk.check("order-running")

    row = CourtOrder.objects.get(case=case)
    assert row.state == "AUTHORISED" and row.implemented_at == NOON + timedelta(seconds=1)
    assert row.expires_at == datetime(2026, 10, 4, 4, tzinfo=UTC)
    assert len(switch().holds()) == 1
    assert OrderReceipt.objects.filter(order=row).latest("ordinal").why == "implemented"
    letter = Notice.objects.get(pk=OrderReceipt.objects.filter(order=row).latest("ordinal").notice)
    assert "Pen Register" in letter.text
    if WANTED:
        by = acting(make.again_by_ref(f"person:{ada.id}"))
        pictured(orders.show(case=case, ordinal=2, by=by, now=NOON), "order-receipt")

    freeze(EXTENSION)
    desk = visitor.sign_in(ada)
    enter(desk, tmp_path, MORE, "10:30", kind="extension", day="2026-09-30")
    longer = LegalCase.objects.exclude(pk=case).get().pk
    page.click("text=Take this order")
    page.click("button:has-text('Take it')")
    desk.go(f"/orders/{longer}/kind/")
    page.click("label[for=id_kind_1]")
    page.select_option("#id_extends", index=1)
    desk.check("order-kind")
    page.click("button:has-text('Write it down')")
    page.click("a:has-text('Write down what it says')")
    page.select_option("#id_process", "extension")
    page.select_option("#id_signed", "yes")
    page.fill("#id_addresses", "12 Oak Ln, Boise ID 83702")
    page.fill("#id_names", "John Smith")
    page.fill("#id_issued_on", "2026-09-29")
    page.fill("#id_region", "VA")
    page.fill("#id_city", "Reston")
    page.click("label[for=id_switches_2]")
    page.fill("#id_billing", "Marrow County Sheriff\n1 Main Street\nMarrow, OH 43001")
    page.click("button:has-text('Write it down')")
    desk.check("order-extension")
    desk.go(f"/orders/{longer}/accept/")
    page.fill("#id_despite", "Read against the paper.")
    page.click("button:has-text('Find it sound')")
    page.click("a:has-text('Propose the authority')")
    page.click("button:has-text('Propose exactly this')")
    second(desk, bo, longer, "order-extend")
    run_due(EXTENSION)
    desk.go(f"/orders/{case}/")
    desk.check("order-extended")
    end = datetime(2026, 10, 29, 4, tzinfo=UTC)
    assert CourtOrder.objects.get(case=longer).expires_at == end

    carried(datetime(2026, 10, 4, 4, tzinfo=UTC))
    assert len(switch().holds()) == 1, "the old end has passed; the extension came before it"
    carried(end - timedelta(seconds=5))
    assert switch().holds() == ()
    certify(visitor, freeze, ada, end)
    cases.close(case=case, outcome="answered", by=Actor.system("tests"), now=end)
    # One authority with its extension: installed once; maintenance for the one month after that of the start.
    paid_in_the_browser(
        visitor, case, now=end, folder=tmp_path, lines={"install": "$1,500.00", "maintenance": "$250.00"}
    )


def certify(visitor, freeze, ada, end) -> None:
    """Ada, who affirmed the start, signs the record of the interception; the court's papers are inside it (47 CFR 1.20004)."""
    following.follow_all(lambda: end)
    freeze(end)
    desk = visitor.sign_in(ada)
    page = desk.page
    desk.go("/orders/certifications/")
    desk.check("certifications")
    record = Certification.objects.get()
    page.click(f"text={record.reference}")
    desk.check("certification-to-sign")
    page.click("a:has-text('Sign the record')")
    desk.check("certification-sign")
    page.fill("#id_name", "Ada Lindqvist")
    page.click("button:has-text('Sign it')")
    page.get_by_text("Signed. The PDF is kept").wait_for()
    desk.check("certification")
    sheet = CertificationSheet.objects.get()
    assert (sheet.why, sheet.signed_by) == ("started", f"person:{ada.id}")
    assert Certification.objects.get().state == "SIGNED"
    paper = documents.read(sheet.file)
    with pikepdf.open(io.BytesIO(paper)) as signed:
        assert len(signed.attachments) == 2, "the order and its extension"
    if WANTED:
        pictured(paper, "certification")


def pictured(paper: bytes, name: str) -> None:
    """Keep the first page of a PDF as a picture beside those of the pages."""
    shot = ["pdftoppm", "-png", "-r", "90", "-f", "1", "-singlefile", "-", str(IMAGES / f"{name}-paper")]
    subprocess.run(shot, input=paper, check=True)


def enter(desk, folder, scan: bytes, clock: str, kind: str = "order", day: str = "2026-09-08") -> None:
    (folder / "scan.pdf").write_bytes(scan)
    page = desk.page
    desk.go("/orders/enter/")
    desk.check("order-enter")
    page.select_option("#id_kind", kind)
    page.select_option("#id_channel", "fax")
    page.fill("#id_day", day)
    page.fill("#id_clock", clock)
    page.fill("#id_agency_name", "Marrow County Sheriff")
    page.fill("#id_name", "Det. Dana Ruiz")
    page.fill("#id_fax", "(292) 555-0111")
    page.fill("#id_email", "ruiz@sheriff.example.gov")
    page.set_input_files("#id_papers", str(folder / "scan.pdf"))
    page.click("button:has-text('Enter the order')")


def second(desk, person, case: str, shot: str, name: str = "") -> None:
    """Let another person approve what waits, affirmed by name where something starts."""
    desk.sign_in(person)
    desk.go(f"/orders/{case}/")
    desk.page.click("a:has-text('Look at what was proposed')")
    desk.check(shot)
    if name:
        desk.page.fill("#id_name", name)
    desk.page.click("button:has-text('Approve')")
