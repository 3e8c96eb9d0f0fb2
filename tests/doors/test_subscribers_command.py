"""`tecum subscribers`: full lists of the billing system at the command line."""

import os
from datetime import timedelta

import pytest

from tecum.cli.main import main
from tests.make import NOON
from tests.subscribers import JONES, SMITH, write

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def an_hour_later(monkeypatch):
    monkeypatch.setattr("tecum.config.clock.now", lambda: NOON + timedelta(hours=1))


@pytest.fixture
def file(billing):
    path = write(billing, [SMITH, JONES, "292555014,A-3,Short Number,1 Elm,voice,,,A,,,,"])
    os.utime(path, (NOON.timestamp(), NOON.timestamp()))
    return path


def test_a_list_is_loaded_with_progress_and_its_bad_lines_are_written_out(file, capsys):
    assert main(["subscribers", "load", str(file), "--max-change", "50%"]) == 0
    out, err = capsys.readouterr()
    assert "3 lines applied as of 2026-09-08 16:00 UTC" in out
    assert "2 new, 0 changed" in out
    assert "1 lines were not taken" in out
    assert "Comparing" in err

    assert main(out.splitlines()[-1].partition("tecum ")[2].split()) == 0

    assert "this line has 9" in capsys.readouterr().out


def test_status_says_how_old_and_lists_say_what_changed(file, capsys, monkeypatch):
    assert main(["subscribers", "status"]) == 1
    main(["subscribers", "load", str(file), "--max-change", "0.5"])
    assert main(["subscribers", "status"]) == 0
    main(["subscribers", "lists"])
    monkeypatch.setattr("tecum.config.clock.now", lambda: NOON + timedelta(hours=36))
    assert main(["subscribers", "status"]) == 1

    out = capsys.readouterr().out
    assert "billing: no list was ever loaded" in out
    assert (
        "billing: 2 lines as of 2026-09-08 16:00 UTC (1.0 hours ago); stale from 2026-09-10 04:00 UTC" in out
    )
    assert "list.csv" in out
    assert "STALE, older than 36 hours" in out


def test_too_many_bad_lines_are_one_sentence_and_exit_1(file, capsys):
    assert main(["subscribers", "load", str(file)]) == 1

    assert "1 of the 3 lines of list.csv cannot be taken, more than 5.0%" in capsys.readouterr().err
