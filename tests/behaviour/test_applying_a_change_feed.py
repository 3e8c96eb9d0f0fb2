"""Single changes arrive: twice, late, out of order; the inventory ends where it would have ended in order."""

import csv
from datetime import date, timedelta
from itertools import permutations

import pytest

from tecum.inventory import operations, queries
from tecum.inventory.rules.files import CannotRead
from tests.inventory import LOADER, apply, load, write
from tests.make import NOON

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
BLOCK = "2925550100,2925550109,ABC,2020-01-31"
NUMBER = "2925550105"
DAY = timedelta(days=1)
LATEST = NOON + 30 * DAY


def life(number):
    """Tell who has a number, and who had it by what is believed."""
    found = queries.assignments(number, now=LATEST)
    now = (found.current.customer, found.current.in_service_date.isoformat()) if found.current else None
    past = [
        (row.customer, row.in_service_date.isoformat(), row.until.isoformat()[:10])
        for row in found.past
        if row.believed
    ]
    return now, past[::-1]


def test_a_number_changes_hands_inside_a_block_and_its_neighbours_do_not(inventory):
    load(inventory, [BLOCK], now=NOON)

    report = apply(inventory, [f"transfer,{NUMBER},DEF,2026-09-09T09:00:00-04:00,sold"], now=NOON + DAY)

    assert (report.version, report.moved, report.known) == (2, 1, 0)
    assert life(NUMBER) == (("DEF", "2026-09-09"), [("ABC", "2020-01-31", "2026-09-09")])
    assert life("2925550104") == life("2925550106") == (("ABC", "2020-01-31"), [])
    assert queries.counts_by_customer() == {"ABC": 9, "DEF": 1}
    assert queries.assignments(NUMBER, now=LATEST).past[0].reason == "transfer: sold"


def test_every_kind_of_change(inventory):
    load(inventory, [BLOCK], now=NOON)

    apply(
        inventory,
        [
            "activate,2925550150,NEW,2026-09-09,",
            "disconnect,2925550100,ABC,2026-09-09,",
            "port_out,2925550101,,2026-09-09,to another carrier",
            "transfer,2925550102,DEF,2026-09-09,",
            "correct,2925550103,ABC,2019-05-05,the date was wrong",
        ],
        now=NOON + DAY,
    )

    assert life("2925550150") == (("NEW", "2026-09-09"), [])
    assert life("2925550100") == (None, [("ABC", "2020-01-31", "2026-09-09")])
    assert life("2925550101") == (None, [("ABC", "2020-01-31", "2026-09-09")])
    assert life("2925550102")[0] == ("DEF", "2026-09-09")
    assert life("2925550103") == (("ABC", "2019-05-05"), [])
    said = queries.assignments("2925550103", now=LATEST).past
    assert [(row.in_service_date, row.believed) for row in said] == [(date(2020, 1, 31), False)]


def test_a_feed_applied_twice_changes_nothing_the_second_time(inventory):
    load(inventory, [BLOCK], now=NOON)
    lines = [f"disconnect,{NUMBER},ABC,2026-09-09,", "activate,2925550150,NEW,2026-09-09,"]
    apply(inventory, lines, now=NOON + DAY)
    before = life(NUMBER), life("2925550150"), queries.counts_by_customer()

    report = apply(inventory, lines, now=NOON + DAY)

    assert (report.known, report.added, report.removed, report.moved) == (2, 0, 0, 0)
    assert (life(NUMBER), life("2925550150"), queries.counts_by_customer()) == before


def test_in_whatever_order_feeds_arrive_the_end_is_the_same(inventory):
    lines = [
        f"disconnect,{NUMBER},ABC,2026-09-10,",
        f"activate,{NUMBER},DEF,2026-09-12,",
        f"transfer,{NUMBER},GHI,2026-09-14,",
        f"disconnect,{NUMBER},GHI,2026-09-16,",
    ]
    ends = set()

    for round_, order in enumerate(permutations(lines)):
        number = str(2925550100 + round_)
        load(inventory, ["2925550100,2925550199,ABC,2020-01-31"], now=NOON) if round_ == 0 else None
        for line in order:
            apply(inventory, [line.replace(NUMBER, number)], now=NOON + 10 * DAY)
        ends.add(str(life(number)))

    assert ends == {
        "(None, [('ABC', '2020-01-31', '2026-09-10'), ('DEF', '2026-09-12', '2026-09-14'), ('GHI', '2026-09-14', '2026-09-16')])"
    }


def test_a_late_disconnect_that_a_later_snapshot_contradicts_changes_nothing(inventory):
    load(inventory, [BLOCK], now=NOON)

    apply(inventory, [f"disconnect,{NUMBER},ABC,2026-09-01,"], now=NOON + DAY)

    assert life(NUMBER) == (("ABC", "2020-01-31"), [])


def test_a_late_end_takes_the_place_of_the_snapshots_guess(inventory):
    load(inventory, [BLOCK], now=NOON)
    load(inventory, ["2925550100,2925550104,ABC,2020-01-31"], now=NOON + 10 * DAY)
    assert life(NUMBER) == (None, [("ABC", "2020-01-31", "2026-09-18")])

    apply(inventory, [f"disconnect,{NUMBER},ABC,2026-09-11,"], now=NOON + 11 * DAY)

    assert life(NUMBER) == (None, [("ABC", "2020-01-31", "2026-09-11")])
    assert life("2925550106") == (None, [("ABC", "2020-01-31", "2026-09-18")])


def test_a_late_correction_rewrites_the_past_and_leaves_answers_given_alone(inventory):
    load(inventory, [BLOCK], now=NOON)
    apply(inventory, [f"transfer,{NUMBER},DEF,2026-09-09,"], now=NOON + DAY)
    answer = queries.look_up([NUMBER])

    apply(inventory, [f"correct,{NUMBER},DEF,2026-04-01,the order was entered late"], now=NOON + 2 * DAY)

    assert life(NUMBER) == (("DEF", "2026-04-01"), [("ABC", "2020-01-31", "2026-04-01")])
    assert (answer.version, answer.rows[NUMBER].in_service_date) == (2, date(2026, 9, 9))
    assert [
        row.in_service_date for row in queries.assignments(NUMBER, now=LATEST).past if not row.believed
    ] == [date(2026, 9, 9)]


def test_a_snapshot_taken_before_a_change_that_is_known_does_not_undo_it(inventory):
    load(inventory, [BLOCK], now=NOON)
    apply(inventory, [f"transfer,{NUMBER},DEF,2026-09-10T08:00:00+00:00,"], now=NOON + 2 * DAY)

    load(inventory, [BLOCK, "2925550150,,NEW,2026-09-01"], now=NOON + 2 * DAY, as_of=NOON + DAY)

    assert life(NUMBER)[0] == ("DEF", "2026-09-10")
    assert life("2925550150")[0] == ("NEW", "2026-09-01")
    assert queries.state(now=NOON + 2 * DAY).count == 11


def test_the_next_snapshot_overrides_what_the_feed_said_before_it(inventory):
    load(inventory, [BLOCK], now=NOON)
    apply(
        inventory,
        [f"transfer,{NUMBER},DEF,2026-09-09,", "correct,2925550103,ABC,2019-05-05,"],
        now=NOON + DAY,
    )

    load(inventory, [BLOCK], now=NOON + 3 * DAY)

    assert life(NUMBER)[0] == life("2925550103")[0] == ("ABC", "2020-01-31")


def test_lines_that_are_no_change_are_named_and_the_others_are_applied(inventory):
    load(inventory, [BLOCK], now=NOON)

    report = apply(
        inventory,
        [
            f"disconnect,{NUMBER},ABC,2026-09-09,",
            "vanish,2925550101,ABC,2026-09-09,",
            "activate,292555010O,ABC,2026-09-09,",
            "activate,2925550150,,2026-09-09,",
            "activate,2925550151,ABC,2026-09-09T10:00:00,",
            "activate,2925550152,ABC,yesterday,",
            "activate,2925550153,ABC,2027-01-01,",
            "activate,2925550154,ABC",
        ],
        now=NOON + DAY,
    )

    with report.rejects.open() as file:
        reasons = [row["reason"].split(".")[0] for row in csv.DictReader(file)]
    assert (report.lines, report.rejected, report.removed) == (8, 7, 1)
    assert reasons == [
        "The event is none of activate, disconnect, port_out, transfer, correct",
        "The number is not one of the North American Numbering Plan: ten digits, NXX-NXX-XXXX with N from 2 to 9",
        "There is no customer",
        "The effective_at is a time without an offset from UTC",
        "The effective_at is neither a date like 2022-06-01 nor a time like 2022-06-01T14:00:00-04:00",
        "It takes effect in the future: apply it when that day has come",
        "The line has 3 columns, expected 5",
    ]


def test_a_snapshot_is_not_taken_for_a_feed(inventory):
    path = write(inventory / "feed.csv", [BLOCK])

    with pytest.raises(CannotRead, match="expected is 'event,number,customer_id,effective_at,reason'"):
        operations.apply_feed(path, by=LOADER, now=NOON)


def test_a_feed_alone_makes_an_inventory(inventory):
    apply(inventory, ["activate,2925550100,ABC,2020-01-31,", "activate,2925550101,ABC,2020-01-31,"], now=NOON)

    assert queries.counts_by_customer() == {"ABC": 2}
    assert queries.state(now=NOON).version == 1
