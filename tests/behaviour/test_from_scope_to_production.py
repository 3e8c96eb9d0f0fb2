"""What two people granted is searched, and exactly that becomes files of a production; the rest is said with its reason."""

import csv
import io
import shutil
import zipfile
from dataclasses import replace
from datetime import timedelta

import openpyxl
import pytest

from tecum.accounts import operations as accounts
from tecum.cases import sealed
from tecum.cases.operations import GateOpen
from tecum.demands import operations as demands
from tecum.demands.drivers import failpoints
from tecum.demands.states import OwedState
from tecum.documents import operations as documents
from tecum.jobs import long, worker
from tecum.jobs.table import TABLE
from tecum.kernel.actors import Actor
from tecum.models import CustomerOwed, Deadline, Demand, DemandScope, DemandSearch, StoredFile, WorkOrder
from tecum.production import operations as productions
from tecum.production import queries
from tecum.production.rules.facts import Outcome
from tecum.production.rules.views import Receivers
from tecum.records.rules import products
from tecum_verify.bags import opened
from tecum_verify.production import verify
from tests import make
from tests.make import NOON
from tests.productions import package, signing  # noqa: F401
from tests.records import OTHER, TARGET, THIRD, line, load
from tests.searches import WEEK, guided, scoped, searched

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
HOUR = timedelta(hours=1)


@pytest.fixture
def desk():
    """Two analysts."""
    return tuple(make.analyst() for _ in range(2))


@pytest.fixture(autouse=True)
def calls(store, settings, tmp_path):
    """Three calls of the target: made, received, received from a number abroad; one of others; one before the week."""
    guided(store)
    load(
        store,
        [
            line(1, at=NOON - 30 * HOUR),
            line(2, a=OTHER, b=TARGET, at=NOON - 29 * HOUR),
            line(3, a="+442079460100", b=TARGET, at=NOON - 28 * HOUR),
            line(4, a=OTHER, b=THIRD, at=NOON - 27 * HOUR),
            line(5, at=NOON - 200 * HOUR),
        ],
    )
    return store


def inputs(search, by):
    row = DemandSearch.objects.get(pk=search)
    assert row.state == "DONE", _why(row)
    return queries.opened(id=row.production, by=by, now=NOON).inputs


def _why(row):
    return sealed.opened(sealed.key_of(row.demand.matter), f"search {row.pk} why", row.why)


def table(part):
    text = documents.read(part.file).decode("utf-8-sig")
    statement, *rest = list(csv.reader(io.StringIO(text)))
    return statement, [dict(zip(rest[0], row, strict=True)) for row in rest[1:]]


def test_what_is_granted_becomes_the_export_and_nothing_else_leaves(desk):
    first, second = desk
    case = scoped(first, second, ("fraud_report", TARGET, WEEK))

    made = inputs(searched(case, first), first)

    statement, rows = table(made.parts[0])
    assert made.parts[0].name == f"{made.case.reference}_{TARGET}_CDR.csv"
    assert "CONFIDENTIAL" in statement[0]
    assert list(rows[0]) == products.headings(products.chosen(()))
    assert [row["Record ID"] for row in rows] == ["R1", "R2", "R3"]
    assert [row["Direction"] for row in rows] == ["outgoing", "incoming", "incoming"]
    assert sum(each.rows for each in made.coverage) == 3


def test_the_workbook_holds_the_same_rows_as_text_for_an_independent_reader(desk):
    first, second = desk
    case = scoped(first, second, ("fraud_report", TARGET, WEEK))

    made = inputs(searched(case, first), first)

    book = openpyxl.load_workbook(io.BytesIO(documents.read(made.parts[1].file)))
    sheet = [list(row) for row in book.active.iter_rows()]
    assert [cell.value for cell in sheet[1]] == products.headings(products.chosen(()))
    assert len(sheet) == 2 + 3
    assert {cell.data_type for row in sheet[2:] for cell in row if cell.value is not None} == {"s"}
    assert sheet[4][2].value == "+442079460100"


@pytest.mark.requirement("R-101", "R-102")
def test_an_invoice_never_shows_who_called(desk):
    first, second = desk
    case = scoped(first, second, ("invoice", TARGET, WEEK))

    made = inputs(searched(case, first), first)

    _, rows = table(made.parts[0])
    assert [row["Calling Number"] for row in rows] == [TARGET, "INCOMING", "INCOMING"]
    assert rows[0]["Called Number"] == OTHER
    for part in made.parts:
        assert b"2079460100" not in documents.read(part.file)
    assert OTHER not in "".join(rows[1].values())


@pytest.mark.sabotage("R-102: the mask of the invoice")
def test_without_the_mask_the_caller_would_stand_on_the_invoice(desk, monkeypatch):
    first, second = desk
    case = scoped(first, second, ("invoice", TARGET, WEEK))
    monkeypatch.setattr(products, "INCOMING", "no such mask")

    made = inputs(searched(case, first), first)

    _, rows = table(made.parts[0])
    assert [row["Calling Number"] for row in rows][1] == OTHER


def test_who_called_a_destination_leaves_without_the_calls_it_made(desk, calls):
    first, second = desk
    load(
        calls,
        [line(6, a=OTHER, b=THIRD, at=NOON - 26 * HOUR), line(7, a=THIRD, b=OTHER, at=NOON - 25 * HOUR)],
        name="rated-1.csv",
    )
    case = scoped(first, second, ("calls_to", THIRD, WEEK))

    made = inputs(searched(case, first), first)

    _, rows = table(made.parts[0])
    assert [row["Record ID"] for row in rows] == ["R6"]
    assert rows[0]["Target Number"] == THIRD


def test_the_time_that_no_file_speaks_of_is_withheld_with_the_reason_and_never_called_empty(desk):
    first, second = desk
    case = scoped(first, second, ("fraud_report", TARGET, WEEK))

    made = inputs(searched(case, first), first)

    silent = [each for each in made.coverage if each.outcome is Outcome.WITHHELD]
    assert silent and all("Nothing was delivered" in each.why for each in silent)
    assert not [each for each in made.coverage if each.outcome is Outcome.NONE and not each.held]


def test_a_product_of_another_system_opens_a_work_order_and_the_rest_goes_on(desk):
    first, second = desk
    case = scoped(first, second, ("fraud_report", TARGET, WEEK), ("messages", TARGET, WEEK))

    made = inputs(searched(case, first), first)

    order = WorkOrder.objects.get()
    assert (order.system, order.state) == ("message_centre", "OPEN")
    assert {part.product for part in made.parts} == {"fraud_report"}
    waits = [each for each in made.coverage if each.product == "messages"]
    assert [each.outcome for each in waits] == [Outcome.WITHHELD]

    demands.attach_result(
        order=order.pk, name="messages.pdf", media_type="application/pdf", content=b"%PDF-1.7 ...", by=first, now=NOON
    )  # fmt: skip
    later = inputs(searched(case, first), first)

    assert {part.name for part in later.parts if part.product == "messages"} == {"messages.pdf"}
    assert WorkOrder.objects.count() == 1


def test_a_table_is_no_result_of_a_work_order_for_nobody_could_check_its_rows(desk):
    first, second = desk
    searched(scoped(first, second, ("messages", TARGET, WEEK)), first)
    order = WorkOrder.objects.get()

    with pytest.raises(demands.CannotEnd, match="as a document"):
        demands.attach_result(
            order=order.pk, name="m.csv", media_type="text/csv", content=b"a", by=first, now=NOON
        )


def test_without_a_scope_in_force_nothing_is_searched(desk):
    first, second = desk
    case = scoped(first, second, ("fraud_report", TARGET, WEEK))
    DemandScope.objects.update(ended_at=NOON)

    with pytest.raises(demands.CannotSearch, match="two people"):
        demands.gather(case=case, by=first, now=NOON)


def test_a_second_search_waits_until_the_first_has_ended(desk):
    first, second = desk
    case = scoped(first, second, ("fraud_report", TARGET, WEEK))
    demands.gather(case=case, by=first, now=NOON)

    with pytest.raises(demands.CannotSearch, match="under way"):
        demands.gather(case=case, by=second, now=NOON)


def test_a_search_cancelled_in_the_middle_leaves_nothing(desk, monkeypatch, settings):
    first, second = desk
    case = scoped(first, second, ("fraud_report", TARGET, WEEK), ("invoice", TARGET, WEEK))
    search = demands.gather(case=case, by=first, now=NOON)
    before = StoredFile.objects.count()

    def cancelled(point):
        if point == "answered":
            demands.cancel_search(search=search, by=second, now=NOON)
            monkeypatch.setattr(failpoints, "reach", lambda _: None)

    monkeypatch.setattr(failpoints, "reach", cancelled)
    long.search_all(lambda: NOON)

    assert DemandSearch.objects.get().state == "CANCELLED"
    assert StoredFile.objects.count() == before
    assert queries.productions(by=first, now=NOON) == []
    assert not Deadline.objects.filter(kind="demand.search", state="ARMED").exists()


def test_whoever_lost_the_role_meanwhile_gets_nothing_searched(desk):
    first, second = desk
    case = scoped(first, second, ("fraud_report", TARGET, WEEK))
    search = demands.gather(case=case, by=first, now=NOON)
    accounts.suspend_person(
        person=first.ref.removeprefix("person:"), reason="Left.", by=make.acting(make.person("Pat", roles=["security_and_fraud"])), now=NOON
    )  # fmt: skip

    long.search_all(lambda: NOON)

    assert DemandSearch.objects.get(pk=search).state == "STOPPED"


def test_a_scope_that_changed_meanwhile_stops_the_search(desk):
    first, second = desk
    case = scoped(first, second, ("fraud_report", TARGET, WEEK))
    search = demands.gather(case=case, by=first, now=NOON)
    DemandScope.objects.update(ended_at=NOON)
    long.search_all(lambda: NOON)

    assert DemandSearch.objects.get(pk=search).state == "STOPPED"


@pytest.mark.usefixtures("signing")
def test_the_files_are_made_into_a_package_that_the_independent_verifier_finds_good(desk, tmp_path):
    first, second = desk
    case = scoped(first, second, ("fraud_report", TARGET, WEEK), ("invoice", TARGET, WEEK))
    search = searched(case, first)

    assert long.make_all(lambda: NOON) == 1

    production = DemandSearch.objects.get(pk=search).production
    (tmp_path / "answer.zip").write_bytes(package(production))
    with zipfile.ZipFile(tmp_path / "answer.zip") as archive:
        names = {name.rpartition("/")[2].split("_", 1)[1] for name in archive.namelist() if "_CDR." in name}
    assert names == {
        f"{TARGET}_{each}_CDR.{form}" for each in ("fraud_report", "invoice") for form in ("csv", "xlsx")
    }
    assert verify(opened(tmp_path / "answer.zip"))[0] == []


OWN = '[[own_records]]\nid = "productions"\nkeep = "5 years"\n'


def told_by(folder, settings, *lines):
    """Let the carrier's guide owe its customers a notice."""
    mine = folder / "guides" / "telling"
    shutil.copytree(folder / "guides" / "plains", mine)
    text = (mine / "guide.toml").read_text().replace('name = "plains"', 'name = "telling"')
    more = ["[[customer_notices]]", 'id = "told"', "told = true", *lines, OWN]
    (mine / "guide.toml").write_text("\n".join([text, *more]))
    shutil.copy(settings.ROOT / "guides" / "example" / "wording" / "customer_notice.md", mine / "wording")
    settings.TECUM_GUIDE = str(mine)


def made_of(case, by):
    """Search and make, and return the production."""
    search = searched(case, by)
    assert long.make_all(lambda: NOON) == 1
    return DemandSearch.objects.get(pk=search).production


def proposed(production, first, officer):
    """Let one propose the release to the officer, and return the approval that it waits for."""
    return productions.propose_release(
        production=production, receivers=Receivers(people=(officer.ref,)), by=first, now=NOON
    ).id


def leaves(production, approval, second, *, now):
    """Let another approve it, and the demand end with it."""
    productions.approve_release(
        production=production, approval=approval, by=replace(second, stepped_up_at=now), now=now
    )
    return demands.released(production=production, by=Actor.system("jobs"), now=now)


def posted(case, by, *, now):
    made = CustomerOwed.objects.get(demand__case=case)
    return demands.tell_customer(
        owed=made.pk, way="post", name="A. Customer", to="1 Elm St", posted_on=now.date(), now=now,
        by=replace(by, stepped_up_at=now),
    )  # fmt: skip


@pytest.mark.usefixtures("signing")
def test_no_release_before_the_customer_was_told_and_its_time_to_object_is_over(desk, calls, settings):
    told_by(calls, settings, 'when = "before_production"', 'wait = "7 days"')
    first, second = desk
    officer = make.acting(make.officer())
    case = scoped(first, second, ("fraud_report", TARGET, WEEK), agency=officer.agency, people=(officer.ref,))
    production = made_of(case, first)
    approval = proposed(production, first, officer)
    with pytest.raises(GateOpen, match="notice to the customer"):
        leaves(production, approval, second, now=NOON)
    wait = posted(case, first, now=NOON).wait_until
    with pytest.raises(GateOpen):
        leaves(production, approval, second, now=wait - timedelta(minutes=1))
    worker.run_all(TABLE, lane="ordinary", clock=lambda: wait)

    assert leaves(production, approval, second, now=wait)

    assert Demand.objects.get().state == "PRODUCED"
    assert CustomerOwed.objects.get().state == OwedState.SENT


@pytest.mark.usefixtures("signing")
def test_released_under_a_gag_the_customer_is_told_when_it_ends_and_not_before(desk, calls, settings):
    told_by(calls, settings, 'when = "after_production"')
    first, second = desk
    officer = make.acting(make.officer())
    case = scoped(first, second, ("fraud_report", TARGET, WEEK), agency=officer.agency, people=(officer.ref,))
    until = (NOON + timedelta(days=30)).date()
    demands.set_gag(case=case, gag=True, starts=NOON.date(), until=until, cited=True, by=first, now=NOON)

    production = made_of(case, first)
    assert leaves(production, proposed(production, first, officer), second, now=NOON)

    made = CustomerOwed.objects.get()
    assert (made.state, made.why) == (OwedState.WAITING, "gag") and made.produced_at == NOON
    with pytest.raises(demands.CannotTell, match="gag"):
        posted(case, first, now=NOON)
    over = NOON + timedelta(days=31)
    worker.run_all(TABLE, lane="ordinary", clock=lambda: over)
    assert CustomerOwed.objects.get().state == OwedState.DUE
    assert posted(case, first, now=over).state is OwedState.SENT


@pytest.mark.usefixtures("signing")
def test_where_nothing_about_a_customer_left_nobody_is_told(desk, calls, settings):
    told_by(calls, settings, 'when = "after_production"')
    first, second = desk
    officer = make.acting(make.officer())
    case = scoped(
        first, second, ("fraud_report", "2925550199", WEEK), agency=officer.agency, people=(officer.ref,)
    )

    production = made_of(case, first)
    assert leaves(production, proposed(production, first, officer), second, now=NOON)

    made = CustomerOwed.objects.get()
    assert Demand.objects.get().state == "NO_RECORDS"
    assert (made.state, made.why) == (OwedState.SPARED, "nothing_left")
