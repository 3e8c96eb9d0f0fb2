"""The board of starts and ends, the state of the switches and a technician's work, in a real browser."""

from datetime import timedelta

import pytest

from tecum.models import Mismatch, SwitchOrder, Tap
from tecum.surveillance.drivers.simulator import Mood
from tests import make, taps
from tests.make import NOON
from tests.taps import NUMBER, carried, pen, switch, watched, wireless, wiretap  # noqa: F401

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.usefixtures("wireless"),
]
DAY, MINUTE, SECOND = timedelta(days=1), timedelta(minutes=1), timedelta(seconds=1)


@pytest.fixture(autouse=True)
def noon(freeze, wireless):  # noqa: F811
    freeze(NOON)


@pytest.fixture
def running():
    """Two orders that ran for a month and end tomorrow; one switch lost its part, one was silent over an earlier end."""
    began = NOON - 29 * DAY
    found = taps.order(began).authorize(
        pen("training-1", "mso-east"), wiretap("training-1"), starts_at=began, ends_at=NOON + DAY, now=began
    )
    found.activate(began)
    carried(began + MINUTE)
    late = taps.order(began).authorize(pen("training-2"), starts_at=began, ends_at=NOON - MINUTE, now=began)
    late.activate(began)
    carried(began + MINUTE)
    switch("training-2").behave(Mood.SILENT, times=-1)
    carried(NOON - 65 * SECOND)
    carried(NOON - 50 * SECOND)
    switch("training-1").restart()
    watched(NOON - 30 * SECOND)
    found.extend(NOON + 2 * DAY, NOON - 20 * SECOND)
    return found


def test_an_administrator_sees_what_ends_and_what_differs_and_puts_back_what_a_switch_lost(running, visitors):
    ada = visitors()
    ada.sign_in(make.again_by_ref(running.proposer.ref)).go("/switches/")
    ada.check("switches-board")
    assert "Not seen off" in ada.page.content()
    ada.go("/switches/state/")
    ada.check("switches-state")
    ada.go(f"/switches/surveillances/{running.surveillance}/")
    ada.check("switches-surveillance")

    ada.go("/switches/state/")
    missing = Mismatch.objects.get(kind="missing")
    ada.go(f"/switches/differences/{missing.pk}/put-back/")
    ada.page.get_by_label("Your full name").fill("Ada Lindqvist")
    ada.check("switches-put-back")
    ada.page.get_by_role("button", name="Put it back").click()
    ada.page.get_by_text("The switch is being told again.").wait_for()

    carried(NOON + SECOND)
    assert Tap.objects.get(switch="training-1").state == "ACTIVE"


def test_a_technician_accepts_types_and_reports_and_another_confirms(running, visitors):
    one, two = taps.technician("Ines Okafor"), taps.technician("Jo Marsh")
    order = SwitchOrder.objects.get(what="on")
    ines = visitors()
    ines.sign_in(make.again_by_ref(one.ref)).go("/switches/work/")
    ines.check("switches-work")
    assert NUMBER not in ines.page.content(), "the list holds no number"
    ines.go(f"/switches/work/{order.pk}/")
    ines.page.get_by_role("button", name="I will do it").click()
    ines.page.get_by_role("link", name="Report what it shows").click()
    reported(ines)
    ines.page.get_by_role("button", name="Keep what I saw").click()
    ines.check("switches-work-reported")

    jo = visitors()
    jo.sign_in(make.again_by_ref(two.ref)).go(f"/switches/work/{order.pk}/report/")
    reported(jo)
    jo.page.get_by_role("button", name="Keep what I saw").click()
    jo.page.get_by_text("Kept.").wait_for()

    assert Tap.objects.get(switch="mso-east").state == "ACTIVE"


def reported(visitor):
    visitor.page.get_by_text("Yes, as follows").click()
    visitor.page.get_by_label("Number it shows").fill("(292) 555-0142")
    visitor.page.get_by_text("Pen register").click()
    visitor.page.get_by_label("Delivered to").fill(taps.DIAL_UP)


def test_a_difference_is_settled_by_somebody_who_looked(running, visitors):
    overrun = Mismatch.objects.get(kind="overrun")
    switch("training-2").recover()
    carried(NOON + SECOND)
    ada = visitors()

    ada.sign_in(make.again_by_ref(running.proposer.ref)).go(f"/switches/differences/{overrun.pk}/settle/")
    ada.page.get_by_text("I looked").click()
    ada.check("switches-settle")
    ada.page.get_by_role("button", name="Settle it").click()
    ada.page.get_by_text("The difference is settled.").wait_for()

    assert Mismatch.objects.get(kind="overrun").state == "SETTLED"
