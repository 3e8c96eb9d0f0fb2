"""Toll records under the guide of 2003: what the invoice shows of a local and of a long-distance call, and of who called."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import transaction

from tecum.demands.operations import sources
from tecum.documents import operations as documents
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.policy import queries as policy
from tecum.records.rules.scope import Grant, Scope
from tecum.secrecy import operations as secrecy
from tests.make import NOON
from tests.records import ANALYST, load

pytestmark = [pytest.mark.django_db(transaction=True)]
TARGET, LOCAL, FAR, CALLER = "2925550142", "2925550101", "4935550177", "3925550188"
HEADER = "CALL_ID,ORIG_NUMBER,TERM_NUMBER,DIALED_DIGITS,CALL_START,GMT_OFFSET,AIRTIME,IN_OUT,SWITCH,CELL_SITE,CHARGE"
LINES = [
    f"T1,{TARGET},{LOCAL},5550101,2026-09-07 09:00:00,-04:00,3,OUT,M07,C1,0.00",
    f"T2,{TARGET},{FAR},1{FAR},2026-09-07 10:00:00,-04:00,7,OUT,M07,C1,1.75",
    f"T3,{CALLER},{TARGET},{TARGET},2026-09-07 11:00:00,-04:00,2,IN,M07,C1,0.0125",
]


def rows_of(table):
    with transaction.atomic():
        file = documents.enter(
            table.kept, purpose="records", media_type=table.media_type, by=Actor.system("tests"), now=NOON
        )
    _, head, *rows = csv.reader(io.StringIO(documents.read(file.id).decode("utf-8-sig")))
    return [dict(zip(head, (cell.removeprefix("'") for cell in row), strict=True)) for row in rows]


@pytest.mark.requirement("R-100", "R-101", "R-102")
def test_airtime_dialled_digits_and_long_distance_charges_are_shown_and_no_caller(store, settings):
    settings.TECUM_GUIDE = str(settings.ROOT / "guides" / "wireless-2003")
    guide = policy.at(NOON)
    (toll,) = (each for each in guide.products if each.id == "toll")
    load(store, LINES, "TOLL_1.csv", header=HEADER)
    with transaction.atomic():
        matter = secrecy.open_matter(kind="demands", by=Actor.system("tests"), now=NOON)
    week = Period(NOON - timedelta(days=7), NOON)
    allowed = Scope(matter, guide.version, (Grant("toll", TARGET, week, "item 1"),))

    answer = sources.answer(sources.Asking(allowed, guide, ANALYST, NOON, beat=lambda _: None), toll, TARGET)

    (kept,) = (each for each in answer.tables if each.ending == "csv")
    local, far, incoming = rows_of(kept)
    assert [each["Duration (s)"] for each in (local, far, incoming)] == ["180", "420", "120"]
    assert (local["Dialed Digits"], far["Dialed Digits"]) == ("5550101", f"1{FAR}")
    assert (local["Charge"], far["Charge"], incoming["Charge"]) == ("0.00", "1.75", "0.0125")
    assert incoming["Calling Number"] == "INCOMING" and CALLER not in "".join(incoming.values())
