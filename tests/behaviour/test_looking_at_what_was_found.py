"""What a search found is shown to those who work on the case, under its scope, and never before that is in the trail."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from tecum.audit import queries as trail
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.demands import operations as demands
from tecum.demands import queries
from tecum.demands.operations import showing
from tecum.documents import operations as documents
from tecum.kernel.periods import Period
from tecum.kernel.refusals import NotYours
from tecum.models import DemandSearch
from tecum.production import queries as productions
from tests import make, people
from tests.make import NOON
from tests.productions import package, signing  # noqa: F401
from tests.records import OTHER, TARGET, THIRD, line, load, more_guide
from tests.searches import WEEK, guided, scoped, searched

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
HOUR = timedelta(hours=1)


@pytest.fixture
def desk():
    """Two analysts."""
    return tuple(make.analyst() for _ in range(2))


@pytest.fixture(autouse=True)
def calls(store):
    """Sixty calls of the target, every third received; one of others; one before the week."""
    guided(store)
    more_guide(
        store, '[[mailboxes]]\nid = "demands"\naddress = "demands@plains.example"\npurpose = "demands"\n'
    )
    mine = [
        line(n, a=OTHER, b=TARGET, at=NOON - n * HOUR) if n % 3 == 0 else line(n, at=NOON - n * HOUR)
        for n in range(2, 62)
    ]
    load(store, [*mine, line(90, a=OTHER, b=THIRD, at=NOON - 5 * HOUR), line(91, at=NOON - 200 * HOUR)])


def show(case, search, by, *, table=1, bar=None, start=0, limit=50):
    return demands.show_found(
        case=case, search=search, table=table, bar=bar, start=start, limit=limit, by=by, now=NOON
    )


def shown_events():
    return [entry.data for entry in trail.since(NOON - HOUR) if entry.event == "demand.search_shown"]


def test_whoever_asked_sees_what_was_asked_granted_and_found_and_the_look_is_remembered(desk):
    first, second = desk
    case = scoped(first, second, ("fraud_report", TARGET, WEEK))
    search = searched(case, first)

    found = show(case, search, first)

    assert [(grant.product, grant.number, grant.period) for grant in found.grants] == [
        ("fraud_report", TARGET, WEEK)
    ]
    assert (found.chosen.rows, found.chosen.files) == (60, ("csv", "xlsx"))
    assert (found.shown.count, len(found.shown.rows)) == (60, 50)
    assert sum(bar.rows for bar in found.shown.bars) == 60
    assert sum(bar.incoming for bar in found.shown.bars) == 20
    event = shown_events()[-1]
    assert (event["search"], event["rows"], event["how"]) == (search, 50, "page")


def test_the_second_page_and_one_bar_hold_their_rows_and_no_others(desk):
    first, second = desk
    case = scoped(first, second, ("fraud_report", TARGET, WEEK))
    search = searched(case, first)
    whole = show(case, search, first, limit=100).shown
    place = next(at for at, bar in enumerate(whole.bars) if bar.rows)

    second_page = show(case, search, first, start=50).shown
    one_bar = show(case, search, first, bar=place).shown

    assert second_page.rows == whole.rows[50:]
    assert one_bar.count == whole.bars[place].rows == len(one_bar.rows)
    assert [event["rows"] for event in shown_events()] == [60, 10, one_bar.count]


def test_what_is_shown_is_what_the_product_shows_and_the_caller_of_an_invoice_is_not(desk):
    first, second = desk
    case = scoped(first, second, ("invoice", TARGET, WEEK))

    found = show(case, searched(case, first), first, limit=100)

    incoming = [row for row in found.shown.rows if "INCOMING" in row]
    assert len(incoming) == 20
    assert not any(OTHER in row for row in incoming)
    assert not found.shown.cells


def test_a_file_is_taken_as_it_will_leave_and_that_is_remembered_first(desk):
    first, second = desk
    case = scoped(first, second, ("fraud_report", TARGET, WEEK))
    search = searched(case, first)

    taken = demands.take_found(case=case, search=search, table=1, ending="csv", by=first, now=NOON)

    part = productions.opened(
        id=DemandSearch.objects.get(pk=search).production, by=first, now=NOON
    ).inputs.parts[0]
    assert shown_events()[-1]["how"] == "csv"
    assert shown_events()[-1]["rows"] == 60
    assert b"".join(taken.pieces) == documents.read(part.file)


def test_a_colleague_who_does_not_work_on_the_case_is_told_how_and_sees_nothing_until_they_take_it(desk):
    first, second = desk
    case = scoped(first, second, ("fraud_report", TARGET, WEEK))
    search = searched(case, first)
    third = make.analyst()

    with pytest.raises(demands.CannotShow, match="Take the case"):
        show(case, search, third)
    assert shown_events() == []
    assert show(case, search, second).chosen.rows == 60

    cases.assign(case=case, owner=third.ref, by=third, now=NOON)

    assert show(case, search, third).chosen.rows == 60


@pytest.mark.sabotage("need to know: the people who work on a case")
def test_without_the_list_any_colleague_would_see_the_rows(desk, monkeypatch):
    first, second = desk
    case = scoped(first, second, ("fraud_report", TARGET, WEEK))
    search, third = searched(case, first), make.analyst()

    monkeypatch.setattr(showing, "_workers", lambda *_: {third.ref})

    assert show(case, search, third).chosen.rows == 60


def test_once_the_agency_withdrew_the_demand_nothing_of_it_is_shown(desk):
    first, second = desk
    case = scoped(first, second, ("fraud_report", TARGET, WEEK))
    search = searched(case, first)

    demands.withdraw(case=case, how="telephone", by=first, now=NOON)

    with pytest.raises(demands.CannotShow, match="scope under which this was found has ended"):
        show(case, search, first)
    with pytest.raises(demands.CannotShow):
        demands.take_found(case=case, search=search, table=1, ending="csv", by=first, now=NOON)
    assert shown_events() == []


def test_when_the_trail_cannot_be_written_nothing_is_shown(desk, monkeypatch):
    first, second = desk
    case = scoped(first, second, ("fraud_report", TARGET, WEEK))
    search = searched(case, first)

    def refuse(*_args, **_more):
        raise RuntimeError("no trail")

    monkeypatch.setattr(showing.audit, "note", refuse)

    with pytest.raises(RuntimeError, match="no trail"):
        show(case, search, first)
    with pytest.raises(RuntimeError, match="no trail"):
        demands.take_found(case=case, search=search, table=1, ending="csv", by=first, now=NOON)


def test_every_act_of_searching_a_sealed_case_is_for_its_list_alone(desk):
    first, second = desk
    case = scoped(first, second, ("fraud_report", TARGET, WEEK))
    search = searched(case, first)
    cases.seal(case=case, people=[second.ref], by=first, now=NOON)
    third = make.analyst()

    acts = [
        lambda: demands.count(case=case, by=third, now=NOON),
        lambda: demands.gather(case=case, by=third, now=NOON),
        lambda: queries.searches(case=case, by=third, now=NOON),
        lambda: queries.work_orders(case=case, by=third, now=NOON),
        lambda: demands.cancel_search(search=search, by=third, now=NOON),
        lambda: show(case, search, third),
        lambda: demands.take_found(case=case, search=search, table=1, ending="csv", by=third, now=NOON),
    ]

    for act in acts:
        with pytest.raises(NotYours):
            act()
    assert show(case, search, second).chosen.rows == 60


def test_the_pages_of_a_sealed_case_answer_others_as_if_there_were_none(desk):
    first, second = desk
    case = scoped(first, second, ("fraud_report", TARGET, WEEK))
    search = searched(case, first)
    cases.seal(case=case, people=[second.ref], by=first, now=NOON)
    page = people.sign_in(make.again_by_ref(make.analyst().ref), at=NOON)

    for address in (
        reverse("desk:case_search", args=[case]),
        reverse("desk:case_search_found", args=[case, search]),
        reverse("desk:case_search_file", args=[case, search, 1, "csv"]),
    ):
        with time_machine.travel(NOON, tick=False):
            assert page.get(address).status_code == 404


def test_a_search_of_another_case_is_nobodys(desk):
    first, second = desk
    one = scoped(first, second, ("fraud_report", TARGET, WEEK))
    other = scoped(first, second, ("fraud_report", THIRD, WEEK))
    search = searched(one, first)

    with pytest.raises(NotYours):
        show(other, search, first)
    assert files.case(case=other, by=first, now=NOON).id == other


def test_of_a_time_without_calls_it_says_that_and_offers_no_file(desk):
    first, second = desk
    quiet = Period(NOON - timedelta(days=6), NOON - timedelta(days=5))
    case = scoped(first, second, ("fraud_report", TARGET, quiet))

    found = show(case, searched(case, first), first)

    assert (found.chosen.rows, found.chosen.files, found.shown) == (0, (), None)


def test_counsel_who_prepares_nothing_approves_a_scope_and_an_officer_withdraws_what_was_scoped():
    """The scope that a production obeys is set by whoever may approve it, and ended by whoever may withdraw."""
    analyst, counsel = make.analyst(), make.acting(make.person(roles=["counsel"]))
    agency = make.agency()
    officer = make.acting(make.officer(at=agency))
    case = scoped(analyst, counsel, ("fraud_report", TARGET, WEEK), agency=agency.id, people=(officer.ref,))
    assert productions.scope_of(case=case) is not None

    demands.withdraw(case=case, how="portal", by=officer, now=NOON)

    assert productions.scope_of(case=case) is None
