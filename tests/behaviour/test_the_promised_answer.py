"""The time promised for an answer: counted for the product asked, still while the agency mends, reminded of, ended."""

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases.facts import Asked, Contact
from tecum.cases.states import ClockState
from tecum.demands import operations as demands
from tecum.demands.queries import mine
from tecum.guide.problems import FaultyGuide
from tecum.jobs import worker
from tecum.jobs.table import TABLE
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.models import Deadline, Notice
from tecum.process import operations as process
from tecum.process import queries as papers
from tecum.process.facts import Said
from tests import make
from tests.make import NOON, acting

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
GUIDES = Path(__file__).resolve().parents[2] / "guides"
SYSTEM = Actor.system("tests")
APRIL = Period(NOON - timedelta(days=160), NOON - timedelta(days=130))
SAID = Said(process="subpoena", number="GJ-26-114", signed=True, issued_on=date(2026, 9, 3), country="US")
WORDS = 'time = "5 business days"'
CUSTOMERS = """
[[turnarounds]]
id = "customer"
products = ["customer"]
time = "2 business days"
"""


@pytest.fixture
def carrier(settings, tmp_path):
    """Put the example carrier's guide in force, with other words where a test gives some."""

    def put(*changes: tuple[str, str], more: str = "") -> None:
        shutil.copytree(GUIDES / "example", tmp_path / "mine")
        for was, is_now in changes:
            (place,) = [file for file in (tmp_path / "mine").glob("*.toml") if was in file.read_text()]
            place.write_text(place.read_text().replace(was, is_now, 1))
        with (tmp_path / "mine" / "fees.toml").open("a") as file:
            file.write(more)
        settings.TECUM_GUIDE = str(tmp_path / "mine")

    return put


def evening(day: int) -> datetime:
    """Return the end of business of a day of September: 18:00 in Chicago."""
    return datetime(2026, 9, day, 23, tzinfo=UTC)


def received(*products: str, said: Said = SAID, people: tuple[str, ...] = (), agency: str = "") -> str:
    got = demands.receive(
        channel="fax", received_at=NOON, said=said, contact=Contact(name="Det. Vane", email="vane@agency.example.gov"),
        targets=[Asked("2925550142", APRIL, product, words="item 1") for product in products], by=SYSTEM, now=NOON,
        agency=agency, people=people,
    )  # fmt: skip
    return got.case


def answer(case: str):
    clocks = files.clocks(case=case, by=SYSTEM, now=NOON)
    return next(
        (each for each in clocks if each.kind == "answer" and each.state is not ClockState.ENDED), None
    )


def deficient(case: str, by: Actor, *, at: datetime) -> None:
    demands.find_deficient(case=case, note="It is not signed.", by=by, now=at)


def test_the_promise_is_that_of_the_product_asked_and_of_several_the_earliest(carrier):
    carrier(more=CUSTOMERS)

    toll, customer, both, neither = (
        received(*asked) for asked in (["cdr"], ["customer"], ["cdr", "customer"], [])
    )

    assert answer(toll).due_at == evening(15)
    assert answer(customer).due_at == answer(both).due_at == evening(10)
    assert answer(neither) is None


def test_a_product_read_in_the_paper_later_is_promised_from_the_arrival_all_the_same(carrier):
    carrier()
    ruiz, case = make.analyst(), received()
    demands.take(case=case, by=ruiz, now=NOON)

    later = NOON + timedelta(days=2)
    demands.confirm(case=case, said=SAID, targets=[Asked("2925550142", APRIL, "cdr")], by=ruiz, now=later)

    assert (answer(case).started_at, answer(case).due_at) == (NOON, evening(15))


def test_what_was_left_is_counted_in_business_days_when_the_agency_has_mended_its_process(carrier):
    """Five were promised and two used: three are left, whatever weekends lay between."""
    carrier()
    ruiz, case = make.analyst(), received("cdr")
    demands.take(case=case, by=ruiz, now=NOON)

    deficient(case, ruiz, at=NOON + timedelta(days=2))  # Thursday
    waiting = answer(case)
    demands.go_on(case=case, by=ruiz, now=NOON + timedelta(days=13))  # the Monday of the week after next

    assert (waiting.state, waiting.due_at) == (ClockState.PAUSED, None)
    assert answer(case).due_at == evening(
        24
    )  # Thursday of that week; by the hours that passed it were the Saturday


def test_a_second_pause_moves_it_once_more(carrier):
    carrier()
    ruiz, case = make.analyst(), received("cdr")
    demands.take(case=case, by=ruiz, now=NOON)
    for paused, resumed in ((1, 3), (6, 8)):  # Wednesday to Friday, Monday to Wednesday
        deficient(case, ruiz, at=NOON + timedelta(days=paused))
        (letter,) = papers.of_case(case=case, by=ruiz, now=NOON)
        process.look_again(received=letter.id, by=ruiz, now=NOON + timedelta(days=paused))
        demands.go_on(case=case, by=ruiz, now=NOON + timedelta(days=resumed))

    assert answer(case).due_at == evening(21)  # five business days and four that do not count


def test_where_the_guide_says_so_the_promise_begins_again(carrier):
    carrier(('pauses = "deficiency"', 'pauses = "deficiency"\nrestarts = "from_start"'))
    ruiz, case = make.analyst(), received("cdr")
    demands.take(case=case, by=ruiz, now=NOON)
    deficient(case, ruiz, at=NOON + timedelta(days=2))

    demands.go_on(case=case, by=ruiz, now=NOON + timedelta(days=13))

    assert answer(case).due_at == evening(28)


def test_where_the_guide_counts_from_acceptance_nothing_runs_before(carrier):
    carrier((WORDS, f'{WORDS}\nstarts = "acceptance"'))
    ruiz, case = make.analyst(), received("cdr")
    demands.take(case=case, by=ruiz, now=NOON)
    demands.confirm(case=case, said=SAID, targets=[], by=ruiz, now=NOON)
    before = answer(case)

    demands.accept(case=case, despite="read by hand", by=ruiz, now=NOON + timedelta(days=1))

    assert before is None
    assert answer(case).due_at == evening(16)


def test_a_goal_is_told_as_a_goal_and_a_promise_as_a_promise(carrier):
    carrier(more=CUSTOMERS)
    vane = make.officer()
    who = acting(vane)
    for product in ("cdr", "customer"):
        received(product, people=(who.ref,), agency=vane.agency)

    goal, promise = sorted(each.promised for each in mine(by=who, now=NOON))[::-1]

    assert goal.startswith("Our goal is an answer by") and "no promise" in goal
    assert promise.startswith("An answer is promised by")


def due(kind: str) -> datetime | None:
    found = Deadline.objects.filter(kind=kind, state="ARMED").order_by("due_at").first()
    return found.due_at if found else None


def run(at: datetime) -> int:
    return worker.run_all(TABLE, lane="ordinary", clock=lambda: at)


def test_whoever_works_on_a_demand_is_reminded_before_its_time_and_told_once_when_it_is_over(carrier):
    carrier()
    ruiz, case = make.analyst(), received("cdr")
    demands.take(case=case, by=ruiz, now=NOON)
    first = due("case.clock_near")  # three business days before
    run(evening(10))
    second = due("case.clock_near")  # one business day before
    run(evening(14))
    run(evening(15))

    assert (first, second) == (evening(10), evening(14))
    (address,) = set(Notice.objects.filter(message="case_due_soon").values_list("recipient", flat=True))
    assert Notice.objects.filter(message="case_due_soon").count() == 2
    assert Notice.objects.filter(message="case_overdue", recipient=address).count() == 1
    assert due("case.clock_near") is due("case.clock") is None


def test_the_guide_says_how_long_before_the_reminders_come(carrier):
    carrier(('pauses = "deficiency"', 'pauses = "deficiency"\nreminders = ["2 hours"]'))
    received("cdr")

    assert due("case.clock_near") == evening(15) - timedelta(hours=2)


def test_nobody_is_reminded_of_what_stands_still_or_is_withdrawn(carrier):
    carrier()
    ruiz, vane = make.analyst(), make.officer()
    case = received("cdr", people=(vane.ref,), agency=vane.agency)
    demands.take(case=case, by=ruiz, now=NOON)
    deficient(case, ruiz, at=NOON)
    still = due("case.clock_near"), due("case.clock")
    demands.go_on(case=case, by=ruiz, now=NOON + timedelta(hours=1))
    demands.withdraw(case=case, how="portal", by=acting(vane), now=NOON + timedelta(hours=2))

    assert still == (None, None)
    assert (due("case.clock_near"), due("case.clock")) == (None, None)
    demands.undo(case=case, by=acting(vane), now=NOON + timedelta(hours=3))
    assert due("case.clock") == evening(15)


def test_of_a_sealed_case_only_those_on_its_list_are_reminded(carrier):
    carrier()
    ruiz, vale = make.person(roles=["subpoena_analyst"]), make.person(roles=["subpoena_analyst"])
    case = received("cdr")
    cases.add_person(case=case, person=ruiz.ref, by=acting(ruiz), now=NOON)
    cases.seal(case=case, people=[vale.ref], by=acting(ruiz), now=NOON)
    run(evening(10))

    told = set(Notice.objects.filter(message="case_due_soon").values_list("recipient", flat=True))
    assert told == {ruiz.email, vale.email}, "the desk's common mailbox is read by others"


def test_a_return_date_is_a_clock_that_an_extension_moves(carrier):
    carrier()
    ruiz, case = make.analyst(), received("cdr")
    demands.take(case=case, by=ruiz, now=NOON)

    def confirmed(day: date | None) -> dict[str, datetime | None]:
        said = Said(process="subpoena", signed=True, country="US", return_on=day)
        demands.confirm(case=case, said=said, targets=[], by=ruiz, now=NOON)
        found = files.clocks(case=case, by=ruiz, now=NOON)
        return {each.kind: each.due_at for each in found if each.state is ClockState.RUNNING}

    first, extended, none = (confirmed(day) for day in (date(2026, 9, 11), date(2026, 9, 25), None))

    assert first["return_date"] == datetime(2026, 9, 12, 5, tzinfo=UTC)
    assert extended["return_date"] == datetime(2026, 9, 26, 5, tzinfo=UTC)
    assert "return_date" not in none
    assert files.case(case=case, by=ruiz, now=NOON).due_clock == "answer"


def test_more_than_five_reminders_are_a_mistake_of_the_guide(carrier):
    carrier(('pauses = "deficiency"', 'pauses = "deficiency"\nreminders = [' + '"1 hour", ' * 6 + "]"))

    with pytest.raises(FaultyGuide, match="at most 5, and there are 6"):
        received("cdr")
