"""Every part of the system asks which guide is in force; a faulty edit changes nothing."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from tecum.guide.problems import FaultyGuide
from tecum.policy import queries as policy

NOON = datetime(2026, 9, 8, 17, tzinfo=UTC)
GUIDES = Path(__file__).parents[2] / "guides"


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    shutil.copytree(GUIDES / "example", tmp_path / "mine")
    settings.TECUM_GUIDE = str(tmp_path / "mine")
    return tmp_path / "mine"


def test_an_edit_is_in_force_a_moment_later(folder: Path) -> None:
    assert policy.at(NOON).lookup.quota.limit == 25

    file = folder / "lookup.toml"
    file.write_text(file.read_text().replace("limit = 25", "limit = 30"))

    assert policy.at(NOON + timedelta(minutes=1)).lookup.quota.limit == 30


def test_a_faulty_edit_leaves_the_version_in_force_and_is_reported(folder: Path) -> None:
    policy.at(NOON)

    file = folder / "lookup.toml"
    file.write_text(file.read_text().replace("limit = 25", "limit = many"))

    assert policy.at(NOON + timedelta(minutes=1)).lookup.quota.limit == 25
    assert [p.code for p in policy.problems(NOON + timedelta(minutes=1))] == ["syntax"]


def test_a_new_version_begins_at_midnight_of_the_carriers_zone(folder: Path) -> None:
    later = folder / "versions" / "2027"
    later.mkdir(parents=True)
    (later / "guide.toml").write_text(
        '[guide]\nversion = "2027-01"\neffective_from = 2027-01-01\n'
        '[[lookups]]\nid = "portal"\n[lookups.quota]\nlimit = 40\n',
    )

    assert policy.at(datetime(2027, 1, 1, 5, 59, tzinfo=UTC)).version == "2026-01"
    assert policy.at(datetime(2027, 1, 1, 6, 0, tzinfo=UTC)).version == "2027-01"
    assert policy.version("2026-01", datetime(2027, 1, 1, 6, 0, tzinfo=UTC)).lookup.quota.limit == 25


def test_the_setting_may_be_a_name_under_guides(settings: Settings) -> None:
    settings.TECUM_GUIDE = "wholesale-portal"

    assert policy.at(NOON).carrier.called == "Inteliquent"


def test_a_restart_over_a_faulty_edit_finds_what_was_in_force(
    folder: Path, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA = tmp_path / "data"
    policy.at(NOON)
    file = folder / "lookup.toml"
    file.write_text(file.read_text().replace("limit = 25", "limit = many"))

    monkeypatch.setattr(policy, "_shelves", {})  # another process begins

    assert policy.at(NOON).lookup.quota.limit == 25
    assert [p.code for p in policy.problems(NOON)] == ["syntax"]


def test_a_guide_that_was_never_good_is_refused_with_its_mistakes(
    folder: Path, settings: Settings, tmp_path: Path
) -> None:
    settings.DATA = tmp_path / "data"
    (folder / "lookup.toml").write_text("limit = many")

    with pytest.raises(FaultyGuide):
        policy.at(NOON)


def test_only_the_guides_own_folders_are_watched(folder: Path) -> None:
    policy.at(NOON)

    stranger = folder.parent / "elsewhere"
    stranger.mkdir()
    (stranger / "guide.toml").write_text("not TOML")

    assert policy.at(NOON + timedelta(minutes=1)).version == "2026-01"
    assert policy.problems(NOON + timedelta(minutes=1)) == ()
