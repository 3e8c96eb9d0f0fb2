"""What is wrong with this machine's configuration is said with its fix, before anybody depends on it."""

import shutil
from pathlib import Path

import pytest
from django.core.checks import run_checks

from tecum.policy import queries
from tests.make import NOON

GUIDES = Path(__file__).parents[2] / "guides"
pytestmark = pytest.mark.django_db


def said():
    return {message.id: f"{message.msg} {message.hint}" for message in run_checks()}


@pytest.fixture
def guide(tmp_path, settings, monkeypatch):
    shutil.copytree(GUIDES / "example", tmp_path / "mine")
    settings.TECUM_GUIDE = str(tmp_path / "mine")
    settings.DATA = tmp_path / "data"
    monkeypatch.setattr(queries, "_shelves", {})
    return tmp_path / "mine"


def test_a_key_of_second_factors_that_others_may_read_is_refused(tmp_path, settings):
    settings.TECUM_FACTOR_KEY_FILE = str(tmp_path / "factor.key")
    assert "tecum.E006" not in said()  # it is made at first use

    (tmp_path / "factor.key").write_text("x")
    (tmp_path / "factor.key").chmod(0o644)
    assert "Others than its owner may read" in said()["tecum.E006"]

    (tmp_path / "factor.key").chmod(0o600)
    assert "cannot be used" in said()["tecum.E006"]


def test_a_guide_that_is_not_there_stops_the_start(settings, monkeypatch):
    settings.TECUM_GUIDE = "no-such-guide"
    monkeypatch.setattr(queries, "_shelves", {})

    assert "Set TECUM_GUIDE" in said()["tecum.E007"]


def test_a_guide_with_mistakes_stops_the_start_unless_an_earlier_copy_is_kept(guide):
    assert not {"tecum.E007", "tecum.W007"} & set(said())
    good = (guide / "lookup.toml").read_text()

    (guide / "lookup.toml").write_text(good.replace("limit = 25", 'limit = "many"'))
    assert "lookup.toml" in said()["tecum.E007"]

    (guide / "lookup.toml").write_text(good)
    queries.at(NOON)
    (guide / "lookup.toml").write_text(good.replace("limit = 25", 'limit = "many"'))
    assert "tecum guide check" in said()["tecum.W007"]


def test_a_point_at_which_a_load_dies_is_said_outside_the_tests(settings, monkeypatch):
    monkeypatch.setenv("TECUM_TEST_FAIL_AT", "staged")
    assert "tecum.W006" not in said()

    settings.TESTING = False
    assert "kills a load" in said()["tecum.W006"]
