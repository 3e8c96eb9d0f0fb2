"""What a consent reaches, where a customer stands, and when a visit is over: plain decisions."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tecum.accounts.rules import Limits, over
from tecum.accounts.states import VisitEnd
from tecum.customers import rules
from tecum.customers.rules import ConsentVersion
from tecum.customers.states import Basis, CampaignState, ConsentScope
from tecum.guide.model.lookup import Sessions
from tests.conftest import NOON

numbers = st.integers(2_925_550_100, 2_925_550_199)
stretches = st.lists(
    st.tuples(numbers, numbers).map(lambda ends: (str(min(ends)), str(max(ends)))), max_size=8
)


def consent(scope=ConsentScope.ALL, ranges=(), bases=(Basis.CPNI_OPT_IN,), good_until=None):
    return ConsentVersion("c", "Q-1", 1, frozenset(bases), scope, tuple(ranges), NOON, good_until)


@given(stretches)
def test_joining_ranges_changes_no_number(ranges):
    def every(those):
        return {number for first, last in those for number in range(int(first), int(last) + 1)}

    joined = rules.merged(ranges)

    assert every(joined) == every(ranges)
    assert all(int(first[1]) + 1 < int(second[0]) for first, second in zip(joined, joined[1:], strict=False))


@given(stretches, stretches)
def test_one_set_of_ranges_contains_another_when_every_number_does(outer, inner):
    def every(those):
        return {number for first, last in those for number in range(int(first), int(last) + 1)}

    assert rules.contains(outer, inner) is (every(inner) <= every(outer))


@given(stretches, numbers)
def test_a_consent_reaches_exactly_the_numbers_of_its_ranges(ranges, number):
    within = any(int(first) <= number <= int(last) for first, last in ranges)

    assert consent(ConsentScope.RANGES, ranges).reaches(str(number)) is within
    assert consent().reaches(str(number))


def test_all_bases_the_guide_asks_for_must_be_given():
    both = {Basis.CPNI_OPT_IN, Basis.STORED_RECORDS}

    assert consent(bases=both).suffices("2925550142", bases=both, now=NOON)
    assert not consent().suffices("2925550142", bases=both, now=NOON)


@pytest.mark.parametrize(
    ("in_force", "withdrawn", "steps", "state"),
    [
        (False, False, [], CampaignState.NOT_ASKED),
        (False, False, ["note"], CampaignState.NOT_ASKED),
        (False, False, ["asked", "note"], CampaignState.ASKED),
        (False, False, ["asked", "declined"], CampaignState.DECLINED),
        (False, False, ["declined", "reminded"], CampaignState.ASKED),
        (False, True, ["asked"], CampaignState.WITHDRAWN),
        (True, True, ["declined"], CampaignState.CONSENTED),
    ],
)
def test_the_campaign_state_follows_from_consents_and_steps(in_force, withdrawn, steps, state):
    assert rules.campaign_state(in_force=in_force, withdrawn=withdrawn, steps=steps) is state


@given(st.integers(0, 60 * 24), st.integers(0, 60 * 24))
def test_a_visit_is_over_after_half_an_hour_idle_or_twelve_hours_altogether(opened, seen):
    opened_at, seen_at = NOON - timedelta(minutes=max(opened, seen)), NOON - timedelta(minutes=seen)
    ended = over(opened_at=opened_at, seen_at=seen_at, now=NOON, limits=Limits.of(Sessions()))

    assert (ended is not None) is (seen >= 30 or max(opened, seen) >= 12 * 60)
    if ended is VisitEnd.IDLE:
        assert max(opened, seen) < 12 * 60


def test_a_carrier_may_set_shorter_limits():
    strict = Limits(idle=timedelta(minutes=5), absolute=timedelta(hours=1))

    assert over(opened_at=NOON, seen_at=NOON, now=NOON + timedelta(minutes=5), limits=strict) is VisitEnd.IDLE
