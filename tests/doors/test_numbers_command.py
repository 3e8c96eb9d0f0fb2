"""`tecum numbers`: the inventory at the command line."""

import os
from datetime import timedelta

import pytest

from tecum.cli.main import main
from tests.inventory import FEED_HEADER, write
from tests.make import NOON

pytestmark = [pytest.mark.django_db(transaction=True)]
ROWS = ["2925550100,2925550109,ABC,2020-01-31", "2925550142,,XYZ,2022-06-01"]


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr("tecum.config.clock.now", lambda: NOON + timedelta(hours=1))


@pytest.fixture
def snapshot(inventory):
    path = write(inventory / "numbers.csv", ROWS)
    os.utime(path, (NOON.timestamp(), NOON.timestamp()))
    return path


def test_a_file_is_loaded_with_progress_and_the_time_it_was_written(snapshot, capsys):
    assert main(["numbers", "load", str(snapshot)]) == 0

    out, err = capsys.readouterr()
    assert "2 lines made version 1: 11 numbers in service as of 2026-09-08 16:00 UTC" in out
    assert "11 new, 0 gone, 0 with another customer or date" in out
    assert "Reading and checking the file" in err


def test_status_and_loads_tell_what_is_loaded(snapshot, capsys):
    assert main(["numbers", "status"]) == 1
    main(["numbers", "load", str(snapshot)])

    assert main(["numbers", "status"]) == 0
    assert main(["numbers", "loads"]) == 0

    out = capsys.readouterr().out
    assert "Nothing is loaded." in out
    assert "version 1, 11 numbers, as of 2026-09-08 16:00 UTC (1.0 hours ago)" in out
    assert "numbers.csv  by cli:" in out


def test_a_change_that_is_too_large_is_one_sentence_and_exit_1(snapshot, inventory, capsys):
    main(["numbers", "load", str(snapshot)])
    small = write(inventory / "small.csv", ROWS[1:])

    assert main(["numbers", "load", str(small), "--as-of", "2026-09-08T16:30:00+00:00"]) == 1
    assert (
        main(["numbers", "load", str(small), "--as-of", "2026-09-08T16:30:00+00:00", "--max-change", "95%"])
        == 0
    )

    assert "more than 5.0%" in capsys.readouterr().err


def test_a_dry_run_and_bad_lines_are_told(snapshot, inventory, capsys):
    main(["numbers", "load", str(snapshot)])
    mixed = write(inventory / "mixed.csv", [*ROWS, "29255501x,,ABC,2020-01-31"])

    words = [
        "numbers",
        "load",
        str(mixed),
        "--as-of",
        "2026-09-08T16:30:00+00:00",
        "--max-change",
        "1",
        "--dry-run",
    ]
    assert main(words) == 0

    out = capsys.readouterr().out
    assert "3 lines would make 11 numbers" in out
    assert "1 lines were not taken; they are in" in out


def test_a_feed_and_the_history_of_a_number(snapshot, inventory, capsys):
    main(["numbers", "load", str(snapshot)])
    feed = write(
        inventory / "feed.csv", ["transfer,2925550142,NEW,2026-09-08T11:30:00-05:00,"], header=FEED_HEADER
    )

    assert main(["numbers", "apply", str(feed)]) == 0
    assert main(["numbers", "history", "292-555-0142", "--case", "S-0001"]) == 0
    assert main(["numbers", "history", "29255501", "--case", "S-0001"]) == 1
    assert main(["numbers", "recover"]) == 0

    out = capsys.readouterr().out
    assert "(292) 555-0142, by version 2" in out
    assert "now      NEW, since 2026-09-08" in out
    assert "XYZ, since 2022-06-01 (transfer)" in out
    assert "No load was open." in out


def test_a_file_that_is_not_there_is_one_sentence(inventory, capsys):
    assert main(["numbers", "load", str(inventory / "none.csv")]) == 1

    assert "cannot be opened: No such file or directory." in capsys.readouterr().err
