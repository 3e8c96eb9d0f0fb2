"""Control 15, taken away: what a second way to read a number, or to add hours to a clock, would do to a person."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tecum.exigent.rules import cutting
from tecum.guide import values
from tecum.guide.loading import load
from tecum.kernel import numbers
from tecum.lookup import rules as lookup
from tests.rules.test_reading_a_number import SPELLINGS

ROOT = Path(__file__).resolve().parents[2]
CLOCKS_GO_BACK = datetime(
    2026, 10, 31, 16, 0, tzinfo=UTC
)  # noon in New York, the day before an hour comes twice
CLOCKS_GO_FORWARD = datetime(2026, 3, 7, 17, 0, tzinfo=UTC)
TWO_DAYS = timedelta(seconds=172_800)


@pytest.fixture(scope="module")
def wireless():
    guide = load(ROOT / "guides" / "wireless-2003", on=CLOCKS_GO_BACK.date())
    return guide, next(each for each in guide.emergencies if each.id == "surveillance")


@pytest.mark.sabotage("control 15")
@pytest.mark.parametrize("starts", [CLOCKS_GO_BACK, CLOCKS_GO_FORWARD], ids=["an hour twice", "an hour less"])
def test_an_emergency_is_cut_after_48_hours_that_really_passed_and_the_wall_clock_would_be_an_hour_wrong(
    wireless, starts, monkeypatch
):
    guide, pathway = wireless
    assert cutting.ends_at(guide, pathway, starts) - starts == TWO_DAYS

    zone = guide.carrier.zone.tz
    monkeypatch.setattr(values, "after", lambda at, elapsed: at.astimezone(zone) + elapsed)
    wrong = cutting.ends_at(guide, pathway, starts) - starts

    assert abs(wrong - TWO_DAYS) == timedelta(hours=1)


@pytest.mark.sabotage("control 15")
def test_thirty_spellings_are_one_number_of_the_quota_and_a_second_reader_would_charge_a_person_for_many(
    monkeypatch,
):
    paste = "\n".join(each.replace("\t", " ") for each in SPELLINGS)
    assert lookup.distinct(lookup.read_lines(paste)) == ["2925550142"]

    monkeypatch.setattr(numbers, "read", lambda text: "".join(each for each in text if each.isdigit()))

    assert len(lookup.distinct(lookup.read_lines(paste))) > 1


@pytest.mark.sabotage("control 15")
@pytest.mark.parametrize(
    "line",
    ["from django.utils import timezone\nNOW = timezone.now()", "from datetime import UTC, datetime\nNOW = datetime.now(UTC)",
     "import time\nNOW = time.time()", "from datetime import date\nTODAY = date.today()"],
    ids=["django", "datetime", "time", "today"],
)  # fmt: skip
def test_a_capability_that_asks_the_clock_fails_the_checks(line):
    given = f'"""A capability that wants to know the time."""\n\n{line}\n'
    said = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--no-cache", "--stdin-filename", "tecum/demands/operations/hours.py", "-"],
        input=given, text=True, capture_output=True, cwd=ROOT, check=False,
    )  # fmt: skip

    assert "TID251" in said.stdout or "DTZ" in said.stdout
