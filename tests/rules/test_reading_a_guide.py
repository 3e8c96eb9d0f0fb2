"""A guide is read whole, or every mistake is said at once with its file, line and what was meant."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from tecum.guide.integrity import fact_names
from tecum.guide.loading import NoGuide, load, load_all
from tecum.guide.nodes import Table, join, read
from tecum.guide.problems import FaultyGuide, Place, Problem
from tecum.guide.wording import UndefinedVariable

GUIDES = Path(__file__).parents[2] / "guides"
DAY = date(2026, 9, 8)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(GUIDES / "example", tmp_path / "mine")
    return tmp_path / "mine"


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def mistakes(folder: Path) -> list[Problem]:
    with pytest.raises(FaultyGuide) as caught:
        load_all(folder)
    return list(caught.value.problems)


@pytest.mark.parametrize(
    "folder", sorted(p.parent for p in GUIDES.glob("*/guide.toml")), ids=lambda p: p.name
)
def test_every_shipped_guide_is_read_without_a_mistake(folder: Path) -> None:
    assert load_all(folder)


@pytest.mark.requirement("R-001", "R-008", "R-022", "R-023", "R-025")
def test_the_wholesale_portal_says_who_may_ask_how_much_and_what_is_shown() -> None:
    lookup = load(GUIDES / "wholesale-portal", DAY).lookup

    assert lookup.eligibility.countries == ("US", "CA")
    assert lookup.eligibility.roles == ("officer", "agent", "investigator", "attorney", "support_staff")
    assert (lookup.quota.limit, lookup.quota.batch, lookup.quota.window) == (25, 25, "calendar_day")
    assert lookup.quota.source is not None
    assert "daily query maximum" in lookup.quota.source.sentence
    assert lookup.answers.history == "current_only"
    assert not lookup.answers.dates
    assert lookup.doors == ("page",)


def test_all_mistakes_are_said_at_once_with_line_and_suggestion(copy: Path) -> None:
    change(copy / "lookup.toml", "limit = 25", 'limit = "many"\nlimmit = 25')
    change(copy / "lookup.toml", 'window = "calendar_day"', 'window = "calender_day"')
    change(copy / "desks.toml", 'calendar = "portal-admin"', 'calendar = "portal-admn"')
    change(copy / "guide.toml", 'zone = "America/Chicago"', 'zone = "America/Chikago"')
    change(copy / "wording" / "non_result.md", "{mail_requests}", "{mail_request}")

    found = {(p.code, p.place.file, p.place.line) for p in mistakes(copy)}
    said = "\n".join(map(str, mistakes(copy)))

    assert ("wrong-value", "mine/lookup.toml", 29) in found
    assert ("unknown-key", "mine/lookup.toml", 30) in found
    assert {"Did you mean 'limit'?", "Did you mean 'calendar_day'?", "Did you mean 'portal-admin'?"} <= {
        p.suggestion for p in mistakes(copy)
    }
    assert "a time zone such as 'America/New_York'" in said
    assert ("undefined-variable", "mine/wording/non_result.md", 5) in found


def test_a_text_with_an_unknown_variable_is_a_mistake_at_its_line(copy: Path) -> None:
    change(copy / "wording" / "non_result.md", "{mail_requests}", "{mail_request}")

    (problem,) = mistakes(copy)

    assert problem.code == "undefined-variable"
    assert problem.place.line == 5
    assert problem.suggestion == "Did you mean 'mail_requests'?"


def test_versions_are_chosen_by_the_day_and_hold_only_what_changed(copy: Path) -> None:
    later = copy / "versions" / "2027"
    later.mkdir(parents=True)
    (later / "guide.toml").write_text(
        '[guide]\nversion = "2027-01"\neffective_from = 2027-01-01\n'
        '[[lookups]]\nid = "portal"\n[lookups.quota]\nlimit = 40\n',
    )

    assert load(copy, date(2026, 12, 31)).lookup.quota.limit == 25
    assert load(copy, date(2027, 1, 1)).lookup.quota.limit == 40
    assert load(copy, date(2027, 1, 1)).lookup.quota.batch == 25
    assert load(copy, DAY).guide.effective_until == date(2027, 1, 1)
    with pytest.raises(NoGuide, match="first begins on 2020-01-01"):
        load(copy, date(2019, 12, 31))


@pytest.mark.parametrize(
    ("until", "code"), [("2027-02-01", "versions-overlap"), ("2026-12-01", "versions-gap")]
)
def test_versions_that_overlap_or_leave_a_gap_are_a_mistake(copy: Path, until: str, code: str) -> None:
    change(
        copy / "guide.toml",
        "effective_from = 2020-01-01",
        f"effective_from = 2020-01-01\neffective_until = {until}",
    )
    later = copy / "versions" / "2027"
    later.mkdir(parents=True)
    (later / "guide.toml").write_text('[guide]\nversion = "2027-01"\neffective_from = 2027-01-01\n')

    assert [p.code for p in mistakes(copy)] == [code]


def test_a_brand_inherits_another_guide_and_overrides_one_entry(copy: Path) -> None:
    brand = copy.parent / "brand"
    brand.mkdir()
    (brand / "guide.toml").write_text(
        '[guide]\nname = "brand"\nversion = "1"\neffective_from = 2026-01-01\ninherits = "mine"\n'
        '[carrier]\nname = "Brand"\n[[desks]]\nid = "legal"\nphone = "(292) 555-0142"\n',
    )

    guide = load(brand, DAY)

    assert guide.carrier.name == "Brand"
    assert guide.carrier.zone == "America/Chicago"
    assert guide.desk("legal").phone == "(292) 555-0142"
    assert guide.desk("legal").name == "Legal process"
    assert "Legal Demand" in guide.say("non_result").body


def test_a_brand_follows_the_guide_that_it_inherits_into_its_next_version(copy: Path) -> None:
    later = copy / "versions" / "2027"
    later.mkdir(parents=True)
    (later / "guide.toml").write_text(
        '[guide]\nversion = "2027-01"\neffective_from = 2027-01-01\n'
        '[[lookups]]\nid = "portal"\n[lookups.quota]\nlimit = 40\n',
    )
    brand = copy.parent / "brand"
    brand.mkdir()
    (brand / "guide.toml").write_text(
        '[guide]\nname = "brand"\nversion = "1"\neffective_from = 2026-01-01\ninherits = "mine"\n'
        '[carrier]\nname = "Brand"\n',
    )

    assert load(brand, date(2026, 12, 31)).lookup.quota.limit == 25
    assert load(brand, date(2027, 1, 1)).lookup.quota.limit == 40
    assert load(brand, date(2027, 1, 1)).carrier.name == "Brand"
    assert [(g.version, g.guide.effective_from) for g in load_all(brand)] == [
        ("1", date(2026, 1, 1)),
        ("1", date(2027, 1, 1)),
    ]


def test_inheritance_in_a_circle_is_said_and_does_not_hang(copy: Path) -> None:
    change(copy / "guide.toml", 'name = "example"', 'name = "example"\ninherits = "brand"')
    brand = copy.parent / "brand"
    brand.mkdir()
    (brand / "guide.toml").write_text(
        '[guide]\nname = "brand"\nversion = "1"\neffective_from = 2026-01-01\ninherits = "mine"\n',
    )

    assert "inherits-itself" in {p.code for p in mistakes(copy)}


def test_a_text_refuses_a_missing_and_an_undeclared_variable() -> None:
    guide = load(GUIDES / "example", DAY)

    with pytest.raises(UndefinedVariable, match="reference"):
        guide.say("application_received", window="3-5 business days")
    with pytest.raises(UndefinedVariable, match="colour"):
        guide.say("non_result", colour="blue")


def test_the_facts_that_texts_may_use_are_those_that_the_guide_gives() -> None:
    guide = load(GUIDES / "wholesale-portal", DAY)
    problems: list[Problem] = []
    tree = Table(Place())
    for file in (GUIDES / "wholesale-portal").glob("*.toml"):
        join(tree, read(file, file.name, problems), problems)

    assert set(guide.facts) == fact_names(tree)


def test_a_value_with_braces_is_never_filled_in_again() -> None:
    guide = load(GUIDES / "example", DAY)

    assert "{carrier}" in guide.say("misdirected", address="{carrier}").body


def test_a_file_that_is_not_toml_or_not_utf8_is_one_problem_each(copy: Path) -> None:
    (copy / "broken.toml").write_text("[desks\n")
    (copy / "latin.toml").write_bytes(b'note = "caf\xe9"\n')

    assert {p.code for p in mistakes(copy)} == {"syntax", "encoding"}


BAD = """
[[calendars]]
id = "desk"
zone = "America/Nowhere"
hours = ["Mon-Fry 08:00-20:00"]

[[fees]]
id = "one"
label = "One"
amont = 5

[[fees]]
id = "two"
label = "Two"
amount = "five"
per = ["hour", "month"]

[[fees]]
id = "three"
label = "Three"
amount = 5
per = ["numbers"]

[[fees]]
id = "four"
label = "Four"
amount = 5
per = ["hour", "month"]

[[forms]]
id = "exigent"
title = "Exigent form"

[[emergencies]]
id = "e"
name = "E"
forms = ["exigant"]

[[retentions]]
id = "r"
keeps = "thirty days"

[[clocks]]
id = "c"
starts = "x"

[[gates]]
id = "g"
kind = "payed"

[[fees]]
id = "three"
label = "Again"
amount = 6
"""


def test_ten_mistakes_of_ten_kinds_are_said_together_each_at_its_line(copy: Path) -> None:
    (copy / "bad.toml").write_text(BAD)
    (copy / "wording" / "hello.md").write_text("Hello {nobody}, {a b}\n")

    found = {(p.place.line, p.code): p for p in mistakes(copy) if p.place.file == "mine/bad.toml"}
    texts = {p.code for p in mistakes(copy) if p.place.file == "mine/wording/hello.md"}

    assert set(found) == {
        (4, "wrong-value"),  # unknown zone
        (5, "wrong-value"),  # no such weekday
        (10, "unknown-key"),
        (15, "wrong-value"),  # text for a number
        (22, "unknown-id"),  # no such unit
        (24, "contradicts-itself"),  # two units of time
        (37, "unknown-id"),  # a form that there is not
        (41, "wrong-value"),  # no length of time
        (43, "contradicts-itself"),  # a clock without a time
        (49, "wrong-value"),  # no such kind of gate
        (51, "overlap"),  # an id twice
        (7, "contradicts-itself"),  # a fee without an amount
    }
    assert found[10, "unknown-key"].suggestion == "Did you mean 'amount'?"
    assert found[22, "unknown-id"].suggestion == "Did you mean 'number'?"
    assert found[37, "unknown-id"].suggestion == "Did you mean 'exigent'?"
    assert found[49, "wrong-value"].suggestion == "Did you mean 'paid'?"
    assert texts == {"undefined-variable", "variable-name"}


def test_an_impossible_date_is_said_with_its_line(copy: Path) -> None:
    (copy / "bad.toml").write_text('[[decisions]]\nid = "d"\ntext = "t"\non = 2026-02-30\n')

    (problem,) = mistakes(copy)

    assert (problem.code, problem.place.line) == ("syntax", 4)


def test_an_entry_that_ends_before_it_begins_contradicts_itself(copy: Path) -> None:
    (copy / "bad.toml").write_text(
        '[[fees]]\nid = "f"\nlabel = "F"\namount = 1\neffective_from = 2026-05-01\neffective_until = 2026-04-01\n',
    )

    assert [p.code for p in mistakes(copy)] == ["contradicts-itself"]
