"""An administrator loads the inventory, and look-ups answer from it."""

import csv
import gzip
from datetime import date, timedelta

import duckdb
import pytest

from tecum.inventory import operations, queries
from tecum.inventory.drivers import choice
from tecum.inventory.drivers.engine import LoadInProgress, NothingLoaded
from tecum.inventory.rules.files import CannotRead
from tecum.kernel.actors import Actor
from tecum.kernel.loads import ChangesTooMuch, OutOfOrder
from tecum.kernel.refusals import NotYours
from tests.inventory import HEADER, LOADER, load, write
from tests.make import NOON

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
LATER = LATEST = NOON + timedelta(days=1)
TEN = "2925550100,2925550109,ABC,2020-01-31"
ONE = "2925550142,,XYZ,2022-06-01"


def rows(*numbers):
    found = queries.look_up(list(numbers)).rows
    return {number: (held.customer, held.in_service_date.isoformat()) for number, held in found.items()}


def rejected(report):
    with report.rejects.open() as file:
        return [(row["line"], row["value"], row["reason"]) for row in csv.DictReader(file)]


def test_a_number_in_service_is_answered_with_its_customer_and_date(inventory):
    load(inventory, [ONE, "2925550150,2925550159,ABC,2020-01-31"], now=NOON)

    answer = queries.look_up(["2925550142", "2925550150", "2925550159", "2925550160", "2925550141"])

    assert answer.version == 1
    assert answer.as_of == NOON
    assert answer.rows == {
        "2925550142": queries.Assignment("XYZ", date(2022, 6, 1)),
        "2925550150": queries.Assignment("ABC", date(2020, 1, 31)),
        "2925550159": queries.Assignment("ABC", date(2020, 1, 31)),
    }


def test_before_the_first_load_nothing_is_answered(inventory):
    with pytest.raises(NothingLoaded, match="No numbers are loaded yet"):
        queries.look_up(["2925550142"])

    assert queries.state(now=NOON).version == 0
    assert queries.counts_by_customer() == {}


def test_a_second_snapshot_replaces_the_first_and_remembers_what_changed(inventory):
    load(inventory, [TEN, ONE], now=NOON)

    report = load(
        inventory, ["2925550100,2925550104,ABC,2020-01-31", "2925550142,,NEW,2026-09-01"], now=LATER
    )

    assert (report.version, report.added, report.removed, report.moved) == (2, 0, 5, 1)
    assert rows("2925550104", "2925550105", "2925550142") == {
        "2925550104": ("ABC", "2020-01-31"),
        "2925550142": ("NEW", "2026-09-01"),
    }
    gone, handed = (
        queries.assignments("2925550105", now=LATEST),
        queries.assignments("2925550142", now=LATEST),
    )
    assert gone.current is None
    assert [(row.customer, row.until, row.believed) for row in gone.past] == [("ABC", LATER, True)]
    assert handed.current == queries.Assignment("NEW", date(2026, 9, 1))
    assert [(row.customer, row.until.date()) for row in handed.past] == [("XYZ", date(2026, 9, 1))]


@pytest.mark.parametrize("rebuild", [True, False])
def test_a_rebuilt_inventory_and_an_edited_one_say_the_same(inventory, monkeypatch, rebuild):
    monkeypatch.setattr("tecum.inventory.drivers.loading.REBUILD_ABOVE", 0.0 if rebuild else 2.0)
    load(inventory, [TEN, ONE, "2925550110,2925550119,ABC,2020-01-31"], now=NOON)

    load(
        inventory, ["2925550095,2925550102,ABC,2020-01-31", "2925550105,2925550125,DEF,2021-01-01"], now=LATER
    )

    assert queries.counts_by_customer() == {"ABC": 8, "DEF": 21}
    assert queries.state(now=LATER).count == 29
    assert rows("2925550103", "2925550119") == {"2925550119": ("DEF", "2021-01-01")}
    assert [row.customer for row in queries.assignments("2925550104", now=LATEST).past] == ["ABC"]
    assert [row.customer for row in queries.assignments("2925550142", now=LATEST).past] == ["XYZ"]
    assert queries.assignments("2925550101", now=LATEST).past == ()


def test_gzip_and_parquet_say_the_same_as_csv(inventory):
    plain = write(inventory / "a.csv", [TEN, ONE])
    packed = inventory / "a.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    duckdb.connect().execute(f"COPY (FROM read_csv('{plain}')) TO '{inventory / 'a.parquet'}'")
    found = []

    for day, name in enumerate(("a.csv", "a.csv.gz", "a.parquet")):
        at = NOON + timedelta(days=day)
        report = operations.load_snapshot(inventory / name, by=LOADER, now=at, max_change=1.0)
        found.append((report.numbers, rows("2925550105", "2925550142")))

    assert found == [(11, {"2925550105": ("ABC", "2020-01-31"), "2925550142": ("XYZ", "2022-06-01")})] * 3


def test_bad_lines_are_kept_with_line_value_and_reason_and_their_numbers_stay(inventory):
    load(inventory, [TEN, ONE], now=NOON)

    report = load(
        inventory,
        [
            "2925550100,2925550104,ABC,2020-01-31",
            "292555010x,,ABC,2020-01-31",
            "2925550105,,,2020-01-31",
            "2925550106,,ABC,2020-13-31",
            "2925550107,2925550101,ABC,2020-01-31",
            "1925550108,,ABC,2020-01-31",
            "2925550108,,ABC",
            "",
            "2925550109,,ABC,2099-01-01",
            '2925550120,,"A\x01C",2020-01-31',
            "2925550121,,ABC,2020-01-31",
        ],
        now=LATER,
    )

    assert [(line, reason.split(".")[0]) for line, _, reason in rejected(report)] == [
        ("3", "The number is not ten digits"),
        ("4", "There is no customer"),
        ("5", "The in-service date is not a date like 2022-06-01"),
        ("6", "The block ends before it begins"),
        (
            "7",
            "The number is not one of the North American Numbering Plan: ten digits, NXX-NXX-XXXX with N from 2 to 9",
        ),
        ("8", "The line has too few columns"),
        ("10", "The in-service date lies in the future"),
        ("11", "The customer's id holds something else than letters, digits and signs of ASCII"),
    ]
    assert rejected(report)[1][1] == "2925550105,,,2020-01-31"
    kept = {f"292555010{digit}": ("ABC", "2020-01-31") for digit in range(10)}
    assert rows(*kept, "2925550142", "2925550121") == kept | {"2925550121": ("ABC", "2020-01-31")}


def test_lines_that_contradict_each_other_change_nothing_of_what_they_speak_of(inventory):
    load(inventory, ["2925550100,2925550119,OLD,2019-01-01"], now=NOON)

    report = load(
        inventory,
        [
            "2925550100,2925550109,ABC,2020-01-31",
            "2925550105,2925550114,DEF,2021-01-01",
            "2925550115,2925550119,OLD,2019-01-01",
            "2925550116,2925550117,OLD,2019-01-01",
        ],
        now=LATER,
    )

    found = {number: held[0] for number, held in rows(*[str(2925550100 + n) for n in range(20)]).items()}
    assert [found[str(2925550100 + n)] for n in range(20)] == ["ABC"] * 5 + ["OLD"] * 5 + ["DEF"] * 5 + [
        "OLD"
    ] * 5
    assert report.held == 5
    assert [(line, reason[:12]) for line, _, reason in rejected(report)] == [
        ("2", "Another line"),
        ("3", "Another line"),
        ("5", "Repeats line"),
    ]


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (f"{HEADER}\n{ONE}\n".encode("utf-16"), "UTF-16"),
        (f"{HEADER}\n{ONE}\n".encode("utf-16-le"), "UTF-16"),
        (b"tn,customer\n2925550142,XYZ\n", "expected is 'number,number_to,customer_id,in_service_date'"),
        (HEADER.replace(",", ";").encode() + b"\n", "parted by commas"),
        (HEADER.encode() + b"\n", "No line"),
        (gzip.compress(f"{HEADER}\n{ONE}\n".encode() * 9000, mtime=0)[:-200], "truncated or damaged gzip"),
        (gzip.compress(f"{HEADER}\n{ONE}\n".encode(), mtime=0)[:15], "truncated or damaged gzip"),
        (b"PAR1 this is not Parquet", "cannot be read"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_inventory_is_refused_with_a_sentence_and_changes_nothing(inventory, raw, sentence):
    load(inventory, [ONE], now=NOON)
    path = inventory / "bad.file"
    path.write_bytes(raw)

    with pytest.raises(CannotRead, match=sentence):
        operations.load_snapshot(path, by=LOADER, now=LATER, max_change=1.0)

    assert queries.state(now=LATER).version == 1
    assert list(rows("2925550142")) == ["2925550142"]


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(inventory):
    path = inventory / "bom.csv"
    path.write_bytes(b"\xef\xbb\xbf" + f"{HEADER}\r\n{ONE}\r\n".encode())

    report = operations.load_snapshot(path, by=LOADER, now=NOON)

    assert (report.numbers, report.rejected) == (1, 0)


def test_a_line_in_latin_1_is_rejected_and_the_others_are_taken(inventory):
    path = inventory / "latin.csv"
    path.write_bytes(f"{HEADER}\n{ONE}\n2925550143,,Café,2020-01-31\n".encode("latin-1"))

    report = operations.load_snapshot(path, by=LOADER, now=NOON, max_change=1.0)

    assert report.numbers == 1
    assert [(line, reason) for line, _, reason in rejected(report)] == [
        ("3", "The line is not written in UTF-8.")
    ]


def test_a_file_without_the_column_for_blocks_is_read(inventory):
    path = write(
        inventory / "short.csv", ["2925550142,XYZ,2022-06-01"], header="number,customer_id,in_service_date"
    )

    operations.load_snapshot(path, by=LOADER, now=NOON)

    assert rows("2925550142") == {"2925550142": ("XYZ", "2022-06-01")}


def test_a_snapshot_that_would_change_too_much_is_refused_unless_told(inventory):
    load(inventory, [TEN, ONE], now=NOON)

    with pytest.raises(
        ChangesTooMuch, match="would change 10 numbers, 90.9% of the inventory, more than 5.0%"
    ):
        load(inventory, [ONE], now=LATER, max_change=None)

    assert queries.state(now=LATER).version == 1
    assert load(inventory, [ONE], now=LATER, max_change=0.95).removed == 10


def test_a_dry_run_says_what_would_change_and_changes_nothing(inventory):
    load(inventory, [TEN, ONE], now=NOON)

    report = load(inventory, [ONE, "2925550143,,XYZ,2022-06-01"], now=LATER, dry_run=True)

    assert (report.version, report.added, report.removed) == (None, 1, 10)
    assert queries.state(now=LATER).version == 1
    assert len(queries.loads(by=LOADER, now=LATER)) == 1


def test_an_older_snapshot_and_one_from_the_future_are_refused(inventory):
    load(inventory, [ONE], now=NOON)

    with pytest.raises(OutOfOrder, match="a newer one is loaded"):
        load(inventory, [TEN], now=LATER, as_of=NOON - timedelta(hours=1))
    with pytest.raises(OutOfOrder, match="in the future"):
        load(inventory, [TEN], now=LATER, as_of=LATER + timedelta(hours=1))


def test_two_loads_at_once_are_one_load_and_one_refusal(inventory):
    with choice.engine().lock(), pytest.raises(LoadInProgress, match="Another load is running"):
        load(inventory, [ONE], now=NOON)

    assert load(inventory, [ONE], now=NOON).version == 1


def test_somebody_without_the_permission_loads_nothing(inventory):
    with pytest.raises(NotYours):
        load(inventory, [ONE], now=NOON, by=Actor.stranger())


def test_a_load_stands_in_the_list_and_in_the_trail(inventory):
    load(inventory, [ONE, TEN], now=NOON)

    listed = queries.loads(by=LOADER, now=NOON)

    assert [(row.state, row.version, row.kind, row.added, row.by) for row in listed] == [
        ("APPLIED", 1, "snapshot", 11, "cli:root")
    ]
    source = choice.engine().sources(5)[0]
    assert (source.load, source.version, source.sha256) == (listed[0].pk, 1, listed[0].sha256)


def test_an_inventory_that_lags_is_stale_by_the_guide(inventory):
    load(inventory, [ONE], now=NOON)

    assert not queries.state(now=NOON + timedelta(hours=36)).stale
    assert queries.state(now=NOON + timedelta(hours=37)).stale


def test_numbers_are_counted_by_customer_and_within_blocks(inventory):
    load(inventory, [TEN, ONE, "2935550100,2935550199,ABC,2020-01-31"], now=NOON)

    within = queries.counts_within([("2925550105", "2925550150"), ("2925550108", "2935550100")])

    assert queries.counts_by_customer() == {"ABC": 110, "XYZ": 1}
    assert within == {"ABC": 6, "XYZ": 1}
