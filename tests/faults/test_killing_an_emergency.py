"""kill -9 between the command of an emergency and its clock: both are there, or neither (control 1, T1)."""

import pytest

from tecum.deadlines import queries as deadlines
from tecum.models import ExigentDecision, Tap
from tecum.surveillance.queries import watching
from tests import emergencies
from tests.emergencies import CERTIFIED, wireless  # noqa: F401
from tests.faults.test_killing_a_surveillance import killed
from tests.make import NOON
from tests.subscribers import billing  # noqa: F401

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.both_databases,
    pytest.mark.slow,
    pytest.mark.usefixtures("wireless"),
]
ACT = """
from tecum.exigent import operations as exigent
by = actor({person!r})
exigent.approve(decision={decision!r}, affirmed_as=by.name, by=by, now=now)
"""


@pytest.mark.parametrize(("at", "taps"), [("before_approved", 0), ("approved", 1)])
def test_a_process_that_dies_leaves_the_command_with_its_clock_or_neither(at, taps):
    made = emergencies.asked(CERTIFIED).written().call()
    decision = made.propose_tap()

    killed(ACT.format(person=made.approver.ref, decision=decision), at=at, now=NOON)

    found = list(Tap.objects.all())
    assert len(found) == taps
    assert all(deadlines.is_open("surveillance.end", subject=tap.pk) for tap in found)
    assert watching.broken(now=NOON) == ()
    assert ExigentDecision.objects.get().state == ("DONE" if taps else "PROPOSED")
    if not taps:
        made.approve(decision)
        assert Tap.objects.count() == 1
