"""Somebody who has only the how-to can write a guide: its examples together are one, and answer as it says."""

import argparse
import json
import re
import shlex
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from tecum.cli import guide_questions
from tecum.cli.main import main
from tecum.guide import describing
from tecum.guide.calculators import (
    clocks,
    eligibility,
    expiry,
    extensions,
    fees,
    forms,
    payment,
    process,
    products,
    retention,
    routing,
    secrecy,
    summaries,
    turnaround,
)
from tecum.guide.loading import load
from tecum.guide.model.guide import COLLECTIONS, SINGLES

ROOT = Path(__file__).parents[2]
HOW_TO = (ROOT / "docs" / "how-to" / "configure-a-carrier.md").read_text()
COMMANDS = [line for line in re.findall(r"`(explain [^`]+)`", HOW_TO) if "…" not in line]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the guide of the how-to, block after block."""
    folder = tmp_path_factory.mktemp("guides") / "juniper"
    (folder / "wording").mkdir(parents=True)
    (folder / "guide.toml").write_text("\n".join(re.findall(r"```toml\n(.*?)```", HOW_TO, re.S)))
    for name, text in re.findall(r"`wording/(\w+\.md)`:\n\n```markdown\n(.*?)```", HOW_TO, re.S):
        (folder / "wording" / name).write_text(text)
    later = re.search(r"Write what changes.*?```\n(.*?)```", HOW_TO, re.S)
    (folder / "versions" / "2027").mkdir(parents=True)
    (folder / "versions" / "2027" / "guide.toml").write_text(later[1] if later else "")
    return folder


def test_the_examples_together_are_a_guide_without_a_mistake(written: Path) -> None:
    guide = load(written, date(2026, 9, 8))

    empty = [name for name in COLLECTIONS if not guide.entries(name) and name not in {"references"}]
    assert empty == []
    assert load(written, date(2027, 1, 1)).fees[0].amount == 60


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_of_the_how_to_is_answered(
    line: str, written: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, kind, *words = shlex.split(line)

    code = main(["guide", "explain", str(written), kind, "--json", *words])

    answer = json.loads(capsys.readouterr().out)
    assert code == 0, answer
    assert answer["because"]


def test_the_reference_names_every_key_and_is_up_to_date() -> None:
    page = (ROOT / "docs" / "reference" / "guide.md").read_text()

    assert page == describing.reference()
    assert all(f"[[{name}]]" in page for name in COLLECTIONS)
    assert all(f"[{name}]" in page for name in SINGLES)
    assert "None" not in page


RESULTS = {
    "fee": (fees.Quote, fees.Line),
    "retention": (retention.Coverage, retention.Piece),
    "turnaround": (turnaround.Window,),
    "hours": (turnaround.Duty,),
    "process": (process.Judgement, process.Need),
    "route": (routing.Route, routing.Way, routing.Named),
    "expiry": (expiry.Ending, expiry.Reading, expiry.Notice, extensions.Life, extensions.Stretch),
    "clock": (clocks.Running, clocks.Climb, clocks.Rung, clocks.Reminder),
    "eligibility": (eligibility.Standing,),
    "gag": (secrecy.Silence,),
    "payment": (payment.Terms, payment.OpenGate),
    "lookup": (summaries.LookupRules,),
    "emergency": (summaries.EmergencyRules,),
    "product": (products.Described, products.Price),
    "form": (forms.FormFound, forms.FieldFound),
    "report": (summaries.ReportRules,),
}


@pytest.mark.parametrize("kind", list(guide_questions.KINDS))
def test_every_option_and_every_key_of_an_answer_is_documented(kind: str) -> None:
    page = (ROOT / "docs" / "reference" / "guide-explain.md").read_text()
    section = re.search(rf"\n## {kind}\n(.*?)(?=\n## |\Z)", page, re.S)
    parser = argparse.ArgumentParser(add_help=False)
    guide_questions.KINDS[kind][1](parser)
    options = {text for action in parser._actions for text in action.option_strings}
    keys = {f.name for kind_ in RESULTS[kind] for f in fields(kind_) if not f.metadata.get("hidden")}

    assert section is not None
    assert {option for option in options if option not in section[1]} == set()
    assert {name for name in keys if f"`{name}`" not in section[1]} == set()
