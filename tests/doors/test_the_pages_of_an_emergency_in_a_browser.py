"""Every page of an emergency that one person opens while it runs, and counsel's: clean for axe at both sizes, nothing sideways."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from tecum.exigent import operations as exigent
from tecum.exigent.states import CallState
from tecum.surveillance.drivers.simulator import Mood
from tests import emergencies, make, orders
from tests.emergencies import CERTIFIED, NUMBER, SAID
from tests.make import NOON
from tests.orders import bill, carrier  # noqa: F401
from tests.subscribers import billing  # noqa: F401
from tests.taps import carried, switch

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.usefixtures("bill"),
]
MAIL = "cole@marrow.example.gov"
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
AT = NOON + 40 * HOUR


@pytest.fixture(autouse=True)
def later(freeze, bill):  # noqa: F811
    freeze(AT)


def surveillances():
    """Return an emergency on a switch that waits for its end to be settled, with its order proposed, and one that is proposed."""
    running = emergencies.asked(replace(CERTIFIED, email=MAIL)).written().call()
    running.approve(running.propose_tap())
    switch().behave(Mood.REJECTS)
    carried(NOON + SECOND)
    carried(NOON + HOUR)  # it obeyed an hour late: the clock gives an hour more
    clerk = orders.administrator(now=AT)
    order = orders.by_fax(clerk, now=AT, received_at=AT)
    orders.sound(order, clerk, order=orders.order_said(switches=("training-1",)), now=AT)
    exigent.note_order(case=running.case, order_case=order, by=clerk, now=AT)
    act = exigent.propose_replacement(case=running.case, order_case=order, by=clerk, now=AT)
    exigent.report_end(
        case=running.case, why="application_denied", channel="mail", words="the judge denied it", heard_at=AT,
        by=running.at(running.caller, AT), now=AT,
    )  # fmt: skip
    waits = (
        emergencies.asked(replace(CERTIFIED, targets=(emergencies.OTHER,)), now=NOON, again=running)
        .written()
        .call()
    )
    return running, act, waits


def disclosures(first):
    """Return one that may be located and was, one decided alone, one that waits for counsel, one that is like a forged one."""
    located = emergencies.asked(SAID, now=AT, again=first).call()
    by = located.at(located.caller)
    located.approve(exigent.propose_location(case=located.case, targets=[NUMBER], hours=4, by=by, now=AT))
    alone = emergencies.asked(SAID, now=AT, again=first).call()
    exigent.decide_alone(
        decision=alone.propose(), tried="Bo and the desk, twice each", affirmed_as=by.name, by=by, now=AT
    )
    stops = emergencies.asked(replace(SAID, grounds=("organized_crime",)), now=AT, again=first)
    proposed = emergencies.asked(SAID, now=AT, again=first).call()
    return located, alone, stops, proposed, proposed.propose()


def looked_at(person, address: str, name: str) -> list[str]:
    """Open a page and return what is wrong with it: every page is looked at, whatever the one before was like."""
    person.go(address)
    try:
        person.check(f"emergency-{name}")
    except AssertionError as fault:
        return [f"{name}: {fault}"]
    return []


def test_every_page_of_a_running_emergency_is_clean_at_both_sizes(visitors):
    running, act, waits = surveillances()
    start = waits.propose_tap(
        emergencies.Ordered(emergencies.OTHER, emergencies.INTERCONNECT, emergencies.PEN, ("training-1",))
    )
    located, alone, stops, proposed, decision = disclosures(running)
    (made,) = located.seen(AT).decided
    (end,) = running.seen(AT).ends
    later = exigent.propose_later(
        case=running.case,
        why="the switch rejected the first command; its log shows the second",
        by=running.at(running.caller, AT),
        now=AT,
    )
    follow = next(each.id for each in running.seen(AT).follow_ups)
    denied = emergencies.asked(SAID, now=AT, again=running).call()
    denied.approve(
        exigent.propose_location(
            case=denied.case, targets=[NUMBER], hours=4, by=denied.at(denied.caller, AT), now=AT
        )
    )
    denied.call(outcome=CallState.DENIED)
    faults: list[str] = []
    person = visitors().sign_in(make.again_by_ref(running.approver.ref))

    def at(page: str, made=running, *more: str) -> str:
        return reverse(f"exigent:{page}", args=[made.case, *more])

    for name, address in {
        "board": reverse("exigent:board") + "?show=running",
        "running": at("request"),
        "order": at("order") + "?act=note",
        "replace": at("replace", running, act),
        "later": at("later"),
        "approve-later": at("approve_later", running, later),
        "report": at("report"),
        "asked": reverse("switches:asked"),
        "obey": reverse("switches:obey", args=[end.id]),
        "refuse-end": reverse("switches:refuse_end", args=[end.id]),
        "end": at("end"),
        "follows": at("follows", running, follow),
        "afterwards": at("afterwards"),
        "surveil": at("surveil", waits),
        "affirm": at("approve", waits, start),
        "waits": at("request", waits),
        "locate": at("locate", located),
        "located": at("located", located, made.id),
        "confirm": at("confirm", alone),
        "denied": at("request", denied),
        "partner": at("pass_on", stops),
        "forged": at("forged", stops),
        "alone": at("alone", proposed, decision),
        "source": at("source", proposed),
        "read": at("correct", stops),
        "enter": reverse("exigent:enter"),
    }.items():  # fmt: skip
        faults += looked_at(person, address, name)
    counsel = visitors().sign_in(make.person("R. Counsel", roles=["counsel"]))
    faults += looked_at(counsel, at("counsel", stops), "counsel")
    faults += looked_at(visitors(), "/emergency/surveillance/", "form-surveillance")

    assert faults == []
