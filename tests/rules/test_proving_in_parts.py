"""`./run prove` runs in parts: a part that ran stays on the page until it runs again."""

import pytest

from benchmarks import prove


@pytest.fixture
def page(tmp_path, monkeypatch):
    path = tmp_path / "measurements.md"
    path.write_text("# Measurements\n\nKept.\n")
    monkeypatch.setattr(prove, "PAGE", path)
    return path


def part(name: str, *, code: int = 0, words: str = "ok | fine") -> None:
    row, _ = prove.ran(name, [prove.PY, "-c", f"print({words!r}); raise SystemExit({code})"], "c0ffee")
    prove.write({**prove.written(), name: row})


def test_a_part_is_added_beside_those_that_ran_before_and_replaces_its_own(page):
    part("trail-c1")
    part("browser", code=1)
    part("trail-c1", words="better")

    text = page.read_text()
    assert text.startswith("# Measurements\n\nKept.\n")
    assert list(prove.written()) == ["browser", "trail-c1"]
    assert text.count("| trail-c1 |") == 1
    assert text.partition("| trail-c1 |")[2].splitlines()[0].endswith("| better |")
    assert "Not run: tests, tests@postgresql," in text


def test_what_ended_well_on_this_commit_is_done_and_nothing_else(page):
    part("trail-c1")
    part("browser", code=1)
    rows = prove.written()

    assert prove.done(rows["trail-c1"], "c0ffee")
    assert not prove.done(rows["trail-c1"], "another")
    assert not prove.done(rows["browser"], "c0ffee")
    assert not prove.done("", "c0ffee")


def test_a_test_file_may_be_named_and_what_there_is_not_is_refused():
    command = prove.command_of("tests/rules/test_proving_in_parts.py@postgresql")

    assert command[-1] == "tests/rules/test_proving_in_parts.py"
    assert "tests.postgres" in command
    with pytest.raises(SystemExit, match="no part and no test file"):
        prove.command_of("trail-c9")
