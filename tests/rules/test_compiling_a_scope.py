"""What is granted is never more than was demanded, supported, kept and one holder's (control 7, T8)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tecum.demands.rules.compiling import Asked, Choice, Kept, Supported, Tenure, World, compiled, grants
from tecum.demands.states import SEARCHED, Outcome
from tecum.kernel.periods import Period
from tests.sizes import size

DAY = timedelta(days=1)
JUNE = datetime(2026, 6, 1, 5, tzinfo=UTC)
NUMBER = "2925550142"
CLAUSE = "Attachment A, item 1"
GOOD = Supported(True, "A subpoena is enough.", "18 USC 2703(c)(2)")
PERSONAL = frozenset({"toll"})


def days(start: int, end: int) -> Period:
    return Period(JUNE + start * DAY, JUNE + end * DAY)


def asked(period: Period, product: str = "toll") -> Asked:
    return Asked("T1", product, NUMBER, period, CLAUSE)


def world(**changes) -> World:
    usual = {
        "supported": {"toll": GOOD},
        "kept": {"toll": [Kept(days(-400, 400), "available")]},
        "tenures": {NUMBER: [Tenure(days(-400, 400), "A-1", "ours")]},
        "about_a_person": PERSONAL,
    }
    return World(**(usual | changes))


def outcomes(lines) -> list[tuple[Outcome, Period]]:
    return [(line.outcome, line.period) for line in lines]


@pytest.mark.requirement("R-110")
def test_a_plain_demand_is_granted_as_it_was_asked():
    lines = compiled([asked(days(0, 30))], world())

    assert outcomes(lines) == [(Outcome.GRANTED, days(0, 30))]
    assert [(grant.number, grant.period, grant.clause) for grant in grants(lines)] == [
        (NUMBER, days(0, 30), CLAUSE)
    ]


@pytest.mark.requirement("R-108")
def test_of_31_days_in_a_30_day_store_the_covered_part_is_granted_and_the_rest_is_named():
    kept = {"toll": [Kept(days(-400, 1), "expired", "Kept for 30 days."), Kept(days(1, 400), "available")]}

    lines = compiled([asked(days(0, 31))], world(kept=kept))

    assert outcomes(lines) == [(Outcome.EXPIRED, days(0, 1)), (Outcome.GRANTED, days(1, 31))]
    assert lines[0].because == "Kept for 30 days."


def test_a_product_that_the_process_does_not_reach_is_refused_with_its_reason_and_law():
    poor = Supported(False, "'Subpoena' is not enough.", "18 USC 2703(d)")

    (line,) = compiled([asked(days(0, 30))], world(supported={"toll": poor}))

    assert (line.outcome, line.because, line.citation) == (Outcome.UNSUPPORTED, poor.because, poor.citation)


def test_a_product_that_nobody_judged_is_not_granted():
    (line,) = compiled([asked(days(0, 30))], world(supported={}))

    assert line.outcome is Outcome.UNSUPPORTED


@pytest.mark.requirement("R-109", "R-110")
def test_a_number_that_changed_hands_stops_for_the_analyst():
    hands = {NUMBER: [Tenure(days(-9, 10), "A-1", "ours"), Tenure(days(10, 90), "A-2", "ours")]}

    lines = compiled([asked(days(0, 30))], world(tenures=hands))

    assert outcomes(lines) == [
        (Outcome.CHANGED_HANDS, days(0, 10)),
        (Outcome.CHANGED_HANDS, days(10, 30)),
    ]
    assert grants(lines) == ()


@pytest.mark.requirement("R-109", "R-110")
def test_the_analyst_says_whose_records_are_meant_and_the_other_holder_stays_out():
    hands = {NUMBER: [Tenure(days(-9, 10), "A-1", "ours"), Tenure(days(10, 90), "A-2", "ours")]}
    choice = {"T1": Choice(holders=frozenset({"A-2"}), reason="The subpoena names the holder of 15 June.")}

    lines = compiled([asked(days(0, 30))], world(tenures=hands, choices=choice))

    assert outcomes(lines) == [(Outcome.WITHHELD, days(0, 10)), (Outcome.GRANTED, days(10, 30))]


def test_the_time_when_a_number_was_elsewhere_or_a_customers_is_told_apart():
    hands = {
        NUMBER: [
            Tenure(days(-9, 5), "P-1", "elsewhere", "Another Carrier"),
            Tenure(days(5, 10), "C-1", "wholesale"),
            Tenure(days(10, 90), "A-1", "ours"),
        ]
    }

    lines = compiled([asked(days(0, 30))], world(tenures=hands))

    assert [line.outcome for line in lines] == [Outcome.NOT_OURS, Outcome.WHOLESALE, Outcome.GRANTED]
    assert "Another Carrier" in lines[0].because


def test_who_served_a_number_is_granted_for_the_time_of_the_customer_and_not_before():
    hands = {NUMBER: [Tenure(days(5, 90), "C-1", "wholesale")]}
    asks = World(
        supported={"wholesale_customer": GOOD},
        kept={"wholesale_customer": [Kept(days(-400, 400), "available")]},
        tenures=hands,
        about_a_provider=frozenset({"wholesale_customer"}),
        about_a_person=frozenset({"wholesale_customer"}),
    )

    lines = compiled([asked(days(0, 30), "wholesale_customer")], asks)

    assert [line.outcome for line in lines] == [Outcome.UNKNOWN_HOLDER, Outcome.GRANTED]


def test_a_number_nobody_knows_stops_for_the_analyst_who_may_affirm_it():
    unknown = compiled([asked(days(0, 30))], world(tenures={}))
    affirmed = compiled(
        [asked(days(0, 30))],
        world(tenures={}, choices={"T1": Choice(frozenset({"unknown"}), reason="Seen on the invoice.")}),
    )

    assert [line.outcome for line in unknown] == [Outcome.UNKNOWN_HOLDER]
    assert [line.outcome for line in affirmed] == [Outcome.GRANTED]


def test_records_of_a_destination_are_no_ones_and_ask_for_no_holder():
    lines = compiled(
        [asked(days(0, 30), "calls_to_destination")],
        world(
            supported={"calls_to_destination": GOOD},
            kept={"calls_to_destination": [Kept(days(-400, 400), "available")]},
            tenures={},
        ),
    )

    assert [line.outcome for line in lines] == [Outcome.GRANTED]


def test_what_an_analyst_leaves_out_stays_in_the_list_with_the_reason():
    lines = compiled([asked(days(0, 30))], world(choices={"T1": Choice(withheld=True, reason="Narrowed.")}))

    assert [(line.outcome, line.because) for line in lines] == [(Outcome.WITHHELD, "Narrowed.")]


STATES = ["available", "uncertain", "archived", "expired", "not_kept", "not_yet"]
SPANS = st.tuples(st.integers(-5, 40), st.integers(1, 12)).map(lambda span: days(span[0], span[0] + span[1]))


@st.composite
def worlds(draw):
    """A world whose tenures and retention pieces follow each other with gaps between them."""
    hands, at = [], -10
    for _ in range(draw(st.integers(0, 4))):
        start = at + draw(st.integers(0, 4))
        at = start + draw(st.integers(1, 15))
        kind = draw(st.sampled_from(["ours", "ours", "elsewhere", "wholesale"]))
        hands.append(Tenure(days(start, at), draw(st.sampled_from(["A-1", "A-2", "A-3"])), kind))
    kept, at = [], -10
    for _ in range(draw(st.integers(0, 3))):
        start = at
        at = start + draw(st.integers(1, 25))
        kept.append(Kept(days(start, at), draw(st.sampled_from(STATES))))
    chosen = draw(st.sets(st.sampled_from(["A-1", "A-2", "unknown"])))
    return World(
        supported={"toll": Supported(draw(st.sampled_from([True, True, True, False, None])), "judged")},
        kept={"toll": kept},
        tenures={NUMBER: hands},
        about_a_person=draw(st.sampled_from([PERSONAL, frozenset()])),
        choices={"T1": Choice(frozenset(chosen))} if chosen else {},
    )


def brute(one: Asked, world: World, instant: datetime) -> bool:
    """Say whether a row of this instant may leave, instant by instant and without any interval."""
    supported = world.supported[one.product].acceptable is True and instant in one.period
    states = [piece.state for piece in world.kept[one.product] if instant in piece.period] or ["uncertain"]
    exists = states[0] in {"available", "uncertain", "archived"}

    def at(when: datetime) -> tuple[str, str]:
        found = [(t.holder, t.kind) for t in world.tenures[NUMBER] if when in t.period]
        return found[0] if found else ("unknown", "unknown")

    holder, kind = at(instant)
    if not (supported and exists) or kind in {"elsewhere", "wholesale"}:
        return False
    if one.product not in world.about_a_person:
        return True
    chosen = world.choices["T1"].holders if world.choices else frozenset()
    if chosen:
        return holder in chosen
    inside = [one.period.start + n * DAY / 2 for n in range(int(one.period.elapsed / (DAY / 2)))]
    holders = {h for h, k in map(at, inside) if k not in {"elsewhere", "wholesale"}}
    return len(holders) == 1 and kind != "unknown"


@settings(max_examples=size(fast=200, ci=1000, proof=10_000), deadline=None)
@given(SPANS, worlds())
@pytest.mark.requirement("R-110")
def test_no_row_too_many_and_none_missing_against_brute_force(period, world):
    one = asked(period)

    lines = compiled([one], world)

    granted = grants(lines)
    steps = [JUNE + n * DAY / 2 for n in range(-40, 140)]
    assert [any(grant.allows(when) for grant in granted) for when in steps] == [
        brute(one, world, when) for when in steps
    ]


@settings(max_examples=size(fast=200, ci=1000, proof=10_000), deadline=None)
@given(SPANS, worlds())
def test_the_lines_cover_what_was_demanded_each_instant_once(period, world):
    lines = compiled([asked(period)], world)

    assert period.minus(line.period for line in lines) == ()
    assert sum((line.period.elapsed for line in lines), timedelta()) == period.elapsed
    assert all(line.because for line in lines if line.outcome not in SEARCHED)
