"""`require`, step-up and separation, without any database."""

from datetime import timedelta

import pytest

from tecum.access import rules
from tecum.access.catalogue import PERMISSIONS
from tecum.access.rules import StepUpNeeded, require
from tecum.kernel.actors import Actor, ActorKind
from tecum.kernel.refusals import NotYours
from tests.conftest import NOON


def actor(*permissions, stepped_up_at=NOON, agency="", customer=""):
    return Actor(
        "person:1", ActorKind.PERSON, "Ines", frozenset(permissions), agency, customer, stepped_up_at
    )


def test_a_held_permission_lets_go_on_and_any_other_is_like_unknown():
    require(actor("lookup.run"), "lookup.run", now=NOON)

    with pytest.raises(NotYours):
        require(actor("lookup.run"), "disclosure.read", now=NOON)


def test_a_stranger_holds_nothing_and_a_process_of_ours_everything():
    for permission in PERMISSIONS:
        require(Actor.system("jobs"), permission, now=NOON)
        with pytest.raises(NotYours):
            require(Actor.stranger(), permission, now=NOON)


def test_a_permission_that_is_not_in_the_catalogue_is_a_mistake_of_ours():
    with pytest.raises(KeyError):
        require(Actor.system("jobs"), "lookup.everything", now=NOON)


def test_what_belongs_to_another_agency_or_customer_is_like_unknown():
    require(actor("lookup.run", agency="a"), "lookup.run", now=NOON, agency="a")
    with pytest.raises(NotYours):
        require(actor("lookup.run", agency="a"), "lookup.run", now=NOON, agency="b")
    with pytest.raises(NotYours):
        require(actor("consent.withdraw", customer="a"), "consent.withdraw", now=NOON, customer="b")


@pytest.mark.parametrize(
    ("ago", "fresh"),
    [
        (timedelta(0), True),
        (timedelta(minutes=4, seconds=59), True),
        (timedelta(minutes=5), False),
        (timedelta(seconds=-1), False),
    ],
)
def test_a_second_factor_is_fresh_for_five_minutes_and_never_from_the_future(ago, fresh):
    by = actor("consent.give", stepped_up_at=NOON - ago)

    assert rules.stepped_up(by, now=NOON) is fresh
    if not fresh:
        with pytest.raises(StepUpNeeded):
            require(by, "consent.give", now=NOON)


def test_without_any_second_factor_no_act_that_needs_one_is_done():
    with pytest.raises(StepUpNeeded):
        require(actor("consent.give", stepped_up_at=None), "consent.give", now=NOON)


def test_what_opens_access_needs_a_fresh_second_factor_and_what_closes_it_does_not():
    opens = (
        "person.create",
        "person.link",
        "person.reinstate",
        "agency.reinstate",
        "role.grant",
        "consent.give",
        "card.approve",
    )
    closes = ("person.suspend", "agency.suspend", "consent.withdraw", "consent.withdraw_for")

    assert all(PERMISSIONS[each].step_up for each in opens)
    assert not any(PERMISSIONS[each].step_up for each in closes)


def test_an_officer_is_signed_in_at_one_place_and_staff_may_be_at_two():
    assert rules.one_session(["le_user"])
    assert not rules.one_session(["portal_administrator"])
