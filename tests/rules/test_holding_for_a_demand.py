"""Receipt freezes what would otherwise expire, within limits that keep a forger from freezing the store (C6, E)."""

from datetime import UTC, datetime, timedelta

import pytest

from tecum.demands.rules.compiling import Asked, Kept
from tecum.demands.rules.holding import plan
from tecum.guide.model.demands import Handling
from tecum.kernel.periods import Period

JUNE = datetime(2026, 6, 1, tzinfo=UTC)
USUAL = Handling(holds_per_agency=3)


def days(start: int, end: int) -> Period:
    return Period(JUNE + timedelta(days=start), JUNE + timedelta(days=end))


def asked(number: str = "2925550142") -> Asked:
    return Asked("T1", "fraudbuster", number, days(0, 40), "item 1")


KEPT = [("fraudbuster", Kept(days(-90, 10), "expired")), ("fraudbuster", Kept(days(10, 90), "available"))]


@pytest.mark.requirement("R-108")
def test_what_still_exists_at_receipt_is_held_and_what_is_gone_is_not():
    made = plan([asked()], KEPT, rule=USUAL, held=0, proven=True)

    assert [(each.number, each.period) for each in made.hold] == [("2925550142", days(10, 40))]


def test_a_sender_that_nothing_proves_gets_a_person_first():
    made = plan([asked()], KEPT, rule=USUAL, held=0, proven=False)

    assert made.hold == ()
    assert [each.number for each in made.waits] == ["2925550142"]
    assert "person" in made.because


def test_beyond_the_agencys_ceiling_a_person_decides_about_the_rest():
    many = [asked(f"29255501{n:02d}") for n in range(4)]

    made = plan(many, KEPT, rule=USUAL, held=1, proven=True)

    assert (len(made.hold), len(made.waits)) == (2, 2)
    assert "3 numbers" in made.because


def test_another_guide_holds_nothing_on_receipt():
    assert plan([asked()], KEPT, rule=Handling(holds_on_receipt=False), held=0, proven=True).hold == ()
