"""Which test turns red when a control is taken away (T4): read from the marks, written to docs/reference/controls.md."""

import ast
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CONTROLS = {
    1: "Deadlines are rows, armed in the transaction of the intent; the sweep has no lower bound; ends run in a process of their own.",
    2: "Desired state is held against the switch's own full list; off before on; never more than desired; the unknown is raised.",
    3: "The invariants are asked from outside every minute; what cannot wait wakes somebody; silence of the watcher is an alarm.",
    4: "The quota is a constraint and one conditional update, the whole batch or none.",
    5: "The agency is called back, at a number of the carrier's own directory, by a person who does not approve.",
    6: "Two people, bound to the hash of exactly what will happen; any change makes it void.",
    7: "A demand becomes numbers × intervals × products, and nothing outside of that is searched, made or fetched.",
    8: "Need to know: denied by default; sealed is absent; unknown and forbidden are one answer.",
    9: "A trail that an administrator of the database cannot rewrite unseen.",
    10: "A message is stored before it is read; one that cannot be read is never lost.",
    11: "A message leaves once; nothing answers a machine, and nobody twice.",
    12: "Sign-in with a second factor, one visit, standing asked again inside every act.",
    13: "Keys by case and epoch; what was destroyed stays destroyed, what ended stays ended, also after a restore.",
    14: "The consent is asked in the transaction of the answer; non-results are the same to the byte.",
    15: "One reader of numbers, one module for time; hours are hours that really passed.",
}


@dataclass(frozen=True, slots=True)
class Sabotage:
    """One test that takes something away; `says` is its mark."""

    says: str
    file: str
    test: str
    judges: bool

    @property
    def control(self) -> int:
        """Return the number of the control, 0 for another promise."""
        found = re.match(r"control (\d+)\b", self.says)
        return int(found[1]) if found else 0


@cache
def sabotages() -> tuple[Sabotage, ...]:
    found: list[Sabotage] = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        text = path.read_text()
        if "sabotage" not in text:  # no mark can stand in it
            continue
        tree = ast.parse(text)
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found += [
                    Sabotage(says, str(path.relative_to(ROOT)), node.name, _judges(node))
                    for says in _marks(node.decorator_list)
                ]
    return tuple(found)


def _marks(decorators: list[ast.expr]) -> list[str]:
    calls = [each for each in decorators if isinstance(each, ast.Call)]
    wanted = [call for call in calls if ast.unparse(call.func) == "pytest.mark.sabotage"]
    return [ast.literal_eval(argument) for call in wanted for argument in call.args]


def _judges(node: ast.FunctionDef) -> bool:
    """Tell whether a test says what happens without the control, and does not only take it away."""
    return any(isinstance(each, ast.Assert) or _asserts(each) for each in ast.walk(node))


def _asserts(node: ast.AST) -> bool:
    called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
    return called in {"pytest.raises", "pytest.fail"} or called.startswith("assert_")


def page(note: str) -> str:
    by_control: dict[int, list[Sabotage]] = defaultdict(list)
    for each in sabotages():
        by_control[each.control].append(each)
    rows = ["# Which test turns red when a control is taken away", note]
    rows.append(
        "Each of these tests takes the control away and shows what then happens to somebody, or that it is noticed.\n"
    )
    rows += ["| control | what it is | taken away in |", "|---|---|---|"]
    rows += [f"| {number} | {says} | {_links(by_control[number])} |" for number, says in CONTROLS.items()]
    rows += ["", "## Other promises", "", "| what is taken away | in |", "|---|---|"]
    others: dict[str, list[Sabotage]] = defaultdict(list)
    for each in by_control[0]:
        others[each.says].append(each)
    rows += [f"| {says.replace('|', '/')} | {_links(others[says])} |" for says in sorted(others)]
    return "\n".join(rows) + "\n"


def _links(found: list[Sabotage]) -> str:
    return "<br>".join(dict.fromkeys(f"[{each.test}](../../{each.file})" for each in found)) or "**nothing**"
