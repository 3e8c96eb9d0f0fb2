"""Numbers and local times as switches write them: the plain rules, and the store's SQL held against them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tecum.guide.model.records import NumberPlan
from tecum.guide.values import parse_span
from tecum.kernel.periods import Period
from tecum.records.drivers import layout, sheet
from tecum.records.rules import coverage, retention
from tecum.records.rules.parties import party
from tecum.records.rules.zones import stretches

PLANS = [
    NumberPlan(),
    NumberPlan(country_code="always"),
    NumberPlan(country_code="never", home_area="292"),
    NumberPlan(international=("011", "00"), strip=("*67", "tel:"), nobody=("", "private", "0")),
]
WRITTEN = st.one_of(
    st.from_regex(r"(\*67|tel:)?(\+|\+1|1|011|00|01144)?[0-9]{3,14}", fullmatch=True),
    st.from_regex(r"\+?1? ?\(?[2-9][0-9]{2}\)? ?[2-9][0-9]{2}-[0-9]{4}", fullmatch=True),
    st.sampled_from(
        [
            "",
            "PRIVATE",
            "private",
            "x",
            "2925550142",
            "12925550142",
            "5550142",
            "911",
            "+442079460100",
            " 2925550142 ",
        ]
    ),
    st.text("0123456789+-() x*", max_size=18),
)


def by_sql(text: str, plan: NumberPlan) -> str | None:
    job = {
        "country_code": plan.country_code,
        "international": list(plan.international),
        "home_area": plan.home_area,
        "nobody": sorted({word.upper() for word in plan.nobody}),
        "strip": list(plan.strip),
    }
    rows = duckdb.connect().execute(
        f"SELECT p FROM (SELECT {sheet.party('t', job, 'p')} FROM (SELECT ? AS t))", [text]
    )
    return rows.fetchall()[0][0]


@settings(max_examples=150)
@given(WRITTEN, st.sampled_from(PLANS))
def test_the_store_reads_numbers_as_the_rule_does(text, plan):
    assert by_sql(text, plan) == party(text, plan)


@pytest.mark.parametrize(
    ("text", "plan", "number"),
    [
        ("12925550142", PLANS[0], "2925550142"),
        ("+12925550142", PLANS[0], "2925550142"),
        ("011442079460100", PLANS[0], "+442079460100"),
        ("442079460100", PLANS[0], None),
        ("442079460100", PLANS[1], "+442079460100"),
        ("12925550142", PLANS[2], None),
        ("5550142", PLANS[2], "2925550142"),
        ("5550142", PLANS[0], None),
        ("911", PLANS[0], "911"),
        ("1925550142", PLANS[0], None),
        ("*672925550142", PLANS[3], "2925550142"),
        ("anonymous", PLANS[0], ""),
        ("29255501O2", PLANS[0], None),
    ],
)
def test_a_number_is_read_by_its_plan_and_never_guessed(text, plan, number):
    assert party(text, plan) == number


@given(st.sampled_from(["2925550142", "+442079460100", "911", "+44123456", "3925550007"]))
def test_the_bucket_is_the_same_for_every_engine(number):
    sql = layout.bucket_sql("n")

    assert duckdb.connect().execute(f"SELECT {sql} FROM (SELECT ? AS n)", [number]).fetchall()[0][
        0
    ] == layout.bucket(number)


@settings(max_examples=60)
@given(
    st.sampled_from(
        [
            "America/New_York",
            "America/St_Johns",
            "Europe/London",
            "UTC",
            "Australia/Lord_Howe",
            "America/Phoenix",
        ]
    ),
    st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001
    st.sampled_from(["reject", "first", "second"]),
)
def test_a_local_time_is_its_instant_or_a_fault(zone, wall, repeated):
    found = [
        one for one in stretches(ZoneInfo(zone), wall, wall, repeated=repeated) if one.start <= wall < one.end
    ]

    instants = sorted({
        at for fold in (0, 1)
        if (at := wall.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)).astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall
    })  # fmt: skip
    assert len(found) == 1
    if not instants:
        assert found[0].fault == "never"
    elif len(instants) == 2 and repeated == "reject":
        assert found[0].fault == "twice"
    else:
        wanted = instants[-1] if repeated == "second" else instants[0]
        assert wall - timedelta(minutes=found[0].offset) == wanted.replace(tzinfo=None)


NOON = datetime(2026, 9, 8, 16, tzinfo=UTC)
DAY = NOON.date()


def state_of(asked, days, *, quiet=timedelta(hours=1), expired=()):
    found = coverage.pieces(asked, days=days, expired=expired, quiet=quiet, now=NOON)
    return [(piece.state, piece.period.start.hour, piece.period.end.hour) for piece in found]


def test_a_silence_longer_than_is_honest_is_not_covered():
    heard = coverage.bits([*range(24), *range(96, 192)])  # 0-2 and 8-16 o'clock
    day = layout.day_period(DAY)

    assert state_of(Period(day.start, NOON), {DAY: heard}) == [
        ("covered", 0, 2),
        ("uncovered", 2, 8),
        ("covered", 8, 16),
    ]
    assert state_of(Period(day.start, NOON), {DAY: heard}, quiet=timedelta(hours=6)) == [("covered", 0, 16)]


@pytest.mark.requirement("R-108")
def test_what_was_purged_is_expired_and_what_is_to_come_is_not_yet():
    heard = coverage.bits(range(192))
    before = layout.day_period(DAY - timedelta(days=1))
    asked = Period(before.start, NOON + timedelta(hours=2))

    assert state_of(asked, {DAY: heard}, expired=[before]) == [
        ("expired", 0, 0),
        ("covered", 0, 16),
        ("not_yet", 16, 18),
    ]


def test_nothing_delivered_is_said_to_be_uncovered_and_not_empty():
    day = layout.day_period(DAY)

    assert state_of(Period(day.start, NOON), {}) == [("uncovered", 0, 16)]


@given(st.sets(st.integers(0, 287)), st.sets(st.integers(0, 287)))
def test_two_deliveries_of_a_day_are_heard_together(one, other):
    together = coverage.merged(coverage.bits(one), coverage.bits(other))

    assert together == coverage.bits(one | other)
    assert len(list(coverage.heard(DAY, together))) == len(one | other)


@pytest.mark.requirement("R-103")
def test_a_day_leaves_when_its_last_record_is_older_than_the_store_keeps():
    before = retention.cutoff(parse_span("30 days"), zone="America/New_York", now=NOON)

    assert before == datetime(2026, 8, 9, 4, tzinfo=UTC)  # midnight in New York
    assert retention.is_over(before.date() - timedelta(days=1), before)
    assert not retention.is_over(before.date(), before)
    assert retention.first_kept(before) == datetime(2026, 8, 9, tzinfo=UTC)
