"""Every kind of deadline that there is has an operation that is called when it is due."""

import ast
from functools import cache
from pathlib import Path

import pytest

from tecum.deadlines.catalogue import KINDS
from tecum.jobs.lanes import all_lanes
from tecum.jobs.table import TABLE

ROOT = Path(__file__).resolve().parents[2] / "tecum"
# Lanes that another loop than the due-table's worker claims from.
ELSEWHERE = {
    "mail-urgent",
    "mail",
    "mail-bulk",
    "papers",
    "production",
    "searches",
    "emergencies",
    "terminate",
    "switches",
    "surveillance",
    "oncall",
}


def test_every_kind_of_the_catalogue_is_handled_and_nothing_else() -> None:
    ours = {name for name, kind in KINDS.items() if kind.lane not in ELSEWHERE}

    assert ours == set(TABLE)


def test_every_lane_of_the_catalogue_is_run() -> None:
    assert {kind.lane for kind in KINDS.values()} <= set(all_lanes()) | ELSEWHERE


@cache
def texts() -> frozenset[str]:
    """Return every piece of text in our source, but for the catalogue and what serves it."""
    return frozenset(
        node.value
        for path in ROOT.rglob("*.py")
        if path.parent.name not in {"jobs"} and path.name != "catalogue.py"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


OF_MATTERS = (
    "billing", "cases", "demands", "exigent", "mailroom", "oncall", "process", "production", "records", "surveillance"
)  # fmt: skip
#: The list of a source's subscribers is nobody's; what an agency owes counts no invoice of a sealed case.
OF_NO_MATTER = {"STALE", "ARREARS"}


def test_whatever_is_due_in_a_case_says_whose_it_is() -> None:
    """A deadline without its matter would be counted on a page that people off a sealed case's list read (control 8)."""
    lacking = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for home in OF_MATTERS
        for path in (ROOT / home).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        and ast.unparse(node.func) in {"deadlines.arm", "deadlines.arm_many"}
        and not {each.arg for each in node.keywords} & {"matter", "matters"}
        and ast.unparse(node.args[0]) not in OF_NO_MATTER
    ]  # fmt: skip

    assert lacking == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_armed_by_somebody(kind: str) -> None:
    assert kind in texts()
