"""The export as the tools of an agency read it: LibreOffice, a reader of workbooks that is not the writer, and plain csv."""

import csv
import io
import re
import subprocess
from datetime import datetime, timedelta

import openpyxl
import pytest

from tecum.documents import operations as documents
from tecum.models import DemandSearch
from tecum.production import queries
from tecum.records.rules import products
from tests import make
from tests.make import NOON
from tests.records import OTHER, TARGET, line, load
from tests.searches import WEEK, guided, scoped, searched
from tests.sizes import needs

pytestmark = [pytest.mark.django_db(transaction=True)]
ROWS = 40
SCHEMA = [
    "Target Number", "Direction", "Calling Number", "Called Number", "Dialed Digits", "Start Time (UTC)", "Start Time (Local)",
    "UTC Offset", "End Time (UTC)", "Duration (s)", "Call Type", "Switch", "First Cell ID", "Last Cell ID", "IMEI", "IMSI", "Record ID",
]  # fmt: skip


@pytest.fixture
def exported(store):
    """The CSV and the workbook of forty calls; one number would be a formula if it were not a text."""
    guided(store)
    lines = [
        line(n, at=NOON - timedelta(hours=2 + 3 * n), a=TARGET if n % 2 else OTHER, b=OTHER if n % 2 else TARGET, msc="=1+1")
        for n in range(ROWS)
    ]  # fmt: skip
    load(store, lines)
    first, second = make.analyst(), make.analyst()
    case = scoped(first, second, ("fraud_report", TARGET, WEEK))
    row = DemandSearch.objects.get(pk=searched(case, first))
    parts = queries.opened(id=row.production, by=first, now=NOON).inputs.parts
    return {part.name.rpartition(".")[2]: documents.read(part.file) for part in parts}


def test_the_columns_are_those_that_analysis_tools_know_in_their_order():
    assert products.headings(products.chosen(())) == SCHEMA


def test_csv_and_workbook_hold_the_same_rows_and_every_cell_is_text(exported):
    _, head, *rows = csv.reader(io.StringIO(exported["csv"].decode("utf-8-sig")))
    sheet = openpyxl.load_workbook(io.BytesIO(exported["xlsx"])).active
    cells = [["" if cell.value is None else cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]

    assert (head, len(rows)) == (SCHEMA, ROWS)
    assert [row[:11] + row[12:] for row in [head, *rows]] == [row[:11] + row[12:] for row in cells]
    assert {row[11] for row in rows} == {"'=1+1"} and {row[11] for row in cells[1:]} == {"=1+1"}
    assert {
        cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None
    } == {"s"}


def test_times_are_iso_8601_in_utc_and_local_with_offset_and_agree_with_each_other(exported):
    _, head, *rows = csv.reader(io.StringIO(exported["csv"].decode("utf-8-sig")))

    for row in (dict(zip(head, each, strict=True)) for each in rows):
        start, local = (
            datetime.fromisoformat(row[name]) for name in ("Start Time (UTC)", "Start Time (Local)")
        )
        assert start == local and start.utcoffset() == timedelta()
        assert datetime.fromisoformat(row["End Time (UTC)"]) - start == timedelta(
            seconds=float(row["Duration (s)"])
        )
        assert re.fullmatch(r"UTC[+-]\d\d:\d\d", row["UTC Offset"])
        assert row["Target Number"] in (row["Calling Number"], row["Called Number"])


@pytest.mark.slow
@needs("soffice", "LibreOffice")
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_libreoffice_opens_the_export_and_counts_the_same_rows(exported, ending, tmp_path):
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / f"export.{ending}"
    path.write_bytes(exported[ending])
    asked = "csv:Text - txt - csv (StarCalc):44,34,76,1"
    command = [
        "soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", asked, "--outdir",
        str(tmp_path), str(path),
    ]  # fmt: skip
    if ending == "csv":
        command.insert(
            3, "--infilter=CSV:44,34,76,1,,0,true,false"
        )  # every quoted field as text, as its import dialog offers

    subprocess.run(command, check=True, capture_output=True, timeout=300)

    _, head, *rows = csv.reader((tmp_path / "export.csv").read_text("utf-8-sig").splitlines())
    at = {name: place for place, name in enumerate(head)}
    assert (head, len(rows)) == (SCHEMA, ROWS)
    assert {row[at["Record ID"]] for row in rows} == {f"R{n}" for n in range(ROWS)}
    assert {row[at["Target Number"]] for row in rows} == {TARGET}
    assert all(row[at["Start Time (UTC)"]].endswith("+00:00") for row in rows)
    assert "2" not in {row[at["Switch"]] for row in rows}  # nothing of a switch is reckoned as a formula
