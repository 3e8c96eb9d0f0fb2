"""Every place of the partner's list is routed to the partner, by state and city together (R-159)."""

import re
from datetime import date
from pathlib import Path

import pytest

from tecum.guide.calculators import routing
from tecum.guide.loading import load
from tecum.guide.questions import Question

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2003, 9, 1)
WIRELESS = load(ROOT / "guides" / "wireless-2003", DAY)
PRINTED_ELSE = {"Warner Robbins": "Warner Robins", "Long View": "Longview"}


def listed() -> dict[str, list[str]]:
    """Return state → cities as the requirement lists them; none for a whole state."""
    text = (ROOT / "docs" / "reference" / "requirement-lines.md").read_text()
    (line,) = re.findall(r"\*\*R-159\*\* .*", text)
    groups = (
        line.split("city groups**): ")[1].split(". Albany (GA, NY)")[0].replace(" [*sic*]", "").split(" · ")
    )
    return {
        group[:2]: [] if "*" in group else [PRINTED_ELSE.get(city, city) for city in group[3:].split(", ")]
        for group in groups
    }


def provider(region: str, city: str = "") -> str:
    return routing.route(WIRELESS, Question(on=DAY, process="subpoena", region=region, city=city)).provider


@pytest.mark.requirement("R-159")
def test_each_listed_place_is_the_partners_and_the_same_city_elsewhere_is_not():
    places = listed()

    assert len(places) == 20
    assert sum(map(len, places.values())) == 64
    for state, cities in places.items():
        for city in cities or ["Anywhere"]:
            assert provider(state, city) == "nextel-partners", (state, city)
            assert provider("CA", city) == "nextel", city
        if cities:
            assert provider(state, "Elsewhere") == "nextel", state


@pytest.mark.requirement("R-159")
def test_a_city_that_stands_in_two_states_is_found_in_each_and_in_no_third():
    for city, states in {"Albany": {"GA", "NY"}, "Rochester": {"MN", "NY"}}.items():
        found = {
            state for state in listed() if listed()[state] and provider(state, city) == "nextel-partners"
        }
        assert found == states, city
