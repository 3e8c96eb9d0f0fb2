"""T2 for emergencies: their clock cuts as an order's end does, also when nobody was there at the 48th hour (control 1, C3, C4)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from tecum.exigent import operations as exigent
from tecum.models import Mismatch, Tap
from tecum.surveillance.rules.ordered import Ordered
from tests import emergencies
from tests.emergencies import CERTIFIED, wireless  # noqa: F401
from tests.faults.test_ends_that_were_missed import AREAS, restarted_process
from tests.make import NOON
from tests.sizes import PROOF, size
from tests.subscribers import billing  # noqa: F401
from tests.taps import DIAL_UP, INTERCONNECT, PEN, carried, switch

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.both_databases,
    pytest.mark.usefixtures("wireless"),
]
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
TWO_DAYS = timedelta(hours=48)
MOST = 10  # so many numbers one emergency names


@pytest.fixture(autouse=True)
def places(settings, tmp_path):
    """The switches that are played stand where the other process looks for them."""
    settings.DATA = tmp_path


def running(count: int) -> None:
    """Let certified emergencies of one agency run for so many targets, half of them on each of two switches."""
    numbers = [f"{AREAS[n // 100]}55501{n % 100:02}" for n in range(count)]
    first = None
    for place in range(0, count, MOST):
        some = tuple(numbers[place : place + MOST])
        made = emergencies.asked(replace(CERTIFIED, targets=some), again=first).written().call()
        first = first or made
        lines = [Ordered(each, INTERCONNECT, PEN, (f"training-{1 + n % 2}",)) for n, each in enumerate(some)]
        decision = exigent.propose_surveillance(
            case=made.case,
            ordered=lines,
            delivery=dict.fromkeys(some, DIAL_UP),
            by=made.at(made.caller),
            now=NOON,
        )
        made.approve(decision)
    carried(NOON + SECOND)
    assert Tap.objects.filter(state="ACTIVE").count() == count


@pytest.mark.slow
def test_a_restart_after_the_48th_hour_cuts_every_emergency_at_once_and_hushes_none_up(tmp_path):
    count = size(ci=20, proof=500)
    running(count)

    seconds = restarted_process(NOON + TWO_DAYS + timedelta(hours=2), tmp_path)

    assert switch("training-1").holds() == switch("training-2").holds() == ()
    assert Tap.objects.filter(state="ENDED").count() == count
    assert Mismatch.objects.filter(kind="overrun", state="OPEN").count() == count
    print(
        f"T2 {connection.vendor}: {count} overdue ends of emergencies off in {seconds:.1f} s, start of the process included"
    )
    if PROOF:
        assert seconds <= 10


def test_no_emergency_is_on_at_its_48th_hour_while_the_switch_answers_and_none_is_cut_early():
    running(4)

    carried(NOON + TWO_DAYS - MINUTE)
    before = Tap.objects.filter(state="ACTIVE").count()
    at = NOON + TWO_DAYS - 10 * SECOND
    while at < NOON + TWO_DAYS:
        carried(at)
        at += SECOND / 2

    assert before == 4
    assert Tap.objects.exclude(state="ENDED").count() == 0
    assert not Tap.objects.filter(off_at__gt=NOON + TWO_DAYS).exists()
    assert not Mismatch.objects.exists()
