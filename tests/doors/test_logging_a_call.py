"""`tecum support`: what a caller about a number without result hears, and the log of that (R-038)."""

from pathlib import Path

import pytest

from tecum.cli.main import main
from tecum.config import clock
from tecum.models import SupportThread
from tecum.support import queries

pytestmark = pytest.mark.django_db(transaction=True)
CALL = ["support", "call", "--caller", "Sergeant Alder", "--number", "292-555-0142"]


@pytest.fixture(autouse=True)
def calderwood(monkeypatch, tmp_path: Path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")
    monkeypatch.setenv("SUDO_USER", "calderwood")


@pytest.mark.requirement("R-038")
def test_a_call_is_logged_by_name_and_the_text_to_read_is_printed(capsys):
    code = main([*CALL, "--at", "2026-09-08T14:05"])

    row = SupportThread.objects.get()
    assert code == 0
    assert queries.screen_text(now=clock.now()) in capsys.readouterr().out
    assert (row.channel, row.state, row.opened_by) == ("CALL", "CLOSED", "cli:calderwood")
    assert row.opened_at.isoformat() == "2026-09-08T19:05:00+00:00", "the carrier's zone"


def test_the_text_alone_logs_nothing(capsys):
    assert main(["support", "text"]) == 0

    assert "Legal Demand" in capsys.readouterr().out
    assert not SupportThread.objects.exists()


@pytest.mark.parametrize(
    ("more", "says"), [(["--at", "noon"], "no time"), (["--at", "2999-01-01T00:00"], "not come yet")]
)
def test_a_call_without_a_time_that_was_is_refused(more, says, capsys):
    assert main([*CALL, *more]) == 1

    assert says in capsys.readouterr().err


def test_a_shared_login_logs_nothing(monkeypatch, capsys):
    monkeypatch.setenv("SUDO_USER", "root")

    assert main(CALL) == 1
    assert "names who spoke" in capsys.readouterr().err
