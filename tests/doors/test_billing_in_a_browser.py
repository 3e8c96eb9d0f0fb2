"""The billing clerk's day in a real browser: from what waits to the paid invoice; every page clean."""

from datetime import timedelta

import pytest

from tecum.billing import operations as billing
from tecum.billing.queries import papers
from tecum.cases import operations as cases
from tecum.cases import queries as case_queries
from tecum.config import clock
from tecum.kernel.actors import Actor
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SYSTEM = Actor.system("tests")


@pytest.fixture(autouse=True)
def wireless(settings):
    settings.TECUM_GUIDE = "wireless-2003"


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def clerk(now):
    return make.person("Bess Oduya", roles=["billing"], now=now)


@pytest.fixture
def desk(visitor, clerk):
    return visitor.sign_in(clerk)


def concluded(agency, now, *, closed=True):
    """Return a case in which two numbers were searched for calls, one pinged three times, one reset."""
    made = make.legal_case(agency=agency.id, numbers=["2925550142", "2925550143"], received_at=now, now=now)
    one, two = case_queries.targets(case=made.id, by=SYSTEM, now=now)
    for place, (kind, unit, target, quantity) in enumerate([
        ("calls_to_destination", "request", one, 1), ("calls_to_destination", "request", two, 1), ("ping", "ping", one, 3),
        ("voicemail_reset", "request", one, 1), ("toll", "request", one, 1),
    ]):  # fmt: skip
        cases.note_billable(
            case=made.id, kind=kind, unit=unit, target=target.id, quantity=quantity, source=f"{made.id}-{place}",
            happened_at=now - timedelta(hours=5 - place), by=SYSTEM, now=now,
        )  # fmt: skip
    if closed:
        cases.close(case=made.id, outcome="produced", by=SYSTEM, now=now)
    return made


def test_from_what_waits_to_the_paid_invoice(desk, clerk, now, tmp_path):
    county = make.agency("Marrow County Sheriff’s Office", domain="marrow.example.gov", now=now)
    made, page = concluded(county, now), desk.page
    concluded(county, now, closed=False)

    desk.go("/billing/")
    desk.check("billing-queue")
    page.get_by_role("link", name=made.reference).click()
    page.get_by_text("Why this much").last.click()
    desk.check("billing-account")
    page.get_by_role("link", name="Waive").last.click()
    page.get_by_label("Why").fill("The box was reset twice by mistake of ours")
    desk.check("billing-waive")
    page.get_by_role("button", name="Waive it").click()
    page.get_by_role("link", name="Make the invoice").click()
    desk.check("billing-issue")
    page.get_by_role("button", name="Make the invoice").click()
    page.get_by_text("Explain this line").first.click()
    desk.check("billing-invoice")
    with page.expect_download() as got:
        page.get_by_role("link", name="Take the PDF").click()
    assert got.value.suggested_filename == "INV-000001.pdf"
    page.get_by_role("link", name="Send it").click()
    page.get_by_label("To").fill("accounts@marrow.example.gov")
    page.get_by_role("button", name="Send").click()
    # As in 2003: there is no mailbox, it goes by post.
    assert "The guide names no mailbox" in page.get_by_role("alert").inner_text()
    file = tmp_path / "bank.csv"
    file.write_text(
        "reference,received_on,amount,currency,payer,text\nB-1,2026-09-10,700.00,USD,Marrow,INV-000001\n"
        "B-2,2026-09-10,9.00,USD,Somebody,thank you\nB-3,2026-09-10,9.00,EUR,Somebody,INV-000001\n"
    )
    page.get_by_role("link", name="Payments").click()
    page.get_by_label("The bank’s file").set_input_files(file)
    page.get_by_role("button", name="Take the payments in").click()
    page.get_by_text("Line 4 was not taken: It is in EUR").wait_for()
    desk.check("billing-payments")
    page.get_by_role("link", name="Figures").click()
    desk.check("billing-figures")

    [invoice] = papers.invoices(by=make.acting(clerk), now=now).rows
    assert (invoice.state, str(invoice.total)) == ("PAID", "$700.00")


def test_a_credit_note_is_made_on_a_page_that_says_what_happens(desk, clerk, now):
    county = make.agency("Marrow County Sheriff’s Office", domain="marrow.example.gov", now=now)
    view = billing.issue(case=concluded(county, now).id, by=make.acting(clerk, stepped_up_at=now), now=now)
    page = desk.page

    desk.go(f"/billing/invoices/{view.id}/credit/")
    desk.check("billing-credit")
    for label in page.locator("label[for^=id_lines_]").all():
        label.click()
    page.get_by_text("Bill the facts again").click()
    page.get_by_label("Why").fill("Charged to the wrong agency")
    page.get_by_role("button", name="Make the credit note").click()
    desk.check("billing-credit-note")
    desk.go("/billing/invoices/")
    desk.check("billing-invoices")
    desk.go("/billing/all/")
    desk.check("")

    assert page.get_by_text("concluded cases (1 wait in all)").is_visible()
    assert papers.invoice(id=view.id, by=make.acting(clerk), now=now).state == "CREDITED"
