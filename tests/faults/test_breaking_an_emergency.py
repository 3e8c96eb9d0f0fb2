"""An emergency surveillance that is on without its call back, its second person or its cut is named by the watcher (I2)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tecum.assurance import invariants
from tecum.exigent import operations as exigent
from tecum.models import Authority, ExigentCall, ExigentDecision, Tap
from tests import emergencies
from tests.emergencies import CERTIFIED, wireless  # noqa: F401
from tests.make import NOON
from tests.subscribers import billing  # noqa: F401

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("wireless"),
    pytest.mark.broken_on_purpose("I2"),  # each test breaks it past every operation
]
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def emergency():
    return emergencies.tapped()


def named(now=NOON) -> set[tuple[str, str]]:
    return {(each.invariant, each.about) for each in invariants.broken(now=now) if each.invariant == "I2"}


def never_decided() -> None:
    ExigentDecision.objects.update(authority="")


def called_by_nobody() -> None:
    ExigentCall.objects.update(state="UNREACHED")


def called_by_whoever_decided() -> None:
    ExigentCall.objects.update(called_by=ExigentDecision.objects.get().decided_by)


def called_after_it_began() -> None:
    ExigentCall.objects.update(called_at=NOON + MINUTE)


def doubted_before_it_began() -> None:
    ExigentCall.objects.update(void_at=NOON)


def cut_later_than_the_clock_says() -> None:
    later = Authority.objects.get().ends_at + HOUR
    Authority.objects.update(ends_at=later)


BREAKS = [
    never_decided, called_by_nobody, called_by_whoever_decided, called_after_it_began, doubted_before_it_began,
    cut_later_than_the_clock_says,
]  # fmt: skip


@pytest.mark.both_databases
@pytest.mark.sabotage("control 3")
@pytest.mark.sabotage("control 5")
@pytest.mark.parametrize("breaks", BREAKS, ids=lambda each: each.__name__)
def test_an_emergency_that_is_on_without_what_it_rests_on_is_named(emergency, breaks: Callable[[], None]):
    assert named() == set()

    breaks()

    assert named() == {("I2", Tap.objects.get().pk)}


def test_a_call_back_of_another_request_is_none(emergency):
    other = emergencies.asked(CERTIFIED, again=emergency, now=NOON).written().call()

    ExigentDecision.objects.update(call=ExigentCall.objects.get(request__case=other.case))

    assert named() == {("I2", Tap.objects.get().pk)}


def test_one_that_one_person_decided_for_a_life_is_on_by_right():
    made = emergencies.asked(CERTIFIED).written().call()
    decision = made.propose_tap()
    by = made.at(made.caller)
    exigent.decide_alone(
        decision=decision, tried="rang Bo Farrow twice, no answer", affirmed_as=by.name, by=by, now=NOON
    )

    assert Tap.objects.get().alone
    assert named() == set()


def test_doubt_that_came_later_does_not_undo_what_it_began_with(emergency):
    ExigentCall.objects.update(void_at=NOON + MINUTE)

    assert named(NOON + HOUR) == set()
