"""What an administrator changes while a surveillance runs: a switch more, another handset, a cut that is held and let happen."""

from datetime import timedelta

import pytest

from tecum.models import Authority, SurveillanceAct
from tecum.surveillance import operations as surveillance
from tecum.surveillance.operations import orders
from tecum.surveillance.rules.ordered import Allows
from tests import make
from tests.make import NOON, acting
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


@pytest.fixture
def begun_later(bill, freeze):  # noqa: F811
    """An order whose time runs from its implementation, put on a switch two days after it was authorised."""
    freeze(NOON)
    ada, bo = administrator(), administrator("Bo Farrow")
    case = by_fax(ada)
    sound(case, ada, order=order_said(switches=("training-1",), start="implementation"))
    authority = in_force(case, ada, bo)
    later = NOON + timedelta(days=2)
    freeze(later)
    first, second = (acting(make.again_by_ref(each.ref), stepped_up_at=later) for each in (ada, bo))
    act = surveillance.activate(authority=authority, by=first, now=later)
    surveillance.approve(act=act, by=second, now=later, affirmed_as=bo.name)
    carried(later)
    orders.settle(surveillance=Authority.objects.get().surveillance_id, by=JOBS, now=later)
    return case, ada, bo


@pytest.mark.requirement("R-129", "R-130")
def test_the_later_end_of_an_order_that_began_later_is_proposed_by_one_and_approved_by_another(
    begun_later, visitor
):
    case, ada, bo = begun_later
    before = Authority.objects.get().ends_at
    visitor.sign_in(make.again_by_ref(ada.ref)).go(f"/orders/{case}/")
    page = visitor.page
    page.click("a:has-text('Propose the later end')")
    visitor.check("order-longer")
    page.click("button:has-text('Propose it')")
    page.get_by_text("Proposed; another administrator approves it.").wait_for()
    assert Authority.objects.get().ends_at == before

    visitor.sign_in(make.again_by_ref(bo.ref)).go(f"/orders/{case}/")
    page.click("a:has-text('Look at what was proposed')")
    visitor.check("order-longer-approve")
    page.click("button:has-text('Approve exactly this')")
    page.wait_for_url(f"**/orders/{case}/")
    assert Authority.objects.get().ends_at == before + timedelta(days=2)
    visitor.check("order-longer-done")
