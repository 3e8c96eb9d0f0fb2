"""When an order ends and is cut: the product against a second answer found by brute force (decisions, part C; R-128 to R-133)."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from tecum.guide import loading
from tecum.guide.calculators import expiry, extensions
from tecum.guide.calculators.expiry import Order
from tecum.guide.calculators.extensions import Extension
from tecum.guide.model.guide import Guide, NotInGuide
from tecum.guide.questions import Question
from tecum.guide.values import Span, Unit, parse_span
from tests.rules import oracle_of_ends as oracle
from tests.rules.oracle_of_ends import NEW_YORK, local

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def guide() -> Guide:
    return loading.load(ROOT / "guides" / "wireless-2003", on=date(2026, 1, 1))


def asked(on: str) -> Question:
    return Question(on=date.fromisoformat(on[:10]), product="surveillance")


def at(text: str) -> date | datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK) if "T" in text else date.fromisoformat(text)


# Before and in both changes of the clock, a leap day, the new year, long weekends, Thanksgiving, Christmas, 4 July observed.
ORDERED = (
    "2026-02-05T14:30", "2026-02-06", "2026-02-20T23:59", "2026-03-07T01:30", "2026-03-08T03:15", "2026-10-02T00:30",
    "2026-10-03T01:30", "2026-10-31T23:30", "2026-11-01", "2024-01-30T09:00", "2024-01-31", "2024-02-29T12:00",
    "2026-05-04T08:00", "2026-06-04T16:45", "2026-08-08T10:10", "2025-11-28T13:00", "2025-12-26T17:20", "2025-12-02",
)  # fmt: skip
TERMS = (
    ("title_iii", 30, None), ("title_iii", 10, None), ("title_iii", 45, None), ("pen_register", 60, None),
    ("trap_and_trace", 90, "+20"), ("pen_register", 30, "+30T17:00"), ("title_iii", None, "+40"),
)  # fmt: skip
WORDS = ("", "order", "implementation", "collection")
TABLE = list(product(range(len(ORDERED)), TERMS, WORDS))


def later(text: str, days: int, clock: str = "") -> str:
    day = date.fromisoformat(text[:10]) + timedelta(days=days)
    return f"{day}{f'T{clock}' if clock else ''}"


@pytest.mark.requirement("R-128", "R-129", "R-132", "R-133")
@pytest.mark.parametrize(("which", "terms", "words"), TABLE)
def test_no_order_ends_or_is_cut_later_than_a_second_answer_says(
    guide: Guide, which: int, terms: tuple[str, int | None, str | None], words: str
) -> None:
    ordered, (kind, days, end) = ORDERED[which], terms
    begun = later(ordered, which % 13, "10:20")  # at once, and later than ten days after the order
    collected = later(ordered, which % 13 + 1, "00:05") if which % 2 else None
    if words == "collection" and collected is None:
        collected = later(ordered, which % 13 + 2, "15:00")
    own = later(ordered, *_plus(end)) if end else None
    told = Order(
        types=(kind,), ordered=at(ordered), implemented=at(begun), collection=at(collected) if collected else None,
        duration=Span(days, days, Unit.DAY) if days else None, ends=at(own) if own else None,
        start=words or None,  # type: ignore[arg-type]
    )  # fmt: skip

    found = expiry.ending(guide, asked(ordered), told)

    end_by_hand = oracle.earliest(
        ordered=ordered, begun=begun, collected=collected, days=days, kind=kind, words=words, own=own
    )
    assert found.expires.astimezone(UTC) == end_by_hand
    assert found.cut.astimezone(UTC) == oracle.last_moment(end_by_hand, local(begun))
    assert found.cut.astimezone(UTC) <= found.expires.astimezone(UTC)


def _plus(end: str) -> tuple[int, str]:
    days, _, clock = end.partition("T")
    return int(days), clock


def test_the_table_is_as_large_as_was_promised() -> None:
    assert len(TABLE) >= 200


EXTENSIONS = list(product(ORDERED[:12], (-9, -1, 0), (-3, 0, 2), ("order", "former_end")))


@pytest.mark.requirement("R-132")
@pytest.mark.parametrize(("ordered", "dated", "served", "words"), EXTENSIONS)
def test_an_extension_joins_only_what_it_was_served_before_the_end_of(
    guide: Guide, ordered: str, dated: int, served: int, words: str
) -> None:
    first = Order(types=("title_iii",), ordered=at(ordered), duration=parse_span("30 days"), start="order")
    former = oracle.earliest(
        ordered=ordered, begun=None, collected=None, days=30, kind="title_iii", words="order", own=None
    )
    mine = former.astimezone(NEW_YORK).date() + timedelta(days=dated)
    more = Order(types=("title_iii",), ordered=mine, duration=parse_span("30 days"), start=words)  # type: ignore[arg-type]
    when = former + timedelta(days=served)

    life = extensions.stitched(guide, asked(ordered), first, [Extension(order=more, served=when)])

    opens = local(mine.isoformat()) if words == "order" else former
    counted = [opens, local(mine.isoformat()) + timedelta(days=10)]
    lawful = min(oracle.after_days(each, 30, first_counts=True) for each in counted)
    if words == "former_end":  # an instant, of which hours can be counted too
        lawful = min(lawful, oracle.after_exactly(former, 30))
    joined = when < former and opens <= former
    assert life.stretches[1].in_time is (when < former)
    assert life.continuous is joined
    if joined:
        assert life.periods[0].end == max(former, lawful)
    else:
        assert life.periods[0].end == former
        assert life.periods[1].start == max(when, opens)
    assert life.expires.astimezone(UTC) <= max(former, lawful)


def test_an_extension_served_one_minute_late_prolongs_nothing(guide: Guide) -> None:
    first = Order(
        types=("title_iii",), ordered=at("2026-02-05"), duration=parse_span("30 days"), start="order"
    )
    end = expiry.ending(guide, asked("2026-02-05"), first).expires
    more = Order(
        types=("title_iii",), ordered=at("2026-03-05"), duration=parse_span("30 days"), start="order"
    )

    late = extensions.stitched(
        guide, asked("2026-02-05"), first, [Extension(order=more, served=end + timedelta(minutes=1))]
    )
    just = extensions.stitched(
        guide, asked("2026-02-05"), first, [Extension(order=more, served=end - timedelta(minutes=1))]
    )

    assert not late.continuous
    assert "prolongs nothing" in late.because
    assert just.continuous


def test_an_extension_served_at_the_very_end_is_too_late(guide: Guide) -> None:
    first = Order(
        types=("title_iii",), ordered=at("2026-02-05"), duration=parse_span("30 days"), start="order"
    )
    end = expiry.ending(guide, asked("2026-02-05"), first).expires
    more = Order(types=("title_iii",), ordered=at("2026-03-05"), duration=parse_span("30 days"))

    life = extensions.stitched(guide, asked("2026-02-05"), first, [Extension(order=more, served=end)])

    assert life.stretches[1].in_time is False


def test_an_extension_served_after_the_cut_and_before_the_end_says_that_people_must_activate_again(
    guide: Guide,
) -> None:
    first = Order(
        types=("title_iii",), ordered=at("2026-02-06"), duration=parse_span("30 days"), start="order"
    )
    end = expiry.ending(
        guide, asked("2026-02-06"), first
    )  # ends on a Sunday at midnight, cut on Friday night
    more = Order(types=("title_iii",), ordered=at("2026-03-06"), duration=parse_span("30 days"))

    life = extensions.stitched(
        guide, asked("2026-02-06"), first, [Extension(order=more, served=end.cut + timedelta(hours=2))]
    )

    assert life.continuous
    assert life.stretches[1].after_cut
    assert "activate it again" in life.because


def test_an_extension_never_shortens_what_was_authorised(guide: Guide) -> None:
    first = Order(
        types=("pen_register",), ordered=at("2026-02-06"), duration=parse_span("60 days"), start="order"
    )
    end = expiry.ending(guide, asked("2026-02-06"), first).expires
    more = Order(
        types=("pen_register",), ordered=at("2026-02-10"), duration=parse_span("5 days"), start="order"
    )

    life = extensions.stitched(
        guide, asked("2026-02-06"), first, [Extension(order=more, served=local("2026-02-11T10:00"))]
    )

    assert life.expires == end


def test_the_law_counts_a_title_iii_order_from_ten_days_after_it_whatever_its_own_words_say(
    guide: Guide,
) -> None:
    told = Order(
        types=("title_iii",), ordered=at("2026-04-01"), implemented=at("2026-04-20T10:00"), duration=parse_span("30 days"),
        start="implementation",
    )  # fmt: skip

    found = expiry.ending(guide, asked("2026-04-01"), told)

    assert found.expires == datetime(
        2026, 5, 11, tzinfo=NEW_YORK
    )  # 11 April and thirty days, the first counted
    assert "18 USC 2518(5)" in found.because


def test_an_order_that_begins_with_its_implementation_has_an_end_that_is_called_provisional(
    guide: Guide,
) -> None:
    told = Order(
        types=("pen_register",),
        ordered=at("2026-04-01"),
        duration=parse_span("30 days"),
        start="implementation",
    )
    with pytest.raises(NotInGuide):
        expiry.ending(guide, asked("2026-04-01"), told)

    received = datetime(2026, 4, 2, 9, tzinfo=NEW_YORK)
    found = expiry.ending(guide, asked("2026-04-01"), Order(**{**_given(told), "assumed": received}))

    assert found.provisional
    assert found.expires == datetime(2026, 5, 2, tzinfo=NEW_YORK)
    assert "It has not begun" in found.because


def _given(order: Order) -> dict[str, object]:
    return {name: getattr(order, name) for name in order.__dataclass_fields__}


def test_a_rule_of_counsels_may_choose_a_later_reading_only_when_somebody_approved_it(guide: Guide) -> None:
    told = Order(types=("title_iii",), ordered=at("2026-04-01"), duration=parse_span("30 days"))

    found = expiry.ending(guide, Question(on=date(2026, 4, 1), product="surveillance", region="IL"), told)

    assert found.rule == "earliest"
    assert "has no approval" in found.warnings[0]


def test_an_order_whose_whole_time_lies_in_one_weekend_is_not_cut_before_it_began(guide: Guide) -> None:
    told = Order(
        types=("pen_register",), ordered=at("2026-04-11T10:00"), implemented=at("2026-04-11T11:00"), duration=parse_span("12 hours"),
    )  # fmt: skip

    found = expiry.ending(guide, asked("2026-04-11"), told)

    assert found.cut == found.expires
    assert "staff are scheduled" in found.cut_because


@pytest.mark.sabotage("control 1")
def test_the_second_answer_notices_a_day_too_many(guide: Guide, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = expiry._end
    monkeypatch.setattr(expiry, "_end", lambda *given: honest(*given) + timedelta(days=1))

    told = Order(types=("title_iii",), ordered=at("2026-02-06"), duration=parse_span("30 days"))
    found = expiry.ending(guide, asked("2026-02-06"), told)

    by_hand = oracle.earliest(
        ordered="2026-02-06", begun=None, collected=None, days=30, kind="title_iii", words="", own=None
    )
    assert found.expires.astimezone(UTC) > by_hand
