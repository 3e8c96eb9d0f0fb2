"""A guide is checked for contradictions and gaps; each is named with its places and with what was decided."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tecum.guide.checking.check import check
from tecum.guide.checking.findings import Finding
from tecum.guide.comparing import compare
from tecum.guide.loading import load, load_all

ROOT = Path(__file__).parents[2]
DAY = date(2026, 9, 8)


@pytest.fixture(scope="module")
def wireless() -> tuple[Finding, ...]:
    return check(load(ROOT / "guides" / "wireless-2003", DAY))


def decided(found: tuple[Finding, ...]) -> dict[str, set[str]]:
    by_decision: dict[str, set[str]] = {}
    for one in found:
        if one.decision is not None:
            by_decision.setdefault(one.decision.id, set()).add(one.code)
    return by_decision


@pytest.mark.parametrize(
    ("decision", "code"),
    [
        ("B1", "one-system-several-prices"),
        ("B2", "two-readings"),
        ("B3", "two-readings"),
        ("B4", "price-in-one-document"),
        ("B5", "printed-units-differ"),
        ("B6", "printed-units-differ"),
        ("B7", "price-in-one-document"),
        ("B8", "price-in-one-document"),
        ("B9", "price-in-one-document"),
        ("B10", "price-without-unit"),
        ("B11", "schedule-older-than-guide"),
        ("B12", "two-readings"),
        ("B13", "two-readings"),
        ("B14", "two-readings"),
        ("B15", "invoice-against-periodic-charge"),
        ("B16", "disputed-law"),
        ("C1", "hours-differ"),
        ("C2", "printed-zone"),
        ("C3", "two-readings"),
        ("C4", "clock-ends-unstaffed"),
        ("C5", "ladder-needs-caller"),
        ("C6", "two-readings"),
        ("C8", "expiry-unstaffed"),
        ("D1", "reference-label-differs"),
        ("D2", "marker-unclear"),
        ("D3", "two-words-one-thing"),
        ("D4", "two-readings"),
        ("D5", "corrected"),
        ("D6", "form-to-another-desk"),
        ("D7", "requester-cannot-sign"),
        ("D8", "counsel-owned"),
        ("D12", "form-reaches-others"),
        ("A7", "contact-missing"),
        ("A7", "payment-terms-missing"),
        ("A7", "emergency-fax-missing"),
        ("A8", "reference-dangling"),
    ],
)
def test_each_numbered_conflict_of_the_wireless_guide_is_found_with_its_decision(
    wireless: tuple[Finding, ...], decision: str, code: str
) -> None:
    assert code in decided(wireless)[decision]


def test_four_rows_without_a_unit_are_found_at_four_places(wireless: tuple[Finding, ...]) -> None:
    rows = [one for one in wireless if one.code == "price-without-unit"]

    assert len(rows) == 4
    assert len({one.places[1].line for one in rows}) == 4
    assert {one.places[1].file for one in rows} == {"wireless-2003/fees.toml"}


@pytest.mark.parametrize(
    ("decision", "code"),
    [
        ("A13", "reference-not-contained"),
        ("A4", "reply-against-silence"),
        ("A6", "sender-of-another-domain"),
        ("C7", "inquiry-before-window"),
    ],
)
def test_the_gaps_of_the_wholesale_portal_are_found_with_their_decisions(decision: str, code: str) -> None:
    found = check(load(ROOT / "guides" / "wholesale-portal", DAY))

    assert code in decided(found)[decision]
    assert [one.name for one in found if one.decision is None and one.severity == "contradiction"] == []


def test_a_conflict_without_a_decision_stays_open_and_comes_first(wireless: tuple[Finding, ...]) -> None:
    assert [one.name for one in wireless if one.decision is None and one.severity != "remark"] == [
        "desk-without-contact:security-and-fraud",
        "desk-without-hours:partners",
        "reasonable-without-time:site-visit-live",
    ]
    assert wireless[0].decision is None


@pytest.fixture
def written(tmp_path: Path) -> Path:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "guide.toml").write_text(
        '[guide]\nname = "mine"\nversion = "1"\neffective_from = 2026-01-01\n'
        '[carrier]\nname = "Mine"\nzone = "America/Chicago"\n',
    )
    return tmp_path / "mine"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            '[[fees]]\nid = "a"\nlabel = "A"\namount = 1\n[[fees]]\nid = "b"\nlabel = "B"\namount = 2\n',
            "two-prices:a",
        ),
        (
            '[[entities]]\nid = "e"\nname = "E"\n[[entities]]\nid = "f"\nname = "F"\n'
            '[[markets]]\nid = "m"\nentity = "e"\nregion = "GA"\ncities = ["Albany"]\n'
            '[[markets]]\nid = "n"\nentity = "f"\nregion = "GA"\ncities = ["Albany"]\n',
            "market-twice:m",
        ),
        (
            '[[calendars]]\nid = "c"\nhours = ["Mon-Fri 08:00-17:00"]\n[[calendars]]\nid = "d"\nhours = ["Mon-Fri 08:00-20:00"]\n'
            '[[desks]]\nid = "x"\nname = "X"\nphone = "1"\ncalendar = "c"\ncapabilities = { cut = "c" }\n'
            '[[desks]]\nid = "y"\nname = "Y"\nphone = "1"\ncalendar = "c"\ncapabilities = { cut = "d" }\n',
            "hours-differ:cut",
        ),
        (
            '[[desks]]\nid = "x"\nname = "X"\n[[channels]]\nid = "f"\nkind = "fax"\ndesk = "x"\n',
            "emergency-fax-missing:f",
        ),
        (
            '[[retentions]]\nid = "r"\nkeeps = "1 day"\n[[retentions]]\nid = "s"\nkeeps = "2 days"\n',
            "rules-tie:r",
        ),
        (
            '[[lookups]]\nid = "l"\nname = "L"\nquota = { limit = 5, batch = 10 }\nanswers = { non_result = "t" }\n',
            "batch-over-limit:l",
        ),
        (
            '[[process_types]]\nid = "p"\nname = "P"\n[[requirements]]\nid = "q"\nprocesses = ["p"]\n',
            "requires-nothing:q",
        ),
    ],
)
def test_a_contradiction_is_found_at_its_place(written: Path, text: str, name: str) -> None:
    (written / "more.toml").write_text(text)
    (written / "wording").mkdir()
    (written / "wording" / "t.md").write_text("Text.\n")

    found = {one.name: one for one in check(load(written, DAY))}

    assert name in found
    assert found[name].places[0].file == "mine/more.toml"
    assert found[name].places[0].line > 0


def test_a_comparison_says_what_changed_in_words() -> None:
    (versions,) = (ROOT / "tests" / "carriers").glob("*/versions")
    before, after = load_all(versions.parent)

    said = [change.sentence for change in compare(before, after)]

    assert "Billing: charges was civil_only, is now none." in said
    assert "Arrears: 'late' is gone." in said
    assert compare(before, before) == ()


def test_a_guide_by_which_nothing_could_be_released_says_so_when_it_is_checked_and_not_at_the_release():
    guide = load(ROOT / "guides" / "example", DAY)
    silent = replace(guide, own_records=tuple(each for each in guide.own_records if each.id != "productions"))

    (found,) = [each for each in check(silent) if each.code == "release-not-kept"]

    assert (found.severity, found.about) == ("gap", "productions")
    assert "[[own_records]]" in found.sentence and "A14" in found.sentence
    assert found.places and all(place.line for place in found.places)
    assert [each for each in check(guide) if each.code == "release-not-kept"] == []
