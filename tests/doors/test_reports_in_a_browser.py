"""Reports in a real browser: made by the jobs, derived again, certified by an officer, taken away as a tagged PDF."""

import io
from datetime import date, timedelta

import pikepdf
import pytest

from tecum.cases import operations as cases
from tecum.cases.states import CaseKind
from tecum.config import clock
from tecum.kernel.actors import Actor
from tecum.lookup import operations as lookup
from tecum.process import operations as process
from tecum.process.facts import Said
from tecum.reports import operations as reports
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SYSTEM = Actor.system("jobs")
CASE = lookup.Purpose("MC-26-004417", attested=True)


@pytest.fixture(autouse=True)
def example(settings):
    settings.TECUM_GUIDE = "example"


@pytest.fixture
def now():
    return clock.now()


def a_year_ago(now, numbers):
    """Let thirteen demands come, one be refused and twelve be answered, and officers find numbers, in the year before."""
    begin = now.replace(year=now.year - 1, month=2, day=1)
    make.customer("C-XYZ", name="XYZ Voice LLC", now=begin)
    make.consent("C-XYZ", now=begin)
    numbers({f"29255501{n:02d}": ("C-XYZ", date(2022, 6, 1)) for n in range(40, 60)}, now=begin)
    county = make.agency("Marrow County Sheriff’s Office", now=begin)
    officer = make.acting(make.officer(at=county, now=begin))
    for month in range(6):
        at = begin + timedelta(days=31 * month)
        text = "\n".join(f"29255501{n:02d}" for n in range(40, 43 + 2 * month))
        lookup.run(
            text=f"{text}\n4935550199", purpose=CASE, submission=f"s{month}", door="page", by=officer, now=at
        )
    for day in range(26):
        at = begin + timedelta(days=day)
        kind = ("subpoena", "search_warrant", "subpoena")[day % 3]
        got = process.receive(
            kind=CaseKind.DEMAND,
            channel="mail",
            received_at=at,
            agency=county.id,
            said=Said(process=kind),
            by=SYSTEM,
            now=at,
        )
        how = {5: "refused", 6: "no_records", 7: "no_records"}.get(day, "produced")
        cases.close(case=got.case, outcome=how, by=SYSTEM, now=at + timedelta(days=2))


def test_an_officer_has_the_years_register_made_derived_again_and_certifies_it(visitor, now, numbers):
    a_year_ago(now, numbers)
    officer = make.person("Hale Orrin", roles=["certifying_officer"], now=now)
    desk = visitor.sign_in(officer)
    page, year = desk.page, now.year - 1

    desk.go("/reports/")
    desk.check("reports-empty")
    page.get_by_role("link", name="Make a report").click()
    desk.check("reports-make")
    page.get_by_label("Period").fill(str(year))
    page.get_by_role("button", name="Make the report").click()
    page.get_by_text("It is being made").wait_for()
    reports.step(clock=clock.now, by=SYSTEM)
    page.get_by_role("link", name="Look again").click()
    page.get_by_role("heading", name="How to check it").wait_for()
    page.get_by_role("link", name="Derive it again").click()
    page.get_by_role("button", name="Derive it again").click()
    page.get_by_text("The jobs derive it again").first.wait_for()
    reports.step(clock=clock.now, by=SYSTEM)
    page.reload()
    page.get_by_text("Agrees with the trail").wait_for()
    page.get_by_role("link", name="Certify as an officer").click()
    desk.check("reports-certify")
    page.get_by_label("Your office").fill("Vice President, Legal")
    page.get_by_label("How the carrier’s procedures ensure compliance").fill(
        "Consents are versions; each answer names its own."
    )
    page.get_by_label("Actions taken against data brokers").fill("None were necessary.")
    page.get_by_label("Customers’ complaints").fill("None were received.")
    page.get_by_role("button", name="Certify").click()
    page.get_by_text("It is certified").wait_for()
    desk.check("reports-certified")
    with page.expect_download() as got:
        page.get_by_role("link", name="Take the PDF").click()

    with pikepdf.open(io.BytesIO(got.value.path().read_bytes())) as document:
        assert document.Root.MarkInfo.Marked
    made = reports.make(
        name="transparency", period=str(year), by=make.acting(officer, stepped_up_at=now), now=clock.now()
    )
    desk.go(f"/reports/{made.id}/")
    desk.check("reports-transparency")
    assert page.get_by_text("fewer than 5").first.is_visible()
    desk.go("/reports/")
    desk.check("reports")
