"""What of an emergency goes to a partner: what is in the partner's market, and nothing else (R-159, R-162, R-163)."""

from dataclasses import replace
from datetime import date

import pytest

from tecum.cases import queries as files
from tecum.exigent import operations as exigent
from tecum.exigent import queries
from tecum.exigent.rules import belonging
from tecum.kernel.actors import Actor
from tecum.models import TrailLeaf
from tecum.policy import queries as policy
from tests import emergencies, subscribers
from tests.emergencies import CERTIFIED, NUMBER, OTHER, SAID
from tests.make import NOON
from tests.subscribers import billing  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
PARTNER, SOURCE_SAYS_NONE = "nextel-partners", "4925550199"
BOTH = replace(SAID, targets=(NUMBER, OTHER))


@pytest.fixture(autouse=True)
def bill(settings, billing):  # noqa: F811
    """Let the billing system know that Smith is in a market of the partner, and Jones in one of ours."""
    settings.TECUM_GUIDE = "wireless-2003"
    smith, jones = (
        subscribers.SMITH.replace(",A,ID,", ",A,ID Boise,"),
        subscribers.JONES.replace(",A,IL,", ",A,IL Chicago,"),
    )
    assert (smith, jones) != (subscribers.SMITH, subscribers.JONES)
    subscribers.load(billing, [smith, jones], now=NOON)


def handed(made, **more):
    given = {
        "entity": PARTNER,
        "spoke_with": "The officer on call",
        "number": "2925550110",
        "called_at": NOON,
        **more,
    }
    return exigent.pass_on(case=made.case, by=made.at(made.caller), now=NOON, **given)


@pytest.mark.requirement("R-163")
def test_only_what_is_in_the_partners_market_goes_there_and_the_ladder_climbs_on_about_the_rest():
    made = emergencies.asked(BOTH)

    seen = handed(made)

    assert (seen.state, seen.said.targets, seen.passed_said["targets"]) == ("RECEIVED", (OTHER,), [NUMBER])
    assert {each.value: each.state for each in targets(made)} == {NUMBER: "DECLINED", OTHER: "ASKED"}
    assert queries.ladder(case=made.case, by=made.caller, now=NOON).open
    made.call()
    with pytest.raises(exigent.CannotDisclose, match="does not name"):
        made.propose()  # for the partner's number
    wanted = emergencies.Wanted("basic_subscriber", OTHER, emergencies.Period(NOON - emergencies.WEEK, NOON))
    made.approve(made.propose(wanted=[wanted]))


def test_nothing_goes_to_a_partner_in_whose_market_no_target_is():
    made = emergencies.asked(replace(SAID, targets=(OTHER,)))

    with pytest.raises(exigent.CannotPassOn, match="None of its targets"):
        handed(made, whose={OTHER: PARTNER})  # the subscriber source stands before anybody's word

    assert made.seen().state == "RECEIVED"


def test_whose_a_target_is_of_which_the_source_names_no_market_is_asked():
    made = emergencies.asked(replace(SAID, targets=(NUMBER, SOURCE_SAYS_NONE)))

    with pytest.raises(exigent.CannotPassOn, match="names none"):
        handed(made)
    seen = handed(made, whose={SOURCE_SAYS_NONE: PARTNER})

    assert seen.state == "ELSEWHERE"


def test_a_surveillance_of_the_partners_target_goes_on_here_by_the_orders_that_must_follow_it():
    made = emergencies.asked(CERTIFIED).written()

    seen = handed(made)

    assert (seen.state, seen.said.targets) == ("RECEIVED", (NUMBER,))


def test_a_copy_rule_for_other_orders_starts_no_switch_work(monkeypatch):
    guide = policy.at(NOON)
    other = tuple(replace(each, copy_processes=("cancellation",)) for each in guide.entities)
    monkeypatch.setattr(policy, "at", lambda now: replace(guide, entities=other))
    made = emergencies.asked(CERTIFIED)

    assert handed(made).state == "ELSEWHERE"


def test_that_markets_were_read_is_remembered_before_the_page_shows_them():
    made = emergencies.asked(BOTH)
    before = TrailLeaf.objects.count()

    found = exigent.look_whose(case=made.case, by=made.at(made.caller), now=NOON)

    assert [(each.number, each.entity) for each in found] == [(NUMBER, PARTNER), (OTHER, belonging.OURS)]
    assert TrailLeaf.objects.count() == before + 1


@pytest.mark.sabotage("control 8")
def test_without_the_market_the_whole_request_would_go_to_another_company(monkeypatch):
    made = emergencies.asked(BOTH)
    monkeypatch.setattr(belonging, "whose", lambda *_, **__: PARTNER)

    assert handed(made).state == "ELSEWHERE"


def test_a_market_is_an_id_or_a_state_and_a_city_and_else_nobody_can_tell():
    guide, on = policy.at(NOON), date(2026, 9, 8)
    said = {
        "partners-al": PARTNER, "AL Mobile": PARTNER, "al mobile": PARTNER, "AL Huntsville": belonging.OURS, "AR": PARTNER,
        "CA": belonging.OURS, "ID": "", "": "", "SE-12": "", "Boise": "",
    }  # fmt: skip

    assert {each: belonging.whose(guide, each, on=on) for each in said} == said


def targets(made):
    return files.targets(case=made.case, by=Actor.system("tests"), now=NOON)
