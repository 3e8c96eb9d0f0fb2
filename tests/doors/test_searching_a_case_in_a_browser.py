"""The analyst counts, starts and watches a search inside a case, in a real browser."""

from datetime import timedelta

import pytest

from tecum.jobs import long
from tests import make
from tests.make import NOON
from tests.records import OTHER, TARGET, line, load
from tests.searches import WEEK, guided, scoped

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(autouse=True)
def noon(freeze, store):
    guided(store)
    load(store, [line(n, a=OTHER, b=TARGET, at=NOON - timedelta(hours=30 + n % 9)) for n in range(40)])
    freeze(NOON)


def test_an_analyst_sees_how_much_there_is_starts_the_search_and_finds_the_production(visitors):
    first, second = (make.analyst() for _ in range(2))
    case = scoped(first, second, ("fraud_report", TARGET, WEEK), ("messages", TARGET, WEEK))
    ada = visitors()

    ada.sign_in(make.again_by_ref(first.ref)).go(f"/desk/cases/{case}/search/")
    ada.check("desk-search-counted")
    ada.page.get_by_role("button", name="Search and prepare the production").click()
    ada.check("desk-search-waits")
    long.search_all(lambda: NOON)
    ada.go(f"/desk/cases/{case}/search/")
    ada.check("desk-search-done")

    assert ada.page.get_by_role("link", name="the production").is_visible()
    assert "message centre" in ada.page.content()
