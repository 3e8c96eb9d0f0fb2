"""Who had a number in the period that a process grants: that and nothing else, and never a guess (R-099, R-109, R-110)."""

from datetime import timedelta

import pytest
from django.db import transaction

from tecum.audit import queries as trail
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.kernel.refusals import NotYours
from tecum.records import operations as records
from tecum.records.operations import NoSuchProduct, informing, matching
from tecum.records.queries.lists import leaving_accounts, sources
from tecum.records.rules.matching import Claim, Verdict
from tecum.records.rules.scope import Grant, Scope
from tecum.secrecy import operations as secrecy
from tests import inventory as numbers
from tests import make
from tests.make import NOON
from tests.subscribers import JONES, LOADER, SMITH, load

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
DAY = timedelta(days=1)
ANALYST = Actor.operator("analyst", frozenset({"records.search"}))
OTHER = SMITH.replace("A-1", "B-7").replace("John Smith", "Lee Wei").replace("2020-01-31", "")


@pytest.fixture(autouse=True)
def wireless(settings):
    settings.TECUM_GUIDE = str(settings.ROOT / "guides" / "wireless-2003")


def scope(start, end, *, number="2925550142", product="basic_subscriber") -> Scope:
    return Scope("matter", "guide", (Grant(product, number, Period(start, end), "paragraph 1"),))


def answer(start, end, *, now=NOON + DAY, chosen=(), **more):
    return records.subscribers_of(
        scope(start, end, **more), product="basic_subscriber", by=ANALYST, now=now, chosen=chosen
    ).parts[0]


@pytest.mark.requirement("R-099")
def test_one_subscriber_throughout_is_answered_with_the_fields_of_the_product(billing):
    load(billing, [SMITH, JONES])

    part = answer(NOON - 90 * DAY, NOON)

    assert part.stops == ()
    assert part.uncovered == ()
    assert [row.fields for row in part.rows] == [
        {
            "name": "John Smith",
            "address": "12 Oak Ln Boise ID 83702",
            "telephone number": "(292) 555-0142",
            "length of service": "since 2020-01-31 (6 years 7 months)",
            "types of service": "voice; data",
        }
    ]


def test_no_row_lies_outside_the_grant_and_another_product_of_the_scope_grants_nothing(billing):
    load(billing, [SMITH, JONES])

    found = records.subscribers_of(
        scope(NOON - DAY, NOON, product="toll"), product="basic_subscriber", by=ANALYST, now=NOON
    )
    part = answer(NOON - DAY, NOON - DAY / 2)

    assert found.parts == ()
    assert [row.period for row in part.rows] == [Period(NOON - DAY, NOON - DAY / 2)]


@pytest.mark.requirement("R-109", "R-110")
def test_a_number_that_changed_hands_stops_without_a_name_until_somebody_chose(billing):
    load(billing, [SMITH], now=NOON)
    load(billing, [OTHER], now=NOON + 5 * DAY)

    part = answer(NOON - DAY, NOON + 6 * DAY, now=NOON + 6 * DAY)

    assert part.rows == ()
    assert len(part.times) == 2
    assert "had 2 subscribers" in part.stops[0]
    assert "left between two lists" in part.stops[1]
    assert "Smith" not in repr(part)
    assert "Wei" not in repr(part)

    picked = answer(NOON - DAY, NOON + 6 * DAY, now=NOON + 6 * DAY, chosen=[part.times[0].id])

    assert {row.fields["name"] for row in picked.rows} == {"John Smith"}


@pytest.mark.requirement("R-110")
def test_the_same_number_in_another_time_is_another_subscriber(billing):
    load(billing, [SMITH], now=NOON)
    load(billing, [OTHER], now=NOON + 5 * DAY)

    before = answer(NOON - 2 * DAY, NOON, now=NOON + 6 * DAY)
    after = answer(NOON + 5 * DAY, NOON + 6 * DAY, now=NOON + 6 * DAY)

    assert [row.fields["name"] for row in before.rows] == ["John Smith"]
    assert [row.fields["name"] for row in after.rows] == ["Lee Wei"]


@pytest.mark.requirement("R-109")
def test_a_number_that_passed_between_companies_by_the_inventory_stops_too(billing, inventory):
    load(billing, [SMITH], now=NOON)
    numbers.load(inventory, ["2925550142,,C1,2022-06-01"], now=NOON - 2 * DAY)
    numbers.load(inventory, ["2925550142,,C2,2026-09-07"], now=NOON)

    part = answer(NOON - 5 * DAY, NOON)

    assert part.rows == ()
    assert "passed from one company to another" in part.stops[0]


def test_a_time_of_which_no_list_speaks_is_said(billing):
    load(billing, [SMITH.replace("2020-01-31", "")], now=NOON)

    part = answer(NOON - 3 * DAY, NOON + 3 * DAY, now=NOON + 3 * DAY)

    assert part.uncovered == (
        Period(NOON - 3 * DAY, NOON),
        Period(NOON + timedelta(hours=36), NOON + 3 * DAY),
    )


def test_a_change_of_address_within_the_period_is_two_rows(billing):
    load(billing, [SMITH], now=NOON)
    load(billing, [SMITH.replace("12 Oak Ln", "99 Pine St")], now=NOON + DAY)

    part = answer(NOON - DAY, NOON + 2 * DAY, now=NOON + 2 * DAY)

    assert [(row.fields["address"][:7], row.period.start) for row in part.rows] == [
        ("12 Oak ", NOON - DAY),
        ("99 Pine", NOON + DAY),
    ]


def test_a_product_without_a_field_of_ours_is_refused(billing):
    with pytest.raises(NoSuchProduct):
        records.subscribers_of(scope(NOON - DAY, NOON, product="toll"), product="toll", by=ANALYST, now=NOON)


def events():
    return [entry.data for entry in trail.since(NOON - DAY) if entry.event == "subscribers.answered"]


def test_whoever_looks_a_subscriber_up_is_in_the_trail_before_the_answer_and_nobodys_name_is(billing):
    load(billing, [SMITH, JONES])

    answer(NOON - DAY, NOON)

    (said,) = events()
    assert (said["product"], said["numbers"], said["rows"], said["stopped"]) == ("basic_subscriber", 1, 1, 0)
    assert "Smith" not in str(said) and "2925550142" not in str(said)


def test_a_look_that_stopped_is_in_the_trail_too(billing):
    load(billing, [SMITH], now=NOON)
    load(billing, [OTHER], now=NOON + 5 * DAY)

    answer(NOON - DAY, NOON + 6 * DAY, now=NOON + 6 * DAY)

    (said,) = events()
    assert (said["rows"], said["stopped"]) == (0, 1)


@pytest.mark.sabotage("I5: every look is accounted")
def test_where_the_trail_cannot_be_written_nobody_is_shown(billing, monkeypatch):
    load(billing, [SMITH, JONES])

    def broken(*_, **__):
        raise OSError

    monkeypatch.setattr(informing.audit, "note", broken)

    with pytest.raises(OSError):
        answer(NOON - DAY, NOON)


def test_who_may_not_search_is_shown_nobody_and_a_sealed_matter_is_unknown(billing):
    load(billing, [SMITH, JONES])
    analyst = make.analyst()
    with transaction.atomic():
        matter = secrecy.open_matter(kind="demand", by=LOADER, now=NOON)
        secrecy.seal_matter(matter)
    sealed = Scope(matter, "guide", scope(NOON - DAY, NOON).grants)

    for who, what in ((LOADER, scope(NOON - DAY, NOON)), (analyst, sealed)):
        with pytest.raises(NotYours):
            records.subscribers_of(what, product="basic_subscriber", by=who, now=NOON)

    assert events() == []


@pytest.mark.requirement("R-115")
def test_an_order_is_held_against_the_bill_of_its_time_and_that_is_recorded_without_a_name(billing):
    load(billing, [SMITH, JONES])
    week = Period(NOON - 7 * DAY, NOON)

    yes = matching.match(
        Claim("2925550142", name="Smith, John", imsi="316010123456789"),
        period=week,
        matter="",
        by=LOADER,
        now=NOON,
    )
    no = matching.match(Claim("2925550142", name="Ann Jones"), period=week, matter="", by=LOADER, now=NOON)

    assert (yes.match.verdict, no.match.verdict) == (Verdict.MATCHES, Verdict.DOES_NOT_MATCH)
    recorded = [entry for entry in trail.since(NOON - DAY) if entry.event == "subscribers.matched"]
    assert len(recorded) == 2
    assert "Smith" not in repr(recorded)


def test_a_slip_of_a_digit_is_hinted_to_staff(billing):
    load(billing, [SMITH, JONES])
    week = Period(NOON, NOON + DAY)

    found = matching.match(
        Claim("2925550141", name="John Smith"), period=week, matter="", by=LOADER, now=NOON
    )

    assert found.match.verdict is Verdict.DOES_NOT_MATCH
    assert found.near == ("2925550142", "2925550143")
    assert not any("0142" in text for text in found.match.for_agency)


def test_who_may_not_match_is_refused(billing):
    with pytest.raises(NotYours):
        matching.match(
            Claim("2925550142"), period=Period(NOON, NOON + DAY), matter="", by=Actor.stranger(), now=NOON
        )


def test_whoever_watches_accounts_gets_the_whole_list_of_those_that_leave(billing):
    load(
        billing,
        [SMITH.replace(",A,ID", ",L,ID"), JONES, JONES.replace("0143", "0144").replace(",A,IL", ",U,IL")],
    )

    assert [(each.number, each.status) for each in leaving_accounts()] == [
        ("2925550142", "closing"),
        ("2925550144", "unpaid"),
    ]


def test_a_stale_list_is_said_to_be(billing):
    load(billing, [SMITH])

    fresh, stale = (sources(by=LOADER, now=NOON + hours * timedelta(hours=1))[0].stale for hours in (35, 36))

    assert (fresh, stale) == (False, True)
