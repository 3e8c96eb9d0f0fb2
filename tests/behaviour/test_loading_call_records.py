"""Files of switches are loaded: whole or not at all, once however often they come, in whatever order."""

import csv
import gzip
from datetime import timedelta

import duckdb
import pytest

from tecum.audit.models import TrailLeaf
from tecum.kernel.refusals import NotYours
from tecum.records import operations as records
from tecum.records.drivers import choice
from tecum.records.models.store import RecordDelivery, RecordPart
from tecum.records.queries import store as queries
from tecum.records.rules.reading import CannotLoad
from tests.make import NOON
from tests.records import (
    ANALYST,
    HEADER,
    LOADER,
    OTHER,
    TARGET,
    THIRD,
    found,
    line,
    load,
    more_guide,
    scope,
    utc,
    write,
)

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.mark.both_databases
def test_a_file_is_loaded_and_every_row_knows_its_file_and_line(store):
    report = load(store, [line(1), line(2, a=OTHER, b=TARGET), line(3, a=OTHER, b=THIRD)])

    rows = list(records.calls_of(scope(), product="fraud_report", number=TARGET, by=ANALYST, now=NOON))
    assert (report.lines, report.rows, report.known, report.rejected) == (3, 3, 0, 0)
    assert [(row.record_id, row.line, row.incoming) for row in rows] == [("R1", 2, False), ("R2", 3, True)]
    file = queries.provenance(rows[0].delivery, by=ANALYST, now=NOON)
    assert (file.file_name, file.rows, file.state) == ("msc-1.csv", 3, "LOADED")
    assert len(file.sha256) == 64


@pytest.mark.both_databases
def test_the_same_file_again_changes_nothing(store):
    load(store, [line(1)])

    again = load(store, [line(1)], "msc-copy.csv")

    assert again.already
    assert found() == ["R1"]
    assert RecordDelivery.objects.count() == 1


@pytest.mark.both_databases
def test_a_record_that_comes_in_two_files_is_taken_once(store):
    load(store, [line(1), line(2)])

    second = load(store, [line(2), line(3)], "msc-2.csv")

    assert (second.rows, second.known) == (1, 1)
    assert found() == ["R1", "R2", "R3"]


def test_another_record_under_a_known_id_is_named_and_changes_nothing(store):
    load(store, [line(1, secs=60)])
    many = [line(number) for number in range(100, 140)]

    second = load(store, [*many, line(1, secs=61)], "msc-2.csv")

    assert second.reasons == {"conflict": 1}
    assert found().count("R1") == 1


def test_files_that_come_late_and_out_of_order_find_their_day(store):
    load(store, [line(3, at=NOON - timedelta(minutes=5))])
    load(store, [line(1, at=NOON - timedelta(days=3))], "msc-2.csv")
    load(store, [line(2, at=NOON - timedelta(days=1))], "msc-3.csv")

    assert found() == ["R1", "R2", "R3"]


def test_gzip_and_parquet_are_read_like_plain_text(store):
    with gzip.open(store / "msc-1.csv.gz", "wt") as file:
        file.write("\n".join([HEADER, line(1)]) + "\n")
    duckdb.connect().execute(
        f"COPY (SELECT 'R2' AS ID, {TARGET} AS A, '{OTHER}' AS B, TIMESTAMP '2026-09-08 14:30:00' AS START, 60 AS SECS, 'M1' AS MSC)"
        f" TO '{store}/msc-2.parquet'"
    )

    for name in ("msc-1.csv.gz", "msc-2.parquet"):
        records.load(store / name, by=LOADER, now=NOON)

    assert found() == ["R1", "R2"]


def test_a_bad_row_is_named_with_its_line_and_without_a_number(store):
    bad = [
        line(900, a="29255501x2"),
        line(901, b="555"),  # a short code is a party
        "R902,2925550142",
        line(903).replace("2026-09-08", "2026-02-30"),
        line(904, secs=-5),
        line(905, at=NOON + timedelta(minutes=9)),
        line(906, at=utc(1999, 1, 1)),
        line(907, at=NOON - timedelta(days=45)),
        line(908, a="", b="anonymous"),
        f",{TARGET},{OTHER},2026-09-08 14:00:00,5,M1",
    ]
    good = [line(number) for number in range(300)]

    report = load(store, [*good[:150], *bad, *good[150:]])

    with report.rejects.open() as file:
        told = {int(row["line"]): row["rule"] for row in csv.DictReader(file)}
    assert told == {
        152: "calling", 154: "columns", 155: "start", 156: "duration", 157: "future", 158: "oldest", 159: "expired",
        160: "nobody", 161: "no_id",
    }  # fmt: skip
    assert report.rows == 301
    assert TARGET not in report.rejects.read_text()


def test_lines_keep_their_number_beside_blank_and_undecodable_ones(store):
    path = store / "msc-1.csv"
    good = [line(number) for number in range(100)]
    path.write_bytes(
        "\n".join([HEADER, good[0], "", good[1]]).encode()
        + b"\nR\xff,x\n"
        + "\n".join(good[2:]).encode()
        + b"\n"
    )

    report = records.load(path, by=LOADER, now=NOON)

    rows = list(records.calls_of(scope(), product="fraud_report", number=TARGET, by=ANALYST, now=NOON))
    assert [row.line for row in sorted(rows, key=lambda row: int(row.record_id[1:]))[:4]] == [2, 4, 6, 7]
    assert report.reasons == {"encoding": 1}


def test_a_quoted_value_is_read_without_its_quotes(store):
    load(store, [f'"R1","{TARGET}",{OTHER},"2026-09-08 14:00:00",60,M1'])

    assert found() == ["R1"]


@pytest.mark.parametrize(
    "spelled", ["2925550142", "12925550142", "+1 292 555 0142", "(292) 555-0142", "5550142", "01112925550142"]
)
def test_numbers_with_and_without_country_code_are_the_same_number(store, spelled):
    load(store, [line(1, a=spelled)])

    assert found() == ["R1"]


def test_a_wrong_zone_is_seen_by_the_calls_in_the_future_and_the_whole_file_refused(store):
    local = [line(number, at=NOON + timedelta(hours=4, minutes=-number)) for number in range(100)]

    with pytest.raises(
        CannotLoad, match=r"100.0% of the calls in msc-1.csv lie in the future, by up to 4.0 hours: the zone"
    ):
        load(store, local)

    assert found() == []
    assert RecordDelivery.objects.get().state == "ABANDONED"
    assert not RecordPart.objects.exists()


def test_durations_in_minutes_are_seen_by_what_the_format_usually_has(store):
    load(store, [line(number, secs=120 + number % 50) for number in range(200)])

    with pytest.raises(CannotLoad, match="The unit of the durations"):
        load(store, [line(500 + number, secs=2 + number % 3) for number in range(200)], "msc-2.csv")

    assert load(store, [line(500, secs=2)], "msc-2.csv", believe=True).rows == 1


def test_durations_in_minutes_are_seen_by_the_ends(store):
    more_guide(store, """
[[switch_formats]]
id = "ends"
name = "With ends"
store = "fraud"
files = ["ends*"]
zone = "UTC"
columns = { record_id = "ID", calling = "A", called = "B", start = "START", end = "END", duration = "MINS" }
""")  # fmt: skip
    rows = [
        f"E{n},{TARGET},{OTHER},2026-09-08 14:00:00,2026-09-08 14:{n % 50 + 3}:00,{n % 50 + 3}"
        for n in range(50)
    ]

    with pytest.raises(CannotLoad, match="contradict each other .typically by a factor of 60"):
        load(store, rows, "ends.csv", header="ID,A,B,START,END,MINS")


def test_a_file_cut_in_the_middle_is_refused_whole(store):
    path = write(store / "msc-1.csv", [line(1), line(2)])
    path.write_text(path.read_text()[:-3])
    with pytest.raises(CannotLoad, match="ends in the middle of line 3"):
        records.load(path, by=LOADER, now=NOON)

    packed = store / "msc-2.csv.gz"
    packed.write_bytes(gzip.compress(("\n".join([HEADER, *map(line, range(5000))]) + "\n").encode())[:-20])
    with pytest.raises(CannotLoad, match="truncated or damaged gzip"):
        records.load(packed, by=LOADER, now=NOON)

    columns = store / "msc-3.parquet"
    columns.write_bytes(b"PAR1" + b"\0" * 50)
    with pytest.raises(CannotLoad, match="truncated or damaged Parquet"):
        records.load(columns, by=LOADER, now=NOON)

    assert found() == []


def test_a_trailer_says_how_many_records_there_must_be(store):
    more_guide(store, """
[[switch_formats]]
id = "counted"
name = "With a trailer"
store = "fraud"
files = ["counted*"]
zone = "UTC"
trailer = "TRL"
columns = { record_id = "ID", calling = "A", called = "B", start = "START", duration = "SECS", switch = "MSC" }
""")  # fmt: skip
    with pytest.raises(CannotLoad, match="holds 1 records and its last line says 2"):
        load(store, [line(1), "TRL,2"], "counted-1.csv")
    with pytest.raises(CannotLoad, match="no last line that begins with TRL"):
        load(store, [line(1), line(2)], "counted-2.csv")

    assert load(store, [line(1), line(2), "TRL,2"], "counted-3.csv").rows == 2


def test_a_column_renamed_by_an_upgrade_is_named_and_its_new_name_is_a_line_in_the_guide(store):
    renamed = HEADER.replace("START", "CALL_START")
    with pytest.raises(
        CannotLoad,
        match=r"has no column START \(start\); it has ID, A, B, CALL_START.*columns.start of the format 'msc'",
    ):
        load(store, [line(1)], header=renamed)

    assert load(store, [line(1)], header=HEADER.replace("A,", "A_NUMBER,")).rows == 1


def test_the_hour_that_happens_twice_is_not_guessed(store):
    more_guide(store, """
[[switch_formats]]
id = "local"
name = "In local time"
store = "toll"
files = ["local*"]
zone = "America/New_York"
columns = { record_id = "ID", calling = "A", called = "B", start = "START", duration = "SECS", switch = "MSC" }
""")  # fmt: skip
    later = utc(2026, 11, 20, 12)
    stamps = ["2026-11-01 00:30:00", "2026-11-01 01:30:00", "2026-11-01 02:30:00", "2026-03-08 02:30:00"]
    rows = [f"R{n},{TARGET},{OTHER},{stamp},60,M" for n, stamp in enumerate(stamps)]
    more = [f"S{n},{TARGET},{OTHER},2026-06-01 12:00:{n % 60:02},60,M" for n in range(60)]

    report = load(store, [*rows, *more], "local.csv", now=later)

    assert report.reasons == {"twice": 1, "never": 1}
    wide = scope(product="toll", period=queries.Period(utc(2026, 1, 1), later))
    starts = {
        row.record_id: row.start
        for row in records.calls_of(wide, product="toll", number=TARGET, by=ANALYST, now=later)
    }
    assert starts["R0"] == utc(2026, 11, 1, 4, 30)
    assert starts["R2"] == utc(2026, 11, 1, 7, 30)
    assert starts["S0"] == utc(2026, 6, 1, 16)


def test_a_file_with_too_many_bad_rows_is_not_half_believed(store):
    rows = [line(n, a="none" if n % 10 == 0 else TARGET) for n in range(100)]

    with pytest.raises(CannotLoad, match=r"10 of the 100 records of msc-1.csv are bad"):
        load(store, rows)

    assert found() == []
    assert load(store, rows, believe=True).rows == 90


def test_a_file_that_no_format_knows_is_refused(store):
    with pytest.raises(CannotLoad, match="fits no switch format"):
        load(store, [line(1)], "strange.csv")

    assert load(store, [line(1)], "strange.csv", form="msc").rows == 1


def test_who_may_not_load_loads_nothing(store):
    with pytest.raises(NotYours):
        records.load(write(store / "msc-1.csv", [line(1)]), by=ANALYST, now=NOON)


def test_what_was_loaded_is_in_the_trail_without_a_number(store):
    load(store, [line(1)])

    assert list(TrailLeaf.objects.order_by("pk").values_list("event", flat=True))[-2:] == [
        "records.load_intended",
        "records.loaded",
    ]
    assert not any(TARGET in str(row) for row in TrailLeaf.objects.values())


def test_the_worker_cannot_leave_its_folders(store):
    """What reads strangers' files has no business elsewhere."""
    worker = choice.engine()._take()

    with pytest.raises(CannotLoad, match="cannot be read"):
        list(worker.messages({"kind": "count", "asks": [
            {"number": "1", "start": "2026-01-01", "end": "2026-01-02", "calling": ["/etc/passwd"], "called": []}]}))  # fmt: skip
    worker.end()
