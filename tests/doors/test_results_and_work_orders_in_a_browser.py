"""What a search found, and what other systems have to be asked for, in a real browser; and through the door without one."""

import io
from datetime import timedelta

import pytest
import time_machine

from tecum.audit import queries as trail
from tecum.demands import operations as demands
from tecum.demands import queries
from tecum.models import DemandSearch, WorkOrder
from tecum.production import queries as productions
from tests import make, people
from tests.make import NOON
from tests.records import HEADER, OTHER, TARGET, THIRD, line, load, more_guide
from tests.searches import WEEK, guided, scoped, searched

pytestmark = [pytest.mark.django_db(transaction=True)]
HOUR = timedelta(hours=1)
CELLS = ("MSC4-118", "MSC4-118", "MSC4-207", "MSC1-030")


def busy(store) -> None:
    """Load two weeks of the target's calls, by day and by night, with their cells; the last two days were not delivered."""
    path = store / "guides" / "plains" / "guide.toml"
    path.write_text(
        path.read_text().replace(
            'switch = "MSC" }', 'switch = "MSC", first_cell = "C1", last_cell = "C2" }', 1
        )
    )
    lines = []
    for n in range(220):
        at = NOON - timedelta(days=2) - timedelta(minutes=41 * n + n * n % 37)
        made = n % 5 not in (1, 3)
        sides = (
            {"a": TARGET, "b": (OTHER, THIRD)[n % 2]} if made else {"a": (OTHER, THIRD)[n % 2], "b": TARGET}
        )
        cells = f"{CELLS[n % 4]},{CELLS[(n + 1) % 4]}" if made else ","
        lines.append(f"{line(n, at=at, secs=20 + n * 7 % 900, **sides)},{cells}")
    load(store, lines, header=f"{HEADER},C1,C2")


@pytest.fixture
def desk(store):
    """Two analysts, and a store whose guide has every kind of product."""
    guided(store)
    more_guide(
        store, '[[mailboxes]]\nid = "demands"\naddress = "demands@plains.example"\npurpose = "demands"\n'
    )
    busy(store)
    return tuple(make.analyst() for _ in range(2))


@pytest.mark.browser
@pytest.mark.slow
def test_an_analyst_reads_what_was_found_as_a_picture_as_cells_and_row_by_row(desk, visitors, freeze):
    freeze(NOON)
    first, second = desk
    case = scoped(
        first, second, ("fraud_report", TARGET, WEEK), ("invoice", TARGET, WEEK), ("messages", TARGET, WEEK)
    )
    searched(case, first)
    ada = visitors()

    ada.sign_in(make.again_by_ref(first.ref)).go(f"/desk/cases/{case}/search/")
    ada.page.get_by_role("link", name="See what was found").click()
    ada.check("desk-search-found", printed=True)
    ada.page.locator("svg a").nth(3).click()
    one_bar = ada.page.get_by_role("heading", name="of").last.inner_text()
    ada.check("desk-search-found-bar")
    ada.page.get_by_role("link", name="Invoice").first.click()

    assert "rows:" in one_bar
    assert "INCOMING" in ada.page.content()
    with ada.page.expect_download() as download:
        ada.page.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename.endswith(".csv")
    assert [entry.data["how"] for entry in trail.since(NOON - HOUR) if entry.event == "demand.search_shown"] == [
        "page", "page", "page", "csv",
    ]  # fmt: skip


@pytest.mark.browser
@pytest.mark.slow
def test_an_analyst_attaches_what_another_system_gave_and_the_next_production_holds_it(
    desk, visitors, freeze, tmp_path
):
    freeze(NOON)
    first, second = desk
    case = scoped(first, second, ("messages", TARGET, WEEK))
    searched(case, first)
    (tmp_path / "text messages.pdf").write_bytes(b"%PDF-1.7 from the message centre")
    ada = visitors()

    ada.sign_in(make.again_by_ref(first.ref)).go("/demands/")
    ada.page.get_by_role("link", name="Work orders").click()
    ada.check("desk-work-orders")
    ada.page.get_by_role("link", name="message centre").click()
    ada.check("desk-work-order")
    ada.page.get_by_role("link", name="Attach the result").click()
    ada.check("desk-work-order-attach")
    ada.page.locator("[name=file]").set_input_files(tmp_path / "text messages.pdf")
    ada.page.get_by_role("button", name="Attach it").click()
    ada.check("desk-work-order-done")

    assert ada.page.get_by_role("link", name="text_messages.pdf").is_visible()
    searched(case, first)
    made = DemandSearch.objects.order_by("pk").get(production=_latest(case))
    parts = productions.opened(id=made.production, by=first, now=NOON).inputs.parts
    assert [part.name for part in parts] == ["text_messages.pdf"]


def _latest(case):
    runs = [row for row in DemandSearch.objects.filter(demand__case=case) if row.production]
    return max(runs, key=lambda row: productions.Production.objects.get(pk=row.production).ordinal).production


class Desk:
    """An analyst at the pages, without a browser, at noon."""

    def __init__(self, actor) -> None:
        self.page = people.sign_in(make.again_by_ref(actor.ref), at=NOON)

    def get(self, path, status=200):
        with time_machine.travel(NOON, tick=False):
            answer = self.page.get(path)
        assert answer.status_code == status
        return answer.content.decode()

    def post(self, path, data, status=302):
        with time_machine.travel(NOON, tick=False):
            answer = self.page.post(path, data)
        assert answer.status_code == status, answer.content.decode()
        return answer.content.decode()


def upload(name, content=b"%PDF-1.7 ..."):
    file = io.BytesIO(content)
    file.name = name
    return {"file": file}


@pytest.mark.both_databases
def test_an_order_is_dropped_only_with_a_reason_and_is_open_again_after_the_next_search(desk):
    first, second = desk
    case = scoped(first, second, ("messages", TARGET, WEEK))
    searched(case, first)
    order = WorkOrder.objects.get().pk
    ada = Desk(first)

    ada.post(f"/desk/work-orders/{order}/drop/", {"reason": ""}, status=422)
    ada.post(f"/desk/work-orders/{order}/drop/", {"reason": "The system keeps none of that time."})

    assert "The system keeps none of that time." in ada.get(f"/desk/work-orders/{order}/")
    assert "ended already" in ada.post(f"/desk/work-orders/{order}/attach/", upload("a.pdf"), status=422)
    searched(case, first)
    assert sorted(WorkOrder.objects.values_list("state", flat=True)) == ["DROPPED", "OPEN"]


@pytest.mark.both_databases
def test_a_table_an_empty_file_and_a_second_result_are_refused_with_a_sentence(desk):
    first, second = desk
    searched(scoped(first, second, ("messages", TARGET, WEEK)), first)
    order = WorkOrder.objects.get().pk
    ada, address = Desk(first), f"/desk/work-orders/{order}/attach/"

    assert "Attach the result as a document" in ada.post(address, upload("rows.csv"), status=422)
    assert "empty" in ada.post(address, upload("empty.pdf", b""), status=422)
    ada.post(address, upload("../../etc/pass wd.pdf"))

    assert WorkOrder.objects.get().name == "pass_wd.pdf"
    assert "ended already" in ada.post(address, upload("again.pdf"), status=422)


@pytest.mark.both_databases
def test_two_results_of_one_name_leave_under_two(desk):
    first, second = desk
    case = scoped(first, second, ("messages", TARGET, WEEK), ("messages", OTHER, WEEK))
    searched(case, first)
    ada = Desk(first)

    for order in WorkOrder.objects.order_by("pk"):
        ada.post(f"/desk/work-orders/{order.pk}/attach/", upload("messages.pdf"))

    assert sorted(WorkOrder.objects.values_list("name", flat=True)) == ["messages-2.pdf", "messages.pdf"]
    searched(case, first)
    parts = productions.opened(id=_latest(case), by=first, now=NOON).inputs.parts
    assert sorted(part.name for part in parts) == ["messages-2.pdf", "messages.pdf"]


@pytest.mark.both_databases
def test_of_a_withdrawn_demand_nothing_is_fetched_any_more(desk):
    first, second = desk
    case = scoped(first, second, ("messages", TARGET, WEEK))
    searched(case, first)
    order = WorkOrder.objects.get().pk
    demands.withdraw(case=case, how="telephone", by=first, now=NOON)
    ada = Desk(first)

    assert "No scope in force grants this any more" in ada.get(f"/desk/work-orders/{order}/")
    assert "Drop the order" in ada.post(f"/desk/work-orders/{order}/attach/", upload("a.pdf"), status=422)
    assert WorkOrder.objects.get().state == "OPEN"


@pytest.mark.both_databases
def test_a_result_is_taken_by_an_analyst_and_each_look_is_in_the_trail(desk):
    first, second = desk
    searched(scoped(first, second, ("messages", TARGET, WEEK)), first)
    order = WorkOrder.objects.get().pk
    ada = Desk(first)

    ada.get(f"/desk/work-orders/{order}/result/", status=404)
    ada.post(f"/desk/work-orders/{order}/attach/", upload("messages.pdf", b"%PDF-1.7 what it gave"))

    assert ada.get(f"/desk/work-orders/{order}/result/") == "%PDF-1.7 what it gave"
    ada.get(f"/desk/work-orders/{order}/")
    shown = [
        entry.data["how"] for entry in trail.since(NOON - HOUR) if entry.event == "demand.work_order_shown"
    ]
    assert shown == ["result", "page"]


@pytest.mark.both_databases
def test_the_list_of_orders_holds_no_number_and_none_of_a_case_sealed_to_others(desk):
    from tecum.cases import operations as cases

    first, second = desk
    open_case, shut_case = (scoped(first, second, ("messages", TARGET, WEEK)) for _ in range(2))
    searched(open_case, first)
    searched(shut_case, first)
    cases.seal(case=shut_case, people=[second.ref], by=first, now=NOON)
    third = make.analyst()

    page = Desk(third).get("/desk/work-orders/")

    assert TARGET not in page and TARGET[-4:] not in page
    rows, count = queries.desk_orders(by=third, now=NOON)
    assert ([row.case for row in rows], count) == ([open_case], 1)
    shut = WorkOrder.objects.get(demand__case=shut_case).pk
    for address in ("", "attach/", "drop/", "result/"):
        Desk(third).get(f"/desk/work-orders/{shut}/{address}", status=404)
