"""What every test may ask for. Kept short: makers are in make.py, the cast in people.py."""

import gc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.db import connection

from tests import migrated
from tests.guards import let_tests_empty_the_trail

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
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[None]:
    """Take the place of pytest-django's own, which migrates a database for every worker of every run."""
    with django_db_blocker.unblock():
        migrated.take(connection)
    yield
    with django_db_blocker.unblock():
        migrated.drop(connection)


@pytest.fixture
def now() -> datetime:
    return NOON


@pytest.fixture
def outside(tmp_path: Path, settings: Any) -> Path:
    """Give the trail one place outside that keeps its checkpoints, and return it."""
    settings.TECUM_TRAIL_ANCHORS = [str(tmp_path / "anchors")]
    return tmp_path / "anchors"


STORIES = Path(__file__).parent / "stories"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """
    Mark every replay of a source document, so that `-m story` runs them all.

    What says something of the other database alone is left out; the files with slow tests come first, so that no worker
    begins one of them when the others are done.
    """
    for item in items:
        if STORIES in item.path.parents:
            item.add_marker("story")
    elsewhere = [item for item in items if _other_database(item)]
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    config.hook.pytest_deselected(items=elsewhere)
    items[:] = sorted(
        (item for item in items if item not in elsewhere), key=lambda item: item.path not in slow
    )


def pytest_collection_finish() -> None:
    """
    Let the collector of cycles leave alone what lives until the end anyway: every module, every model, every test.

    It walked through all of them again and again, which was a tenth of the suite. What tests leave behind it finds as before.
    """
    gc.collect()
    gc.freeze()


def _other_database(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("only_on")
    return mark is not None and connection.vendor != mark.args[0]


# How long one example takes says more about the machine's other work than about our code.
hypothesis.settings.register_profile("tecum", deadline=None)
hypothesis.settings.load_profile("tecum")


@pytest.fixture(autouse=True)
def nobody_activated_a_guide(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a test has no database, nobody can have activated a guide there."""
    with_database = {"db", "transactional_db", "live_server", "django_db_setup"} & set(request.fixturenames)
    if not with_database and request.node.get_closest_marker("django_db") is None:
        monkeypatch.setattr("tecum.policy.gate.activated", lambda folder: "")
