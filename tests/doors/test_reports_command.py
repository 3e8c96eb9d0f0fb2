"""`tecum reports`: make, list, again, export, as an operator types them."""

import pytest

from tecum.cases import operations as cases
from tecum.cli.main import main
from tecum.config import clock
from tecum.kernel.actors import Actor
from tecum.models import Report
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def example(settings):
    settings.TECUM_GUIDE = "example"
    now = clock.now()
    made = make.legal_case(numbers=["2925550142"], received_at=now.replace(year=now.year - 1, day=1), now=now)
    cases.close(case=made.id, outcome="produced", by=Actor.system("tests"), now=now)


def test_a_report_is_made_listed_derived_again_and_written(capsys, tmp_path):
    year = str(clock.now().year - 1)

    assert main(["reports", "make", "transparency", "--year", year]) == 0
    row = Report.objects.get()
    assert f"{row.reference}  Transparency report, {year}" in capsys.readouterr().out
    assert main(["reports", "list"]) == 0
    assert row.digest in capsys.readouterr().out
    assert main(["reports", "again"]) == 0
    assert capsys.readouterr().out == "1 agree with the trail, 0 do not.\n"
    file = tmp_path / "report.csv"
    assert main(["reports", "export", row.reference, "--to", str(file)]) == 0
    assert "Some data disclosed" in file.read_text(encoding="utf-8-sig")

    Report.objects.update(content={**row.content, "lead": "All is well."})

    assert main(["reports", "again", row.reference]) == 1
    assert "other figures" in capsys.readouterr().out


def test_a_period_that_is_not_over_is_refused_with_a_sentence(capsys):
    assert main(["reports", "make", "hit-rate", "--period", str(clock.now().year)]) == 1

    assert "is not over yet" in capsys.readouterr().err
