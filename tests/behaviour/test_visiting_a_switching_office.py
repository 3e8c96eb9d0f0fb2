"""Nobody enters a switching office without picture ID and prior coordination: both (R-154 to R-157, D4)."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from tecum.guide.loading import load
from tecum.jobs import following
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours
from tecum.models import SiteVisit, VisitorEntry
from tecum.surveillance.operations import visits
from tecum.surveillance.operations.visits import CannotVisit, MayNotEnter
from tecum.surveillance.queries import visits as queries
from tecum.surveillance.rules import visits as rules
from tests import make, taps
from tests.make import NOON, acting
from tests.taps import carried, pen, wireless  # noqa: F401

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
JOBS = Actor.system("jobs")
GUIDE = load(Path(__file__).resolve().parents[2] / "guides" / "wireless-2003", date(2003, 8, 1))
ID = {"identification": "agency_credential", "alike": True}


def est(*when: int) -> datetime:
    """Return an instant of early September 2026 given in Eastern daylight time."""
    return datetime(2026, 9, *when, tzinfo=UTC) + 4 * HOUR


class TestTheRule:
    @pytest.mark.requirement("R-154")
    def test_found_in_business_hours_it_is_coordinated_from_now_on(self):
        found = rules.window(GUIDE, found_at=est(8, 10), live=False, now=est(8, 11))

        assert (found.earliest, found.latest) == (est(8, 11), None)

    @pytest.mark.requirement("R-156")
    @pytest.mark.parametrize(
        ("found_at", "opens", "closes"),
        [
            (est(11, 23, 30), est(14, 8), est(14, 23)),  # Friday night: Monday
            (est(12, 12), est(14, 8), est(14, 23)),  # Saturday noon
            (est(9, 2), est(9, 8), est(9, 23)),  # before the day's opening: that day
            (est(4, 23, 30), est(8, 8), est(8, 23)),  # Labor Day weekend: Tuesday
        ],
    )
    def test_found_outside_business_hours_it_is_the_next_business_day(self, found_at, opens, closes):
        found = rules.window(GUIDE, found_at=found_at, live=False, now=found_at)

        assert (found.earliest, found.latest, found.rule) == (opens, closes, "site-visit")

    @pytest.mark.requirement("R-157")
    def test_live_overrides_the_next_business_day(self):
        found = rules.window(GUIDE, found_at=est(11, 23, 30), live=True, now=est(11, 23, 31))

        assert found.earliest == est(11, 23, 31) and found.rule == "site-visit-live"
        assert rules.fault(GUIDE, starts_at=est(12, 1), ends_at=est(12, 3), live=True, now=est(12)) == ""
        assert "business hours" in rules.fault(
            GUIDE, starts_at=est(12, 1), ends_at=est(12, 3), live=False, now=est(12)
        )

    @pytest.mark.requirement("R-155")
    @pytest.mark.parametrize(
        ("given", "why"),
        [
            ({"starts_at": None}, "not_coordinated"),
            ({"identification": ""}, "no_identification"),
            ({"alike": False}, "not_alike"),
            ({"listed": False}, "not_on_the_list"),
            ({"now": est(8, 9, 59)}, "not_the_time"),
            ({"now": est(8, 12)}, "not_the_time"),
            ({}, ""),
        ],
    )
    def test_it_takes_both(self, given, why):
        said = {
            "starts_at": est(8, 10),
            "ends_at": est(8, 12),
            "identification": "passport",
            "alike": True,
            "listed": True,
            "now": est(8, 11),
        }

        assert rules.at_the_door(**{**said, **given}) == why


@pytest.fixture
def running(wireless):  # noqa: F811
    found = taps.order().authorize(pen("training-1")).activate()
    carried(NOON + SECOND)
    return found


def person(name, role, now=NOON):
    return acting(make.person(name, roles=[role], now=now), stepped_up_at=now)


@pytest.fixture
def security(db):
    return person("Sam Osei", "security_and_fraud")


@pytest.fixture
def office(db):
    return person("Mo Lund", "mso_staff")


def asked(found, now=NOON + HOUR, **more):
    given = {
        "switch": "training-1", "found_at": now, "agency": "Marrow County Sheriff", "reason": "Our receiver is silent.",
        "visitors": [("Dana Ruiz", ""), ("Kai Moreno", "State Bureau")],
    }  # fmt: skip
    by = found.at(found.proposer, now)
    return visits.ask(surveillance=found.surveillance, by=by, now=now, **{**given, **more})


def agreed(found, security, now=NOON + HOUR):
    visit = asked(found, now)
    visits.agree(visit=visit, starts_at=now + HOUR, ends_at=now + 3 * HOUR, by=security, now=now)
    return visit


@pytest.mark.django_db(transaction=True)
class TestTheVisit:
    @pytest.mark.requirement("R-154", "R-155")
    def test_from_the_administrator_to_the_last_who_leaves(self, running, security, office):
        visit, there = agreed(running, security), NOON + 2 * HOUR
        visits.admit(visit=visit, place=1, by=office, now=there, **ID)
        visits.admit(visit=visit, place=2, by=office, now=there, **ID)
        visits.left(visit=visit, place=1, by=office, now=there + HOUR)
        assert SiteVisit.objects.get().state == "INSIDE"
        visits.left(visit=visit, place=2, by=office, now=there + HOUR)

        assert SiteVisit.objects.get().state == "OVER"
        assert [(line.what, line.name) for line in queries.log_of(visit=visit, by=office, now=there)] == [
            ("admitted", "Dana Ruiz"), ("admitted", "Kai Moreno"), ("left", "Dana Ruiz"), ("left", "Kai Moreno"),
        ]  # fmt: skip

    @pytest.mark.requirement("R-155")
    def test_a_picture_id_alone_does_not_open_the_door(self, running, security, office):
        visit = asked(running)

        with pytest.raises(NotYours):  # the office does not see what Security and Fraud has not agreed
            visits.admit(visit=visit, place=1, by=office, now=NOON + 2 * HOUR, **ID)
        with pytest.raises(IntegrityError), transaction.atomic():
            VisitorEntry.objects.create(
                what="admitted",
                switch="training-1",
                matter="m",
                said=b"",
                at=NOON,
                by="x",
                identification="passport",
            )

    @pytest.mark.requirement("R-155")
    def test_an_agreed_visit_alone_does_not_open_the_door(self, running, security, office):
        visit = agreed(running, security)

        with pytest.raises(MayNotEnter, match="picture identification"):
            visits.admit(visit=visit, place=1, identification="", alike=True, by=office, now=NOON + 2 * HOUR)
        with pytest.raises(MayNotEnter, match="another time"):
            visits.admit(visit=visit, place=1, by=office, now=NOON + HOUR, **ID)
        with pytest.raises(MayNotEnter, match="announced"):
            visits.admit(visit=visit, place=9, by=office, now=NOON + 2 * HOUR, **ID)
        assert not VisitorEntry.objects.exists()

    def test_whoever_is_turned_away_is_told_why_and_stands_in_the_log(self, office, wireless):  # noqa: F811
        said = visits.turn_away(
            switch="training-1",
            name="A. Stranger",
            agency="says FBI",
            why="not_coordinated",
            by=office,
            now=NOON,
        )

        assert "prior coordination" in said
        (line,) = queries.log(by=office, now=NOON)
        assert (line.what, line.name, line.why) == ("turned_away", "A. Stranger", "not_coordinated")

    @pytest.mark.requirement("R-157")
    def test_during_a_live_wiretap_it_is_asked_for_again_every_quarter_of_an_hour_and_open_at_night(
        self, running, security
    ):
        night = NOON + 4 * DAY + 12 * HOUR  # Sunday, midnight
        visit = asked(running, night)
        row = SiteVisit.objects.get()

        assert row.live and row.rule == "site-visit-live"
        assert visits.waits(visit=visit, by=JOBS, now=night) == night + timedelta(minutes=15)
        visits.agree(visit=visit, starts_at=night + HOUR, ends_at=night + 2 * HOUR, by=security, now=night)
        assert visits.waits(visit=visit, by=JOBS, now=night) is None

    @pytest.mark.requirement("R-156")
    def test_without_one_nobody_is_let_in_at_night_and_late_is_said(self, running, security):
        from tecum.surveillance import operations as surveillance

        night = NOON + 4 * DAY + 12 * HOUR
        by = running.at(running.proposer, NOON + DAY)
        surveillance.end(surveillance=running.surveillance, why="agency_asked", by=by, now=NOON + DAY)
        carried(NOON + DAY)
        visit = asked(running, night)

        with pytest.raises(CannotVisit, match="business hours"):
            visits.agree(
                visit=visit, starts_at=night + HOUR, ends_at=night + 2 * HOUR, by=security, now=night
            )
        monday, tuesday = night + 36 * HOUR, night + 60 * HOUR
        assert visits.agree(visit=visit, starts_at=monday, ends_at=monday + HOUR, by=security, now=night)
        assert not visits.agree(
            visit=visit, starts_at=tuesday, ends_at=tuesday + HOUR, by=security, now=night
        )
        assert queries.visit(visit=visit, by=security, now=night).late

    def test_who_coordinates_and_admits_learns_who_comes_and_not_for_which_surveillance(
        self, running, security, office
    ):
        visit = agreed(running, security)

        for who in (security, office):
            seen = queries.visit(visit=visit, by=who, now=NOON + HOUR)
            assert seen.visitors[0].name == "Dana Ruiz"
            assert (seen.surveillance, seen.case, seen.surveillance_reference) == ("", "", "")

    def test_one_who_needs_nothing_of_it_sees_no_visit(self, running, security):
        visit, stranger = agreed(running, security), person("Ines Okafor", "switch_technician")

        with pytest.raises(NotYours):
            queries.visits(by=stranger, now=NOON)
        with pytest.raises(NotYours):
            visits.agree(visit=visit, starts_at=NOON, ends_at=NOON + HOUR, by=stranger, now=NOON)

    def test_a_visit_that_waits_is_said_by_the_lane(self, running):
        asked(running)
        following.follow_all(lambda: NOON + HOUR)

        assert SiteVisit.objects.get().told_at == NOON + HOUR

    @pytest.mark.sabotage("R-155: picture ID and prior coordination")
    def test_without_the_look_at_the_door_the_database_still_keeps_the_picture_id(
        self, running, security, office, monkeypatch
    ):
        visit = agreed(running, security)
        monkeypatch.setattr(visits.rules, "at_the_door", lambda **_: "")

        with pytest.raises(IntegrityError):
            visits.admit(visit=visit, place=1, identification="", alike=True, by=office, now=NOON + 2 * HOUR)


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_a_visitor_is_let_in_once(running, security, office):
    visit = agreed(running, security)
    visits.admit(visit=visit, place=1, by=office, now=NOON + 2 * HOUR, **ID)

    with pytest.raises(CannotVisit, match="in the log already"):
        visits.admit(visit=visit, place=1, by=office, now=NOON + 2 * HOUR, **ID)
