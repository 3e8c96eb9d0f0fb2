"""
Any carrier that fits the guide's dimensions is answered without a line of Python that knows it.

Every folder of `tests/carriers` is a guide; `questions/` holds what it is asked and must answer. All of it is data.
"""

import json
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tecum.cli.main import main

CARRIERS = Path(__file__).parents[1] / "carriers"
ASKED = [
    pytest.param(file.stem, row, id=f"{file.stem}: {row['line'][:80]}")
    for file in sorted((CARRIERS / "questions").glob("*.toml"))
    for row in tomllib.loads(file.read_text())["ask"]
]


def picked(answer: Any, path: str) -> Any:
    """Follow `result.lines.0.low`; `#` is a length; nothing at all is False, as TOML has no null."""
    for part in path.split("."):
        if part == "#":
            answer = len(answer)
        else:
            answer = answer[int(part)] if isinstance(answer, list) else answer[part]
    return False if answer is None else answer


@pytest.mark.parametrize(("carrier", "row"), ASKED)
def test_a_question_is_answered_from_the_guide_alone(
    carrier: str, row: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    kind, *words = shlex.split(row["line"])

    code = main(["guide", "explain", carrier, kind, "--guides", str(CARRIERS), "--json", *words])

    answer = json.loads(capsys.readouterr().out)
    if "error" in row:
        assert (code, row["error"] in answer["sentence"]) == (1, True), answer
    else:
        assert code == 0, answer
        assert {path: picked(answer, path) for path in row["expect"]} == row["expect"]


def test_there_are_at_least_eight_of_them_and_no_python_knows_their_names() -> None:
    names = {file.parent.name for file in CARRIERS.glob("*/guide.toml")}
    sources = [p for folder in ("tecum", "tests") for p in (CARRIERS.parents[1] / folder).rglob("*.py")]

    assert len(names) >= 8
    assert not [(p.name, n) for p in sources for n in names if f'"{n}"' in p.read_text()]
