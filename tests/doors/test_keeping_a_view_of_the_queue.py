"""A person keeps the filters of the queue under a name, shares them, and forgets them again; another's stay."""

import pytest
import time_machine

from tecum.demands import operations as demands
from tecum.demands import queries
from tests import make, people
from tests.make import NOON

pytestmark = pytest.mark.django_db
QUEUE, MINE = "/demands/", "state=DEFICIENT&due=late"


@pytest.fixture(autouse=True)
def noon(settings):
    settings.TECUM_GUIDE = "example"
    with time_machine.travel(NOON, tick=False):
        yield


def test_a_view_is_kept_shown_shared_and_forgotten_by_whoever_keeps_it():
    ruiz, vale = make.person(roles=["subpoena_analyst"]), make.person(roles=["subpoena_analyst"])
    page, hers = people.sign_in(ruiz, at=NOON), people.sign_in(vale, at=NOON)

    page.post(f"{QUEUE}views/keep/", {"name": "Late letters", "query": MINE, "shared": "on"})
    (kept,) = queries.saved_views(by=make.acting(ruiz))
    shown = page.get(f"{QUEUE}?{MINE}").content.decode()
    others = hers.get(f"{QUEUE}?{MINE}").content.decode()

    assert kept.mine and "Forget the view “Late letters”" in shown
    assert "Forget the view" not in page.get(QUEUE).content.decode(), "only where it is the view in use"
    assert "Late letters" in others and "Forget the view" not in others, "another's is shared, not theirs"
    assert hers.post(f"{QUEUE}views/{kept.id}/forget/").status_code == 404

    page.post(f"{QUEUE}views/{kept.id}/forget/")

    assert queries.saved_views(by=make.acting(ruiz)) == []


def test_what_a_question_returns_is_no_row_that_a_page_could_change():
    ruiz = make.analyst()
    demands.save_view(name="Late", query=MINE, shared=False, by=ruiz, now=NOON)

    (kept,) = queries.saved_views(by=ruiz)

    assert type(kept) is queries.KeptView
    assert not hasattr(kept, "save")
