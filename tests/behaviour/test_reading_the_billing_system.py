"""The billing system's list from a view of its database, and from an address: always the whole of it."""

import inspect
import json
import sqlite3
from datetime import timedelta

import httpx
import pytest
from django.db import connection

from tecum.guide.model.subscribers import SubscriberSource
from tecum.records.drivers.subscriber_sources import choice
from tecum.records.drivers.subscriber_sources.connector import CannotList
from tecum.records.drivers.subscriber_sources.csv_file import CsvFile
from tecum.records.drivers.subscriber_sources.http_list import HttpList
from tecum.records.drivers.subscriber_sources.sql_view import SqlView
from tecum.records.models import SubscriberLine, SubscriberList
from tecum.records.operations import subscribers
from tests.make import NOON
from tests.subscribers import HEADER, LOADER

COLUMNS = {"number": "ptn", "account": "acct", "name": "last+first", "address": "street+city"}
SOURCE = SubscriberSource(
    id="billing",
    name="Billing",
    columns=COLUMNS,
    view="subscriber_list",
    rows="items",
    next="following",
    total="count",
)
ROWS = [
    {"ptn": "2925550142", "acct": 1, "last": "Smith", "first": "John", "street": "12 Oak Ln", "city": None},
    {"ptn": "2925550143", "acct": 2, "last": "Jones", "first": "Ann", "street": "4 Elm Ct", "city": "Peoria"},
    {"ptn": "2925550144", "acct": 3, "last": "Wei", "first": "Lee", "street": "1 Main St", "city": "Boise"},
]
ADDRESS = "https://billing.example/subscribers"


def system(pages, **headers):
    """Return a billing system that gives pages of rows, and what it was asked."""
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if headers.get("ETag") and request.headers.get("If-None-Match") == headers["ETag"]:
            return httpx.Response(304)
        page = int(request.url.params.get("page", 0))
        body = dict(pages[page])
        return httpx.Response(200, content=json.dumps(body).encode(), headers=headers)

    return httpx.MockTransport(answer), asked


def pages(count=3):
    return [
        {"items": ROWS[:2], "following": "?page=1", "count": count},
        {"items": ROWS[2:], "following": None},
    ]


def listed(connector):
    return [line.columns["ptn"] for line in connector.lines()]


def test_no_connector_can_be_asked_about_a_number():
    for connector in (CsvFile, SqlView, HttpList):
        for name in ("header", "lines"):
            assert list(inspect.signature(getattr(connector, name)).parameters) == ["self"]


def test_every_page_is_read_and_no_request_names_anybody():
    transport, asked = system(pages(), ETag='"7"')
    connector = HttpList(ADDRESS, SOURCE, token="secret", transport=transport)

    assert listed(connector) == ["2925550142", "2925550143", "2925550144"]

    assert connector.etag == '"7"'
    assert [str(request.url) for request in asked] == [ADDRESS, f"{ADDRESS}?page=1"]
    assert all(request.headers["Authorization"] == "Bearer secret" for request in asked)
    assert all(request.method == "GET" and not request.content for request in asked)


def test_a_system_that_is_away_for_a_moment_is_asked_again_with_longer_and_longer_waits():
    fails, waits = [503, 429], []

    def answer(request):
        return httpx.Response(fails.pop()) if fails else httpx.Response(200, json={"items": ROWS})

    connector = HttpList(ADDRESS, SOURCE, transport=httpx.MockTransport(answer), wait=waits.append)

    assert len(listed(connector)) == 3
    assert waits == [0.5, 1.0]


def test_a_system_that_stays_away_is_one_sentence():
    def answer(request):
        raise httpx.ConnectTimeout("away")

    connector = HttpList(ADDRESS, SOURCE, transport=httpx.MockTransport(answer), wait=lambda _: None)

    with pytest.raises(CannotList, match="could not be read in 5 attempts"):
        connector.header()


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (pages(count=4), "announced 4 rows and gave 3"),
        ([{"items": ROWS, "following": "https://elsewhere.example/"}], "another host"),
        ([{"items": ROWS, "following": "?page=0"}, {}], "in a circle|no list of rows"),
        ([{"rows": ROWS}], "no list of rows under 'items'"),
        ([{"items": ["x"]}], "no list of rows"),
    ],
)
def test_a_list_that_is_not_whole_is_refused(broken, says):
    if broken[0].get("following") == "?page=0":
        broken = [{"items": ROWS, "following": "?page=0"}]
    transport, _ = system(broken)

    with pytest.raises(CannotList, match=says):
        listed(HttpList(ADDRESS, SOURCE, transport=transport))


@pytest.mark.parametrize(
    "answer", [httpx.Response(200, content=b'{"items": ['), httpx.Response(403), httpx.Response(302)]
)
def test_a_cut_page_or_a_refusal_is_one_sentence(answer):
    with pytest.raises(CannotList):
        HttpList(ADDRESS, SOURCE, transport=httpx.MockTransport(lambda _: answer)).header()


def test_an_address_without_tls_is_refused():
    with pytest.raises(CannotList, match="https"):
        HttpList("http://billing.example/", SOURCE)


def test_a_view_is_read_whole(tmp_path):
    link = sqlite3.connect(tmp_path / "billing.db")
    link.execute("CREATE TABLE t (ptn, acct, last, first, street, city)")
    link.executemany("INSERT INTO t VALUES (:ptn, :acct, :last, :first, :street, :city)", ROWS)
    link.execute("CREATE VIEW subscriber_list AS SELECT * FROM t")
    link.commit()
    view = SqlView(f"sqlite:{tmp_path / 'billing.db'}", SOURCE)

    assert view.header() == ["ptn", "acct", "last", "first", "street", "city"]
    assert listed(view) == ["2925550142", "2925550143", "2925550144"]


@pytest.mark.parametrize("view", ["", "t; DROP TABLE t", "a.b.c", "t WHERE ptn = '2925550142'"])
def test_a_view_is_a_plain_name_and_never_a_condition(view):
    source = SubscriberSource(id="billing", name="Billing", columns=COLUMNS, view=view)

    with pytest.raises(CannotList, match="by a plain name"):
        SqlView("sqlite:/nowhere", source)


def test_a_view_that_is_not_there_is_one_sentence(tmp_path):
    sqlite3.connect(tmp_path / "billing.db").close()

    with pytest.raises(CannotList, match="no such table"):
        SqlView(f"sqlite:{tmp_path / 'billing.db'}", SOURCE).header()


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_a_view_of_postgresql_is_read_in_a_transaction_that_cannot_write():
    if connection.vendor != "postgresql":
        return
    given = connection.get_connection_params()
    address = f"postgresql://{given.get('user', '')}:{given.get('password', '')}@/{given['dbname']}?host={given['host']}"
    address += f"&port={given['port']}" if given.get("port") else ""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE billing_rows (ptn text, acct int, last text)")
        cursor.execute(
            "INSERT INTO billing_rows SELECT (2925550100 + n)::text, n, 'Smith' FROM generate_series(1, 4500) n"
        )
        cursor.execute("CREATE VIEW subscriber_list AS SELECT * FROM billing_rows")
        cursor.execute(
            "CREATE FUNCTION writes() RETURNS int LANGUAGE sql VOLATILE AS 'INSERT INTO billing_rows VALUES (1) RETURNING 1'"
        )
        cursor.execute("CREATE VIEW writing AS SELECT writes() AS ptn")
    try:
        assert len(listed(SqlView(address, SOURCE))) == 4500
        writing = SubscriberSource(id="billing", name="Billing", columns=COLUMNS, view="writing")
        with pytest.raises(CannotList, match="read-only transaction"):
            SqlView(address, writing).header()
    finally:
        with connection.cursor() as cursor:
            cursor.execute(
                "DROP VIEW subscriber_list, writing; DROP FUNCTION writes; DROP TABLE billing_rows"
            )


def test_the_address_of_a_source_is_a_secret_of_this_machine(tmp_path, settings):
    settings.TECUM_SECRETS = str(tmp_path)
    source = SubscriberSource(id="billing", name="Billing", kind="http", columns=COLUMNS)
    with pytest.raises(CannotList, match="does not know where billing is"):
        choice.connector(source, file=None, known="")
    path = tmp_path / "subscribers" / "billing"
    path.parent.mkdir()
    path.write_text(f"{ADDRESS}\ntoken\n")
    path.chmod(0o644)
    with pytest.raises(CannotList, match="chmod 600"):
        choice.connector(source, file=None, known="")
    path.chmod(0o600)

    assert choice.connector(source, file=None, known="").name == "billing.example"


ENGLISH = [dict(zip(HEADER.split(","), row.split(","), strict=True)) for row in (
    "2925550142,A-1,John Smith,12 Oak Ln,voice,,,A,,,,",
    "2925550143,A-2,Ann Jones,4 Elm Ct,voice,,,A,,,,",
)]  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_a_list_that_the_other_system_says_is_unchanged_is_fresh_again(billing):
    source = SubscriberSource(id="billing", name="Billing", kind="http", columns=COLUMNS)
    transport, asked = system([{"rows": ENGLISH}], ETag='"7"')

    def load(day, known):
        connector = HttpList(ADDRESS, source, transport=transport, known=known)
        return subscribers.load(
            by=LOADER, now=NOON + timedelta(days=day), connector=connector, max_change=1.0
        )

    load(0, "")
    again = load(1, SubscriberList.objects.get().etag)

    assert again.known
    assert again.same == 2
    assert len(asked) == 2
    assert list(SubscriberList.objects.order_by("sequence").values_list("sequence", "same")) == [
        (1, 0),
        (2, 2),
    ]
    assert SubscriberLine.present("billing").count() == 2
