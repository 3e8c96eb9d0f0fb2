"""What an analyst and an officer see of an agency that has not paid, and what the billing clerk sees of money held for a case."""

import pytest

from tests import make
from tests.behaviour.test_being_in_arrears import VERY_LATE, carrier, confirmed, days_pass, owing  # noqa: F401
from tests.make import acting

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_who_works_on_a_demand_of_an_agency_that_has_not_paid_reads_what_that_changes(visitor, freeze):
    home = make.agency(domain="marrow.example.gov")
    owing(home, acting(make.person("Bess Oduya", roles=["billing"]), stepped_up_at=make.NOON))
    days_pass(VERY_LATE)
    freeze(VERY_LATE)
    ruiz = make.person("Ruiz Calderwood", roles=["subpoena_analyst"], now=VERY_LATE)

    case = confirmed(home, acting(ruiz), VERY_LATE)
    visitor.sign_in(ruiz).go(f"/demands/{case}/")

    visitor.page.get_by_text("are overdue since").wait_for()
    visitor.check("demand-of-an-agency-in-arrears")
