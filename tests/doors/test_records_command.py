"""`tecum records`: files of switches, their keeping and their end, at the command line."""

import csv
from datetime import timedelta
from pathlib import Path

import pytest

from tecum.audit import queries as trail
from tecum.cases import operations as cases
from tecum.cli.main import main
from tecum.cli.records import operator
from tecum.models import RecordDelivery
from tecum.records import operations as records
from tests import make
from tests.make import NOON
from tests.records import ANALYST, OTHER, TARGET, line, write
from tests.searches import WEEK

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def clock(store, monkeypatch):
    """Let the command line's clock stand at noon; set `now` to move it."""

    class Clock:
        now = NOON

    monkeypatch.setattr("tecum.config.clock.now", lambda: Clock.now)
    return Clock


def said(capsys):
    return capsys.readouterr().out


def test_a_file_is_loaded_its_bad_line_is_named_and_the_same_file_again_does_nothing(store, capsys):
    path = write(store / "msc-1.csv", [line(n) for n in range(30)] + ["R99,no number,3925550101,x,1,M1"])

    assert main(["records", "load", str(path)]) == 0

    out = said(capsys)
    assert "31 records, 30 new, 0 known, 0 skipped, 1 rejected" in out
    rejects = list(csv.reader(Path(f"{path}.rejects.csv").read_text().splitlines()))
    assert rejects[1][:2] == ["msc-1.csv", "32"]
    assert TARGET not in str(rejects)
    assert main(["records", "load", str(path)]) == 0
    assert "was loaded before" in said(capsys)


def test_of_two_files_the_one_that_was_cut_is_refused_and_the_other_is_loaded_all_the_same(store, capsys):
    cut = store / "msc-1.csv"
    cut.write_text("ID,A,B,START,SECS,MSC\n" + line(1) + "\n" + line(2)[:20])
    whole = write(store / "msc-2.csv", [line(3)])

    assert main(["records", "load", str(cut), str(whole)]) == 1

    told = capsys.readouterr()
    assert "it was cut" in told.err
    assert "msc-2.csv: delivery" in told.out
    main(["records", "files"])
    out = said(capsys)
    assert "ABANDONED" in out and "LOADED" in out


def test_rejects_go_to_the_folder_one_names_and_a_format_can_be_named(store, capsys):
    path = write(store / "anything.csv", [*(line(n) for n in range(30)), "bad,,,,,"])
    (store / "bad").mkdir()

    assert main(["records", "load", str(path)]) == 1
    assert "fits no switch format" in capsys.readouterr().err
    assert main(["records", "load", str(path), "--format", "msc", "--rejects", str(store / "bad")]) == 0

    assert (store / "bad" / "anything.csv.rejects.csv").exists()


def test_small_files_are_merged_and_status_says_what_lies_there(store, capsys):
    for n in range(3):
        main(
            [
                "records",
                "load",
                str(write(store / f"msc-{n}.csv", [line(n), line(10 + n, a=OTHER, b=TARGET)])),
            ]
        )
    said(capsys)

    assert main(["records", "compact", "fraud"]) == 0
    assert main(["records", "status"]) == 0

    out = said(capsys)
    assert "1 days were compacted" in out
    assert "6 records" in out and "3 files loaded" in out
    assert "toll         keeps 18 months  empty" in out


def test_a_day_that_is_over_is_purged_with_a_proof_and_what_is_held_stays(store, clock, capsys):
    main(["records", "load", str(write(store / "msc-1.csv", [line(1), line(2, a=OTHER, b="4935550177")]))])
    records.hold(
        matter="matter-1", number=TARGET, period=WEEK, until=NOON + timedelta(days=90), by=ANALYST, now=NOON
    )
    clock.now = NOON + timedelta(days=40)
    said(capsys)

    assert main(["records", "purge", "fraud"]) == 0
    assert main(["records", "purges"]) == 0
    assert main(["records", "holds"]) == 0
    assert main(["records", "verify"]) == 0

    out = said(capsys)
    assert "1 days were purged." in out
    assert "2 records" in out and "sha256 " in out
    assert "1 records" in out.splitlines()[2] and "until 2026-12-07 16:00" in out
    assert TARGET not in out and "matter-1" not in out
    assert "Every file is what the manifest says." in out


def test_holds_of_a_sealed_case_are_not_in_the_list_of_the_machine_room(store, capsys):
    ruiz, vale = make.analyst(), make.analyst()
    hidden = make.legal_case(by=ruiz)
    records.hold(matter=hidden.matter, number=TARGET, period=WEEK, until=None, by=ANALYST, now=NOON)
    assert main(["records", "holds"]) == 0
    assert "every store" in said(capsys)

    cases.seal(case=hidden.id, people=[vale.ref], by=ruiz, now=NOON)

    assert main(["records", "holds"]) == 0
    assert said(capsys).strip() == "Nothing is held."


def test_a_changed_file_is_found_by_verify(store, capsys):
    main(["records", "load", str(write(store / "msc-1.csv", [line(1)]))])
    victim = next((store / "records").rglob("*.parquet"))
    victim.write_bytes(victim.read_bytes()[:-1] + b"x")

    assert main(["records", "verify"]) == 1

    assert "was changed" in said(capsys)


def test_what_a_crash_left_is_ended_by_recover(store, capsys):
    RecordDelivery.objects.create(
        store="fraud", format="msc", file_name="msc-9.csv", guide="1", by="system:jobs", began_at=NOON
    )

    assert main(["records", "recover", "fraud"]) == 0
    assert main(["records", "recover", "fraud"]) == 0

    out = said(capsys)
    assert "1 deliveries were open and are ended now." in out
    assert "No delivery was open." in out
    assert [e.event for e in trail.since(NOON - timedelta(days=1)) if e.event == "records.load_abandoned"]


def test_whoever_sits_at_the_machine_loads_and_keeps_and_cannot_search(store):
    assert operator().permissions == {"records.read", "records.load"}
