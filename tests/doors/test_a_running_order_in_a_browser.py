"""What an administrator changes while a surveillance runs: a switch more, another handset, a cut that is held and let happen."""

from datetime import timedelta

import pytest

from tecum.models import Authority, SurveillanceAct
from tecum.surveillance import operations as surveillance
from tecum.surveillance.operations import orders
from tecum.surveillance.rules.ordered import Allows
from tests import make
from tests.make import NOON
from tests.orders import administrator, bill, by_fax, carrier, in_force, order_said, sound  # noqa: F401
from tests.subscribers import billing  # noqa: F401
from tests.taps import JOBS, carried

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def running(bill, freeze):  # noqa: F811
    freeze(NOON)
    ada, bo = administrator(), administrator("Bo Farrow")
    case = by_fax(ada)
    sound(case, ada, order=order_said(switches=("training-1",), allows=Allows(new_handset=True)))
    authority = in_force(case, ada, bo)
    act = surveillance.activate(authority=authority, by=ada, now=NOON)
    surveillance.approve(act=act, by=bo, now=NOON, affirmed_as=bo.name)
    orders.settle(surveillance=Authority.objects.get().surveillance_id, by=JOBS, now=NOON)
    carried(NOON + timedelta(seconds=1))
    return case, ada


def test_a_switch_more_another_handset_and_a_cut_that_is_held(running, visitor):
    case, ada = running
    visitor.sign_in(make.again_by_ref(ada.ref)).go(f"/orders/{case}/")
    page = visitor.page
    page.click("a:has-text('Add a switch')")
    page.select_option("#id_switch", "training-2")
    visitor.check("order-add-switch")
    page.click("button:has-text('Propose it')")
    page.get_by_text("Proposed; another administrator affirms it.").wait_for()
    assert SurveillanceAct.objects.filter(act="surveillance.add_switch", state="PROPOSED").exists()

    page.click("a:has-text('Follow a changed handset')")
    page.fill("#id_imei", "490154203237526")
    visitor.check("order-handset")
    page.click("button:has-text('Propose it')")
    page.get_by_text("Proposed; another administrator affirms it.").wait_for()

    page.click("a:has-text('Hold the cut')")
    page.fill("#id_received_at", "2026-09-08T11:50")
    page.fill("#id_states_until", "2026-11-03T00:00")
    page.locator("label[for=id_verified]").click()
    visitor.check("order-hold")
    page.click("button:has-text('Hold it')")
    page.get_by_text("The cut is held.").wait_for()
    assert Authority.objects.get().held_until is not None
    page.click("a:has-text('Let the held cut happen')")
    visitor.check("order-release")
    page.click("button:has-text('Let it happen')")
    page.get_by_text("It is cut at its own end.").wait_for()
    assert Authority.objects.get().held_until is None
