"""A scope says what may be read, and nothing else can be read from it."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tecum.kernel.periods import Period
from tecum.records.rules.scope import BrokenScope, Grant, Scope

JUNE = Period(datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC))
TARGET = "2925550142"


def grant(product="toll", number=TARGET, period=JUNE, clause="paragraph 2 of the subpoena"):
    return Grant(product, number, period, clause)


def scope(*grants):
    return Scope("matter-1", "sha256:abc", grants or (grant(),))


@pytest.mark.requirement("R-110")
def test_number_and_period_are_the_key_and_the_end_does_not_belong_to_it():
    given_scope = scope()

    assert given_scope.allows("toll", TARGET, JUNE.start)
    assert given_scope.allows("toll", TARGET, JUNE.end - timedelta(microseconds=1))
    assert not given_scope.allows("toll", TARGET, JUNE.end)
    assert not given_scope.allows("toll", "2925550143", JUNE.start)
    assert not given_scope.allows("cell_site", TARGET, JUNE.start)


def test_two_scopes_that_allow_the_same_have_one_digest():
    other_zone = timezone(timedelta(hours=-4))
    local = Period(JUNE.start.astimezone(other_zone), JUNE.end.astimezone(other_zone))
    second = grant(number="2925550143")

    assert scope(grant(), second).digest() == scope(second, grant(period=local), second).digest()
    assert scope(grant(), second) == scope(second, grant())


@pytest.mark.parametrize(
    "wider",
    [
        grant(product="cell_site"),
        grant(number="2925550143"),
        grant(period=Period(JUNE.start, JUNE.end + timedelta(microseconds=1))),
        grant(clause="paragraph 3 of the subpoena"),
    ],
)
def test_any_change_of_what_is_allowed_changes_the_digest(wider):
    assert scope(wider).digest() != scope().digest()
    assert scope(grant(), wider).digest() != scope().digest()


def test_another_matter_or_another_guide_is_another_scope():
    assert Scope("matter-2", "sha256:abc", (grant(),)).digest() != scope().digest()
    assert Scope("matter-1", "sha256:abd", (grant(),)).digest() != scope().digest()


def test_the_digest_of_a_known_scope_stays_what_it_was():
    assert scope().json() == (
        '{"grants":[{"clause":"paragraph 2 of the subpoena","end":"2026-07-01T00:00:00+00:00","number":"2925550142",'
        '"product":"toll","start":"2026-06-01T00:00:00+00:00"}],"guide":"sha256:abc","matter":"matter-1"}'
    )
    assert scope().digest() == "3bdf77790d8f056002091ffd9b591de355db691a7eb638a9fa05d42c96f0e62e"


NUMBERS = st.sampled_from([TARGET, "2925550143", "+442079460100", "511"])
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
GRANTS = st.builds(
    lambda product, number, start, length, clause: Grant(
        product, number, Period(start, start + length), clause
    ),
    st.sampled_from(["toll", "fraud_report"]),
    NUMBERS,
    INSTANTS,
    st.timedeltas(timedelta(microseconds=1), timedelta(days=60)),
    st.text(min_size=1).filter(str.strip),
)


@given(st.lists(GRANTS, max_size=6))
def test_what_is_written_is_read_back_the_same(grants):
    before = Scope("matter-1", "sha256:abc", tuple(grants))

    assert Scope.parse(before.json()) == before


@pytest.mark.parametrize(
    "number", ["292555014", "29255501422", "+12925550142", "12", "1925550142", "2925550142 ", "２９２5550142"]
)
def test_a_number_that_is_none_is_granted_to_nobody(number):
    with pytest.raises(BrokenScope):
        grant(number=number)


def test_a_grant_without_clause_product_or_time_is_refused():
    for wrong in (
        {"clause": "  "},
        {"product": ""},
        {"product": "Toll records"},
        {"period": Period(JUNE.start, JUNE.start)},
    ):
        with pytest.raises(BrokenScope):
            grant(**wrong)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data["grants"][0].update(numbers="*"),
        lambda data: data["grants"][0].pop("clause"),
        lambda data: data.update(everything=True),
        lambda data: data.pop("matter"),
        lambda data: data["grants"][0].update(start="2026-06-01T00:00:00"),
        lambda data: data.update(grants=7),
    ],
)
def test_a_text_that_is_no_scope_opens_nothing(change):
    data = json.loads(scope().json())
    change(data)

    with pytest.raises(BrokenScope):
        Scope.parse(json.dumps(data))


def test_what_is_no_json_opens_nothing_and_repeats_nothing():
    with pytest.raises(BrokenScope) as refusal:
        Scope.parse('{"matter": "2925550142')

    assert TARGET not in str(refusal.value)
