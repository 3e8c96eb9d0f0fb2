"""The two source guides, replayed: each question names the lines of the source that it shows."""

import json
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tecum.cli.main import main
from tests.rules.test_carriers_nobody_here_configured import picked

ASKED = [
    pytest.param(
        file.stem.removeprefix("questions-"),
        row,
        id=f"{row['shows'][0]} {row['line'][:70]}",
        marks=pytest.mark.requirement(*row["shows"]),
    )
    for file in sorted(Path(__file__).parent.glob("questions-*.toml"))
    for row in tomllib.loads(file.read_text())["ask"]
]


@pytest.mark.parametrize(("guide", "row"), ASKED)
def test_the_guide_answers_as_its_source_says(
    guide: str, row: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    kind, *words = shlex.split(row["line"])

    code = main(["guide", "explain", guide, kind, "--json", *words])

    answer = json.loads(capsys.readouterr().out)
    assert code == 0, answer
    assert {path: picked(answer, path) for path in row["expect"]} == row["expect"]
