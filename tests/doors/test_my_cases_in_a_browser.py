"""The officer's own cases in a real browser, by keyboard too: looked at, withdrawn, taken back."""

from datetime import date, timedelta

import pytest

from tecum.cases.facts import Asked, Contact
from tecum.demands import operations as demands
from tecum.demands.states import DemandState
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.models import Demand
from tecum.process.facts import Said
from tests import make
from tests.make import NOON, acting

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]
APRIL = Period(NOON - timedelta(days=160), NOON - timedelta(days=130))


@pytest.fixture(autouse=True)
def noon(freeze, settings):
    settings.TECUM_GUIDE = "example"
    freeze(NOON)


def test_an_officer_looks_at_a_deficient_case_withdraws_it_and_takes_it_back(visitors):
    home = make.agency()
    vane, analyst = make.officer("Cora Vane", at=home), make.analyst()
    said = Said(
        process="subpoena", number="GJ-26-114", issued_on=date(2026, 9, 3), signed=False, country="US"
    )
    got = demands.receive(
        channel="fax", received_at=NOON, said=said, contact=Contact(name="Cora Vane", email="vane@agency.example.gov"),
        targets=[Asked(number, APRIL, "cdr") for number in ("2925550142", "2925550117")], agency=home.id,
        people=(acting(vane).ref,), by=Actor.system("tests"), now=NOON,
    )  # fmt: skip
    demands.take(case=got.case, by=analyst, now=NOON)
    demands.confirm(case=got.case, said=said, targets=[], by=analyst, now=NOON)
    demands.find_deficient(case=got.case, by=analyst, now=NOON)

    visitor = visitors()
    visitor.sign_in(vane).go("/cases/")
    visitor.check("my-cases")
    visitor.page.get_by_role("link", name=got.reference).click()
    visitor.page.get_by_role("heading", name="What you can do").wait_for()
    visitor.check("my-case", printed=True)
    visitor.page.get_by_role("link", name="Withdraw", exact=True).focus()
    visitor.page.keyboard.press("Enter")
    visitor.page.get_by_role("heading", name="Withdraw from case").wait_for()
    visitor.check("my-case-withdraw")
    visitor.page.get_by_role("button", name="Withdraw", exact=True).focus()
    visitor.page.keyboard.press("Enter")
    visitor.page.get_by_role("link", name="Take the withdrawal back").wait_for()
    visitor.check("my-case-withdrawn")
    assert Demand.objects.get(case=got.case).state == DemandState.WITHDRAWN
    visitor.page.get_by_role("link", name="Take the withdrawal back").click()
    visitor.page.get_by_role("heading", name="Take the withdrawal").wait_for()
    visitor.check("my-case-undo")
    visitor.page.get_by_role("button", name="Take it back").click()

    visitor.page.get_by_text("The demand goes on.").wait_for()
    assert Demand.objects.get(case=got.case).state == DemandState.DEFICIENT
