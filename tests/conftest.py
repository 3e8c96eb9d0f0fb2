"""What every test may ask for. Kept short: makers are in make.py, the cast in people.py."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from tests.guards import let_tests_empty_the_trail
from tests.postgres import THROWN_AWAY

let_tests_empty_the_trail()

pytest_plugins = [
    "tests.browser",
    "tests.inventory",
    "tests.subscribers",
    "tests.records",
    "tests.doorways",
    "tests.orders",
]

NOON = datetime(2026, 9, 8, 16, 0, tzinfo=UTC)  # Tuesday, noon in New York


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """
    Leave the database where its whole cluster is thrown away after the run.

    Dropping it fails now and then because one session lingers; whose it is has not been found yet.
    """
    return bool(os.environ.get(THROWN_AWAY))


@pytest.fixture
def now() -> datetime:
    return NOON


@pytest.fixture
def outside(tmp_path: Path, settings: Any) -> Path:
    """Give the trail one place outside that keeps its checkpoints, and return it."""
    settings.TECUM_TRAIL_ANCHORS = [str(tmp_path / "anchors")]
    return tmp_path / "anchors"


STORIES = Path(__file__).parent / "stories"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every replay of a source document, so that `-m story` runs them all."""
    for item in items:
        if STORIES in item.path.parents:
            item.add_marker("story")


# How long one example takes says more about the machine's other work than about our code.
hypothesis.settings.register_profile("tecum", deadline=None)
hypothesis.settings.load_profile("tecum")


@pytest.fixture(autouse=True)
def nobody_activated_a_guide(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a test has no database, nobody can have activated a guide there."""
    with_database = {"db", "transactional_db", "live_server", "django_db_setup"} & set(request.fixturenames)
    if not with_database and request.node.get_closest_marker("django_db") is None:
        monkeypatch.setattr("tecum.policy.gate.activated", lambda folder: "")
