"""Every lock names one version and a hash of each package, and what is in two of them is the same in both."""

import re
import tomllib
from itertools import combinations
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ["requirements.lock", "requirements-dev.lock", "requirements-spark.lock"]


def locked(name):
    """Return package (with its marker) → version of a lock."""
    text = (ROOT / name).read_text()
    return dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==([^ \\]+)", text, flags=re.MULTILINE))


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_of_a_lock_has_a_hash(name):
    text = (ROOT / name).read_text()
    entries = re.split(r"\n(?=[a-z0-9])", text.strip())

    assert len(entries) >= len(locked(name)) > 40
    assert [each.partition("==")[0] for each in entries if "--hash=sha256:" not in each] == []


def test_what_is_in_two_locks_is_the_same_in_both():
    for one, other in combinations(LOCKS, 2):
        mine, theirs = locked(one), locked(other)
        assert {
            name: (mine[name], theirs[name])
            for name in mine.keys() & theirs.keys()
            if mine[name] != theirs[name]
        } == {}


def test_the_lock_for_spark_is_the_lock_of_everybody_and_spark():
    extra = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]["spark"]

    assert locked("requirements-spark.lock").keys() - locked("requirements.lock").keys() == {
        "py4j",
        "pyspark",
    }
    assert [each.partition(">")[0] for each in extra] == ["pyspark"]
    assert "requirements-spark.lock" in (ROOT / ".ci" / "run").read_text()
