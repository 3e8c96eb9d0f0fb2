"""The billing system's full list becomes the present one, wholly or not at all, and the past is kept."""

import csv
import gzip
import io
import threading
from datetime import timedelta

import pytest
from django.db import connection

from tecum.audit import queries as trail
from tecum.kernel.actors import Actor
from tecum.kernel.loads import ChangesTooMuch, OutOfOrder
from tecum.kernel.refusals import NotYours
from tecum.records.drivers.subscriber_sources.connector import CannotList
from tecum.records.drivers.subscriber_sources.lock import ListInProgress, alone
from tecum.records.models import SubscriberLine, SubscriberList
from tecum.records.operations import subscribers
from tecum.records.operations.subscribers import NoSuchSource
from tests.make import NOON
from tests.subscribers import HEADER, JONES, LOADER, SMITH, load, write

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
DAY = timedelta(days=1)


def present() -> dict[str, str]:
    return dict(SubscriberLine.present("billing").values_list("number", "account"))


def rejected(report) -> list[tuple[str, str, str]]:
    text = subscribers.read_rejects(list=report.list, by=LOADER, now=NOON).decode()
    return [(row["line"], row["number"], row["reason"]) for row in csv.DictReader(io.StringIO(text))]


def test_a_list_is_seen_and_recorded(billing):
    report = load(billing, [SMITH, JONES])

    assert present() == {"2925550142": "A-1", "2925550143": "A-2"}
    assert (report.added, report.changed, report.ended, report.rejected) == (2, 0, 0, 0)
    row = SubscriberList.objects.get()
    assert (row.state, row.sequence, row.lines, row.added) == ("APPLIED", 1, 2, 2)


def test_names_and_addresses_are_nowhere_readable_on_the_disk(billing):
    load(billing, [SMITH, JONES, "2925550144,A-3,Bad Status,9 Elm,voice,,,Z,,,,"])

    stored = b"".join(bytes(line.sealed) for line in SubscriberLine.objects.all())
    files = b"".join(
        path.read_bytes() for path in billing.rglob("*") if path.is_file() and path.suffix != ".csv"
    )
    for secret in (b"Smith", b"Oak Ln", b"316010123456789", b"Bad Status"):
        assert secret not in stored
        assert secret not in files


def test_a_second_list_ends_changes_and_adds_and_the_past_stays(billing):
    load(billing, [SMITH, JONES])
    moved = SMITH.replace("12 Oak Ln", "99 Pine St")

    report = load(billing, [moved, "2925550150,A-9,Lee Wei,1 Main St,voice,,,A,,,,"], now=NOON + DAY)

    assert (report.added, report.changed, report.ended, report.same) == (1, 1, 1, 0)
    assert present() == {"2925550142": "A-1", "2925550150": "A-9"}
    assert SubscriberLine.seen().filter(number="2925550142").count() == 2
    assert SubscriberLine.seen().filter(number="2925550143", last__sequence=2).count() == 1


def test_the_same_list_again_changes_nothing(billing):
    load(billing, [SMITH, JONES])

    again = load(billing, [SMITH, JONES])
    later = load(billing, [SMITH, JONES], now=NOON + DAY)

    assert again.known
    assert again.list == ""
    assert (later.added, later.changed, later.ended, later.same) == (0, 0, 0, 2)
    assert SubscriberLine.objects.count() == 2


def test_bad_lines_are_laid_aside_each_with_its_reason_and_their_numbers_keep_what_they_had(billing):
    load(billing, [SMITH, JONES])

    report = load(
        billing,
        [
            SMITH.replace("2020-01-31", "31.01.2020"),
            "2925550143,A-2,Ann Jones",
            "29255O0144,A-3,Letter O,1 Elm,voice,,,A,,,,",
            "2925550145,A-4,,1 Elm,voice,,,A,,,,",
            "2925550146,A-5,Strange Status,1 Elm,voice,,,Q,,,,",
            "2925550147,A-6,One,1 Elm,voice,,,A,,,,",
            "2925550147,A-7,Two,1 Elm,voice,,,A,,,,",
            "2925550148,A-8,Broken \udcff,1 Elm,voice,,,A,,,,",
            "2925550149,A-8,Backwards,1 Elm,voice,2024-01-02,2024-01-01,A,,,,",
            f"2925550151,A-8,{'x' * 201},1 Elm,voice,,,A,,,,",
            "2925550150,A-9,Lee Wei,1 Main St,voice,,,A,,,,",
        ],
        now=NOON + DAY,
    )

    assert present() == {"2925550142": "A-1", "2925550150": "A-9"}
    assert report.rejected == 10
    reasons = rejected(report)
    assert len(reasons) == 10
    assert {line for line, _, _ in reasons} == {"2", "3", "4", "5", "6", "7", "8", "9", "10", "11"}
    said = " ".join(reason for _, _, reason in reasons)
    for part in (
        "no date",
        "3 columns",
        "letter O",
        "no name",
        "status “Q”",
        "more than once",
        "encoding",
        "ends before",
    ):
        assert part in said


def test_a_list_cut_in_the_middle_is_refused_and_nothing_changed(billing):
    load(billing, [SMITH, JONES])

    with pytest.raises(ChangesTooMuch, match="would end 1 and change 0 of the 2 lines, 50.0%"):
        load(billing, [SMITH], now=NOON + DAY, max_change=None)

    assert present() == {"2925550142": "A-1", "2925550143": "A-2"}
    assert list(SubscriberList.objects.order_by("begun_at").values_list("state", "why")) == [
        ("APPLIED", ""),
        ("ABANDONED", "changes_too_much"),
    ]


@pytest.mark.sabotage("the share that one list may change")
def test_without_the_limit_a_cut_list_would_end_half_of_the_subscribers(billing, monkeypatch):
    load(billing, [SMITH, JONES])
    monkeypatch.setattr(subscribers._Run, "_small_enough", lambda *given: None)

    load(billing, [SMITH], now=NOON + DAY, max_change=None)

    assert present() == {"2925550142": "A-1"}


def test_a_column_renamed_by_the_billing_system_refuses_the_list_and_names_it(billing):
    with pytest.raises(CannotList, match="has no column “status”"):
        load(billing, [SMITH], header=HEADER.replace("status", "state"))

    assert SubscriberList.objects.count() == 0


def test_a_truncated_gzip_changes_nothing(billing):
    load(billing, [SMITH, JONES])
    path = billing / "list.csv.gz"
    many = [SMITH, *[JONES.replace("0143", f"0{n}") for n in range(100, 190)]]
    path.write_bytes(gzip.compress("\n".join([HEADER, *many]).encode())[:-20])

    with pytest.raises(CannotList, match="truncated or damaged gzip"):
        subscribers.load(file=path, by=LOADER, now=NOON + DAY, max_change=1.0)

    assert len(present()) == 2
    assert list(billing.rglob("*.spool")) == []


def test_a_dry_run_says_what_would_change_and_changes_nothing(billing):
    load(billing, [SMITH])

    report = load(billing, [JONES], now=NOON + DAY, dry_run=True)

    assert (report.list, report.added, report.ended, report.share) == ("", 1, 1, 1.0)
    assert present() == {"2925550142": "A-1"}


@pytest.mark.parametrize("when", [NOON - DAY, NOON + 2 * DAY])
def test_a_list_of_before_or_of_the_future_is_refused(billing, when):
    load(billing, [SMITH])

    with pytest.raises(OutOfOrder):
        load(billing, [JONES], now=NOON + DAY, as_of=when)


def test_another_list_of_the_same_instant_is_refused(billing):
    load(billing, [SMITH])

    with pytest.raises(OutOfOrder, match="Another list is applied"):
        load(billing, [JONES])

    assert present() == {"2925550142": "A-1"}


def test_a_list_while_another_is_read_waits(billing):
    path = write(billing, [SMITH])
    holding, finished = threading.Event(), threading.Event()

    def another() -> None:
        try:
            with alone("billing"):
                holding.set()
                finished.wait(60)
        finally:
            connection.close()

    other = threading.Thread(target=another)
    other.start()
    holding.wait(60)
    try:
        with pytest.raises(ListInProgress):
            subscribers.load(file=path, by=LOADER, now=NOON)
    finally:
        finished.set()
        other.join()


def test_who_may_not_load_is_refused(billing):
    with pytest.raises(NotYours):
        load(billing, [SMITH], by=Actor.stranger())


def test_a_source_that_the_guide_does_not_name_is_refused_with_those_it_names(billing):
    with pytest.raises(NoSuchSource, match="there is billing"):
        load(billing, [SMITH], source="elsewhere")


def test_in_a_new_month_what_is_told_again_is_sealed_under_the_new_months_key(billing):
    load(billing, [SMITH, JONES])

    load(billing, [SMITH], now=NOON + 30 * DAY)

    epochs = dict(SubscriberList.objects.values_list("matter", "epoch"))
    kept = {line.number: epochs[line.matter] for line in SubscriberLine.objects.all()}
    assert kept == {"2925550142": "subscribers-2026-10", "2925550143": "subscribers-2026-09"}
    assert SubscriberLine.objects.count() == 2


def test_a_list_is_recorded_in_the_trail_without_a_name(billing):
    load(billing, [SMITH])

    names = [entry.event for entry in trail.since(NOON - DAY) if entry.event.startswith("subscribers.")]
    assert names == ["subscribers.begun", "subscribers.loaded"]
