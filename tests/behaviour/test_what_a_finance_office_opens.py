"""LibreOffice opens the lists of billing and the tables of a report, and finds what was written."""

import csv
import subprocess

import pytest

from tecum.billing import operations as billing
from tecum.cases import operations as cases
from tecum.cases import queries as case_queries
from tecum.kernel.actors import Actor
from tecum.reports import operations as reports
from tests import make
from tests.make import NOON, acting
from tests.sizes import needs

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    needs("soffice", "LibreOffice"),
]
SYSTEM = Actor.system("tests")
LATER = NOON.replace(month=10, day=2)


@pytest.fixture
def files(settings):
    """Return an invoice list, the ledger's journal and a report, each as CSV and as XLSX."""
    settings.TECUM_GUIDE = "example"
    county = make.agency("=HYPERLINK County, Sheriff").id  # whoever opens it must not run it
    made = make.legal_case(agency=county, numbers=["2925550142"])
    [target] = case_queries.targets(case=made.id, by=SYSTEM, now=NOON)
    cases.note_billable(
        case=made.id, kind="cdr", source="one", target=target.id, happened_at=NOON, by=SYSTEM, now=NOON
    )
    cases.close(case=made.id, outcome="produced", by=SYSTEM, now=NOON)
    clerk = acting(make.person("Bess Oduya", roles=["billing"]), stepped_up_at=NOON)
    billing.issue(case=made.id, by=clerk, now=NOON)
    counsel = acting(make.person("Vera Colm", roles=["counsel"]), stepped_up_at=LATER)
    report = reports.make(name="transparency", period="2026-09", by=counsel, now=LATER)
    found = {}
    for form in ("csv", "xlsx"):
        for what in ("invoices", "journal"):
            found[f"{what}.{form}"] = billing.export(what=what, form=form, by=clerk, now=NOON).content
        found[f"report.{form}"] = reports.export(report=report.id, form=form, by=counsel, now=LATER).content
    return found


def opened(folder, name: str, content: bytes) -> list[list[str]]:
    """Return the rows of a file as LibreOffice shows them."""
    (folder / "in").mkdir(exist_ok=True)
    (folder / "in" / name).write_bytes(content)
    asked = "csv:Text - txt - csv (StarCalc):44,34,76,1"
    command = [
        "soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", asked, "--outdir",
        str(folder), str(folder / "in" / name),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return list(csv.reader((folder / f"{name.rpartition('.')[0]}.csv").read_text("utf-8-sig").splitlines()))


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("invoices", "INV-000001"), ("journal", "receivable"), ("report", "Some data disclosed")],
)
def test_libreoffice_opens_it_and_shows_what_was_written(files, name, wanted, tmp_path):
    for form in ("csv", "xlsx"):
        rows = opened(tmp_path, f"{name}.{form}", files[f"{name}.{form}"])

        assert any(wanted in cell for row in rows for cell in row), f"{name}.{form}"
        assert not any(cell.startswith(("#", "Err:")) for row in rows for cell in row), (
            "a cell became a formula"
        )
